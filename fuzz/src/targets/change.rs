//! Changes of documents by another device: chunks whose length and checksum are right, whatever else they say.

use std::cell::RefCell;
use std::collections::BTreeSet;

use trellis_core::crdt::{Doc, DocId, changes_in, chunk, inspect};
use trellis_core::crypto::kdf;
use trellis_core::store::documents::Saved;

use crate::pieces;
use crate::targets::document::{honest, read, write};
use crate::world::sound;

/// Documents that are exchanged.
pub const DOCS: [DocId; 8] = [
    DocId::Plan,
    DocId::Journal(2026),
    DocId::Settings,
    DocId::Safety,
    DocId::Spaces,
    DocId::People,
    DocId::Work,
    DocId::Coach,
];
/// Type of a chunk that holds a change.
const CHANGE: u8 = 1;
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Most changes of one batch.
const MAX_BATCH: usize = 12;

thread_local! {
    /// Documents that this device wrote to already.
    static HELD: RefCell<Vec<Doc>> = RefCell::new(DOCS.iter().map(|id| honest(*id, 1)).collect());
}

/// The lowest bit chooses between whole bodies of chunks and their parts; the three above it the document.
pub fn run(input: &[u8]) {
    let (choice, pieces) = pieces::choice(input);
    let place = usize::from(choice >> 1) % DOCS.len();
    let id = DOCS.get(place).copied().unwrap_or(DocId::Plan);
    let batch = if choice % 2 == 1 {
        pieces.iter().take(MAX_BATCH).map(|body| sealed(CHANGE, body)).collect()
    } else {
        built(&pieces, &roots(id))
    };
    let held = HELD.with_borrow(|held| held.get(place).cloned());
    held.into_iter().for_each(|held| check(id, held, &batch));
}

pub fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for (choice, id) in (0..).zip(DOCS) {
        let (chunks, roots) = (own(id, [2; 16]), roots(id));
        let parts = chunks.iter().enumerate().flat_map(|(at, chunk)| parted(chunk, &chunks, at, &roots));
        seeds.push(pieces::chosen(choice << 1, &parts.collect::<Vec<_>>()));
        let bodies: Vec<&[u8]> = chunks.iter().filter_map(|chunk| body(chunk)).collect();
        seeds.push(pieces::chosen(choice << 1 | 1, &bodies));
    }
    seeds
}

/// The changes of a device that wrote to a document.
pub fn own(id: DocId, writer: [u8; 16]) -> Vec<Vec<u8>> {
    let mut doc = sound(Doc::load(id, writer, &Saved::default()));
    (0..4).for_each(|step| drop(sound(doc.edit(|edit| write(edit, id, 1, step)))));
    doc.changes().into_iter().map(|(_, bytes)| bytes).collect()
}

/// What the first changes of everyone build on.
fn roots(id: DocId) -> Vec<[u8; 32]> {
    let facts = own(id, [2; 16]).first().and_then(|first| inspect(first).ok());
    facts.map(|facts| facts.deps).unwrap_or_default()
}

fn check(id: DocId, mut held: Doc, batch: &[Vec<u8>]) {
    let before = Saved { snapshot: Some(held.clone().snapshot()), ..Saved::default() };
    batch.iter().for_each(|chunk| told(chunk));
    let received = held.receive(&[2; 32], batch);
    assert!(received.bad.iter().all(|(place, code)| {
        *place < batch.len() && ["change-malformed", "change-refused"].contains(code)
    }));
    assert!(received.kept.len() + received.waits.len() + received.bad.len() <= batch.len());
    for (hash, bytes) in received.kept.iter().chain(&received.waits) {
        assert!(batch.contains(bytes) && chunk::hash(bytes) == *hash);
    }
    let kept = received.kept.into_iter().map(|(_, bytes)| bytes);
    let waiting = received.waits.into_iter().map(|(_, bytes)| ([2; 32], bytes)).collect();
    let stored = sound(Doc::load(id, [1; 16], &Saved { changes: kept.collect(), waiting, ..before }));
    assert_eq!(held.waits(), stored.waits());
    same(&mut held, stored);
    stands(id, &mut held);
    again(&held, batch);
    // What is taken in may say anything, as one's own device may; it can be edited, saved and loaded.
    read(&held, id);
    let _ = held.edit(|edit| write(edit, id, 3, 5));
    read(&held, id);
    stands(id, &mut held);
}

/// Both readers of a chunk say the same of it.
fn told(chunk: &[u8]) {
    let (facts, read) = (chunk::facts(chunk), inspect(chunk));
    if let (Ok(facts), Ok(read)) = (&facts, &read) {
        assert_eq!((facts.actor.to_vec(), facts.seq), (read.writer.clone(), read.seq));
        assert_eq!(read.hash, chunk::hash(chunk));
    }
    assert!(facts.is_ok() || read.is_err());
}

/// What was saved is what is loaded, and others can read every change of it.
fn stands(id: DocId, held: &mut Doc) {
    let saved = held.snapshot();
    let inside: BTreeSet<Vec<u8>> = sound(changes_in(&saved)).into_iter().collect();
    let all: BTreeSet<Vec<u8>> = held.changes().into_iter().map(|(_, bytes)| bytes).collect();
    assert_eq!(inside, all, "a saved document holds other changes");
    assert!(all.iter().all(|chunk| inspect(chunk).is_ok()), "a change that others cannot read");
    same(held, sound(Doc::load(id, [1; 16], &Saved { snapshot: Some(saved), ..Saved::default() })));
}

fn same(held: &mut Doc, mut other: Doc) {
    let hashes = |doc: &mut Doc| doc.changes().into_iter().map(|(hash, _)| hash).collect::<BTreeSet<_>>();
    assert_eq!(hashes(held), hashes(&mut other), "a document is loaded with other changes");
}

/// A batch that came before brings nothing.
fn again(held: &Doc, batch: &[Vec<u8>]) {
    let mut held = held.clone();
    let before = held.changes().len();
    held.receive(&[2; 32], batch);
    assert_eq!(held.changes().len(), before, "a batch brings something when it comes again");
}

/// A body as a chunk: length and checksum are right.
pub fn sealed(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut chunk = [&MAGIC[..], &[0; 4], &[kind], &number(body.len() as u64), body].concat();
    let hash = kdf::hash(&[chunk.get(8..).unwrap_or_default()]);
    chunk.iter_mut().skip(4).zip(hash.into_iter().take(4)).for_each(|(to, from)| *to = from);
    chunk
}

/// Chunks of their parts: a head (how many changes it builds on, which, the rest of it), columns (number, bytes), an empty
/// piece.
fn built(pieces: &[&[u8]], roots: &[[u8; 32]]) -> Vec<Vec<u8>> {
    let mut batch: Vec<Vec<u8>> = Vec::new();
    for parts in pieces.split(|piece| piece.is_empty()).take(MAX_BATCH) {
        let Some((head, columns)) = parts.split_first() else { continue };
        let (count, rest) =
            head.split_first().map_or((0, *head), |(count, rest)| (usize::from(*count), rest));
        let (known, rest) = rest.split_at(count.min(rest.len()));
        let mut body = number(known.len() as u64);
        known.iter().for_each(|at| body.extend(dep(usize::from(*at), &batch, roots)));
        body.extend_from_slice(rest);
        body.extend(number(columns.len() as u64));
        columns.iter().for_each(|column| body.extend(spec(column)));
        columns.iter().for_each(|column| body.extend_from_slice(after_number(column)));
        batch.push(sealed(CHANGE, &body));
    }
    batch
}

fn dep(at: usize, batch: &[Vec<u8>], roots: &[[u8; 32]]) -> [u8; 32] {
    let earlier = at.checked_sub(roots.len()).and_then(|at| batch.get(at)).map(|chunk| chunk::hash(chunk));
    earlier.or_else(|| roots.get(at).copied()).unwrap_or([at as u8; 32])
}

/// The column's number and the length of its bytes.
fn spec(column: &[u8]) -> Vec<u8> {
    let bytes = after_number(column);
    let spec = column.get(..column.len() - bytes.len()).unwrap_or_default();
    [spec, &number(bytes.len() as u64)].concat()
}

fn after_number(mut bytes: &[u8]) -> &[u8] {
    let _ = unsigned(&mut bytes);
    bytes
}

/// The reverse of [`built`] for an honest chunk.
fn parted(chunk: &[u8], all: &[Vec<u8>], at: usize, roots: &[[u8; 32]]) -> Vec<Vec<u8>> {
    let mut rest = body(chunk).unwrap_or_default();
    let count = unsigned(&mut rest);
    let mut head = vec![count as u8];
    for _ in 0..count {
        let (dep, after) = rest.split_at(32);
        let earlier = all.iter().take(at).position(|other| chunk::hash(other) == dep);
        head.push(earlier.map_or(0, |place| (place + roots.len()) as u8));
        rest = after;
    }
    let start = rest;
    skip(&mut rest);
    (0..3).for_each(|_| {
        unsigned(&mut rest);
    });
    skip(&mut rest);
    (0..unsigned(&mut rest)).for_each(|_| skip(&mut rest));
    head.extend_from_slice(start.get(..start.len() - rest.len()).unwrap_or_default());
    let specs: Vec<(u64, u64)> =
        (0..unsigned(&mut rest)).map(|_| (unsigned(&mut rest), unsigned(&mut rest))).collect();
    let mut parts = vec![head];
    for (spec, len) in specs {
        let (bytes, after) = rest.split_at(len as usize);
        parts.push([&number(spec), bytes].concat());
        rest = after;
    }
    parts.push(Vec::new());
    parts
}

/// What stands behind magic, checksum, type and length.
pub fn body(chunk: &[u8]) -> Option<&[u8]> {
    let mut rest = chunk.get(9..)?;
    unsigned(&mut rest);
    Some(rest)
}

fn skip(rest: &mut &[u8]) {
    let len = unsigned(rest) as usize;
    *rest = rest.get(len..).unwrap_or_default();
}

fn unsigned(rest: &mut &[u8]) -> u64 {
    leb128::read::unsigned(rest).unwrap_or_default()
}

fn number(number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing into memory cannot fail.
    let _ = leb128::write::unsigned(&mut out, number);
    out
}
