//! What is being written and not stored yet.

use trellis_api_types::draft::*;

use super::delegate;

delegate! {
    /// Keeps what was typed.
    draft_save: DraftSave;
    /// What was typed.
    draft_get: DraftGet;
    /// Erases it.
    draft_drop: DraftDrop;
}
