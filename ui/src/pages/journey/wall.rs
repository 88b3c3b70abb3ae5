//! The wall: how far the way goes already. Four figures of their own, and a vine that only grows.

use chrono::NaiveDate;
use leptos::prelude::*;
use trellis_api_types::journey::Figures;

use super::vine::{Leaf, Vine, WIDTH, months};
use crate::{fmt, i18n::t};

/// The figures and the vine.
#[component]
pub fn Wall(figures: Figures, today: NaiveDate) -> impl IntoView {
    let leaves = months(figures.start, today);
    let total = figures.total_days as usize;
    view! {
        <section class="wall way" aria-label=t::journey::way()>
            {days(total)}
            {vine(leaves)}
            <dl class="figs">
                {figure(t::journey::start(), fmt::date_medium(figures.start))}
                {figure(t::journey::current(), run(figures.current_run as usize))}
                {figure(t::journey::best(), t::journey::days(figures.best_run as usize))}
            </dl>
            <p class="hint">
                {if leaves == 0 { t::journey::leaves_none() } else { t::journey::leaves() }}
                <span class="unseen">{t::journey::leaves_count(leaves)}</span>
            </p>
        </section>
    }
}

/// All days together; the first one is no zero.
fn days(total: usize) -> AnyView {
    if total == 0 {
        return view! { <div><p class="big words">{t::today::days_zero()}</p></div> }.into_any();
    }
    view! {
        <div>
            <p class="big">{total}</p>
            <p class="way-words">{t::journey::total(total)}</p>
        </div>
    }
    .into_any()
}

/// Days since the last use.
fn run(days: usize) -> String {
    if days == 0 { t::journey::current_zero().to_owned() } else { t::journey::days(days) }
}

/// Before a start is known: a kind question, and nothing to count.
#[component]
pub fn Invite(on_choose: Callback<()>) -> impl IntoView {
    view! {
        <section class="wall way invite" aria-labelledby="invite">
            <div>
                <h2 id="invite">{t::journey::invite()}</h2>
                <p class="second">{t::journey::invite_sub()}</p>
            </div>
            {vine(0)}
            <button id="choose-start" class="btn main large" type="button" on:click=move |_| on_choose.run(())>
                {t::journey::invite_act()}
            </button>
        </section>
    }
}

fn figure(name: &'static str, value: String) -> impl IntoView {
    view! { <div><dt class="second">{name}</dt><dd>{value}</dd></div> }
}

fn vine(count: usize) -> impl IntoView {
    let vine = Vine::new(count);
    view! {
        <svg class="vine" viewBox=format!("0 0 {WIDTH} {}", vine.height) aria-hidden="true">
            {vine.wires.into_iter().map(|wire| view! { <path class="wire-line" d=wire /> }).collect_view()}
            {vine.leaves.into_iter().map(leaf).collect_view()}
            <circle class="tip" cx=vine.tip.0 cy=vine.tip.1 r="6" />
        </svg>
    }
}

fn leaf(leaf: Leaf) -> impl IntoView {
    let place =
        format!("translate({:.1} {:.1}) rotate({}) scale({:.2})", leaf.x, leaf.y, leaf.turn, leaf.scale);
    view! { <path class="leaf" transform=place d="M0 0C4-7 12-8 21 0 12 8 4 7 0 0Z" /> }
}
