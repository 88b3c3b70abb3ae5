//! The way come so far.

use trellis_api_types::journey::*;

use super::delegate;

delegate! {
    /// Figures, calendar and series.
    journey_get: JourneyGet;
}
