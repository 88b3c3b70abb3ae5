//! The lantern: asking for someone now, and the calls for help of the last day.

use leptos::prelude::*;
use trellis_api_types::circle::HelpCall;
use trellis_api_types::people::Space;

use super::Here;
use crate::components::{Icon, Show, icon, icon_class, part, rows};
use crate::pages::people::names::{called, name_of, other};
use crate::{fmt, i18n::t};

/// The button, whom it goes to, and calls.
pub fn need(here: Here) -> AnyView {
    let words = part(here.space, goes_to);
    let calls = part(here.circle, |circle| circle.help.clone());
    let place = here.place("help");
    let button = move || {
        let place = place.clone();
        view! {
            <div class="need">
                <a id="need" class="btn lantern large wide" href=place>{icon(Icon::HAND_HEART_BOLD)}{t::space::need()}</a>
                <p class="hint">{words}</p>
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

/// "Goes to the 4 people you chose."
fn goes_to(space: &Space) -> String {
    match (space.helpers.as_slice(), other(&space.row)) {
        ([], Some(person)) => t::space::need_one(called(person)),
        ([], None) => t::space::need_none().to_owned(),
        ([one], _) => t::space::need_one(name_of(&space.row.people, one)),
        (several, _) => t::space::need_goes(several.len()),
    }
}

fn row(here: Here, call: Signal<HelpCall>) -> impl IntoView {
    let place = here.place("help");
    let mine = call.with_untracked(|call| call.account == here.me());
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
