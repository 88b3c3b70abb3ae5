//! Phone calls that two people agreed on.

use leptos::prelude::*;
use trellis_api_types::Millis;
use trellis_api_types::circle::{AgreedCall, CircleEdit};

use super::Here;
use super::edit::Edit;
use crate::components::{Icon, Show, icon, new_id, part, rows};
use crate::pages::people::names::name_of;
use crate::pages::people::place::others;
use crate::{fmt, i18n::t, zone};

/// The section.
pub fn calls(here: Here) -> AnyView {
    let calls = part(here.circle, |circle| circle.calls.clone());
    let none = move || view! { <p class="second ask">{t::together::calls_none()}</p> };
    let add = move |_| {
        let with = here.people.with_untracked(|people| others(people).into_iter().next());
        if let Some((with, _)) = with {
            let at = zone::tomorrow().unwrap_or_else(now);
            let call = AgreedCall { key: new_id(), account: here.me(), with, at, kept: None };
            here.editor.edit(Edit::Call { call, new: true });
        }
    };
    view! {
        <section class="block" aria-labelledby="calls">
            <div class="head">
                <h2 id="calls">{t::together::calls()}</h2>
                <Show when=move || here.writes.get()>
                    <button id="add-call" class="btn plain edge" type="button" aria-haspopup="dialog" on:click=add>{icon(Icon::PLUS_BOLD)}{t::together::add()}</button>
                </Show>
            </div>
            <Show when=move || !calls.with(Vec::is_empty) fallback=none>
                <ul class="list">{rows(calls, |call| format!("{}/{}", call.account, call.key), move |call| row(here, call))}</ul>
            </Show>
        </section>
    }
    .into_any()
}

fn now() -> Millis {
    chrono::Utc::now().timestamp_millis()
}

fn row(here: Here, call: Signal<AgreedCall>) -> impl IntoView {
    let mine = call.with_untracked(|call| call.account == here.me());
    let name = move || {
        call.with(|call| format!("{}, {}", fmt::capital(&fmt::date_of(call.at)), fmt::time_of(call.at)))
    };
    let with = move || {
        call.with(|call| here.people.with(|people| t::together::call_with(name_of(people, far(call, mine)))))
    };
    view! {
        <li class="row topped">
            <span class="mark dusk">{icon(Icon::PHONE_CALL)}</span>
            <span class="body">
                <span class="name">{name}</span>
                <span class="sub">{with}</span>
                {move || stands(here, call, mine)}
            </span>
            {move || (mine && here.writes.get() && call.with(|call| call.at > now())).then(|| edit(here, call))}
        </li>
    }
}

/// The one at the other end.
fn far(call: &AgreedCall, mine: bool) -> &str {
    if mine { &call.with } else { &call.account }
}

fn edit(here: Here, call: Signal<AgreedCall>) -> impl IntoView {
    let open = move |_| here.editor.edit(Edit::Call { call: call.get_untracked(), new: false });
    view! { <button class="icon-btn" type="button" aria-haspopup="dialog" aria-label=t::common::edit() on:click=open>{icon(Icon::PENCIL_SIMPLE)}</button> }
}

/// Whether it took place; who wrote it down says so once its time has come.
fn stands(here: Here, call: Signal<AgreedCall>, mine: bool) -> Option<AnyView> {
    let AgreedCall { at, kept, .. } = call.get();
    if mine && at <= now() && here.writes.get() {
        return Some(buttons(here, call, kept));
    }
    let (class, words) = match kept? {
        true => ("tag leaf", t::together::call_kept()),
        false => ("tag", t::together::call_not_kept()),
    };
    Some(view! { <span class="acts st"><span class=class>{words}</span></span> }.into_any())
}

fn buttons(here: Here, call: Signal<AgreedCall>, now: Option<bool>) -> AnyView {
    let button = move |kept: bool, words: &'static str| {
        let press = move |_| {
            let AgreedCall { key, with, at, .. } = call.get_untracked();
            here.editor.send(
                CircleEdit::Call { id: key, with, at, kept: Some(kept) },
                t::together::said_call(),
                |_| (),
            );
        };
        view! { <button class="chip" type="button" aria-pressed=(now == Some(kept)).to_string() on:click=press>{words}</button> }
    };
    view! { <span class="chips st">{button(true, t::together::call_kept())}{button(false, t::together::call_not_kept())}</span> }.into_any()
}
