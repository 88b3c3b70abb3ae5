//! What the members of a space keep together.

use trellis_api_types::Millis;
use trellis_api_types::circle::{Meeting, Resource};

/// The board of a space.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    /// Words of the agreement; empty if there is none.
    pub agreement: String,
    /// The question of the week, and when it was asked.
    pub focus: Option<(String, Millis)>,
    /// Meetings, in the order they were made.
    pub meetings: Vec<Meeting>,
    /// Resources, in the order they were made.
    pub resources: Vec<Resource>,
}
