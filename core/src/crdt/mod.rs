//! The person's documents: what merges by itself when two devices edited offline.
//!
//! Things live in maps under their id, ordered by an `order` number, and are taken away by a mark
//! rather than deleted: an edit made elsewhere at the same time keeps the thing. Only keys that
//! changed are written, and keys this version does not know are never touched.

mod arrived;
mod board;
pub mod chunk;
mod coach;
mod doc;
mod docs;
mod edit;
mod field;
mod genesis;
mod id;
mod journal;
mod node;
mod order;
mod people;
mod plan;
mod receive;
mod safety;
mod saved;
mod settings;
mod spaces;
mod undo;
mod work;

pub use board::read_board;
pub use coach::{CaseNotes, read_case, read_supervision, write_case, write_supervision};
pub use doc::{ChangeFacts, Doc, LocalChange, changes_in, inspect};
pub use docs::Docs;
pub use edit::Edit;
pub use id::DocId;
pub use journal::{gone_checkins, read_checkin, reindex, remove_checkin, row_of, write_checkin};
pub use people::{Known, PeopleNotes, read_people, write_blocked, write_called, write_helpers, write_phone};
pub use plan::{gone_goals, read_plan, read_steps_done, write_plan};
pub use receive::Received;
pub use safety::{read_safety, write_safety};
pub use settings::{SharedSettings, read_settings, write_paper_confirmed, write_reached, write_settings};
pub use spaces::{
    KnownEpoch, KnownInvite, KnownSpace, read_epochs, read_invites, read_spaces, remove_space, write_epoch,
    write_invite, write_space,
};
pub use undo::UndoStep;
pub use work::{Share, leave_work, read_shares, read_work, write_work};

use crate::error::Error;

/// Automerge's own words are left out: they can quote keys and values.
fn refused(_: automerge::AutomergeError) -> Error {
    Error::new("document-refused", "the document did not take it")
}

#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod shared_tests;
#[cfg(test)]
mod tests;
