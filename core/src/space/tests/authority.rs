//! Rule 10: which items count, alone and in any order.
use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::space::authority::cuts;
use crate::space::epochs::Choice;
use crate::space::snapshot::{Snapshot, carry};

#[test]
fn items_of_a_removed_device_count_up_to_the_cut() {
    let mut world = World::new();
    let kept = world.write(2, record("a", "before"));
    let beyond = world.write(2, record("a", "beyond"));
    assert!(world.judge().counting.contains(&beyond.id()));
    world.remove_two();
    assert!(!world.judge().counting.contains(&kept.id()));
    let mut draft = world.draft(6, &[1]);
    draft.cuts = vec![mark(&kept)];
    world.open(draft, 1);
    let judgement = world.judge();
    assert!(judgement.counting.contains(&kept.id()) && !judgement.counting.contains(&beyond.id()));
}

#[test]
fn cuts_are_the_newest_accepted_items_of_those_who_lost_their_place() {
    let mut world = World::new();
    world.write(2, record("a", "1"));
    let last = world.write(2, record("a", "2"));
    let accepted = world.judge().counting;
    world.remove_two();
    world.write(2, record("a", "after the removal"));
    assert_eq!(cuts(&world.ledger, &accepted, &world.log), [mark(&last)]);
}

#[test]
fn what_is_dated_back_beside_the_cut_chain_does_not_count() {
    let mut world = World::new();
    let mut twin = world.two.clone();
    let first = world.write(2, record("a", "1"));
    let last = world.write(2, record("a", "2"));
    let forged = twin.next(HOME, record("a", "another past")).unwrap();
    world.ledger.insert(&forged).unwrap();
    world.remove_two();
    let mut draft = world.draft(6, &[1]);
    draft.cuts = vec![mark(&last)];
    world.open(draft, 1);
    let judgement = world.judge();
    assert!(judgement.counting.contains(&first.id()) && judgement.counting.contains(&last.id()));
    assert!(!judgement.counting.contains(&forged.id()));
}

#[test]
fn what_was_accepted_is_carried() {
    let mut world = World::new();
    let accepted = world.write(2, record("a", "accepted"));
    world.remove_two();
    assert!(!world.judge().counting.contains(&accepted.id()));
    let drafts = carry([&accepted]);
    let carrier = world.write(1, drafts[0].clone());
    assert!(world.judge().counting.contains(&accepted.id()));
    let mut fresh = Ledger::default();
    assert_eq!(fresh.insert(&carrier).unwrap(), [accepted]);
}

#[test]
fn a_carry_by_a_removed_device_carries_nothing() {
    let mut world = World::new();
    let item = world.write(2, record("a", "late"));
    world.write(2, carry([&item])[0].clone());
    world.remove_two();
    assert!(!world.judge().counting.contains(&item.id()));
}

#[test]
fn of_two_items_at_one_place_both_count() {
    let mut world = World::new();
    let mut twin = world.two.clone();
    let pair = [world.write(2, record("a", "here")), twin.next(HOME, record("a", "there")).unwrap()];
    world.ledger.insert(&pair[1]).unwrap();
    let judgement = world.judge();
    assert!(pair.iter().all(|item| judgement.counting.contains(&item.id())));
}

#[test]
fn what_a_snapshot_holds_counts_while_its_maker_does() {
    let mut world = World::new();
    let item = world.write(2, record("a", "kept"));
    world.remove_two();
    let snapshot = Snapshot { items: vec![item.to_carried().clone()], ..Snapshot::default() };
    for draft in snapshot.drafts([4; 16]).unwrap() {
        world.write(1, draft);
    }
    assert!(world.judge().counting.contains(&item.id()));
}

#[test]
fn nobody_vouches_for_their_own_future() {
    let mut world = World::new();
    let mut hidden = chain(world.space(), &device(2), 33);
    let hidden = hidden.next(HOME, record("a", "shown later")).unwrap();
    let mut draft = world.draft(6, &[1]);
    draft.cuts = vec![mark(&hidden)];
    let seen = world.open(draft, 2);
    world.remove_two();
    let mut draft = world.draft(7, &[1]);
    draft.cuts = vec![mark(&seen)];
    world.open(draft, 1);
    world.ledger.insert(&hidden).unwrap();
    let judgement = world.judge();
    assert!(judgement.counting.contains(&seen.id()) && !judgement.counting.contains(&hidden.id()));
}

#[test]
fn a_removed_device_cannot_vouch_for_another() {
    let mut world = World::new();
    world.log.add(device(3).public(), &device(1)).unwrap();
    world.log.revoke(device(3).id(), &device(1)).unwrap();
    let item = chain(world.space(), &device(3), 33).next(HOME, record("a", "late")).unwrap();
    world.ledger.insert(&item).unwrap();
    let mut draft = world.draft(6, &[1]);
    draft.cuts = vec![mark(&item)];
    let mut honest = world.clone();
    honest.open(draft.clone(), 1);
    assert!(honest.judge().counting.contains(&item.id()));
    world.remove_two();
    let open = world.open(draft, 2);
    assert!(world.judge().counting.is_disjoint(&BTreeSet::from([item.id(), open.id()])));
}

/// A long history: both write, carry, fork and open; at some point one of them is removed.
fn busy(actions: &[(u8, bool)]) -> (World, Vec<VerifiedItem>) {
    let mut world = World::new();
    let mut items: Vec<VerifiedItem> = Vec::new();
    for (place, (action, second)) in actions.iter().enumerate() {
        let by = 1 + u8::from(*second);
        let number = u8::try_from(place).unwrap() + 2;
        let item = match action % 6 {
            0 | 1 => world.write(by, record("k", &number.to_string())),
            2 => world.write(by, carry(items.iter().rev().take(3)).pop().unwrap_or(record("k", "none"))),
            3 => world.two.clone().next(HOME, record("fork", &number.to_string())).unwrap(),
            4 => {
                let mut draft = world.draft(number, &[1]);
                let last = items.iter().rev().find(|item| item.item().device == device(2).id());
                draft.cuts = last.map(mark).into_iter().collect();
                world.open(draft, by)
            }
            _ if place > actions.len() / 2 && world.log.entries().count() == 2 => {
                world.remove_two();
                continue;
            }
            _ => world.write(by, record("k", "x")),
        };
        world.ledger.insert(&item).unwrap();
        items.push(item);
    }
    (world, items)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_order_of_arrival_gives_the_same_judgement(
        (actions, order) in prop::collection::vec((0u8..6, any::<bool>()), 1..24).prop_flat_map(|actions| {
            let order: Vec<usize> = (0..actions.len()).collect();
            (Just(actions), Just(order).prop_shuffle())
        })
    ) {
        let (world, items) = busy(&actions);
        let mut other = World::new();
        other.log = world.log.clone();
        for place in order.into_iter().filter(|place| *place < items.len()) {
            other.ledger.insert(&items[place]).unwrap();
            other.epochs.insert(&items[place]).unwrap();
            let _midway = other.judge();
        }
        prop_assert_eq!(world.judge(), other.judge());
        prop_assert_eq!(world.epochs.choose(&world.log), other.epochs.choose(&other.log));
        let gone = world.log.state().gone;
        if let Choice::Write(epoch) = world.epochs.choose(&world.log) {
            let known = world.epochs.valid(&world.log)[&epoch];
            prop_assert!(!gone.contains(&known.signer));
            prop_assert!(known.open.grants.iter().all(|grant| !gone.contains(&grant.device)));
        }
    }
}
