//! Consent: what a person shares in a space, why and until when, and what was sent by it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::circle::What;
use crate::command::commands;
use crate::plan::Dimension;
use crate::{Id, Millis};

/// What of check-ins and of the journey can be shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Field {
    /// Mood.
    Mood,
    /// Urge.
    Urge,
    /// Hungry, angry, lonely, tired.
    Halt,
    /// Use.
    Use,
    /// Medication.
    Medication,
    /// Note.
    Note,
    /// Meetings that a check-in is tagged with.
    Meetings,
    /// Milestones.
    Milestones,
}

impl Field {
    /// All, in the order of the screens.
    pub const ALL: [Self; 8] = [
        Self::Mood,
        Self::Urge,
        Self::Halt,
        Self::Use,
        Self::Medication,
        Self::Note,
        Self::Meetings,
        Self::Milestones,
    ];
}

/// Which goals of the plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum GoalChoice {
    /// None.
    #[default]
    None,
    /// Those of some dimensions, and some more.
    Some {
        /// Dimensions.
        dimensions: Vec<Dimension>,
        /// Goals.
        goals: Vec<Id>,
    },
    /// All.
    All,
}

/// Who it is shared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Recipient {
    /// One person.
    Person,
    /// A group.
    Group,
    /// A coach.
    Coach,
    /// A programme under 42 CFR Part 2.
    Programme,
}

/// When it ends by itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Until {
    /// When it is stopped.
    #[default]
    Stopped,
    /// After this day.
    Date(NaiveDate),
    /// When this happens; the person stops it then.
    Event(String),
}

/// The elements of 42 CFR 2.31 that the other fields do not hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Part2 {
    /// Name of the patient.
    pub patient: String,
    /// Who discloses.
    pub discloser: String,
    /// Names of those who receive it.
    pub recipients: String,
    /// How to revoke it.
    pub revoking: String,
    /// Typed as a signature.
    pub signature: String,
}

/// What a consent says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConsentTerms {
    /// What of check-ins and of the journey.
    pub fields: Vec<Field>,
    /// Which goals.
    pub goals: GoalChoice,
    /// What for.
    pub purpose: String,
    /// Who it is shared with.
    pub recipient: Recipient,
    /// Nothing about days before this is sent.
    pub from: NaiveDate,
    /// When it ends by itself.
    pub until: Until,
    /// For a coach who works under 42 CFR Part 2.
    pub part2: Option<Part2>,
}

/// One version of a consent. Versions never change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConsentVersion {
    /// Which.
    pub id: Id,
    /// What it says; absent if only a later version of the app can read it.
    pub terms: Option<ConsentTerms>,
    /// The day it was signed.
    pub signed: NaiveDate,
    /// It is in force: not replaced and not over.
    pub stands: bool,
    /// The others' devices are asked to delete what they have.
    pub retracts: bool,
    /// Not exchanged yet.
    pub only_here: bool,
}

/// One thing that a space has received, exactly as it was sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    /// Record.
    pub key: Id,
    /// What it says.
    pub what: What,
    /// Not exchanged yet.
    pub only_here: bool,
}

/// What somebody else agreed to share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OtherConsent {
    /// Who.
    pub account: Id,
    /// Their versions, newest first.
    pub versions: Vec<ConsentVersion>,
}

/// What this person shares in a space.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sharing {
    /// What a new version starts from: the one in force, or what was asked for with everything off.
    pub draft: ConsentTerms,
    /// What the invitation asked for, if anything.
    pub asked: Vec<Field>,
    /// Versions, newest first.
    pub versions: Vec<ConsentVersion>,
    /// What the space has received, newest first.
    pub sent: Vec<Sent>,
    /// When something went out last.
    pub sent_at: Option<Millis>,
    /// What others share.
    pub others: Vec<OtherConsent>,
}

/// A file that was made for the person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileMade {
    /// Where it is.
    pub path: String,
}

commands! {
    /// What this person shares in a space, and what the others do. Error: `not-found`.
    SharingGet {
        /// Space.
        space: Id,
    } as "sharing_get" -> Sharing;
    /// Signs a new version, from today or later. `backwards` says that days before today are meant too. Errors:
    /// `consent-backdated`, `bad-date`, `too-long`, `space-ended`.
    ConsentSign {
        /// Space.
        space: Id,
        /// What it says.
        terms: ConsentTerms,
        /// The person said that earlier days are meant too.
        backwards: bool,
    } as "consent_sign" -> ();
    /// Stops all sharing of check-ins, plan and milestones in a space.
    ConsentStop {
        /// Space.
        space: Id,
        /// Asks the others' devices to delete what they have.
        retract: bool,
    } as "consent_stop" -> ();
    /// Saves a version as a PDF in the downloads, over no other file. Errors: `not-found`, `disk-full`, `file-io`,
    /// `letters-missing` (the detail names letters that cannot be printed).
    ConsentPdf {
        /// Space.
        space: Id,
        /// Version.
        id: Id,
        /// The person was told of letters that cannot be printed; each becomes a question mark.
        anyway: bool,
    } as "consent_pdf" -> FileMade;
    /// Saves what somebody shared here by consent as a PDF, with the consent's scope and the notice of 42 CFR 2.32. Errors: as
    /// [`ConsentPdf`].
    SharedPdf {
        /// Space.
        space: Id,
        /// Who shared it.
        account: Id,
        /// As in [`ConsentPdf`].
        anyway: bool,
    } as "shared_pdf" -> FileMade;
}
