//! What people shared and said, and who has been quiet.

use leptos::prelude::*;
use trellis_api_types::circle::{Entry, PostKind, Quiet};
use trellis_api_types::people::Person;

use super::edit::Edit;
use super::{ENTRIES, Here, entry};
use crate::components::{Icon, Show, avatar, icon, new_id, part, rows};
use crate::pages::people::names::called;
use crate::{fmt, i18n::t};

/// The section.
pub fn entries(here: Here) -> AnyView {
    let entries = part(here.circle, |circle| circle.entries.clone());
    let none = move || view! { <p class="second ask">{t::space::entries_none()}</p> };
    let sharing = here.place("sharing");
    view! {
        <section class="block" aria-labelledby="entries">
            <div class="head">
                <h2 id="entries">{t::space::entries()}</h2>
                <a id="sharing" class="btn plain edge" href=sharing>{t::space::share()}</a>
            </div>
            <Show when=move || here.writes.get()>{posts(here)}</Show>
            <Show when=move || !entries.with(Vec::is_empty) fallback=none>
                <ul class="list">{rows(entries, named, move |one| entry::entry(here, one))}</ul>
            </Show>
            {more(here)}
            {quiet(here)}
        </section>
    }
    .into_any()
}

/// An entry is named by whose it is and by its record.
fn named(entry: &Entry) -> String {
    format!("{}/{}", entry.account, entry.key)
}

fn posts(here: Here) -> impl IntoView {
    let tell = move |id: &'static str, kind: PostKind, mark: Icon, words: &'static str| {
        let open =
            move |_| here.editor.edit(Edit::Post { id: new_id(), kind, text: String::new(), new: true });
        view! { <button id=id class="btn" type="button" aria-haspopup="dialog" on:click=open>{icon(mark)}{words}</button> }
    };
    view! {
        <div class="acts even tell">
            {tell("tell-good", PostKind::Victory, Icon::SPARKLE, t::space::victory_add())}
            {tell("tell-hard", PostKind::Setback, Icon::CHAT_CIRCLE_TEXT, t::space::setback_add())}
        </div>
    }
}

fn more(here: Here) -> impl IntoView {
    let older = part(here.circle, |circle| circle.more);
    view! {
        <Show when=move || older.get()>
            <button id="older" class="btn plain add" type="button" on:click=move |_| here.limit.update(|limit| *limit += ENTRIES)>{t::space::more()}</button>
        </Show>
    }
}

/// Who has not written for a while: a kind question, never a count.
fn quiet(here: Here) -> impl IntoView {
    let quiet = part(here.circle, |circle| circle.quiet.clone());
    view! {
        <Show when=move || here.writes.get() && !quiet.with(Vec::is_empty)>
            <ul class="list quiet">{rows(quiet, |quiet| quiet.account.clone(), move |one| quiet_row(here, one))}</ul>
        </Show>
    }
}

fn quiet_row(here: Here, quiet: Signal<Quiet>) -> impl IntoView {
    let account = quiet.with_untracked(|quiet| quiet.account.clone());
    let find =
        move || here.people.with(|people| people.iter().find(|person| person.account == account).cloned());
    move || {
        find().map(|person| {
            view! { <li>{hello(here, &person, quiet.with(|quiet| quiet.since))}</li> }.into_any()
        })
    }
}

fn hello(here: Here, person: &Person, since: Option<i64>) -> impl IntoView + use<> {
    let name = called(person);
    let words = match since {
        Some(at) => t::space::quiet(fmt::date_of(at), &name),
        None => t::space::quiet_never(&name),
    };
    let face = avatar(&person.account, &name);
    let person = person.clone();
    view! {
        <button class="row" type="button" aria-haspopup="dialog" on:click=move |_| here.person.show(person.clone())>
            {face}
            <span class="body"><span>{words}</span></span>
            <span class="say-hi">{t::space::say_hello()}</span>
        </button>
    }
}
