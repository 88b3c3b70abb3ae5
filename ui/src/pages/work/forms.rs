//! Changing worksheets: one sheet, whatever is changed.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use trellis_api_types::audience::About;
use trellis_api_types::limits::{LINE, NOTE};
use trellis_api_types::work::{Answer, WorkEdit, WorkSave, Worksheet};
use trellis_api_types::{ApiError, Id};

use crate::components::{Area, EditForm, Field, Problem, Sheet, Words, draft_name, new_id, typed};
use crate::i18n::t;
use crate::pages::audience::SeenBy;
use crate::state::state;

/// What is being changed. `new` tells a thing that is not stored yet.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// A worksheet's title.
    Sheet { id: Id, title: String, new: bool },
    /// A question and its answer.
    Answer { sheet: Id, answer: Answer, new: bool },
}

impl Edit {
    /// A worksheet that is not there yet.
    pub fn new_sheet() -> Self {
        Self::Sheet { id: new_id(), title: String::new(), new: true }
    }

    /// A worksheet that is there.
    pub fn sheet(sheet: &Worksheet) -> Self {
        Self::Sheet { id: sheet.id.clone(), title: sheet.title.clone(), new: false }
    }

    /// A question that is not there yet.
    pub fn new_answer(sheet: Id) -> Self {
        let answer = Answer { id: new_id(), question: String::new(), text: String::new(), shared: vec![] };
        Self::Answer { sheet, answer, new: true }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Sheet { new: true, .. } => t::work::sheet_new(),
            Self::Sheet { .. } => t::work::sheet_edit(),
            Self::Answer { new: true, .. } => t::work::question_new(),
            Self::Answer { .. } => t::work::question_edit(),
        }
    }
}

/// Opens the sheet, and closes it when the change is stored.
#[derive(Clone, Copy, Default)]
pub struct Editor {
    open: RwSignal<bool>,
    what: RwSignal<Option<Edit>>,
    problem: RwSignal<Option<ApiError>>,
}

impl Editor {
    /// Opens the sheet for this.
    pub fn edit(self, what: Edit) {
        self.what.set(Some(what));
        self.problem.set(None);
        self.open.set(true);
    }

    fn save(self, edit: WorkEdit, said: &'static str, then: impl FnOnce() + 'static) {
        let state = state();
        spawn_local(async move {
            match state.save(WorkSave { edit }, said).await {
                Ok(()) => {
                    state.sheet_stored();
                    self.open.set(false);
                    then();
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }
}

/// The sheet; once on a page.
#[component]
pub fn WorkSheet(editor: Editor) -> impl IntoView {
    let title = Signal::derive(move || editor.what.with(|w| w.as_ref().map_or("", Edit::title)).to_owned());
    view! {
        <Sheet open=editor.open title>
            {move || editor.what.get().map(|what| form(what, editor))}
            {move || editor.problem.get().map(|problem| view! { <Problem problem /> })}
        </Sheet>
    }
}

fn form(what: Edit, editor: Editor) -> AnyView {
    match what {
        Edit::Sheet { id, title, new } => view! { <SheetForm id title new editor /> }.into_any(),
        Edit::Answer { sheet, answer, new } => view! { <AnswerForm sheet answer new editor /> }.into_any(),
    }
}

/// A title. A new worksheet is opened at once, for its first question.
#[component]
fn SheetForm(id: Id, title: String, new: bool, editor: Editor) -> impl IntoView {
    let title = Words::new(&title);
    let go = StoredValue::new(use_navigate());
    let removed = id.clone();
    let draft = draft_name("sheet", new, &id);
    let save = move || {
        let Some(title) = title.given() else { return };
        let place = format!("/plan/work/{id}");
        editor.save(WorkEdit::PutSheet { id: id.clone(), title }, t::work::said_sheet(), move || {
            if new {
                go.with_value(|go| go(&place, Default::default()));
            }
        });
    };
    let remove = move || {
        let leave = move || go.with_value(|go| go("/plan/work", Default::default()));
        editor.save(WorkEdit::RemoveSheet(removed.clone()), t::work::said_sheet_removed(), leave);
    };
    view! {
        <EditForm on_save=save on_remove=remove remove_words=(!new).then(t::work::sheet_remove) draft>
            <Field id="sheet-title" label=t::work::sheet_title() hint=t::work::sheet_hint() value=title.value error=title.error max=LINE />
            {(!new).then(|| view! { <p class="hint">{t::work::sheet_remove_note()}</p> })}
        </EditForm>
    }
}

/// A question, and an answer that may stay empty.
#[component]
fn AnswerForm(sheet: Id, answer: Answer, new: bool, editor: Editor) -> impl IntoView {
    let question = Words::new(&answer.question);
    let text = RwSignal::new(answer.text);
    let draft = draft_name(&format!("answer/{sheet}"), new, &answer.id);
    let remove = WorkEdit::RemoveAnswer { sheet: sheet.clone(), id: answer.id.clone() };
    let id = answer.id;
    let about = About::Answer { sheet: sheet.clone(), id: id.clone() };
    let about = Signal::derive(move || about.clone());
    let save = move || {
        let Some(question) = question.given() else { return };
        let text = typed(text);
        let put = WorkEdit::PutAnswer { sheet: sheet.clone(), id: id.clone(), question, text };
        editor.save(put, t::work::said_saved(), || ());
    };
    let remove = move || editor.save(remove.clone(), t::work::said_removed(), || ());
    view! {
        <EditForm on_save=save on_remove=remove remove_words=(!new).then(t::work::question_remove) draft>
            <SeenBy about />
            <Area id="question" label=t::work::question() hint=t::work::question_hint() value=question.value error=question.error rows=2 max=LINE />
            <Area id="answer" label=t::work::answer() hint=t::work::answer_hint() value=text rows=8 max=NOTE />
        </EditForm>
    }
}
