//! Errors as the screens see them: a stable code, never content.

use serde::{Deserialize, Serialize};

/// Why a call failed. The screen chooses its words by `code`; `detail` goes under "Details".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApiError {
    /// Stable, kebab-case, e.g. `wrong-passphrase`.
    pub code: String,
    /// Technical words in English; ids and numbers only.
    pub detail: String,
    /// Whether trying again later can help.
    pub retry: bool,
    /// For back-off: when the next try is allowed.
    pub retry_at: Option<crate::Millis>,
}
