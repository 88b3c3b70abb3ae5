//! A coach's view: the people who agreed to it, calls, private notes, and the log of supervision.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::circle::Entry;
use crate::command::{Saved, commands};
use crate::people::Person;
use crate::sharing::ConsentVersion;
use crate::{Id, Millis};

/// Why somebody is where they are in the list. The order is the order of the list; nothing is a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Reason {
    /// Asked for help.
    AskedForHelp,
    /// Nothing came for as many days as were set.
    GoneQuiet,
    /// The urge is rising.
    UrgeRising,
    /// A call is due.
    CallDue,
    /// A step of the plan is due.
    StepDue,
    /// The weekly update was missed.
    UpdateMissed,
    /// None of these.
    Steady,
}

/// How a call went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Spoke with them.
    Reached,
    /// Left a message.
    Message,
    /// Nobody answered.
    NoAnswer,
    /// The number does not work.
    BadNumber,
}

/// What the coach was in a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContactRole {
    /// Coach.
    Coach,
    /// Mentor.
    Mentor,
    /// Helps to find and use resources.
    Connector,
    /// Speaks up for somebody.
    Advocate,
}

/// A call, or the try of one. Kept on the coach's devices only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallLog {
    /// Made by the screen.
    pub id: Id,
    /// When.
    pub at: Millis,
    /// How it went.
    pub outcome: Outcome,
    /// What was needed; may be empty.
    pub need: String,
    /// What the coach was in this contact.
    pub role: ContactRole,
    /// The next call; absent if none was agreed on.
    pub next: Option<NaiveDate>,
}

/// A private note. Kept on the coach's devices only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Made by the screen.
    pub id: Id,
    /// Day.
    pub on: NaiveDate,
    /// Words.
    pub text: String,
}

/// One person of the caseload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseRow {
    /// Space shared with them.
    pub space: Id,
    /// Who.
    pub person: Person,
    /// Every reason that holds, the first one deciding the place; at least [`Reason::Steady`].
    pub reasons: Vec<Reason>,
    /// Day of the last check-in that came.
    pub last_checkin: Option<NaiveDate>,
    /// Days since anything came.
    pub quiet_days: Option<u32>,
    /// Urge of each of the last 14 days, oldest first; absent without a check-in or consent.
    pub urges: Vec<Option<u8>>,
    /// Days with a check-in among these 14.
    pub checked_in: Vec<bool>,
    /// The next call.
    pub next_call: Option<NaiveDate>,
    /// Tries since somebody was last reached.
    pub tries: u32,
    /// Steps due until today.
    pub steps_due: u32,
    /// Told of a return to use in the last 15 weeks: keep calling.
    pub keep_calling: bool,
    /// Nothing is shared: no consent is in force.
    pub no_consent: bool,
}

/// The caseload.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Caseload {
    /// Everyone, by reason, then by how long it is so.
    pub rows: Vec<CaseRow>,
    /// Spaces with a call due until today, the longest first.
    pub calls: Vec<Id>,
}

/// One person in full, as far as they consented.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// As in the list.
    pub row: CaseRow,
    /// What they agreed to, newest version first.
    pub consents: Vec<ConsentVersion>,
    /// What they shared, newest first: check-ins, goals, milestones, weekly updates.
    pub entries: Vec<Entry>,
    /// Calls, newest first.
    pub calls: Vec<CallLog>,
    /// Private notes, newest first.
    pub notes: Vec<Note>,
    /// Gone quiet after so many days without anything.
    pub quiet_after: u32,
    /// A weekly update is asked for.
    pub weekly: bool,
}

/// One change of what a coach keeps about somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CaseEdit {
    /// Adds or changes a call.
    PutCall(CallLog),
    /// Takes a call away.
    RemoveCall(Id),
    /// Adds or changes a note.
    PutNote(Note),
    /// Takes a note away.
    RemoveNote(Id),
    /// Gone quiet after so many days, 1 to 60.
    QuietAfter(u32),
    /// Whether a weekly update is asked for.
    Weekly(bool),
}

/// What an entry of the supervision log is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SupervisionKind {
    /// Supervision.
    Supervision,
    /// Training.
    Training,
}

/// An entry of the supervision log. No participant is named in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Supervision {
    /// Made by the screen.
    pub id: Id,
    /// Day.
    pub on: NaiveDate,
    /// About what.
    pub kind: SupervisionKind,
    /// How long.
    pub minutes: u32,
    /// Words.
    pub text: String,
}

/// The supervision log.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SupervisionLog {
    /// Entries, newest first.
    pub entries: Vec<Supervision>,
    /// Names of participants, for the screen to warn when one is typed.
    pub names: Vec<String>,
}

/// One change of the supervision log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SupervisionEdit {
    /// Adds or changes an entry.
    Put(Supervision),
    /// Takes one away.
    Remove(Id),
}

commands! {
    /// The caseload.
    CaseloadGet {} as "caseload_get" -> Caseload;
    /// One person. Error: `not-found`.
    CaseGet {
        /// Space shared with them.
        space: Id,
    } as "case_get" -> Case;
    /// One change. Errors: `not-found`, `empty-text`, `too-long`, `bad-date`, `bad-number`.
    CaseSave {
        /// Space shared with them.
        space: Id,
        /// What.
        edit: CaseEdit,
    } as "case_save" -> Saved;
    /// The supervision log.
    SupervisionGet {} as "supervision_get" -> SupervisionLog;
    /// One change. Errors: `too-long`, `bad-date`, `bad-number`.
    SupervisionSave {
        /// What.
        edit: SupervisionEdit,
    } as "supervision_save" -> Saved;
}
