//! A coach's view.

use trellis_api_types::coach::*;

use super::delegate;

delegate! {
    /// The caseload.
    caseload_get: CaseloadGet;
    /// One person.
    case_get: CaseGet;
    /// One change of what is kept about somebody.
    case_save: CaseSave;
    /// The log of supervision.
    supervision_get: SupervisionGet;
    /// One change of it.
    supervision_save: SupervisionSave;
}
