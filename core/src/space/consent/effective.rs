//! What all unreplaced consents of one account allow together.

use std::collections::BTreeSet;

use super::{Consent, Fields, Given, Goals, Until};
use crate::crypto::codec::Extensible;
use crate::space::ItemId;
use crate::space::record::{Day, Dimension};

/// What may be shared now. There is no other way to it than [`Effective::of`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    consents: Vec<ItemId>,
    fields: Fields,
    goals: Vec<Goals>,
    from: Day,
    retract: bool,
}

impl Effective {
    /// The intersection of an account's unreplaced consents; `None` if there is none, or if one has expired or cannot be
    /// read. `today` is the latest of all local dates and clocks known: a wrong one ends sharing early.
    pub fn of(given: &[Given], today: Day) -> Option<Self> {
        let standing: Vec<(ItemId, &Consent)> = unreplaced(given)
            .into_iter()
            .map(|given| Some((given.id, given.consent.known().filter(|consent| runs(consent, today))?)))
            .collect::<Option<_>>()?;
        let mut consents: Vec<ItemId> = standing.iter().map(|(id, _)| *id).collect();
        consents.sort_unstable();
        consents.dedup();
        Some(Self {
            fields: standing.iter().map(|(_, consent)| consent.fields).reduce(|a, b| Fields(a.0 & b.0))?,
            goals: standing.iter().map(|(_, consent)| consent.goals.clone()).collect(),
            from: standing.iter().map(|(_, consent)| consent.from).max()?,
            retract: retracts(given),
            consents,
        })
    }

    /// The consents it is made of, sorted: what a projection names.
    pub fn consents(&self) -> &[ItemId] {
        &self.consents
    }

    /// Whether all of these fields may be shared.
    pub fn allows(&self, fields: Fields) -> bool {
        self.fields.has(fields)
    }

    /// Whether what a day holds may be shared.
    pub fn covers(&self, day: Day) -> bool {
        day >= self.from
    }

    /// Whether a goal may be shared.
    pub fn allows_goal(&self, id: &str, dimension: Dimension) -> bool {
        self.goals.iter().all(|goals| match goals {
            Goals::None => false,
            Goals::Some { dimensions, goals } => {
                dimensions.contains(&dimension) || goals.iter().any(|goal| goal == id)
            }
            Goals::All => true,
        })
    }

    /// Whether what was shared before and is not allowed now is taken back.
    pub fn retracts(&self) -> bool {
        self.retract
    }
}

/// Whether an unreplaced consent takes back what is not allowed any more; true too when nothing is allowed now.
pub(super) fn retracts(given: &[Given]) -> bool {
    unreplaced(given).iter().any(|given| given.consent.known().is_some_and(|consent| consent.retract))
}

fn unreplaced(given: &[Given]) -> Vec<&Given> {
    let known = given.iter().filter_map(|given| given.consent.known());
    let replaced: BTreeSet<&ItemId> = known.flat_map(|consent| &consent.replaces).collect();
    given.iter().filter(|given| !replaced.contains(&given.id)).collect()
}

fn runs(consent: &Consent, today: Day) -> bool {
    !matches!(&consent.until, Some(Until::Date(last)) if today > *last)
}

impl Given {
    /// The consents that this one ends.
    pub fn replaces(&self) -> &[ItemId] {
        match &self.consent {
            Extensible::Known(consent) => &consent.replaces,
            Extensible::Later(_) => &[],
        }
    }
}
