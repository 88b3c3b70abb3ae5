//! What the members of a space keep together: the values that a slot can hold.

use minicbor::{Decode, Encode};
use trellis_api_types::Millis;
use trellis_api_types::circle::{Meeting, Resource};

use super::values::*;
use crate::crypto::Refusal;

/// Most changes that one change names; more people than this never write to one slot at once.
pub const MAX_OVER: usize = 64;
/// Time zones, bytes.
const MAX_ZONE: usize = 64;

/// A meeting that the members keep together.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct SharedMeeting {
    /// What it is called.
    #[n(0)]
    pub title: String,
    /// Day of the next one.
    #[n(1)]
    pub day: Day,
    /// Its time of day, minutes.
    #[n(2)]
    pub minutes: u16,
    /// Place or link.
    #[n(3)]
    pub place: String,
    /// Comes again after so many days; 0 for once.
    #[n(4)]
    pub every_days: u8,
    /// Comes again each month, on the weekday of the day in this week.
    #[n(5)]
    pub every_month: Option<MonthWeek>,
    /// Zone of day and time; empty for the local time of the reader.
    #[n(6)]
    pub zone: String,
}

/// A resource that the members keep together.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct SharedResource {
    /// What it is called.
    #[n(0)]
    pub title: String,
    /// Address, number or a few words.
    #[n(1)]
    pub detail: String,
}

/// What one slot holds.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum BoardValue {
    /// Words of the agreement; empty for none.
    #[n(0)]
    Agreement(#[n(0)] String),
    /// The question of the week; empty for none.
    #[n(1)]
    Focus {
        /// Words.
        #[n(0)]
        question: String,
        /// When it was asked, milliseconds since 1970.
        #[n(1)]
        at: Millis,
    },
    /// A meeting, or that it was taken away.
    #[n(2)]
    Meeting {
        /// Id that a screen made.
        #[n(0)]
        id: String,
        /// When it was made, milliseconds since 1970.
        #[n(1)]
        since: Millis,
        /// As it is.
        #[n(2)]
        meeting: Option<SharedMeeting>,
    },
    /// A resource, or that it was taken away.
    #[n(3)]
    Resource {
        /// Id that a screen made.
        #[n(0)]
        id: String,
        /// When it was made, milliseconds since 1970.
        #[n(1)]
        since: Millis,
        /// As it is.
        #[n(2)]
        resource: Option<SharedResource>,
    },
}

impl BoardValue {
    /// Name of the slot that it fills.
    pub fn slot(&self) -> String {
        match self {
            Self::Agreement(_) => "agreement".to_owned(),
            Self::Focus { .. } => "focus".to_owned(),
            Self::Meeting { id, .. } => meeting_slot(id),
            Self::Resource { id, .. } => resource_slot(id),
        }
    }

    /// The same slot with nothing in it.
    pub fn cleared(&self) -> Self {
        match self.clone() {
            Self::Agreement(_) => Self::Agreement(String::new()),
            Self::Focus { at, .. } => Self::Focus { question: String::new(), at },
            Self::Meeting { id, since, .. } => Self::Meeting { id, since, meeting: None },
            Self::Resource { id, since, .. } => Self::Resource { id, since, resource: None },
        }
    }

    /// Whether the slot holds something.
    pub fn holds(&self) -> bool {
        *self != self.cleared()
    }

    /// When the thing was made; of what there is only one of, 0.
    pub fn since(&self) -> Millis {
        match self {
            Self::Agreement(_) | Self::Focus { .. } => 0,
            Self::Meeting { since, .. } | Self::Resource { since, .. } => *since,
        }
    }

    /// Refuses what is longer than its limits.
    pub fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Agreement(text) => within(text, MAX_NOTE),
            Self::Focus { question, .. } => within(question, MAX_LINE),
            Self::Meeting { id, meeting, .. } => {
                within(id, MAX_NAME).and(meeting.as_ref().map_or(Ok(()), SharedMeeting::check))
            }
            Self::Resource { id, resource, .. } => {
                let fits =
                    |one: &SharedResource| within(&one.title, MAX_LINE).and(within(&one.detail, MAX_TEXT));
                within(id, MAX_NAME).and(resource.as_ref().map_or(Ok(()), fits))
            }
        }
    }
}

/// Name of a meeting's slot.
pub fn meeting_slot(id: &str) -> String {
    format!("meeting/{id}")
}

/// Name of a resource's slot.
pub fn resource_slot(id: &str) -> String {
    format!("resource/{id}")
}

impl SharedMeeting {
    fn check(&self) -> Result<(), Refusal> {
        if self.minutes >= 24 * 60 || self.zone.len() > MAX_ZONE {
            return Err(Refusal::Malformed);
        }
        within(&self.title, MAX_LINE).and(within(&self.place, MAX_LINE))
    }

    pub(super) fn shown(&self, id: &str) -> Option<Meeting> {
        Some(Meeting {
            id: id.to_owned(),
            title: self.title.clone(),
            date: self.day.date()?,
            time: time_of(self.minutes)?,
            place: self.place.clone(),
            every_days: self.every_days,
            every_month: self.every_month.map(Into::into),
            zone: self.zone.clone(),
            at: None,
        })
    }
}

impl From<&Meeting> for SharedMeeting {
    fn from(meeting: &Meeting) -> Self {
        Self {
            title: meeting.title.clone(),
            day: meeting.date.into(),
            minutes: minutes_of(meeting.time),
            place: meeting.place.clone(),
            every_days: meeting.every_days,
            every_month: meeting.every_month.map(Into::into),
            zone: meeting.zone.clone(),
        }
    }
}

impl From<&Resource> for SharedResource {
    fn from(resource: &Resource) -> Self {
        Self { title: resource.title.clone(), detail: resource.detail.clone() }
    }
}

impl SharedResource {
    pub(super) fn shown(&self, id: &str) -> Resource {
        Resource { id: id.to_owned(), title: self.title.clone(), detail: self.detail.clone() }
    }
}
