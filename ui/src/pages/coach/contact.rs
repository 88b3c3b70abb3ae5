//! Writing down a call or a private note: one sheet, wherever it is opened.

use chrono::Local;
use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::coach::{CallLog, CaseEdit, CaseSave, ContactRole, Note, Outcome};
use trellis_api_types::limits::TEXT;
use trellis_api_types::{ApiError, Id};

use crate::components::{
    Area, DayField, DayInput, EditForm, Field, Icon, Problem, Seg, Sheet, Words, draft_name, icon, new_id,
    typed,
};
use crate::i18n::t;
use crate::{fmt, state::state};

/// What is being written.
#[derive(Clone, Debug, PartialEq)]
pub enum Paper {
    /// A call.
    Call { call: CallLog, new: bool },
    /// A private note.
    Note { note: Note, new: bool },
}

impl Paper {
    /// A call that was just made. How it went is not chosen yet, so that nothing untrue is kept.
    fn new_call() -> Self {
        let call = CallLog {
            id: new_id(),
            at: Local::now().timestamp_millis(),
            outcome: Outcome::Reached,
            need: String::new(),
            role: ContactRole::Coach,
            next: None,
        };
        Self::Call { call, new: true }
    }

    fn new_note() -> Self {
        Self::Note { note: Note { id: new_id(), on: fmt::today(), text: String::new() }, new: true }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Call { new: true, .. } => t::coach::log_call(),
            Self::Call { .. } => t::coach::edit_call(),
            Self::Note { new: true, .. } => t::coach::note_new(),
            Self::Note { .. } => t::coach::note_edit(),
        }
    }
}

/// Opens the sheet for somebody, and closes it when it is stored.
#[derive(Clone, Copy, Default)]
pub struct Pen {
    open: RwSignal<bool>,
    space: RwSignal<Id>,
    paper: RwSignal<Option<Paper>>,
    problem: RwSignal<Option<ApiError>>,
}

impl Pen {
    /// A new call with whoever shares this space.
    pub fn call(self, space: Id) {
        self.write(space, Paper::new_call());
    }

    /// A new note.
    pub fn note(self, space: Id) {
        self.write(space, Paper::new_note());
    }

    /// Something that is there.
    pub fn write(self, space: Id, paper: Paper) {
        self.space.set(space);
        self.paper.set(Some(paper));
        self.problem.set(None);
        self.open.set(true);
    }

    /// Names the form of a thing.
    fn draft(self, kind: &str, new: bool, id: &str) -> String {
        format!("{}/{}", draft_name(kind, new, id), self.space.get_untracked())
    }

    fn save(self, edit: CaseEdit, said: &'static str) {
        let state = state();
        let space = self.space.get_untracked();
        spawn_local(async move {
            match state.save(CaseSave { space, edit }, said).await {
                Ok(()) => {
                    state.sheet_stored();
                    self.open.set(false);
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }
}

/// The sheet; once on a page.
#[component]
pub fn PenSheet(pen: Pen) -> impl IntoView {
    let title = Signal::derive(move || pen.paper.with(|p| p.as_ref().map_or("", Paper::title)).to_owned());
    view! {
        <Sheet open=pen.open title>
            {move || pen.paper.get().map(|paper| form(paper, pen))}
            {move || pen.problem.get().map(|problem| view! { <Problem problem /> })}
        </Sheet>
    }
}

fn form(paper: Paper, pen: Pen) -> AnyView {
    match paper {
        Paper::Call { call, new } => view! { <CallForm call new pen /> }.into_any(),
        Paper::Note { note, new } => view! { <NoteForm note new pen /> }.into_any(),
    }
}

/// What of a call is chosen and typed.
#[derive(Clone, Copy)]
struct Draft {
    outcome: RwSignal<Option<Outcome>>,
    need: RwSignal<String>,
    role: RwSignal<ContactRole>,
    next: DayInput,
    unsaid: RwSignal<bool>,
}

impl Draft {
    fn of(call: &CallLog, new: bool) -> Self {
        Self {
            outcome: RwSignal::new(Some(call.outcome).filter(|_| !new)),
            need: RwSignal::new(call.need.clone()),
            role: RwSignal::new(call.role),
            next: DayInput::new(call.next),
            unsaid: RwSignal::new(false),
        }
    }

    /// The call, or nothing where something is missing or wrong; that is said beside the field.
    fn checked(self, call: &CallLog) -> Option<CallLog> {
        self.unsaid.set(self.outcome.get_untracked().is_none());
        let next = self.next.finish_any().ok()?;
        if next.is_some_and(|day| day < fmt::today() && call.next != Some(day)) {
            self.next.refuse(t::coach::day_early());
            return None;
        }
        let outcome = self.outcome.get_untracked()?;
        let need = typed(self.need);
        Some(CallLog { outcome, need, role: self.role.get_untracked(), next, ..call.clone() })
    }
}

#[component]
fn CallForm(call: CallLog, new: bool, pen: Pen) -> impl IntoView {
    let draft = Draft::of(&call, new);
    let id = call.id.clone();
    let name = pen.draft("call", new, &id);
    let save = move || {
        if let Some(call) = draft.checked(&call) {
            pen.save(CaseEdit::PutCall(call), t::coach::said_call());
        }
    };
    let remove = move || pen.save(CaseEdit::RemoveCall(id.clone()), t::coach::said_call_removed());
    view! {
        <EditForm on_save=save on_remove=remove remove_words=(!new).then(t::coach::remove_call) draft=name>
            {call_fields(draft)}
        </EditForm>
    }
}

fn call_fields(draft: Draft) -> impl IntoView {
    let outcomes = OUTCOMES.map(|outcome| (outcome, outcome_words(outcome))).to_vec();
    let roles = ROLES.map(|role| (role, role_words(role))).to_vec();
    let unsaid = move || {
        draft.unsaid.get().then(|| view! { <p class="error" role="alert">{icon(Icon::WARNING_CIRCLE)}<span>{t::coach::choose_outcome()}</span></p> })
    };
    view! {
        <fieldset class="two-by-two">
            <legend class="field-name">{t::coach::outcome()}</legend>
            <Seg name="outcome" options=outcomes value=draft.outcome on_change=move |outcome| draft.outcome.set(Some(outcome)) />
            {unsaid}
        </fieldset>
        <Field id="need" label=t::coach::need() hint=t::coach::need_hint() value=draft.need max=TEXT />
        <fieldset class="two-by-two">
            <legend class="field-name">{t::coach::role()}</legend>
            <Seg name="contact-role" options=roles value=Signal::derive(move || Some(draft.role.get())) on_change=move |role| draft.role.set(role) />
            <p class="hint">{t::coach::roles_sub()}</p>
        </fieldset>
        <DayField id="next-call" label=t::coach::next_call() hint=t::coach::next_hint() value=draft.next />
    }
}

#[component]
fn NoteForm(note: Note, new: bool, pen: Pen) -> impl IntoView {
    let text = Words::new(&note.text);
    let id = note.id.clone();
    let name = pen.draft("note", new, &id);
    let save = move || {
        if let Some(text) = text.given() {
            pen.save(CaseEdit::PutNote(Note { text, ..note.clone() }), t::coach::said_note());
        }
    };
    let remove = move || pen.save(CaseEdit::RemoveNote(id.clone()), t::coach::said_note_removed());
    view! {
        <EditForm on_save=save on_remove=remove remove_words=(!new).then(t::coach::remove_note) draft=name>
            <Area id="note" label=t::coach::note_words() hint=t::coach::only_yours() value=text.value error=text.error rows=5 />
        </EditForm>
    }
}

const OUTCOMES: [Outcome; 4] = [Outcome::Reached, Outcome::Message, Outcome::NoAnswer, Outcome::BadNumber];
const ROLES: [ContactRole; 4] =
    [ContactRole::Coach, ContactRole::Mentor, ContactRole::Connector, ContactRole::Advocate];

/// How a call went.
pub fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Reached => t::coach::reached(),
        Outcome::Message => t::coach::message(),
        Outcome::NoAnswer => t::coach::no_answer(),
        Outcome::BadNumber => t::coach::bad_number(),
    }
}

/// What the coach was in a contact.
pub fn role_words(role: ContactRole) -> &'static str {
    match role {
        ContactRole::Coach => t::coach::as_coach(),
        ContactRole::Mentor => t::coach::as_mentor(),
        ContactRole::Connector => t::coach::as_connector(),
        ContactRole::Advocate => t::coach::as_advocate(),
    }
}
