//! Rules 5, 16, 17, 18: which epochs are valid and live, and whose grants open.
use std::collections::BTreeSet;

use super::*;
use crate::space::epochs::{Choice, between};
use crate::space::open::LateGrant;
use crate::space::roster::Roster;

#[test]
fn the_smallest_live_epoch_without_heir_is_written_to() {
    let mut world = World::new();
    assert_eq!(world.epochs.choose(&world.log), Choice::Write(id(1)));
    for (epoch, parent) in [(9, 1), (5, 1), (7, 1), (8, 5)] {
        let draft = world.draft(epoch, &[parent]);
        world.open(draft, 2);
    }
    assert_eq!(world.epochs.choose(&world.log), Choice::Write(id(7)));
}

#[test]
fn an_epoch_whose_holder_was_removed_is_dead() {
    let mut world = World::new();
    world.remove_two();
    assert_eq!(world.live(), []);
    assert_eq!(world.epochs.choose(&world.log), Choice::OpenOver(vec![id(1)]));
    let draft = world.draft(6, &[1]);
    world.open(draft, 1);
    assert_eq!(world.epochs.choose(&world.log), Choice::Write(id(6)));
}

#[test]
fn a_removed_device_cannot_open_an_epoch_for_the_others() {
    let mut world = World::new();
    let mut sly = world.draft(0, &[1]);
    sly.recipients.retain(|device| device.id != super::device(2).id());
    world.remove_two();
    let draft = world.draft(6, &[1]);
    world.open(draft, 1);
    world.open(sly, 2);
    assert!(world.epochs.valid(&world.log).contains_key(&id(0)));
    assert_eq!(world.live(), [id(6)]);
    let late = world.draft(2, &[1]);
    world.open(late, 2);
    assert!(!world.epochs.valid(&world.log).contains_key(&id(2)));
}

#[test]
fn between_two_epochs_lie_those_on_the_way() {
    let mut world = World::new();
    for (epoch, parents) in [(2, &[1][..]), (3, &[1]), (4, &[2, 3]), (5, &[2]), (6, &[4])] {
        let draft = world.draft(epoch, parents);
        world.open(draft, 1);
    }
    let valid = world.epochs.valid(&world.log);
    let on_the_way = |from, to| between(&valid, &id(from), &id(to)).into_iter().collect::<Vec<_>>();
    assert_eq!(on_the_way(1, 6), [id(2), id(3), id(4), id(6)]);
    assert_eq!(on_the_way(2, 6), [id(4), id(6)]);
    assert_eq!(on_the_way(4, 6), [id(6)]);
    assert_eq!(on_the_way(5, 6), []);
    assert_eq!(on_the_way(6, 2), []);
}

#[test]
fn an_open_needs_known_heads_valid_parents_and_entitled_recipients() {
    let mut world = World::new();
    let mut unknown = world.draft(2, &[1]);
    unknown.authority = vec![EntryId([3; 32])];
    let orphan = world.draft(3, &[99]);
    let mut stranger = world.draft(4, &[1]);
    stranger.recipients.push(device(9).public());
    let around = [world.draft(5, &[6]), world.draft(6, &[5])];
    for draft in [unknown, orphan, stranger].into_iter().chain(around) {
        world.open(draft, 1);
    }
    assert_eq!(world.live(), [id(1)]);
}

#[test]
fn a_grant_opens_only_for_its_device_space_and_epoch() {
    let log = log_of(&device(1));
    let space = SpaceId::personal(&log.account());
    let secret = EpochSecret::new(crate::crypto::Secret::new([9; 32]));
    let key = EpochKey { opener: device(1).id(), secret };
    let late = LateGrant::build(space, &key, &device(2).public(), &Fixed::new(4)).unwrap();
    let late = LateGrant::read(&late.draft(&space).body).unwrap();
    let keys = device(2);
    assert!(late.secret_for(space, &keys.id(), &keys.agree_key()).is_ok());
    let refused = |late: &LateGrant, space, keys: &DeviceKeys| {
        late.secret_for(space, &device(2).id(), &keys.agree_key()).err()
    };
    assert_eq!(refused(&late, SpaceId([0; 32]), &keys), Some(Refusal::CannotOpen));
    assert_eq!(refused(&late, space, &device(3)), Some(Refusal::CannotOpen));
    assert_eq!(
        refused(&LateGrant { opener: device(3).id(), ..late.clone() }, space, &keys),
        Some(Refusal::CannotOpen)
    );
    let lie = LateGrant { commitment: [0; 32], ..late.clone() };
    assert_eq!(refused(&lie, space, &keys), Some(Refusal::CannotOpen));
    assert_eq!(late.secret_for(space, &device(1).id(), &keys.agree_key()).err(), Some(Refusal::NotGranted));
}

#[test]
fn a_secret_that_is_not_the_promised_one_is_refused() {
    let world = World::new();
    let draft = world.draft(2, &[1]);
    let info = [&b"trellis/v1/grant"[..], &draft.space.0, &draft.epoch.0, &device(2).id().0].concat();
    let mut open = build(draft.clone());
    let context = crate::crypto::grant::Context { info: &info, aad: &open.commitment, psk: None };
    let sealed = device(2).public().agree.seal(context, &[8; 32], &Fixed::new(5)).unwrap();
    let grant = open.grants.iter_mut().find(|grant| grant.device == device(2).id()).unwrap();
    grant.sealed = sealed;
    let refused = open.secret_for(draft.space, &device(2).id(), &device(2).agree_key()).err();
    assert_eq!(refused, Some(Refusal::WrongCommitment));
}

#[test]
fn the_paper_and_its_devices_are_the_roster() {
    let log = log_of(&device(1));
    let both = BTreeSet::from([device(1).id(), phrase().keys().root]);
    assert_eq!(log.entitled().into_keys().collect::<BTreeSet<_>>(), both);
    assert!(log.entitled_at(&[]).unwrap().is_empty());
}
