//! Kinds of spaces, and what their members are to each other.

use serde::{Deserialize, Serialize};

/// How many a space is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SpaceKind {
    /// Two people.
    Pair,
    /// Three and more.
    Group,
}

/// What somebody is to the others. It gives no power.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Somebody in recovery, followed by a coach or in a group.
    Participant,
    /// One of equals.
    Peer,
    /// Sponsor.
    Sponsor,
    /// Sponsee.
    Sponsee,
    /// Coach.
    Coach,
    /// Leads a group.
    Facilitator,
}
