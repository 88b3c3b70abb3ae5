//! What is being chosen before it is signed.

use chrono::NaiveDate;
use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::plan::Dimension;
use trellis_api_types::sharing::{ConsentTerms, Field, GoalChoice, Recipient, Until};

use super::law::LawForm;
use crate::components::DayInput;
use crate::fmt;
use crate::i18n::t;

/// How much of the goals.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Which {
    /// None.
    #[default]
    None,
    /// Some.
    Some,
    /// All.
    All,
}

/// When it ends.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum End {
    /// When it is stopped.
    #[default]
    Stopped,
    /// After a day.
    Date,
    /// When something happens.
    Event,
}

/// What is chosen and typed so far.
#[derive(Clone, Copy)]
pub struct Form {
    /// What of check-ins and of the journey.
    pub fields: RwSignal<Vec<Field>>,
    /// How much of the goals.
    pub which: RwSignal<Which>,
    /// Parts of life whose goals are meant.
    pub dimensions: RwSignal<Vec<Dimension>>,
    /// Single goals.
    pub goals: RwSignal<Vec<Id>>,
    /// What for.
    pub purpose: RwSignal<String>,
    /// Begins later than today.
    pub later: RwSignal<bool>,
    /// That day.
    pub from: DayInput,
    /// Days before today are meant too.
    pub backwards: RwSignal<bool>,
    /// The first of these.
    pub since: DayInput,
    /// When it ends.
    pub end: RwSignal<End>,
    /// Its last day.
    pub last: DayInput,
    /// What ends it.
    pub event: RwSignal<String>,
    /// Whether the law's elements are asked for.
    pub law: RwSignal<bool>,
    /// The law's elements.
    pub elements: LawForm,
    /// Whether something was wrong when signing was tried; what is wrong is said from then on.
    pub tried: RwSignal<bool>,
    recipient: RwSignal<Recipient>,
}

impl Form {
    /// Begins with `draft`.
    pub fn new(draft: &ConsentTerms) -> Self {
        let form = Self {
            fields: RwSignal::default(),
            which: RwSignal::default(),
            dimensions: RwSignal::default(),
            goals: RwSignal::default(),
            purpose: RwSignal::default(),
            later: RwSignal::default(),
            from: DayInput::new(None),
            backwards: RwSignal::default(),
            since: DayInput::new(None),
            end: RwSignal::default(),
            last: DayInput::new(None),
            event: RwSignal::default(),
            law: RwSignal::default(),
            elements: LawForm::default(),
            tried: RwSignal::default(),
            recipient: RwSignal::new(draft.recipient),
        };
        form.fill(draft);
        form
    }

    /// Begins again with `draft`. Earlier days are never meant before that is said again.
    pub fn fill(self, draft: &ConsentTerms) {
        let later = draft.from > fmt::today();
        self.fields.set(draft.fields.clone());
        self.fill_goals(&draft.goals);
        self.purpose.set(draft.purpose.clone());
        self.later.set(later);
        self.from.set(later.then_some(draft.from));
        self.backwards.set(false);
        self.since.clear();
        self.fill_end(&draft.until);
        self.recipient.set(draft.recipient);
        self.law.set(draft.part2.is_some());
        self.elements.fill(&draft.part2.clone().unwrap_or_default());
        self.tried.set(false);
    }

    fn fill_goals(self, choice: &GoalChoice) {
        let (which, dimensions, goals) = match choice {
            GoalChoice::None => (Which::None, vec![], vec![]),
            GoalChoice::All => (Which::All, vec![], vec![]),
            GoalChoice::Some { dimensions, goals } => (Which::Some, dimensions.clone(), goals.clone()),
        };
        self.which.set(which);
        self.dimensions.set(dimensions);
        self.goals.set(goals);
    }

    fn fill_end(self, until: &Until) {
        let (end, last, event) = match until {
            Until::Stopped => (End::Stopped, None, String::new()),
            Until::Date(day) => (End::Date, Some(*day), String::new()),
            Until::Event(event) => (End::Event, None, event.clone()),
        };
        self.end.set(end);
        self.last.set(last);
        self.event.set(event);
    }

    /// Who it is shared with.
    pub fn recipient(self) -> Recipient {
        match self.recipient.get() {
            Recipient::Coach | Recipient::Programme if self.law.get() => Recipient::Programme,
            Recipient::Programme => Recipient::Coach,
            other => other,
        }
    }

    /// The terms as they stand; where a day is not whole yet, as if it was today.
    pub fn terms(self) -> ConsentTerms {
        ConsentTerms {
            fields: self.fields.get(),
            goals: self.goal_choice(),
            purpose: self.purpose.get().trim().to_owned(),
            recipient: self.recipient(),
            from: self.first_day().unwrap_or_else(|_| fmt::today()),
            until: self.until(),
            part2: self.law.get().then(|| self.elements.part2()),
        }
    }

    /// Whether signing would change what `draft` says. One that began earlier still begins then.
    pub fn changes(self, draft: &ConsentTerms) -> bool {
        let mut now = self.terms();
        if !self.later.get() && !self.backwards.get() && draft.from <= fmt::today() {
            now.from = draft.from;
        }
        if let (Some(now), Some(before)) = (now.part2.as_mut(), draft.part2.as_ref()) {
            now.signature.clone_from(&before.signature);
        }
        now != *draft
    }

    fn goal_choice(self) -> GoalChoice {
        match self.which.get() {
            Which::None => GoalChoice::None,
            Which::All => GoalChoice::All,
            Which::Some => GoalChoice::Some { dimensions: self.dimensions.get(), goals: self.goals.get() },
        }
    }

    fn until(self) -> Until {
        match self.end.get() {
            End::Stopped => Until::Stopped,
            End::Date => self.last.read().ok().flatten().map_or(Until::Stopped, Until::Date),
            End::Event => Until::Event(self.event.get().trim().to_owned()),
        }
    }

    /// The first day, or what is wrong with it.
    fn first_day(self) -> Result<NaiveDate, &'static str> {
        let today = fmt::today();
        match (self.later.get(), self.backwards.get()) {
            (true, _) => after(self.from, today, t::sharing::day_early()),
            (false, true) => match day(self.since)? {
                day if day < today => Ok(day),
                _ => Err(t::sharing::day_late()),
            },
            (false, false) => Ok(today),
        }
    }

    /// What is wrong with the first day, once signing was tried.
    pub fn first_trouble(self) -> Option<String> {
        self.said(self.first_day().err())
    }

    /// What is wrong with the last day, once signing was tried.
    pub fn last_trouble(self) -> Option<String> {
        self.said(self.last_day().err())
    }

    fn last_day(self) -> Result<(), &'static str> {
        if self.end.get() != End::Date {
            return Ok(());
        }
        let first = self.first_day().unwrap_or_else(|_| fmt::today()).max(fmt::today());
        after(self.last, first, t::sharing::day_end()).map(drop)
    }

    /// What is wrong with the event, once signing was tried.
    pub fn event_trouble(self) -> Option<String> {
        self.said(self.no_event().then(t::errors::empty_text))
    }

    fn no_event(self) -> bool {
        self.end.get() == End::Event && self.event.get().trim().is_empty()
    }

    /// Nothing is turned on, and signing was tried.
    pub fn nothing_trouble(self) -> Option<String> {
        self.said(nothing(&self.terms()).then(t::sharing::choose_one))
    }

    /// A reason is one of the law's elements.
    pub fn why_trouble(self) -> Option<String> {
        self.said(self.no_reason().then(t::errors::empty_text))
    }

    fn no_reason(self) -> bool {
        self.law.get() && self.purpose.get().trim().is_empty()
    }

    /// The terms and whether earlier days are meant, if all is whole. If not, the fields say from now on what is missing.
    pub fn finish(self) -> Option<(ConsentTerms, bool)> {
        let terms = untrack(|| self.terms());
        let whole = untrack(|| self.whole()) && !nothing(&terms);
        self.tried.set(!whole);
        let backwards = terms.from < fmt::today();
        whole.then_some((terms, backwards))
    }

    /// Something is missing or wrong, and signing was tried.
    pub fn unfinished(self) -> bool {
        self.tried.get() && !self.whole()
    }

    fn whole(self) -> bool {
        self.first_day().is_ok() && self.last_day().is_ok() && self.words_are_there()
    }

    fn words_are_there(self) -> bool {
        !self.no_event() && !self.no_reason() && (!self.law.get() || self.elements.whole())
    }

    fn said(self, trouble: Option<&'static str>) -> Option<String> {
        trouble.filter(|_| self.tried.get()).map(str::to_owned)
    }
}

/// Whether these terms share nothing: also how sharing was stopped.
pub fn nothing(terms: &ConsentTerms) -> bool {
    let no_goals = match &terms.goals {
        GoalChoice::None => true,
        GoalChoice::All => false,
        GoalChoice::Some { dimensions, goals } => dimensions.is_empty() && goals.is_empty(),
    };
    terms.fields.is_empty() && no_goals
}

fn day(typed: DayInput) -> Result<NaiveDate, &'static str> {
    typed.read()?.ok_or(t::sharing::day_wrong())
}

/// A whole day, `first` or later.
fn after(typed: DayInput, first: NaiveDate, early: &'static str) -> Result<NaiveDate, &'static str> {
    match day(typed)? {
        day if day >= first => Ok(day),
        _ => Err(early),
    }
}

#[cfg(test)]
mod tests;
