//! A database of an earlier version opens, holds what it held, and goes on with the others.

use std::cell::Cell;
use std::rc::Rc;

use super::people::DAY;
use super::relay::SimRelay;
use super::world::{Phone, START, World};
use crate::crdt::DocId;
use crate::sync::{keys, shared};

/// Founder and member of a group, as schema 8 kept them: ids of epochs were random then.
const PHONES: [&[u8]; 2] =
    [include_bytes!("fixtures/schema-8-founder.db"), include_bytes!("fixtures/schema-8-member.db")];

fn then() -> World {
    let now = Rc::new(Cell::new(START + 30 * DAY));
    let phone = |(place, bytes): (u8, &[u8])| {
        Phone::copied(&now, [place; 32], &[("store".to_owned(), bytes.to_vec())])
    };
    let phones = (0..).zip(PHONES).map(phone).collect();
    World { relay: SimRelay::new(), phones, now, seed: 120 }
}

#[test]
fn what_an_earlier_version_kept_is_here_and_goes_on() {
    let mut world = then();
    let space = world.phones[0].store().read(shared::list).unwrap()[0];
    assert_eq!(world.phones[0].posts(&space), ["answered before", "not sent yet", "said before"]);
    assert_eq!(world.phones[1].posts(&space), ["answered before", "said before"]);
    let notes = world.phones[0].notes();
    assert_eq!(notes, [("a".to_owned(), "a quiet day".to_owned()), ("b".into(), "not sent either".into())]);
    world.settle_all();
    world.settle_all();
    assert_eq!(world.phones[1].posts(&space).len(), 3);
    world.go_on(&space, &[0, 1]);
    for phone in &mut world.phones {
        let opener = phone.store().read(|tx| {
            let write = keys::write_epoch(&tx.within(space.0))?.unwrap();
            Ok::<_, crate::error::Error>(tx.epoch(&write)?.unwrap().opener)
        });
        assert!(opener.unwrap().is_some(), "an epoch of this version is written to");
    }
}

impl Phone {
    /// The notes of the journal, by id.
    fn notes(&mut self) -> Vec<(String, String)> {
        let (store, docs) = (self.store.as_mut().unwrap(), &mut self.docs);
        let notes = store.read(|tx| {
            let doc = docs.get(tx, DocId::Journal(2026))?;
            let notes = doc.root().things("checkins").into_iter();
            Ok::<_, crate::error::Error>(notes.map(|(id, node)| (id, node.or_default("note"))).collect())
        });
        notes.unwrap()
    }
}
