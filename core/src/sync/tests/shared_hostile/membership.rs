//! Coming in, going up and putting out, without the right to it.

use super::super::world::World;
use super::{HOUR, entry, publish};
use crate::crypto::codec::Extensible;
use crate::space::members::{JoinRequest, Op, Role, State};
use crate::space::{AccountId, SpaceId};
use crate::sync::space_state;

fn state(world: &mut World, phone: usize, space: &SpaceId) -> State {
    world.phones[phone].within(space, |_, _, known| Ok(known.members()?.state())).unwrap()
}

/// A request of somebody outside to come into a space, with their device log made known there by `host`.
fn request(world: &mut World, host: usize, outsider: usize, space: &SpaceId) -> (AccountId, JoinRequest) {
    let (keys, ground) = (world.phones[outsider].keys(), world.phones[outsider].ground.clone());
    let log = world.phones[outsider].store().read(space_state::own_log).unwrap();
    let device_log = log.entries().map(|entry| entry.bytes().to_vec()).collect::<Vec<_>>();
    for body in device_log {
        let draft = super::draft(crate::space::Kind::DeviceLog, &log.account().0, &body);
        world.plant(host, space, draft);
    }
    world.phones[host].settle(&mut world.relay);
    (log.account(), JoinRequest::sign(space, log.account(), &keys.sign_key(), &ground))
}

#[test]
fn nobody_is_let_in_put_out_or_raised_by_who_may_not() {
    let (mut world, space) = World::group(70, 3);
    let outsider = world.add_person();
    let (newcomer, request) = request(&mut world, 2, outsider, &space);
    let (founder, friend) = (world.phones[0].account(), world.phones[1].account());
    let me = world.phones[2].account();
    let before = state(&mut world, 0, &space);
    let tries = [
        Op::Add { request, role: Role::Peer },
        Op::Remove { account: founder },
        Op::Remove { account: friend },
        Op::Promote { account: me },
        Op::Demote { account: founder },
        Op::Settle { policy: crate::space::members::Policy::MEMBERS_INVITE },
    ];
    for op in tries {
        assert_eq!(world.phones[2].act(&space, op.clone()).unwrap_err().code, "not-entitled");
        let entry = entry(&mut world.phones[2], &space, me, Extensible::Known(op.clone()));
        publish(&mut world, 2, &space, &entry);
        let entry = super::entry(&mut world.phones[2], &space, founder, Extensible::Known(op));
        publish(&mut world, 2, &space, &entry);
    }
    world.settle_some(&[0, 1]);
    for phone in [0, 1] {
        assert_eq!(state(&mut world, phone, &space), before);
        assert!(!world.phones[phone].members(&space).contains(&newcomer));
    }
    world.go_on(&space, &[0, 1]);
}

#[test]
fn nobody_is_let_in_who_did_not_ask_or_by_a_request_that_was_used() {
    let (mut world, space) = World::group(71, 3);
    let elsewhere = SpaceId([7; 32]);
    let outsider = world.add_person();
    let (newcomer, _) = request(&mut world, 0, outsider, &space);
    let (keys, ground) = (world.phones[outsider].keys(), world.phones[outsider].ground.clone());
    let foreign = JoinRequest::sign(&elsewhere, newcomer, &keys.sign_key(), &ground);
    let by_founder = world.phones[0].keys();
    let invented = JoinRequest::sign(&space, newcomer, &by_founder.sign_key(), &ground);
    let me = world.phones[0].account();
    for request in [foreign, invented] {
        let refused = world.phones[0].act(&space, Op::Add { request, role: Role::Peer });
        assert!(["forged", "not-entitled"].contains(&refused.unwrap_err().code));
    }
    let entry = entry(
        &mut world.phones[0],
        &space,
        me,
        Extensible::Known(Op::Add { request: invented, role: Role::Peer }),
    );
    publish(&mut world, 0, &space, &entry);
    world.settle_some(&[0, 1, 2]);
    assert_eq!(world.phones[1].members(&space).len(), 3);
    // Whoever was put out asked once, and not again.
    let gone = world.phones[2].account();
    let used = world.phones[0].within(&space, |_, _, known| {
        let entries = known.members()?.entries().filter_map(|entry| match entry.op() {
            Some(Op::Add { request, .. }) if request.account == gone => Some(*request),
            _ => None,
        });
        Ok(entries.collect::<Vec<_>>())
    });
    world.phones[0].act(&space, Op::Remove { account: gone }).unwrap();
    let again = Op::Add { request: used.unwrap().remove(0), role: Role::Peer };
    assert_eq!(world.phones[0].act(&space, again).unwrap_err().code, "not-entitled");
    world.settle_some(&[0, 1]);
    world.go_on(&space, &[0, 1]);
}

#[test]
fn of_two_facilitators_who_put_each_other_out_the_senior_one_stands_everywhere() {
    for order in [[0, 1, 2], [1, 2, 0], [2, 1, 0]] {
        let (mut world, space) = World::group(72, 3);
        let (founder, second) = (world.phones[0].account(), world.phones[1].account());
        world.phones[0].act(&space, Op::Promote { account: second }).unwrap();
        world.settle_all();
        world.phones[0].act(&space, Op::Remove { account: second }).unwrap();
        let back = Op::Remove { account: founder };
        assert_eq!(world.phones[1].act(&space, back.clone()).unwrap_err().code, "not-entitled");
        let entry = entry(&mut world.phones[1], &space, second, Extensible::Known(back));
        publish(&mut world, 1, &space, &entry);
        for _ in 0..4 {
            world.settle_some(&order);
            world.pass(HOUR);
        }
        let left = state(&mut world, 0, &space);
        assert!(left.members.contains_key(&founder) && !left.members.contains_key(&second), "{order:?}");
        for phone in [1, 2] {
            assert_eq!(state(&mut world, phone, &space), left, "{order:?} {phone}");
        }
        world.go_on(&space, &[0, 2]);
        assert_eq!(world.phones[1].post(&space, "me too").unwrap_err().code, "not-entitled");
    }
}

#[test]
fn an_entry_of_a_later_version_makes_a_space_readable_only_and_nothing_else() {
    let (mut world, space) = World::group(73, 3);
    let later = Extensible::Later(vec![0x82, 0x18, 0x63, 0x01]);
    let me = world.phones[2].account();
    world.phones[0].act(&space, Op::Promote { account: me }).unwrap();
    world.settle_all();
    let entry = entry(&mut world.phones[2], &space, me, later);
    publish(&mut world, 2, &space, &entry);
    world.phones[0].post(&space, "said before").unwrap();
    world.settle_some(&[0, 1]);
    assert_eq!(world.phones[0].post(&space, "and now?").unwrap_err().code, "space-read-only");
    assert_eq!(world.phones[1].posts(&space), ["said before"]);
    // One's other devices come and go as ever.
    let laptop = world.add_phone();
    world.pair(0, laptop);
    world.settle_some(&[0, laptop, 1]);
    world.phones[laptop].save("a", "my own").unwrap();
    world.settle_some(&[0, laptop, 1]);
    assert_eq!(world.phones[0].holds(), world.phones[laptop].holds());
    crate::sync::tests::epochs::sign_out(&mut world, 0, laptop);
    world.phones[0].save("b", "after that").unwrap();
    world.settle_some(&[0, 1]);
    assert_eq!(world.phones[0].line().only_here, 0);
    world.phones[1].act(&space, Op::Leave).unwrap();
    world.settle_some(&[0, 1]);
    assert_eq!(world.phones[0].members(&space).len(), 2);
    world.phones[0].act(&space, Op::Remove { account: me }).unwrap();
    world.settle_some(&[0]);
    assert_eq!(world.phones[0].post(&space, "going on"), Ok(()), "whoever held it up was removed");
}

#[test]
fn a_stolen_phone_cannot_keep_its_sign_out_from_a_space() {
    let (mut world, space) = World::group(77, 3);
    let me = world.phones[0].account();
    let laptop = world.add_phone();
    world.pair(0, laptop);
    world.settle_some(&[0, laptop, 1, 2]);
    // The phone let in who is here; what it says last only a later version understands.
    let entry = entry(&mut world.phones[0], &space, me, Extensible::Later(vec![0x82, 0x18, 0x63, 0x01]));
    publish(&mut world, 0, &space, &entry);
    world.settle_some(&[laptop, 1, 2]);
    assert_eq!(world.phones[1].post(&space, "and now?").unwrap_err().code, "space-read-only");
    let stolen = world.phones[0].keys().id();
    crate::sync::tests::epochs::sign_out(&mut world, laptop, 0);
    world.settle_some(&[laptop, 1, 2]);
    world.settle_some(&[laptop, 1, 2]);
    for phone in [laptop, 1, 2] {
        let entitled = world.phones[phone]
            .within(&space, |_, _, known| Ok(known.roster().entitled().contains_key(&stolen)));
        assert!(!entitled.unwrap(), "phone {phone} knows of the sign-out");
        assert_eq!(world.phones[phone].members(&space).len(), 3, "who was let in before stays");
    }
    world.go_on(&space, &[laptop, 1, 2]);
}

#[test]
fn a_member_with_many_devices_and_heads_stops_nobody_and_can_be_put_out() {
    let (mut world, space) = World::group(74, 3);
    let (me, keys) = (world.phones[2].account(), world.phones[2].keys());
    let log = world.phones[2].store().read(space_state::own_log).unwrap();
    for _ in 0..140 {
        let ground = world.phones[2].ground.clone();
        let device = crate::space::DeviceKeys::random(&ground).public();
        let entry = log.clone().add(device, &keys).unwrap();
        world.plant(2, &space, super::draft(crate::space::Kind::DeviceLog, &me.0, entry.bytes()));
    }
    // Signing out a device of one's own still changes the keys of the others.
    let laptop = world.add_phone();
    world.pair(1, laptop);
    world.settle_some(&[1, laptop, 0]);
    world.settle_some(&[1, laptop, 0]);
    crate::sync::tests::epochs::sign_out(&mut world, 1, laptop);
    world.settle_some(&[1, 0]);
    world.go_on(&space, &[0, 1]);
    world.phones[0].act(&space, Op::Remove { account: me }).unwrap();
    world.settle_some(&[0, 1]);
    world.go_on(&space, &[0, 1]);
    assert_eq!(world.phones[1].members(&space).len(), 2);
}

#[test]
fn device_logs_of_nobody_keep_no_newcomer_out() {
    let (mut world, space) = World::group(75, 2);
    for n in 0..520u32 {
        let phrase = crate::crypto::Phrase::new(crate::crypto::Secret::new(crate::crypto::kdf::hash(&[
            &n.to_be_bytes()
        ])));
        let device = crate::space::DeviceKeys::random(&world.phones[1].ground.clone());
        let log = crate::space::device_log::DeviceLog::create(&phrase, device.public()).unwrap();
        let entry = log.entries().next().unwrap().bytes().to_vec();
        world.plant(1, &space, super::draft(crate::space::Kind::DeviceLog, &log.account().0, &entry));
    }
    world.settle_some(&[0]);
    let guest = world.add_person();
    world.bring(0, guest, &space, Role::Peer);
    world.settle_some(&[0, guest]);
    world.go_on(&space, &[0, guest]);
}

#[test]
fn a_key_to_which_nothing_can_be_sealed_is_refused() {
    let (mut world, space) = World::group(77, 3);
    let keys = world.phones[2].keys();
    let mut device = crate::space::DeviceKeys::random(&world.phones[2].ground.clone()).public();
    device.agree = crate::crypto::AgreePublic([0; 32]);
    let refused = world.phones[2].store().read(space_state::own_log).unwrap().add(device, &keys).err();
    assert_eq!(refused, Some(crate::space::Refusal::WeakKey));
    world.go_on(&space, &[0, 1]);
    assert_eq!(world.phones[0].members(&space).len(), 3);
}
