//! The forms inside the sheet.

mod dated;
mod weekly;

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::circle::{CircleEdit, Commitment, PostKind, Resource};
use trellis_api_types::limits::{LINE, NOTE, TEXT};
use trellis_api_types::people::Person;

use super::edit::Editor;
use crate::components::{Area, DayField, DayInput, EditForm, Field, Words, typed};
use crate::fmt;
use crate::i18n::t;
use crate::pages::audience::SeenBy;
use crate::pages::people::place::others;
pub use dated::{CallForm, MeetingForm};
pub use weekly::WeeklyForm;

/// Something good or hard, in own words.
#[component]
pub fn PostForm(id: Id, kind: PostKind, text: String, new: bool, editor: Editor) -> impl IntoView {
    let words = Words::new(&text);
    let label = match kind {
        PostKind::Victory => t::space::victory_ask(),
        PostKind::Setback => t::space::setback_ask(),
    };
    let removed = id.clone();
    let draft = editor.draft(&format!("post/{kind:?}"), new, &id);
    let save = move || {
        let Some(text) = words.given() else { return };
        editor.save(CircleEdit::Post { id: id.clone(), kind, text }, t::space::said_post());
    };
    let remove = move || editor.save(CircleEdit::Remove { key: removed.clone() }, t::space::said_removed());
    view! {
        <EditForm on_save=save on_remove=remove remove_words=(!new).then(t::space::post_remove) draft>
            <SeenBy about=editor.about() />
            <Area id="edit-text" label value=words.value error=words.error rows=5 max=NOTE />
        </EditForm>
    }
}

/// A question for the week.
#[component]
pub fn AskForm(editor: Editor) -> impl IntoView {
    let words = Words::new("");
    let save = move || {
        let Some(question) = words.given() else { return };
        editor.save(CircleEdit::AskFocus { question }, t::space::said_asked());
    };
    view! {
        <EditForm on_save=save on_remove=|| () remove_words=None draft=editor.draft("question", true, "")>
            <Area id="edit-text" label=t::space::focus_question() hint=t::space::focus_hint() value=words.value error=words.error rows=2 max=LINE />
        </EditForm>
    }
}

/// An answer to the question of the week.
#[component]
pub fn AnswerForm(question: String, text: String, editor: Editor) -> impl IntoView {
    let words = Words::new(&text);
    let start: String = question.chars().take(40).collect();
    let save = move || {
        let Some(text) = words.given() else { return };
        editor.save(CircleEdit::AnswerFocus { text }, t::space::said_answered());
    };
    view! {
        <EditForm on_save=save on_remove=|| () remove_words=None draft=editor.draft("focus", false, &start)>
            <SeenBy about=editor.about() />
            <Area id="edit-text" label=t::space::focus_yours() value=words.value error=words.error max=NOTE />
        </EditForm>
    }
}

/// All answers to the question of the week.
pub fn answers(answers: Vec<(String, String)>) -> impl IntoView {
    let one = |(name, words): (String, String)| view! { <div><dt>{name}</dt><dd>{words}</dd></div> };
    view! { <dl class="places said-list">{answers.into_iter().map(one).collect_view()}</dl> }
}

/// What, by when, and who knows of it.
#[component]
pub fn CommitForm(
    commitment: Commitment,
    new: bool,
    editor: Editor,
    people: Signal<Vec<Person>>,
) -> impl IntoView {
    let words = Words::new(&commitment.text);
    let by = DayInput::new(Some(commitment.by));
    let witness = RwSignal::new(commitment.witness.clone().unwrap_or_default());
    let removed = commitment.key.clone();
    let draft = editor.draft("commitment", new, &removed);
    let save = move || {
        let day = by.needed(t::together::day_missing());
        let Some((text, day)) = words.given().zip(day) else { return };
        let edit = CircleEdit::Commit {
            id: commitment.key.clone(),
            text,
            by: day,
            witness: Some(witness.get_untracked()).filter(|account| !account.is_empty()),
            state: commitment.state,
        };
        editor.save(edit, t::space::said_saved());
    };
    let remove = move || editor.save(CircleEdit::Remove { key: removed.clone() }, t::space::said_removed());
    view! {
        <EditForm on_save=save on_remove=remove remove_words=(!new).then(t::together::remove) draft>
            <Field id="edit-text" label=t::together::commit_text() hint=t::together::commit_hint() value=words.value error=words.error max=LINE />
            <DayField id="edit-by" label=t::together::commit_by() value=by />
            {witnesses(people, witness)}
        </EditForm>
    }
}

fn witnesses(people: Signal<Vec<Person>>, witness: RwSignal<Id>) -> impl IntoView {
    let nobody = (String::new(), t::together::nobody().to_owned());
    let names = std::iter::once(nobody).chain(people.with_untracked(|people| others(people)));
    let one = move |(account, name): (Id, String)| {
        let chosen = account.clone();
        view! { <option value=account prop:selected=move || witness.get() == chosen>{name}</option> }
    };
    view! {
        <div class="field">
            <label for="edit-witness">{t::together::commit_witness()}</label>
            <select class="input" id="edit-witness" on:change=move |event| witness.set(event_target_value(&event))>
                {names.map(one).collect_view()}
            </select>
        </div>
    }
}

/// Something useful: what, and how to get at it.
#[component]
pub fn ResourceForm(resource: Resource, new: bool, editor: Editor) -> impl IntoView {
    let title = Words::new(&resource.title);
    let detail = RwSignal::new(resource.detail.clone());
    let (id, removed) = (resource.id.clone(), resource.id);
    let draft = editor.draft("resource", new, &id);
    let save = move || {
        let Some(title) = title.given() else { return };
        let resource = Resource { id: id.clone(), title, detail: typed(detail) };
        editor.save(CircleEdit::PutResource(resource), t::space::said_saved());
    };
    let remove = move || editor.save(CircleEdit::RemoveResource(removed.clone()), t::space::said_removed());
    view! {
        <EditForm on_save=save on_remove=remove remove_words=(!new).then(t::together::remove) draft>
            <Field id="edit-text" label=t::together::resource_title() value=title.value error=title.error max=LINE />
            <Area id="edit-detail" label=t::together::resource_detail() value=detail rows=3 max=TEXT />
        </EditForm>
    }
}

/// A commitment that is not there yet, due in a week.
pub fn new_commitment(id: Id, account: Id) -> Commitment {
    let by = fmt::today().checked_add_days(chrono::Days::new(7)).unwrap_or_default();
    Commitment {
        key: id,
        account,
        text: String::new(),
        by,
        witness: None,
        state: Default::default(),
        only_here: false,
    }
}
