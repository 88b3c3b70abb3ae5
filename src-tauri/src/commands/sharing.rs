//! What is shared by consent.

use trellis_api_types::sharing::*;

use super::{delegate, delegate_changes};

delegate! {
    /// What is shared in a space.
    sharing_get: SharingGet;
}

delegate_changes! {
    /// Signs a new version.
    consent_sign: ConsentSign;
    /// Stops sharing.
    consent_stop: ConsentStop;
}
