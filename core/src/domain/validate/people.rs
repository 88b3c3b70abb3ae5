//! What is accepted about spaces, invitations and consents.

use trellis_api_types::limits::{INVITE_DAYS, LINE, LIST, NAME, TEXT};
use trellis_api_types::people::SpaceKind;
use trellis_api_types::sharing::{ConsentTerms, GoalChoice, Part2, Until};

use super::{due, id, required, within};
use crate::error::{Error, Result};

/// A space to be made. A pair needs no name of its own. Errors: `bad-id`, `empty-text`, `too-long`.
pub fn space(made: &str, kind: SpaceKind, name: &str, my_name: &str) -> Result<()> {
    id(made)?;
    match kind {
        SpaceKind::Group => required(name, NAME)?,
        SpaceKind::Pair => within(name, NAME)?,
    }
    called(my_name)
}

/// What somebody is called in a space. Errors: `empty-text`, `too-long`.
pub fn called(name: &str) -> Result<()> {
    required(name, NAME)
}

/// An id that a screen made. Error: `bad-id`.
pub fn made_id(made: &str) -> Result<()> {
    id(made)
}

/// An invitation. Errors: `bad-id`, `too-long`, `bad-date`.
pub fn invite(made: &str, purpose: &str, days: u32) -> Result<()> {
    id(made)?;
    within(purpose, TEXT)?;
    if (1..=INVITE_DAYS).contains(&days) { Ok(()) } else { Err(Error::new("bad-date", "1 to 30 days")) }
}

/// A consent. Errors: `bad-date`, `too-long`, `empty-text`.
pub fn consent(terms: &ConsentTerms) -> Result<()> {
    within(&terms.purpose, TEXT)?;
    due(Some(terms.from))?;
    match &terms.until {
        Until::Date(last) if *last < terms.from => {
            return Err(Error::new("bad-date", "ends before it begins"));
        }
        Until::Date(last) => due(Some(*last))?,
        Until::Event(text) => required(text, LINE)?,
        Until::Stopped => {}
    }
    if let GoalChoice::Some { dimensions, goals } = &terms.goals
        && (dimensions.len() > LIST || goals.len() > LIST)
    {
        return Err(Error::new("too-long", "too many goals"));
    }
    terms.part2.as_ref().map_or(Ok(()), part2)
}

fn part2(part: &Part2) -> Result<()> {
    let texts = [&part.patient, &part.discloser, &part.recipients, &part.revoking, &part.signature];
    texts.into_iter().try_for_each(|text| required(text, LINE))
}
