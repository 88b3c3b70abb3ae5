//! Inviting somebody into a space, and answering an invitation. Neither side needs to be there when the other is.

use serde::{Deserialize, Serialize};

use crate::command::commands;
use crate::devices::MatchWords;
use crate::sharing::{Field, GoalChoice};
use crate::space::{Role, SpaceKind};
use crate::{Id, Millis};

/// Whether an invitation can still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InviteState {
    /// The relay does not have it yet.
    OnlyHere,
    /// It can be used.
    Stands,
    /// Somebody came by it, and it was for one.
    Used,
    /// Taken back.
    Withdrawn,
    /// Its time is over.
    Expired,
}

/// An invitation as whoever made it sees it: three forms of one secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Invite {
    /// Made by the screen.
    pub id: Id,
    /// QR code as SVG markup, dark modules on nothing.
    pub qr_svg: String,
    /// `trellis:` link.
    pub link: String,
    /// Twelve words, where both use the same relay.
    pub words: Vec<String>,
    /// What a newcomer is to be.
    pub role: Role,
    /// Good for one newcomer only.
    pub single: bool,
    /// Not usable after.
    pub expires_at: Millis,
    /// Whether it can still be used.
    pub state: InviteState,
}

/// Somebody who asks to be let in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// The request.
    pub id: Id,
    /// The invitation.
    pub invite: Id,
    /// What they call themselves.
    pub name: String,
    /// What they are to be.
    pub role: Role,
    /// Eight words that their screen shows too.
    pub words: MatchWords,
    /// Whether they were let into this space before.
    pub back: bool,
    /// Whether this person blocked them, whatever they call themselves now.
    pub blocked: bool,
}

/// What an invitation says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// Pair or group.
    pub kind: SpaceKind,
    /// What the space is called.
    pub name: String,
    /// Who invites.
    pub inviter: String,
    /// What the newcomer is to be.
    pub role: Role,
    /// What the newcomer is asked to share; nothing is shared before they sign for it.
    pub fields: Vec<Field>,
    /// Which goals.
    pub goals: GoalChoice,
    /// What for.
    pub purpose: String,
    /// Not usable after.
    pub expires_at: Millis,
}

/// Where answering an invitation stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum JoinState {
    /// The invitation was not found yet: no network, or it is still on its way.
    Looking,
    /// Here it is; nothing was sent.
    Offered,
    /// Asked; the eight words are the same on the other side. Waits for a yes.
    Asked {
        /// Eight words.
        words: MatchWords,
    },
    /// In.
    Joined {
        /// The space.
        space: Id,
    },
    /// Over, with a code: `invite-declined`, `invite-withdrawn`, `expired`, `bad-code`, ...
    Failed(String),
}

/// An invitation that this person answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Joining {
    /// Made by the screen.
    pub id: Id,
    /// What it says, once it was found.
    pub terms: Option<Terms>,
    /// Where it stands.
    pub state: JoinState,
    /// Address of the server that becomes this person's own if they ask to join; absent where they have chosen one.
    #[serde(default)]
    pub server: Option<String>,
}

commands! {
    /// Invites into a space. Errors: `not-entitled`, `no-relay`, `bad-date`, `too-long`.
    InviteMake {
        /// Made by the screen.
        id: Id,
        /// Space.
        space: Id,
        /// What the newcomer is to be.
        role: Role,
        /// What they are asked to share.
        fields: Vec<Field>,
        /// Which goals.
        goals: GoalChoice,
        /// What for; may be empty.
        purpose: String,
        /// Good for one newcomer only.
        single: bool,
        /// Days until it expires, 1 to 30.
        days: u32,
    } as "invite_make" -> Invite;
    /// Takes an invitation back.
    InviteWithdraw {
        /// Invitation.
        id: Id,
    } as "invite_withdraw" -> ();
    /// Lets somebody in, or says no. Errors: `not-found`, `not-entitled`, `expired`.
    AskAnswer {
        /// The request.
        id: Id,
        /// Yes.
        let_in: bool,
    } as "ask_answer" -> ();
    /// Looks for an invitation by its link or 12 words. Nothing is sent about this person. Errors: `bad-code`, `no-relay`.
    JoinLook {
        /// Made by the screen.
        id: Id,
        /// Link or words.
        code: String,
    } as "join_look" -> ();
    /// One invitation that this person answers. Error: `not-found`.
    JoinGet {
        /// Made by the screen.
        id: Id,
    } as "join_get" -> Joining;
    /// Asks to be let in. Errors: `not-found`, `expired`, `empty-text`.
    JoinAsk {
        /// Made by the screen.
        id: Id,
        /// What to be called there.
        name: String,
    } as "join_ask" -> ();
    /// Drops an invitation, asked or not.
    JoinDrop {
        /// Made by the screen.
        id: Id,
    } as "join_drop" -> ();
}
