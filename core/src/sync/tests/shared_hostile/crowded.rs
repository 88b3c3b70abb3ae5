//! Lists that one member fills: taking a place away never depends on how much its holder did.

use super::super::world::World;
use super::{draft, opens, publish, writer_of};
use crate::crypto::codec::Extensible;
use crate::crypto::{Phrase, Secret};
use crate::space::device_log::{self, DeviceLog};
use crate::space::members::{Entry, JoinRequest, Op};
use crate::space::open::Base;
use crate::space::record::{Content, PostKind, Record};
use crate::space::tests::Fixed;
use crate::space::{Chain, DeviceKeys, EntryId, Kind, SpaceId};
use crate::sync::{devices, keys, space_state};

/// A post by phone 2 under each of so many writers of its own.
fn many_writers(world: &mut World, space: &SpaceId, count: u16) {
    let (keys, under) = (world.phones[2].keys(), world.phones[2].epoch_keys(space));
    let account = world.phones[2].account();
    for n in 0..count {
        let content = Content::Post { kind: PostKind::Victory, text: format!("post {n}"), at: None };
        let post = Record::new(account, content).draft(n.to_be_bytes().to_vec()).unwrap();
        let mut name = [7; 16];
        name[..2].copy_from_slice(&n.to_be_bytes());
        let mut chain = Chain::new(*space, writer_of(&keys, name), &keys, Default::default()).unwrap();
        let item = chain.next(under.scope().epoch, post).unwrap();
        world.relay.plant(under.mailbox(), under.seal(&item).unwrap());
    }
}

/// So many epochs beside each other, all of them valid.
fn many_epochs(world: &mut World, space: &SpaceId, count: usize) {
    for _ in 0..count {
        let (_, open) = opens(&mut world.phones[2], space, Base::Parent);
        world.plant(2, space, open.draft());
    }
}

#[test]
fn who_wrote_under_many_names_can_be_put_out_and_all_they_said_stays() {
    let (mut world, space) = World::group(90, 3);
    many_writers(&mut world, &space, 700);
    world.settle_some(&[0, 1]);
    let before = world.phones[0].posts(&space);
    assert_eq!(before.len(), 700);
    let account = world.phones[2].account();
    world.phones[0].act(&space, Op::Remove { account }).unwrap();
    world.settle_some(&[0, 1]);
    assert_eq!(world.phones[1].members(&space).len(), 2);
    // Who comes now sees what was accepted before, by what the others repeated.
    let guest = world.add_person();
    world.bring(0, guest, &space, crate::space::members::Role::Peer);
    world.settle_some(&[0, 1, guest]);
    world.settle_some(&[0, 1, guest]);
    for phone in [0, 1, guest] {
        assert_eq!(world.phones[phone].posts(&space).len(), 700, "at {phone}");
    }
    world.go_on(&space, &[0, 1, guest]);
}

#[test]
fn who_opened_many_epochs_can_be_put_out() {
    let (mut world, space) = World::group(91, 3);
    many_epochs(&mut world, &space, 80);
    world.settle_some(&[0, 1]);
    let account = world.phones[2].account();
    world.phones[0].act(&space, Op::Remove { account }).unwrap();
    world.settle_some(&[0, 1]);
    assert_eq!(world.phones[1].members(&space).len(), 2);
    world.go_on(&space, &[0, 1]);
}

#[test]
fn who_wrote_under_many_names_and_leaves_takes_nobody_along() {
    let (mut world, space) = World::group(92, 3);
    many_writers(&mut world, &space, 300);
    world.settle_some(&[0, 1]);
    world.phones[2].act(&space, Op::Leave).unwrap();
    world.settle_some(&[2, 0, 1]);
    world.go_on(&space, &[0, 1]);
}

#[test]
fn a_device_that_wrote_under_many_names_can_be_signed_out() {
    let mut world = World::new(93);
    let laptop = world.add_phone();
    world.pair(0, laptop);
    world.settle_some(&[0, laptop]);
    let space = SpaceId::personal(&world.phones[0].account());
    let (keys, under) = (world.phones[laptop].keys(), world.phones[laptop].epoch_keys(&space));
    for n in 0..300u16 {
        let mut name = [7; 16];
        name[..2].copy_from_slice(&n.to_be_bytes());
        let mut chain = Chain::new(space, writer_of(&keys, name), &keys, Default::default()).unwrap();
        let item = chain.next(under.scope().epoch, draft(Kind::Unknown(99), &n.to_be_bytes(), b"x")).unwrap();
        world.relay.plant(under.mailbox(), under.seal(&item).unwrap());
    }
    world.settle_some(&[0]);
    let (id, now) = (keys.id(), world.now.get());
    let ground = world.phones[0].ground.clone();
    world.phones[0].store().tx(|tx| devices::sign_out(tx, &ground, id, now)).unwrap();
    world.settle_some(&[0, laptop]);
    world.phones[0].save("a", "my own").unwrap();
    world.settle_some(&[0]);
    assert_eq!(world.phones[0].line().only_here, 0);
}

#[test]
fn a_small_question_makes_nobody_repeat_without_end() {
    let (mut world, space) = World::group(98, 3);
    let writer = world.phones[0].store().read(keys::writer).unwrap();
    for n in 0..30 {
        let text = format!("{n} {}", "long ".repeat(390));
        world.phones[0].post(&space, &text).unwrap();
    }
    world.settle_some(&[0, 1]);
    let before = world.relay.held();
    for n in 0..200u16 {
        let need = crate::space::repair::Need { writer, from: 1, to: 4096 };
        let asked = crate::space::Draft { key: n.to_be_bytes().to_vec(), ..need.draft() };
        world.plant(2, &space, asked);
    }
    let asked = world.relay.held();
    world.settle_some(&[0, 1]);
    let repeated = world.relay.held() - asked;
    assert!(asked - before > 100_000 && repeated > 50_000, "{repeated} bytes are repeated");
    assert!(repeated < 2 * (9 << 20), "{repeated} bytes are repeated");
    world.pass(crate::sync::tests::people::DAY);
    world.go_on(&space, &[0, 1]);
}

#[test]
fn questions_signed_by_keys_that_nobody_knows_are_not_answered() {
    let (mut world, space) = World::group(99, 3);
    let writer = world.phones[0].store().read(keys::writer).unwrap();
    (0..30).for_each(|n| world.phones[0].post(&space, &format!("{n} {}", "long ".repeat(390))).unwrap());
    world.settle_some(&[0, 1]);
    let under = world.phones[2].epoch_keys(&space).scope().epoch;
    let need = crate::space::repair::Need { writer, from: 1, to: 4096 };
    let strangers: Vec<_> = (0..100)
        .map(|_| {
            let keys = crate::space::DeviceKeys::random(&world.phones[2].ground);
            super::signed(&keys, space, under, need.draft())
        })
        .collect();
    for carry in crate::space::snapshot::carry(&strangers) {
        world.plant(2, &space, carry);
    }
    let before = world.relay.held();
    world.settle_some(&[0, 1]);
    let repeated = world.relay.held() - before;
    assert!(repeated < 20_000, "{repeated} bytes are repeated");
    world.go_on(&space, &[0, 1]);
}

/// A stolen device signs more than an opening, a message of pairing or a list of devices has room for, beside each other or one
/// after the other.
#[test]
fn a_device_that_signed_without_end_can_be_signed_out_and_another_one_paired() {
    for (seed, beside) in [(106, true), (107, false)] {
        let mut world = World::new(seed);
        let thief = world.add_phone();
        world.pair(0, thief);
        world.settle_some(&[0, thief]);
        let account = world.phones[0].account();
        let space = SpaceId::personal(&account);
        let keys = world.phones[thief].keys();
        let mut last = world.phones[thief].store().read(space_state::own_log).unwrap().heads();
        for n in 0..420 {
            let device = DeviceKeys::random(&Fixed::new(9000 + n)).public();
            let op = device_log::Op::Add { device };
            let entry = device_log::Entry::sign(&account, last.clone(), op, &keys.sign_key()).unwrap();
            world.plant(thief, &space, draft(Kind::DeviceLog, &[], entry.bytes()));
            last = if beside { last } else { vec![entry.id()] };
        }
        world.settle_some(&[0]);
        let (now, ground) = (world.now.get(), world.phones[0].ground.clone());
        world.phones[0].store().tx(|tx| devices::sign_out(tx, &ground, keys.id(), now)).unwrap();
        world.settle_some(&[0, thief]);
        let state = world.phones[0].store().read(space_state::own_log).unwrap().state();
        assert!(state.gone.contains(&keys.id()));
        let new = world.add_phone();
        world.pair(0, new);
        world.phones[0].save("a", "my own").unwrap();
        world.settle_some(&[0, new]);
        assert_eq!(world.phones[new].holds(), world.phones[0].holds(), "beside: {beside}");
        assert_eq!(world.phones[0].line().only_here, 0);
    }
}

/// Who leads lets in forty accounts with eleven devices each, none of which knows the others.
#[test]
fn more_devices_than_an_opening_has_room_for_keep_nobody_from_being_removed() {
    let (mut world, space) = World::group(108, 3);
    let leads = world.phones[2].account();
    world.phones[0].act(&space, Op::Promote { account: leads }).unwrap();
    world.settle_some(&[0, 1, 2]);
    let key = world.phones[2].keys().sign_key();
    let heads = world.phones[2].within(&space, |_, _, known| Ok(known.roster().authority_heads())).unwrap();
    let mut accounts = Vec::new();
    for n in 0..40 {
        let devices: Vec<DeviceKeys> =
            (0..11).map(|d| DeviceKeys::random(&Fixed::new(100 * n + d))).collect();
        let log = many_devices(n as u8, &devices);
        let request = JoinRequest::sign(&space, log.account(), &devices[0].sign_key(), &Fixed::new(n));
        let op = Extensible::Known(Op::Add { request, role: crate::space::members::Role::Peer });
        let add = Entry::sign(&space, leads, [heads.clone(), log.heads()].concat(), op, &key).unwrap();
        for entry in log.entries() {
            world.plant(2, &space, draft(Kind::DeviceLog, log.account().as_bytes(), entry.bytes()));
        }
        publish(&mut world, 2, &space, add.bytes());
        accounts.push(log.account());
    }
    world.settle_some(&[0, 1]);
    assert_eq!(world.phones[0].members(&space).len(), 43);
    world.phones[0].act(&space, Op::Remove { account: accounts[0] }).unwrap();
    world.phones[0].act(&space, Op::Remove { account: leads }).unwrap();
    for _ in 0..8 {
        world.settle_some(&[0, 1]);
    }
    world.go_on(&space, &[0, 1]);
}

fn many_devices(n: u8, devices: &[DeviceKeys]) -> DeviceLog {
    let phrase = Phrase::new(Secret::new([n; 32]));
    let mut log = DeviceLog::create(&phrase, devices[0].public()).unwrap();
    devices[1..].iter().for_each(|device| drop(log.add(device.public(), &devices[0]).unwrap()));
    log
}

/// What one member sends before what it follows keeps nothing else out, in whatever order it comes, also after a restart.
#[test]
fn however_much_comes_too_early_the_same_counts_for_all() {
    let (mut world, space) = World::group(109, 3);
    let (account, key) = (world.phones[2].account(), world.phones[2].keys().sign_key());
    let heads = world.phones[2].within(&space, |_, _, known| Ok(known.roster().authority_heads())).unwrap();
    let affirm = |parents: Vec<EntryId>| {
        Entry::sign(&space, account, parents, Extensible::Known(Op::Affirm), &key).unwrap()
    };
    for n in 0..600u16 {
        let mut nothing = [9; 32];
        nothing[..2].copy_from_slice(&n.to_be_bytes());
        publish(&mut world, 2, &space, affirm(vec![EntryId(nothing)]).bytes());
    }
    let first = affirm(heads.clone());
    let second = affirm(vec![first.id()]);
    publish(&mut world, 2, &space, second.bytes());
    world.settle_some(&[0]);
    publish(&mut world, 2, &space, first.bytes());
    world.settle_some(&[0, 1]);
    world.phones[1].restart();
    for phone in [0, 1] {
        let known = world.phones[phone].within(&space, |_, _, known| {
            Ok(known.members()?.entries().any(|entry| entry.id() == second.id()))
        });
        assert!(known.unwrap(), "at {phone}");
    }
    world.go_on(&space, &[0, 1]);
}

/// Which device logs of strangers a device has seen decides nothing: an entry that follows one is no entry for anybody.
#[test]
fn an_entry_that_follows_a_stranger_keeps_nobody_out() {
    let (mut world, space) = World::group(110, 3);
    let (account, key) = (world.phones[2].account(), world.phones[2].keys().sign_key());
    let heads = world.phones[2].within(&space, |_, _, known| Ok(known.roster().authority_heads())).unwrap();
    let stranger = |n: u16| {
        let mut seed = [3; 32];
        seed[..2].copy_from_slice(&n.to_be_bytes());
        DeviceLog::create(&Phrase::new(Secret::new(seed)), DeviceKeys::random(&Fixed::new(n.into())).public())
            .unwrap()
    };
    for n in 0..520u16 {
        let log = stranger(n);
        let entry = log.entries().next().unwrap().bytes().to_vec();
        world.plant(2, &space, draft(Kind::DeviceLog, log.account().as_bytes(), &entry));
        if n == 0 {
            let parents = [heads.clone(), log.heads()].concat();
            let entry = Entry::sign(&space, account, parents, Extensible::Known(Op::Affirm), &key).unwrap();
            publish(&mut world, 2, &space, entry.bytes());
            world.settle_some(&[0]);
        }
    }
    world.settle_some(&[0, 1]);
    let entries = |world: &mut World, phone: usize| {
        world.phones[phone].within(&space, |_, _, known| Ok(known.members()?.entries().count())).unwrap()
    };
    assert_eq!(entries(&mut world, 0), entries(&mut world, 1));
    let guest = world.add_person();
    world.bring(0, guest, &space, crate::space::members::Role::Peer);
    world.go_on(&space, &[0, 1, guest]);
}

/// A member's own device log may be longer than what others name of it, and say that a device of theirs is gone.
#[test]
fn a_device_log_that_is_too_long_to_be_named_makes_nobody_open_epochs_without_end() {
    let (mut world, space) = World::group(112, 3);
    let (account, keys) = (world.phones[2].account(), world.phones[2].keys());
    let mut last = world.phones[2].store().read(space_state::own_log).unwrap().heads();
    let plant = |world: &mut World, last: &mut Vec<EntryId>, op: device_log::Op| {
        let entry = device_log::Entry::sign(&account, last.clone(), op, &keys.sign_key()).unwrap();
        world.plant(2, &space, draft(Kind::DeviceLog, account.as_bytes(), entry.bytes()));
        *last = vec![entry.id()];
    };
    let second = DeviceKeys::random(&Fixed::new(1)).public();
    plant(&mut world, &mut last, device_log::Op::Add { device: second });
    world.settle_some(&[0, 1]);
    world.phones[0].act(&space, Op::Affirm).unwrap();
    for n in 0..400 {
        let device = DeviceKeys::random(&Fixed::new(9000 + n)).id();
        plant(&mut world, &mut last, device_log::Op::Revoke { device });
    }
    plant(&mut world, &mut last, device_log::Op::Revoke { device: second.id });
    for _ in 0..6 {
        world.settle_some(&[0, 1]);
        world.pass(120_000);
    }
    let epochs =
        |world: &mut World| world.phones[0].within(&space, |tx, _, _| Ok(tx.epochs()?.len())).unwrap();
    let before = epochs(&mut world);
    for _ in 0..6 {
        world.pass(120_000);
        world.settle_some(&[0, 1]);
    }
    assert_eq!(epochs(&mut world), before, "they open epochs without end");
    world.go_on(&space, &[0, 1]);
}

/// The add of somebody whose device log comes in pieces, the last one first.
#[test]
fn who_is_let_in_counts_in_whatever_order_their_device_log_comes() {
    let (mut world, space) = World::group(113, 3);
    let devices = [DeviceKeys::random(&Fixed::new(1)), DeviceKeys::random(&Fixed::new(2))];
    let log = many_devices(9, &devices);
    let request = JoinRequest::sign(&space, log.account(), &devices[0].sign_key(), &Fixed::new(3));
    let heads = world.phones[0].within(&space, |_, _, known| Ok(known.roster().authority_heads())).unwrap();
    let op = Extensible::Known(Op::Add { request, role: crate::space::members::Role::Peer });
    let (founder, key) = (world.phones[0].account(), world.phones[0].keys().sign_key());
    let add = Entry::sign(&space, founder, [heads, log.heads()].concat(), op, &key).unwrap();
    let entries: Vec<Vec<u8>> = log.entries().map(|entry| entry.bytes().to_vec()).collect();
    let of_log = |entry: &[u8]| draft(Kind::DeviceLog, log.account().as_bytes(), entry);
    world.plant(0, &space, of_log(&entries[1]));
    publish(&mut world, 0, &space, add.bytes());
    world.settle_some(&[1]);
    world.plant(0, &space, of_log(&entries[0]));
    world.settle_some(&[0, 1]);
    world.phones[1].restart();
    for phone in [0, 1] {
        assert_eq!(world.phones[phone].members(&space).len(), 4, "at {phone}");
    }
}
