//! Somebody else's call: who asks, since when, and an answer in one touch.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::circle::{CircleEdit, CircleSave, HelpCall, HelpWord, Helper};
use trellis_api_types::people::Person;

use super::answer::answers;
use super::{Here, asker, helper_row};
use crate::components::{Dial, Show, danger_number, dial_buttons, dialed_words, part, rows};
use crate::pages::people::person_sheet::phone_icons;
use crate::pages::people::place::my_account;
use crate::state::state;
use crate::{fmt, i18n::t, ipc};

/// One call. Opening it tells who asks that it was seen.
pub fn theirs(here: Here, call: Signal<HelpCall>) -> impl IntoView {
    see(here, call);
    let name = asker(here, call);
    let said = part(call, |call| call.text.clone().unwrap_or_default());
    let me = here.people.with_untracked(|people| my_account(people));
    let mine = me.clone();
    let others = part(call, move |call| {
        call.helpers.iter().filter(|helper| helper.account != me).cloned().collect::<Vec<_>>()
    });
    let my_word = part(call, move |call| {
        call.helpers.iter().find(|helper| helper.account == mine).and_then(|helper| helper.word)
    });
    view! {
        <div class="title">
            <h1>{move || t::need::theirs(name.get())}</h1>
            <p>{move || t::need::since(fmt::ago(call.with(|call| call.at)))}</p>
        </div>
        <section class="panel lit call">
            <Show when=move || !said.with(String::is_empty)><p class="own">{move || t::need::said_words(said.get())}</p></Show>
            {move || phone(here, call)}
            {answers(here, call, name, my_word)}
            {danger()}
        </section>
        <Show when=move || !others.with(Vec::is_empty)>
            <section class="block" aria-label=t::need::others()>
                <div class="head"><h2>{t::need::others()}</h2></div>
                <ul class="list">{rows(others, |helper: &Helper| helper.account.clone(), move |helper| helper_row(here.people, here.sheet, helper))}</ul>
            </section>
        </Show>
    }
    .into_any()
}

/// What to do if a life may be in danger, with the number.
fn danger() -> impl IntoView {
    let number = danger_number(state());
    let call = move || {
        let number = number.get();
        let words = t::lines::call(dialed_words(&number)?);
        dial_buttons(&number, Dial { id: Some("call-danger"), class: "btn", words }, None)
    };
    view! { <p class="hint">{t::need::theirs_note()}</p><div class="acts">{call}</div> }
}

/// Tells once that it was seen.
fn see(here: Here, call: Signal<HelpCall>) {
    let me = here.people.with_untracked(|people| my_account(people));
    let HelpCall { key, account, helpers, .. } = call.get_untracked();
    let unseen = helpers.iter().any(|helper| helper.account == me && helper.word.is_none());
    if unseen {
        let edit = CircleEdit::AnswerHelp {
            account,
            key,
            word: HelpWord::Seen,
            text: String::new(),
            phone: String::new(),
        };
        let state = state();
        spawn_local(async move {
            match ipc::call(CircleSave { space: here.id.get_value(), edit }).await {
                Ok(_) => state.data_changed(),
                Err(problem) => state.fail(problem),
            }
        });
    }
}

fn phone(here: Here, call: Signal<HelpCall>) -> Option<AnyView> {
    let account = call.with(|call| call.account.clone());
    let person: Option<Person> =
        here.people.with(|people| people.iter().find(|person| person.account == account).cloned());
    person.map(|person| view! { <div class="call-phone">{phone_icons(&person, here.sheet)}</div> }.into_any())
}
