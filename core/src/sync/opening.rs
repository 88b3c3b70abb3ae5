//! Opening epochs: who is entitled gets a new secret, and what is written from now on goes to a new mailbox.

use std::collections::BTreeSet;

use super::known::Known;
use super::{Ground, keys};
use crate::error::{Error, Result};
use crate::platform::Entropy;
use crate::space::authority::{self, Ledger};
use crate::space::epochs::Choice;
use crate::space::open::{Base, OpenDraft};
use crate::space::roster::Roster;
use crate::space::{DeviceId, Draft, EpochId, EpochSecret, ItemId, Mark};
use crate::store::SpaceTx;

/// Without a living epoch, others than the remover wait a random time up to this before they open one, milliseconds.
const OPEN_SPREAD: u32 = 60_000;
const OPEN_AT: &str = "space.open-at";
/// Set while the epoch of the moment is not the one to write to.
const STALE: &str = "space.stale";

/// What a new epoch starts from, beside who is entitled.
pub struct Opening {
    /// A fresh id.
    pub epoch: EpochId,
    /// A fresh secret.
    pub secret: EpochSecret,
    /// Epochs it follows.
    pub parents: Vec<EpochId>,
    /// For each writer of a device that lost its place, the last item that still counts.
    pub cuts: Vec<Mark>,
    /// Where reading starts.
    pub base: Base,
}

impl Opening {
    /// A light one: its readers read the parents' mailboxes too.
    pub fn light(entropy: &dyn Entropy, parents: Vec<EpochId>, cuts: Vec<Mark>) -> Self {
        let (epoch, secret) = (EpochId::random(entropy), EpochSecret::random(entropy));
        Self { epoch, secret, parents, cuts, base: Base::Parent }
    }

    /// Opens the epoch for everyone entitled, and writes to it from now on.
    pub fn open(self, tx: &SpaceTx<'_>, entropy: &dyn Entropy, roster: &dyn Roster, now: i64) -> Result<()> {
        let Self { epoch, secret, parents, cuts, base } = self;
        let relays = super::status::relay(tx)?.map(|relay| relay.address).into_iter().collect();
        let (space, authority) = (keys::space(tx), roster.authority_heads());
        // Who is not entitled by what can be named gets the key afterwards.
        let named = roster.entitled_at(&authority).unwrap_or_default();
        let recipients =
            roster.entitled().into_values().filter(|device| named.get(&device.id) == Some(device));
        let recipients = recipients.collect();
        let draft = OpenDraft { space, epoch, parents, authority, relays, cuts, base, recipients };
        let open = draft.build(&secret, entropy)?;
        keys::add_epoch(tx, epoch, &secret, now)?;
        keys::set_write_epoch(tx, &epoch)?;
        tx.remove_setting(&keys::name(tx, STALE))?;
        write(tx, open.draft(), now)
    }
}

/// Writes an item into the epoch of the moment.
pub fn write(tx: &SpaceTx<'_>, draft: Draft, now: i64) -> Result<()> {
    let epoch =
        keys::write_epoch(tx)?.ok_or_else(|| Error::new("no-epoch", "no epoch to write to").retry())?;
    keys::write(tx, &epoch, keys::writer(tx)?, draft, now).map(drop)
}

/// Opens a new epoch over those that nobody may write to any more.
pub fn rotate(tx: &SpaceTx<'_>, entropy: &dyn Entropy, known: &Known, now: i64) -> Result<()> {
    let parents = match known.epochs.choose(known.roster()) {
        Choice::OpenOver(parents) if !parents.is_empty() => parents,
        _ => return Ok(()),
    };
    let cuts = cuts(tx, known.roster())?;
    Opening::light(entropy, parents, cuts).open(tx, entropy, known.roster(), now)
}

/// The last item of each writer without a place that was accepted here before it was known to have lost it.
pub fn cuts(tx: &SpaceTx<'_>, roster: &dyn Roster) -> Result<Vec<Mark>> {
    let (mut ledger, mut accepted) = (Ledger::default(), BTreeSet::new());
    for row in tx.accepted_heads()? {
        accepted.insert(ItemId(row.id));
        ledger.insert(&keys::trusted(tx, &row)?)?;
    }
    Ok(authority::cuts(&ledger, &accepted, roster))
}

/// Finds the epoch to write to; with none alive, one is opened after a random wait.
pub fn choose(tx: &SpaceTx<'_>, host: &impl Ground, known: &Known, now: i64) -> Result<()> {
    match known.epochs.choose(known.roster()) {
        Choice::Write(epoch) => {
            tx.remove_setting(&keys::name(tx, OPEN_AT))?;
            if !keys::knows_epoch(tx, &epoch)? {
                return wait_for_key(tx, known);
            }
            tx.remove_setting(&keys::name(tx, STALE))?;
            keys::set_write_epoch(tx, &epoch)
        }
        Choice::OpenOver(parents)
            if parents.is_empty() || tx.setting(&keys::name(tx, OPEN_AT))?.is_some() =>
        {
            Ok(())
        }
        Choice::OpenOver(_) if !known.roster().entitled().contains_key(&DeviceId(keys::own_device(tx)?)) => {
            Ok(())
        }
        Choice::OpenOver(_) => {
            let at = now + keys::luck(host, OPEN_SPREAD);
            tx.set_setting(&keys::name(tx, STALE), &[1])?;
            tx.set_setting(&keys::name(tx, OPEN_AT), &at.to_le_bytes())
        }
    }
}

/// A key that is not here yet is waited for only if somebody has lost their place who reads the epoch of the moment: no member
/// silences another by an epoch that leaves them out.
fn wait_for_key(tx: &SpaceTx<'_>, known: &Known) -> Result<()> {
    let live = known.epochs.live(known.roster());
    let fine = keys::write_epoch(tx)?.is_some_and(|held| live.contains_key(&EpochId(held)));
    let name = keys::name(tx, STALE);
    if fine { tx.remove_setting(&name) } else { tx.set_setting(&name, &[1]) }
}

/// Opens an epoch, if one has to be opened by now.
pub fn open_if_due(tx: &SpaceTx<'_>, host: &impl Ground, known: &Known, now: i64) -> Result<()> {
    let Some(at) = open_at(tx)? else { return Ok(()) };
    if !keys::is_due(at, now, OPEN_SPREAD.into()) {
        return Ok(());
    }
    tx.remove_setting(&keys::name(tx, OPEN_AT))?;
    rotate(tx, host, known, now)
}

/// Before anything is said: where somebody lost their place, the epoch that follows is opened now rather than later, also
/// beside one whose key has not come here. Error: `no-epoch`.
pub fn ready(tx: &SpaceTx<'_>, entropy: &dyn Entropy, known: &Known, now: i64) -> Result<()> {
    if open_at(tx)?.is_some() {
        tx.remove_setting(&keys::name(tx, OPEN_AT))?;
        rotate(tx, entropy, known, now)?;
    }
    if !is_stale(tx)? || !known.roster().entitled().contains_key(&DeviceId(keys::own_device(tx)?)) {
        return Ok(());
    }
    let held = keys::write_epoch(tx)?.ok_or_else(|| Error::new("no-epoch", "no key came here").retry())?;
    let cuts = cuts(tx, known.roster())?;
    Opening::light(entropy, vec![EpochId(held)], cuts).open(tx, entropy, known.roster(), now)
}

/// Whether the epoch of the moment can be read by somebody who has lost their place: nothing is said in it.
pub fn is_stale(tx: &SpaceTx<'_>) -> Result<bool> {
    Ok(tx.setting(&keys::name(tx, STALE))?.is_some())
}

/// When an epoch has to be opened, if one has to.
pub fn open_at(tx: &SpaceTx<'_>) -> Result<Option<i64>> {
    Ok(tx.setting(&keys::name(tx, OPEN_AT))?.and_then(|kept| kept.try_into().ok()).map(i64::from_le_bytes))
}
