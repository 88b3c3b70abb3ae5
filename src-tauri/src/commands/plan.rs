//! The plan.

use trellis_api_types::plan::*;

use super::delegate;

delegate! {
    /// The whole plan.
    plan_get: PlanGet;
    /// One change.
    plan_save: PlanSave;
}
