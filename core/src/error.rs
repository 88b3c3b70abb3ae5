//! Why something failed: a stable code for the screens, technical words without content for "Details".

use trellis_api_types::{ApiError, Millis};

/// Result of anything in the core.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure with its stable code. Detail holds ids and numbers only, never content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Error {
    /// Stable, kebab-case.
    pub code: &'static str,
    /// Technical words in English.
    pub detail: String,
    /// Whether trying again later can help.
    pub retry: bool,
    /// When the next try is allowed.
    pub retry_at: Option<Millis>,
}

impl Error {
    /// A failure that trying again does not cure.
    pub fn new(code: &'static str, detail: impl ToString) -> Self {
        Self { code, detail: detail.to_string(), retry: false, retry_at: None }
    }

    /// Nothing can be written while what is here was not opened to write.
    pub fn read_only() -> Self {
        Self::new("read-only", "opened to read only").retry()
    }

    /// Whether the folder takes nothing, although what is in it may be read.
    pub fn is_unwritable(&self) -> bool {
        matches!(self.code, "disk-full" | "file-io" | "database-io" | "read-only")
    }

    /// The same failure, worth another try.
    #[must_use]
    pub fn retry(mut self) -> Self {
        self.retry = true;
        self
    }

    /// The same failure, with the time before which tries are refused.
    #[must_use]
    pub fn retry_at(mut self, at: Millis) -> Self {
        self.retry_at = Some(at);
        self.retry()
    }
}

impl From<Error> for ApiError {
    fn from(e: Error) -> Self {
        Self { code: e.code.to_owned(), detail: e.detail, retry: e.retry, retry_at: e.retry_at }
    }
}

impl From<crate::crypto::Refusal> for Error {
    fn from(refusal: crate::crypto::Refusal) -> Self {
        Self::new(refusal.code(), refusal)
    }
}

impl From<rusqlite::Error> for Error {
    /// Names the failure by SQLite's primary code; SQLite's own message is left out, it can quote rows.
    fn from(e: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let Some(code) = e.sqlite_error_code() else {
            return Self::new("database-damaged", "unexpected row");
        };
        match code {
            Code::DiskFull => Self::new("disk-full", "no room left for the database").retry(),
            Code::DatabaseBusy | Code::DatabaseLocked => Self::new("database-busy", "open elsewhere").retry(),
            Code::DatabaseCorrupt | Code::NotADatabase => Self::new("database-damaged", format!("{code:?}")),
            Code::SystemIoFailure | Code::CannotOpen | Code::ReadOnly | Code::PermissionDenied => {
                Self::new("database-io", format!("{code:?}")).retry()
            }
            other => Self::new("database-refused", format!("{other:?}")),
        }
    }
}
