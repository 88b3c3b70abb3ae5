//! Noise, wrong numbers and bodies that nobody can read, by a member who holds all keys.

use super::super::world::World;
use super::draft;
use crate::space::members::Op;
use crate::space::repair::Heads;
use crate::space::{ItemId, Kind, Mark, WriterId};

const KINDS: [Kind; 13] = [
    Kind::Change,
    Kind::Record,
    Kind::DeviceLog,
    Kind::Open,
    Kind::Grant,
    Kind::Heads,
    Kind::Need,
    Kind::Snapshot,
    Kind::Carry,
    Kind::DeviceName,
    Kind::Roster,
    Kind::Consent,
    Kind::Unknown(99),
];

#[test]
fn a_body_of_any_kind_that_nobody_can_read_stops_nobody() {
    let (mut world, space) = World::group(50, 3);
    let bodies: [&[u8]; 5] = [&[], &[0xff; 40], &[0x80], &[0x8c, 0x01], b"\x85\x6f\x4a\x83 not a change"];
    let keys: [&[u8]; 6] = [b"", &[7; 16], &[7; 32], b"board", b"plan", b"journal/2026"];
    for kind in KINDS {
        for (body, key) in bodies.iter().flat_map(|body| keys.iter().map(move |key| (body, key))) {
            world.plant(2, &space, draft(kind, key, body));
        }
        (0..2).for_each(|phone| world.phones[phone].post(&space, &format!("{kind:?} {phone}")).unwrap());
        world.settle_some(&[0, 1]);
        for phone in 0..2 {
            assert_eq!(world.phones[phone].posts(&space).len() % 2, 0, "after {kind:?}");
            assert_eq!(world.phones[phone].line().only_here, 0, "after {kind:?}");
        }
    }
    world.go_on(&space, &[0, 1]);
}

#[test]
fn who_claims_what_does_not_exist_makes_nobody_ask_for_ever() {
    let (mut world, space) = World::group(51, 3);
    let mark = |n: u8| Mark { writer: WriterId([n; 16]), seq: u64::MAX - u64::from(n), id: ItemId([n; 32]) };
    world.plant(2, &space, Heads((1..20).map(mark).collect()).draft());
    world.settle_some(&[0, 1]);
    let mut asked = Vec::new();
    for _ in 0..4 {
        for _ in 0..7 * 12 {
            world.pass(2 * super::HOUR);
            [0, 1].iter().for_each(|phone| world.settle(*phone));
        }
        let needs = world.phones[0].within(&space, |tx, _, _| tx.items_of_kind(Kind::Need.into()));
        asked.push(needs.unwrap().len());
    }
    assert!(asked[3] - asked[2] < 2 * 19 * 2, "{asked:?}");
    world.phones[0].post(&space, "still here").unwrap();
    world.settle_some(&[0, 1]);
    assert_eq!(world.phones[1].posts(&space), ["still here"]);
}

#[test]
fn a_carry_that_cannot_be_read_keeps_nobody_in() {
    for kind in [Kind::Carry, Kind::Snapshot] {
        let (mut world, space) = World::group(52, 3);
        world.plant(2, &space, draft(kind, b"", b"noise"));
        world.settle_some(&[0, 1]);
        let account = world.phones[2].account();
        world.phones[0].act(&space, Op::Remove { account }).unwrap();
        world.settle_some(&[0, 1]);
        assert_eq!(world.phones[1].members(&space).len(), 2);
        world.go_on(&space, &[0, 1]);
    }
}
