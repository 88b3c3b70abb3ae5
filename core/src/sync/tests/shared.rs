//! Spaces of several people: coming in, speaking, sharing by consent, going.

use trellis_api_types::checkin::Mood;

use super::people::DAY;
use super::world::World;
use crate::crdt::DocId;
use crate::space::consent::Fields;
use crate::space::members::{Op, Role, SpaceKind};
use crate::sync::shared;
use crate::sync::shared::records;

#[test]
fn two_people_meet_by_a_link_though_neither_is_there_when_the_other_is() {
    let mut world = World::new(1);
    let guest = world.add_person();
    let space = world.found(0, SpaceKind::Pair, "", Role::Sponsor);
    world.bring(0, guest, &space, Role::Sponsee);
    world.settle_all();
    world.phones[guest].post(&space, "ten days").unwrap();
    world.phones[0].post(&space, "proud of you").unwrap();
    world.settle_all();
    for phone in 0..2 {
        assert_eq!(world.phones[phone].posts(&space), ["proud of you", "ten days"]);
        assert_eq!(world.phones[phone].members(&space).len(), 2);
    }
}

#[test]
fn a_group_hears_each_of_its_members() {
    let (mut world, space) = World::group(2, 4);
    for phone in 0..4 {
        world.phones[phone].post(&space, &format!("from {phone}")).unwrap();
    }
    world.settle_all();
    for phone in 0..4 {
        assert_eq!(world.phones[phone].posts(&space), ["from 0", "from 1", "from 2", "from 3"]);
    }
}

#[test]
fn ones_other_device_is_in_the_space_too() {
    let (mut world, space) = World::group(3, 2);
    let laptop = world.add_phone();
    world.pair(0, laptop);
    world.settle_all();
    world.settle_all();
    assert!(world.phones[laptop].has_space(&space));
    world.phones[laptop].post(&space, "from my laptop").unwrap();
    world.settle_all();
    assert_eq!(world.phones[1].posts(&space), ["from my laptop"]);
}

#[test]
fn a_device_that_its_person_signed_out_hears_nothing_more() {
    let (mut world, space) = World::group(4, 2);
    let laptop = world.add_phone();
    world.pair(0, laptop);
    world.settle_all();
    world.settle_all();
    let id = crate::crypto::DeviceId(super::people::device(&mut world.phones[laptop]));
    let (ground, now) = (world.phones[0].ground.clone(), world.now.get());
    world.phones[0].store().tx(|tx| crate::sync::devices::sign_out(tx, &ground, id, now)).unwrap();
    world.settle(0);
    world.settle(1);
    world.settle(1);
    world.phones[1].post(&space, "not for the laptop").unwrap();
    world.settle_all();
    assert_eq!(world.phones[0].posts(&space), ["not for the laptop"]);
    assert!(world.phones[laptop].posts(&space).is_empty());
}

#[test]
fn somebody_who_was_put_out_reads_nothing_that_is_written_afterwards() {
    let (mut world, space) = World::group(5, 3);
    let gone = world.phones[2].account();
    world.phones[0].act(&space, Op::Remove { account: gone }).unwrap();
    world.settle(0);
    world.settle(1);
    world.phones[0].post(&space, "among us").unwrap();
    world.phones[1].post(&space, "us two").unwrap();
    world.settle_all();
    assert_eq!(world.phones[0].posts(&space), ["among us", "us two"]);
    assert_eq!(world.phones[1].posts(&space), ["among us", "us two"]);
    assert!(world.phones[2].posts(&space).is_empty());
    let refused = world.phones[2].post(&space, "let me in").unwrap_err();
    assert_eq!(refused.code, "not-entitled");
}

#[test]
fn whoever_leaves_is_out_and_the_others_go_on() {
    let (mut world, space) = World::group(6, 3);
    world.phones[0].act(&space, Op::Leave).unwrap();
    world.settle(0);
    world.phones[1].engine.news();
    world.settle(1);
    assert!(world.phones[1].engine.news().data, "the screens hear of it");
    world.settle_all();
    world.settle_all();
    world.phones[1].post(&space, "we go on").unwrap();
    world.settle_all();
    assert_eq!(world.phones[2].posts(&space), ["we go on"]);
    assert!(world.phones[0].posts(&space).is_empty());
    assert_eq!(world.phones[1].members(&space).len(), 2);
    // The founder was the only facilitator: whoever came first is one now.
    assert!(world.invite(1, &space, Role::Peer, true).is_ok());
    assert!(world.invite(2, &space, Role::Peer, true).is_err());
}

#[test]
fn a_check_in_is_shared_as_far_as_was_agreed_and_follows_edits_and_deletion() {
    let (mut world, space) = World::group(7, 2);
    world.phones[0].check_in("a", "before the consent", Mood::Low, 9);
    world.settle_all();
    assert!(world.phones[1].shared_checkins(&space).is_empty());
    world.phones[0].consent(&space, Fields::MOOD, false);
    world.settle_all();
    let seen = world.phones[1].shared_checkins(&space);
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].mood.is_some(), seen[0].urge, &seen[0].note), (true, None, &None));
    world.phones[0].check_in("a", "edited", Mood::Great, 9);
    world.settle_all();
    assert_eq!(world.phones[1].shared_checkins(&space)[0].mood, Some(Mood::Great.into()));
}

#[test]
fn revoking_stops_the_flow_at_once_and_takes_back_where_that_was_asked() {
    let (mut world, space) = World::group(8, 2);
    world.phones[0].consent(&space, Fields::MOOD, false);
    world.phones[0].check_in("a", "", Mood::Good, 1);
    world.settle_all();
    assert_eq!(world.phones[1].shared_checkins(&space).len(), 1);
    world.phones[0].consent(&space, Fields::default(), false);
    world.phones[0].check_in("b", "", Mood::Good, 1);
    world.settle_all();
    assert_eq!(world.phones[1].shared_checkins(&space).len(), 1, "what was received stays");
    world.phones[0].consent(&space, Fields::default(), true);
    world.settle_all();
    assert!(world.phones[1].shared_checkins(&space).is_empty(), "they were asked to delete it");
}

#[test]
fn a_laptop_that_was_away_shares_nothing_under_a_consent_that_the_phone_revoked() {
    let (mut world, space) = World::group(9, 2);
    world.phones[0].consent(&space, Fields::NOTE, false);
    let laptop = world.add_phone();
    world.pair(0, laptop);
    world.settle_all();
    world.settle_all();
    world.phones[laptop].check_in("stale", "stale words", Mood::Low, 1);
    world.phones[0].consent(&space, Fields::default(), false);
    world.settle(0);
    world.pass(DAY);
    world.settle(laptop);
    world.settle_all();
    assert!(world.phones[1].shared_checkins(&space).is_empty());
    for phone in [1, laptop] {
        assert!(!world.phones[phone].files_hold(&space, "stale words"), "it was sealed all the same");
    }
}

#[test]
fn what_was_taken_back_is_erased_on_every_device() {
    let (mut world, space) = World::group(10, 2);
    world.phones[0].post(&space, "canary in a post").unwrap();
    world.phones[0].consent(&space, Fields::NOTE, false);
    world.phones[0].check_in("a", "canary in a note", Mood::Good, 1);
    world.settle_all();
    assert!(world.phones.iter_mut().all(|phone| phone.files_hold(&space, "canary in a")));
    world.phones[0].take_back_posts(&space);
    world.phones[0].consent(&space, Fields::default(), true);
    world.settle_all();
    world.settle_all();
    let other = &mut world.phones[1];
    assert!(!other.files_hold(&space, "canary in a"), "the body is still there");
    world.phones[1].restart();
    world.phones[0].restart();
    world.relay.boxes.clear();
    world.settle_all();
    world.phones[1].post(&space, "still here").unwrap();
    world.settle_all();
    assert_eq!(world.phones[0].posts(&space), ["still here"]);
}

#[test]
fn a_space_that_was_left_can_be_taken_off_all_of_ones_devices() {
    let (mut world, space) = World::group(12, 2);
    let laptop = world.add_phone();
    world.pair(0, laptop);
    world.phones[0].agree_on(&space, "canary in the agreement");
    world.invite(0, &space, Role::Peer, false).unwrap();
    world.settle_all();
    assert!(world.phones[laptop].has_board(&space), "it came to the laptop");
    assert_eq!(world.phones[0].forget(&space).unwrap_err().code, "still-member");
    world.phones[0].act(&space, Op::Leave).unwrap();
    assert_eq!(world.phones[0].forget(&space).unwrap_err().code, "leave-not-sent");
    world.settle(0);
    world.phones[0].forget(&space).unwrap();
    world.settle_all();
    for phone in [0, laptop] {
        assert!(!world.phones[phone].has_space(&space));
        assert!(!world.phones[phone].has_board(&space));
        let left = world.phones[phone].store().read(|tx| tx.all_rendezvous()).unwrap();
        assert!(left.is_empty(), "its invitations are watched on");
    }
    assert!(world.phones[1].has_board(&space), "the others keep theirs");
    assert_eq!(world.phones[1].members(&space).len(), 1);
}

/// An earlier version kept the board as a document that all members changed.
#[test]
fn a_board_that_was_kept_as_a_document_moves_to_records() {
    let (mut world, space) = World::group(14, 2);
    let board = DocId::Board(space.0);
    world.phones[1]
        .within(&space, |tx, docs, _| {
            let kept = docs.edit(tx, board, |edit| {
                let root = edit.root();
                edit.set(&root, "agreement", &"We listen.".to_owned())?;
                let thing = edit.find_or_make(&root, "resources", "r", &[])?;
                edit.set(&thing, "title", &"Pantry".to_owned())?;
                edit.keep(&thing)
            });
            // No such change is sent by this version.
            tx.intents(9)?.iter().try_for_each(|intent| tx.intent_done(intent.seq))?;
            kept
        })
        .unwrap();
    world.settle_all();
    for phone in [0, 1] {
        let read =
            world.phones[phone].within(&space, |tx, _, known| shared::board::read(tx, known.members()?));
        let read = read.unwrap();
        assert_eq!((read.agreement.as_str(), read.resources[0].title.as_str()), ("We listen.", "Pantry"));
    }
    assert!(!world.phones[1].store().read(|tx| tx.has_document(&board.to_string())).unwrap());
}

/// What the others wrote can be read here before the roster that names the newcomer.
#[test]
fn a_newcomers_name_stands_once_the_roster_that_names_them_is_there() {
    let mut world = World::new(41);
    let space = world.found(0, SpaceKind::Group, "Circle", Role::Facilitator);
    let before = world.phones[0].within(&space, |_, _, known| Ok(known.members()?.clone())).unwrap();
    let guest = world.add_person();
    world.bring(0, guest, &space, Role::Peer);
    world.settle_all();
    world.settle_all();
    let me = world.phones[guest].account();
    let names =
        |world: &mut World| world.phones[guest].within(&space, |tx, _, _| records::names(tx)).unwrap();
    let name = names(&mut world)[&me].clone();
    let profile = [b"profile".to_vec()];
    world.phones[guest].within(&space, |tx, _, _| records::index(tx, &before, profile)).unwrap();
    assert!(!names(&mut world).contains_key(&me));
    let third = world.add_person();
    world.bring(0, third, &space, Role::Peer);
    world.settle_all();
    world.settle_all();
    assert_eq!(names(&mut world)[&me], name);
}
