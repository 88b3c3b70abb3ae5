//! The small values that records are made of, and their limits.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};
use minicbor::{Decode, Encode};
use trellis_api_types::checkin as private;
use trellis_api_types::{circle, limits, plan};

use crate::crypto::Refusal;
use crate::space::item::MAX_KEY;
use crate::space::{AccountId, ItemId};

/// Names, characters.
pub const MAX_NAME: usize = limits::NAME;
/// One line: a title, a step, a label; characters.
pub const MAX_LINE: usize = limits::LINE;
/// A few sentences, characters.
pub const MAX_TEXT: usize = limits::TEXT;
/// A note or an answer, characters.
pub const MAX_NOTE: usize = limits::NOTE;
/// Entries of any list.
pub const MAX_LIST: usize = limits::LIST;

/// A local date, as days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Day(pub i32);

/// Another record, by author and key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub struct Target {
    /// Whose.
    #[n(0)]
    pub account: AccountId,
    /// Which.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub key: Vec<u8>,
}

/// Why a projection may be here, and what it was made from.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Basis {
    /// The consents in force, sorted.
    #[n(0)]
    pub consents: Vec<ItemId>,
    /// Blinded hash of the private record: says whether it changed, and nothing else.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub source: [u8; 32],
    /// Version of the rules it was made by.
    #[n(2)]
    pub version: u32,
}

/// Values that travel as numbers.
macro_rules! numbered {
    ($($(#[$doc:meta])+ $name:ident { $($(#[$text:meta])+ $variant:ident = $number:literal,)+ })+) => {
        $(
            $(#[$doc])+
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
            #[cbor(index_only)]
            pub enum $name { $($(#[$text])+ #[n($number)] $variant,)+ }
        )+
    };
}

/// The same values in private records and in shared ones.
macro_rules! mirrored {
    ($($name:ident = $private:ty { $($variant:ident)+ })+) => {
        $(
            impl From<$private> for $name {
                fn from(value: $private) -> Self {
                    match value { $(<$private>::$variant => Self::$variant,)+ }
                }
            }

            impl From<$name> for $private {
                fn from(value: $name) -> Self {
                    match value { $($name::$variant => Self::$variant,)+ }
                }
            }
        )+
    };
}

numbered! {
    /// Mood, from very low to great.
    Mood {
        /// 1
        VeryLow = 0,
        /// 2
        Low = 1,
        /// 3
        Okay = 2,
        /// 4
        Good = 3,
        /// 5
        Great = 4,
    }
    /// Hungry, angry, lonely, tired.
    Halt {
        /// Hungry.
        Hungry = 0,
        /// Angry.
        Angry = 1,
        /// Lonely.
        Lonely = 2,
        /// Tired.
        Tired = 3,
    }
    /// Use since the last check-in.
    Use {
        /// Did not use.
        NotUsed = 0,
        /// Used.
        Used = 1,
        /// Rather not say.
        RatherNotSay = 2,
    }
    /// Medication.
    Medication {
        /// Taken.
        Taken = 0,
        /// Not yet.
        NotYet = 1,
        /// Skipped.
        Skipped = 2,
    }
    /// Dimension of the plan.
    Dimension {
        /// Health.
        Health = 0,
        /// Home.
        Home = 1,
        /// Purpose.
        Purpose = 2,
        /// Community.
        Community = 3,
    }
    /// State of a goal.
    GoalState {
        /// Being worked on.
        Open = 0,
        /// Resting.
        Paused = 1,
        /// Reached.
        Reached = 2,
    }
    /// State of a step.
    StepState {
        /// Not begun.
        ToDo = 0,
        /// Begun.
        Doing = 1,
        /// Done.
        Done = 2,
    }
    /// What a post tells.
    PostKind {
        /// Something went well.
        Victory = 0,
        /// A setback.
        Setback = 1,
    }
    /// A reaction.
    Reaction {
        /// I am with you.
        WithYou = 0,
        /// Well done.
        WellDone = 1,
        /// Thank you.
        Thanks = 2,
        /// Same here.
        SameHere = 3,
    }
    /// What came back to a call for help.
    HelpKind {
        /// Seen.
        Seen = 0,
        /// On my way, or with you soon.
        Coming = 1,
        /// Call me.
        CallMe = 2,
        /// The one who asked is okay: it is over.
        Okay = 3,
        /// Not possible now.
        CannotNow = 4,
    }
    /// How a commitment stands.
    CommitmentState {
        /// Not yet.
        NotYet = 0,
        /// Done.
        Done = 1,
        /// Wants a hand with it.
        Help = 2,
    }
    /// Which one of a weekday in a month.
    MonthWeek {
        /// The first Monday, say.
        First = 0,
        /// The second.
        Second = 1,
        /// The third.
        Third = 2,
        /// The fourth.
        Fourth = 3,
        /// The last, be it the fourth or the fifth.
        Last = 4,
    }
}

mirrored! {
    Mood = private::Mood { VeryLow Low Okay Good Great }
    Halt = private::Halt { Hungry Angry Lonely Tired }
    Use = private::Use { NotUsed Used RatherNotSay }
    Medication = private::Medication { Taken NotYet Skipped }
    Dimension = plan::Dimension { Health Home Purpose Community }
    GoalState = plan::GoalState { Open Paused Reached }
    StepState = plan::StepState { ToDo Doing Done }
    PostKind = circle::PostKind { Victory Setback }
    Reaction = circle::Reaction { WithYou WellDone Thanks SameHere }
    CommitmentState = circle::CommitmentState { NotYet Done Help }
    MonthWeek = circle::MonthWeek { First Second Third Fourth Last }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Self(date.num_days_from_ce() - UNIX_DAY)
    }
}

impl Day {
    /// The date, where the calendar has it.
    pub fn date(self) -> Option<NaiveDate> {
        NaiveDate::from_num_days_from_ce_opt(self.0.checked_add(UNIX_DAY)?)
    }
}

/// Minutes since midnight.
pub(super) fn minutes_of(time: NaiveTime) -> u16 {
    u16::try_from(time.hour() * 60 + time.minute()).unwrap_or_default()
}

/// The time of day, if the day has so many minutes.
pub(super) fn time_of(minutes: u16) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(u32::from(minutes / 60), u32::from(minutes % 60), 0)
}

/// 1970-01-01, counted from the year 1.
const UNIX_DAY: i32 = 719_163;

impl Basis {
    pub(super) fn check(&self) -> Result<(), Refusal> {
        sorted(&self.consents)
    }
}

impl Target {
    pub(super) fn check(&self) -> Result<(), Refusal> {
        if self.key.len() > MAX_KEY { Err(Refusal::Oversized) } else { Ok(()) }
    }
}

/// Refuses text of more characters than this.
pub(in crate::space) fn within(text: &str, most: usize) -> Result<(), Refusal> {
    if text.chars().count() > most { Err(Refusal::Oversized) } else { Ok(()) }
}

pub(super) fn some_within(text: &Option<String>, most: usize) -> Result<(), Refusal> {
    text.as_deref().map_or(Ok(()), |text| within(text, most))
}

pub(super) fn few<T>(list: &[T]) -> Result<(), Refusal> {
    if list.len() > MAX_LIST { Err(Refusal::Oversized) } else { Ok(()) }
}

/// Refuses long lists, and lists that are not sorted or repeat themselves.
pub(in crate::space) fn sorted<T: Ord>(list: &[T]) -> Result<(), Refusal> {
    sorted_within(list, MAX_LIST)
}

/// The same, with a limit of its own.
pub(super) fn sorted_within<T: Ord>(list: &[T], most: usize) -> Result<(), Refusal> {
    if list.len() > most {
        return Err(Refusal::Oversized);
    }
    if list.is_sorted_by(|a, b| a < b) { Ok(()) } else { Err(Refusal::NotCanonical) }
}
