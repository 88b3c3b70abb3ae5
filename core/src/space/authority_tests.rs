//! Rules 4, 9, 10, 16 to 19: which epochs live and which items count, alone and in any order.
use std::collections::BTreeSet;

use proptest::prelude::*;

use super::authority::{Judgement, Ledger, judge};
use super::device_log::DeviceLog;
use super::epochs::{Choice, Epochs};
use super::open::{LateGrant, Open, OpenDraft};
use super::repair::{Heads, Need, gaps};
use super::roster::Roster;
use super::snapshot::{Snapshot, carry};
use super::tests::{Fixed, chain, device, log_of, open_draft, phrase, record};
use super::*;

const HOME: EpochId = EpochId([1; 16]);

/// A personal space of devices 1 and 2, and what each step adds.
#[derive(Clone)]
struct World {
    log: DeviceLog,
    epochs: Epochs,
    ledger: Ledger,
    one: Chain,
    two: Chain,
}

impl World {
    fn new() -> Self {
        let mut log = log_of(&device(1));
        log.add(device(2).public(), &device(1)).unwrap();
        let space = SpaceId::personal(&log.account());
        let (one, two) = (chain(space, &device(1), 11), chain(space, &device(2), 22));
        let mut world = Self { log, epochs: Epochs::default(), ledger: Ledger::default(), one, two };
        let first = world.draft(1, &[]);
        world.open(first, 1);
        world
    }

    fn draft(&self, epoch: u8, parents: &[u8]) -> OpenDraft {
        open_draft(&self.log, epoch, parents)
    }

    /// Signs an `open` by device 1 or 2 and takes it in.
    fn open(&mut self, draft: OpenDraft, by: u8) -> VerifiedItem {
        let open = build(draft);
        let item = self.write(by, open.draft());
        self.epochs.insert(&item).unwrap();
        item
    }

    fn write(&mut self, by: u8, draft: Draft) -> VerifiedItem {
        let chain = if by == 1 { &mut self.one } else { &mut self.two };
        let item = chain.next(HOME, draft).unwrap();
        self.ledger.insert(&item).unwrap();
        item
    }

    fn judge(&self) -> Judgement {
        judge(&self.ledger, &self.epochs, &self.log)
    }

    fn live(&self) -> Vec<EpochId> {
        self.epochs.live(&self.log).into_keys().collect()
    }

    fn remove_two(&mut self) {
        self.log.revoke(device(2).id(), &device(1)).unwrap();
    }
}

fn build(draft: OpenDraft) -> Open {
    draft.build(&EpochSecret::new(crate::crypto::Secret::new([9; 32])), &Fixed::new(3)).unwrap()
}

fn mark(item: &VerifiedItem) -> Mark {
    Mark { writer: item.item().writer, seq: item.item().seq, id: item.id() }
}

fn id(epoch: u8) -> EpochId {
    EpochId([epoch; 16])
}

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
    sly.recipients.retain(|device| device.id != super::tests::device(2).id());
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
    let late = LateGrant::build(space, HOME, &secret, &device(2).public(), &Fixed::new(4)).unwrap();
    let late = LateGrant::read(&late.draft().body).unwrap();
    let keys = device(2);
    assert!(late.secret_for(space, &keys.id(), &keys.agree_key()).is_ok());
    let refused = |late: &LateGrant, space, keys: &DeviceKeys| {
        late.secret_for(space, &device(2).id(), &keys.agree_key()).err()
    };
    assert_eq!(refused(&late, SpaceId([0; 32]), &keys), Some(Refusal::CannotOpen));
    assert_eq!(refused(&late, space, &device(3)), Some(Refusal::CannotOpen));
    assert_eq!(refused(&LateGrant { epoch: id(2), ..late.clone() }, space, &keys), Some(Refusal::CannotOpen));
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
fn items_of_a_removed_device_count_up_to_the_cut() {
    let mut world = World::new();
    let kept = world.write(2, record("a", "before"));
    let beyond = world.write(2, record("a", "beyond"));
    assert!(world.judge().applies(&beyond.id()));
    world.remove_two();
    assert!(!world.judge().applies(&kept.id()));
    let mut draft = world.draft(6, &[1]);
    draft.cuts = vec![mark(&kept)];
    world.open(draft, 1);
    let judgement = world.judge();
    assert!(judgement.applies(&kept.id()) && !judgement.applies(&beyond.id()));
}

#[test]
fn nobody_vouches_for_their_own_future() {
    let mut world = World::new();
    let item = world.write(2, record("a", "later"));
    let mut draft = world.draft(6, &[1]);
    draft.cuts = vec![mark(&item)];
    let open = world.open(draft, 2);
    world.remove_two();
    assert!(world.judge().counting.is_disjoint(&BTreeSet::from([item.id(), open.id()])));
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
    assert!(judgement.applies(&first.id()) && judgement.applies(&last.id()));
    assert!(!judgement.counting.contains(&forged.id()));
}

#[test]
fn what_was_accepted_is_carried() {
    let mut world = World::new();
    let accepted = world.write(2, record("a", "accepted"));
    world.remove_two();
    assert!(!world.judge().applies(&accepted.id()));
    let drafts = carry([&accepted]);
    let carrier = world.write(1, drafts[0].clone());
    assert!(world.judge().applies(&accepted.id()));
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
fn of_two_items_at_one_place_the_lower_id_applies_and_both_are_kept() {
    let mut world = World::new();
    let mut twin = world.two.clone();
    let pair = [world.write(2, record("a", "here")), twin.next(HOME, record("a", "there")).unwrap()];
    world.ledger.insert(&pair[1]).unwrap();
    let judgement = world.judge();
    let [low, high] = if pair[0].id() < pair[1].id() { [0, 1] } else { [1, 0] };
    assert!(judgement.applies(&pair[low].id()) && !judgement.applies(&pair[high].id()));
    assert!(judgement.counting.contains(&pair[high].id()));
    assert_eq!(judgement.forks[0].losers, [pair[high].id()]);
}

#[test]
fn heads_tell_gaps_and_disagreement() {
    let mut world = World::new();
    let mut twin = world.two.clone();
    let items: Vec<_> = (0..5).map(|n| world.write(2, record("a", &n.to_string()))).collect();
    let mut other = Ledger::default();
    for place in [0, 3] {
        other.insert(&items[place]).unwrap();
    }
    let writer = items[0].item().writer;
    assert_eq!(gaps(&other, &Default::default()), [Need { writer, from: 2, to: 3 }]);
    assert_eq!(gaps(&other, &[(writer, 3)].into()), []);
    let heads = Heads::read(&Heads::of(&world.ledger).draft().body).unwrap();
    let missing = heads.compare(&other, &Default::default()).missing;
    assert!(missing.contains(&Need { writer, from: 5, to: 5 }) && missing.len() == 3);
    let need = Need::read(&missing.iter().find(|need| need.from == 2).unwrap().draft().body).unwrap();
    assert_eq!(need.answer(&world.ledger), [items[1].id(), items[2].id()]);
    let mut forked = Ledger::default();
    forked.insert(&twin.next(HOME, record("a", "x")).unwrap()).unwrap();
    let told = Heads::of(&forked).compare(&world.ledger, &Default::default());
    assert_eq!(told.disagreeing.len(), 1);
}

#[test]
fn a_need_is_bounded() {
    let writer = WriterId([0; 16]);
    let read = |from, to| Need::read(&Need { writer, from, to }.draft().body);
    assert_eq!(read(0, 1), Err(Refusal::Malformed));
    assert_eq!(read(3, 2), Err(Refusal::Malformed));
    assert_eq!(read(1, u64::MAX), Err(Refusal::Oversized));
}

#[test]
fn a_snapshot_survives_its_parts() {
    let mut world = World::new();
    let items: Vec<_> = (0..40).map(|n| world.write(1, record("a", &n.to_string().repeat(2000)))).collect();
    let snapshot = Snapshot {
        covers: vec![mark(items.last().unwrap())],
        items: items.iter().map(|item| item.to_carried().clone()).collect(),
        documents: [(b"plan".to_vec(), vec![5; 150_000]), (b"year".to_vec(), vec![6; 10])].into(),
    };
    let drafts = snapshot.drafts([4; 16]).unwrap();
    let parts: Vec<_> = drafts.into_iter().map(|draft| world.write(1, draft)).collect();
    let key = (device(1).id(), [4; 16]);
    assert_eq!(Snapshot::assemble(parts.iter().rev()).get(&key), Some(&snapshot));
    assert!(Snapshot::assemble(&parts[1..]).is_empty());
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
    assert!(world.judge().applies(&item.id()));
}

#[test]
fn the_largest_item_can_be_carried() {
    let mut world = World::new();
    let room = super::item::MAX_CONTENT - 256;
    let item = world.write(2, record("a", &"x".repeat(room)));
    let carrier = world.write(1, carry([&item])[0].clone());
    let keys = EpochSecret::new(crate::crypto::Secret::new([1; 32])).keys(carrier.scope().space, HOME);
    assert!(keys.seal(&carrier).is_ok());
    let over = world.one.next(HOME, record("a", &"x".repeat(room + 256)));
    assert_eq!(over.err(), Some(Refusal::Oversized));
}

#[test]
fn the_paper_and_its_devices_are_the_roster() {
    let log = log_of(&device(1));
    let both = BTreeSet::from([device(1).id(), phrase().keys().root]);
    assert_eq!(log.entitled().into_keys().collect::<BTreeSet<_>>(), both);
    assert!(log.entitled_at(&[]).unwrap().is_empty());
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
