//! One entry: who, what, kind words, and replies.

use leptos::prelude::*;
use trellis_api_types::circle::{CircleEdit, Entry, Reacted, Reaction, What};

use super::edit::Edit;
use super::replies::{self, Answering};
use super::{Here, says};
use crate::components::{Icon, Show, avatar, icon, part, rows};
use crate::i18n::t;
use crate::pages::people::place::name_in;

/// As a line of the list.
pub fn entry(here: Here, entry: Signal<Entry>) -> impl IntoView {
    let account = entry.with_untracked(|entry| entry.account.clone());
    let mine = account == here.me();
    let name = name_in(here.people, account.clone());
    let what = part(entry, |entry| entry.what.clone());
    let only_here = part(entry, |entry| entry.only_here);
    let answering = Answering::new();
    view! {
        <li class="entry">
            {move || avatar(&account, &name.get())}
            <div class="e-body">
                <p class="e-head"><strong>{name}</strong><span class="hint">{move || entry.with(|entry| says::when(&entry.what, entry.at))}</span></p>
                {move || what.with(says::said)}
                <Show when=move || only_here.get()>{super::only_here()}</Show>
                <div class="e-acts">
                    {said_words(entry)}
                    {answer_button(here, answering, name, mine)}
                    {mine.then(|| edit_button(here, entry))}
                </div>
                <Show when=move || answering.words.get() && here.writes.get()>{choice(here, entry, answering, name)}</Show>
                {replies::replies(here, entry, answering)}
            </div>
        </li>
    }
    .into_any()
}

/// The kind words that were said.
fn said_words(entry: Signal<Entry>) -> impl IntoView {
    let said = part(entry, |entry| entry.reactions.iter().filter(|re| re.count > 0).cloned().collect());
    let one =
        |reacted: Signal<Reacted>| view! { <span class="re said">{move || inside(&reacted.get())}</span> };
    rows(said, |reacted| format!("{:?}", reacted.kind), one)
}

/// One quiet button: it opens the kind words and the reply; under what one said oneself, the reply.
fn answer_button(here: Here, answering: Answering, name: Signal<String>, mine: bool) -> impl IntoView {
    let open = if mine { answering.reply } else { answering.words };
    let label = move || if mine { t::space::reply_to(name.get()) } else { t::space::respond_to(name.get()) };
    let words = if mine { t::space::reply() } else { t::space::respond() };
    let press = move |_| {
        answering.reply.update(|reply| *reply = mine && !*reply);
        answering.words.update(|words| *words = !mine && !*words);
    };
    view! {
        <Show when=move || here.writes.get()>
            <button class="re" type="button" node_ref=answering.button aria-expanded=move || open.get().to_string() aria-label=label on:click=press>{words}</button>
        </Show>
    }
}

/// The four kind words, and the reply.
fn choice(here: Here, entry: Signal<Entry>, answering: Answering, name: Signal<String>) -> AnyView {
    let reactions = part(entry, |entry| entry.reactions.clone());
    let (account, key) = entry.with_untracked(|entry| (entry.account.clone(), entry.key.clone()));
    let react = Callback::new(move |(kind, on): (Reaction, bool)| {
        let edit = CircleEdit::React { account: account.clone(), key: key.clone(), kind, on };
        here.editor.quietly(edit);
        answering.done();
    });
    let reply = move |_| {
        answering.words.set(false);
        answering.reply.set(true);
    };
    view! {
        <div class="e-choice" role="group" aria-label=move || t::space::respond_to(name.get())>
            {rows(reactions, |reacted| format!("{:?}", reacted.kind), move |reacted| button(reacted, react))}
            <button class="chip" type="button" on:click=reply>{t::space::reply()}</button>
        </div>
    }
    .into_any()
}

fn button(reacted: Signal<Reacted>, react: Callback<(Reaction, bool)>) -> impl IntoView {
    let press = move |_| {
        let Reacted { kind, mine, .. } = reacted.get_untracked();
        react.run((kind, !mine));
    };
    view! {
        <button class="chip" type="button" aria-pressed=move || reacted.with(|r| r.mine).to_string() on:click=press>
            {move || reaction_words(reacted.with(|r| r.kind))}
        </button>
    }
}

fn inside(reacted: &Reacted) -> impl IntoView + use<> {
    let count = (reacted.count > 1).then(|| view! { " " <span>{reacted.count}</span> });
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
