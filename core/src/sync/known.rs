//! What the items of a space say about who may write, read and verified once while the app is open.

use std::collections::BTreeMap;

use super::keys;
use crate::error::Result;
use crate::space::authority::{Judgement, Ledger, judge};
use crate::space::device_log::DeviceLog;
use crate::space::epochs::Epochs;
use crate::space::open::LateGrant;
use crate::space::{AccountId, Kind, SpaceId, VerifiedItem};
use crate::store::Tx;
use crate::store::spaces::ItemState;

/// Rows read into the ledger at once.
const PAGE: u32 = 1000;

/// Grows as items come. Whoever extends it in a transaction that then fails lets it go.
pub struct Known {
    /// The space.
    pub space: SpaceId,
    /// The device log.
    pub log: DeviceLog,
    /// All openings.
    pub epochs: Epochs,
    grants: BTreeMap<i64, LateGrant>,
    ledger: Ledger,
    /// Rows up to here were read for authority.
    authority_to: i64,
    /// Rows up to here are in the ledger.
    ledger_to: i64,
}

impl Known {
    /// By all authority that is kept.
    pub fn read(tx: &Tx<'_>, space: SpaceId, account: AccountId) -> Result<Self> {
        let (log, epochs, ledger) = (DeviceLog::new(account), Epochs::default(), Ledger::default());
        let (authority_to, ledger_to) = (0, 0);
        let mut known = Self { space, log, epochs, grants: BTreeMap::new(), ledger, authority_to, ledger_to };
        known.follow(tx)?;
        Ok(known)
    }

    /// What is kept in memory, brought up to the rows of now.
    pub fn current<'a>(kept: &'a mut Option<Self>, tx: &Tx<'_>) -> Result<&'a mut Self> {
        let account = keys::account(tx)?;
        let space = SpaceId::personal(&account);
        let known = match kept.take().filter(|known| known.space == space) {
            Some(mut known) => {
                known.follow(tx)?;
                known
            }
            None => Self::read(tx, space, account)?,
        };
        Ok(kept.insert(known))
    }

    /// Reads the authority that came since.
    pub fn follow(&mut self, tx: &Tx<'_>) -> Result<()> {
        let last = tx.last_item()?;
        if last == self.authority_to {
            return Ok(());
        }
        for kind in [Kind::DeviceLog, Kind::Open, Kind::Grant] {
            for row in tx.items_of_kind_after(kind.into(), self.authority_to)? {
                self.take(row.n, &keys::verified(self.space, &row)?);
            }
        }
        self.authority_to = last;
        Ok(())
    }

    fn take(&mut self, n: i64, item: &VerifiedItem) {
        let taken = match item.item().kind {
            Kind::DeviceLog => self.log.insert(&item.item().body).map(drop),
            Kind::Open => self.epochs.insert(item),
            _ => LateGrant::read(&item.item().body).map(|grant| drop(self.grants.insert(n, grant))),
        };
        if let Err(refusal) = taken {
            tracing::warn!(code = refusal.code(), "an item of the authority was refused");
        }
    }

    /// The late grants that count.
    pub fn grants(&self, tx: &Tx<'_>) -> Result<Vec<&LateGrant>> {
        let counting = tx.rows_of_kind(Kind::Grant.into(), ItemState::Counts)?;
        Ok(counting.iter().filter_map(|n| self.grants.get(n)).collect())
    }

    /// Which of all items count.
    pub fn judge(&mut self, tx: &Tx<'_>) -> Result<Judgement> {
        loop {
            let rows = tx.items_after(self.ledger_to, PAGE)?;
            let Some(last) = rows.last() else { return Ok(judge(&self.ledger, &self.epochs, &self.log)) };
            self.ledger_to = last.n;
            for row in &rows {
                if let Err(refusal) = self.ledger.insert(&keys::verified(self.space, row)?) {
                    tracing::warn!(code = refusal.code(), "an item was refused by the ledger");
                }
            }
        }
    }
}
