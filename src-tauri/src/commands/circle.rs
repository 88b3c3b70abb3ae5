//! A space's day.

use trellis_api_types::circle::*;

use super::{delegate, delegate_changes};

delegate! {
    /// What a space shows.
    circle_get: CircleGet;
}

delegate_changes! {
    /// One change.
    circle_save: CircleSave;
}
