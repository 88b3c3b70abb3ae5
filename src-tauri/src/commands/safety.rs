//! The safety plan.

use trellis_api_types::safety::*;

use super::delegate;

delegate! {
    /// The whole safety plan.
    safety_get: SafetyGet;
    /// One change.
    safety_save: SafetySave;
}
