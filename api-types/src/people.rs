//! The spaces that a person shares with others, and who is in them.

use serde::{Deserialize, Serialize};

use crate::command::commands;
use crate::devices::MatchWords;
use crate::joining::{Ask, Invite, Joining};
pub use crate::space::{Role, SpaceKind};
use crate::{Id, Millis};

/// Somebody in a space.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Account.
    pub account: Id,
    /// What they call themselves here; empty until that has come.
    pub name: String,
    /// What they are to the others.
    pub role: Role,
    /// Whether they have the powers of a facilitator.
    pub leads: bool,
    /// This person.
    pub me: bool,
    /// Blocked by this person, in every space.
    pub blocked: bool,
    /// Phone number, kept on one's own devices only; may be empty.
    pub phone: String,
    /// May be put out by this person.
    pub may_remove: bool,
    /// May be made a facilitator by this person.
    pub may_promote: bool,
    /// May be made a member by this person.
    pub may_demote: bool,
}

/// A space in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpaceRow {
    /// Space.
    pub id: Id,
    /// Pair or group.
    pub kind: SpaceKind,
    /// What it is called; a pair is shown by the other's name.
    pub name: String,
    /// Everyone in it, this person first.
    pub people: Vec<Person>,
    /// When something of somebody else came last.
    pub heard_at: Option<Millis>,
    /// People who ask to join.
    pub asks: u32,
    /// Somebody asks for help there now.
    pub help: bool,
    /// Over: nothing more is written.
    pub ended: bool,
    /// Only a later version of the app can write here.
    pub read_only: bool,
    /// Known, but who let this person in has not come here yet.
    pub arriving: bool,
}

/// What the list of people shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct People {
    /// Spaces, those that were heard of last first.
    pub spaces: Vec<SpaceRow>,
    /// Invitations that this person answers.
    pub joining: Vec<Joining>,
    /// Whether this person is a coach in any space.
    pub coaches: bool,
    /// Whether a relay is chosen: without one nobody can be invited.
    pub relay: bool,
    /// What to be called, to begin with.
    pub my_name: String,
}

/// One space and what this person may do in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Space {
    /// As in the list.
    pub row: SpaceRow,
    /// Every member may invite.
    pub members_invite: bool,
    /// Closed to new members.
    pub closed: bool,
    /// May invite.
    pub may_invite: bool,
    /// May set who invites, close the group and change the agreement.
    pub may_settle: bool,
    /// Invitations of this person that stand or stood.
    pub invites: Vec<Invite>,
    /// Who asks to join by them.
    pub asks: Vec<Ask>,
}

/// A space with somebody in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Together {
    /// Space.
    pub space: Id,
    /// Pair or group.
    pub kind: SpaceKind,
    /// What it is called; may be empty for a pair.
    pub name: String,
    /// This person shares something there.
    pub shares: bool,
}

/// What a facilitator does with a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemberAct {
    /// Puts them out.
    Remove,
    /// Gives them the powers of a facilitator.
    Promote,
    /// Takes these powers back.
    Demote,
}

commands! {
    /// The list of spaces.
    PeopleGet {} as "people_get" -> People;
    /// Makes a space. Repeating it with the same id answers the same space. Errors: `empty-text`, `too-long`.
    SpaceMake {
        /// Made by the screen.
        id: Id,
        /// Pair or group.
        kind: SpaceKind,
        /// What it is called; may be empty for a pair.
        name: String,
        /// What this person is in it.
        role: Role,
        /// What this person is called there.
        my_name: String,
    } as "space_make" -> Id;
    /// One space. Error: `not-found`.
    SpaceGet {
        /// Space.
        space: Id,
    } as "space_get" -> Space;
    /// Acts on a member. Errors: `not-entitled`, `not-found`.
    MemberChange {
        /// Space.
        space: Id,
        /// Member.
        account: Id,
        /// What.
        act: MemberAct,
    } as "member_change" -> ();
    /// Sets what a group allows. Error: `not-entitled`.
    SpaceSettle {
        /// Space.
        space: Id,
        /// Every member may invite.
        members_invite: bool,
        /// Closed to new members.
        closed: bool,
    } as "space_settle" -> ();
    /// Leaves a space; a pair is over then.
    SpaceLeave {
        /// Space.
        space: Id,
    } as "space_leave" -> ();
    /// Takes a space that is over, or was left, off one's own devices.
    SpaceForget {
        /// Space.
        space: Id,
    } as "space_forget" -> ();
    /// Where this person is together with somebody.
    PersonSpaces {
        /// Who.
        account: Id,
    } as "person_spaces" -> Vec<Together>;
    /// Keeps what only one's own devices know of somebody; what is `None` stays as it is. Blocking ends what this person shares
    /// with them in a pair.
    PersonSave {
        /// Who.
        account: Id,
        /// Phone number; may be empty.
        phone: Option<String>,
        /// Silent for this person in every space.
        blocked: Option<bool>,
    } as "person_save" -> ();
    /// Eight words that both see if nobody sits between.
    SafetyWords {
        /// The other.
        account: Id,
    } as "safety_words" -> MatchWords;
}
