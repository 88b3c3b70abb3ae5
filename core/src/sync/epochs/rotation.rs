//! Opening epochs: who is entitled gets a new secret, and what is written from now on goes to a new mailbox.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Error, Result};
use crate::platform::Entropy;
use crate::space::authority::{self, Fact, Ledger};
use crate::space::epochs::Choice;
use crate::space::open::{Base, MAX_CUTS, MAX_GRANTS, MAX_LIST, Open, OpenDraft};
use crate::space::roster::Roster;
use crate::space::{
    DeviceId, Draft, EpochId, EpochKey, EpochSecret, ItemId, Kind, MAX_CONTENT, Mark, Refusal, VerifiedItem,
    snapshot,
};
use crate::store::SpaceTx;
use crate::store::spaces::ItemRow;
use crate::sync::space_state::Known;
use crate::sync::{Ground, keys, writing};

/// Without a living epoch, others than the remover wait a random time up to this before they open one, milliseconds.
pub const OPEN_SPREAD: u32 = 60_000;
const OPEN_AT: &str = "space.open-at";
/// When another epoch is opened beside one whose key has not come, where nothing else can be written to.
const BESIDE_AT: &str = "space.beside-at";
/// How long a key is waited for before that, and how much later others do it, milliseconds.
pub const KEY_WAIT: (i64, u32) = (10 * 60_000, 10 * 60_000);
/// Set while the current epoch is not the one to write to.
const STALE: &str = "space.stale";
/// Set while something that was accepted here may count for nobody else.
const CARRY: &str = "space.carry";
/// Largest opening, bytes: the item around it has its place too.
const ROOM: usize = MAX_CONTENT - 512;
/// Most items that are repeated for the others at once.
const CARRY_MOST: usize = 512;

/// What a new epoch starts from, beside who is entitled.
pub struct Opening {
    /// A fresh secret.
    pub secret: EpochSecret,
    /// Epochs it follows.
    pub parents: Vec<EpochId>,
    /// For each writer of a device that lost its place, the last item that still counts; what there is room for comes first.
    pub cuts: Vec<Mark>,
    /// Where reading starts.
    pub base: Base,
}

impl Opening {
    /// A light one: its readers read the parents' mailboxes too.
    pub fn light(entropy: &dyn Entropy, parents: Vec<EpochId>, cuts: Vec<Mark>) -> Self {
        Self { secret: EpochSecret::random(entropy), parents, cuts, base: Base::Parent }
    }

    /// Opens the epoch for everyone entitled, and writes to it from now on. However much was done by those who lost their
    /// place, it is opened: what the opening has no room for follows it.
    pub fn open(self, tx: &SpaceTx<'_>, entropy: &dyn Entropy, roster: &dyn Roster, now: i64) -> Result<()> {
        let Self { secret, mut parents, mut cuts, base } = self;
        let key = EpochKey { opener: DeviceId(keys::own_device(tx)?), secret };
        let any_cut = !cuts.is_empty();
        parents.truncate(MAX_LIST);
        cuts.truncate(MAX_CUTS);
        let relays = crate::sync::relay_choice::relay(tx)?.map(|relay| relay.address).into_iter().collect();
        let (space, authority) = (keys::space(tx), roster.authority_heads());
        // Who is not entitled by what can be named, or has no room here, gets the key afterwards.
        let named = roster.entitled_at(&authority).unwrap_or_default();
        let recipients =
            roster.entitled().into_values().filter(|device| named.get(&device.id) == Some(device));
        let recipients = recipients.take(MAX_GRANTS).collect();
        let epoch = key.id(&space);
        let draft = OpenDraft { space, epoch, parents, authority, relays, cuts, base, recipients };
        let open = fitting(draft, &key.secret, entropy)?;
        if any_cut {
            // Of what has no room in it, and of chains that fork, something was accepted here that it does not name.
            carry_later(tx)?;
        }
        keys::add_epoch(tx, &key, now)?;
        keys::set_write_epoch(tx, &epoch)?;
        forget_stale(tx)?;
        write(tx, open.draft(), now)
    }
}

/// The opening, without the last of the cuts where it would be larger than an item may be.
fn fitting(mut draft: OpenDraft, secret: &EpochSecret, entropy: &dyn Entropy) -> Result<Open, Refusal> {
    loop {
        let open = draft.clone().build(secret, entropy)?;
        if open.draft().body.len() <= ROOM || draft.cuts.is_empty() {
            return Ok(open);
        }
        draft.cuts.truncate(draft.cuts.len() / 2);
    }
}

/// Writes an item into the epoch that is written to. Error: `no-epoch`.
pub fn write(tx: &SpaceTx<'_>, draft: Draft, now: i64) -> Result<()> {
    write_item(tx, draft, now).map(drop)
}

/// The same. Returns the item.
pub fn write_item(tx: &SpaceTx<'_>, draft: Draft, now: i64) -> Result<ItemRow> {
    let epoch =
        keys::write_epoch(tx)?.ok_or_else(|| Error::new("no-epoch", "no epoch to write to").retry())?;
    writing::write(tx, &epoch, keys::writer(tx)?, draft, now)
}

/// Opens a new epoch over those that nobody may write to any more.
pub fn rotate(tx: &SpaceTx<'_>, entropy: &dyn Entropy, known: &Known, now: i64) -> Result<()> {
    let mut parents = match choice(tx, known)? {
        Choice::OpenOver(parents) if !parents.is_empty() => parents,
        _ => return Ok(()),
    };
    // One that is read here before one that is not, should there be more than an opening can name.
    let (write, held) = (keys::write_epoch(tx)?, tx.epochs()?);
    let held: BTreeSet<[u8; 16]> = held.into_iter().map(|row| row.id).collect();
    parents.sort_by_key(|parent| (Some(parent.0) != write, !held.contains(&parent.0)));
    let cuts = cuts(tx, known.roster())?;
    Opening::light(entropy, parents, cuts).open(tx, entropy, known.roster(), now)
}

/// The last item of each writer without a place that was accepted here before it was known to have lost it. The longest
/// chain of each device comes first, then the second of each: no device takes the room of another.
pub fn cuts(tx: &SpaceTx<'_>, roster: &dyn Roster) -> Result<Vec<Mark>> {
    let (mut ledger, mut accepted, mut devices) = (Ledger::default(), BTreeSet::new(), BTreeMap::new());
    for row in tx.accepted_heads()? {
        accepted.insert(ItemId(row.id));
        devices.insert(ItemId(row.id), row.device);
        // Only its place matters: what a container holds may be anything.
        ledger.insert_fact(ItemId(row.id), Fact::from(&keys::kept(&row)?));
    }
    let mut cuts = authority::cuts(&ledger, &accepted, roster);
    cuts.sort_by_key(|cut| std::cmp::Reverse(cut.seq));
    let mut of_device: BTreeMap<[u8; 32], usize> = BTreeMap::new();
    cuts.sort_by_cached_key(|cut| {
        let place = of_device.entry(devices.get(&cut.id).copied().unwrap_or_default()).or_default();
        *place += 1;
        *place
    });
    Ok(cuts)
}

/// An opening names cuts: what was accepted here of a device that lost its place, beyond them, is to be repeated.
pub fn carry_later(tx: &SpaceTx<'_>) -> Result<()> {
    tx.set_setting(&keys::name(tx, CARRY), &[1])
}

/// Repeats for the others what was accepted here and counts for nobody else, some of it at a time: nobody un-accepts.
pub fn carry_if_due(tx: &SpaceTx<'_>, known: &mut Known, now: i64) -> Result<()> {
    if tx.setting(&keys::name(tx, CARRY))?.is_none() || is_stale(tx)? || keys::write_epoch(tx)?.is_none() {
        return Ok(());
    }
    known.follow(tx)?;
    let judged = known.judge(tx)?;
    let mut lost: Vec<VerifiedItem> = Vec::new();
    let mut lacking =
        tx.accepted_ids()?.into_iter().filter(|(_, id)| !judged.counting.contains(&ItemId(*id)));
    while let Some((n, _)) = lacking.next().filter(|_| lost.len() < CARRY_MOST) {
        // What was in a container is known as items of its own.
        let row = tx.item(n)?.filter(|row| !Kind::from(row.kind).is_container());
        lost.extend(row.map(|row| keys::verified(tx, &row)).transpose()?);
    }
    if lost.len() < CARRY_MOST {
        tx.remove_setting(&keys::name(tx, CARRY))?;
    }
    snapshot::carry(&lost).into_iter().try_for_each(|draft| write(tx, draft, now))
}

/// Where to write. An epoch of an earlier version is followed by one whose id follows from its secret.
fn choice(tx: &SpaceTx<'_>, known: &Known) -> Result<Choice> {
    let held: BTreeSet<[u8; 16]> = tx.epochs()?.into_iter().map(|row| row.id).collect();
    let choice = known.epochs.choose_held(known.roster(), |epoch| held.contains(&epoch.0));
    let Choice::Write(epoch) = choice else { return Ok(choice) };
    let older = tx.epoch(&epoch.0)?.is_some_and(|row| row.opener.is_none());
    Ok(if older { Choice::OpenOver(known.epochs.leaves(known.roster())) } else { choice })
}

/// Finds the epoch to write to; with none alive, one is opened after a random wait.
pub fn choose(tx: &SpaceTx<'_>, host: &impl Ground, known: &Known, now: i64) -> Result<()> {
    match choice(tx, known)? {
        Choice::Write(epoch) => {
            tx.remove_setting(&keys::name(tx, OPEN_AT))?;
            if !keys::knows_epoch(tx, &epoch)? {
                return wait_for_key(tx, host, known, now);
            }
            forget_stale(tx)?;
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

/// A key that is not here yet is waited for only if somebody has lost their place who reads the current epoch, and not
/// for long: no member silences another by an epoch that leaves them out.
fn wait_for_key(tx: &SpaceTx<'_>, host: &impl Ground, known: &Known, now: i64) -> Result<()> {
    let live = known.epochs.live(known.roster());
    if keys::write_epoch(tx)?.is_some_and(|held| live.contains_key(&EpochId(held))) {
        return forget_stale(tx);
    }
    tx.set_setting(&keys::name(tx, STALE), &[1])?;
    if time(tx, BESIDE_AT)?.is_some() {
        return Ok(());
    }
    let at = now + KEY_WAIT.0 + keys::luck(host, KEY_WAIT.1);
    tx.set_setting(&keys::name(tx, BESIDE_AT), &at.to_le_bytes())
}

fn forget_stale(tx: &SpaceTx<'_>) -> Result<()> {
    [STALE, BESIDE_AT].iter().try_for_each(|name| tx.remove_setting(&keys::name(tx, name)))
}

/// Opens an epoch, if one has to be opened by now.
pub fn open_if_due(tx: &SpaceTx<'_>, host: &impl Ground, known: &Known, now: i64) -> Result<()> {
    if time(tx, BESIDE_AT)?.is_some_and(|at| keys::is_due(at, now, KEY_WAIT.0 + i64::from(KEY_WAIT.1))) {
        return open_beside(tx, host, known, now);
    }
    let Some(at) = open_at(tx)? else { return leave_older(tx, host, known, now) };
    if !keys::is_due(at, now, OPEN_SPREAD.into()) {
        return Ok(());
    }
    tx.remove_setting(&keys::name(tx, OPEN_AT))?;
    rotate(tx, host, known, now)
}

/// An epoch of an earlier version is not gone on with, also if nothing comes.
fn leave_older(tx: &SpaceTx<'_>, host: &impl Ground, known: &Known, now: i64) -> Result<()> {
    let write = keys::write_epoch(tx)?.map(|id| tx.epoch(&id)).transpose()?.flatten();
    if write.is_some_and(|row| row.opener.is_none()) { choose(tx, host, known, now) } else { Ok(()) }
}

/// Before anything is said: where somebody lost their place, the epoch that follows is opened now rather than later, also
/// beside one whose key has not come here. Error: `no-epoch`.
pub fn ready(tx: &SpaceTx<'_>, entropy: &dyn Entropy, known: &Known, now: i64) -> Result<()> {
    if open_at(tx)?.is_some() {
        tx.remove_setting(&keys::name(tx, OPEN_AT))?;
        rotate(tx, entropy, known, now)?;
    }
    open_beside(tx, entropy, known, now)
}

/// Opens another epoch where somebody who lost their place reads the current one, and the key of the next one has not come.
fn open_beside(tx: &SpaceTx<'_>, entropy: &dyn Entropy, known: &Known, now: i64) -> Result<()> {
    tx.remove_setting(&keys::name(tx, BESIDE_AT))?;
    if !is_stale(tx)? || !known.roster().entitled().contains_key(&DeviceId(keys::own_device(tx)?)) {
        return Ok(());
    }
    let held = keys::write_epoch(tx)?.ok_or_else(|| Error::new("no-epoch", "no key came here").retry())?;
    let cuts = cuts(tx, known.roster())?;
    Opening::light(entropy, vec![EpochId(held)], cuts).open(tx, entropy, known.roster(), now)
}

/// Whether the current epoch can be read by somebody who has lost their place: nothing is said in it.
pub fn is_stale(tx: &SpaceTx<'_>) -> Result<bool> {
    Ok(tx.setting(&keys::name(tx, STALE))?.is_some())
}

/// When an epoch has to be opened, if one has to.
pub fn open_at(tx: &SpaceTx<'_>) -> Result<Option<i64>> {
    time(tx, OPEN_AT)
}

/// When an epoch is opened beside one whose key does not come, if that is so.
pub fn beside_at(tx: &SpaceTx<'_>) -> Result<Option<i64>> {
    time(tx, BESIDE_AT)
}

fn time(tx: &SpaceTx<'_>, name: &str) -> Result<Option<i64>> {
    Ok(tx.setting(&keys::name(tx, name))?.and_then(|kept| kept.try_into().ok()).map(i64::from_le_bytes))
}
