//! Check-ins.

use trellis_api_types::checkin::*;

use super::delegate;

delegate! {
    /// One check-in.
    checkin_get: CheckInGet;
    /// Check-ins of some days.
    checkin_list: CheckInList;
    /// Adds or replaces one.
    checkin_save: CheckInSave;
    /// Deletes one.
    checkin_delete: CheckInDelete;
}
