//! Who needs this person now: first on the page, one tap to open.

use leptos::prelude::*;
use trellis_api_types::circle::HelpWord;
use trellis_api_types::need::OwnCall;
use trellis_api_types::today::{Today, TodayCall};

use crate::components::{Icon, Show, icon, icon_class, part, rows};
use crate::pages::people::help_call::{mine, word};
use crate::{fmt, i18n::t};

pub fn calls(today: Signal<Today>) -> impl IntoView {
    let calls = part(today, |today| today.calls.clone());
    view! {
        <Show when=move || !calls.with(Vec::is_empty)>
            <section class="panel lit calls" aria-label=t::today::calls()>
                <ul class="list">{rows(calls, |call| format!("{}/{}", call.space, call.key), row)}</ul>
            </section>
        </Show>
    }
}

/// One's own call, while it stands: whether it was sent, and the best of the answers.
pub fn own(today: Signal<Today>) -> impl IntoView {
    let call = part(today, |today| today.own_call.clone());
    let line = move |call: OwnCall| {
        view! {
            <section class="panel lit calls" aria-label=t::space::call_mine()>
                <ul class="list">
                    <li>
                        <a class="row" id="own-call" href="/need">
                            <span class="mark lit">{icon(Icon::HAND_HEART)}</span>
                            <span class="body">
                                <span class="name">{t::space::call_mine()}</span>
                                <span class="sub">{own_sub(&call)}</span>
                            </span>
                            {icon_class(Icon::CARET_RIGHT_BOLD, "icon go")}
                        </a>
                    </li>
                </ul>
            </section>
        }
    };
    move || call.get().map(line)
}

/// How it stands, and since when.
fn own_sub(call: &OwnCall) -> String {
    let since = t::need::since(fmt::ago(call.at));
    let best = call.helpers.iter().filter_map(|helper| helper.word).max_by_key(|word| use_of(*word));
    let stands = if call.only_here { t::need::reached_nobody() } else { word(best) };
    format!("{stands}. {since}")
}

/// The more it helps, the higher.
fn use_of(word: HelpWord) -> u8 {
    match word {
        HelpWord::CannotNow => 0,
        HelpWord::Seen => 1,
        HelpWord::CallMe => 2,
        HelpWord::Coming => 3,
    }
}

fn row(call: Signal<TodayCall>) -> impl IntoView {
    let place = call.with_untracked(|call| format!("/people/{}/help", call.space));
    let id = call.with_untracked(|call| format!("call-{}", call.key));
    view! {
        <li>
            <a class="row" id=id href=place>
                <span class="mark lit">{icon(Icon::HAND_HEART)}</span>
                <span class="body">
                    <span class="name">{move || call.with(|call| t::today::call_of(name(call)))}</span>
                    <span class="sub">{move || call.with(sub)}</span>
                </span>
                {icon_class(Icon::CARET_RIGHT_BOLD, "icon go")}
            </a>
        </li>
    }
}

fn name(call: &TodayCall) -> String {
    if call.name.is_empty() { t::people::somebody().to_owned() } else { call.name.clone() }
}

/// Since when, and what was answered.
fn sub(call: &TodayCall) -> String {
    let since = t::need::since(fmt::ago(call.at));
    match call.word.filter(|word| *word != HelpWord::Seen) {
        Some(word) => format!("{since}. {}", t::need::answered(mine(word))),
        None => since,
    }
}
