//! Speaking as somebody else, and speaking without a place.

use super::super::world::World;
use super::{draft, reseal, signed};
use crate::platform::Entropy;
use crate::space::members::{Role, SpaceKind};
use crate::space::record::{Content, PostKind, Record};
use crate::space::{DeviceKeys, Kind, SpaceId};
use crate::store::records::Pick;

fn post(text: &str) -> Content {
    Content::Post { kind: PostKind::Victory, text: text.into(), at: None }
}

/// Keys of the records that a device shows.
fn keys_of(world: &mut World, phone: usize, space: &SpaceId) -> Vec<Vec<u8>> {
    let rows = world.phones[phone].within(space, |tx, _, _| tx.records(&Pick::Newest(&[4], 100)));
    rows.unwrap().into_iter().map(|row| row.key).collect()
}

#[test]
fn nobody_speaks_as_another_member_or_takes_back_what_they_said() {
    let (mut world, space) = World::group(60, 3);
    world.phones[0].post(&space, "my own word").unwrap();
    world.settle_all();
    let (victim, key) = (world.phones[0].account(), keys_of(&mut world, 2, &space).remove(0));
    let forged = Record::new(victim, post("put into my mouth"));
    world.plant(2, &space, forged.draft(vec![9; 16]).unwrap());
    world.plant(2, &space, forged.draft(key.clone()).unwrap());
    world.plant(2, &space, draft(Kind::Record, &key, &[]));
    world.settle_some(&[0, 1]);
    for phone in [0, 1] {
        assert_eq!(world.phones[phone].posts(&space), ["my own word"]);
    }
    world.go_on(&space, &[0, 1]);
}

#[test]
fn a_record_under_a_key_of_anothers_is_the_writers_own() {
    let (mut world, space) = World::group(61, 3);
    world.phones[0].post(&space, "first").unwrap();
    world.settle_all();
    let key = keys_of(&mut world, 2, &space).remove(0);
    let mine = Record::new(world.phones[2].account(), post("under the same key"));
    world.plant(2, &space, mine.draft(key).unwrap());
    world.settle_some(&[0, 1]);
    assert_eq!(world.phones[1].posts(&space), ["first", "under the same key"]);
}

#[test]
fn a_stranger_with_the_keys_of_a_space_says_nothing_there() {
    let (mut world, space) = World::group(62, 3);
    let stranger = DeviceKeys::random(&world.phones[2].ground);
    let member = world.phones[0].account();
    for account in [member, crate::space::AccountId([7; 32])] {
        let record = Record::new(account, post("let me in"));
        world.plant_by(&stranger, 2, &space, record.draft(vec![1; 16]).unwrap());
    }
    for (kind, body) in
        [(Kind::Change, &b"noise"[..]), (Kind::Consent, &[]), (Kind::Need, &[]), (Kind::Carry, &[0x80])]
    {
        world.plant_by(&stranger, 2, &space, draft(kind, b"board", body));
    }
    world.settle_some(&[0, 1]);
    for phone in [0, 1] {
        assert!(world.phones[phone].posts(&space).is_empty());
        assert!(world.phones[phone].line().set_aside > 0, "it is not silent about it");
    }
    world.go_on(&space, &[0, 1]);
}

#[test]
fn an_item_of_another_space_or_epoch_counts_nowhere_else() {
    let (mut world, space) = World::group(63, 3);
    let other = world.found(2, SpaceKind::Group, "Other", Role::Facilitator);
    let (keys, here, there) =
        (world.phones[2].keys(), world.phones[2].epoch_keys(&space), world.phones[2].epoch_keys(&other));
    let record = Record::new(world.phones[2].account(), post("said elsewhere")).draft(vec![1; 16]).unwrap();
    let elsewhere = signed(&keys, other, there.scope().epoch, record.clone());
    let mut epoch = [0; 16];
    world.phones[2].ground.fill(&mut epoch);
    let earlier = signed(&keys, space, crate::space::EpochId(epoch), record);
    for item in [elsewhere, earlier] {
        let envelope = reseal(&mut world.phones[2], &space, &item);
        world.relay.plant(here.mailbox(), envelope);
    }
    world.settle_some(&[0, 1]);
    for phone in [0, 1] {
        assert!(world.phones[phone].posts(&space).is_empty());
        assert_eq!(world.phones[phone].set_aside(), ["forged"]);
    }
    world.go_on(&space, &[0, 1]);
}

#[test]
fn altered_envelopes_and_other_ones_under_the_same_place_are_set_aside() {
    let (mut world, space) = World::group(64, 3);
    let mailbox = world.phones[2].epoch_keys(&space).mailbox();
    let good = world.relay.first(mailbox);
    for place in [0, 20, 100, good.len() - 1] {
        let mut bad = good.clone();
        bad[place] ^= 1;
        world.relay.plant(mailbox, bad);
    }
    world.relay.plant(mailbox, vec![1; 70_000]);
    world.settle_some(&[0, 1]);
    assert_eq!(world.phones[1].set_aside(), ["cannot-open", "oversized", "unknown-version"]);
    world.go_on(&space, &[0, 1]);
}

#[test]
fn who_signs_two_items_at_one_place_is_heard_alike_by_all() {
    let (mut world, space) = World::group(65, 3);
    let (keys, under) = (world.phones[2].keys(), world.phones[2].epoch_keys(&space));
    let account = world.phones[2].account();
    let writer = crate::space::WriterId::fresh(&keys.id(), &world.phones[2].ground);
    let say = |text: &str, key: u8| Record::new(account, post(text)).draft(vec![key; 16]).unwrap();
    for (text, key) in [("to the one", 1), ("to the other", 2)] {
        let mut chain = crate::space::Chain::new(space, writer, &keys, Default::default()).unwrap();
        let item = chain.next(under.scope().epoch, say(text, key)).unwrap();
        world.relay.plant(under.mailbox(), under.seal(&item).unwrap());
        let phone = if key == 1 { 0 } else { 1 };
        world.settle(phone);
    }
    world.settle_some(&[0, 1]);
    world.go_on(&space, &[0, 1]);
    assert_eq!(world.phones[0].posts(&space), world.phones[1].posts(&space));
}

/// Of two records at one place of a chain, one device has the first long erased when the second comes; others get both at once.
#[test]
fn what_stands_does_not_depend_on_which_of_two_items_at_one_place_was_erased() {
    let (mut world, space) = World::group(66, 3);
    let (keys, under) = (world.phones[2].keys(), world.phones[2].epoch_keys(&space));
    let account = world.phones[2].account();
    let say = |text: &str, key: u8| Record::new(account, post(text)).draft(vec![key; 16]).unwrap();
    // Ids are hashes, so that in some of these pairs the first one is the lower, and in some the second.
    for pair in 0..6 {
        let writer = crate::space::WriterId::fresh(&keys.id(), &world.phones[2].ground);
        let first = crate::space::Chain::new(space, writer, &keys, Default::default()).unwrap();
        let mut plant = |said, chain: &mut crate::space::Chain| {
            let item = chain.next(under.scope().epoch, said).unwrap();
            world.relay.plant(under.mailbox(), under.seal(&item).unwrap());
            world.settle(0);
        };
        let mut chain = first.clone();
        plant(say("first", 10 + pair), &mut chain);
        plant(say("replaced", 10 + pair), &mut chain);
        plant(say("second", 20 + pair), &mut first.clone());
    }
    world.settle_some(&[0, 1]);
    for phone in [0, 1] {
        let shown = world.phones[phone].posts(&space);
        let count = |text: &str| shown.iter().filter(|shown| *shown == text).count();
        assert_eq!((count("first"), count("replaced"), count("second")), (0, 6, 6), "at {phone}");
    }
    world.phones[0].act(&space, crate::space::members::Op::Remove { account }).unwrap();
    world.settle_some(&[0, 1]);
    assert_eq!(world.phones[0].posts(&space), world.phones[1].posts(&space));
    world.go_on(&space, &[0, 1]);
}
