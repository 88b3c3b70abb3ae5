//! Items: their layout and signature, what their kind says of the body, and which of them count.

use trellis_core::crdt::{DocId, chunk, inspect};
use trellis_core::crypto::{Refusal, codec};
use trellis_core::space::authority::{Ledger, cuts, judge};
use trellis_core::space::epochs::Epochs;
use trellis_core::space::held::Held;
use trellis_core::space::snapshot::{carry, contents};
use trellis_core::space::{Draft, Item, Kind, VerifiedItem, consent, record};

use crate::pieces;
use crate::targets::change;
use crate::world::{EPOCH, LOG, chain, device, home, refused, signed, sound, vector, vectors};

const CODES: &[Refusal] = &[
    Refusal::Malformed,
    Refusal::NotCanonical,
    Refusal::Oversized,
    Refusal::UnknownVersion,
    Refusal::BadChain,
    Refusal::ForeignWriter,
    Refusal::Forged,
    Refusal::WeakKey,
];

/// Items as their device signed them. A choice of 1 names that device and its writer first, so that more is read.
pub fn run(input: &[u8]) {
    let (choice, pieces) = pieces::choice(input);
    let mut items: Vec<VerifiedItem> = pieces
        .iter()
        .filter_map(|piece| if choice % 2 == 0 { verified(piece) } else { verified(&owned(piece)) })
        .collect();
    let ledger = ledger(&items);
    items.iter().for_each(body);
    items.reverse();
    let epochs = epochs(&items);
    let judgement = judge(&ledger, &epochs, &*LOG);
    // Each brings what lies in it along, so the order says nothing.
    assert_eq!(judgement, judge(&self::ledger(&items), &epochs, &*LOG), "depends on the order of items");
    assert!(judgement.counting.iter().all(|id| ledger.facts().contains_key(id)));
    assert!(cuts(&ledger, &judgement.counting, &*LOG).is_sorted());
}

pub fn seeds() -> Vec<Vec<u8>> {
    let items = honest();
    let bytes = |item: &VerifiedItem| item.to_carried().item.to_vec();
    let mut seeds: Vec<Vec<u8>> = items.iter().map(|item| pieces::chosen(1, &[bytes(item)])).collect();
    let all: Vec<Vec<u8>> = items.iter().map(bytes).collect();
    seeds.extend([pieces::chosen(0, &all), pieces::chosen(1, &all), nested()]);
    seeds
}

/// One of each kind.
fn honest() -> Vec<VerifiedItem> {
    let mut chain = chain(home(), 1);
    let plan = change::own(DocId::Plan, chain.writer().0);
    let consent = vector("consent.full");
    let bodies = [
        (Kind::Change, b"plan".to_vec(), plan.first().cloned().unwrap_or_default()),
        (Kind::Record, vec![1; 16], vector("record.checkin")),
        (Kind::Record, vec![1; 16], Vec::new()),
        (Kind::DeviceLog, Vec::new(), vector("entry.genesis")),
        (Kind::Open, vec![2; 16], vector("open")),
        (Kind::Grant, vec![2; 16], vector("grant")),
        (Kind::Heads, Vec::new(), vector("heads")),
        (Kind::Need, vec![1; 16], vector("need")),
        (Kind::Snapshot, vec![6; 16], vectors("snapshot.1").concat()),
        (Kind::Carry, Vec::new(), vector("carry")),
        (Kind::DeviceName, vec![1; 32], b"Phone".to_vec()),
        (Kind::Roster, Vec::new(), vector("roster.genesis")),
        (Kind::Consent, Vec::new(), consent),
        (Kind::Unknown(999), Vec::new(), vec![1, 2, 3]),
    ];
    let sign = |(kind, key, body)| sound(chain.next(EPOCH, Draft { kind, key, body }));
    bodies.into_iter().map(sign).collect()
}

/// A carry in a carry, as often as one fits into another.
fn nested() -> Vec<u8> {
    let mut chain = chain(home(), 1);
    let draft = Draft { kind: Kind::Record, key: vec![1; 16], body: vector("record.post") };
    let mut item = sound(chain.next(EPOCH, draft));
    for _ in 0..200 {
        let body = codec::encode(&vec![item.to_carried()]);
        let Ok(next) = chain.next(EPOCH, Draft { kind: Kind::Carry, key: Vec::new(), body }) else { break };
        item = next;
    }
    pieces::chosen(0, &[item.to_carried().item.to_vec()])
}

/// Device and writer are the signer's: fields 1 and 2 behind two bytes of heads.
fn owned(bytes: &[u8]) -> Vec<u8> {
    let Ok(mut item) = codec::decode::<Item>(bytes) else { return bytes.to_vec() };
    let chain = chain(home(), 1);
    item.writer = chain.writer();
    item.device = device(1).id();
    codec::encode(&item)
}

/// What is verified is what was signed, to the byte.
fn verified(bytes: &[u8]) -> Option<VerifiedItem> {
    let carried = signed(bytes);
    match carried.clone().verify(home()) {
        Ok(item) => {
            assert_eq!(codec::encode(item.item()), bytes);
            assert_eq!((item.to_carried(), item.id()), (&carried, carried.id(home())));
            assert_eq!(carried.kept(home()), Ok(item.clone()));
            let what = item.item();
            assert!(what.seq > 0 && what.lamport >= what.seq && what.key.len() <= 128);
            Some(item)
        }
        Err(refusal) => {
            refused(refusal, CODES);
            None
        }
    }
}

/// A container is taken whole or not at all, and nothing twice.
fn ledger(items: &[VerifiedItem]) -> Ledger {
    let mut ledger = Ledger::default();
    for item in items {
        let before = ledger.facts().len();
        match ledger.insert(item) {
            Ok(found) => {
                assert!(found.iter().all(|inner| ledger.facts().contains_key(&inner.id())));
                assert!(ledger.insert(item).is_ok_and(|again| again.is_empty()));
            }
            Err(refusal) => {
                refused(refusal, CODES);
                assert_eq!(ledger.facts().len(), before, "a refused item leaves something behind");
            }
        }
    }
    ledger
}

fn epochs(items: &[VerifiedItem]) -> Epochs {
    let mut epochs = Epochs::default();
    for item in items {
        if let Err(refusal) = epochs.insert(item) {
            let known = [CODES, &[Refusal::ForeignEpoch]].concat();
            refused(refusal, &known);
        }
    }
    epochs
}

/// What the kind says of the body.
fn body(item: &VerifiedItem) {
    let what = item.item();
    let _ = String::from_utf8_lossy(&what.key).parse::<DocId>();
    match what.kind {
        Kind::Change => assert!(chunk::facts(&what.body).is_ok() || inspect(&what.body).is_err()),
        Kind::Record => drop(record::Record::read(&what.body)),
        Kind::Consent => drop(consent::Consent::read(&what.body)),
        Kind::Carry | Kind::Snapshot => drop(contents(what)),
        Kind::DeviceLog => drop(LOG.clone().insert(&what.body)),
        _ => {}
    }
    let mut held = Held::default();
    held.add(item.id(), what);
    assert!(held.holds(home(), item.id(), what), "what is held verbatim is held");
    if !what.kind.is_container() {
        let carried = carry([item]);
        assert_eq!(carried.len(), 1, "an item that no carry takes");
    }
}
