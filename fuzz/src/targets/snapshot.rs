//! Parts of snapshots, carries, and saved documents inside them.

use trellis_core::crypto::{Refusal, codec};
use trellis_core::space::snapshot::{MAX_COVERS, MAX_PARTS, Sheet, Snapshot, contents};
use trellis_core::space::{Kind, VerifiedItem};

use crate::pieces;
use crate::world::{items, refused, vector, vectors};

const CODES: &[Refusal] = &[Refusal::Malformed, Refusal::NotCanonical, Refusal::Oversized];

/// Bodies of snapshot parts, or of carries.
pub fn run(input: &[u8]) {
    let (choice, pieces) = pieces::choice(input);
    let kind = if choice % 4 == 3 { Kind::Carry } else { Kind::Snapshot };
    let items = items(kind, &[], &pieces);
    items.iter().for_each(inside);
    pieces.iter().for_each(|piece| sheet(piece));
    let backwards = Snapshot::assemble(items.iter().rev().filter(|item| alone(item, &items)));
    let found = Snapshot::assemble(items.iter().filter(|item| alone(item, &items)));
    assert_eq!(found, backwards, "a snapshot depends on the order of its parts");
    Snapshot::assemble(&items).into_iter().for_each(|((_, id), whole)| again(id, &whole));
}

pub fn seeds() -> Vec<Vec<u8>> {
    let parts = vectors("snapshot.");
    let large = Snapshot { documents: [(b"plan".to_vec(), vec![9; 70_000])].into(), ..Snapshot::default() };
    let large = large.drafts([7; 16]).unwrap_or_default();
    let large: Vec<Vec<u8>> = large.into_iter().map(|draft| draft.body).collect();
    vec![
        pieces::chosen(0, &parts),
        pieces::chosen(0, large.get(..2).unwrap_or_default()),
        pieces::chosen(3, &[vector("carry")]),
    ]
}

/// Of two parts with one number the first stands: only there the order says something.
fn alone(item: &VerifiedItem, all: &[VerifiedItem]) -> bool {
    let name = |item: &VerifiedItem| item.item().body.get(..21).map(<[u8]>::to_vec);
    all.iter().filter(|other| name(other) == name(item)).count() == 1
}

fn inside(item: &VerifiedItem) {
    match contents(item.item()) {
        Ok(inside) => inside.iter().for_each(|carried| drop(carried.unchecked())),
        Err(refusal) => refused(refusal, CODES),
    }
}

fn sheet(body: &[u8]) {
    match Sheet::read(body) {
        Ok(sheet) => {
            assert_eq!(sheet.encode(), body);
            assert!(sheet.clone().draft(MAX_PARTS, MAX_PARTS).is_err());
            assert_eq!(sheet.draft(0, 1).map(|draft| draft.kind), Ok(Kind::Snapshot));
        }
        Err(refusal) => refused(refusal, CODES),
    }
}

/// A whole one can be said once more, and is the same.
fn again(id: [u8; 16], whole: &Snapshot) {
    assert!(whole.covers.len() <= MAX_COVERS && whole.covers.is_sorted_by(|a, b| a.writer < b.writer));
    let Ok(drafts) = whole.drafts(id) else { return };
    let bodies: Vec<&[u8]> = drafts.iter().map(|draft| draft.body.as_slice()).collect();
    let parts = items(Kind::Snapshot, &id, &bodies);
    let said = Snapshot::assemble(&parts).into_values().next();
    let mut wanted = whole.clone();
    // A document of no bytes has no piece.
    wanted.documents.retain(|_, bytes| !bytes.is_empty());
    assert!(
        parts.len() < bodies.len() || said == Some(wanted),
        "{}",
        hex::encode(codec::encode(&whole.covers))
    );
}
