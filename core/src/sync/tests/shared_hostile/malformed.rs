//! Noise, wrong numbers and bodies that nobody can read, by a member who holds all keys.

use super::draft;
use crate::space::Kind;
use crate::sync::tests::world::World;

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
