//! Mood and urge over a span the person chooses: picture, sentence, list.

use leptos::prelude::*;
use trellis_api_types::today::DayMark;

use super::chart::Chart;
use super::listed::Listed;
use super::say;
use super::span::Span;
use crate::components::{Empty, Seg, Show, part};
use crate::{fmt, i18n::t};

/// The section. `days` are all the days there are to choose from, oldest first.
#[component]
pub fn MoodAndUrge(days: Signal<Vec<DayMark>>, span: RwSignal<Span>) -> impl IntoView {
    let any = part(days, |days| days.iter().any(|day| day.count > 0));
    view! {
        <section class="block" aria-labelledby="mood-and-urge">
            <div class="head"><h2 id="mood-and-urge">{t::journey::chart()}</h2></div>
            <div class="panel">
                <Show when=move || any.get() fallback=empty>{chosen(days, span)}</Show>
            </div>
        </section>
    }
}

fn chosen(days: Signal<Vec<DayMark>>, span: RwSignal<Span>) -> impl IntoView {
    view! {
        <Spans span />
        {move || {
            let span = span.get();
            view! { <Shown days=days.with(|days| span.of(days).to_vec()) span /> }
        }}
    }
}

#[component]
fn Spans(span: RwSignal<Span>) -> impl IntoView {
    let options = Span::ALL.map(|one| (one, span_word(one))).to_vec();
    view! {
        <fieldset>
            <legend class="unseen">{t::journey::range()}</legend>
            <Seg name="span" options value=Signal::derive(move || Some(span.get())) on_change=move |one| span.set(one) />
        </fieldset>
    }
}

#[component]
fn Shown(days: Vec<DayMark>, span: Span) -> impl IntoView {
    let says = say::mood_and_urge(&days);
    let title = match (days.first(), days.last()) {
        (Some(first), Some(last)) => t::journey::chart_title(fmt::date(first.date), fmt::date(last.date)),
        _ => t::journey::chart().to_owned(),
    };
    let (mood, urge) = legend(span);
    view! {
        <div>
            <p class="legend-line">
                <span><i class="is-mood"></i>{mood}</span>
                <span><i class="is-urge"></i>{urge}</span>
            </p>
            <Chart points=span.points(&days) title says=says.clone() />
        </div>
        <p class="second say">{says}</p>
        <details>
            <summary>{t::journey::as_list()}</summary>
            <Listed days span />
        </details>
    }
}

fn legend(span: Span) -> (&'static str, &'static str) {
    match span {
        Span::Month => (t::journey::mood(), t::journey::urge()),
        Span::Weeks => (t::journey::mood_three(), t::journey::urge()),
        Span::Year => (t::journey::mood_week(), t::journey::urge_week()),
    }
}

fn span_word(span: Span) -> &'static str {
    match span {
        Span::Month => t::journey::span_month(),
        Span::Weeks => t::journey::span_weeks(),
        Span::Year => t::journey::span_year(),
    }
}

fn empty() -> impl IntoView {
    view! {
        <Empty title=t::journey::chart_empty() text=t::journey::chart_empty_ask()>
            <a class="btn" href="/checkin">{t::journey::check_in()}</a>
        </Empty>
    }
}
