//! A refusal concerns what was refused: everything else goes on.

use trellis_api_types::sync::SyncState;

use super::people::DAY;
use super::shared_hostile::HOUR;
use super::world::{Line, World};
use crate::space::EpochKey;
use crate::space::members::{Role, SpaceKind};
use crate::sync::keys;

#[test]
fn a_mailbox_that_is_not_made_holds_nothing_else_up() {
    let mut world = World::new(100);
    let laptop = world.add_phone();
    world.pair(0, laptop);
    world.settle_all();
    world.relay.closed = true;
    let space = world.found(0, SpaceKind::Group, "Circle", Role::Facilitator);
    world.phones[0].save("mine", "my own").unwrap();
    world.settle_some(&[0, laptop]);
    assert_eq!(world.phones[laptop].holds(), world.phones[0].holds(), "one's own goes on");
    let line = world.phones[0].line();
    assert!(line.only_here > 0, "the group's is only here");
    assert!(
        matches!(line.state, SyncState::Failed { ref code, .. } if code == "relay-closed"),
        "{:?}",
        line.state
    );
    let before = world.phones[0].calls.0;
    world.pass(HOUR / 2);
    world.settle(0);
    assert!(world.phones[0].calls.0 - before < 20, "it is not asked for without end");
    world.relay.closed = false;
    world.pass(2 * HOUR);
    world.settle_some(&[0, laptop]);
    assert_eq!(world.phones[0].line().only_here, 0);
    assert!(world.phones[laptop].has_space(&space));
    assert_eq!(world.phones[0].line().state, SyncState::Idle);
}

/// After a start nothing is signed before everything was read: a mailbox that is gone and cannot be made again is not waited for.
#[test]
fn a_mailbox_that_is_gone_does_not_keep_a_device_from_its_first_look() {
    let (mut world, space, laptop) = World::group_and_laptop(102, 2);
    let gone = world.phones[0].epoch_keys(&space).mailbox();
    world.relay.boxes.remove(&gone);
    world.relay.closed = true;
    world.phones[0].restart();
    world.phones[0].save("mine", "my own").unwrap();
    // Nobody hurries it.
    world.phones[0].go_on(&mut world.relay);
    world.settle(laptop);
    assert_eq!(world.phones[laptop].holds(), world.phones[0].holds(), "one's own goes on");
    world.phones[0].post(&space, "kept for them").unwrap();
    world.relay.closed = false;
    world.pass(2 * HOUR);
    world.settle_all();
    assert_eq!(world.phones[1].posts(&space), ["kept for them"]);
}

#[test]
fn a_relay_that_does_not_say_what_became_of_an_envelope_is_not_asked_without_end() {
    let mut world = World::new(103);
    let laptop = world.add_phone();
    world.pair(0, laptop);
    world.settle_all();
    world.relay.silent = true;
    world.phones[0].save("mine", "my own").unwrap();
    let before = world.phones[0].calls.0;
    world.phones[0].go_on(&mut world.relay);
    assert!(world.phones[0].calls.0 - before < 20);
    assert!(world.phones[0].line().only_here > 0, "nothing is said to be there that may not be");
    world.relay.silent = false;
    world.pass(2 * HOUR);
    world.settle_all();
    assert_eq!(world.phones[0].line().only_here, 0);
    assert_eq!(world.phones[laptop].holds(), world.phones[0].holds());
}

#[test]
fn any_number_of_mailboxes_is_read_and_then_there_is_rest() {
    let (mut world, space) = World::group(101, 2);
    let ground = world.phones[0].ground.clone();
    let now = world.now.get();
    let opener = world.phones[1].keys().id();
    for _ in 0..600 {
        let key = EpochKey::random(opener, &ground);
        assert!(world.phones[0].within(&space, |tx, _, _| keys::learn_epoch(tx, &key, now)).unwrap());
        let mailbox = key.secret.keys(space, key.id(&space)).mailbox();
        world.relay.boxes.insert(mailbox, super::relay::Mailbox::empty());
    }
    world.phones[1].post(&space, "hello").unwrap();
    world.settle_some(&[1, 0]);
    assert_eq!(world.phones[0].posts(&space), ["hello"]);
    let unread = world.phones[0].store().read(|tx| {
        Ok::<_, crate::error::Error>(tx.mailboxes()?.iter().filter(|row| row.read_at == 0).count())
    });
    assert_eq!(unread.unwrap(), 0, "every one was visited");
    let before = world.phones[0].calls.0;
    world.pass(DAY / 24);
    world.settle(0);
    let calls = world.phones[0].calls.0 - before;
    assert!((3..40).contains(&calls), "{calls} calls for one look");
}

/// One household may make so many mailboxes a day; where others have used that up, one's own goes on.
#[test]
fn a_relay_that_makes_no_mailbox_for_now_holds_nothing_else_up() {
    let mut world = World::new(104);
    let laptop = world.add_phone();
    world.pair(0, laptop);
    world.settle_all();
    world.relay.limited = true;
    for _ in 0..3 {
        world.found(0, SpaceKind::Group, "Circle", Role::Facilitator);
    }
    world.phones[0].save("mine", "my own").unwrap();
    let before = world.phones[0].calls.0;
    world.phones[0].go_on(&mut world.relay);
    assert!(world.phones[0].calls.0 - before < 10, "it is asked to make one and waits with the others");
    world.settle(laptop);
    assert_eq!(world.phones[laptop].holds(), world.phones[0].holds(), "one's own goes on");
    world.relay.limited = false;
    world.pass(2 * HOUR);
    world.settle_all();
    assert_eq!(world.phones[0].line().only_here, 0);
}

/// A mailbox that was said to be gone, and that others filled since, is read again.
#[test]
fn a_mailbox_that_was_gone_is_read_once_it_is_there() {
    let (mut world, space) = World::group(105, 2);
    let id = world.phones[0].epoch_keys(&space).mailbox();
    let kept = world.relay.boxes.remove(&id).unwrap();
    world.relay.closed = true;
    world.settle(1);
    world.relay.boxes.insert(id, kept);
    world.phones[0].post(&space, "it is back").unwrap();
    world.settle(0);
    world.pass(2 * HOUR);
    world.phones[1].go_on(&mut world.relay);
    assert_eq!(world.phones[1].posts(&space), ["it is back"]);
}

/// A relay takes something, gives nothing back, and is put back to what it held before: the place where this device reads still
/// stands, and what was lost goes there again all the same.
#[test]
fn what_a_relay_took_and_lost_is_sent_again() {
    let (mut world, space) = World::group(114, 2);
    world.settle_all();
    let id = world.phones[0].epoch_keys(&space).mailbox();
    let given = world.relay.given(id);
    world.relay.page = 0;
    world.phones[0].post(&space, "taken and lost").unwrap();
    world.settle(0);
    assert!(world.relay.given(id) > given, "it was not taken");
    world.relay.put_back(id, given);
    world.relay.page = 50;
    world.pass(HOUR);
    world.settle_all();
    assert_eq!(world.phones[1].posts(&space), ["taken and lost"]);
}

/// An answer has room for the first mailbox only: the others are asked for again in the same look, and nothing is taken for read.
#[test]
fn what_an_answer_had_no_room_for_is_asked_for_again() {
    let (mut world, space, laptop) = World::group_and_laptop(115, 2);
    world.settle_all();
    for n in 0..30 {
        world.phones[0].save(&format!("note {n}"), "my own").unwrap();
        world.phones[1].post(&space, &format!("post {n}")).unwrap();
    }
    world.settle_some(&[0, 1]);
    world.relay.budget = 7;
    world.phones[laptop].restart();
    let before = world.relay.held();
    while world.phones[laptop].posts(&space).len() < 30 {
        assert_eq!(world.relay.held(), before, "something was signed before everything was read");
        assert!(world.phones[laptop].step(&mut world.relay, Line::Fine).unwrap(), "it rests");
    }
    world.phones[laptop].go_on(&mut world.relay);
    assert_eq!(world.phones[laptop].holds(), world.phones[0].holds());
}
