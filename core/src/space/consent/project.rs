//! Projections: shared records built from nothing but what a consent allows.

use minicbor::{Decode, Encode};
use trellis_api_types::checkin::{CheckIn, Kept};
use trellis_api_types::plan::Goal;

use super::{Effective, Fields};
use crate::crypto::{Secret, codec, kdf};
use crate::space::SpaceId;
use crate::space::record::{
    Basis, Content, Day, Halt, MAX_LIST, Medication, Mood, SharedCheckIn, SharedGoal, SharedStep, Use,
};

/// Version of the rules by which projections are made.
pub const PROJECTION: u32 = 1;

/// Key of the projection of a personal record in a space, so that all devices of a person project it to the same one.
pub fn record_key(space: &SpaceId, personal: &str) -> Vec<u8> {
    kdf::hash(&[&space.0, personal.as_bytes()]).into_iter().take(16).collect()
}

/// Where a projection goes, and the secret of the account's own devices that hides what it was made from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The shared space.
    pub space: &'a SpaceId,
    /// Shared by the account's devices and nobody else. Without it, the hash of a private record could be guessed.
    pub blind: &'a Secret,
}

/// All of a check-in that could ever be shared, for its hash.
#[derive(Encode, Decode)]
#[cbor(array)]
struct Whole {
    #[n(0)]
    id: String,
    #[n(1)]
    day: Day,
    #[n(2)]
    minutes: u16,
    #[n(3)]
    mood: Mood,
    #[n(4)]
    halt: Vec<Halt>,
    #[n(5)]
    note: String,
    #[n(6)]
    meeting: String,
    #[n(7)]
    urge: Option<u8>,
    #[n(8)]
    used: Option<Use>,
    #[n(9)]
    medication: Option<Medication>,
}

impl Source<'_> {
    fn hash(&self, what: &[u8]) -> [u8; 32] {
        let key = kdf::derive(self.blind.expose(), "source", &self.space.0);
        kdf::hash(&[key.expose(), what])
    }
}

impl Effective {
    /// A check-in as it may be shared; `None` if nothing of it may, or if its author keeps it. `meeting` is the meeting it
    /// tells of.
    pub fn checkin(&self, checkin: &CheckIn, meeting: &str, source: Source<'_>) -> Option<Content> {
        if checkin.kept.all {
            return None;
        }
        let whole = Whole::of(checkin, meeting);
        let may = |field| self.allows(field);
        let shared = SharedCheckIn {
            day: whole.day,
            minutes: whole.minutes,
            basis: self.basis(source.hash(&codec::encode(&whole))),
            mood: Some(whole.mood).filter(|_| may(Fields::MOOD)),
            urge: whole.urge.filter(|_| may(Fields::URGE)),
            halt: Some(whole.halt).filter(|halt| !halt.is_empty() && may(Fields::HALT)),
            used: whole.used.filter(|_| may(Fields::USE)),
            medication: whole.medication.filter(|_| may(Fields::MEDICATION)),
            note: Some(whole.note).filter(|note| !note.is_empty() && may(Fields::NOTE)),
            meeting: Some(whole.meeting).filter(|meeting| !meeting.is_empty() && may(Fields::MEETINGS)),
        };
        let says_something = fields_of(&shared) != Fields::default();
        (self.covers(whole.day) && says_something).then_some(Content::CheckIn(shared))
    }

    /// A goal as it may be shared; `None` if it may not.
    pub fn goal(&self, goal: &Goal, source: Source<'_>) -> Option<Content> {
        let dimension = goal.text.dimension.into();
        if !self.allows_goal(&goal.id, dimension) {
            return None;
        }
        let step = |step: &trellis_api_types::plan::Step| SharedStep {
            text: step.text.clone(),
            state: step.state.into(),
            due: step.due.map(Day::from),
        };
        let mut shared = SharedGoal {
            dimension,
            title: goal.text.title.clone(),
            state: goal.text.state.into(),
            steps: goal.steps.iter().take(MAX_LIST).map(step).collect(),
            basis: self.basis([0; 32]),
            reason: Some(goal.text.reason.clone()).filter(|reason| !reason.is_empty()),
        };
        let bare = SharedGoal { basis: Basis { consents: Vec::new(), ..shared.basis }, ..shared.clone() };
        shared.basis = self.basis(source.hash(&codec::encode(&bare)));
        Some(Content::Goal(shared))
    }

    /// A milestone as it may be shared; `None` if it may not.
    pub fn milestone(&self, on: Day, days: u32, text: &str, source: Source<'_>) -> Option<Content> {
        let text = Some(text.to_owned()).filter(|text| !text.is_empty());
        let basis = self.basis(source.hash(&codec::encode(&(on, days, &text))));
        let allowed = self.allows(Fields::MILESTONES) && self.covers(on);
        allowed.then_some(Content::Milestone { on, days, basis, text })
    }

    fn basis(&self, source: [u8; 32]) -> Basis {
        Basis { consents: self.consents().to_vec(), source, version: PROJECTION }
    }
}

impl Whole {
    /// What is kept is not in it. So a check-in of which something is kept later counts as changed, and is published
    /// without it.
    fn of(checkin: &CheckIn, meeting: &str) -> Self {
        let mut halt: Vec<Halt> = checkin.halt.iter().copied().map(Halt::from).collect();
        halt.sort_unstable();
        halt.dedup();
        Self {
            id: checkin.id.clone(),
            day: checkin.date.into(),
            minutes: minutes(checkin),
            mood: checkin.mood.into(),
            halt,
            note: if checkin.kept.note { String::new() } else { checkin.note.clone() },
            meeting: meeting.to_owned(),
            urge: checkin.urge,
            used: checkin.used.filter(|_| !checkin.kept.used).map(Use::from),
            medication: checkin.medication.map(Medication::from),
        }
    }
}

/// Whether a projection says something that its author keeps now.
pub fn tells_kept(content: &Content, kept: Kept) -> bool {
    let Content::CheckIn(shared) = content else { return false };
    kept.all || kept.used && shared.used.is_some() || kept.note && shared.note.is_some()
}

fn minutes(checkin: &CheckIn) -> u16 {
    use chrono::Timelike;
    u16::try_from(checkin.time.num_seconds_from_midnight() / 60).unwrap_or_default()
}

/// The fields that a shared check-in holds.
pub fn fields_of(shared: &SharedCheckIn) -> Fields {
    let held = [
        (shared.mood.is_some(), Fields::MOOD),
        (shared.urge.is_some(), Fields::URGE),
        (shared.halt.is_some(), Fields::HALT),
        (shared.used.is_some(), Fields::USE),
        (shared.medication.is_some(), Fields::MEDICATION),
        (shared.note.is_some(), Fields::NOTE),
        (shared.meeting.is_some(), Fields::MEETINGS),
    ];
    held.into_iter().filter(|(held, _)| *held).fold(Fields::default(), |all, (_, field)| all.with(field))
}
