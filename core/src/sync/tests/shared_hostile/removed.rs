//! Whoever was put out, their old keys, and a relay that is an older copy.

use super::super::people::DAY;
use super::super::world::{Line, World};
use super::{HOUR, draft, signed_at};
use crate::space::consent::Fields;
use crate::space::members::{Op, Role};
use crate::space::record::{Content, PostKind, Record};
use crate::space::tests::device;
use crate::space::{Chain, DeviceKeys, Kind, Position, SpaceId};
use crate::sync::keys::WRITER;
use crate::sync::{keys, space_state};
use trellis_api_types::checkin::Mood;

fn put_out(world: &mut World, space: &SpaceId, whom: usize) {
    let account = world.phones[whom].account();
    world.phones[0].act(space, Op::Remove { account }).unwrap();
    world.settle_some(&[0, 1]);
}

#[test]
fn old_keys_open_nothing_new_and_add_nothing_old() {
    let (mut world, space) = World::group(90, 3);
    world.phones[2].post(&space, "while I was here").unwrap();
    world.settle_all();
    let (keys, old, account) =
        (world.phones[2].keys(), world.phones[2].epoch_keys(&space), world.phones[2].account());
    let writer = world.phones[2].store().read(keys::writer).unwrap();
    let last = world.phones[2].within(&space, |tx, _, _| tx.last_of_writer(&writer.0)).unwrap().unwrap();
    put_out(&mut world, &space, 2);
    let new = world.phones[0].epoch_keys(&space);
    assert_ne!(new.mailbox(), old.mailbox());
    assert!(world.relay.envelopes(new.mailbox()).iter().all(|envelope| old.open(envelope).is_err()));
    let say = |text: &str| {
        let content = Content::Post { kind: PostKind::Victory, text: text.into(), at: None };
        Record::new(account, content).draft(text.as_bytes()[..8].to_vec()).unwrap()
    };
    // After the last one known, and on a chain of its own, as if it had been there all along.
    let position = Position { seq: last.seq, last: Some(crate::space::ItemId(last.id)), lamport: 1 << 20 };
    let mut chain = Chain::new(space, writer, &keys, position).unwrap();
    let later = chain.next(old.scope().epoch, say("continued")).unwrap();
    let beside = signed_at(&keys, space, old.scope().epoch, say("dated back"), Position::default());
    let aside = signed_at(&keys, space, old.scope().epoch, say("in the new mailbox"), Position::default());
    for (item, mailbox) in [(later, old.mailbox()), (beside, old.mailbox()), (aside, new.mailbox())] {
        world.relay.plant(mailbox, old.seal(&item).unwrap());
    }
    world.settle_some(&[0, 1]);
    for phone in [0, 1] {
        assert_eq!(world.phones[phone].posts(&space), ["while I was here"]);
        assert!(world.phones[phone].set_aside().contains(&"cannot-open".to_owned()));
    }
    world.go_on(&space, &[0, 1]);
    let guest = world.add_person();
    world.bring(0, guest, &space, Role::Peer);
    world.settle_some(&[0, 1, guest]);
    assert!(world.phones[guest].posts(&space).contains(&"while I was here".to_owned()));
    assert!(!world.phones[guest].posts(&space).contains(&"dated back".to_owned()));
}

#[test]
fn what_one_member_had_heard_before_the_removal_reaches_all_and_what_came_later_none() {
    let (mut world, space) = World::group(91, 3);
    world.phones[2].post(&space, "heard by one").unwrap();
    world.settle(2);
    world.settle(1);
    let account = world.phones[2].account();
    world.phones[0].act(&space, Op::Remove { account }).unwrap();
    world.settle(0);
    world.phones[2].post(&space, "too late").unwrap();
    let phone = &mut world.phones[2];
    for _ in 0..3 {
        phone.engine.hurry(phone.store.as_mut().unwrap()).unwrap();
        phone.step(&mut world.relay, Line::Fine).unwrap();
    }
    world.settle_some(&[0, 1]);
    world.settle_some(&[0, 1]);
    for phone in [0, 1] {
        assert_eq!(world.phones[phone].posts(&space), ["heard by one"], "device {phone}");
    }
    world.go_on(&space, &[0, 1]);
}

#[test]
fn a_relay_put_back_to_an_older_copy_is_caught_up_in_a_shared_space() {
    let (mut world, space) = World::group(92, 3);
    world.phones[0].post(&space, "before").unwrap();
    world.settle_all();
    let older = world.relay.clone();
    for phone in 0..3 {
        world.phones[phone].post(&space, &format!("after {phone}")).unwrap();
    }
    world.settle_all();
    world.relay.boxes = older.boxes;
    world.go_on(&space, &[0, 1, 2]);
    assert_eq!(world.phones[2].posts(&space).len(), 7);
    world.relay.boxes.clear();
    world.settle_all();
    let guest = world.add_person();
    world.bring(0, guest, &space, Role::Peer);
    world.settle_all();
    assert_eq!(world.phones[guest].posts(&space).len(), 7);
}

#[test]
fn a_rendezvous_on_an_older_copy_of_the_relay_leads_in_all_the_same() {
    for lost in 0..2 {
        let (mut world, space) = World::group(93, 2);
        let guest = world.add_person();
        let link = world.invite(0, &space, Role::Peer, true).unwrap();
        let mut older = world.relay.clone();
        let mut lose = |world: &mut World, now: usize| {
            if lost == now {
                std::mem::swap(&mut world.relay.boxes, &mut older.boxes);
            } else if now < lost {
                older = world.relay.clone();
            }
        };
        world.settle(0);
        lose(&mut world, 0);
        (0..2).for_each(|_| world.settle_all());
        world.ask_in(guest, &link, "Guest").unwrap();
        lose(&mut world, 1);
        (0..2).for_each(|_| world.settle_all());
        assert_eq!(world.let_all_in(0, &space), 1, "lost {lost}");
        world.settle(0);
        (0..3).for_each(|_| world.settle_all());
        world.pass(HOUR);
        world.settle_all();
        assert!(world.phones[guest].has_space(&space), "lost {lost}");
        world.go_on(&space, &[0, 1, guest]);
    }
}

#[test]
fn an_older_copy_of_a_members_database_goes_on_and_forks_nothing() {
    let (mut world, space) = World::group(94, 3);
    world.phones[1].post(&space, "one").unwrap();
    world.settle_all();
    let (backup, writer) =
        (world.phones[1].backup(), world.phones[1].store().read(|tx| tx.setting(WRITER)).unwrap());
    world.phones[1].post(&space, "two").unwrap();
    world.settle_all();
    world.phones[1].put_back(&backup);
    world.settle(1);
    world.phones[1].post(&space, "three").unwrap();
    world.settle_all();
    assert_ne!(world.phones[1].store().read(|tx| tx.setting(WRITER)).unwrap(), writer);
    for phone in 0..3 {
        assert_eq!(world.phones[phone].posts(&space), ["one", "three", "two"]);
    }
    world.go_on(&space, &[0, 1, 2]);
}

#[test]
fn what_was_sealed_before_a_revocation_and_sent_after_it_is_dropped() {
    let (mut world, space) = World::group(95, 2);
    world.phones[0].consent(&space, Fields::MOOD, false);
    let laptop = world.add_phone();
    world.pair(0, laptop);
    (0..2).for_each(|_| world.settle_all());
    world.settle(laptop);
    world.phones[laptop].check_in("sealed", "", Mood::Low, 1);
    let phone = &mut world.phones[laptop];
    while phone.step(&mut world.relay, Line::LostThere).unwrap() {}
    let sealed = phone.within(&space, |tx, _, _| tx.unsent_count(&device_of(tx)?, 2)).unwrap();
    assert!(sealed > 0, "it was sealed");
    world.phones[0].consent(&space, Fields::default(), false);
    world.settle(0);
    world.pass(DAY);
    world.settle_some(&[laptop, 0, 1]);
    assert!(world.phones[1].shared_checkins(&space).is_empty());
    assert_eq!(world.phones[laptop].line().only_here, 0);
    world.phones[0].consent(&space, Fields::MOOD, false);
    world.phones[laptop].check_in("of the new consent", "", Mood::Great, 1);
    world.settle_some(&[laptop, 0, 1]);
    assert_eq!(world.phones[1].shared_checkins(&space).len(), 1);
}

fn device_of(tx: &crate::store::SpaceTx<'_>) -> crate::error::Result<[u8; 32]> {
    keys::own_device(tx)
}

/// A device log's entry of this person, as their friends put it into the space.
fn names(world: &mut World, space: &SpaceId, who: usize, device: &DeviceKeys) {
    let keys = world.phones[who].keys();
    let mut log = world.phones[who].store().read(space_state::own_log).unwrap();
    let entry = log.add(device.public(), &keys).unwrap();
    let account = log.account().0;
    world.plant(who, space, draft(Kind::DeviceLog, &account, entry.bytes()));
}

#[test]
fn who_was_removed_does_not_speak_on_by_a_friends_device() {
    let (mut world, space) = World::group(92, 4);
    let (silent, account) = (device(99), world.phones[2].account());
    let friends = world.phones[3].keys();
    names(&mut world, &space, 2, &silent);
    names(&mut world, &space, 2, &friends);
    world.settle_some(&[0, 1, 3]);
    put_out(&mut world, &space, 2);
    world.settle(3);
    names(&mut world, &space, 3, &silent);
    world.settle_some(&[0, 1, 3]);
    let entitled = world.phones[0].within(&space, |_, _, known| Ok(known.roster().entitled()));
    assert!(!entitled.unwrap().contains_key(&silent.id()));
    let content = Content::Post { kind: PostKind::Victory, text: "still here".into(), at: None };
    let record = Record::new(account, content);
    for (keys, key) in [(&silent, [1; 16]), (&friends, [2; 16])] {
        world.plant_by(keys, 3, &space, record.draft(key.to_vec()).unwrap());
    }
    world.settle_some(&[0, 1]);
    for phone in [0, 1] {
        assert!(world.phones[phone].posts(&space).is_empty(), "device {phone}");
    }
    world.go_on(&space, &[0, 1]);
}

/// While it is not known that a device is another's, it may say something for a member who names it.
#[test]
fn whose_word_it_is_does_not_depend_on_what_came_first() {
    let (mut world, space) = World::group(93, 4);
    let (shared, account) = (device(99), world.phones[2].account());
    names(&mut world, &space, 2, &shared);
    let content = Content::Post { kind: PostKind::Victory, text: "whose".into(), at: None };
    let record = Record::new(account, content).draft(vec![1; 16]).unwrap();
    world.plant_by(&shared, 2, &space, record);
    world.settle_some(&[0]);
    assert_eq!(world.phones[0].posts(&space), ["whose"]);
    let keys = world.phones[3].keys();
    let mut log = world.phones[3].store().read(space_state::own_log).unwrap();
    let entries = [log.add(shared.public(), &keys).unwrap(), log.add(device(98).public(), &shared).unwrap()];
    for entry in entries {
        world.plant(3, &space, draft(Kind::DeviceLog, &log.account().0, entry.bytes()));
    }
    world.settle_some(&[0, 1]);
    for phone in [0, 1] {
        assert!(world.phones[phone].posts(&space).is_empty(), "device {phone}");
    }
    world.go_on(&space, &[0, 1]);
}
