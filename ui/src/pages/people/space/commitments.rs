//! Commitments: one small thing, with a date and someone who knows.

use leptos::prelude::*;
use trellis_api_types::circle::{CircleEdit, Commitment, CommitmentState};

use super::edit::Edit;
use super::{Here, forms};
use crate::components::{Icon, Show, avatar, icon, new_id, part, rows};
use crate::pages::people::names::name_of;
use crate::pages::people::place::name_in;
use crate::{fmt, i18n::t};

/// The section.
pub fn commitments(here: Here) -> AnyView {
    let all = part(here.circle, |circle| circle.commitments.clone());
    let none = move || view! { <p class="second ask">{t::together::commitments_none()}</p> };
    let add = move |_| {
        here.editor.edit(Edit::Commit { commitment: forms::new_commitment(new_id(), here.me()), new: true })
    };
    view! {
        <section class="block" aria-labelledby="commitments">
            <div class="head">
                <h2 id="commitments">{t::together::commitments()}</h2>
                <Show when=move || here.writes.get()>
                    <button id="add-commitment" class="btn plain edge" type="button" aria-haspopup="dialog" on:click=add>{icon(Icon::PLUS_BOLD)}{t::together::add()}</button>
                </Show>
            </div>
            <Show when=move || !all.with(Vec::is_empty) fallback=none>
                <ul class="list">{rows(all, |one| format!("{}/{}", one.account, one.key), move |one| row(here, one))}</ul>
            </Show>
        </section>
    }
    .into_any()
}

fn row(here: Here, one: Signal<Commitment>) -> impl IntoView {
    let account = one.with_untracked(|one| one.account.clone());
    let mine = account == here.me();
    let name = name_in(here.people, account.clone());
    let only_here = part(one, |one| one.only_here);
    view! {
        <li class="row topped">
            {move || avatar(&account, &name.get())}
            <span class="body">
                {words(here, one, name, mine)}
                <span class="sub">{move || one.with(|one| when(here, one))}</span>
                {move || stands(here, one, mine)}
                <Show when=move || only_here.get()>{super::only_here()}</Show>
            </span>
        </li>
    }
}

/// "Luis will call his sponsor every night"; one's own says "I will" and opens the sheet.
fn words(here: Here, one: Signal<Commitment>, name: Signal<String>, mine: bool) -> AnyView {
    let text = part(one, |one| one.text.clone());
    let sentence = move || match mine {
        true => view! { <strong>{t::together::will_me()}</strong>" "{text} }.into_any(),
        false => view! { <strong>{name}</strong>" "{t::together::will()}" "{text} }.into_any(),
    };
    let open = move |_| here.editor.edit(Edit::Commit { commitment: one.get_untracked(), new: false });
    if mine && here.writes.get_untracked() {
        return view! { <button class="opens" type="button" aria-haspopup="dialog" on:click=open><span>{sentence()}</span></button> }.into_any();
    }
    view! { <span>{sentence()}</span> }.into_any()
}

/// "Friday. Bea knows"; what is done is not late.
fn when(here: Here, one: &Commitment) -> String {
    let done = one.state == CommitmentState::Done;
    let by = if done { fmt::capital(&fmt::date(one.by)) } else { fmt::due(one.by, fmt::today()) };
    let name = |account| here.people.with(|people| t::together::witness(name_of(people, account)));
    let witness = one.witness.as_deref().map(name);
    [Some(by), witness].into_iter().flatten().collect::<Vec<_>>().join(". ")
}

/// What its owner can say of it, or what they said.
fn stands(here: Here, one: Signal<Commitment>, mine: bool) -> AnyView {
    let state = one.with(|one| one.state);
    if mine && here.writes.get() {
        return buttons(here, one, state);
    }
    let (class, mark, words) = match state {
        CommitmentState::NotYet => ("tag", Icon::CLOCK, t::together::not_yet()),
        CommitmentState::Done => ("tag leaf", Icon::CHECK_BOLD, t::together::done()),
        CommitmentState::Help => ("tag lit", Icon::HAND_HEART, t::together::wants_hand()),
    };
    view! { <span class="acts st"><span class=class>{icon(mark)}{words}</span></span> }.into_any()
}

fn buttons(here: Here, one: Signal<Commitment>, state: CommitmentState) -> AnyView {
    let button = move |of: CommitmentState, id: &'static str, words: &'static str, said: &'static str| {
        let on = state == of;
        let press = move |_| {
            let Commitment { key, text, by, witness, .. } = one.get_untracked();
            let (state, said) =
                if on { (CommitmentState::NotYet, t::together::said_open()) } else { (of, said) };
            here.editor.send(CircleEdit::Commit { id: key, text, by, witness, state }, said, |_| ());
        };
        let id = one.with_untracked(|one| format!("{id}-{}", one.key));
        view! {
            <button id=id class="chip" type="button" aria-pressed=on.to_string() on:click=press>
                {on.then(|| icon(Icon::CHECK_BOLD))}{words}
            </button>
        }
    };
    view! {
        <span class="chips st">
            {button(CommitmentState::Done, "done", t::together::done(), t::together::said_done())}
            {button(CommitmentState::Help, "hand", t::together::hand(), t::together::said_hand())}
        </span>
    }
    .into_any()
}
