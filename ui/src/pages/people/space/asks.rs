//! Who asks to be let in: their name, eight words to compare, yes or no.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::joining::{Ask, AskAnswer};
use trellis_api_types::people::Space;

use crate::components::{Icon, MatchList, Show, icon, part, rows};
use crate::i18n::t;
use crate::pages::people::names::role_words;
use crate::state::{focus_heading, state};

/// All who ask here.
#[component]
pub fn Asks(space: Signal<Space>) -> impl IntoView {
    let asks = part(space, |space| space.asks.clone());
    view! {
        <Show when=move || !asks.with(Vec::is_empty)>
            <div class="asked-in">{rows(asks, |ask| ask.id.clone(), one)}</div>
        </Show>
    }
}

fn one(ask: Signal<Ask>) -> impl IntoView {
    let Ask { id, name, role, words, back, .. } = ask.get_untracked();
    let title = format!("ask-{id}");
    let heading = title.clone();
    let named = if name.is_empty() { t::people::somebody().to_owned() } else { name };
    let known = back.then(|| view! { <p>{t::space::ask_back()}</p> });
    let blocked = part(ask, |ask| ask.blocked);
    view! {
        <section class="block panel cool" aria-labelledby=title>
            <h2 id=heading>{t::space::ask_title(&named)}</h2>
            <p class="second">{t::space::ask_as(role_words(role))}</p>
            {move || blocked.get().then(blocked_line)}
            {known}
            <p>{t::space::ask_words()}</p>
            <MatchList label=t::space::ask_words_label() words class="six eight" />
            <p class="hint">{t::space::ask_history()}</p>
            {buttons(id, named, blocked)}
        </section>
    }
}

/// The name may be another one than the one that was blocked.
fn blocked_line() -> impl IntoView {
    view! { <p class="banner lit">{icon(Icon::BELL_SLASH)}<span>{t::space::ask_blocked()}</span></p> }
}

/// The main one lets them in, or says no to somebody who is blocked.
fn buttons(id: String, name: String, blocked: Signal<bool>) -> impl IntoView {
    let state = state();
    let busy = RwSignal::new(false);
    let answer = Callback::new(move |let_in: bool| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (id, said) =
            (id.clone(), if let_in { t::space::said_in(&name) } else { t::space::said_no().to_owned() });
        spawn_local(async move {
            if state.act(AskAnswer { id, let_in }, &said).await.is_ok() {
                focus_heading();
            }
            busy.try_set(false);
        });
    });
    let yes = move || if blocked.get() { "btn plain" } else { "btn main" };
    let no = move || if blocked.get() { "btn main" } else { "btn line" };
    view! {
        <div class="acts even">
            <button id="let-in" class=yes type="button" on:click=move |_| answer.run(true)>{t::space::ask_yes()}</button>
            <button id="say-no" class=no type="button" on:click=move |_| answer.run(false)>{t::space::ask_no()}</button>
        </div>
    }
}
