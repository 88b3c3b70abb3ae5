//! "I need someone now": asking one's people, wherever one shares a pair or a group with them.

use serde::{Deserialize, Serialize};

use crate::circle::Helper;
use crate::command::commands;
use crate::people::Person;
use crate::{Id, Millis};

/// Somebody who can be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Askable {
    /// Who.
    pub person: Person,
    /// Chosen last time, or to begin with.
    pub chosen: bool,
}

/// One's own call for help. Of several spaces it is one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnCall {
    /// Record; the same in every space.
    pub key: Id,
    /// When.
    pub at: Millis,
    /// Own words.
    pub text: Option<String>,
    /// Who was asked.
    pub helpers: Vec<Helper>,
    /// The relay has none of it: nobody can have seen it.
    pub only_here: bool,
}

/// What the screen shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Need {
    /// Everyone who can be asked, by name. People who are blocked, and people of a pair or group that has ended, are left out.
    pub people: Vec<Askable>,
    /// The call that stands.
    pub call: Option<OwnCall>,
}

commands! {
    /// Who can be asked, and the call that stands.
    NeedGet {} as "need_get" -> Need;
    /// Keeps who is asked, for the next time.
    NeedKeep {
        /// Accounts.
        to: Vec<Id>,
    } as "need_keep" -> ();
    /// Asks. Repeating it with the same id asks once. Errors: `no-helpers`, `too-long`.
    NeedAsk {
        /// Made by the screen.
        id: Id,
        /// Accounts.
        to: Vec<Id>,
        /// Own words; may be empty.
        text: String,
    } as "need_ask" -> ();
    /// Tells everyone who was asked that all is well. Error: `not-found`.
    NeedOkay {
        /// From the call.
        key: Id,
    } as "need_okay" -> ();
}
