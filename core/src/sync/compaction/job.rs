//! Making a snapshot, in small steps of one transaction each: after a cut it goes on, or begins again.
//!
//! What is covered is fixed first, then the documents are saved one by one; so they hold at least what is covered. Then
//! the relay makes the mailbox: one that takes no new mailboxes stops nothing else. Then the epoch is opened, the parts
//! are signed, and once all of that is durable, the opening goes where the others find it.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};
use trellis_protocol::ids::MailboxId;

use crate::crdt::{Doc, DocId, chunk};
use crate::crypto::{Secret, codec};
use crate::error::Result;
use crate::space::held::{said, slot};
use crate::space::open::Base;
use crate::space::snapshot::{MAX_COVERS, MAX_PARTS, Sheet};
use crate::space::{
    Carried, DeviceId, EpochId, EpochKey, EpochSecret, Item, ItemId, Kind, Mark, SpaceId, WriterId,
};
use crate::store::SpaceTx;
use crate::store::spaces::{ItemRow, ItemState};
use crate::sync::compaction::coverage::setting;
use crate::sync::epochs::rotation::{Opening, cuts};
use crate::sync::space_state::Known;
use crate::sync::{Ground, keys, writing};

/// Devices that see the limit passed wait a random time up to this, milliseconds: one snapshot is enough.
const SPREAD: u32 = 600_000;
/// After a relay refused to make the mailbox, milliseconds.
const MONTH: i64 = 30 * 24 * 3_600_000;
/// Until the next step, milliseconds.
const BREATH: i64 = 5;
/// New rows after which the size is measured again.
const EVERY: i64 = 16;
/// How many times the size of a snapshot the mailboxes may hold.
const TIMES: u64 = 4;
/// Parts signed in one step: about a megabyte.
const BATCH: u32 = 16;

/// How much the mailboxes may hold that no snapshot stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Items. A new device fetches and checks each of them by itself.
    pub items: u64,
    /// Bytes of signed items; below that a snapshot saves nobody anything.
    pub bytes: u64,
}

impl Default for Limit {
    /// Two thousand items are two requests of the largest page, and a year or two of one person's writing.
    fn default() -> Self {
        Self { items: 2000, bytes: 512 * 1024 }
    }
}

/// Watches the size, and makes snapshots.
#[derive(Debug)]
pub struct Folding {
    limit: Limit,
    /// Newest row when the size was measured last.
    measured: i64,
}

/// A snapshot under way.
#[derive(Encode, Decode)]
#[cbor(map)]
struct UnderWay {
    #[cbor(n(0), with = "minicbor::bytes")]
    id: [u8; 16],
    #[cbor(n(1), with = "minicbor::bytes")]
    epoch: [u8; 16],
    #[cbor(n(2), with = "minicbor::bytes")]
    secret: [u8; 32],
    /// The current epoch when it began.
    #[cbor(n(3), with = "minicbor::bytes")]
    over: [u8; 16],
    /// Documents that are still to be saved.
    #[n(4)]
    documents: Vec<String>,
    /// The relay has the mailbox.
    #[n(5)]
    made: bool,
    /// How many parts there are, once the epoch is open.
    #[n(6)]
    parts: Option<u32>,
}

impl Folding {
    /// Nothing is measured yet.
    pub fn new(limit: Limit) -> Self {
        Self { limit, measured: 0 }
    }

    /// Does the next step, if there is one.
    pub fn step(&mut self, tx: &SpaceTx<'_>, host: &impl Ground, known: &Known, now: i64) -> Result<()> {
        match UnderWay::kept(tx)? {
            Some(under_way) => under_way.go_on(tx, host, known, now),
            None => self.begin_if_due(tx, host, known, now),
        }
    }

    fn begin_if_due(&mut self, tx: &SpaceTx<'_>, host: &impl Ground, known: &Known, now: i64) -> Result<()> {
        match at(tx)? {
            Some(at) if (1..=MONTH).contains(&(at - now)) => Ok(()),
            Some(_) => {
                tx.remove_setting(&setting(tx, "at"))?;
                if self.outgrown(tx)? { UnderWay::begin(tx, host, known, now) } else { Ok(()) }
            }
            None if self.is_to_measure(tx)? && self.outgrown(tx)? => {
                set_at(tx, now + 1 + keys::luck(host, SPREAD))
            }
            None => Ok(()),
        }
    }

    fn is_to_measure(&mut self, tx: &SpaceTx<'_>) -> Result<bool> {
        let last = tx.last_item()?;
        let grown = last - self.measured >= EVERY;
        self.measured = if grown { last } else { self.measured };
        Ok(grown)
    }

    fn outgrown(&self, tx: &SpaceTx<'_>) -> Result<bool> {
        let apart = [Kind::DeviceLog, Kind::Roster, Kind::Open, Kind::Grant, Kind::Snapshot];
        let (items, bytes) = tx.loose(apart.map(u16::from))?;
        let heavy = bytes >= self.limit.bytes && bytes >= TIMES * tx.documents_size()?;
        Ok(items >= self.limit.items || heavy)
    }
}

impl UnderWay {
    fn begin(tx: &SpaceTx<'_>, host: &impl Ground, known: &Known, now: i64) -> Result<()> {
        let (Some(over), covers) = (keys::write_epoch(tx)?, covers(tx)?) else { return Ok(()) };
        if covers.len() > MAX_COVERS || known.own_log()?.state().frozen {
            return set_at(tx, now + MONTH);
        }
        let mut id = [0; 16];
        host.fill(&mut id);
        let key = EpochKey::random(DeviceId(keys::own_device(tx)?), host);
        let (epoch, secret) = (key.id(&keys::space(tx)).0, *key.secret.secret().expose());
        let mut documents = tx.document_ids()?;
        documents.retain(|name| name.parse::<DocId>().is_ok());
        tracing::info!(writers = covers.len(), documents = documents.len(), "making a snapshot");
        let under_way = Self { id, epoch, secret, over, documents, made: false, parts: None };
        under_way.add(tx, [Sheet::first(id, covers)?])?;
        under_way.add(tx, Sheet::items(id, &verbatim(tx, known)?))?;
        under_way.keep(tx)
    }

    fn go_on(mut self, tx: &SpaceTx<'_>, host: &impl Ground, known: &Known, now: i64) -> Result<()> {
        let expected = if self.parts.is_some() { self.epoch } else { self.over };
        if keys::write_epoch(tx)? != Some(expected) {
            // Another device was faster, or somebody was signed out meanwhile.
            return give_up(tx);
        }
        if let Some(name) = self.documents.pop() {
            self.save(tx, &name)?;
            return self.keep(tx);
        }
        match self.parts {
            _ if !self.made => Ok(()),
            None => self.open(tx, host, known, now),
            Some(parts) => self.sign(tx, parts, now),
        }
    }

    /// Saves a document, and beside it the changes that wait in it for others which are missing here.
    fn save(&self, tx: &SpaceTx<'_>, name: &str) -> Result<()> {
        let mut doc = Doc::load(name.parse::<DocId>()?, [0; 16], &tx.document(name)?)?;
        let mut waiting = Vec::new();
        if doc.waits() {
            for row in tx.items_about(Kind::Change.into(), name.as_bytes())? {
                let applied = doc.has(&chunk::hash(&keys::kept(&row)?.body));
                waiting.extend((!applied).then(|| carried(&row)).transpose()?);
            }
        }
        self.add(tx, Sheet::items(self.id, &waiting))?;
        self.add(tx, Sheet::document(self.id, name.as_bytes(), &doc.snapshot()))
    }

    fn open(mut self, tx: &SpaceTx<'_>, host: &impl Ground, known: &Known, now: i64) -> Result<()> {
        let parts = tx.sheet_count(&tx.space)?;
        if parts > MAX_PARTS {
            give_up(tx)?;
            return set_at(tx, now + MONTH);
        }
        let opening = Opening {
            secret: EpochSecret::new(Secret::new(self.secret)),
            parents: known.epochs.leaves(known.roster()),
            cuts: cuts(tx, known.roster())?,
            base: Base::Snapshot(self.id),
        };
        opening.open(tx, host, known.roster(), now)?;
        keys::made(tx, self.mailbox(keys::space(tx)))?;
        self.parts = Some(parts);
        self.keep(tx)
    }

    fn sign(self, tx: &SpaceTx<'_>, parts: u32, now: i64) -> Result<()> {
        let (writer, mut left) = (keys::writer(tx)?, tx.sheet_count(&tx.space)?);
        for (n, sheet) in tx.sheets(&tx.space, BATCH)? {
            let draft = Sheet::read(&sheet)?.draft(parts.saturating_sub(left), parts)?;
            writing::write(tx, &self.epoch, writer, draft, now)?;
            tx.remove_sheet(n)?;
            left -= 1;
        }
        if left == 0 { give_up(tx) } else { Ok(()) }
    }

    fn add(&self, tx: &SpaceTx<'_>, sheets: impl IntoIterator<Item = Sheet>) -> Result<()> {
        sheets.into_iter().try_for_each(|sheet| tx.add_sheet(&tx.space, &sheet.encode()))
    }

    fn mailbox(&self, space: SpaceId) -> MailboxId {
        EpochSecret::new(Secret::new(self.secret)).keys(space, EpochId(self.epoch)).mailbox()
    }

    fn kept(tx: &SpaceTx<'_>) -> Result<Option<Self>> {
        let Some(bytes) = tx.setting(&setting(tx, "under-way"))? else { return Ok(None) };
        // A layout of another version: it is begun again.
        Ok(minicbor::decode(&bytes).ok())
    }

    fn keep(&self, tx: &SpaceTx<'_>) -> Result<()> {
        tx.set_setting(&setting(tx, "under-way"), &codec::encode(self))
    }
}

/// Whether the snapshot that an epoch starts from is still being made or sent from here.
pub fn is_under_way(tx: &SpaceTx<'_>, epoch: &[u8; 16]) -> Result<bool> {
    let making = UnderWay::kept(tx)?.is_some_and(|under_way| under_way.epoch == *epoch);
    Ok(making || tx.is_kind_outgoing(epoch, Kind::Snapshot.into())?)
}

/// The mailbox that the relay is to make for the snapshot under way.
pub fn to_create(tx: &SpaceTx<'_>) -> Result<Option<MailboxId>> {
    let ready = UnderWay::kept(tx)?.filter(|it| it.documents.is_empty() && !it.made);
    Ok(ready.map(|under_way| under_way.mailbox(keys::space(tx))))
}

/// The relay has made it.
pub fn created(tx: &SpaceTx<'_>, mailbox: MailboxId) -> Result<()> {
    match UnderWay::kept(tx)?.filter(|it| it.mailbox(keys::space(tx)) == mailbox) {
        Some(under_way) => UnderWay { made: true, ..under_way }.keep(tx),
        None => Ok(()),
    }
}

/// The relay refuses to make a mailbox. True if it was the snapshot's: then all stays as it is, for a month.
pub fn refused(tx: &SpaceTx<'_>, mailbox: MailboxId, now: i64) -> Result<bool> {
    if to_create(tx)? != Some(mailbox) {
        return Ok(false);
    }
    give_up(tx)?;
    set_at(tx, now + MONTH)?;
    Ok(true)
}

/// A relay that takes no new mailboxes was left: whether there is much to fold is looked at again.
pub fn hurry(tx: &SpaceTx<'_>) -> Result<()> {
    tx.remove_setting(&setting(tx, "at"))
}

/// When the next step is due, if one is.
pub fn next_time(tx: &SpaceTx<'_>, now: i64) -> Result<Option<i64>> {
    if UnderWay::kept(tx)?.is_some() {
        return Ok(Some(now + BREATH));
    }
    at(tx)
}

/// Nothing is under way any more.
fn give_up(tx: &SpaceTx<'_>) -> Result<()> {
    tx.remove_sheets(&tx.space)?;
    tx.remove_setting(&setting(tx, "under-way"))
}

fn at(tx: &SpaceTx<'_>) -> Result<Option<i64>> {
    Ok(tx.setting(&setting(tx, "at"))?.and_then(|kept| kept.try_into().ok()).map(i64::from_le_bytes))
}

fn set_at(tx: &SpaceTx<'_>, at: i64) -> Result<()> {
    tx.set_setting(&setting(tx, "at"), &at.to_le_bytes())
}

/// The end of each writer's chain as far as it is here without a gap.
fn covers(tx: &SpaceTx<'_>) -> Result<Vec<Mark>> {
    let mut ends: BTreeMap<[u8; 16], (u64, [u8; 32])> = BTreeMap::new();
    for (writer, seq, id) in tx.all_covered()? {
        ends.insert(writer, (seq, id));
    }
    for (writer, seq, id) in tx.accepted_places()? {
        if seq == ends.get(&writer).map_or(1, |(seq, _)| seq + 1) {
            ends.insert(writer, (seq, id));
        }
    }
    let mark = |(writer, (seq, id))| Mark { writer: WriterId(writer), seq, id: ItemId(id) };
    Ok(ends.into_iter().map(mark).collect())
}

/// The items that a new device needs as they were signed: authority, the newest of what replaces itself, and what this
/// version cannot read.
fn verbatim(tx: &SpaceTx<'_>, known: &Known) -> Result<Vec<Carried>> {
    let (mut seen, mut newest, mut items) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
    for row in candidates(tx, known)? {
        let item: Item = keys::kept(&row)?;
        if let Some(slot) = slot(&item) {
            let held = newest.entry(slot).or_insert_with(|| row.clone());
            let later = (row.lamport, row.id) > (held.lamport, held.id);
            *held = if later { row } else { held.clone() };
        } else if !item.kind.is_authority() || seen.insert(said(&item)) {
            items.push(row);
        }
    }
    items.extend(newest.into_values());
    items.iter().map(carried).collect()
}

fn candidates(tx: &SpaceTx<'_>, known: &Known) -> Result<Vec<ItemRow>> {
    let apart = [Kind::Change, Kind::Heads, Kind::Need, Kind::Carry, Kind::Snapshot];
    let mut rows = tx.unread_items()?;
    for kind in tx.item_kinds()?.into_iter().map(Kind::from).filter(|kind| !apart.contains(kind)) {
        // An entry of the log is judged by itself, whoever brings it.
        let fit = |row: &ItemRow| row.state == ItemState::Counts || kind == Kind::DeviceLog;
        rows.extend(tx.items_of_kind(kind.into())?.into_iter().filter(fit));
    }
    for device in known.own_log()?.state().active.keys() {
        rows.extend(tx.newest_of_kind(&device.0, Kind::Heads.into())?);
    }
    Ok(rows)
}

fn carried(row: &ItemRow) -> Result<Carried> {
    Ok(codec::decode(&row.signed)?)
}
