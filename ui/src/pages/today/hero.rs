//! Hello, the week on its wire, and the way to a check-in.

use leptos::prelude::*;
use trellis_api_types::plan::StepState;
use trellis_api_types::today::Today;

use crate::components::{Show, TopBar, Week, part};
use crate::{fmt, i18n::t};

pub fn hero(today: Signal<Today>) -> impl IntoView {
    let days = part(today, |today| today.days.and_then(|days| usize::try_from(days).ok()));
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
                        {move || days.get().map(|days| view! { <p class="second">{days_words(days)}</p> })}
                    </div>
                    <Week days=part(today, |today| today.week.clone()) />
                    <div class="hero-acts">{check_in(today)}</div>
                </div>
            </div>
        </header>
    }
}

/// The first day is no zero.
fn days_words(days: usize) -> String {
    if days == 0 { t::today::days_zero().to_owned() } else { t::today::days(days) }
}

fn greeting(today: &Today) -> String {
    let hello = match today.hour {
        0..5 => t::today::night(),
        5..12 => t::today::morning(),
        12..18 => t::today::afternoon(),
        _ => t::today::evening(),
    };
    if today.name.is_empty() { hello.to_owned() } else { format!("{hello}, {}", today.name) }
}

fn things(today: &Today) -> &'static str {
    let open = today.steps.iter().filter(|s| s.step.state != StepState::Done).count() + today.needs.len();
    match open {
        0 if !today.has_plan => t::today::things_none(),
        0 if today.steps.is_empty() => t::today::things_free(),
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
        Some(at) => t::today::last_at(fmt::time(at)),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: u8) -> Today {
        Today {
            own_call: None,
            calls: Vec::new(),
            date: chrono::NaiveDate::MIN,
            hour,
            name: String::new(),
            week: Vec::new(),
            checked_in: Vec::new(),
            steps: Vec::new(),
            needs: Vec::new(),
            has_plan: false,
            days: None,
            own_words: None,
            phrase_pending: false,
            call_first: None,
        }
    }

    #[test]
    fn the_small_hours_are_no_evening() {
        let said = |hour| greeting(&at(hour));
        assert_eq!([said(0), said(4)], [t::today::night(), t::today::night()]);
        assert_eq!([said(5), said(12)], [t::today::morning(), t::today::afternoon()]);
        assert_eq!([said(18), said(23)], [t::today::evening(), t::today::evening()]);
    }

    #[test]
    fn nobody_with_a_plan_reads_that_nothing_is_planned() {
        assert_eq!(things(&at(8)), t::today::things_none());
        assert_eq!(things(&Today { has_plan: true, ..at(8) }), t::today::things_free());
        let need = trellis_api_types::plan::Need {
            id: "bed".into(),
            text: "A bed".into(),
            detail: String::new(),
            due: None,
            done: false,
        };
        let today = Today { has_plan: true, needs: vec![need], ..at(8) };
        assert_eq!(things(&today), t::today::things_1());
    }
}
