//! Writing in a space: one sheet, whatever is written.

use chrono::NaiveDate;
use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::audience::About;
use trellis_api_types::circle::{
    AgreedCall, CircleEdit, CircleSave, Commitment, Meeting, PostKind, Resource,
};
use trellis_api_types::people::Person;
use trellis_api_types::{ApiError, Id};

use super::forms;
use crate::components::{FormProblem, Sheet, draft_name};
use crate::i18n::t;
use crate::ipc;
use crate::state::{State, state};

/// What is written. `new` tells a thing that is not stored yet.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Something good or hard.
    Post { id: Id, kind: PostKind, text: String, new: bool },
    /// A question for the week.
    AskFocus,
    /// An answer to it.
    AnswerFocus { question: String, text: String },
    /// All answers: name and words.
    ReadFocus { question: String, answers: Vec<(String, String)> },
    /// A commitment.
    Commit { commitment: Commitment, new: bool },
    /// A meeting.
    Meeting { meeting: Meeting, new: bool },
    /// Something useful.
    Resource { resource: Resource, new: bool },
    /// A call agreed on.
    Call { call: AgreedCall, new: bool },
    /// The weekly update.
    Weekly { week: NaiveDate, fields: Vec<(String, String)> },
}

impl Edit {
    fn title(&self) -> String {
        match self {
            Self::ReadFocus { question, .. } | Self::AnswerFocus { question, .. } => return question.clone(),
            Self::Post { new: false, .. } => t::space::post_edit(),
            Self::Post { kind: PostKind::Victory, .. } => t::space::victory(),
            Self::Post { kind: PostKind::Setback, .. } => t::space::setback(),
            Self::AskFocus => t::space::focus(),
            Self::Commit { new: true, .. } => t::together::commit_new(),
            Self::Commit { .. } => t::together::commit_edit(),
            Self::Meeting { new: true, .. } => t::together::meeting_add(),
            Self::Meeting { .. } => t::together::meeting_edit(),
            Self::Resource { new: true, .. } => t::together::resource_add(),
            Self::Resource { .. } => t::together::resource_edit(),
            Self::Call { .. } => t::together::call_add(),
            Self::Weekly { .. } => t::together::weekly(),
        }
        .to_owned()
    }
}

/// Opens the sheet, and closes it when what was written is stored.
#[derive(Clone, Copy)]
pub struct Editor {
    state: State,
    space: StoredValue<Id>,
    open: RwSignal<bool>,
    what: RwSignal<Option<Edit>>,
    problem: RwSignal<Option<ApiError>>,
}

impl Editor {
    /// For one space.
    pub fn new(space: Id) -> Self {
        Self {
            state: state(),
            space: StoredValue::new(space),
            open: RwSignal::new(false),
            what: RwSignal::new(None),
            problem: RwSignal::new(None),
        }
    }

    /// What is written is for everybody there.
    pub fn about(self) -> Signal<About> {
        let about = About::Post { space: self.space.get_value() };
        Signal::derive(move || about.clone())
    }

    /// Opens the sheet for this.
    pub fn edit(self, what: Edit) {
        self.what.set(Some(what));
        self.problem.set(None);
        self.open.set(true);
    }

    /// Names the form of a thing of this space.
    pub fn draft(self, kind: &str, new: bool, id: &str) -> String {
        self.space.with_value(|space| format!("{}/{space}", draft_name(kind, new, id)))
    }

    /// Stores a change from the sheet, which stays open with what was typed when that fails.
    pub fn save(self, edit: CircleEdit, said: &'static str) {
        let save = CircleSave { space: self.space.get_value(), edit };
        spawn_local(async move {
            match ipc::call(save).await {
                Ok(saved) => {
                    self.state.sheet_stored();
                    self.open.try_set(false);
                    self.state.data_changed();
                    self.state.say(said, saved.undo);
                }
                Err(problem) => drop(self.problem.try_set(Some(problem))),
            }
        });
    }

    /// What was typed in this form is stored.
    pub fn stored(self, form: &str) {
        self.state.draft_stored(form);
    }

    /// Stores a change that shows by itself; only a refusal is said.
    pub fn quietly(self, edit: CircleEdit) {
        let save = CircleSave { space: self.space.get_value(), edit };
        spawn_local(async move {
            match ipc::call(save).await {
                Ok(_) => self.state.data_changed(),
                Err(problem) => self.state.fail(problem),
            }
        });
    }

    /// Stores a change that is made in place; the answer comes through `then`.
    pub fn send(self, edit: CircleEdit, said: &'static str, then: impl FnOnce(bool) + 'static) {
        let save = CircleSave { space: self.space.get_value(), edit };
        spawn_local(async move { then(self.state.save(save, said).await.is_ok()) });
    }
}

/// The sheet; once on a page.
#[component]
pub fn EditSheet(editor: Editor, people: Signal<Vec<Person>>) -> impl IntoView {
    let title =
        Signal::derive(move || editor.what.with(|what| what.as_ref().map(Edit::title)).unwrap_or_default());
    view! {
        <Sheet open=editor.open title>
            {move || editor.what.get().map(|what| form(what, editor, people))}
            <FormProblem problem=editor.problem />
        </Sheet>
    }
}

fn form(what: Edit, editor: Editor, people: Signal<Vec<Person>>) -> AnyView {
    match what {
        Edit::Post { id, kind, text, new } => {
            view! { <forms::PostForm id kind text new editor /> }.into_any()
        }
        Edit::AskFocus => view! { <forms::AskForm editor /> }.into_any(),
        Edit::AnswerFocus { question, text } => {
            view! { <forms::AnswerForm question text editor /> }.into_any()
        }
        Edit::ReadFocus { answers, .. } => forms::answers(answers).into_any(),
        Edit::Commit { commitment, new } => {
            view! { <forms::CommitForm commitment new editor people /> }.into_any()
        }
        Edit::Meeting { meeting, new } => view! { <forms::MeetingForm meeting new editor /> }.into_any(),
        Edit::Resource { resource, new } => view! { <forms::ResourceForm resource new editor /> }.into_any(),
        Edit::Call { call, new } => view! { <forms::CallForm call new editor /> }.into_any(),
        Edit::Weekly { week, fields } => view! { <forms::WeeklyForm week fields editor /> }.into_any(),
    }
}
