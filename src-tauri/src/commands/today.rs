//! The first screen.

use trellis_api_types::today::*;

use super::delegate;

delegate! {
    /// What the first screen shows.
    today_get: TodayGet;
}
