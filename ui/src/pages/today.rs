//! The first place: hello, the week, and the few things for today.

mod calls;
mod hero;
mod lists;

use chrono::NaiveDate;
use leptos::prelude::*;
use trellis_api_types::today::{Today as Shown, TodayGet};

use crate::components::{Banner, Empty, Icon, Show, SyncStatus, name_document, part, shown};
use crate::state::load;
use crate::{fmt, i18n::t};

/// Today.
#[component]
pub fn Today() -> impl IntoView {
    name_document(Signal::stored(t::today::title().to_owned()));
    let today = load(|| TodayGet {});
    shown(today, |today| {
        view! {
            {calls::own(today)}
            {calls::calls(today)}
            {hero::hero(today)}
            <div class="page-in today">
                {body(today)}
                <div class="foot-sync">
                    <SyncStatus />
                </div>
            </div>
        }
    })
}

fn body(today: Signal<Shown>) -> impl IntoView {
    let aside = part(today, |today| today.own_words.is_some() || today.phrase_pending);
    let new_here = part(today, |today| !today.has_plan);
    view! {
        <div class:cols=move || aside.get()>
            <div>
                <Show when=move || new_here.get() fallback=move || view! { {lists::needs(today)} {lists::steps(today)} }>
                    {no_plan_yet()}
                </Show>
            </div>
            <Show when=move || aside.get()>
                <Aside today />
            </Show>
        </div>
    }
}

#[component]
fn Aside(today: Signal<Shown>) -> impl IntoView {
    let own = part(today, |today| today.own_words.clone());
    let pending = part(today, |today| today.phrase_pending);
    view! {
        <div>
            {move || own_words(own.get())} <Show when=move || pending.get()>{phrase_banner()}</Show>
        </div>
    }
}

fn no_plan_yet() -> impl IntoView {
    view! {
        <section class="block">
            <div class="panel">
                <Empty title=t::today::empty_title() text=t::today::empty_text()>
                    <a id="make-plan" class="btn" href="/plan">
                        {t::today::make_plan()}
                    </a>
                </Empty>
            </div>
        </section>
    }
}

fn own_words(own: Option<(String, NaiveDate)>) -> impl IntoView {
    own.map(|(words, on)| {
        view! {
            <section class="block own-words" aria-label=t::today::own_words()>
                <p class="own said">{format!("“{words}”")}</p>
                <p class="hint">{t::today::own_words_on(fmt::date(on))}</p>
            </section>
        }
    })
}

fn phrase_banner() -> impl IntoView {
    view! {
        <section class="block" aria-label=t::today::phrase_title()>
            <Banner
                mark=Icon::KEY
                lit=true
                title=t::today::phrase_title()
                text=t::today::phrase_text()
                href="/settings/phrase"
                action=t::today::phrase_action()
            />
        </section>
    }
}
