//! What a consent says, as the screens name it and as it is signed.

use std::collections::BTreeSet;

use trellis_api_types::sharing::{ConsentTerms, Field, GoalChoice, Part2, Recipient, Until};

use crate::space::consent::{self, Consent, Fields, Goals, RecipientKind};

/// Each field of a screen with its bit.
const FIELDS: [(Field, Fields); 8] = [
    (Field::Mood, Fields::MOOD),
    (Field::Urge, Fields::URGE),
    (Field::Halt, Fields::HALT),
    (Field::Use, Fields::USE),
    (Field::Medication, Fields::MEDICATION),
    (Field::Note, Fields::NOTE),
    (Field::Meetings, Fields::MEETINGS),
    (Field::Milestones, Fields::MILESTONES),
];

/// A consent as the screens show it.
pub fn terms_shown(consent: &Consent) -> ConsentTerms {
    ConsentTerms {
        fields: fields_shown(consent.fields),
        goals: goals_shown(&consent.goals),
        purpose: consent.purpose.clone(),
        recipient: recipient_shown(consent.recipient),
        from: consent.from.date().unwrap_or_default(),
        until: match &consent.until {
            None => Until::Stopped,
            Some(consent::Until::Date(day)) => day.date().map_or(Until::Stopped, Until::Date),
            Some(consent::Until::Event(text)) => Until::Event(text.clone()),
        },
        part2: consent.part2.as_ref().map(part2_shown),
    }
}

/// When it ends, as it is signed.
pub fn until(until: &Until) -> Option<consent::Until> {
    match until {
        Until::Stopped => None,
        Until::Date(day) => Some(consent::Until::Date((*day).into())),
        Until::Event(text) => Some(consent::Until::Event(text.clone())),
    }
}

/// The elements of 42 CFR 2.31, as they are signed.
pub fn part2(part: &Part2) -> consent::Part2 {
    let Part2 { patient, discloser, recipients, revoking, signature } = part.clone();
    consent::Part2 { patient, discloser, recipients, revoking, signature }
}

fn part2_shown(part: &consent::Part2) -> Part2 {
    let consent::Part2 { patient, discloser, recipients, revoking, signature } = part.clone();
    Part2 { patient, discloser, recipients, revoking, signature }
}

/// Bits of fields.
pub fn fields(fields: &[Field]) -> Fields {
    let chosen = FIELDS.iter().filter(|(field, _)| fields.contains(field));
    chosen.fold(Fields::default(), |all, (_, bit)| all.with(*bit))
}

/// Fields of bits.
pub fn fields_shown(bits: Fields) -> Vec<Field> {
    FIELDS.iter().filter(|(_, bit)| bits.has(*bit)).map(|(field, _)| *field).collect()
}

/// Goals as they are signed: lists sorted, nothing twice.
pub fn goals(choice: &GoalChoice) -> Goals {
    match choice {
        GoalChoice::None => Goals::None,
        GoalChoice::All => Goals::All,
        GoalChoice::Some { dimensions, goals } => {
            let dimensions = dimensions.iter().map(|it| (*it).into()).collect::<BTreeSet<_>>();
            let goals = goals.iter().cloned().collect::<BTreeSet<_>>();
            Goals::Some { dimensions: dimensions.into_iter().collect(), goals: goals.into_iter().collect() }
        }
    }
}

/// Goals as the screens choose them.
pub fn goals_shown(goals: &Goals) -> GoalChoice {
    match goals {
        Goals::None => GoalChoice::None,
        Goals::All => GoalChoice::All,
        Goals::Some { dimensions, goals } => GoalChoice::Some {
            dimensions: dimensions.iter().map(|it| (*it).into()).collect(),
            goals: goals.clone(),
        },
    }
}

/// Who it is shared with, as it is signed.
pub fn recipient(recipient: Recipient) -> RecipientKind {
    match recipient {
        Recipient::Person => RecipientKind::Person,
        Recipient::Group => RecipientKind::Group,
        Recipient::Coach => RecipientKind::Coach,
        Recipient::Programme => RecipientKind::Programme,
    }
}

/// Who it is shared with, as the screens name it.
pub fn recipient_shown(recipient: RecipientKind) -> Recipient {
    match recipient {
        RecipientKind::Person => Recipient::Person,
        RecipientKind::Group => Recipient::Group,
        RecipientKind::Coach => Recipient::Coach,
        RecipientKind::Programme => Recipient::Programme,
    }
}
