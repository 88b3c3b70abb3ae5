//! Lists that one member fills: taking a place away never depends on how much its holder did.

use super::{draft, opens, writer_of};
use crate::space::members::Op;
use crate::space::open::Base;
use crate::space::record::{Content, PostKind, Record};
use crate::space::{Chain, Kind, SpaceId};
use crate::sync::tests::world::World;
use crate::sync::{account, keys};

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
    world.phones[0].store().tx(|tx| account::sign_out(tx, &ground, id, now)).unwrap();
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
