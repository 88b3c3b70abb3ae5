//! The spaces that a person shares with others.

use trellis_api_types::people::*;

use super::{delegate, delegate_changes};

delegate! {
    /// The list of spaces.
    people_get: PeopleGet;
    /// One space.
    space_get: SpaceGet;
    /// Where this person is together with somebody.
    person_spaces: PersonSpaces;
    /// Words that both see.
    safety_words: SafetyWords;
}

delegate_changes! {
    /// Makes a space.
    space_make: SpaceMake;
    /// Acts on a member.
    member_change: MemberChange;
    /// Sets what a group allows.
    space_settle: SpaceSettle;
    /// Leaves.
    space_leave: SpaceLeave;
    /// Takes what is over off one's own devices.
    space_forget: SpaceForget;
    /// Keeps what only one's own devices know of somebody.
    person_save: PersonSave;
}
