//! Rules 9 and 19: heads, gaps, snapshots and carries.
use super::*;
use crate::space::held::Held;
use crate::space::repair::{Heads, Need, gaps};
use crate::space::snapshot::{Snapshot, carry};

#[test]
fn a_snapshot_stands_for_what_it_holds_and_not_for_what_it_claims() {
    let mut world = World::new();
    let name = |name: &str| Draft { kind: Kind::DeviceName, key: vec![1], body: name.into() };
    let [older, newer, claimed] = ["old", "new", "claimed"].map(|body| world.write(1, name(body)));
    let unknown = world.write(2, Draft { kind: Kind::Unknown(99), key: vec![], body: vec![1] });
    let heads = world.write(2, Heads::of(&world.ledger).draft());
    let carriers = [&newer, &claimed].map(|item| world.write(2, carry([item])[0].clone()));
    let mut held = Held::default();
    held.add(newer.id(), newer.item());
    let holds = |item: &VerifiedItem| held.holds(world.space(), item.id(), item.item());
    assert!(holds(&older) && holds(&newer) && holds(&heads) && holds(&carriers[0]));
    assert!(!holds(&claimed) && !holds(&unknown) && !holds(&carriers[1]));
}

#[test]
fn an_entry_is_held_whichever_item_brings_it() {
    let mut world = World::new();
    let entry = |by, world: &mut World| {
        world.write(by, Draft { kind: Kind::DeviceLog, key: vec![], body: b"one entry".into() })
    };
    let [first, again] = [1, 2].map(|by| entry(by, &mut world));
    let mut held = Held::default();
    held.add(first.id(), first.item());
    assert!(held.holds(world.space(), again.id(), again.item()));
}

#[test]
fn heads_tell_gaps_and_disagreement() {
    let mut world = World::new();
    let mut twin = world.two.clone();
    let items: Vec<_> = (0..5).map(|n| world.write(2, record("a", &n.to_string()))).collect();
    let mut other = Ledger::default();
    for place in [0, 3] {
        other.insert(&items[place]).unwrap();
    }
    let writer = items[0].item().writer;
    assert_eq!(gaps(&other, &Default::default()), [Need { writer, from: 2, to: 3 }]);
    assert_eq!(gaps(&other, &[(writer, 3)].into()), []);
    let heads = Heads::read(&Heads::of(&world.ledger).draft().body).unwrap();
    let missing = heads.compare(&other, &Default::default()).missing;
    assert!(missing.contains(&Need { writer, from: 5, to: 5 }) && missing.len() == 3);
    let need = Need::read(&missing.iter().find(|need| need.from == 2).unwrap().draft().body).unwrap();
    assert_eq!(need.answer(&world.ledger), [items[1].id(), items[2].id()]);
    let mut forked = Ledger::default();
    forked.insert(&twin.next(HOME, record("a", "x")).unwrap()).unwrap();
    let told = Heads::of(&forked).compare(&world.ledger, &Default::default());
    assert_eq!(told.disagreeing.len(), 1);
}

#[test]
fn a_need_is_bounded() {
    let writer = WriterId([0; 16]);
    let read = |from, to| Need::read(&Need { writer, from, to }.draft().body);
    assert_eq!(read(0, 1), Err(Refusal::Malformed));
    assert_eq!(read(3, 2), Err(Refusal::Malformed));
    assert_eq!(read(1, u64::MAX), Err(Refusal::Oversized));
}

#[test]
fn a_snapshot_survives_its_parts() {
    let mut world = World::new();
    let items: Vec<_> = (0..40).map(|n| world.write(1, record("a", &n.to_string().repeat(2000)))).collect();
    let snapshot = Snapshot {
        covers: vec![mark(items.last().unwrap())],
        items: items.iter().map(|item| item.to_carried().clone()).collect(),
        documents: [(b"plan".to_vec(), vec![5; 150_000]), (b"year".to_vec(), vec![6; 10])].into(),
    };
    let drafts = snapshot.drafts([4; 16]).unwrap();
    let parts: Vec<_> = drafts.into_iter().map(|draft| world.write(1, draft)).collect();
    let key = (device(1).id(), [4; 16]);
    assert_eq!(Snapshot::assemble(parts.iter().rev()).get(&key), Some(&snapshot));
    assert!(Snapshot::assemble(&parts[1..]).is_empty());
}

#[test]
fn the_largest_item_can_be_carried() {
    let mut world = World::new();
    let room = crate::space::item::MAX_CONTENT - 256;
    let item = world.write(2, record("a", &"x".repeat(room)));
    let carrier = world.write(1, carry([&item])[0].clone());
    let keys = EpochSecret::new(crate::crypto::Secret::new([1; 32])).keys(carrier.scope().space, HOME);
    assert!(keys.seal(&carrier).is_ok());
    let over = world.one.next(HOME, record("a", &"x".repeat(room + 256)));
    assert_eq!(over.err(), Some(Refusal::Oversized));
}
