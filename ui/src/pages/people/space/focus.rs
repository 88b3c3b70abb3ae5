//! The question of the week.

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::circle::Focus;
use trellis_api_types::people::Person;

use super::Here;
use super::edit::Edit;
use crate::components::{Show, part};
use crate::i18n::t;
use crate::pages::people::names::name_of;

/// The question and who answered, or a kind question while there is none.
pub fn focus(here: Here) -> AnyView {
    let focus = part(here.circle, |circle| circle.focus.clone());
    let shown = move || {
        focus.with(|focus| focus.as_ref().map_or_else(|| none().into_any(), |focus| asked(here, focus)))
    };
    let ask = move |words: &'static str| {
        view! { <button id="ask-question" class="btn plain" type="button" aria-haspopup="dialog" on:click=move |_| here.editor.edit(Edit::AskFocus)>{words}</button> }
    };
    let words =
        move || if focus.with(Option::is_some) { t::space::focus_new() } else { t::space::focus_ask() };
    view! {
        <section class="block" aria-labelledby="focus">
            <div class="panel soft q">
                <h2 class="q-l" id="focus">{t::space::focus()}</h2>
                {shown}
                <Show when=move || here.writes.get()>{ask(words())}</Show>
            </div>
        </section>
    }
    .into_any()
}

fn none() -> impl IntoView {
    view! { <p>{t::space::focus_none()}</p> }
}

fn asked(here: Here, focus: &Focus) -> AnyView {
    let mine = my_answer(&here.me(), focus);
    let (question, text) = (focus.question.clone(), mine.clone().unwrap_or_default());
    let answer =
        move |_| here.editor.edit(Edit::AnswerFocus { question: question.clone(), text: text.clone() });
    let words = if mine.is_some() { t::space::focus_change() } else { t::space::focus_answer() };
    let button = move || view! { <button id="answer" class="btn main" type="button" aria-haspopup="dialog" on:click=answer.clone()>{words}</button> };
    let answers = here.people.with(|people| named(people, focus));
    view! {
        <p class="own">{focus.question.clone()}</p>
        <p class="second">{who(&answers)}</p>
        <div class="acts">
            <Show when=move || here.writes.get()>{button()}</Show>
            {(!answers.is_empty()).then(|| read(here, focus.question.clone(), answers))}
        </div>
    }
    .into_any()
}

fn my_answer(me: &Id, focus: &Focus) -> Option<String> {
    focus.answers.iter().find(|(account, _)| account == me).map(|(_, text)| text.clone())
}

fn named(people: &[Person], focus: &Focus) -> Vec<(String, String)> {
    focus.answers.iter().map(|(account, text)| (name_of(people, account), text.clone())).collect()
}

fn who(answers: &[(String, String)]) -> String {
    let names: Vec<_> = answers.iter().map(|(name, _)| name.as_str()).collect();
    if names.is_empty() {
        t::space::focus_unanswered().to_owned()
    } else {
        t::space::focus_answered(names.join(", "))
    }
}

fn read(here: Here, question: String, answers: Vec<(String, String)>) -> impl IntoView {
    let open =
        move |_| here.editor.edit(Edit::ReadFocus { question: question.clone(), answers: answers.clone() });
    view! { <button id="read-answers" class="btn plain" type="button" aria-haspopup="dialog" on:click=open>{t::space::focus_read()}</button> }
}
