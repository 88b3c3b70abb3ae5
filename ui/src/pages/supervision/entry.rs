//! Writing an entry: day, what it was, how long, and words without names.

use chrono::NaiveDate;
use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::ApiError;
use trellis_api_types::coach::{Supervision, SupervisionEdit, SupervisionKind, SupervisionSave};
use trellis_api_types::limits::{NOTE, SUPERVISION_MINUTES};

use super::kind_words;
use super::names::named;
use crate::components::{
    Area, DayField, DayInput, EditForm, Field, Problem, Seg, Sheet, Show, draft_name, new_id, typed,
};
use crate::state::state;
use crate::{fmt, i18n::t};

/// Most minutes of one entry: a day.
const MOST: u32 = SUPERVISION_MINUTES;

/// Opens the sheet for an entry, and closes it when it is stored.
#[derive(Clone, Copy, Default)]
pub struct Writer {
    open: RwSignal<bool>,
    what: RwSignal<Option<(Supervision, bool)>>,
    problem: RwSignal<Option<ApiError>>,
}

impl Writer {
    /// A new entry.
    pub fn add(self) {
        let (kind, on) = (SupervisionKind::Supervision, fmt::today());
        self.show(Supervision { id: new_id(), on, kind, minutes: 60, text: String::new() }, true);
    }

    /// An entry that is there.
    pub fn edit(self, entry: Supervision) {
        self.show(entry, false);
    }

    fn show(self, entry: Supervision, new: bool) {
        self.what.set(Some((entry, new)));
        self.problem.set(None);
        self.open.set(true);
    }

    fn save(self, edit: SupervisionEdit, said: &'static str) {
        let state = state();
        spawn_local(async move {
            match state.save(SupervisionSave { edit }, said).await {
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
pub fn EntrySheet(writer: Writer, names: Signal<Vec<String>>) -> impl IntoView {
    let new = move || writer.what.with(|what| what.as_ref().is_none_or(|(_, new)| *new));
    let title =
        Signal::derive(move || if new() { t::supervision::new() } else { t::supervision::edit() }.to_owned());
    view! {
        <Sheet open=writer.open title>
            {move || writer.what.get().map(|(entry, new)| view! { <EntryForm entry new names writer /> })}
            {move || writer.problem.get().map(|problem| view! { <Problem problem /> })}
        </Sheet>
    }
}

/// What is chosen and typed.
#[derive(Clone, Copy)]
struct Draft {
    on: DayInput,
    kind: RwSignal<SupervisionKind>,
    minutes: RwSignal<String>,
    text: RwSignal<String>,
    names: Signal<Vec<String>>,
    /// The names that the person keeps on purpose.
    kept: RwSignal<Vec<String>>,
    tried: RwSignal<bool>,
}

impl Draft {
    fn of(entry: &Supervision, names: Signal<Vec<String>>) -> Self {
        Self {
            on: DayInput::new(Some(entry.on)),
            kind: RwSignal::new(entry.kind),
            minutes: RwSignal::new(entry.minutes.to_string()),
            text: RwSignal::new(entry.text.clone()),
            names,
            kept: RwSignal::default(),
            tried: RwSignal::new(false),
        }
    }

    fn day(self) -> Option<NaiveDate> {
        let day = self.on.finish(fmt::today()).ok()?;
        if day.is_none() {
            self.on.refuse(t::supervision::day_wrong());
        }
        day
    }

    fn how_long(self) -> Option<u32> {
        self.minutes.get().trim().parse().ok().filter(|minutes| (1..=MOST).contains(minutes))
    }

    /// What may be a name, while it is typed, and is not kept on purpose.
    fn name(self) -> Option<String> {
        let kept = self.kept.get();
        let others = self.names.get().into_iter().filter(|name| !kept.contains(name));
        self.text.with(|text| named(text, &others.collect::<Vec<_>>()).map(str::to_owned))
    }

    /// It is no name, or is to stay.
    fn keep(self) {
        let name = untrack(|| self.name());
        self.kept.update(|kept| kept.extend(name));
    }

    fn text_trouble(self) -> Option<String> {
        let empty = self.tried.get() && self.text.with(|text| text.trim().is_empty());
        self.name().map(t::supervision::names).or_else(|| empty.then(|| t::errors::empty_text().to_owned()))
    }

    /// The entry, or nothing where something is missing or wrong; that is said beside the field.
    fn checked(self, entry: &Supervision) -> Option<Supervision> {
        self.tried.set(true);
        let text = typed(self.text);
        let fine = untrack(|| self.text_trouble().is_none());
        let (on, minutes) = self.day().zip(untrack(|| self.how_long()))?;
        fine.then(|| Supervision { on, kind: self.kind.get_untracked(), minutes, text, ..entry.clone() })
    }
}

#[component]
fn EntryForm(entry: Supervision, new: bool, names: Signal<Vec<String>>, writer: Writer) -> impl IntoView {
    let draft = Draft::of(&entry, names);
    let id = entry.id.clone();
    let name = draft_name("supervision", new, &id);
    let save = move || {
        if let Some(entry) = draft.checked(&entry) {
            writer.save(SupervisionEdit::Put(entry), t::supervision::said());
        }
    };
    let remove = move || writer.save(SupervisionEdit::Remove(id.clone()), t::supervision::said_removed());
    view! {
        <EditForm on_save=save on_remove=remove remove_words=(!new).then(t::supervision::remove) draft=name>
            {fields(draft)}
        </EditForm>
    }
}

fn fields(draft: Draft) -> impl IntoView {
    let kinds = [SupervisionKind::Supervision, SupervisionKind::Training]
        .map(|kind| (kind, kind_words(kind)))
        .to_vec();
    let wrong =
        move |wrong: bool, words: &'static str| (draft.tried.get() && wrong).then(|| words.to_owned());
    let long = Signal::derive(move || wrong(draft.how_long().is_none(), t::supervision::how_long_bad()));
    let words = Signal::derive(move || draft.text_trouble());
    view! {
        <fieldset>
            <legend class="field-name">{t::supervision::kind()}</legend>
            <Seg name="kind" options=kinds value=Signal::derive(move || Some(draft.kind.get())) on_change=move |kind| draft.kind.set(kind) />
        </fieldset>
        <DayField id="on" label=t::supervision::on() value=draft.on />
        <Field id="minutes" label=t::supervision::how_long() value=draft.minutes error=long max=4 />
        <Area id="about" label=t::supervision::about() hint=t::supervision::about_hint() value=draft.text error=words max=NOTE />
        <Show when=move || draft.name().is_some()>
            <button id="keep-words" class="btn" type="button" on:click=move |_| draft.keep()>{t::supervision::names_keep()}</button>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_likely_name_is_pointed_out_and_can_be_kept_on_purpose() {
        let owner = Owner::new();
        owner.set();
        let (id, on, kind) =
            (new_id(), NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(), SupervisionKind::Training);
        let entry = Supervision { id, on, kind, minutes: 60, text: String::new() };
        let names = RwSignal::new(vec!["María de la Cruz".to_owned(), "Ben".to_owned()]);
        let draft = Draft::of(&entry, names.into());
        draft.text.set("Hablamos de los límites y de la agenda.".into());
        assert!(draft.checked(&entry).is_some());
        draft.text.set("Llevar la Cruz de uno".into());
        assert!(draft.checked(&entry).is_none());
        assert!(untrack(|| draft.text_trouble()).unwrap().contains("María de la Cruz"));
        draft.keep();
        assert_eq!(draft.checked(&entry).unwrap().text, "Llevar la Cruz de uno");
        draft.text.set("La Cruz, con Ben".into());
        assert!(draft.checked(&entry).is_none(), "another name is pointed out again");
    }
}
