//! What is being typed.

use chrono::{NaiveDate, NaiveTime};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use trellis_api_types::checkin::{CheckIn, Halt, Kept, Medication, Mood, Use};
use trellis_api_types::{Id, Millis};

use crate::components::new_id;
use crate::fmt;

/// A check-in as signals.
#[derive(Clone, Copy)]
pub struct Draft {
    /// Not yet saved before.
    pub new: bool,
    id: StoredValue<Id>,
    edited_at: Millis,
    pub date: RwSignal<NaiveDate>,
    pub time: RwSignal<NaiveTime>,
    pub mood: RwSignal<Option<Mood>>,
    pub urge: RwSignal<Option<u8>>,
    pub halt: RwSignal<Vec<Halt>>,
    pub used: RwSignal<Option<Use>>,
    pub medication: RwSignal<Option<Medication>>,
    pub tags: RwSignal<Vec<String>>,
    pub note: RwSignal<String>,
    pub learned: RwSignal<String>,
    pub kept: RwSignal<Kept>,
}

/// Answers so far; the mood may be missing.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    mood: Option<Mood>,
    rest: CheckIn,
}

/// Nothing answered yet: now, or noon of a past day.
pub fn blank(date: NaiveDate) -> Answers {
    let time =
        if date == fmt::today() { fmt::now() } else { NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default() };
    let rest = CheckIn {
        id: new_id(),
        date,
        time,
        mood: Mood::Okay,
        urge: None,
        halt: vec![],
        used: None,
        medication: None,
        tags: vec![],
        note: String::new(),
        learned: String::new(),
        kept: Kept::default(),
        edited_at: 0,
    };
    Answers { mood: None, rest }
}

impl From<CheckIn> for Answers {
    fn from(rest: CheckIn) -> Self {
        Self { mood: Some(rest.mood), rest }
    }
}

impl Draft {
    /// Signals for these answers.
    pub fn of(answers: impl Into<Answers>, new: bool) -> Self {
        let Answers { mood, rest } = answers.into();
        Self {
            new,
            id: StoredValue::new(rest.id),
            edited_at: rest.edited_at,
            date: RwSignal::new(rest.date),
            time: RwSignal::new(rest.time),
            mood: RwSignal::new(mood),
            urge: RwSignal::new(rest.urge),
            halt: RwSignal::new(rest.halt),
            used: RwSignal::new(rest.used),
            medication: RwSignal::new(rest.medication),
            tags: RwSignal::new(rest.tags),
            note: RwSignal::new(rest.note),
            learned: RwSignal::new(rest.learned),
            kept: RwSignal::new(rest.kept),
        }
    }

    /// Takes these answers.
    pub fn fill(self, Answers { mood, rest }: Answers) {
        self.id.set_value(rest.id);
        self.date.set(rest.date);
        self.time.set(rest.time);
        self.mood.set(mood);
        self.urge.set(rest.urge);
        self.halt.set(rest.halt);
        self.used.set(rest.used);
        self.medication.set(rest.medication);
        self.tags.set(rest.tags);
        self.note.set(rest.note);
        self.learned.set(rest.learned);
        self.kept.set(rest.kept);
    }

    /// Its id.
    pub fn id(self) -> Id {
        self.id.get_value()
    }

    /// What is there now, followed.
    pub fn answers(self) -> Answers {
        let mood = self.mood.get();
        let rest = CheckIn {
            id: self.id(),
            date: self.date.get(),
            time: self.time.get(),
            mood: mood.unwrap_or(Mood::Okay),
            urge: self.urge.get(),
            halt: self.halt.get(),
            used: self.used.get(),
            medication: self.medication.get(),
            tags: self.tags.get(),
            note: self.note.get().trim().to_owned(),
            learned: self.learned.get().trim().to_owned(),
            kept: self.kept.get(),
            edited_at: self.edited_at,
        };
        Answers { mood, rest }
    }

    /// The whole check-in, once a mood is chosen.
    pub fn check_in(self) -> Option<CheckIn> {
        let Answers { mood, rest } = untrack(|| self.answers());
        // The day may have gone back since it was begun: in a zone further west it is still the day before.
        let date = rest.date.min(fmt::today());
        mood.map(|_| CheckIn { date, ..rest })
    }
}

/// Names the form: one for now, one for each past day, one for each check-in that is changed.
pub fn form(draft: Draft) -> String {
    match (draft.new, draft.date.get_untracked()) {
        (true, today) if today == fmt::today() => "checkin".to_owned(),
        (true, date) => format!("checkin/{date}"),
        (false, _) => format!("checkin/{}", draft.id()),
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;
    use trellis_api_types::checkin::{Mood, Use};

    use super::{Draft, blank};
    use crate::fmt;

    #[test]
    fn a_mood_is_enough_and_needed() {
        let owner = Owner::new();
        owner.set();
        let draft = Draft::of(blank(fmt::today()), true);
        draft.note.set("  slept well \n".into());
        assert!(draft.check_in().is_none());
        draft.mood.set(Some(Mood::Low));
        let checkin = draft.check_in().unwrap();
        assert_eq!((checkin.mood, checkin.note.as_str(), checkin.urge), (Mood::Low, "slept well", None));
        assert_eq!(checkin.used, None, "nothing is chosen for the person");
    }

    #[test]
    fn a_draft_comes_back_as_it_was_left() {
        let owner = Owner::new();
        owner.set();
        let draft = Draft::of(blank(fmt::today()), true);
        draft.used.set(Some(Use::Used));
        draft.learned.set("call earlier".into());
        let again = Draft::of(blank(fmt::today()), true);
        again.fill(untrack(|| draft.answers()));
        assert!(untrack(|| again.answers()) == untrack(|| draft.answers()));
        assert_eq!(again.id(), draft.id());
    }
}
