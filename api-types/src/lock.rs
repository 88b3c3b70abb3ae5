//! How the key of what is stored here is kept.

use serde::{Deserialize, Serialize};

/// How the database key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LockKind {
    /// In the system's keychain.
    Keychain,
    /// Wrapped under a passphrase.
    Passphrase,
    /// Wrapped under a short code and a secret in the system's keychain.
    Code,
}

/// A choice of lock with what it needs.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Lock {
    /// In the system's keychain.
    Keychain,
    /// Under this passphrase.
    Passphrase(String),
    /// Under this code and a secret in the system's keychain.
    Code(String),
}

impl std::fmt::Debug for Lock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Keychain => "Keychain",
            Self::Passphrase(_) => "Passphrase(..)",
            Self::Code(_) => "Code(..)",
        })
    }
}
