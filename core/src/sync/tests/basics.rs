use trellis_api_types::devices::PairingState;
use trellis_api_types::sync::SyncState;

use super::world::World;
use crate::crdt::chunk;
use crate::error::Error;

#[test]
fn two_devices_show_the_same() {
    let mut world = World::of(1, 2);
    world.phones[0].save("a", "from the first").unwrap();
    world.phones[1].save("b", "from the second").unwrap();
    world.settle_all();
    world.assert_converged();
    assert_eq!(world.phones[0].holds().len(), 2);
}

#[test]
fn a_new_device_gets_everything() {
    let mut world = World::new(2);
    for day in 0..300 {
        world.phones[0].save(&format!("day {day}"), "note").unwrap();
    }
    world.settle(0);
    let new = world.add_phone();
    world.pair(0, new);
    world.assert_converged();
    assert_eq!(world.phones[new].holds().len(), 300);
}

#[test]
fn the_line_counts_what_is_only_here() {
    let mut world = World::of(3, 2);
    let line = world.phones[0].line();
    assert_eq!((line.only_here, line.other_devices, line.state), (0, 1, SyncState::Idle));
    assert_eq!(line.other_name.as_deref(), Some("second"));
    world.phones[0].save("a", "one").unwrap();
    world.phones[0].save("b", "two").unwrap();
    assert_eq!(world.phones[0].line().only_here, 2);
    world.settle(0);
    assert_eq!(world.phones[0].line().only_here, 0);
    assert!(world.phones[0].line().exchanged_at.is_some());
}

#[test]
fn a_change_too_large_to_send_is_counted_and_named() {
    let mut world = World::of(4, 2);
    world.phones[0].save("a", &"long ".repeat(15_000)).unwrap();
    world.settle(0);
    let line = world.phones[0].line();
    assert_eq!((line.only_here, line.set_aside), (1, 0));
    assert!(matches!(&line.state, SyncState::Failed { code, .. } if code == "too-large"), "{line:?}");
    world.phones[1].save("b", "short").unwrap();
    world.settle_all();
    assert_eq!((world.phones[0].holds().len(), world.phones[0].line().only_here), (2, 1));
}

/// Also after a restart, and where nothing new comes.
#[test]
fn a_change_that_waits_for_its_turn_goes_in_without_anything_new() {
    let mut world = World::of(5, 2);
    world.phones[0].save("a", "of the other one").unwrap();
    let (name, change) = world.phones[0]
        .store()
        .read(|tx| {
            let intent = tx.intents(1)?.remove(0);
            Ok::<_, Error>((intent.document, intent.bytes))
        })
        .unwrap();
    let hash = chunk::hash(&change);
    world.phones[1].store().tx(|tx| tx.add_waiting(&name, &hash, (&[9; 32], &change))).unwrap();
    world.phones[1].restart();
    assert!(world.phones[1].holds().is_empty());
    world.settle(1);
    assert_eq!(world.phones[1].holds().len(), 1);
    world.settle_all();
    world.assert_converged();
}

#[test]
fn without_an_account_there_is_no_pairing() {
    let mut world = World::new(4);
    let guest = world.add_phone();
    assert_eq!(world.phones[guest].pairing(), PairingState::None);
}
