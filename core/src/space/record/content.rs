//! What records can say. Numbers are for ever; new contents get new ones.

use minicbor::{Decode, Encode};

use super::board::{BoardValue, MAX_OVER};
use super::values::*;
use crate::crypto::Refusal;
use crate::space::{AccountId, ItemId};

/// A check-in as it is shared: a field that was not agreed to is absent.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct SharedCheckIn {
    /// Day it is about.
    #[n(0)]
    pub day: Day,
    /// Time of day it is about, minutes.
    #[n(1)]
    pub minutes: u16,
    /// Why it may be here.
    #[n(2)]
    pub basis: Basis,
    /// Mood.
    #[n(3)]
    pub mood: Option<Mood>,
    /// Urge, 0 to 10.
    #[n(4)]
    pub urge: Option<u8>,
    /// Any that fit.
    #[n(5)]
    pub halt: Option<Vec<Halt>>,
    /// Use since the last check-in.
    #[n(6)]
    pub used: Option<Use>,
    /// Medication.
    #[n(7)]
    pub medication: Option<Medication>,
    /// Own words.
    #[n(8)]
    pub note: Option<String>,
    /// A meeting they went to.
    #[n(9)]
    pub meeting: Option<String>,
}

/// A step of a shared goal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct SharedStep {
    /// What.
    #[n(0)]
    pub text: String,
    /// State.
    #[n(1)]
    pub state: StepState,
    /// By when.
    #[n(2)]
    pub due: Option<Day>,
}

/// A goal as it is shared.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct SharedGoal {
    /// Dimension.
    #[n(0)]
    pub dimension: Dimension,
    /// What.
    #[n(1)]
    pub title: String,
    /// State.
    #[n(2)]
    pub state: GoalState,
    /// Steps in the person's order.
    #[n(3)]
    pub steps: Vec<SharedStep>,
    /// Why it may be here.
    #[n(4)]
    pub basis: Basis,
    /// Why, in own words.
    #[n(5)]
    pub reason: Option<String>,
}

/// A line of a weekly update.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Field {
    /// What is asked.
    #[n(0)]
    pub label: String,
    /// The answer.
    #[n(1)]
    pub text: String,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Content {
    /// Who somebody is here.
    #[n(0)]
    Profile {
        /// Name to the others.
        #[n(0)]
        name: String,
    },
    /// A check-in.
    #[n(1)]
    CheckIn(#[n(0)] SharedCheckIn),
    /// A milestone.
    #[n(2)]
    Milestone {
        /// The day.
        #[n(0)]
        on: Day,
        /// Days it stands for.
        #[n(1)]
        days: u32,
        /// Why it may be here.
        #[n(2)]
        basis: Basis,
        /// Own words.
        #[n(3)]
        text: Option<String>,
    },
    /// A goal of the plan.
    #[n(3)]
    Goal(#[n(0)] SharedGoal),
    /// Something that went well, or a setback, told to the others.
    #[n(4)]
    Post {
        /// Which.
        #[n(0)]
        kind: PostKind,
        /// Own words.
        #[n(1)]
        text: String,
        /// When it was written, milliseconds since 1970 by their clock.
        #[n(2)]
        at: Option<i64>,
    },
    /// A reaction to a record.
    #[n(5)]
    Reaction {
        /// To what.
        #[n(0)]
        to: Target,
        /// Which.
        #[n(1)]
        kind: Reaction,
    },
    /// A reply to a record.
    #[n(6)]
    Reply {
        /// To what.
        #[n(0)]
        to: Target,
        /// Own words.
        #[n(1)]
        text: String,
        /// When it was written, milliseconds since 1970 by their clock.
        #[n(2)]
        at: Option<i64>,
    },
    /// An answer to the question of the week.
    #[n(7)]
    FocusAnswer {
        /// Key of the question.
        #[n(0)]
        question: String,
        /// Own words.
        #[n(1)]
        text: String,
        /// When it was written, milliseconds since 1970 by their clock.
        #[n(2)]
        at: Option<i64>,
    },
    /// Signed the agreement of the space.
    #[n(8)]
    Agreement {
        /// SHA-256 of the agreement's text.
        #[cbor(n(0), with = "minicbor::bytes")]
        hash: [u8; 32],
    },
    /// Someone needs another person now.
    #[n(9)]
    HelpRequest {
        /// Whom it is for, sorted; empty means all.
        #[n(0)]
        to: Vec<AccountId>,
        /// When, milliseconds since 1970 by their clock.
        #[n(1)]
        at: i64,
        /// Own words.
        #[n(2)]
        text: Option<String>,
    },
    /// Seen, or answered.
    #[n(10)]
    HelpAnswer {
        /// The call for help.
        #[n(0)]
        to: Target,
        /// Which.
        #[n(1)]
        kind: HelpKind,
        /// Own words.
        #[n(2)]
        text: Option<String>,
        /// Number to call them at.
        #[n(3)]
        phone: Option<String>,
    },
    /// One answer of step work.
    #[n(11)]
    StepWork {
        /// Worksheet.
        #[n(0)]
        worksheet: String,
        /// Question in it.
        #[n(1)]
        question: String,
        /// Own words.
        #[n(2)]
        text: String,
        /// When it was written, milliseconds since 1970 by their clock.
        #[n(3)]
        at: Option<i64>,
    },
    /// A call that was agreed.
    #[n(12)]
    Call {
        /// When, milliseconds since 1970.
        #[n(0)]
        at: i64,
        /// With whom.
        #[n(1)]
        with: AccountId,
        /// Whether it took place.
        #[n(2)]
        kept: Option<bool>,
    },
    /// A weekly update.
    #[n(13)]
    Weekly {
        /// The Monday of the week.
        #[n(0)]
        week: Day,
        /// Lines.
        #[n(1)]
        fields: Vec<Field>,
        /// When it was written, milliseconds since 1970 by their clock.
        #[n(2)]
        at: Option<i64>,
    },
    /// Something promised, with a day.
    #[n(14)]
    Commitment {
        /// What, to go on after "will".
        #[n(0)]
        text: String,
        /// By then.
        #[n(1)]
        by: Day,
        /// How it stands.
        #[n(2)]
        state: CommitmentState,
        /// Who witnesses it.
        #[n(3)]
        witness: Option<AccountId>,
    },
    /// A change of what the members keep together.
    #[n(15)]
    Board {
        /// What its slot holds from then on.
        #[n(0)]
        value: BoardValue,
        /// The changes that it stands over, sorted: the newest of each account that its author saw.
        #[n(1)]
        over: Vec<ItemId>,
    },
}

impl Content {
    /// Why a projection may be here; `None` for what was written for the space.
    pub fn basis(&self) -> Option<&Basis> {
        match self {
            Self::CheckIn(SharedCheckIn { basis, .. })
            | Self::Milestone { basis, .. }
            | Self::Goal(SharedGoal { basis, .. }) => Some(basis),
            _ => None,
        }
    }

    pub(in crate::space) fn basis_mut(&mut self) -> Option<&mut Basis> {
        match self {
            Self::CheckIn(SharedCheckIn { basis, .. })
            | Self::Milestone { basis, .. }
            | Self::Goal(SharedGoal { basis, .. }) => Some(basis),
            _ => None,
        }
    }

    /// When it was written by its author's clock, where it says so. A call for help is shown by when it came too: its
    /// author's clock may be wrong.
    pub fn at(&self) -> Option<i64> {
        match self {
            Self::Post { at, .. }
            | Self::Reply { at, .. }
            | Self::FocusAnswer { at, .. }
            | Self::StepWork { at, .. }
            | Self::Weekly { at, .. } => *at,
            _ => None,
        }
    }

    pub(super) fn check(&self) -> Result<(), Refusal> {
        let basis = self.basis().map_or(Ok(()), Basis::check);
        basis.and_then(|()| match self {
            Self::Profile { name } => within(name, MAX_NAME),
            Self::CheckIn(checkin) => checkin.check(),
            Self::Milestone { text, .. } => some_within(text, MAX_TEXT),
            Self::Goal(goal) => goal.check(),
            Self::Post { text, .. } => within(text, MAX_NOTE),
            Self::Reaction { to, .. } => to.check(),
            Self::Reply { to, text, .. } => to.check().and(within(text, MAX_NOTE)),
            Self::FocusAnswer { question, text, .. } => {
                within(question, MAX_LINE).and(within(text, MAX_NOTE))
            }
            Self::Agreement { .. } | Self::Call { .. } => Ok(()),
            Self::Commitment { text, .. } => within(text, MAX_LINE),
            Self::Board { value, over } => value.check().and(sorted_within(over, MAX_OVER)),
            Self::HelpRequest { to, text, .. } => sorted(to).and(some_within(text, MAX_TEXT)),
            Self::HelpAnswer { to, text, phone, .. } => {
                to.check().and(some_within(text, MAX_TEXT)).and(some_within(phone, MAX_NAME))
            }
            Self::StepWork { worksheet, question, text, .. } => {
                within(worksheet, MAX_LINE).and(within(question, MAX_LINE)).and(within(text, MAX_NOTE))
            }
            Self::Weekly { fields, .. } => few(fields).and(
                fields
                    .iter()
                    .try_for_each(|field| within(&field.label, MAX_LINE).and(within(&field.text, MAX_TEXT))),
            ),
        })
    }
}

impl SharedCheckIn {
    fn check(&self) -> Result<(), Refusal> {
        if self.urge.is_some_and(|urge| urge > 10) || self.minutes >= 24 * 60 {
            return Err(Refusal::Malformed);
        }
        some_within(&self.note, MAX_NOTE)?;
        some_within(&self.meeting, MAX_LINE)?;
        sorted(self.halt.as_deref().unwrap_or_default())
    }
}

impl SharedGoal {
    fn check(&self) -> Result<(), Refusal> {
        within(&self.title, MAX_LINE)?;
        some_within(&self.reason, MAX_TEXT)?;
        few(&self.steps)?;
        self.steps.iter().try_for_each(|step| within(&step.text, MAX_LINE))
    }
}
