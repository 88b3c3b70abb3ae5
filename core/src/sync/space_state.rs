//! What the items of a space say about who may write, read and verified once while the app is open.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::space::authority::{Judgement, Ledger, judge};
use crate::space::device_log::{self, DeviceLog};
use crate::space::epochs::Epochs;
use crate::space::members::{self, Members, State};
use crate::space::open::LateGrant;
use crate::space::roster::Roster;
use crate::space::{
    AccountId, DeviceId, Draft, EntryId, EpochId, Item, ItemId, Kind, Refusal, SpaceId, VerifiedItem,
};
use crate::store::spaces::{ItemRow, ItemState};
use crate::store::{SpaceTx, Tx};
use crate::sync::keys;
use crate::sync::later::Later;

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
    /// Rows of authority that are not read yet.
    later: Later,
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

/// What is known of the account, read from the store. While exchanging it is kept in memory.
pub fn own_log(tx: &Tx<'_>) -> Result<DeviceLog> {
    Known::read(&keys::personal(tx)?)?.own_log().cloned()
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
            later: Later::default(),
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

    /// Whether a device has a place here; asked again when authority came.
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
        rows.iter().try_for_each(|row| self.take_row(tx, row))?;
        self.authority_to = last;
        while let Some(row) = self.later.next().map(|n| tx.item(n)).transpose()? {
            row.iter().try_for_each(|row| self.take_row(tx, row))?;
        }
        Ok(())
    }

    fn take_row(&mut self, tx: &SpaceTx<'_>, row: &ItemRow) -> Result<()> {
        let item = keys::trusted(tx, row)?;
        let taken = match (item.item().kind, &self.authority) {
            (Kind::Roster, Authority::Shared(_)) => self.take_entry(tx, row.n, &item)?,
            _ => self.take(row.n, &item),
        };
        if let Err(refusal) = taken {
            tracing::warn!(code = refusal.code(), "an item of the authority was refused");
        }
        self.note_new();
        Ok(())
    }

    /// What was waited for has come.
    fn note_new(&mut self) {
        let new = match &mut self.authority {
            Authority::Own(log) => log.take_new(),
            Authority::Shared(members) => members.take_new(),
        };
        new.iter().for_each(|id| self.later.came(id));
        if let Authority::Shared(members) = &self.authority
            && !new.is_empty()
        {
            let let_in: Vec<AccountId> =
                self.later.idle().filter(|account| members.is_added(account)).copied().collect();
            let_in.iter().for_each(|account| self.later.was_let_in(account));
        }
    }

    fn take(&mut self, n: i64, item: &VerifiedItem) -> Result<(), Refusal> {
        let item_is = item.item();
        match item_is.kind {
            Kind::DeviceLog => self.take_log(n, item_is)?,
            Kind::Open => self.epochs.insert(item)?,
            Kind::Grant => {
                let late = LateGrant::read(&item_is.body)?;
                self.grants.insert(n, Given { by: item_is.device, late });
            }
            Kind::KeyRequest => {
                let epoch = EpochId::from_slice(&item_is.key)?;
                self.requests.insert(n, Request { by: item_is.device, epoch });
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes an entry of a device log. The log of an account that nobody has added waits: anybody can make any number of accounts.
    fn take_log(&mut self, n: i64, item: &Item) -> Result<(), Refusal> {
        let account = match &self.authority {
            Authority::Own(log) => log.account(),
            Authority::Shared(_) => AccountId::from_slice(&item.key)?,
        };
        let (id, parents) = device_log::Entry::outline(&account, &item.body)?;
        let log = match &mut self.authority {
            Authority::Own(log) => Some(&*log),
            Authority::Shared(members) if !members.is_added(&account) && members.log(&account).is_none() => {
                self.later.is_idle(account, id, n);
                return Ok(());
            }
            Authority::Shared(members) => members.log(&account),
        };
        if let Some(parent) = parents.iter().find(|parent| !log.is_some_and(|log| log.knows(parent))) {
            self.later.lacks(*parent, n);
            return Ok(());
        }
        match &mut self.authority {
            Authority::Own(log) => log.insert(&item.body)?,
            Authority::Shared(members) => members.insert_device(account, &item.body)?,
        };
        Ok(())
    }

    /// An entry of the roster. What lets somebody in follows the newcomer's device log, which is read for it.
    fn take_entry(&mut self, tx: &SpaceTx<'_>, n: i64, item: &VerifiedItem) -> Result<Result<(), Refusal>> {
        let Authority::Shared(members) = &mut self.authority else { return Ok(Ok(())) };
        let entry = match members::Entry::read(&members.space(), &item.item().body) {
            Ok(entry) => entry,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let newcomer = entry.added();
        let idle = newcomer.and_then(|account| self.later.log_of(&account));
        let is_here = |id: &EntryId| members.knows(id) || idle.is_some_and(|log| log.contains_key(id));
        if let Some(parent) = entry.parents().iter().find(|id| !is_here(id)).copied() {
            self.later.lacks(parent, n);
            return Ok(Ok(()));
        }
        let was_idle = idle.is_some();
        if was_idle && !members.may_let_in(&entry) {
            return Ok(Err(Refusal::NotEntitled));
        }
        // In the order of their coming, most of them after what they follow.
        let mut rows: Vec<i64> = idle.into_iter().flat_map(BTreeMap::values).copied().collect();
        rows.sort_unstable();
        for row in rows {
            let row = tx.item(row)?.map(|row| keys::kept(&row)).transpose()?;
            if let (Some(item), Some(account)) = (row, newcomer) {
                // A refused one is missed by the entry that follows it.
                let _refused = members.insert_device(account, &item.body);
            }
        }
        // What the newcomer's log lacks itself is waited for.
        let lacking = entry.parents().iter().find(|id| !members.knows(id)).copied();
        let inserted = match lacking {
            Some(parent) => {
                let missing = newcomer.and_then(|account| members.log(&account)).map(DeviceLog::missing);
                self.later.lacks(missing.and_then(|all| all.first().copied()).unwrap_or(parent), n);
                Ok(())
            }
            None => members.insert_entry(entry).map(drop),
        };
        if was_idle {
            newcomer.iter().for_each(|account| members.forget_log(account));
        }
        Ok(inserted)
    }

    /// Returns what says who is entitled, as far as a device needs it to see that it is: of the personal space the device log, of a shared
    /// one what somebody who is let in gets.
    pub fn authority_for(&self, tx: &SpaceTx<'_>, device: &DeviceId) -> Result<Vec<Draft>> {
        let draft = |kind, key: &[u8], body: &[u8]| Draft { kind, key: key.to_vec(), body: body.to_vec() };
        let members = match &self.authority {
            Authority::Own(log) => {
                let entries = log.sent(None).into_iter();
                return Ok(entries.map(|entry| draft(Kind::DeviceLog, &[], entry.bytes())).collect());
            }
            Authority::Shared(members) => members,
        };
        let told = members.admission(&self.account_of(tx, device)?);
        let logs = told.logs.iter().flat_map(|(account, entries)| {
            entries.iter().map(|entry| draft(Kind::DeviceLog, &account.0, entry.bytes()))
        });
        let roster = told.roster.iter().map(|entry| draft(Kind::Roster, &[], entry.bytes()));
        Ok(logs.chain(roster).collect())
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
