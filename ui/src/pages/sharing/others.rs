//! What others share with this person in the same space.

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::people::Person;
use trellis_api_types::sharing::{OtherConsent, SharedPdf};

use super::sentence::Reader;
use super::versions::{letters_missing, said, save_file};
use crate::components::{Icon, Name, Show, avatar, icon, isolated, part, rows};
use crate::i18n::t;
use crate::state::state;

/// The section.
#[component]
pub fn Others(space: Id, people: Signal<Vec<Person>>, others: Signal<Vec<OtherConsent>>) -> impl IntoView {
    let space = StoredValue::new(space);
    let none = || view! { <p class="second ask">{t::sharing::others_none()}</p> };
    let one = move |other: Signal<OtherConsent>| {
        let account = other.with_untracked(|other| other.account.clone());
        let name = part(people, move |people| name_of(people, &account));
        other_row(space, name, other)
    };
    view! {
        <section class="block others" aria-labelledby="others">
            <div class="head"><h2 id="others">{t::sharing::others()}</h2></div>
            <Show when=move || !others.with(Vec::is_empty) fallback=none>
                <ul class="list">{rows(others, |other| other.account.clone(), one)}</ul>
                <p class="hint note">{t::sharing::others_note()}</p>
            </Show>
        </section>
    }
}

fn other_row(space: StoredValue<Id>, name: Signal<String>, other: Signal<OtherConsent>) -> impl IntoView {
    let account = StoredValue::new(other.with_untracked(|other| other.account.clone()));
    let state = state();
    let letters = RwSignal::new(None);
    let save = Callback::new(move |anyway| {
        save_file(
            state,
            SharedPdf { space: space.get_value(), account: account.get_value(), anyway },
            letters,
        );
    });
    view! {
        <li class="row topped">
            {move || avatar(&account.get_value(), &name.get())}
            <div class="body">
                <p class="name"><Name of=name /></p>
                {move || other.with(|other| now(other, name.get()))}
                <button class="btn plain" type="button" on:click=move |_| save.run(false)>
                    {icon(Icon::PRINTER)}
                    <span>{t::sharing::pdf()}<span class="unseen">": "{move || t::sharing::others_pdf(name.get())}</span></span>
                </button>
                {letters_missing(letters, save)}
            </div>
        </li>
    }
}

fn now(other: &OtherConsent, name: String) -> AnyView {
    match other.versions.iter().find(|version| version.stands) {
        Some(version) => said(version, &Reader::Me(name), &[]),
        None => view! { <p class="second">{t::sharing::others_over(name)}</p> }.into_any(),
    }
}

fn name_of(people: &[Person], account: &Id) -> String {
    let found = people.iter().find(|person| person.account == *account);
    found.map_or_else(|| t::sharing::someone().to_owned(), called)
}

/// What somebody calls themselves, once that has come.
pub fn called(person: &Person) -> String {
    if person.name.is_empty() { t::sharing::someone().to_owned() } else { isolated(&person.name) }
}
