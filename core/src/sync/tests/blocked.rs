//! Who is blocked in a pair gets nothing more, whichever of one's devices heard of the block first.

use trellis_api_types::checkin::Mood;
use trellis_api_types::work::WorkEdit;

use super::world::World;
use crate::crdt::{DocId, Edit, leave_work, read_work, write_blocked, write_work};
use crate::error::Result;
use crate::space::SpaceId;
use crate::space::consent::{Effective, Fields, record_key};
use crate::space::members::{Role, SpaceKind};
use crate::space::record::{Content, Day};
use crate::sync::shared;
use crate::sync::shared::consent;

const RUTH: usize = 0;
const PHONE: usize = 1;
const LAPTOP: usize = 2;

/// Ruth in a pair with somebody who has a phone and a laptop.
fn pair(seed: u8) -> (World, SpaceId) {
    let mut world = World::new(seed);
    let guest = world.add_person();
    let space = world.found(RUTH, SpaceKind::Pair, "", Role::Sponsor);
    world.bring(RUTH, guest, &space, Role::Sponsee);
    let laptop = world.add_phone();
    world.pair(guest, laptop);
    assert_eq!((guest, laptop), (PHONE, LAPTOP));
    (0..3).for_each(|_| world.settle_all());
    (world, space)
}

fn edit(world: &mut World, n: usize, id: DocId, work: impl FnOnce(&mut Edit<'_>) -> Result<()>) {
    let phone = &mut world.phones[n];
    phone.take_writer();
    let (store, docs) = (phone.store.as_mut().unwrap(), &mut phone.docs);
    store.tx(|tx| docs.edit(tx, id, work)).unwrap();
    phone.engine.touch();
}

/// Only the note: as a kill leaves it before sharing ends.
fn block(world: &mut World, n: usize) {
    let ruth = world.phones[RUTH].account().to_string();
    edit(world, n, DocId::People, |edit| write_blocked(edit, &ruth, true));
}

/// Whether anything may be shared, as a device knows it.
fn shares(world: &mut World, n: usize, space: &SpaceId) -> bool {
    let phone = &mut world.phones[n];
    let today = Day::from(phone.today());
    let given = phone.within(space, |tx, _, known| consent::own(tx, known.members()?)).unwrap();
    assert!(!given.is_empty());
    Effective::of(&given, today).is_none_or(|may| may.allows(Fields::MOOD))
}

fn exchange(world: &mut World) {
    (0..3).for_each(|_| world.settle_all());
}

/// What was shared before is there, and nothing after.
fn nothing_follows(world: &mut World, space: &SpaceId, before: usize) {
    for n in [PHONE, LAPTOP] {
        world.phones[n].check_in(&format!("after {n}"), "", Mood::Low, 9);
    }
    exchange(world);
    assert_eq!(world.phones[RUTH].shared_checkins(space).len(), before);
    for n in [PHONE, LAPTOP] {
        assert!(!shares(world, n, space), "{n}");
    }
}

#[test]
fn a_consent_signed_on_a_laptop_that_did_not_know_of_the_block_is_stopped() {
    // What the laptop sends before the phone told of the block arrives.
    for (first, before) in [(PHONE, 0), (LAPTOP, 1)] {
        let (mut world, space) = pair(40);
        world.phones[LAPTOP].consent(&space, Fields::MOOD, false);
        world.phones[LAPTOP].check_in("before", "", Mood::Good, 1);
        block(&mut world, PHONE);
        world.settle(first);
        exchange(&mut world);
        nothing_follows(&mut world, &space, before);
    }
}

#[test]
fn a_kill_between_the_block_and_the_end_of_sharing_leaves_nothing_shared() {
    let (mut world, space) = pair(41);
    world.phones[PHONE].consent(&space, Fields::MOOD, false);
    world.phones[PHONE].check_in("before", "", Mood::Good, 1);
    exchange(&mut world);
    block(&mut world, PHONE);
    world.phones[PHONE].restart();
    exchange(&mut world);
    nothing_follows(&mut world, &space, 1);
}

#[test]
fn after_the_end_of_a_block_sharing_begins_by_a_new_yes_only() {
    let (mut world, space) = pair(42);
    world.phones[LAPTOP].consent(&space, Fields::MOOD, false);
    block(&mut world, PHONE);
    exchange(&mut world);
    let ruth = world.phones[RUTH].account().to_string();
    edit(&mut world, LAPTOP, DocId::People, |edit| write_blocked(edit, &ruth, false));
    exchange(&mut world);
    nothing_follows(&mut world, &space, 0);
    world.phones[PHONE].consent(&space, Fields::MOOD, false);
    world.phones[PHONE].check_in("new", "", Mood::Low, 9);
    exchange(&mut world);
    assert!(!world.phones[RUTH].shared_checkins(&space).is_empty());
}

#[test]
fn what_is_taken_back_on_the_phone_stays_taken_back_whatever_the_laptop_said_meanwhile() {
    let (mut world, space) = pair(44);
    let (sheet, id) = ("s".to_owned(), "a".to_owned());
    let share = |on| WorkEdit::Share { sheet: "s".into(), id: "a".into(), space: space.to_string(), on };
    let made = [
        WorkEdit::PutSheet { id: sheet.clone(), title: "Step one".into() },
        WorkEdit::PutAnswer { sheet, id, question: "Who?".into(), text: "Me".into() },
        share(true),
    ];
    edit(&mut world, PHONE, DocId::Work, |edit| made.iter().try_for_each(|one| write_work(edit, one)));
    exchange(&mut world);
    let key = record_key(&space, "a");
    let says = |world: &mut World, n: usize, text: &str| {
        let (key, now) = (key.clone(), world.now.get());
        let (worksheet, question, text) = ("Step one".into(), "Who?".into(), text.into());
        let content = Content::StepWork { worksheet, question, text, at: Some(now) };
        let said = world.phones[n]
            .within(&space, |tx, _, known| shared::put(tx, known.members()?, key, content, now));
        said.unwrap();
    };
    says(&mut world, PHONE, "Me");
    exchange(&mut world);
    // The laptop edits twice while it is away; the phone takes back.
    says(&mut world, LAPTOP, "canary one");
    says(&mut world, LAPTOP, "canary two");
    edit(&mut world, PHONE, DocId::Work, |edit| write_work(edit, &share(false)));
    let now = world.now.get();
    world.phones[PHONE]
        .within(&space, |tx, _, known| shared::take_back(tx, known.members()?, key.clone(), now))
        .unwrap();
    world.settle(PHONE);
    exchange(&mut world);
    exchange(&mut world);
    for n in [RUTH, PHONE, LAPTOP] {
        let owner = world.phones[PHONE].account();
        let stands = world.phones[n]
            .within(&space, |tx, _, known| shared::records::one(tx, known.members()?, &owner, &key));
        assert_eq!(stands.unwrap(), None, "at {n}");
    }
}

#[test]
fn to_stop_and_delete_holds_whatever_the_laptop_said_meanwhile() {
    let (mut world, space) = pair(45);
    let (sheet, id) = ("s".to_owned(), "a".to_owned());
    let share = WorkEdit::Share { sheet: sheet.clone(), id: id.clone(), space: space.to_string(), on: true };
    let made = [
        WorkEdit::PutSheet { id: sheet.clone(), title: "Step one".into() },
        WorkEdit::PutAnswer { sheet, id, question: "Who?".into(), text: "Me".into() },
        share,
    ];
    edit(&mut world, PHONE, DocId::Work, |edit| made.iter().try_for_each(|one| write_work(edit, one)));
    exchange(&mut world);
    let (key, now) = (record_key(&space, "a"), world.now.get());
    let (worksheet, question, text) = ("Step one".into(), "Who?".into(), "canary".into());
    let content = Content::StepWork { worksheet, question, text, at: Some(now) };
    world.phones[LAPTOP]
        .within(&space, |tx, _, known| shared::put(tx, known.members()?, key.clone(), content, now))
        .unwrap();
    edit(&mut world, PHONE, DocId::Work, |edit| leave_work(edit, &space.to_string(), true));
    world.settle(PHONE);
    exchange(&mut world);
    exchange(&mut world);
    let owner = world.phones[PHONE].account();
    let stands = world.phones[RUTH]
        .within(&space, |tx, _, known| shared::records::one(tx, known.members()?, &owner, &key));
    assert_eq!(stands.unwrap(), None);
}

#[test]
fn step_work_shared_on_a_laptop_that_did_not_know_of_the_block_follows_no_further() {
    let (mut world, space) = pair(43);
    let (sheet, id) = ("s".to_owned(), "a".to_owned());
    let share = WorkEdit::Share { sheet: sheet.clone(), id: id.clone(), space: space.to_string(), on: true };
    let made = [
        WorkEdit::PutSheet { id: sheet.clone(), title: "Step one".into() },
        WorkEdit::PutAnswer { sheet, id, question: "Who?".into(), text: "Me".into() },
        share,
    ];
    edit(&mut world, LAPTOP, DocId::Work, |edit| made.iter().try_for_each(|one| write_work(edit, one)));
    block(&mut world, PHONE);
    exchange(&mut world);
    for n in [PHONE, LAPTOP] {
        let phone = &mut world.phones[n];
        let (store, docs) = (phone.store.as_mut().unwrap(), &mut phone.docs);
        let sheets = store.read(|tx| Ok::<_, crate::error::Error>(read_work(docs.get(tx, DocId::Work)?)));
        assert_eq!(sheets.unwrap()[0].answers[0].shared, [] as [String; 0], "{n}");
    }
}
