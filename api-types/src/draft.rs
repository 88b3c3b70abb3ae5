//! What is being written and not stored yet: kept on this device only, so that a lock loses nothing.

use crate::command::commands;

/// Longest name of a form, bytes.
pub const NAME: usize = 300;
/// Most that is kept of one form, bytes.
pub const SIZE: usize = 128 * 1024;
/// Most forms that are kept; beyond that the one begun first goes.
pub const FORMS: u32 = 200;

commands! {
    /// Keeps what was typed in a form. Error: `too-long`.
    DraftSave {
        /// Names the form, with the ids of what it is about.
        form: String,
        /// What was typed, as the screen wants it back.
        text: String,
    } as "draft_save" -> ();
    /// What was typed in a form and not stored.
    DraftGet {
        /// Names the form.
        form: String,
    } as "draft_get" -> Option<String>;
    /// Erases what is kept of a form: it was stored, or is not wanted.
    DraftDrop {
        /// Names the form.
        form: String,
    } as "draft_drop" -> ();
}
