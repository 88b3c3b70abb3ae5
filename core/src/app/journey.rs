//! The way come so far.

use chrono::NaiveDate;
use trellis_api_types::journey::{Journey, JourneyGet};
use trellis_api_types::today::DayMark;

use super::App;
use super::checkins::span;
use crate::domain::journey::{Mark, day_marks, figures, milestones};
use crate::error::Result;
use crate::platform::Host;
use crate::store::Tx;
use crate::store::checkins::CheckInRow;

impl<H: Host> App<H> {
    /// Figures, and the days from `from` to `to`. Error: `bad-span` (backwards, or more than 400 days).
    pub fn journey_get(&mut self, JourneyGet { from, to }: JourneyGet) -> Result<Journey> {
        span(from, to)?;
        let today = self.today();
        let session = self.session()?;
        let start = session.shared_settings()?.recovery_start;
        session.read(|tx, _| {
            let returns = tx.returns()?;
            Ok(Journey {
                figures: start.map(|start| figures(start, &returns, today)),
                milestones: start.map(|start| milestones(start, &returns, today)).unwrap_or_default(),
                days: marks(tx, from, to)?,
                first_checkin: tx.first_checkin()?,
                today,
            })
        })
    }
}

/// Every day of a span, oldest first.
pub fn marks(tx: &Tx<'_>, from: NaiveDate, to: NaiveDate) -> Result<Vec<DayMark>> {
    let rows = tx.checkins(from, to)?;
    Ok(day_marks(from, to, rows.into_iter().rev().map(mark)))
}

fn mark(row: CheckInRow) -> Mark {
    Mark { date: row.date, mood: row.mood, urge: row.urge, returned: row.returned }
}
