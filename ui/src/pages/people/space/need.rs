//! The lantern: the way to asking for someone now, and the calls for help of the last day.

use leptos::prelude::*;
use trellis_api_types::circle::HelpCall;

use super::Here;
use crate::components::{Icon, Show, icon, icon_class, part, rows};
use crate::pages::people::names::name_of;
use crate::{fmt, i18n::t};

/// The button, and calls.
pub fn need(here: Here) -> AnyView {
    let calls = part(here.circle, |circle| circle.help.clone());
    let button = move || {
        view! {
            <div class="need">
                <a id="need" class="btn lantern large wide" href="/need">{icon(Icon::HAND_HEART_BOLD)}{t::space::need()}</a>
                <p class="hint">{t::space::need_hint()}</p>
            </div>
        }
    };
    view! {
        <Show when=move || !calls.with(Vec::is_empty)>
            <ul class="list help-calls">{rows(calls, |call| call.key.clone(), move |call| row(here, call))}</ul>
        </Show>
        <Show when=move || here.writes.get()>{button()}</Show>
    }
    .into_any()
}

fn row(here: Here, call: Signal<HelpCall>) -> impl IntoView {
    let mine = call.with_untracked(|call| call.account == here.me());
    let place = if mine { "/need".to_owned() } else { here.place("help") };
    let name = move || {
        call.with(|call| here.people.with(|people| said(call, mine, &name_of(people, &call.account))))
    };
    view! {
        <li>
            <a class="row" href=place>
                <span class=move || if call.with(|call| call.over) { "mark" } else { "mark lit" }>{icon(Icon::HAND_HEART)}</span>
                <span class="body">
                    <span class="name">{name}</span>
                    <span class="sub">{move || t::need::since(fmt::ago(call.with(|call| call.at)))}</span>
                </span>
                {icon_class(Icon::CARET_RIGHT_BOLD, "icon go")}
            </a>
        </li>
    }
}

fn said(call: &HelpCall, mine: bool, name: &str) -> String {
    match (call.over, mine) {
        (false, true) => t::space::call_mine().to_owned(),
        (true, true) => t::space::call_over_mine().to_owned(),
        (false, false) => t::space::call_of(name),
        (true, false) => t::space::call_over(name),
    }
}
