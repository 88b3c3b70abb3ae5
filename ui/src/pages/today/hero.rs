//! Hello, the week on its wire, and the way to a check-in.

use leptos::prelude::*;
use trellis_api_types::plan::StepState;
use trellis_api_types::today::Today;

use crate::components::{Show, TopBar, Week, part};
use crate::{fmt, i18n::t};

pub fn hero(today: Signal<Today>) -> impl IntoView {
    view! {
        <header class="wall hero">
            <div class="hero-in">
                <TopBar>
                    <p class="second date">{move || fmt::date_long(today.with(|today| today.date))}</p>
                </TopBar>
                <div class="hero-body">
                    <div>
                        <h1>{move || today.with(greeting)}</h1>
                        <p class="second">{move || today.with(things)}</p>
                    </div>
                    <Week days=part(today, |today| today.week.clone()) />
                    <div class="hero-acts">{check_in(today)}</div>
                </div>
            </div>
        </header>
    }
}

fn greeting(today: &Today) -> String {
    let hello = match today.hour {
        5..12 => t::today::morning(),
        12..18 => t::today::afternoon(),
        _ => t::today::evening(),
    };
    if today.name.is_empty() { hello.to_owned() } else { format!("{hello}, {}", today.name) }
}

fn things(today: &Today) -> &'static str {
    let open = today.steps.iter().filter(|s| s.step.state != StepState::Done).count();
    match open {
        0 if today.steps.is_empty() => t::today::things_none(),
        0 => t::today::things_done(),
        1 => t::today::things_1(),
        2 => t::today::things_2(),
        3 => t::today::things_3(),
        4 => t::today::things_4(),
        _ => t::today::things_many(),
    }
}

fn check_in(today: Signal<Today>) -> impl IntoView {
    let latest = part(today, |today| today.checked_in.iter().map(|(_, at)| *at).max());
    let words = move || match latest.get() {
        None => t::today::check_in(),
        Some(_) => t::today::check_in_again(),
    };
    let beside = move || match latest.get() {
        None => t::today::under_a_minute().to_owned(),
        Some(at) => t::today::last_at(fmt::time_of(at)),
    };
    let day = move || format!("/day/{}", today.with(|today| today.date));
    view! {
        <a id="check-in" class="btn main large" href="/checkin">
            {words}
            <span class="min">{beside}</span>
        </a>
        <Show when=move || latest.get().is_some()>
            <a id="todays-checkins" class="btn plain" href=day>{t::today::todays_checkins()}</a>
        </Show>
    }
}
