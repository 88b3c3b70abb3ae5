//! Letting devices in, and signing them out.

use trellis_api_types::devices::PairingState;
use trellis_api_types::sync::SyncState;
use trellis_protocol::EnvelopeId;

use super::world::World;
use crate::crypto::DeviceId;
use crate::sync::joining::pairing;
use crate::sync::{devices, keys};

fn failed(code: &str) -> PairingState {
    PairingState::Failed(code.to_owned())
}

#[test]
fn wrong_words_let_nobody_in() {
    let mut world = World::new(20);
    let guest = world.add_phone();
    let (right, choices) = world.ask(0, guest);
    assert_eq!(choices.len(), 3);
    assert!(!world.let_in(0, (right + 1) % 3).unwrap());
    world.settle(0);
    world.pass(6_000);
    world.settle(guest);
    assert_eq!(world.phones[0].pairing(), failed("pairing-wrong-words"));
    assert_eq!(world.phones[guest].pairing(), failed("pairing-cancelled"));
    assert_eq!(world.phones[0].line().other_devices, 0);
    assert!(world.let_in(0, right).is_err());
}

#[test]
fn a_code_ends_after_ten_minutes() {
    let mut world = World::new(21);
    let guest = world.add_phone();
    let offer = world.offer(0);
    world.settle(0);
    world.pass(10 * 60_000 + 2_000);
    world.settle(0);
    assert_eq!(world.phones[0].pairing(), failed("pairing-expired"));
    world.join(guest, &offer.link);
    world.settle(guest);
    assert_eq!(world.phones[guest].pairing(), failed("pairing-expired"));
}

#[test]
fn a_pairing_whose_messages_are_refused_ends_and_holds_nothing_up() {
    let mut world = World::new(46);
    let laptop = world.add_phone();
    world.phones[0].save("before", "the pairing").unwrap();
    world.settle(0);
    let ground = world.phones[0].ground.clone();
    world.offer(0);
    world.settle(0);
    world.relay.largest = 10;
    world.phones[0].store().tx(|tx| pairing::cancel(tx, &ground)).unwrap();
    let before = world.phones[0].calls.0;
    world.phones[0].save("after", "nothing waits for it").unwrap();
    world.settle(0);
    world.pass(60_000);
    world.settle(0);
    assert!(world.phones[0].calls.0 - before < 12, "it is not tried without end");
    world.relay.largest = usize::MAX;
    world.pass(2 * 3_600_000);
    world.settle(0);
    assert_eq!(world.phones[0].line().only_here, 0);
    world.pair(0, laptop);
    world.settle_all();
    assert_eq!(world.phones[0].holds(), world.phones[laptop].holds());
}

#[test]
fn a_code_that_stands_for_longer_is_refused() {
    let mut world = World::new(29);
    let guest = world.add_phone();
    let offer = world.offer(0);
    world.settle(0);
    world.pass(-30 * 60_000);
    world.join(guest, &offer.link);
    world.settle(guest);
    assert_eq!(world.phones[guest].pairing(), failed("pairing-expired"));
}

#[test]
fn a_code_is_good_for_one_device() {
    let mut world = World::new(22);
    let (guest, other) = (world.add_phone(), world.add_phone());
    let offer = world.offer(0);
    world.settle(0);
    world.join(guest, &offer.link);
    world.settle(guest);
    world.join(other, &offer.link);
    world.settle(other);
    world.settle(0);
    world.pass(6_000);
    world.settle(guest);
    world.settle(other);
    assert_eq!(world.phones[0].pairing(), failed("pairing-used"));
    assert!(matches!(world.phones[guest].pairing(), PairingState::Failed(_)));
    assert!(matches!(world.phones[other].pairing(), PairingState::Failed(_)));
    assert_eq!(world.phones[0].line().other_devices, 0);
}

#[test]
fn a_cancelled_pairing_is_told_to_the_other_side() {
    let mut world = World::new(23);
    let guest = world.add_phone();
    world.ask(0, guest);
    let ground = world.phones[guest].ground.clone();
    world.phones[guest].store().tx(|tx| pairing::cancel(tx, &ground)).unwrap();
    world.settle(guest);
    world.pass(6_000);
    world.settle(0);
    assert_eq!(world.phones[0].pairing(), failed("pairing-cancelled"));
}

#[test]
fn a_code_of_nowhere_leads_nowhere() {
    let mut world = World::new(24);
    let guest = world.add_phone();
    world.join(guest, "trellis:pair#00112233445566778899aabbccddeeff@https://relay.example/");
    world.settle(guest);
    assert_eq!(world.phones[guest].pairing(), failed("pairing-expired"));
}

#[test]
fn altered_messages_at_the_rendezvous_say_nothing() {
    let mut world = World::new(25);
    let guest = world.add_phone();
    let offer = world.offer(0);
    world.settle(0);
    let rendezvous = crate::crypto::pairing::PairCode::parse(&offer.link).unwrap().mailbox();
    world.relay.plant(rendezvous, b"not a message".to_vec());
    let mut flipped = world.relay.first(rendezvous);
    flipped[40] ^= 1;
    world.relay.plant(rendezvous, flipped);
    world.join(guest, &offer.link);
    world.settle(guest);
    world.settle(0);
    assert!(matches!(world.phones[0].pairing(), PairingState::Asked { .. }));
}

#[test]
fn pairing_goes_on_after_a_restart_of_either_side() {
    let mut world = World::new(26);
    world.phones[0].save("a", "before").unwrap();
    let guest = world.add_phone();
    let offer = world.offer(0);
    world.phones[0].restart();
    world.settle(0);
    world.join(guest, &offer.link);
    world.phones[guest].restart();
    world.settle(guest);
    world.phones[0].restart();
    world.settle(0);
    world.phones[guest].restart();
    let PairingState::Joining { words } = world.phones[guest].pairing() else { panic!("not asking") };
    let PairingState::Asked { choices, .. } = world.phones[0].pairing() else { panic!("not asked") };
    let right = choices.iter().position(|choice| *choice == words).unwrap();
    assert!(world.let_in(0, right as u8).unwrap());
    world.phones[0].restart();
    world.settle(0);
    world.phones[guest].restart();
    world.settle(guest);
    assert_eq!(world.phones[guest].pairing(), PairingState::Done);
    world.assert_converged();
}

#[test]
fn a_device_is_known_to_be_up_to_date() {
    let mut world = World::of(27, 2);
    world.phones[0].save("a", "one").unwrap();
    world.settle(0);
    let other = |world: &mut World| {
        world.phones[0].store().read(devices::devices).unwrap().into_iter().find(|it| !it.this).unwrap()
    };
    assert!(!other(&mut world).up_to_date);
    world.settle_all();
    assert!(other(&mut world).up_to_date);
    assert!(other(&mut world).seen_at.is_some());
    world.phones[0].save("b", "two").unwrap();
    assert!(!other(&mut world).up_to_date);
}

#[test]
fn a_signed_out_device_stops_and_reads_nothing_more() {
    let mut world = World::of(28, 3);
    world.phones[2].save("kept", "sent before").unwrap();
    world.settle_all();
    let gone = world.phones[2].store().read(keys::own_device).unwrap();
    let (ground, now) = (world.phones[0].ground.clone(), world.now.get());
    world.phones[0].store().tx(|tx| devices::sign_out(tx, &ground, DeviceId(gone), now)).unwrap();
    world.settle(0);
    world.phones[2].save("late", "written without knowing").unwrap();
    world.settle(2);
    assert!(world.phones[2].engine.news().signed_out);
    assert!(matches!(world.phones[2].line().state, SyncState::Failed { code, .. } if code == "signed-out"));
    world.phones[0].save("after", "not for the third").unwrap();
    world.settle_all();
    world.phones[1].save("answer", "nor this").unwrap();
    world.settle_all();

    let write = world.phones[0].store().read(|tx| keys::write_epoch(&keys::personal(tx)?)).unwrap();
    assert_eq!(world.phones[1].store().read(|tx| keys::write_epoch(&keys::personal(tx)?)).unwrap(), write);
    let known = world.phones[2].store().read(|tx| keys::personal(tx)?.epochs()).unwrap();
    assert!(known.iter().all(|row| Some(row.id) != write), "the signed out device has the new key");
    assert_eq!(world.phones[0].holds(), world.phones[1].holds());
    assert!(world.phones[0].holds().is_superset(&world.phones[0].saved));
    let devices = world.phones[1].store().read(devices::devices).unwrap();
    assert_eq!(devices.iter().filter(|it| it.signed_out).count(), 1);
}

#[test]
fn two_devices_signing_each_other_out_agree() {
    let mut world = World::of(29, 3);
    for (who, whom) in [(0, 1), (1, 0)] {
        let gone = world.phones[whom].store().read(keys::own_device).unwrap();
        let (ground, now) = (world.phones[who].ground.clone(), world.now.get());
        world.phones[who].store().tx(|tx| devices::sign_out(tx, &ground, DeviceId(gone), now)).unwrap();
    }
    world.settle_all();
    world.settle_all();
    let left = world.phones[2].store().read(devices::devices).unwrap();
    assert_eq!(left.iter().filter(|it| !it.signed_out).count(), 1);
    world.phones[2].save("a", "still writing").unwrap();
    world.settle_all();
    assert_eq!(world.phones[2].line().only_here, 0);
}

#[test]
fn damaged_and_foreign_envelopes_are_named_and_survived() {
    let mut world = World::of(30, 2);
    let mut strange = World::of(31, 1);
    strange.phones[0].save("x", "of somebody else").unwrap();
    strange.settle_all();
    let token = |world: &mut World| {
        let store = world.phones[0].store();
        store
            .read(|tx| keys::of_epoch(tx, &keys::write_epoch(&keys::personal(tx)?)?.unwrap()))
            .unwrap()
            .mailbox()
    };
    let (own, other) = (token(&mut world), token(&mut strange));
    let good = world.relay.first(own);
    let mut flipped = good.clone();
    flipped[100] ^= 1;
    let mut newer = good.clone();
    newer[0] = 9;
    let planted = [flipped, newer, vec![1; 80_000], Vec::new(), strange.relay.first(other)];
    for envelope in &planted {
        world.relay.plant(own, envelope.clone());
    }
    world.phones[0].save("a", "goes on").unwrap();
    world.settle_all();
    world.assert_converged();
    let codes = world.phones[1].store().read(|tx| tx.set_aside_codes()).unwrap();
    let named: Vec<&str> = codes.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(named, ["cannot-open", "malformed", "oversized", "unknown-version"]);
    assert_eq!(world.phones[1].line().set_aside, 5);
    assert!(planted.iter().all(|envelope| EnvelopeId::of(envelope) != EnvelopeId::of(&good)));
}

#[test]
fn nothing_that_was_typed_is_in_any_request() {
    let mut world = World::of(32, 2);
    let canary = "Kanarienvogel-7431";
    world.phones[0].save(canary, canary).unwrap();
    world.settle_all();
    assert!(world.relay.heard.len() > 8);
    let found = |needle: &[u8]| {
        world.relay.heard.iter().any(|body| body.windows(needle.len()).any(|part| part == needle))
    };
    assert!(!found(canary.as_bytes()));
    assert!(!found(b"journal"));
    assert!(!found(b"second"));
}

#[test]
fn what_one_device_had_accepted_beyond_a_cut_reaches_the_others() {
    let mut world = World::of(33, 3);
    let gone = world.phones[2].store().read(keys::own_device).unwrap();
    let (ground, now) = (world.phones[0].ground.clone(), world.now.get());
    world.phones[0].store().tx(|tx| devices::sign_out(tx, &ground, DeviceId(gone), now)).unwrap();
    world.phones[2].save("late", "accepted by the second only").unwrap();
    world.settle(2);
    world.settle(1);
    assert_eq!(world.phones[1].holds().len(), 1);
    world.settle_all();
    world.settle_all();
    assert_eq!(world.phones[0].holds().len(), 1);
}
