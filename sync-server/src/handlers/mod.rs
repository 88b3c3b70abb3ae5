//! The calls, one file for each room.

pub(crate) mod events;
pub(crate) mod mailboxes;
pub(crate) mod operate;
pub(crate) mod sync;

use trellis_protocol::{ErrorCode, limits};

use crate::problem::{Problem, Reply};

/// Refuses a call that names too many mailboxes.
fn few_enough(mailboxes: usize) -> Reply<()> {
    if mailboxes <= limits::MAX_MAILBOXES {
        return Ok(());
    }
    Err(Problem::new(ErrorCode::TooLarge, "The call names too many mailboxes."))
}
