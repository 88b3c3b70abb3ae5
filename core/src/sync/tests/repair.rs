//! What one device lacks is asked for, and found where it is.

use super::epochs::{minutes, sign_out};
use super::world::{Line, World};
use crate::space::Kind;
use crate::sync::keys;

const DAY: i64 = 24 * 3_600_000;

/// Three devices; the third never gets the second of three changes from the relay.
fn with_a_gap(seed: u8) -> World {
    let mut world = World::of(seed, 3);
    for note in ["one", "two", "three"] {
        world.phones[0].save(note, note).unwrap();
        [0, 1].iter().for_each(|phone| world.settle(*phone));
    }
    let own = world.phones[0].store().read(keys::own_device).unwrap();
    let changes =
        world.phones[0].store().read(|tx| keys::personal(tx)?.items_of_kind(Kind::Change.into())).unwrap();
    let lost = changes.into_iter().filter(|row| row.device == own).nth(1).unwrap();
    let keys = world.phones[0].store().read(|tx| keys::of_epoch(tx, &lost.epoch)).unwrap();
    world.relay.lose(keys.mailbox(), lost.envelope);
    world.settle(2);
    let held =
        world.phones[2].store().read(|tx| keys::personal(tx)?.item_at(&lost.writer, lost.seq)).unwrap();
    assert!(held.is_none(), "there is no gap to fill");
    world
}

fn carries(world: &mut World, phone: usize) -> usize {
    world.phones[phone]
        .store()
        .read(|tx| keys::personal(tx)?.items_of_kind(Kind::Carry.into()))
        .unwrap()
        .len()
}

#[test]
fn a_gap_is_filled_by_whoever_is_awake() {
    for (seed, awake) in [(60, &[0, 2][..]), (61, &[1, 2])] {
        let mut world = with_a_gap(seed);
        minutes(&mut world, awake, 4);
        let held = world.phones[0].holds();
        assert_eq!(held.len(), 3);
        assert_eq!(world.phones[2].holds(), held, "awake: {awake:?}");
    }
}

#[test]
fn one_answer_to_a_gap_is_enough() {
    let mut world = with_a_gap(62);
    minutes(&mut world, &[0, 1, 2], 4);
    assert_eq!(world.phones[2].holds().len(), 3);
    assert_eq!(carries(&mut world, 2), 1);
}

#[test]
fn an_old_mailbox_is_read_weekly_for_what_comes_late() {
    let mut world = World::of(63, 3);
    world.phones[1].save("late", "signed under the old key, and not sent").unwrap();
    let (phone, relay) = (&mut world.phones[1], &mut world.relay);
    phone.step(relay, Line::LostThere).unwrap();
    sign_out(&mut world, 0, 2);
    world.settle(0);
    world.pass(40 * DAY);
    world.settle(0);
    world.settle(1);
    world.pass(3 * DAY);
    world.settle(0);
    assert_eq!(world.phones[0].holds().len(), 0, "it looks more often than it has to");
    world.pass(5 * DAY);
    world.settle(0);
    assert_eq!(world.phones[0].holds(), world.phones[1].holds());
    assert_eq!(world.phones[0].holds().len(), 1);
}

#[test]
fn what_was_told_by_a_wrong_clock_is_told_again_once_the_clock_is_right() {
    let mut world = World::of(68, 2);
    world.phones[1].ground.skew.set(5 * 365 * DAY);
    world.phones[0].save("a", "note").unwrap();
    world.settle_all();
    world.phones[1].ground.skew.set(0);
    world.phones[0].save("b", "note").unwrap();
    world.settle(0);
    for _ in 0..3 {
        world.phones[1].go_on(&mut world.relay);
        world.pass(61_000);
    }
    world.settle(0);
    let other = world.phones[1].store().read(keys::own_device).unwrap();
    let told = world.phones[0]
        .store()
        .read(|tx| crate::sync::anti_entropy::has_everything(&keys::personal(tx)?, &other));
    assert!(told.unwrap(), "the other device says what it holds");
}
