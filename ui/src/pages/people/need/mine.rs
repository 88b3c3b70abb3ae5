//! One's own call: who has seen it, who comes, and what to do meanwhile.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::circle::Helper;
use trellis_api_types::need::{NeedOkay, OwnCall};

use super::{Here, first_call, own_lines};
use crate::components::{Icon, Show, icon, latest, part, rows};
use crate::pages::people::help_call::helper_row;
use crate::state::{focus_heading, state};
use crate::{fmt, i18n::t};

/// The call that stands.
pub fn mine(here: Here) -> AnyView {
    let now = part(here.need, |need| need.call.clone());
    let Some(first) = now.get_untracked() else { return ().into_any() };
    let call = latest(first, move || now.get());
    let only_here = part(call, |call| call.only_here);
    let helpers = part(call, |call| call.helpers.clone());
    let title = move || {
        if only_here.get() {
            t::need::reached_nobody().to_owned()
        } else {
            sent_words(helpers.with(|all| all.iter().filter(|helper| !helper.only_here).count()))
        }
    };
    let said = part(call, |call| call.text.clone().unwrap_or_default());
    view! {
        <div class="title">
            <h1>{title}</h1>
            <p>{move || t::need::since(fmt::ago(call.with(|call| call.at)))}</p>
        </div>
        <div role="status">
            <Show when=move || only_here.get()><p class="banner lit">{icon(Icon::CLOUD_SLASH)}<span>{t::need::reached_nobody_text()}</span></p></Show>
        </div>
        <Show when=move || !said.with(String::is_empty)><p class="own said">{move || t::need::said_words(said.get())}</p></Show>
        <Show when=move || !helpers.with(Vec::is_empty)>{asked(here, helpers)}</Show>
        {first_call()}
        {own_lines()}
        <p class="hint">{t::need::not_emergency()}</p>
        {okay(call)}
    }
    .into_any()
}

/// To how many it went. Who was blocked since is not counted, and may still have it.
fn sent_words(helpers: usize) -> String {
    if helpers == 0 { t::need::sent_before().to_owned() } else { t::need::sent_to(helpers) }
}

/// Who was asked, and what each of them said.
fn asked(here: Here, helpers: Signal<Vec<Helper>>) -> impl IntoView {
    view! {
        <section class="block" aria-labelledby="asked">
            <div class="head"><h2 id="asked">{t::need::your_people()}</h2></div>
            <ul class="list" aria-live="polite">{rows(helpers, |helper: &Helper| helper.account.clone(), move |helper| helper_row(here.people, here.sheet, helper))}</ul>
            <p class="second note">{t::need::ten_minutes()}" "{t::need::seen_truth()}</p>
        </section>
    }
}

fn okay(call: Signal<OwnCall>) -> impl IntoView {
    let state = state();
    let tell = move |_| {
        let okay = NeedOkay { key: call.with_untracked(|call| call.key.clone()) };
        spawn_local(async move {
            if state.act(okay, t::need::said_okay()).await.is_ok() {
                focus_heading();
            }
        });
    };
    view! {
        <section class="block">
            <button id="okay" class="btn large wide" type="button" on:click=tell>{icon(Icon::CHECK_CIRCLE)}{t::need::okay()}</button>
        </section>
    }
}
