//! Adding to the safety plan, and changing what is there.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::ApiError;
use trellis_api_types::limits::{LINE, NAME};
use trellis_api_types::safety::{SafetyEdit, SafetyEntry, SafetyKind, SafetyPart, SafetySave};

use super::ideas::{Idea, ideas};
use crate::components::{
    DialHint, EditForm, Field, Problem, Seg, Sheet, SwitchRow, draft_name, keepable, new_id,
};
use crate::i18n::t;
use crate::state::state;

/// Opens the sheet for an entry, and closes it when it is stored.
#[derive(Clone, Copy, Default)]
pub struct EntryEditor {
    open: RwSignal<bool>,
    what: RwSignal<Option<(SafetyEntry, bool)>>,
    problem: RwSignal<Option<ApiError>>,
}

impl EntryEditor {
    /// For a new entry of this part.
    pub fn add(self, part: SafetyPart) {
        let kind = kinds(part).first().copied().unwrap_or_default();
        let entry = SafetyEntry {
            id: new_id(),
            part,
            kind,
            text: String::new(),
            detail: String::new(),
            phone: String::new(),
            texts: matches!(kind, SafetyKind::Person),
        };
        self.show(entry, true);
    }

    /// For an entry that is there.
    pub fn edit(self, entry: SafetyEntry) {
        self.show(entry, false);
    }

    fn show(self, entry: SafetyEntry, new: bool) {
        self.what.set(Some((entry, new)));
        self.problem.set(None);
        self.open.set(true);
    }

    fn save(self, edit: SafetyEdit, said: &'static str) {
        let state = state();
        spawn_local(async move {
            match state.save(SafetySave { edit }, said).await {
                Ok(()) => self.open.set(false),
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }
}

/// The sheet; once on a page.
#[component]
pub fn EntrySheet(editor: EntryEditor) -> impl IntoView {
    let new = move || editor.what.with(|w| w.as_ref().is_none_or(|(_, new)| *new));
    let title =
        Signal::derive(move || if new() { t::help::entry_new() } else { t::help::entry_edit() }.to_owned());
    view! {
        <Sheet open=editor.open title>
            {move || editor.what.get().map(|(entry, new)| view! { <EntryForm entry new editor /> })}
            {move || editor.problem.get().map(|problem| view! { <Problem problem /> })}
        </Sheet>
    }
}

/// What is typed.
#[derive(Clone, Copy)]
struct Draft {
    kind: RwSignal<SafetyKind>,
    text: RwSignal<String>,
    detail: RwSignal<String>,
    phone: RwSignal<String>,
    texts: RwSignal<bool>,
    text_error: RwSignal<Option<String>>,
    phone_error: RwSignal<Option<String>>,
}

impl Draft {
    fn of(entry: &SafetyEntry) -> Self {
        Self {
            kind: RwSignal::new(entry.kind),
            text: RwSignal::new(entry.text.clone()),
            detail: RwSignal::new(entry.detail.clone()),
            phone: RwSignal::new(entry.phone.clone()),
            texts: RwSignal::new(entry.texts),
            text_error: RwSignal::new(None),
            phone_error: RwSignal::new(None),
        }
    }

    fn fill(self, idea: &Idea) {
        self.text.set(idea.text.to_owned());
        self.detail.set(idea.detail.to_owned());
        self.phone.set(idea.phone.to_owned());
        self.texts.set(idea.texts);
    }

    /// The entry, or nothing where something is missing or wrong; that is said beside the field.
    fn checked(self, entry: &SafetyEntry) -> Option<SafetyEntry> {
        let trimmed = |value: RwSignal<String>| value.get_untracked().trim().to_owned();
        let (text, phone, kind) = (trimmed(self.text), trimmed(self.phone), self.kind.get_untracked());
        self.text_error.set(text.is_empty().then(|| missing(kind).to_owned()));
        self.phone_error.set((!keepable(&phone)).then(|| t::help::phone_bad().to_owned()));
        if text.is_empty() || !keepable(&phone) {
            return None;
        }
        let texts = self.texts.get_untracked() && !phone.is_empty();
        Some(SafetyEntry { kind, text, detail: trimmed(self.detail), phone, texts, ..entry.clone() })
    }
}

/// What to say where nothing was written.
fn missing(kind: SafetyKind) -> &'static str {
    if kind == SafetyKind::Text { t::errors::empty_text() } else { t::help::name_missing() }
}

#[component]
fn EntryForm(entry: SafetyEntry, new: bool, editor: EntryEditor) -> impl IntoView {
    let draft = Draft::of(&entry);
    let part = entry.part;
    let id = entry.id.clone();
    let name = draft_name(&format!("safety/{part:?}"), new, &id);
    let save = move |()| {
        if let Some(entry) = draft.checked(&entry) {
            editor.save(
                SafetyEdit::Put(entry),
                if new { t::help::said_added() } else { t::help::said_saved() },
            );
        }
    };
    let remove = move |()| editor.save(SafetyEdit::Remove(id.clone()), t::help::said_removed());
    view! {
        <EditForm on_save=save on_remove=remove remove_words=(!new).then(t::help::remove) draft=name>
            <p class="second">{super::part_words(part)}</p>
            <Kinds part draft />
            {new.then(|| view! { <Ideas part draft /> })}
            {move || fields(draft)}
        </EditForm>
    }
}

/// Words need one field; people, places and lines have a name and perhaps a number.
fn fields(draft: Draft) -> AnyView {
    if draft.kind.get() == SafetyKind::Text {
        return view! { <Field id="entry-text" label=t::help::words() value=draft.text error=draft.text_error max=LINE /> }.into_any();
    }
    view! {
        <Field id="entry-text" label=t::help::name() value=draft.text error=draft.text_error max=LINE />
        <Field id="entry-detail" label=t::help::detail() hint=t::help::detail_hint() value=draft.detail max=LINE />
        <Field id="entry-phone" label=t::help::phone() hint=t::help::phone_hint() value=draft.phone error=draft.phone_error kind="tel" max=NAME />
        <DialHint phone=draft.phone />
        <SwitchRow id="entry-texts" name=t::help::texts() checked=draft.texts on_change=move |on| draft.texts.set(on) />
    }
    .into_any()
}

/// What it can be, where a part takes more than words.
#[component]
fn Kinds(part: SafetyPart, draft: Draft) -> impl IntoView {
    let options: Vec<_> = kinds(part).iter().map(|kind| (*kind, kind_words(*kind))).collect();
    (options.len() > 1).then(|| {
        view! {
            <fieldset>
                <legend class="field-name">{t::help::kind()}</legend>
                <Seg name="entry-kind" options value=Signal::derive(move || Some(draft.kind.get())) on_change=move |kind| draft.kind.set(kind) />
            </fieldset>
        }
    })
}

/// Words to begin with; touching one fills the fields.
#[component]
fn Ideas(part: SafetyPart, draft: Draft) -> impl IntoView {
    let ideas = ideas(part, state().country.get_untracked().as_deref());
    let chip = |idea: Idea| {
        view! { <li><button class="chip" type="button" on:click=move |_| draft.fill(&idea)>{idea.chip}</button></li> }
    };
    (!ideas.is_empty()).then(|| {
        view! {
            <div class="ideas">
                <p class="hint">{t::help::ideas()}</p>
                <ul class="chips">{ideas.into_iter().map(chip).collect_view()}</ul>
            </div>
        }
    })
}

fn kinds(part: SafetyPart) -> &'static [SafetyKind] {
    use SafetyKind::{Line, Person, Place, Text};
    match part {
        SafetyPart::WarningSigns | SafetyPart::Alone | SafetyPart::Safer => &[Text],
        SafetyPart::Distract => &[Person, Place, Text],
        SafetyPart::People => &[Person, Text],
        SafetyPart::Professionals => &[Line, Person, Place],
    }
}

fn kind_words(kind: SafetyKind) -> &'static str {
    match kind {
        SafetyKind::Text => t::help::kind_text(),
        SafetyKind::Person => t::help::kind_person(),
        SafetyKind::Place => t::help::kind_place(),
        SafetyKind::Line => t::help::kind_line(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_takes_something() {
        assert!(SafetyPart::ALL.iter().all(|part| !kinds(*part).is_empty()));
    }
}
