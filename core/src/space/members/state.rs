//! What a roster says: who is in the space, and who may do what.

use std::collections::BTreeMap;

use super::{Policy, Role, SpaceKind};
use crate::space::{AccountId, EntryId};

/// Most members of a group who are let in; entries that did not know each other can lead to a few more.
pub const MAX_MEMBERS: usize = 30;

/// Who yields to whom: the smaller one is senior.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Steps from the founder, who is 0; ties by the entry that gave the rank.
    Facilitator(u16, EntryId),
    /// Below all facilitators.
    Member,
}

/// One account of a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// What they are to the others.
    pub role: Role,
    /// Who they yield to.
    pub rank: Rank,
    /// The entry that let them in.
    pub since: EntryId,
}

/// What a set of entries says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Pair or group; `None` before the first entry.
    pub kind: Option<SpaceKind>,
    /// What the founder called it.
    pub name: String,
    /// Who is in it.
    pub members: BTreeMap<AccountId, Member>,
    /// What the group allows.
    pub policy: Policy,
    /// A pair of which one has gone, or a group without members: nothing more is written.
    pub ended: bool,
    /// An entry of somebody who leads counts that only a later version understands: nothing is written until the app is
    /// updated, or they have lost their place.
    pub read_only: bool,
}

/// What somebody may want to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Write items of their own.
    Write,
    /// Say something of themselves in the roster.
    Speak,
    /// Go.
    Leave,
    /// Let somebody in.
    Add,
    /// Put this account out.
    Remove(AccountId),
    /// Make this member a facilitator.
    Promote(AccountId),
    /// Make this facilitator a member.
    Demote(AccountId),
    /// Set what the group allows.
    Settle,
}

impl Rank {
    /// Whether it brings the powers of a facilitator.
    pub fn is_facilitator(self) -> bool {
        matches!(self, Self::Facilitator(..))
    }

    /// The rank that its holder can give.
    pub(super) fn below(self, by: EntryId) -> Self {
        match self {
            Self::Facilitator(steps, _) => Self::Facilitator(steps.saturating_add(1), by),
            Self::Member => Self::Member,
        }
    }
}

impl State {
    /// Whether an account may do this now. Going and taking a place away stay possible: they may end what holds the space up.
    pub fn may(&self, account: &AccountId, act: Act) -> bool {
        let ends = matches!(act, Act::Leave | Act::Remove(_) | Act::Demote(_));
        (!self.read_only || ends) && self.permits(account, act)
    }

    /// Whether the entries let an account do this; an entry that only a later version understands does not void others.
    pub(super) fn permits(&self, account: &AccountId, act: Act) -> bool {
        let Some(Member { rank, .. }) = self.members.get(account) else { return false };
        let lead = rank.is_facilitator() && self.kind == Some(SpaceKind::Group);
        let rank_of = |id: &AccountId| self.members.get(id).map(|member| member.rank);
        let outranks = |id: &AccountId| rank_of(id).is_some_and(|other| *rank < other);
        match act {
            Act::Speak | Act::Leave => true,
            Act::Write => !self.ended,
            Act::Add => self.has_room() && (rank.is_facilitator() || !self.needs_power(act)),
            Act::Remove(id) => lead && outranks(&id),
            Act::Promote(id) => lead && rank_of(&id) == Some(Rank::Member),
            Act::Demote(id) => lead && outranks(&id) && rank_of(&id) != Some(Rank::Member),
            Act::Settle => lead,
        }
    }

    /// Whether only facilitators may do it.
    pub(super) fn needs_power(&self, act: Act) -> bool {
        match act {
            Act::Write | Act::Speak | Act::Leave => false,
            Act::Add => !self.policy.has(Policy::MEMBERS_INVITE),
            Act::Remove(_) | Act::Promote(_) | Act::Demote(_) | Act::Settle => true,
        }
    }

    fn has_room(&self) -> bool {
        let limit = if self.kind == Some(SpaceKind::Pair) { 2 } else { MAX_MEMBERS };
        !self.ended && !self.policy.has(Policy::CLOSED) && self.members.len() < limit
    }
}
