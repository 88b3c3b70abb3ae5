//! Somebody else's call: who asks, since when, and an answer in one touch.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::circle::{CircleEdit, CircleSave, HelpCall, HelpWord, Helper};
use trellis_api_types::people::Person;

use super::{Here, asker, helper_row, word};
use crate::components::{Field, Icon, Show, icon, part, rows};
use crate::pages::people::person_sheet::phone_icons;
use crate::pages::people::place::{my_account, save};
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
            <p class="hint">{t::need::theirs_note()}</p>
        </section>
        <Show when=move || !others.with(Vec::is_empty)>
            <section class="block" aria-label=t::need::others()>
                <div class="head"><h2>{t::need::others()}</h2></div>
                <ul class="list">{rows(others, |helper: &Helper| helper.account.clone(), move |helper| helper_row(here, helper))}</ul>
            </section>
        </Show>
    }
    .into_any()
}

/// Tells once that it was seen.
fn see(here: Here, call: Signal<HelpCall>) {
    let me = here.people.with_untracked(|people| my_account(people));
    let HelpCall { key, account, helpers, .. } = call.get_untracked();
    let unseen = helpers.iter().any(|helper| helper.account == me && helper.word.is_none());
    if unseen {
        let edit = CircleEdit::AnswerHelp { account, key, word: HelpWord::Seen, text: String::new() };
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

fn answers(
    here: Here,
    call: Signal<HelpCall>,
    name: Signal<String>,
    my_word: Signal<Option<HelpWord>>,
) -> AnyView {
    let state = state();
    let text = RwSignal::new(String::new());
    let answer = Callback::new(move |word: HelpWord| {
        let HelpCall { key, account, .. } = call.get_untracked();
        let edit =
            CircleEdit::AnswerHelp { account, key, word, text: text.get_untracked().trim().to_owned() };
        let said = t::need::said_answer(name.get_untracked());
        spawn_local(async move {
            save(state, here.id.get_value(), edit, &said).await;
        });
    });
    let given = move || my_word.get().filter(|word| *word != HelpWord::Seen);
    view! {
        <details class="more">
            <summary>{t::need::answer_words()}</summary>
            <Field id="answer-words" label=t::need::words() value=text max=300 />
        </details>
        <div class="acts even">
            <button id="coming" class="btn main large" type="button" on:click=move |_| answer.run(HelpWord::Coming)>{icon(Icon::HAND_HEART_BOLD)}{t::need::im_coming()}</button>
            <button id="call-me" class="btn large" type="button" on:click=move |_| answer.run(HelpWord::CallMe)>{icon(Icon::PHONE_BOLD)}{t::need::please_call()}</button>
        </div>
        <p role="status">{move || given().map(|given| t::need::answered(mine(given)))}</p>
    }
    .into_any()
}

/// One's own answer, in one's own voice.
fn mine(given: HelpWord) -> &'static str {
    match given {
        HelpWord::Coming => t::need::im_coming(),
        HelpWord::CallMe => t::need::please_call(),
        HelpWord::Seen => word(Some(HelpWord::Seen)),
    }
}
