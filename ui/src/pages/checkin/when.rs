//! Day and time: now, unless changed.

use chrono::NaiveTime;
use leptos::prelude::*;

use super::draft::Draft;
use crate::{fmt, i18n::t};

/// "Sunday, 8:40 am", and the two fields to change it. Open for a past day that is filled in.
#[component]
pub fn When(draft: Draft) -> impl IntoView {
    let open = RwSignal::new(draft.new && draft.date.get_untracked() != fmt::today());
    let words = move || {
        let (date, time) = (draft.date.get(), fmt::time(draft.time.get()));
        let day = if date == fmt::today() { fmt::weekday(date) } else { fmt::date_long(date) };
        format!("{day}, {time}")
    };
    view! {
        <p class="when">
            {words}
            <button
                id="change-when"
                class="btn plain"
                type="button"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {t::checkin::change_when()}
            </button>
        </p>
        {move || open.get().then(|| fields(draft))}
    }
}

fn fields(draft: Draft) -> impl IntoView {
    let set_date = move |event| {
        if let Ok(date) = event_target_value(&event).parse() {
            draft.date.set(date);
        }
    };
    let set_time = move |event| {
        if let Ok(time) = NaiveTime::parse_from_str(&event_target_value(&event), "%H:%M") {
            draft.time.set(time);
        }
    };
    view! {
        <div class="when-fields">
            <div class="field">
                <label for="date">{t::checkin::day()}</label>
                <input
                    id="date"
                    class="input"
                    type="date"
                    max=fmt::today().to_string()
                    prop:value=move || draft.date.get().to_string()
                    on:change=set_date
                />
            </div>
            <div class="field">
                <label for="time">{t::checkin::time()}</label>
                <input
                    id="time"
                    class="input"
                    type="time"
                    prop:value=move || draft.time.get().format("%H:%M").to_string()
                    on:change=set_time
                />
            </div>
        </div>
    }
}
