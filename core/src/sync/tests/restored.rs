//! A copy of a device's folder that was put back, and written to before it could see what it had forgotten.

use super::world::World;
use crate::space::SpaceId;
use crate::space::consent::Fields;
use crate::space::record::Day;
use crate::sync::shared::consent;
use trellis_api_types::checkin::Mood;

/// Two devices of one person.
fn two() -> (World, usize) {
    let mut world = World::new(110);
    let laptop = world.add_phone();
    world.pair(0, laptop);
    world.phones[0].save("a", "before").unwrap();
    world.settle_all();
    world.settle_all();
    (world, laptop)
}

fn agree(world: &mut World, laptop: usize) {
    for _ in 0..3 {
        world.settle_all();
        world.pass(61_000);
    }
    assert_eq!(world.phones[0].holds(), world.phones[laptop].holds());
    for phone in [0, laptop] {
        let line = world.phones[phone].line();
        assert_eq!((line.only_here, line.set_aside), (0, 0), "at {phone}");
    }
}

#[test]
fn what_a_restored_copy_writes_before_its_first_look_parts_no_devices() {
    for saves in [1, 3] {
        let (mut world, laptop) = two();
        let backup = world.phones[0].backup();
        (0..saves).for_each(|n| world.phones[0].save(&format!("b{n}"), "after the copy").unwrap());
        world.settle(0);
        world.phones[0].put_back(&backup);
        (0..3).for_each(|n| world.phones[0].save(&format!("c{n}"), "on the old copy").unwrap());
        agree(&mut world, laptop);
        world.phones[0].save("d", "later").unwrap();
        world.phones[laptop].save("e", "later too").unwrap();
        agree(&mut world, laptop);
    }
}

#[test]
fn a_copied_folder_that_is_opened_on_another_machine_parts_no_devices() {
    let (mut world, laptop) = two();
    let backup = world.phones[0].backup();
    world.phones[0].save("b", "on the first machine").unwrap();
    world.settle(0);
    let first = world.phones[0].backup();
    world.phones[0].put_back(&backup);
    world.phones[0].save("c", "on the second machine").unwrap();
    world.settle(0);
    world.phones[0].put_back(&first);
    world.phones[0].save("d", "on the first machine again").unwrap();
    agree(&mut world, laptop);
}

#[test]
fn without_need_no_new_writer_stays() {
    let (mut world, laptop) = two();
    let writer = |world: &mut World| world.phones[0].store().read(crate::sync::keys::writer).unwrap();
    let before = writer(&mut world);
    for n in 0..3 {
        world.phones[0].restart();
        assert_ne!(writer(&mut world), before, "nothing is known yet");
        world.settle(0);
        assert_eq!(writer(&mut world), before);
        world.phones[0].save(&format!("f{n}"), "as ever").unwrap();
        agree(&mut world, laptop);
    }
}

#[test]
fn posts_of_before_and_after_a_restore_both_stand() {
    for seed in 0..4 {
        let (mut world, space) = World::group(111 + seed, 3);
        let backup = world.phones[1].backup();
        world.phones[1].post(&space, "one").unwrap();
        world.settle_all();
        world.phones[1].put_back(&backup);
        world.phones[1].post(&space, "two").unwrap();
        world.settle_all();
        world.settle_all();
        for phone in 0..3 {
            assert_eq!(world.phones[phone].posts(&space), ["one", "two"], "at {phone}");
        }
        world.go_on(&space, &[0, 1, 2]);
    }
}

/// Whether check-ins may be shared, as a device knows it.
fn shares(world: &mut World, phone: usize, space: &SpaceId) -> bool {
    let today = Day::from(world.phones[phone].today());
    let given = world.phones[phone].within(space, |tx, _, known| consent::own(tx, known.members()?)).unwrap();
    crate::space::consent::Effective::of(&given, today).is_none_or(|may| may.allows(Fields::MOOD))
}

#[test]
fn to_stop_sharing_holds_as_the_first_act_after_a_restore() {
    for seed in 0..8 {
        let (mut world, space) = World::group(120 + seed, 2);
        world.phones[1].consent(&space, Fields::MOOD, false);
        world.phones[1].check_in("a", "", Mood::Good, 1);
        world.settle_all();
        let backup = world.phones[1].backup();
        world.phones[1].post(&space, "after the copy").unwrap();
        world.phones[1].check_in("b", "", Mood::Good, 1);
        world.settle_all();
        world.phones[1].put_back(&backup);
        world.phones[1].consent(&space, Fields::default(), false);
        world.settle_all();
        let before = world.phones[0].shared_checkins(&space).len();
        world.phones[1].check_in("c", "", Mood::Low, 9);
        world.settle_all();
        world.settle_all();
        assert_eq!(world.phones[0].shared_checkins(&space).len(), before, "{seed}");
        assert!(!shares(&mut world, 1, &space), "{seed}");
    }
}

#[test]
fn a_copy_made_after_an_opening_that_wrote_nothing_parts_no_devices() {
    let (mut world, laptop) = two();
    world.phones[0].restart();
    let backup = world.phones[0].backup();
    world.phones[0].save("b", "on the first").unwrap();
    agree(&mut world, laptop);
    world.phones[0].put_back(&backup);
    world.phones[0].save("c", "on the copy").unwrap();
    agree(&mut world, laptop);
    world.phones[0].save("d", "later").unwrap();
    agree(&mut world, laptop);
}

#[test]
fn to_take_back_or_edit_holds_as_the_first_act_after_a_restore() {
    for (edits, noticed) in [(false, false), (true, false), (false, true), (true, true)] {
        let (mut world, space) = World::group(130, 2);
        let say = |world: &mut World, text: &str| world.phones[1].say(&space, &[7; 16], text);
        say(&mut world, "first");
        world.settle_all();
        let backup = world.phones[1].backup();
        (0..5).for_each(|_| world.phones[1].post(&space, "something else").unwrap());
        say(&mut world, "later, on the device of then");
        world.settle_all();
        world.phones[1].put_back(&backup);
        if noticed {
            world.phones[1].notice_copy();
        }
        if edits {
            say(&mut world, "on the old copy");
        } else {
            world.phones[1].unsay(&space, &[7; 16]);
        }
        world.phones[1].restart();
        for _ in 0..3 {
            world.settle_all();
        }
        for phone in [0, 1] {
            let mut shown = world.phones[phone].posts(&space);
            shown.retain(|text| text != "something else");
            let expected: &[&str] = if edits { &["on the old copy"] } else { &[] };
            assert_eq!(shown, expected, "at {phone}");
        }
        assert!(!world.phones[1].files_hold(&space, "first"), "what was replaced is erased");
        world.go_on(&space, &[0, 1]);
    }
}
