//! The way come so far.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use trellis_api_types::journey::{Journey, JourneyGet, Milestone};
use trellis_api_types::today::DayMark;

use super::App;
use crate::crdt::{DocId, Docs, SharedSettings, read_settings, write_reached};
use crate::domain::journey::{Mark, day_marks, figures, milestones, outlived};
use crate::domain::validate;
use crate::error::Result;
use crate::platform::Host;
use crate::store::Tx;
use crate::store::checkins::CheckInRow;

impl<H: Host> App<H> {
    /// Figures, and the days from `from` to `to`. Error: `bad-span` (backwards, or more than 400 days).
    pub fn journey_get(&mut self, JourneyGet { from, to }: JourneyGet) -> Result<Journey> {
        validate::span(from, to)?;
        let today = self.today();
        let session = self.session()?;
        session.read(|tx, docs| {
            let settings = read_settings(docs.get(tx, DocId::Settings)?);
            let returns = tx.returns()?;
            Ok(Journey {
                figures: settings.counted_from().map(|start| figures(start, &returns, today)),
                milestones: reached(&settings, &returns, today),
                days: marks(tx, from, to)?,
                first_checkin: tx.first_checkin()?,
                today,
            })
        })
    }
}

/// Milestones of a journey, those kept included; none while no start is known.
pub fn reached(settings: &SharedSettings, returns: &[NaiveDate], today: NaiveDate) -> Vec<Milestone> {
    let of = |start| milestones(start, returns, &settings.reached, today);
    settings.counted_from().map(of).unwrap_or_default()
}

/// Does what changes check-ins, and keeps the milestones that were reached before and would move by it.
pub fn keeping_milestones<T>(
    tx: &Tx<'_>,
    docs: &mut Docs,
    today: NaiveDate,
    work: impl FnOnce(&Tx<'_>, &mut Docs) -> Result<T>,
) -> Result<T> {
    let settings = read_settings(docs.get(tx, DocId::Settings)?);
    let Some(start) = settings.recovery_start else { return work(tx, docs) };
    let before = tx.returns()?;
    let done = work(tx, docs)?;
    let after = tx.returns()?;
    if before != after {
        let bare = milestones(start, &after, &BTreeMap::new(), today);
        let kept = outlived(&reached(&settings, &before, today), &bare);
        docs.edit(tx, DocId::Settings, |edit| {
            kept.iter().try_for_each(|(days, on)| write_reached(edit, start, *days, *on))
        })?;
    }
    Ok(done)
}

/// Every day of a span, oldest first.
pub fn marks(tx: &Tx<'_>, from: NaiveDate, to: NaiveDate) -> Result<Vec<DayMark>> {
    let rows = tx.checkins(from, to)?;
    Ok(day_marks(from, to, rows.into_iter().rev().map(mark)))
}

fn mark(row: CheckInRow) -> Mark {
    Mark { date: row.date, mood: row.mood, urge: row.urge, returned: row.returned }
}
