//! Carries and snapshots: items repeated verbatim, so that older mailboxes can be let go.

use std::collections::BTreeMap;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::{Carried, DeviceId, Draft, Item, Kind, Mark, Refusal, VerifiedItem};
use crate::crypto::codec;
use crate::crypto::envelope::MAX_ITEM;

/// Room for items or document bytes in one part; the rest is for the item around it.
const ROOM: usize = MAX_ITEM - 2048;
/// Most writers covered by one snapshot.
pub const MAX_COVERS: usize = 1024;
/// Most parts of one snapshot.
pub const MAX_PARTS: u32 = 4096;

/// What a snapshot holds, whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// For each writer, the newest item whose content is in here. Sorted by writer.
    pub covers: Vec<Mark>,
    /// Items verbatim: authority, newest records, joint changes.
    pub items: Vec<Carried>,
    /// Saved Automerge documents by key; only in the personal space.
    pub documents: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// Body of an item of kind `Snapshot`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Part {
    /// Which snapshot: 16 random bytes.
    #[cbor(n(0), with = "minicbor::bytes")]
    snapshot: [u8; 16],
    /// Number of this part, from 0.
    #[n(1)]
    number: u32,
    /// How many parts there are.
    #[n(2)]
    parts: u32,
    /// In part 0 only.
    #[n(3)]
    covers: Vec<Mark>,
    #[n(4)]
    items: Vec<Carried>,
    /// At most one: a piece of a saved document.
    #[n(5)]
    piece: Option<Piece>,
}

/// Consecutive bytes of a saved document. Pieces of one key follow each other in the order of parts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
struct Piece {
    #[n(0)]
    key: ByteVec,
    #[n(1)]
    bytes: ByteVec,
}

/// Body of an item of kind `Carry`.
#[derive(Encode, Decode)]
#[cbor(transparent)]
struct Carry(Vec<Carried>);

/// Drafts that carry items onwards, as few as hold them. Containers are left out: what was in them is known as items
/// of its own and goes by itself.
pub fn carry<'a>(items: impl IntoIterator<Item = &'a VerifiedItem>) -> Vec<Draft> {
    let pack = |items: Vec<Carried>| codec::encode(&Carry(items));
    let loose = items.into_iter().filter(|item| !item.item().kind.is_container());
    let loose: Vec<Carried> = loose.map(|item| item.to_carried().clone()).collect();
    packs(&loose)
        .into_iter()
        .map(|items| Draft { kind: Kind::Carry, key: Vec::new(), body: pack(items) })
        .collect()
}

/// The items inside a carry or a snapshot part; none in any other kind.
pub fn contents(item: &Item) -> Result<Vec<Carried>, Refusal> {
    match item.kind {
        Kind::Carry => codec::decode::<Carry>(&item.body).map(|carry| carry.0),
        Kind::Snapshot => Part::read(&item.body).map(|part| part.items),
        _ => Ok(Vec::new()),
    }
}

/// A part that does not know its number yet: how many there will be is known at the end.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Sheet(Part);

impl Sheet {
    fn blank(snapshot: [u8; 16]) -> Part {
        Part { snapshot, number: 0, parts: 0, covers: Vec::new(), items: Vec::new(), piece: None }
    }

    /// The first part: what is covered. Sorted by writer.
    pub fn first(id: [u8; 16], covers: Vec<Mark>) -> Result<Self, Refusal> {
        if covers.len() > MAX_COVERS {
            return Err(Refusal::Oversized);
        }
        Ok(Self(Part { covers, ..Self::blank(id) }))
    }

    /// Parts with these items, as few as hold them.
    pub fn items(id: [u8; 16], items: &[Carried]) -> Vec<Self> {
        packs(items).into_iter().map(|items| Self(Part { items, ..Self::blank(id) })).collect()
    }

    /// Parts with a saved document.
    pub fn document(id: [u8; 16], key: &[u8], bytes: &[u8]) -> Vec<Self> {
        let piece = |bytes: &[u8]| Piece { key: key.to_vec().into(), bytes: bytes.to_vec().into() };
        let pieces = bytes.chunks(ROOM - key.len().min(ROOM / 2)).map(piece);
        pieces.map(|piece| Self(Part { piece: Some(piece), ..Self::blank(id) })).collect()
    }

    /// How it is kept until it is signed.
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Reads what was kept.
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        codec::decode(bytes)
    }

    /// The part with its number, from 0, to be signed by the writer of all the others.
    pub fn draft(self, number: u32, parts: u32) -> Result<Draft, Refusal> {
        if number >= parts || parts > MAX_PARTS {
            return Err(Refusal::Oversized);
        }
        let part = Part { number, parts, ..self.0 };
        Ok(Draft { kind: Kind::Snapshot, key: part.snapshot.to_vec(), body: codec::encode(&part) })
    }
}

impl Snapshot {
    /// Drafts of all parts, to be signed one after another by one writer. `id` is 16 fresh random bytes.
    pub fn drafts(&self, id: [u8; 16]) -> Result<Vec<Draft>, Refusal> {
        let mut sheets = vec![Sheet::first(id, self.covers.clone())?];
        sheets.extend(Sheet::items(id, &self.items));
        sheets.extend(self.documents.iter().flat_map(|(key, bytes)| Sheet::document(id, key, bytes)));
        let count = u32::try_from(sheets.len()).map_err(|_| Refusal::Oversized)?;
        (0..).zip(sheets).map(|(number, sheet)| sheet.draft(number, count)).collect()
    }

    /// The whole snapshots among counting parts, by maker and id. Incomplete ones are left out; parts that contradict
    /// each other spoil theirs.
    pub fn assemble<'a>(
        parts: impl IntoIterator<Item = &'a VerifiedItem>,
    ) -> BTreeMap<(DeviceId, [u8; 16]), Self> {
        let mut found: BTreeMap<(DeviceId, [u8; 16]), BTreeMap<u32, Part>> = BTreeMap::new();
        for item in parts.into_iter().filter(|item| item.item().kind == Kind::Snapshot) {
            if let Ok(part) = Part::read(&item.item().body) {
                found
                    .entry((item.item().device, part.snapshot))
                    .or_default()
                    .entry(part.number)
                    .or_insert(part);
            }
        }
        found.into_iter().filter_map(|(name, parts)| Some((name, Self::whole(parts)?))).collect()
    }

    fn whole(parts: BTreeMap<u32, Part>) -> Option<Self> {
        let count = parts.first_key_value()?.1.parts;
        let complete = parts.len() == usize::try_from(count).ok()?;
        if !complete || parts.values().any(|part| part.parts != count) {
            return None;
        }
        let mut whole = Self::default();
        for part in parts.into_values() {
            whole.covers.extend(part.covers);
            whole.items.extend(part.items);
            if let Some(Piece { key, bytes }) = part.piece {
                whole.documents.entry(key.into()).or_default().extend_from_slice(&bytes);
            }
        }
        Some(whole)
    }
}

impl Part {
    fn read(body: &[u8]) -> Result<Self, Refusal> {
        let part: Self = codec::decode(body)?;
        if part.covers.len() > MAX_COVERS || part.parts > MAX_PARTS {
            return Err(Refusal::Oversized);
        }
        let first_only = part.number == 0 || part.covers.is_empty();
        let sorted = part.covers.is_sorted_by(|a, b| a.writer < b.writer);
        if part.number < part.parts && first_only && sorted { Ok(part) } else { Err(Refusal::Malformed) }
    }
}

/// Items in groups that each fit one part.
fn packs(items: &[Carried]) -> Vec<Vec<Carried>> {
    let mut packs: Vec<Vec<Carried>> = Vec::new();
    let mut room = 0;
    for item in items {
        let size = item.item.len() + 128;
        if size > room {
            packs.push(Vec::new());
            room = ROOM;
        }
        room = room.saturating_sub(size);
        if let Some(pack) = packs.last_mut() {
            pack.push(item.clone());
        }
    }
    packs
}
