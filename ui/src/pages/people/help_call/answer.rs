//! An answer in one touch. A number goes out only with "Call me", and only if one stands in the field.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::circle::{CircleEdit, HelpCall, HelpWord};
use trellis_api_types::limits::{NAME, TEXT};

use super::{Here, word};
use crate::components::{Field, Icon, icon, keepable};
use crate::i18n::t;
use crate::pages::people::place::save;
use crate::state::state;

/// The three answers, with a few words and a number to go with them.
pub fn answers(
    here: Here,
    call: Signal<HelpCall>,
    name: Signal<String>,
    my_word: Signal<Option<HelpWord>>,
) -> AnyView {
    let state = state();
    let text = RwSignal::new(String::new());
    let phone = RwSignal::new(offered(here));
    let hint = if here.group { t::need::my_number_hint_group() } else { t::need::my_number_hint() };
    let odd = RwSignal::new(None::<String>);
    let answer = Callback::new(move |word: HelpWord| {
        let typed = phone.get_untracked().trim().to_owned();
        let bad = word == HelpWord::CallMe && !keepable(&typed);
        odd.set(bad.then(|| t::person::phone_bad().to_owned()));
        if bad {
            return;
        }
        let HelpCall { key, account, .. } = call.get_untracked();
        let phone = if word == HelpWord::CallMe { typed } else { String::new() };
        let text = text.get_untracked().trim().to_owned();
        let edit = CircleEdit::AnswerHelp { account, key, word, text, phone };
        let said = t::need::said_answer(name.get_untracked());
        spawn_local(async move {
            save(state, here.id.get_value(), edit, &said).await;
        });
    });
    let given = move || my_word.get().filter(|word| *word != HelpWord::Seen);
    view! {
        <div class="acts even">
            <button id="coming" class="btn main large" type="button" on:click=move |_| answer.run(HelpWord::Coming)>{icon(Icon::HAND_HEART_BOLD)}{t::need::im_coming()}</button>
            <button id="call-me" class="btn large" type="button" on:click=move |_| answer.run(HelpWord::CallMe)>{icon(Icon::PHONE_BOLD)}{t::need::please_call()}</button>
            <button id="cannot" class="btn large" type="button" on:click=move |_| answer.run(HelpWord::CannotNow)>{t::need::cannot()}</button>
        </div>
        <Field id="my-number" label=t::need::my_number() hint value=phone error=odd kind="tel" max=NAME />
        <details class="more">
            <summary>{t::need::answer_words()}</summary>
            <Field id="answer-words" label=t::need::words() value=text max=TEXT />
        </details>
        <p role="status">{move || given().map(|given| t::need::answered(mine(given)))}</p>
    }
    .into_any()
}

/// The number from Settings, where one person gets it. In a group every member's device does, so there it is typed.
fn offered(here: Here) -> String {
    let own = || state().settings.with_untracked(|settings| settings.as_ref().map(|s| s.my_phone.clone()));
    if here.group { String::new() } else { own().unwrap_or_default() }
}

/// One's own answer, in one's own voice.
pub fn mine(given: HelpWord) -> &'static str {
    match given {
        HelpWord::Coming => t::need::im_coming(),
        HelpWord::CallMe => t::need::please_call(),
        HelpWord::CannotNow => t::need::cannot(),
        HelpWord::Seen => word(Some(HelpWord::Seen)),
    }
}
