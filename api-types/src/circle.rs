//! A space's day: what people share, say and promise there.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::checkin::{Halt, Medication, Mood, Use};
use crate::command::commands;
use crate::plan::{Dimension, GoalState, StepState};
use crate::{Id, Millis};

/// Whether somebody tells of something good or hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PostKind {
    /// A victory.
    Victory,
    /// A setback.
    Setback,
}

/// A kind word in one tap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reaction {
    /// With you.
    WithYou,
    /// Well done.
    WellDone,
    /// Thank you.
    Thanks,
    /// Same here.
    SameHere,
}

impl Reaction {
    /// All, in the order of the screens.
    pub const ALL: [Self; 4] = [Self::WithYou, Self::WellDone, Self::Thanks, Self::SameHere];
}

/// A step of a shared goal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SharedStep {
    /// What.
    pub text: String,
    /// How far.
    pub state: StepState,
    /// Due then.
    pub due: Option<NaiveDate>,
}

/// What an entry says. Parts that were not shared are absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum What {
    /// A check-in, as far as its author consented.
    CheckIn {
        /// Day it is about.
        date: NaiveDate,
        /// Time of day.
        time: NaiveTime,
        /// Mood.
        mood: Option<Mood>,
        /// Urge, 0 to 10.
        urge: Option<u8>,
        /// Any that fit.
        halt: Vec<Halt>,
        /// Use since the last check-in.
        used: Option<Use>,
        /// Medication.
        medication: Option<Medication>,
        /// Own words.
        note: Option<String>,
        /// Meeting.
        meeting: Option<String>,
    },
    /// A milestone.
    Milestone {
        /// Day it was reached.
        on: NaiveDate,
        /// Days in recovery.
        days: u32,
        /// Own words.
        text: Option<String>,
    },
    /// A goal of the plan.
    Goal {
        /// Dimension.
        dimension: Dimension,
        /// Title.
        title: String,
        /// Reason.
        reason: Option<String>,
        /// How it stands.
        state: GoalState,
        /// Steps.
        steps: Vec<SharedStep>,
    },
    /// A victory or a setback.
    Post {
        /// Which.
        kind: PostKind,
        /// Own words.
        text: String,
    },
    /// One answer of step work.
    Work {
        /// Worksheet.
        worksheet: String,
        /// Question.
        question: String,
        /// Answer.
        text: String,
    },
    /// A weekly update.
    Weekly {
        /// Monday of its week.
        week: NaiveDate,
        /// Questions and answers.
        fields: Vec<(String, String)>,
    },
}

/// How often a kind word was said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reacted {
    /// Which.
    pub kind: Reaction,
    /// By how many.
    pub count: u32,
    /// By this person.
    pub mine: bool,
}

/// A short reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// Record.
    pub key: Id,
    /// Whose.
    pub account: Id,
    /// Words.
    pub text: String,
    /// When it was written, or came.
    pub at: Millis,
    /// Not exchanged yet.
    pub only_here: bool,
}

/// An entry of the day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Record; with its account it names the entry.
    pub key: Id,
    /// Whose.
    pub account: Id,
    /// When it was written, or came.
    pub at: Millis,
    /// What it says.
    pub what: What,
    /// Kind words, all four.
    pub reactions: Vec<Reacted>,
    /// Replies, oldest first.
    pub replies: Vec<Reply>,
    /// Not exchanged yet.
    pub only_here: bool,
}

/// Somebody who has not written for a while. Nothing is counted or ranked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quiet {
    /// Who.
    pub account: Id,
    /// When they last wrote; absent if never.
    pub since: Option<Millis>,
}

/// The question of the week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Focus {
    /// Question.
    pub question: String,
    /// Answers: account and words.
    pub answers: Vec<(Id, String)>,
}

/// How a commitment stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CommitmentState {
    /// Not yet.
    #[default]
    NotYet,
    /// Done.
    Done,
    /// Wants a hand with it.
    Help,
}

/// Something promised, with a day and a witness.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Commitment {
    /// Record.
    pub key: Id,
    /// Who promised.
    pub account: Id,
    /// What, to go on after "will".
    pub text: String,
    /// By then.
    pub by: NaiveDate,
    /// Who witnesses it; account.
    pub witness: Option<Id>,
    /// How it stands.
    pub state: CommitmentState,
    /// Not exchanged yet.
    pub only_here: bool,
}

/// A meeting that the space goes to. Edited together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    /// Made by the screen.
    pub id: Id,
    /// What it is called.
    pub title: String,
    /// Day of the next one.
    pub date: NaiveDate,
    /// Its time.
    pub time: NaiveTime,
    /// Place or link; may be empty.
    pub place: String,
    /// Comes again after so many days; 0 for once.
    pub every_days: u8,
    /// Comes again each month, on the weekday of `date` in this week; `every_days` then says nothing.
    #[serde(default)]
    pub every_month: Option<MonthWeek>,
    /// Zone of `date` and `time`, as in "America/Denver"; empty for the local time of whoever reads it.
    #[serde(default)]
    pub zone: String,
    /// When the next one begins, if it has a zone; told, never asked.
    #[serde(default)]
    pub at: Option<Millis>,
}

/// Which one of a weekday in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MonthWeek {
    /// The first Monday, say.
    First,
    /// The second.
    Second,
    /// The third.
    Third,
    /// The fourth.
    Fourth,
    /// The last, be it the fourth or the fifth.
    Last,
}

impl MonthWeek {
    /// The ones that a day of a month is: the fourth may be the last too.
    pub fn of(day: NaiveDate) -> Vec<Self> {
        let nth = match day.day0() / 7 {
            0 => Some(Self::First),
            1 => Some(Self::Second),
            2 => Some(Self::Third),
            3 => Some(Self::Fourth),
            _ => None,
        };
        let last = day + Days::new(7);
        nth.into_iter().chain((last.month() != day.month()).then_some(Self::Last)).collect()
    }
}

/// Something useful. Edited together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// Made by the screen.
    pub id: Id,
    /// What it is called.
    pub title: String,
    /// Address, number or a few words.
    pub detail: String,
}

/// The agreement of the group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Words; empty if there is none.
    pub text: String,
    /// Who signed exactly these words.
    pub signed: Vec<Id>,
}

/// A phone call agreed on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgreedCall {
    /// Record.
    pub key: Id,
    /// Who wrote it down.
    pub account: Id,
    /// With whom.
    pub with: Id,
    /// When.
    pub at: Millis,
    /// Whether it took place; absent before.
    pub kept: Option<bool>,
}

/// What one of those who were asked for help said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum HelpWord {
    /// Has seen it.
    Seen,
    /// Cannot now.
    CannotNow,
    /// Is coming.
    Coming,
    /// Asks to be called.
    CallMe,
}

/// Somebody who was asked for help.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Helper {
    /// Who.
    pub account: Id,
    /// What they said; absent if nothing came yet.
    pub word: Option<HelpWord>,
    /// Own words.
    pub text: Option<String>,
    /// Number to call them at, where they sent one.
    pub phone: Option<String>,
    /// The call to them is on this device only, or could not be written.
    #[serde(default)]
    pub only_here: bool,
}

impl Helper {
    /// Somebody who was chosen and could not be asked.
    pub fn unasked(account: Id) -> Self {
        Self { account, word: None, text: None, phone: None, only_here: true }
    }
}

/// A call for help.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HelpCall {
    /// Record.
    pub key: Id,
    /// Who asks.
    pub account: Id,
    /// When.
    pub at: Millis,
    /// Own words.
    pub text: Option<String>,
    /// Whom it goes to.
    pub helpers: Vec<Helper>,
    /// The person said that they are okay now.
    pub over: bool,
    /// The relay does not have it: nobody can have seen it.
    pub only_here: bool,
}

/// What a space shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Circle {
    /// Calls for help of the last day, newest first.
    pub help: Vec<HelpCall>,
    /// Entries, newest first, at most as many as asked for.
    pub entries: Vec<Entry>,
    /// There are older entries.
    pub more: bool,
    /// Who has not written for a week.
    pub quiet: Vec<Quiet>,
    /// Question of the week.
    pub focus: Option<Focus>,
    /// Commitments: open ones by day, then those of the last week.
    pub commitments: Vec<Commitment>,
    /// Meetings, the next one first.
    pub meetings: Vec<Meeting>,
    /// Resources.
    pub resources: Vec<Resource>,
    /// Agreement.
    pub agreement: Agreement,
    /// Calls agreed on: those to come, and of the last weeks.
    pub calls: Vec<AgreedCall>,
}

/// One change of what a space shows. `id` is made by the screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CircleEdit {
    /// Tells of a victory or a setback, or changes what was told.
    Post {
        /// Made by the screen.
        id: Id,
        /// Which.
        kind: PostKind,
        /// Own words.
        text: String,
    },
    /// Says a kind word to an entry, or takes it back.
    React {
        /// Whose.
        account: Id,
        /// Record.
        key: Id,
        /// Which.
        kind: Reaction,
        /// On, or taken back.
        on: bool,
    },
    /// Replies to an entry.
    Reply {
        /// Made by the screen.
        id: Id,
        /// Whose.
        account: Id,
        /// Record.
        key: Id,
        /// Own words.
        text: String,
    },
    /// Takes away something of one's own: post, reply, commitment, call, answer.
    Remove {
        /// Record.
        key: Id,
    },
    /// Asks the question of the week.
    AskFocus {
        /// Question.
        question: String,
    },
    /// Answers it.
    AnswerFocus {
        /// Own words.
        text: String,
    },
    /// Promises something.
    Commit {
        /// Made by the screen.
        id: Id,
        /// Own words.
        text: String,
        /// By then.
        by: NaiveDate,
        /// Who witnesses it; account.
        witness: Option<Id>,
        /// How it stands.
        state: CommitmentState,
    },
    /// Adds or changes a meeting.
    PutMeeting(Meeting),
    /// Takes a meeting away.
    RemoveMeeting(Id),
    /// Adds or changes a resource.
    PutResource(Resource),
    /// Takes a resource away.
    RemoveResource(Id),
    /// Changes the words of the agreement. Error: `not-entitled`.
    SetAgreement(String),
    /// Signs the agreement as it stands.
    SignAgreement,
    /// Notes a call agreed on, or whether it took place.
    Call {
        /// Made by the screen.
        id: Id,
        /// With whom.
        with: Id,
        /// When.
        at: Millis,
        /// Whether it took place; absent before.
        kept: Option<bool>,
    },
    /// Fills in the weekly update.
    Weekly {
        /// Monday of its week.
        week: NaiveDate,
        /// Questions and answers.
        fields: Vec<(String, String)>,
    },
    /// Asks for help.
    AskHelp {
        /// Made by the screen.
        id: Id,
        /// Who is asked.
        to: Vec<Id>,
        /// Own words.
        text: String,
    },
    /// Answers a call for help.
    AnswerHelp {
        /// Whose.
        account: Id,
        /// Record.
        key: Id,
        /// What is said.
        word: HelpWord,
        /// Own words.
        text: String,
        /// Number to call; may be empty, and goes out with "call me" only.
        phone: String,
    },
    /// Tells everyone asked that all is well.
    Okay {
        /// Record.
        key: Id,
    },
}

commands! {
    /// What a space shows. Error: `not-found`.
    CircleGet {
        /// Space.
        space: Id,
        /// Most entries.
        limit: u32,
    } as "circle_get" -> Circle;
    /// One change. Errors: `not-found`, `not-entitled`, `space-ended`, `space-read-only`, `empty-text`, `too-long`,
    /// `no-helpers`.
    CircleSave {
        /// Space.
        space: Id,
        /// What.
        edit: CircleEdit,
    } as "circle_save" -> crate::command::Saved;
}
