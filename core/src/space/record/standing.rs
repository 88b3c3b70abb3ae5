//! A record as it is shown.

use super::Content;
use crate::space::{AccountId, ItemId};

/// A record that stands and is to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whose.
    pub author: AccountId,
    /// Which of theirs.
    pub key: Vec<u8>,
    /// What it says.
    pub content: Content,
    /// When it was written, or came; milliseconds since 1970.
    pub at: i64,
    /// Not exchanged yet.
    pub only_here: bool,
    /// The item that says it.
    pub item: ItemId,
    /// Its logical time.
    pub lamport: u64,
}
