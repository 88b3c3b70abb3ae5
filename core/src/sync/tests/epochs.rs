//! Keys that change while somebody is away.

use super::world::{Line, World};
use crate::crypto::DeviceId;
use crate::space::Kind;
use crate::sync::{devices, keys};

/// One device signs another one out, by itself.
pub fn sign_out(world: &mut World, who: usize, whom: usize) {
    let gone = world.phones[whom].store().read(keys::own_device).unwrap();
    let (ground, now) = (world.phones[who].ground.clone(), world.now.get());
    world.phones[who].store().tx(|tx| devices::sign_out(tx, &ground, DeviceId(gone), now)).unwrap();
}

fn write_epoch(world: &mut World, phone: usize) -> [u8; 16] {
    world.phones[phone].store().read(|tx| keys::write_epoch(&keys::personal(tx)?)).unwrap().unwrap()
}

fn has_epoch(world: &mut World, phone: usize, epoch: [u8; 16]) -> bool {
    world.phones[phone]
        .store()
        .read(|tx| keys::personal(tx)?.epochs())
        .unwrap()
        .iter()
        .any(|row| row.id == epoch)
}

/// Small steps of time, so that who waits longer sees what the others did.
pub fn minutes(world: &mut World, phones: &[usize], minutes: u32) {
    for _ in 0..minutes * 12 {
        phones.iter().for_each(|phone| world.settle(*phone));
        world.pass(5_000);
    }
}

#[test]
fn a_device_let_in_while_another_one_rotated_is_given_the_key() {
    let mut world = World::of(40, 3);
    sign_out(&mut world, 1, 2);
    let late = world.add_phone();
    world.pair(0, late);
    world.phones[late].save("a", "by the newcomer").unwrap();
    minutes(&mut world, &[0, 1, late], 3);
    let write = write_epoch(&mut world, 1);
    assert!(has_epoch(&mut world, late, write), "the newcomer was not given the key");
    world.phones[1].save("b", "after it").unwrap();
    minutes(&mut world, &[0, 1, late], 1);
    let held = world.phones[1].holds();
    assert_eq!(held.len(), 2);
    for phone in [0, late] {
        assert_eq!(write_epoch(&mut world, phone), write);
        assert_eq!(world.phones[phone].holds(), held);
    }
    assert!(!has_epoch(&mut world, 2, write));
    let grants =
        world.phones[0].store().read(|tx| keys::personal(tx)?.items_of_kind(Kind::Grant.into())).unwrap();
    let given = grants.iter().filter(|row| row.key == write).count();
    assert_eq!(given, 2, "one grant in the epoch and one in its parent, by one device");
}

#[test]
fn two_rotations_at_once_while_a_third_sleeps_converge() {
    let mut world = World::of(41, 5);
    world.phones[2].save("sleeper", "before it slept").unwrap();
    sign_out(&mut world, 0, 3);
    sign_out(&mut world, 1, 4);
    world.phones[0].save("a", "under one key").unwrap();
    world.phones[1].save("b", "under another").unwrap();
    minutes(&mut world, &[0, 1], 3);
    world.pass(40 * 24 * 3_600_000);
    minutes(&mut world, &[2, 0, 1], 3);
    let (write, held) = (write_epoch(&mut world, 0), world.phones[0].holds());
    assert_eq!(held.len(), 3);
    for phone in [1, 2] {
        assert_eq!(write_epoch(&mut world, phone), write);
        assert_eq!(world.phones[phone].holds(), held);
    }
    for gone in [3, 4] {
        world.settle(gone);
        assert!(!has_epoch(&mut world, gone, write), "a signed out device has the new key");
    }
}

#[test]
fn an_opening_goes_to_its_parents_only_once_it_is_durable() {
    let lines = [Line::LostThere, Line::Fine, Line::LostBack, Line::Fine, Line::Twice];
    let mut world = World::of(42, 3);
    sign_out(&mut world, 0, 2);
    world.phones[0].save("a", "under the new key").unwrap();
    let write = write_epoch(&mut world, 0);
    let mut seen = Vec::new();
    for line in lines.into_iter().cycle().take(60) {
        let stored = world.phones[0].store().read(|tx| {
            let opens = keys::personal(tx)?.items_of_kind(Kind::Open.into())?;
            let first = opens.iter().find(|row| row.key == write && row.epoch == write).unwrap();
            let copies = opens.iter().filter(|row| row.key == write && row.epoch != write).count();
            Ok::<_, crate::error::Error>((!tx.is_outgoing(first.n)?, copies))
        });
        let (durable, copies) = stored.unwrap();
        assert!(durable || copies == 0, "spread before it was durable");
        seen.push((durable, copies));
        let (phone, relay) = (&mut world.phones[0], &mut world.relay);
        phone.step(relay, line).unwrap();
        if line == Line::LostBack {
            phone.restart();
        }
        world.pass(20_000);
    }
    assert!(seen.contains(&(false, 0)) && seen.contains(&(true, 0)) && seen.contains(&(true, 1)), "{seen:?}");
    minutes(&mut world, &[0, 1], 1);
    assert_eq!(world.phones[1].holds(), world.phones[0].holds());
    assert_eq!(write_epoch(&mut world, 1), write);
}

#[test]
fn what_was_written_under_a_key_that_lost_is_read() {
    let mut world = World::of(43, 4);
    sign_out(&mut world, 0, 3);
    sign_out(&mut world, 1, 3);
    let loser = usize::from(write_epoch(&mut world, 0) < write_epoch(&mut world, 1));
    world.phones[loser].save("a", "under the key that loses").unwrap();
    for phone in [1 - loser, loser, 2] {
        world.settle(phone);
    }
    minutes(&mut world, &[1 - loser, loser, 2], 1);
    assert_eq!(write_epoch(&mut world, loser), write_epoch(&mut world, 1 - loser));
    for phone in [0, 1, 2] {
        assert_eq!(world.phones[phone].holds().len(), 1, "device {phone}");
    }
}
