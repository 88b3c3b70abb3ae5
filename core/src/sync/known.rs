//! What the items of a space say about who may write, read and verified once while the app is open.

use std::collections::BTreeMap;

use super::keys;
use crate::error::{Error, Result};
use crate::space::authority::{Judgement, Ledger, judge};
use crate::space::device_log::{DeviceLog, Inserted};
use crate::space::epochs::Epochs;
use crate::space::members::{Members, State};
use crate::space::open::LateGrant;
use crate::space::roster::Roster;
use crate::space::{AccountId, DeviceId, EpochId, ItemId, Kind, Refusal, SpaceId, VerifiedItem};
use crate::store::SpaceTx;
use crate::store::spaces::{ItemRow, ItemState};

/// Most rows of authority of one device that are tried again.
const MAX_FULL: usize = 256;
/// Rows read into the ledger at once.
const PAGE: u32 = 1000;

/// Who decides in a space.
enum Authority {
    /// In the personal space: the account's device log.
    Own(DeviceLog),
    /// In a shared one: its roster, over the device logs of its members.
    Shared(Members),
}

/// A late grant, and who gave it.
pub struct Given {
    /// Device that signed it.
    pub by: DeviceId,
    /// What it gives.
    pub late: LateGrant,
}

/// A device that cannot open an epoch.
pub struct Request {
    /// Device that asks.
    pub by: DeviceId,
    /// Epoch that it asks for.
    pub epoch: EpochId,
}

/// What is known of one space. Grows as items come; whoever extends it in a transaction that then fails lets it go.
pub struct Known {
    /// All openings.
    pub epochs: Epochs,
    authority: Authority,
    grants: BTreeMap<i64, Given>,
    requests: BTreeMap<i64, Request>,
    ledger: Ledger,
    /// Rows of authority that there was no place for.
    full: BTreeMap<i64, Option<DeviceId>>,
    /// Rows up to here were read for authority.
    pub(super) authority_to: i64,
    /// Rows up to here are in the ledger.
    ledger_to: i64,
    /// Whether this device had a place when rows up to there were read.
    place: Option<(i64, bool)>,
    /// Nothing was missing among the rows up to here.
    pub whole_to: Option<i64>,
    /// Who was in the space when that was last asked.
    told: Option<State>,
    /// Entries of the account's device log that the space was compared with, and the rows read then.
    pub compared: (usize, i64),
}

/// What is kept in memory of all spaces.
#[derive(Default)]
pub struct Kept(BTreeMap<SpaceId, Known>);

impl Kept {
    /// What is known of a space, brought up to the rows of now.
    pub fn current(&mut self, tx: &SpaceTx<'_>) -> Result<&mut Known> {
        let space = keys::space(tx);
        let known = match self.0.remove(&space) {
            Some(mut known) => {
                known.follow(tx)?;
                known
            }
            None => Known::read(tx)?,
        };
        Ok(self.0.entry(space).or_insert(known))
    }

    /// A transaction failed: what it taught is not true.
    pub fn forget(&mut self, space: &SpaceId) {
        self.0.remove(space);
    }
}

impl Known {
    /// By all authority that is kept.
    pub fn read(tx: &SpaceTx<'_>) -> Result<Self> {
        let (space, account) = (keys::space(tx), keys::account(tx)?);
        let authority = if space == SpaceId::personal(&account) {
            Authority::Own(DeviceLog::new(account))
        } else {
            Authority::Shared(Members::new(space))
        };
        let older = tx.epochs()?.into_iter().filter(|row| row.opener.is_none()).map(|row| EpochId(row.id));
        let epochs = Epochs::with_older(older);
        let mut known = Self {
            epochs,
            authority,
            grants: BTreeMap::new(),
            requests: BTreeMap::new(),
            ledger: Ledger::default(),
            full: BTreeMap::new(),
            authority_to: 0,
            ledger_to: 0,
            place: None,
            whole_to: None,
            told: None,
            compared: (0, 0),
        };
        known.follow(tx)?;
        Ok(known)
    }

    /// Who is entitled.
    pub fn roster(&self) -> &dyn Roster {
        match &self.authority {
            Authority::Own(log) => log,
            Authority::Shared(members) => members,
        }
    }

    /// The account's device log, in the personal space. Error: `foreign-space`.
    pub fn own_log(&self) -> Result<&DeviceLog> {
        match &self.authority {
            Authority::Own(log) => Ok(log),
            Authority::Shared(_) => Err(Error::new("foreign-space", "not the personal space")),
        }
    }

    /// Who is in a shared space. Error: `foreign-space` in the personal one.
    pub fn members(&self) -> Result<&Members> {
        match &self.authority {
            Authority::Shared(members) => Ok(members),
            Authority::Own(_) => Err(personal()),
        }
    }

    /// The same, for signing entries.
    pub fn members_mut(&mut self) -> Result<&mut Members> {
        match &mut self.authority {
            Authority::Shared(members) => Ok(members),
            Authority::Own(_) => Err(personal()),
        }
    }

    /// The account that a device speaks for here; zeros for one that nobody knows.
    pub fn account_of(&self, tx: &SpaceTx<'_>, device: &DeviceId) -> Result<AccountId> {
        match &self.authority {
            Authority::Own(_) => keys::account(tx),
            Authority::Shared(members) => Ok(members.account_of(device).unwrap_or(AccountId([0; 32]))),
        }
    }

    /// Whether a device has a place here; asked anew when authority came.
    pub fn has_place(&mut self, device: &DeviceId) -> bool {
        match self.place {
            Some((at, has)) if at == self.authority_to => has,
            _ => {
                let has = self.roster().entitled().contains_key(device);
                self.place = Some((self.authority_to, has));
                has
            }
        }
    }

    /// Whether something was said about who is in a shared space since this was last asked. What somebody who left said last
    /// does not count as an item, and yet they are gone.
    pub fn has_turned(&mut self) -> Result<bool> {
        let state = self.members()?.state();
        let turned = self.told.as_ref() != Some(&state);
        self.told = Some(state);
        Ok(turned)
    }

    /// Whether nobody else is there to be told anything: papers read nothing by themselves.
    pub fn is_alone(&self) -> bool {
        let devices = match &self.authority {
            Authority::Own(log) => log.state().active.len(),
            Authority::Shared(members) => {
                members.state().members.keys().map(|account| members.devices_of(account).len()).sum()
            }
        };
        devices < 2
    }

    /// Reads the authority that came since.
    pub fn follow(&mut self, tx: &SpaceTx<'_>) -> Result<()> {
        let last = tx.last_item()?;
        if last == self.authority_to {
            return Ok(());
        }
        let mut rows = Vec::new();
        for kind in [Kind::DeviceLog, Kind::Roster, Kind::Open, Kind::Grant, Kind::KeyRequest] {
            rows.extend(tx.items_of_kind_after(kind.into(), self.authority_to)?);
        }
        rows.sort_by_key(|row| row.n);
        for row in &rows {
            self.take_row(tx, row)?;
        }
        self.authority_to = last;
        if rows.is_empty() { Ok(()) } else { self.try_again(tx) }
    }

    fn take_row(&mut self, tx: &SpaceTx<'_>, row: &ItemRow) -> Result<()> {
        self.full.remove(&row.n);
        match self.take(row.n, &keys::trusted(tx, row)?) {
            Ok(Inserted::Full) => self.try_later(row),
            Ok(_) => {}
            Err(refusal) => tracing::warn!(code = refusal.code(), "an item of the authority was refused"),
        }
        Ok(())
    }

    /// Nobody's rows take the place of another's; all that nobody knows share one.
    fn try_later(&mut self, row: &ItemRow) {
        let by = self.bringer(&DeviceId(row.device));
        if self.full.values().filter(|other| **other == by).count() < MAX_FULL {
            self.full.insert(row.n, by);
        }
    }

    fn bringer(&self, device: &DeviceId) -> Option<DeviceId> {
        let known = match &self.authority {
            Authority::Own(log) => log.names(device),
            Authority::Shared(members) => members.logs().any(|log| log.names(device)),
        };
        known.then_some(*device)
    }

    /// What there was no place for may have one now: who brought it is known, or what it follows came.
    fn try_again(&mut self, tx: &SpaceTx<'_>) -> Result<()> {
        for n in self.full.keys().copied().collect::<Vec<_>>() {
            if let Some(row) = tx.item(n)? {
                self.take_row(tx, &row)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, n: i64, item: &VerifiedItem) -> Result<Inserted, Refusal> {
        let (item_is, by) = (item.item(), self.bringer(&item.item().device));
        match (item_is.kind, &mut self.authority) {
            (Kind::DeviceLog, Authority::Own(log)) => return log.insert_by(&item_is.body, by),
            (Kind::DeviceLog, Authority::Shared(members)) => {
                return members.insert_device_by(AccountId::from_slice(&item_is.key)?, &item_is.body, by);
            }
            (Kind::Roster, Authority::Shared(members)) => return members.insert_by(&item_is.body, by),
            (Kind::Open, _) => self.epochs.insert(item)?,
            (Kind::Grant, _) => {
                let late = LateGrant::read(&item_is.body)?;
                self.grants.insert(n, Given { by: item_is.device, late });
            }
            (Kind::KeyRequest, _) => {
                let epoch = EpochId::from_slice(&item_is.key)?;
                self.requests.insert(n, Request { by: item_is.device, epoch });
            }
            _ => {}
        }
        Ok(Inserted::Connected)
    }

    /// The late grants that count, by row.
    pub fn grants(&self, tx: &SpaceTx<'_>) -> Result<Vec<(i64, &Given)>> {
        let counting = tx.rows_of_kind(Kind::Grant.into(), ItemState::Counts)?;
        Ok(counting.into_iter().filter_map(|n| Some((n, self.grants.get(&n)?))).collect())
    }

    /// The requests for keys that count, by row.
    pub fn requests(&self, tx: &SpaceTx<'_>) -> Result<Vec<(i64, &Request)>> {
        let counting = tx.rows_of_kind(Kind::KeyRequest.into(), ItemState::Counts)?;
        Ok(counting.into_iter().filter_map(|n| Some((n, self.requests.get(&n)?))).collect())
    }

    /// Which of all items count.
    pub fn judge(&mut self, tx: &SpaceTx<'_>) -> Result<Judgement> {
        loop {
            let rows = tx.items_after(self.ledger_to, PAGE)?;
            let Some(last) = rows.last() else { return Ok(judge(&self.ledger, &self.epochs, self.roster())) };
            self.ledger_to = last.n;
            for row in &rows {
                if row.state == ItemState::Erased {
                    self.ledger.insert_fact(ItemId(row.id), keys::fact(tx, row)?);
                    continue;
                }
                if let Err(refusal) = self.ledger.insert(&keys::trusted(tx, row)?) {
                    tracing::warn!(code = refusal.code(), "an item was refused by the ledger");
                }
            }
        }
    }
}

fn personal() -> Error {
    Error::new("foreign-space", "not a shared space")
}
