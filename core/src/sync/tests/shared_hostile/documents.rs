//! Writing into what is another's: personal documents, another space.

use super::super::world::World;
use super::{draft, opens, signed};
use crate::crdt::DocId;
use crate::error::Error;
use crate::space::members::{Role, SpaceKind};
use crate::space::open::{Base, OpenDraft};
use crate::space::record::{Content, PostKind, Record};
use crate::space::snapshot::{Snapshot, carry};
use crate::space::{Draft, EpochSecret, Kind, SpaceId, WriterId};

/// A change of a document, made and signed by a writer of its own: nothing about it is forged but where it goes.
fn change(world: &mut World, phone: usize, document: DocId) -> (WriterId, Vec<u8>) {
    let phone = &mut world.phones[phone];
    let writer = WriterId::fresh(&phone.keys().id(), &phone.ground);
    let mut doc = crate::crdt::Doc::load(document, writer.0, &Default::default()).unwrap();
    let made = doc.edit(|edit| {
        let root = edit.root();
        let thing = edit.find_or_make(&root, "checkins", "planted", &[])?;
        edit.set(&thing, "note", &"planted".to_owned())?;
        edit.set(&root, "own_words", &"planted".to_owned())
    });
    (writer, made.unwrap().unwrap().bytes)
}

fn plant(world: &mut World, phone: usize, space: &SpaceId, writer: WriterId, draft: Draft) {
    let (keys, under) = (world.phones[phone].keys(), world.phones[phone].epoch_keys(space));
    let mut chain = crate::space::Chain::new(*space, writer, &keys, Default::default()).unwrap();
    let item = chain.next(under.scope().epoch, draft).unwrap();
    world.relay.plant(under.mailbox(), under.seal(&item).unwrap());
}

fn documents(world: &mut World, phone: usize) -> Vec<String> {
    world.phones[phone].store().read(|tx| tx.document_ids()).unwrap()
}

#[test]
fn no_item_of_a_shared_space_reaches_a_personal_document() {
    let (mut world, space) = World::group(80, 3);
    world.phones[0].save("mine", "my own").unwrap();
    world.settle_all();
    let before: Vec<_> =
        [0, 1].map(|phone| (world.phones[phone].holds(), documents(&mut world, phone))).into();
    let all = [
        DocId::Plan,
        DocId::Safety,
        DocId::Settings,
        DocId::Journal(2026),
        DocId::Journal(2027),
        DocId::Spaces,
        DocId::People,
        DocId::Work,
        DocId::Coach,
        DocId::Board([7; 32]),
        DocId::Board(space.0),
    ];
    for document in all {
        let (writer, body) = change(&mut world, 2, document);
        plant(&mut world, 2, &space, writer, draft(Kind::Change, document.to_string().as_bytes(), &body));
    }
    let (writer, body) = change(&mut world, 2, DocId::Board(space.0));
    plant(&mut world, 2, &space, writer, draft(Kind::Change, b"board", &body));
    let saved = {
        let (_, body) = change(&mut world, 2, DocId::Plan);
        let mut doc = automerge::AutoCommit::new();
        doc.apply_changes([automerge::Change::from_bytes(body).unwrap()]).unwrap();
        doc.save()
    };
    let documents_of = [(b"plan".to_vec(), saved)].into();
    let snapshot = Snapshot { documents: documents_of, ..Snapshot::default() };
    for part in snapshot.drafts([5; 16]).unwrap() {
        world.plant(2, &space, part);
    }
    world.plant(2, &space, draft(Kind::DeviceName, &[0; 32], b"planted"));
    world.settle_some(&[0, 1]);
    for (phone, before) in before.into_iter().enumerate() {
        assert_eq!((world.phones[phone].holds(), documents(&mut world, phone)), before);
    }
    world.go_on(&space, &[0, 1]);
}

#[test]
fn what_is_said_in_one_space_is_never_led_into_another() {
    // 0 and 2 are in both spaces, 1 in the second one only.
    let (mut world, wide) = World::group(82, 3);
    let narrow = world.found(0, SpaceKind::Pair, "", Role::Sponsor);
    world.bring(0, 2, &narrow, Role::Sponsee);
    world.settle_all();
    let target = world.phones[2].epoch_keys(&wide).scope().epoch;
    // An epoch of the narrow space with the id of the wide one's.
    let (under, ground, keys) =
        (world.phones[2].epoch_keys(&narrow), world.phones[2].ground.clone(), world.phones[2].keys());
    let open = world.phones[2].within(&narrow, |_, _, known| {
        let draft = OpenDraft {
            space: narrow,
            epoch: target,
            parents: vec![under.scope().epoch],
            authority: known.roster().authority_heads(),
            relays: vec![],
            cuts: vec![],
            base: Base::Parent,
            recipients: known.roster().entitled().into_values().collect(),
        };
        Ok(draft.build(&EpochSecret::random(&ground), &ground)?)
    });
    world.plant_by(&keys, 2, &narrow, open.unwrap().draft());
    // And an item of the narrow space, signed for that epoch, inside a carry.
    let account = world.phones[2].account();
    let post = Content::Post { kind: PostKind::Victory, text: "carried".into(), at: None };
    let inner = signed(&keys, narrow, target, Record::new(account, post).draft(vec![4; 16]).unwrap());
    for draft in carry([&inner]) {
        world.plant_by(&keys, 2, &narrow, draft);
    }
    world.settle_some(&[0, 1]);
    world.phones[0].post(&narrow, "between us two").unwrap();
    world.settle_some(&[0, 1]);
    assert_eq!(world.phones[0].posts(&narrow), ["between us two"]);
    assert!(world.phones[0].posts(&wide).is_empty() && world.phones[1].posts(&wide).is_empty());
    assert!(!world.phones[1].files_hold(&wide, "between us two"));
    world.go_on(&wide, &[0, 1]);
}

#[test]
fn nobody_uses_up_the_numbers_of_logical_time() {
    let (mut world, space) = World::group(83, 3);
    let (keys, under) = (world.phones[2].keys(), world.phones[2].epoch_keys(&space));
    for lamport in [i64::MAX as u64 - 1, 1 << 62] {
        let position = crate::space::Position { lamport, ..Default::default() };
        let item = super::signed_at(
            &keys,
            space,
            under.scope().epoch,
            draft(Kind::Unknown(99), &lamport.to_be_bytes(), b"x"),
            position,
        );
        world.relay.plant(under.mailbox(), under.seal(&item).unwrap());
    }
    world.settle_some(&[0, 1]);
    let now = world.now.get();
    for text in ["one", "two", "three"] {
        let content = Content::Post { kind: PostKind::Victory, text: text.into(), at: None };
        let said = world.phones[0].within(&space, |tx, _, known| {
            crate::sync::shared::put(tx, known.members()?, vec![5; 16], content, now)
        });
        said.unwrap();
    }
    world.settle_some(&[0, 1]);
    assert_eq!(world.phones[1].posts(&space), ["three"], "the newest stands");
    let back = world.phones[0].within(&space, |tx, _, known| {
        crate::sync::shared::take_back(tx, known.members()?, vec![5; 16], now)
    });
    back.unwrap();
    world.settle_some(&[0, 1]);
    assert!(world.phones[1].posts(&space).is_empty());
    world.go_on(&space, &[0, 1]);
}

#[test]
fn a_snapshot_of_a_member_stands_for_nothing() {
    let (mut world, space) = World::group(84, 3);
    let (_, open) = opens(&mut world.phones[2], &space, Base::Snapshot([6; 16]));
    world.plant(2, &space, open.draft());
    world.settle_some(&[0, 1]);
    for part in Snapshot::default().drafts([6; 16]).unwrap() {
        world.plant(2, &space, part);
    }
    world.phones[0].post(&space, "in the new epoch").unwrap();
    world.settle_some(&[0, 1]);
    let stood = world.phones[0]
        .store()
        .read(|tx| Ok::<_, Error>(tx.mailboxes()?.iter().any(|row| row.stood_for > 0)));
    assert!(!stood.unwrap());
    world.go_on(&space, &[0, 1]);
}

/// A writer follows others only so fast; what replaces something of one's own is later than that all the same.
#[test]
fn what_was_said_before_a_far_logical_time_is_taken_back_on_any_own_device() {
    let (mut world, space, laptop) = World::group_and_laptop(89, 3);
    let (keys, under) = (world.phones[2].keys(), world.phones[2].epoch_keys(&space));
    let position = crate::space::Position { lamport: 1 << 62, ..Default::default() };
    let item =
        super::signed_at(&keys, space, under.scope().epoch, draft(Kind::Unknown(99), b"far", b"x"), position);
    world.relay.plant(under.mailbox(), under.seal(&item).unwrap());
    world.settle_all();
    (0..8).for_each(|n| world.phones[0].say(&space, &[7; 16], &format!("said {n} times")));
    world.settle_all();
    world.phones[laptop].unsay(&space, &[7; 16]);
    world.settle_all();
    for phone in [0, 1, laptop] {
        assert!(world.phones[phone].posts(&space).is_empty(), "at {phone}");
    }
    world.phones[0].say(&space, &[7; 16], "again");
    world.phones[0].restart();
    world.phones[0].unsay(&space, &[7; 16]);
    world.settle_all();
    assert!(world.phones[1].posts(&space).is_empty());
}
