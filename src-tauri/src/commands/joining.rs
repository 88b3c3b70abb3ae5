//! Inviting, and answering an invitation.

use trellis_api_types::joining::*;

use super::{delegate, delegate_changes};

delegate! {
    /// One invitation that is being answered.
    join_get: JoinGet;
}

delegate_changes! {
    /// Invites.
    invite_make: InviteMake;
    /// Takes an invitation back.
    invite_withdraw: InviteWithdraw;
    /// Lets somebody in, or says no.
    ask_answer: AskAnswer;
    /// Looks for an invitation.
    join_look: JoinLook;
    /// Asks to be let in.
    join_ask: JoinAsk;
    /// Drops an invitation.
    join_drop: JoinDrop;
}
