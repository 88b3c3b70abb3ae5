//! Mailboxes that grew are folded into a snapshot, and nothing is lost by it.

use sha2::{Digest, Sha256};
use trellis_protocol::ids::MailboxId;

use super::epochs::{minutes, sign_out};
use super::world::{Line, World};
use crate::fault;
use crate::space::repair::Need;
use crate::space::{EpochId, Kind, VERIFIED};
use crate::store::spaces::MailboxRow;
use crate::sync::compaction::coverage;
use crate::sync::keys;

pub const DAY: i64 = 24 * 3_600_000;

pub fn write_epoch(world: &mut World, phone: usize) -> [u8; 16] {
    world.phones[phone].store().read(|tx| keys::write_epoch(&keys::personal(tx)?)).unwrap().unwrap()
}

/// The epoch of the snapshot that stands on a device.
pub fn standing(world: &mut World, phone: usize) -> Option<EpochId> {
    let kept =
        world.phones[phone].store().read(|tx| tx.setting(&coverage::setting(&keys::personal(tx)?, "base")));
    kept.unwrap().map(|kept| EpochId(kept.try_into().unwrap()))
}

fn mailbox_of(world: &mut World, phone: usize, epoch: [u8; 16]) -> MailboxRow {
    let all = world.phones[phone].store().read(|tx| tx.mailboxes()).unwrap();
    all.into_iter().find(|row| row.epoch == epoch).unwrap()
}

/// Devices that have written `notes` each and fold after `limit` items; answers the first mailbox.
pub fn grown(seed: u8, phones: usize, notes: usize, limit: u64) -> (World, MailboxId) {
    let mut world = World::of(seed, phones);
    let first = write_epoch(&mut world, 0);
    for phone in 0..phones {
        (0..notes).for_each(|n| world.phones[phone].save(&format!("{phone} {n}"), "A quiet day").unwrap());
    }
    world.settle_all();
    world.phones.iter_mut().for_each(|phone| phone.fold_after(limit));
    let mailbox = mailbox_of(&mut world, 0, first).id;
    (world, mailbox)
}

/// Time enough for one of these devices to make a snapshot, and for the others to see it.
pub fn fold(world: &mut World, phones: &[usize]) {
    for _ in 0..80 {
        phones.iter().for_each(|phone| world.settle(*phone));
        world.pass(10_000);
    }
    assert!(phones.iter().all(|phone| standing(world, *phone).is_some()), "no snapshot was made");
}

/// A month later, when the old mailboxes are let go.
pub fn trim(world: &mut World, phones: &[usize]) {
    world.pass(31 * DAY);
    minutes(world, phones, 2);
}

/// Another device joins through the first one.
pub fn join(world: &mut World) -> usize {
    let new = world.add_phone();
    world.pair(0, new);
    world.settle_all();
    new
}

#[test]
fn what_outgrew_the_limit_is_folded_trimmed_and_enough_for_a_new_device() {
    let (mut world, old) = grown(70, 2, 40, 60);
    let (before, write) = (world.relay.count(old), write_epoch(&mut world, 0));
    fold(&mut world, &[0, 1]);
    assert_ne!(write_epoch(&mut world, 0), write);
    assert_eq!(standing(&mut world, 0), standing(&mut world, 1));
    assert!(world.relay.count(old) > before, "trimmed while somebody may be away");
    let third = join(&mut world);
    assert_eq!(mailbox_of(&mut world, third, write).cursor.seq, 0, "it read what the snapshot stands for");
    world.assert_converged();
    trim(&mut world, &[0, 1, third]);
    assert!(world.relay.count(old) < 30, "{} of {before} are left", world.relay.count(old));
    join(&mut world);
    world.phones[third].save("after", "everything").unwrap();
    world.settle_all();
    world.assert_converged();
    for phone in &mut world.phones {
        assert_eq!((phone.line().only_here, phone.line().set_aside), (0, 0));
    }
}

#[test]
fn a_new_device_asks_for_a_fraction_of_what_it_did() {
    let (mut calls, notes) = (Vec::new(), 1000);
    for limit in [u64::MAX, 500] {
        let mut world = World::new(71);
        world.relay.page = 2048;
        world.phones[0].fill(notes);
        world.phones[0].fold_after(limit);
        for _ in 0..70 {
            world.settle(0);
            world.pass(10_000);
        }
        let new = world.add_phone();
        world.pair(0, new);
        assert_eq!(world.phones[new].holds().len(), notes);
        calls.push(world.phones[new].calls);
    }
    println!("calls and bytes of a new device: {calls:?}");
    assert!(calls[1].1 * 5 < calls[0].1, "{calls:?}");
}

#[test]
fn a_few_long_texts_are_reason_enough() {
    let mut world = World::of(81, 2);
    world.phones[0].fill_with(40, |n| format!("{n}: {}", "A quiet day. ".repeat(2_000)));
    fold(&mut world, &[0, 1]);
    join(&mut world);
    world.assert_converged();
}

#[test]
fn a_snapshot_of_many_parts_arrives_whole() {
    let mut world = World::of(82, 2);
    world.phones[0].fill_with(50, |n| {
        let noise = (0..600_usize).map(|m| Sha256::digest([n.to_le_bytes(), m.to_le_bytes()].concat()));
        noise.flat_map(|hash| hash.map(|byte| format!("{byte:02x}"))).collect()
    });
    world.settle_all();
    world.phones.iter_mut().for_each(|phone| phone.fold_after(40));
    fold(&mut world, &[0, 1]);
    let parts =
        world.phones[1].store().read(|tx| keys::personal(tx)?.items_of_kind(Kind::Snapshot.into())).unwrap();
    assert!(parts.len() > 16, "only {} parts", parts.len());
    trim(&mut world, &[0, 1]);
    join(&mut world);
    world.assert_converged();
}

#[test]
fn a_new_device_is_known_to_be_up_to_date() {
    let (mut world, _) = grown(72, 2, 30, 40);
    fold(&mut world, &[0, 1]);
    let third = join(&mut world);
    minutes(&mut world, &[0, 1, third], 3);
    let devices = world.phones[0].store().read(crate::sync::devices::devices).unwrap();
    assert!(devices.iter().all(|device| device.up_to_date), "{devices:?}");
    let asked =
        world.phones[third].store().read(|tx| keys::personal(tx)?.items_of_kind(Kind::Need.into())).unwrap();
    let needs = asked.iter().map(|row| Need::read(&keys::kept(row).unwrap().body).unwrap());
    let items: u64 = needs.map(|need| need.to + 1 - need.from).sum();
    assert!(items < 6, "it asks for {items} items that the snapshot stands for");
}

#[test]
fn a_device_that_was_away_gets_and_gives_everything() {
    let (mut world, old) = grown(73, 3, 30, 40);
    world.phones[2].save("unsent", "signed and not sent").unwrap();
    let (phone, relay) = (&mut world.phones[2], &mut world.relay);
    phone.step(relay, Line::LostThere).unwrap();
    for n in 0..10 {
        world.phones[0].save(&format!("late {n}"), "not seen by the third").unwrap();
    }
    fold(&mut world, &[0, 1]);
    trim(&mut world, &[0, 1]);
    let left = world.relay.count(old);
    world.phones[0].save("after", "under the new key").unwrap();
    world.phones[2].save("unsigned", "not even signed").unwrap();
    world.pass(200 * DAY);
    minutes(&mut world, &[0, 1], 1);
    minutes(&mut world, &[2, 0, 1], 4);
    world.assert_converged();
    assert_eq!(write_epoch(&mut world, 2), write_epoch(&mut world, 0));
    assert!(world.relay.count(old) < left + 10, "what was trimmed came back");
    for phone in &mut world.phones {
        assert_eq!(phone.line().only_here, 0);
    }
}

#[test]
fn who_slept_through_a_snapshot_and_a_sign_out_is_not_stranded() {
    let (mut world, _) = grown(74, 4, 15, 30);
    world.phones[1].save("sleeper", "before it slept").unwrap();
    fold(&mut world, &[0, 2, 3]);
    trim(&mut world, &[0, 2, 3]);
    sign_out(&mut world, 0, 3);
    world.phones[2].save("b", "between").unwrap();
    minutes(&mut world, &[0, 2], 2);
    (0..70).for_each(|n| world.phones[2].save(&format!("more {n}"), "again too much").unwrap());
    let first = standing(&mut world, 0);
    fold(&mut world, &[0, 2]);
    assert_ne!(standing(&mut world, 0), first, "no second snapshot was made");
    trim(&mut world, &[0, 2]);
    minutes(&mut world, &[1, 0, 2], 4);
    let held = world.phones[0].holds();
    for phone in [1, 2] {
        assert_eq!(world.phones[phone].holds(), held);
        assert_eq!(write_epoch(&mut world, phone), write_epoch(&mut world, 0));
    }
    assert!(world.phones[1].saved.is_subset(&held));
}

/// A device on its own, at the moment when it is about to make a snapshot.
fn about_to_fold(seed: u8) -> World {
    let mut world = World::new(seed);
    world.phones[0].fill(70);
    world.phones[0].fold_after(60);
    world.settle(0);
    let kept = world.phones[0]
        .store()
        .read(|tx| tx.setting(&coverage::setting(&keys::personal(tx)?, "at")))
        .unwrap();
    let at = i64::from_le_bytes(kept.unwrap().try_into().unwrap());
    world.pass(at - world.now.get());
    world
}

/// Folds and trims until the plug is pulled; false if it was not.
fn cut_after(world: &mut World, steps: u32) -> bool {
    fault::arm(Some(steps));
    let mut cut = false;
    for pause in [10; 12].into_iter().chain([31 * DAY, 10, 10]) {
        world.pass(pause);
        let (phone, relay) = (&mut world.phones[0], &mut world.relay);
        while !cut {
            match phone.step(relay, Line::Fine) {
                Ok(false) => break,
                Ok(true) => {}
                Err(_) => cut = true,
            }
        }
    }
    fault::arm(None);
    cut
}

#[test]
fn a_cut_at_any_step_of_folding_is_gone_on_from() {
    let mut cuts = 0;
    for steps in (0..).step_by(9) {
        let mut world = about_to_fold(75);
        if !cut_after(&mut world, steps) {
            break;
        }
        cuts += 1;
        world.phones[0].restart();
        assert!(!cut_after(&mut world, u32::MAX));
        assert!(standing(&mut world, 0).is_some(), "cut after {steps} steps, it never went on");
        assert!(world.relay.held() < 40_000, "after {steps} steps {} bytes are left", world.relay.held());
        let new = world.add_phone();
        world.pair(0, new);
        world.assert_converged();
    }
    assert!(cuts > 12, "{cuts}");
}

#[test]
fn two_devices_folding_at_once_agree_on_one() {
    let (mut world, _) = grown(76, 3, 30, 40);
    let now = world.now.get().to_le_bytes();
    for phone in [0, 1] {
        world.phones[phone]
            .store()
            .tx(|tx| tx.set_setting(&coverage::setting(&keys::personal(tx)?, "at"), &now))
            .unwrap();
    }
    for _ in 0..40 {
        for phone in [0, 1] {
            let (phone, relay) = (&mut world.phones[phone], &mut world.relay);
            phone.step(relay, Line::Fine).unwrap();
        }
        world.pass(10);
    }
    for phone in [0, 1] {
        world.phones[phone].save(&format!("under key {phone}"), "own").unwrap();
    }
    fold(&mut world, &[0, 1, 2]);
    let snapshots =
        world.phones[2].store().read(|tx| keys::personal(tx)?.items_of_kind(Kind::Snapshot.into())).unwrap();
    let makers: std::collections::BTreeSet<_> = snapshots.iter().map(|row| row.device).collect();
    assert_eq!(makers.len(), 2, "they did not fold at once");
    let write = write_epoch(&mut world, 0);
    for phone in [1, 2] {
        assert_eq!(write_epoch(&mut world, phone), write);
        assert_eq!(standing(&mut world, phone), standing(&mut world, 0));
    }
    trim(&mut world, &[0, 1, 2]);
    join(&mut world);
    world.assert_converged();
}

#[test]
fn a_relay_that_lost_everything_after_trimming_is_refilled() {
    let (mut world, old) = grown(77, 2, 40, 60);
    fold(&mut world, &[0, 1]);
    trim(&mut world, &[0, 1]);
    let (held, left) = (world.relay.held(), world.relay.count(old));
    world.relay.boxes.clear();
    world.settle_all();
    world.pass(8 * DAY);
    world.settle_all();
    assert_eq!(world.relay.count(old), left);
    assert!(world.relay.held() < held + 6_000, "what was trimmed came back");
    join(&mut world);
    world.assert_converged();
}

#[test]
fn an_old_copy_of_a_database_learns_from_the_snapshot_what_it_forgot() {
    let (mut world, _) = grown(78, 2, 20, 30);
    let backup = world.phones[0].backup();
    let writer = world.phones[0].docs.writer();
    (0..20).for_each(|n| world.phones[0].save(&format!("forgotten {n}"), "after the backup").unwrap());
    fold(&mut world, &[0, 1]);
    trim(&mut world, &[0, 1]);
    world.phones[0].put_back(&backup);
    world.settle(0);
    assert_ne!(world.phones[0].docs.writer(), writer);
    world.phones[0].save("again", "under a fresh name").unwrap();
    minutes(&mut world, &[0, 1], 4);
    world.assert_converged();
    let items = world.phones[1].store().read(|tx| keys::personal(tx)?.all_items()).unwrap();
    let places: std::collections::BTreeSet<_> = items.iter().map(|item| (item.writer, item.seq)).collect();
    assert_eq!(places.len(), items.len(), "a place in a chain was signed twice");
}

#[test]
fn a_relay_without_room_for_new_mailboxes_holds_nothing_up() {
    let (mut world, _) = grown(79, 2, 30, 40);
    world.relay.closed = true;
    for n in 0..80 {
        world.phones[0].save(&format!("on {n}"), "goes on").unwrap();
        world.settle(0);
        world.settle(1);
        world.pass(10_000);
    }
    assert_eq!(world.phones[0].line().only_here, 0);
    assert_eq!(world.phones[0].line().state, trellis_api_types::sync::SyncState::Idle);
    assert_eq!(world.phones[0].holds(), world.phones[1].holds());
    world.relay.closed = false;
    world.pass(31 * DAY);
    fold(&mut world, &[0, 1]);
    world.assert_converged();
}

#[test]
fn a_late_item_is_judged_without_checking_all_others_again() {
    let mut world = World::of(80, 3);
    world.phones[0].fill(400);
    world.settle_all();
    sign_out(&mut world, 1, 2);
    world.settle(1);
    let mut counts = Vec::new();
    for n in 1..=4 {
        world.phones[2]
            .save(&format!("late {n}"), "of a device that does not know it was signed out")
            .unwrap();
        let (phone, relay) = (&mut world.phones[2], &mut world.relay);
        phone.step(relay, Line::LostBack).unwrap();
        world.pass(1_000_000);
        VERIFIED.take();
        world.settle(0);
        counts.push(VERIFIED.take());
        assert_eq!(world.phones[0].store().read(|tx| tx.waiting_count()).unwrap(), n);
    }
    assert!(counts.iter().all(|count| *count < 60), "{counts:?}");
}
