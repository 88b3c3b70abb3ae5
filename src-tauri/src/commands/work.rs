//! Step work.

use trellis_api_types::work::*;

use super::delegate;

delegate! {
    /// All worksheets.
    work_get: WorkGet;
    /// One change.
    work_save: WorkSave;
}
