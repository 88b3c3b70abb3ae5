//! One neutral notice a day.

use chrono::{NaiveTime, Timelike};
use leptos::prelude::*;
use trellis_api_types::settings::SettingsEdit;

use super::{change, setting};
use crate::components::{Icon, SwitchRow, icon};
use crate::fmt;
use crate::i18n::t;
use crate::state::state;

/// Minutes between the times offered.
const STEP: u32 = 30;

#[component]
pub fn Reminder() -> impl IntoView {
    let state = state();
    let at = setting(|settings| settings.reminder);
    let switch = move |on: bool| change(state, SettingsEdit::Reminder(on.then(|| minutes(8 * 60 + 30))));
    view! {
        <section class="block">
            <div class="head"><h2>{t::settings::reminders()}</h2></div>
            <div class="list">
                <SwitchRow
                    id="reminder"
                    mark=Icon::BELL_SIMPLE
                    name=t::settings::reminder()
                    sub=t::settings::reminder_sub()
                    checked=Signal::derive(move || at.get().is_some())
                    on_change=switch
                />
                {move || at.get().map(|at| view! { <When at /> })}
            </div>
            {move || at.get().map(|_| view! { <p class="hint note">{t::settings::when_note()}</p> })}
        </section>
    }
}

#[component]
fn When(at: NaiveTime) -> impl IntoView {
    let state = state();
    let set = move |event| {
        if let Ok(at) = event_target_value(&event).parse::<u32>() {
            change(state, SettingsEdit::Reminder(Some(minutes(at))));
        }
    };
    let options = offered(at).into_iter().map(|n| {
        view! { <option value=n.to_string() selected=n == since_midnight(at)>{fmt::time(minutes(n))}</option> }
    });
    view! {
        <div class="row">
            <span class="mark bare">{icon(Icon::CLOCK)}</span>
            <label class="body" for="reminder-at"><span class="name light">{t::settings::when()}</span></label>
            <select id="reminder-at" class="input short" on:change=set>{options.collect_view()}</select>
        </div>
    }
}

/// Each half hour, and the present time where it is none of these.
fn offered(at: NaiveTime) -> Vec<u32> {
    let mut times: Vec<u32> = (0..24 * 60 / STEP).map(|n| n * STEP).chain([since_midnight(at)]).collect();
    times.sort_unstable();
    times.dedup();
    times
}

fn since_midnight(at: NaiveTime) -> u32 {
    at.hour() * 60 + at.minute()
}

fn minutes(n: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(n / 60 % 24, n % 60, 0).unwrap_or_default()
}
