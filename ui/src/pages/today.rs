//! The first place: hello, the week, and the few things for today.

mod hero;
mod lists;

use leptos::prelude::*;
use trellis_api_types::today::{Today as Shown, TodayGet};

use crate::components::{Banner, Empty, Icon, SyncStatus, name_document, shown};
use crate::state::load;
use crate::{fmt, i18n::t};

/// Today.
#[component]
pub fn Today() -> impl IntoView {
    name_document(Signal::stored(t::today::title().to_owned()));
    let today = load(|| TodayGet {});
    shown(today, |today| {
        view! {
            {hero::hero(&today)}
            <div class="page-in today">
                {body(&today)}
                <div class="foot-sync">
                    <SyncStatus />
                </div>
            </div>
        }
    })
}

fn body(today: &Shown) -> impl IntoView + use<> {
    let aside = today.own_words.is_some() || today.phrase_pending;
    let new_here = today.steps.is_empty() && today.needs.is_empty() && today.own_words.is_none();
    view! {
        <div class:cols=aside>
            <div>
                {new_here.then(no_plan_yet)}
                {(!new_here).then(|| view! { {lists::needs(today)} {lists::steps(today)} })}
            </div>
            {aside
                .then(|| {
                    view! {
                        <div>
                            {own_words(today)} {today.phrase_pending.then(phrase_banner)}
                        </div>
                    }
                })}
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

fn own_words(today: &Shown) -> impl IntoView + use<> {
    today.own_words.clone().map(|(words, on)| {
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
