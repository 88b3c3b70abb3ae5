//! Records as they stand in a shared space, for the screens.

use std::collections::{BTreeMap, BTreeSet};

use trellis_api_types::typed;

use crate::crdt::{DocId, Docs, read_people};
use crate::crypto::codec;
use crate::domain::help;
use crate::error::Result;
use crate::space::consent::{Given, Verdict, given, verdict};
use crate::space::members::Members;
use crate::space::record::{Content, Day, Posted, Record, Standing, authors, newest};
use crate::space::{AccountId, Carried, DeviceId, ItemId, Kind, VerifiedItem};
use crate::store::SpaceTx;
use crate::store::records::{Pick, RecordEntry, RecordRow, TAKEN_BACK};
use crate::store::spaces::ItemRow;
use crate::sync::keys;

/// Devices that several accounts name, each with those that it speaks for, as they were when records were looked at last.
const CONTESTED: &str = "space.contested";

/// Number of a content among records, as in its encoding.
pub fn number(content: &Content) -> i64 {
    number_of(&codec::encode(content))
}

fn number_of(bytes: &[u8]) -> i64 {
    let mut decoder = minicbor::Decoder::new(bytes);
    let number = decoder.array().ok().and_then(|_| decoder.u32().ok());
    number.map_or(i64::from(u32::MAX), i64::from)
}

/// Finds out again what stands under these keys, and under those of devices that speak for others than was known.
pub fn index(tx: &SpaceTx<'_>, members: &Members, keys: impl IntoIterator<Item = Vec<u8>>) -> Result<()> {
    for key in keys.into_iter().chain(turned(tx, members)?).collect::<BTreeSet<_>>() {
        let rows = tx.items_about(Kind::Record.into(), &key)?;
        let items: Vec<VerifiedItem> =
            rows.iter().map(|row| keys::trusted(tx, row)).collect::<Result<_>>()?;
        tx.forget_record(&key)?;
        for ((author, key), posted) in newest(&items, members) {
            tx.index_record(&entry(author, key, &posted))?;
        }
        for (row, item) in rows.iter().zip(&items) {
            // Whose author is not known yet is kept: the roster that names them may still come.
            let authors = authors(item, members);
            authors.iter().try_for_each(|author| super::erase_replaced(tx, row, &author.0))?;
        }
    }
    Ok(())
}

/// Returns the keys of records by devices that several accounts name, where it has changed since which accounts they speak
/// for: what stands does not depend on what came first.
fn turned(tx: &SpaceTx<'_>, members: &Members) -> Result<Vec<Vec<u8>>> {
    let (name, now) = (keys::name(tx, CONTESTED), members.contested());
    let kept = tx.setting(&name)?.and_then(|kept| codec::decode::<Vec<_>>(&kept).ok());
    let before: BTreeSet<(DeviceId, AccountId)> = kept.unwrap_or_default().into_iter().collect();
    if before == now {
        return Ok(Vec::new());
    }
    tx.set_setting(&name, &codec::encode(&now.iter().copied().collect::<Vec<_>>()))?;
    let devices: BTreeSet<DeviceId> = now.symmetric_difference(&before).map(|(device, _)| *device).collect();
    let keys: Vec<_> = devices.iter().map(|device| tx.keys_of_device(&device.0)).collect::<Result<_>>()?;
    Ok(keys.concat())
}

fn entry(author: AccountId, key: Vec<u8>, posted: &Posted) -> RecordEntry {
    let known = posted.content.as_ref().and_then(|content| content.known());
    let number = posted.content.as_ref().map_or(TAKEN_BACK, |content| number_of(&codec::encode(content)));
    let target = known.and_then(target).map(|target| name(&target.account, &target.key));
    RecordEntry {
        author: author.0,
        key,
        item: posted.item.0,
        content: number,
        at: known.and_then(Content::at).or_else(|| known.and_then(day_of)),
        target,
    }
}

/// Author and key together, as the index names a record.
pub fn name(account: &AccountId, key: &[u8]) -> Vec<u8> {
    [&account.0[..], key].concat()
}

fn target(content: &Content) -> Option<&crate::space::record::Target> {
    match content {
        Content::Reaction { to, .. } | Content::Reply { to, .. } | Content::HelpAnswer { to, .. } => Some(to),
        _ => None,
    }
}

/// The moment that a projection is about, as if its author lived in UTC.
fn day_of(content: &Content) -> Option<i64> {
    let (day, minutes) = match content {
        Content::CheckIn(checkin) => (checkin.day, i64::from(checkin.minutes)),
        Content::Milestone { on, .. } => (*on, 0),
        _ => return None,
    };
    Some((i64::from(Day::from(day.date()?).0) * 24 * 60 + minutes) * 60_000)
}

/// What each member agreed to share.
pub type Consents = BTreeMap<AccountId, Vec<Given>>;

/// What all members agreed to share.
pub fn consents(tx: &SpaceTx<'_>, members: &Members) -> Result<Consents> {
    let rows = tx.items_of_kind(Kind::Consent.into())?;
    let counting = rows.iter().filter(|row| row.state == crate::store::spaces::ItemState::Counts);
    let items: Vec<VerifiedItem> = counting.map(|row| keys::trusted(tx, row)).collect::<Result<_>>()?;
    Ok(given(&items, members))
}

/// Records that stand and are to be shown: what somebody shared by a consent that had ended is left out.
pub fn standing(tx: &SpaceTx<'_>, members: &Members, pick: &Pick<'_>) -> Result<Vec<Standing>> {
    standing_by(tx, &consents(tx, members)?, pick)
}

/// The same by consents that were read before: whoever picks several times reads them once.
pub fn standing_by(tx: &SpaceTx<'_>, given: &Consents, pick: &Pick<'_>) -> Result<Vec<Standing>> {
    let rows = tx.records(pick)?;
    let read = |row: RecordRow| shown(row, given).transpose();
    rows.into_iter().filter_map(read).collect()
}

/// One record, if it stands and is to be shown.
pub fn one(tx: &SpaceTx<'_>, members: &Members, author: &AccountId, key: &[u8]) -> Result<Option<Standing>> {
    let Some(row) = tx.record(&author.0, key)? else { return Ok(None) };
    shown(row, &consents(tx, members)?)
}

/// What a record says; `None` for what only a later version can read.
pub fn content(row: &RecordRow) -> Result<Option<Content>> {
    let carried: Carried = codec::decode(&row.signed)?;
    let record = Record::read(&carried.unchecked()?.body);
    Ok(record.ok().and_then(|record| record.content.known().cloned()))
}

fn shown(row: RecordRow, given: &Consents) -> Result<Option<Standing>> {
    let carried: Carried = codec::decode(&row.signed)?;
    let said = carried.unchecked()?;
    let Ok(record) = Record::read(&said.body) else { return Ok(None) };
    let Some(content) = record.content.known().cloned() else { return Ok(None) };
    let posted = Posted {
        item: ItemId(row.item),
        lamport: said.lamport,
        writer: said.writer,
        seq: said.seq,
        content: Some(record.content.clone()),
    };
    let of_author = given.get(&record.author).map(Vec::as_slice).unwrap_or_default();
    let fine = content.basis().is_none_or(|basis| verdict(&posted, basis, of_author) == Verdict::Show);
    let (author, key, at, only_here) = (record.author, row.key, row.at, row.outgoing);
    let (item, lamport) = (posted.item, posted.lamport);
    Ok(fine.then_some(Standing { author, key, content, at, only_here, item, lamport }))
}

/// What everybody calls themselves here.
pub fn names(tx: &SpaceTx<'_>) -> Result<BTreeMap<AccountId, String>> {
    let mut names = BTreeMap::new();
    for row in tx.records(&Pick::Each(&[0], 1))? {
        if let Some(Content::Profile { name }) = content(&row)? {
            names.insert(AccountId(row.author), typed::name(&name));
        }
    }
    Ok(names)
}

/// The keys of the records among these items.
pub fn keys_in<'a>(rows: impl Iterator<Item = &'a ItemRow>) -> Vec<Vec<u8>> {
    let record: u16 = Kind::Record.into();
    rows.filter(|row| row.kind == record).map(|row| row.key.clone()).collect()
}

/// Whether one of these items, which have just come, asks this person for help now. Those they blocked are silent, in
/// whatever name they speak. `now` is by the clock that all members go by.
pub fn asks_for_help(
    tx: &SpaceTx<'_>,
    docs: &mut Docs,
    members: &Members,
    rows: &[ItemRow],
    now: i64,
) -> Result<bool> {
    let (me, record) = (keys::account(tx)?, u16::from(Kind::Record));
    for row in rows.iter().filter(|row| row.kind == record) {
        let Ok(said) = Record::read(&keys::kept(row)?.body) else { continue };
        let Some(Content::HelpRequest { to, at, .. }) = said.content.known() else { continue };
        let theirs = members.speaks_for(&DeviceId(row.device), &said.author);
        let asked = theirs && said.author != me && (to.is_empty() || to.contains(&me));
        let mut blocked = || -> Result<bool> {
            Ok(read_people(docs.get(tx, DocId::People)?).of(&said.author.to_string()).blocked)
        };
        if asked && help::is_news(help::asked_at(*at, now), now) && !blocked()? {
            return Ok(true);
        }
    }
    Ok(false)
}
