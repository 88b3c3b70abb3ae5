//! What members keep together, against one who wants the last word.

use super::super::world::World;
use super::signed_at;
use crate::space::record::{BoardValue, Content, Record};
use crate::space::{ItemId, Position, SpaceId};
use crate::sync::shared::board;

fn agreement(text: &str) -> BoardValue {
    BoardValue::Agreement(text.to_owned())
}

/// A change of the board by the member on phone 2, under a key and a logical time of their own choosing.
fn plant(
    world: &mut World,
    space: &SpaceId,
    (key, lamport): (u8, u64),
    value: BoardValue,
    over: Vec<ItemId>,
) {
    let (keys, under) = (world.phones[2].keys(), world.phones[2].epoch_keys(space));
    let account = world.phones[2].account();
    let draft = Record::new(account, Content::Board { value, over }).draft(vec![key; 16]).unwrap();
    let position = Position { lamport, ..Default::default() };
    let item = signed_at(&keys, *space, under.scope().epoch, draft, position);
    world.relay.plant(under.mailbox(), under.seal(&item).unwrap());
}

fn says(world: &mut World, phone: usize, space: &SpaceId) -> String {
    world.phones[phone].within(space, |tx, _, known| board::read(tx, known.members()?)).unwrap().agreement
}

#[test]
fn nobody_has_the_last_word_by_a_number() {
    let (mut world, space) = World::group(86, 3);
    for (round, lamport) in [1, 1 << 62, i64::MAX as u64 - 1].into_iter().enumerate() {
        plant(&mut world, &space, (round as u8, lamport), agreement("We shout."), vec![]);
        world.settle_some(&[0, 1]);
        let text = format!("We listen {round}.");
        world.phones[0].agree_on(&space, &text);
        world.settle_some(&[0, 1]);
        assert_eq!([0, 1].map(|phone| says(&mut world, phone, &space)), [text.clone(), text]);
    }
    world.go_on(&space, &[0, 1]);
}

#[test]
fn one_person_does_not_fill_a_slot() {
    let (mut world, space) = World::group(87, 3);
    for key in 0..200 {
        plant(&mut world, &space, (key, 1000 + u64::from(key)), agreement(&format!("No {key}.")), vec![]);
    }
    world.settle_some(&[0, 1]);
    assert_eq!(says(&mut world, 0, &space), says(&mut world, 1, &space));
    world.phones[1].agree_on(&space, "We listen.");
    world.settle_some(&[0, 1]);
    assert_eq!([0, 1].map(|phone| says(&mut world, phone, &space)), ["We listen.", "We listen."]);
    world.go_on(&space, &[0, 1]);
}
