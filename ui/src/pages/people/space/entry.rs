//! One entry: who, what, kind words, and replies.

use leptos::prelude::*;
use trellis_api_types::circle::{CircleEdit, Entry, Reacted, Reaction, What};

use super::edit::Edit;
use super::replies::{self, Replying};
use super::{Here, says};
use crate::components::{Icon, Show, avatar, icon, part, rows};
use crate::pages::people::place::name_in;
use crate::{fmt, i18n::t};

/// As a line of the list.
pub fn entry(here: Here, entry: Signal<Entry>) -> impl IntoView {
    let account = entry.with_untracked(|entry| entry.account.clone());
    let mine = account == here.me();
    let name = name_in(here.people, account.clone());
    let what = part(entry, |entry| entry.what.clone());
    let only_here = part(entry, |entry| entry.only_here);
    let replying = Replying { open: RwSignal::new(false), button: NodeRef::new() };
    view! {
        <li class="entry">
            {move || avatar(&account, &name.get())}
            <div class="e-body">
                <p class="e-head"><strong>{name}</strong><span class="hint">{move || fmt::ago(entry.with(|entry| entry.at))}</span></p>
                {move || what.with(|what| says::said(what, entry.with_untracked(|entry| entry.at)))}
                <Show when=move || only_here.get()>{super::only_here()}</Show>
                <div class="e-acts">
                    {kind_words(here, entry, mine)}
                    {reply_button(here, replying, name)}
                    {mine.then(|| edit_button(here, entry))}
                </div>
                {replies::replies(here, entry, replying)}
            </div>
        </li>
    }
    .into_any()
}

fn kind_words(here: Here, entry: Signal<Entry>, mine: bool) -> impl IntoView {
    let reactions = part(entry, |entry| entry.reactions.clone());
    let (account, key) = entry.with_untracked(|entry| (entry.account.clone(), entry.key.clone()));
    let react = Callback::new(move |(kind, on): (Reaction, bool)| {
        let edit = CircleEdit::React { account: account.clone(), key: key.clone(), kind, on };
        here.editor.quietly(edit);
    });
    let one = move |reacted: Signal<Reacted>| {
        let live = move || here.writes.get() && !mine;
        move || if live() { button(reacted, react).into_any() } else { said(&reacted.get()).into_any() }
    };
    rows(reactions, |reacted| format!("{:?}", reacted.kind), one)
}

fn button(reacted: Signal<Reacted>, react: Callback<(Reaction, bool)>) -> impl IntoView {
    let press = move |_| {
        let Reacted { kind, mine, .. } = reacted.get_untracked();
        react.run((kind, !mine));
    };
    view! {
        <button class="re" type="button" aria-pressed=move || reacted.with(|r| r.mine).to_string() on:click=press>
            {move || inside(&reacted.get())}
        </button>
    }
}

/// Where it cannot be said: only what was.
fn said(reacted: &Reacted) -> impl IntoView + use<> {
    (reacted.count > 0).then(|| view! { <span class="re">{inside(reacted)}</span> })
}

fn inside(reacted: &Reacted) -> impl IntoView + use<> {
    let count = (reacted.count > 0).then(|| view! { " " <span>{reacted.count}</span> });
    view! { {reaction_words(reacted.kind)}{count} }
}

fn reaction_words(kind: Reaction) -> &'static str {
    match kind {
        Reaction::WithYou => t::space::with_you(),
        Reaction::WellDone => t::space::well_done(),
        Reaction::Thanks => t::space::thanks(),
        Reaction::SameHere => t::space::same_here(),
    }
}

fn reply_button(here: Here, replying: Replying, name: Signal<String>) -> impl IntoView {
    let open = move |_| replying.open.update(|open| *open = !*open);
    view! {
        <Show when=move || here.writes.get()>
            <button class="re" type="button" node_ref=replying.button aria-expanded=move || replying.open.get().to_string() aria-label=move || t::space::reply_to(name.get()) on:click=open>{t::space::reply()}</button>
        </Show>
    }
}

/// What one told oneself can be changed; the rest goes by consent.
fn edit_button(here: Here, entry: Signal<Entry>) -> impl IntoView {
    let post = part(entry, |entry| matches!(entry.what, What::Post { .. }));
    let open = move |_| {
        let Entry { key, what, .. } = entry.get_untracked();
        if let What::Post { kind, text } = what {
            here.editor.edit(Edit::Post { id: key, kind, text, new: false });
        }
    };
    view! {
        <Show when=move || post.get() && here.writes.get()>
            <button class="re" type="button" aria-haspopup="dialog" on:click=open>{icon(Icon::PENCIL_SIMPLE)}{t::common::edit()}</button>
        </Show>
    }
}
