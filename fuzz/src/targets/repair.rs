//! Lists of heads, and asking for gaps.

use std::collections::BTreeMap;

use trellis_core::crypto::{DeviceId, Refusal, codec};
use trellis_core::space::authority::{Fact, Ledger};
use trellis_core::space::repair::{Heads, MAX_HEADS, MAX_NEED, Need, gaps};
use trellis_core::space::{ItemId, Mark, WriterId};

use crate::pieces;
use crate::world::{refused, vector};

const CODES: &[Refusal] = &[Refusal::Malformed, Refusal::NotCanonical, Refusal::Oversized];

/// The first pieces are read as `heads` and `need`; each is also a fact of the ledger they are held against.
pub fn run(input: &[u8]) {
    let (choice, pieces) = pieces::choice(input);
    let ledger = ledger(&pieces);
    let writers = ledger.facts().values().map(|fact| fact.writer);
    let covered: BTreeMap<WriterId, u64> =
        writers.take(2).map(|writer| (writer, u64::from(choice))).collect();
    pieces.iter().for_each(|piece| heads(piece, &ledger, &covered));
    pieces.iter().for_each(|piece| need(piece, &ledger));
    gaps(&ledger, &covered).iter().for_each(askable);
    assert!(Heads::read(&Heads::of(&ledger).draft().body).is_ok());
}

pub fn seeds() -> Vec<Vec<u8>> {
    let mark = |writer: u8, seq| Mark { writer: WriterId([writer; 16]), seq, id: ItemId([writer; 32]) };
    let long = Heads((1..40).map(|writer| mark(writer, u64::from(writer) * 1000)).collect());
    let pieces = [vector("heads"), vector("need"), long.draft().body];
    vec![pieces::chosen(1, &pieces), pieces::chosen(200, &pieces)]
}

fn heads(body: &[u8], ledger: &Ledger, covered: &BTreeMap<WriterId, u64>) {
    match Heads::read(body) {
        Ok(heads) => {
            assert_eq!(heads.draft().body, body);
            assert!(heads.0.len() <= MAX_HEADS && heads.0.is_sorted_by(|a, b| a.writer < b.writer));
            let told = heads.compare(ledger, covered);
            assert!(told.missing.len() <= 16 * heads.0.len() && told.disagreeing.len() <= heads.0.len());
            told.missing.iter().for_each(askable);
        }
        Err(refusal) => refused(refusal, CODES),
    }
}

fn need(body: &[u8], ledger: &Ledger) {
    match Need::read(body) {
        Ok(need) => {
            assert_eq!(need.draft().body, body);
            askable(&need);
            let held = |id: &ItemId| ledger.facts().get(id).is_some_and(|fact| fact.writer == need.writer);
            assert!(need.answer(ledger).iter().all(held));
        }
        Err(refusal) => refused(refusal, CODES),
    }
}

/// Nobody asks for what no reader would take for a question.
fn askable(need: &Need) {
    assert!(need.from > 0 && need.from <= need.to && need.to - need.from < MAX_NEED, "{need:?}");
    assert_eq!(Need::read(&need.draft().body), Ok(*need));
}

/// Facts from the marks in the pieces and from the bytes themselves.
fn ledger(pieces: &[&[u8]]) -> Ledger {
    let mut ledger = Ledger::default();
    let marks = pieces.iter().filter_map(|piece| codec::decode::<Vec<Mark>>(piece).ok()).flatten();
    for (place, mark) in marks.enumerate().filter(|(place, _)| place % 2 == 0) {
        let seq = (if place % 4 == 0 { mark.seq } else { mark.seq / 2 }).max(1);
        let fact = Fact { device: DeviceId([1; 32]), writer: mark.writer, seq, prev: None };
        ledger.insert_fact(mark.id, fact);
    }
    ledger
}
