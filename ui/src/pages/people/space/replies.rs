//! Short replies under an entry, and the line to write one.

use leptos::{ev::SubmitEvent, prelude::*};
use trellis_api_types::circle::{CircleEdit, Entry, Reply};
use trellis_api_types::limits;

use super::Here;
use crate::components::{Icon, KeptLine, Name, Show, icon, new_id, part, rows};
use crate::pages::people::place::name_in;
use crate::state::keep_draft;
use crate::{fmt, i18n::t};

/// What is open under an entry, and the button that opens it.
#[derive(Clone, Copy)]
pub struct Answering {
    /// The kind words are there.
    pub words: RwSignal<bool>,
    /// The line to write a reply is there.
    pub reply: RwSignal<bool>,
    /// Opens them, and has the focus once something was said.
    pub button: NodeRef<leptos::html::Button>,
}

impl Answering {
    /// Nothing is open.
    pub fn new() -> Self {
        Self { words: RwSignal::new(false), reply: RwSignal::new(false), button: NodeRef::new() }
    }

    /// Something was said.
    pub fn done(self) {
        self.words.try_set(false);
        self.reply.try_set(false);
        if let Some(button) = self.button.try_get_untracked().flatten() {
            let _focusable = button.focus();
        }
    }
}

/// All replies; the line while one replies.
pub fn replies(here: Here, entry: Signal<Entry>, answering: Answering) -> AnyView {
    let replies = part(entry, |entry| entry.replies.clone());
    view! {
        <Show when=move || !replies.with(Vec::is_empty)>
            <ul class="replies">{rows(replies, |reply| format!("{}/{}", reply.account, reply.key), move |reply| row(here, reply))}</ul>
        </Show>
        <Show when=move || answering.reply.get()>{line(here, entry, answering)}</Show>
    }
    .into_any()
}

fn row(here: Here, reply: Signal<Reply>) -> impl IntoView {
    let Reply { key, account, at, .. } = reply.get_untracked();
    let mine = account == here.me();
    let name = name_in(here.people, account);
    let only_here = part(reply, |reply| reply.only_here);
    let remove =
        move |_| here.editor.send(CircleEdit::Remove { key: key.clone() }, t::space::said_removed(), |_| ());
    let button = mine.then(|| {
        view! { <button class="icon-btn" type="button" aria-label=t::space::reply_remove() on:click=remove>{icon(Icon::X)}</button> }
    });
    view! {
        <li>
            <div>
                <p class="e-head"><strong><Name of=name /></strong><span class="hint">{fmt::ago(at)}</span></p>
                <p>{part(reply, |reply| reply.text.clone())}</p>
                <Show when=move || only_here.get()>{super::only_here()}</Show>
            </div>
            {button}
        </li>
    }
}

fn line(here: Here, entry: Signal<Entry>, answering: Answering) -> impl IntoView {
    let words = RwSignal::new(String::new());
    let field = NodeRef::<leptos::html::Input>::new();
    field.on_load(|field| {
        let _focusable = field.focus();
    });
    let (account, key) = entry.with_untracked(|entry| (entry.account.clone(), entry.key.clone()));
    let form = StoredValue::new(here.editor.draft(&format!("reply/{account}"), false, &key));
    let kept = keep_draft(form.get_value(), move || Some(words.get()), move |text| words.set(text));
    // Sent again after a failure, it is the same reply.
    let id = StoredValue::new(new_id());
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let text = words.get_untracked().trim().to_owned();
        if text.is_empty() {
            return;
        }
        let edit = CircleEdit::Reply { id: id.get_value(), account: account.clone(), key: key.clone(), text };
        here.editor.send(edit, t::space::said_reply(), move |stored| {
            if stored {
                here.editor.stored(&form.get_value());
                answering.done();
            }
        });
    };
    view! {
        <KeptLine kept />
        <form class="reply" novalidate on:submit=send>
            <input class="input" node_ref=field maxlength=limits::NOTE.to_string() autocomplete="off" aria-label=t::space::reply() bind:value=words />
            <button class="btn" type="submit">{t::space::reply_send()}</button>
        </form>
    }
}
