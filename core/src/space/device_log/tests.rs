//! Rules 3, 11 and 12 of the protocol, one test each, then any graph in any order.
use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::crypto::Secret;
use crate::space::tests::{device, log_of, phrase};

fn sign(log: &DeviceLog, parents: &[EntryId], op: Op, by: &DeviceKeys) -> Entry {
    Entry::sign(&log.account(), parents.to_vec(), op, &by.sign_key()).unwrap()
}

fn by_paper(log: &DeviceLog, parents: &[EntryId], op: Op) -> Entry {
    Entry::sign(&log.account(), parents.to_vec(), op, &phrase().sign_key()).unwrap()
}

fn revoke(keys: &DeviceKeys) -> Op {
    Op::Revoke { device: keys.id() }
}

fn add(keys: &DeviceKeys) -> Op {
    Op::Add { device: keys.public() }
}

fn reset(keys: &[&DeviceKeys]) -> Op {
    let mut devices: Vec<Device> = keys.iter().map(|keys| keys.public()).collect();
    devices.sort_unstable();
    Op::Reset { devices }
}

fn other_paper(seed: u8) -> Phrase {
    Phrase::new(Secret::new([seed; 32]))
}

fn active(log: &DeviceLog, keys: &DeviceKeys) -> bool {
    log.state().active.contains_key(&keys.id())
}

/// A log of the devices 1..=n, each added by device 1.
fn family(n: u8) -> (DeviceLog, Vec<DeviceKeys>) {
    let keys: Vec<DeviceKeys> = (1..=n).map(device).collect();
    let mut log = log_of(&keys[0]);
    for more in &keys[1..] {
        log.add(more.public(), &keys[0]).unwrap();
    }
    (log, keys)
}

#[test]
fn the_account_is_named_by_its_first_paper() {
    let log = log_of(&device(1));
    assert_eq!(log.account(), AccountId::of(&phrase().keys().root));
    let foreign = AccountId::of(&other_paper(8).keys().root);
    let genesis = log.entries().next().unwrap().bytes().to_vec();
    assert_eq!(DeviceLog::new(foreign).insert(&genesis), Err(Refusal::ForeignSpace));
}

#[test]
fn what_is_kept_of_the_past_is_bounded_however_many_entries_there_are() {
    let (mut log, keys) = family(120);
    let chain = log.heads();
    let tips: Vec<EntryId> = (121..=160)
        .map(|n| {
            let tip = sign(&log, &chain, add(&device(n)), &keys[0]);
            log.insert(tip.bytes()).unwrap();
            tip.id()
        })
        .collect();
    for (n, first) in tips.iter().enumerate() {
        for second in &tips[n + 1..] {
            let mut parents = vec![*first, *second];
            parents.sort_unstable();
            let entry = sign(&log, &parents, revoke(&keys[1]), &keys[0]);
            log.insert(entry.bytes()).unwrap();
        }
    }
    assert_eq!(log.nodes.len(), 120 + 40 + 40 * 39 / 2);
    let kept = log.nodes.iter().filter_map(|node| node.before.as_deref());
    let devices: usize = kept.map(|state| state.active.len() + state.gone.len()).sum();
    assert!(devices <= MAX_KEPT, "{devices}");
    assert!(!active(&log, &keys[1]) && active(&log, &keys[2]) && active(&log, &device(160)));
    let at = log.state_at(&tips[..2]).unwrap();
    assert!(at.active.contains_key(&keys[1].id()));
}

#[test]
fn devices_add_and_revoke_each_other() {
    let (mut log, keys) = family(3);
    assert!(keys.iter().all(|keys| active(&log, keys)));
    log.revoke(keys[0].id(), &keys[2]).unwrap();
    assert!(!active(&log, &keys[0]) && active(&log, &keys[1]));
    assert!(log.state().gone.contains(&keys[0].id()));
    assert_eq!(log.add(device(9).public(), &keys[0]), Err(Refusal::NotEntitled));
}

#[test]
fn a_revoked_key_never_returns() {
    let (mut log, keys) = family(3);
    log.revoke(keys[1].id(), &keys[0]).unwrap();
    assert_eq!(log.add(keys[1].public(), &keys[0]), Err(Refusal::NotEntitled));
    let entry = by_paper(&log, &log.heads(), reset(&[&keys[0], &keys[1]]));
    log.insert(entry.bytes()).unwrap();
    assert!(active(&log, &keys[0]) && !active(&log, &keys[1]) && !active(&log, &keys[2]));
    assert_eq!(log.author(add(&keys[2]), &phrase().sign_key()), Err(Refusal::NotEntitled));
    let again = by_paper(&log, &log.heads(), reset(&[&keys[0], &keys[1], &keys[2]]));
    log.insert(again.bytes()).unwrap();
    assert!(!active(&log, &keys[1]) && !active(&log, &keys[2]));
}

#[test]
fn what_a_revoked_device_adds_meanwhile_is_void_unless_the_revoke_knew_it() {
    let (log, keys) = family(2);
    let heads = log.heads();
    let added = sign(&log, &heads, add(&device(9)), &keys[1]);
    let unaware = sign(&log, &heads, revoke(&keys[1]), &keys[0]);
    let aware = sign(&log, &[added.id()], revoke(&keys[1]), &keys[0]);
    for (entry, stands) in [(unaware, false), (aware, true)] {
        let mut log = log.clone();
        log.insert(added.bytes()).unwrap();
        log.insert(entry.bytes()).unwrap();
        assert_eq!(active(&log, &device(9)), stands);
        assert!(!active(&log, &keys[1]));
    }
}

#[test]
fn what_a_void_device_does_is_void_too() {
    let (mut log, keys) = family(3);
    let heads = log.heads();
    let added = sign(&log, &heads, add(&device(9)), &keys[1]);
    let further = sign(&log, &[added.id()], revoke(&keys[2]), &device(9));
    let unaware = sign(&log, &heads, revoke(&keys[1]), &keys[0]);
    for entry in [&added, &further] {
        log.insert(entry.bytes()).unwrap();
    }
    assert!(!active(&log, &keys[2]));
    log.insert(unaware.bytes()).unwrap();
    assert!(active(&log, &keys[2]) && !active(&log, &device(9)));
}

#[test]
fn mutual_revokes_both_stand() {
    let (mut log, keys) = family(3);
    let heads = log.heads();
    for (target, by) in [(0, 1), (1, 0)] {
        log.insert(sign(&log, &heads, revoke(&keys[target]), &keys[by]).bytes()).unwrap();
    }
    assert_eq!(log.state().active.into_keys().collect::<Vec<_>>(), [keys[2].id()]);
}

#[test]
fn in_a_circle_of_adds_and_revokes_the_revokes_stand() {
    let (mut log, keys) = family(2);
    let heads = log.heads();
    let (y, z) = (device(8), device(9));
    let add_y = sign(&log, &heads, add(&y), &keys[0]);
    let add_z = sign(&log, &heads, add(&z), &keys[1]);
    let by_z = sign(&log, &[add_z.id()], revoke(&keys[0]), &z);
    let by_y = sign(&log, &[add_y.id()], revoke(&keys[1]), &y);
    for entry in [add_y, add_z, by_z, by_y] {
        log.insert(entry.bytes()).unwrap();
    }
    assert!(log.state().active.is_empty());
    assert!(log.state().gone.contains(&keys[0].id()) && log.state().gone.contains(&keys[1].id()));
}

#[test]
fn the_paper_yields_to_no_device() {
    let (mut log, keys) = family(3);
    let heads = log.heads();
    let away = sign(&log, &heads, revoke(&keys[0]), &keys[1]);
    let paper = by_paper(&log, &heads, reset(&[&keys[0]]));
    let late = sign(&log, &heads, add(&device(9)), &keys[2]);
    for entry in [&away, &paper, &late] {
        log.insert(entry.bytes()).unwrap();
    }
    assert_eq!(log.state().active.into_keys().collect::<Vec<_>>(), [keys[0].id()]);
    assert!(!log.counts(&away.id()) && !log.counts(&late.id()));
    let root = Op::Revoke { device: phrase().keys().root };
    log.author(root, &keys[0].sign_key()).unwrap();
    assert_eq!(log.state().paper, Some(phrase().keys()));
}

#[test]
fn resets_that_did_not_know_each_other_unite() {
    let (mut log, keys) = family(3);
    let heads = log.heads();
    for kept in [[&keys[0], &keys[1]], [&keys[0], &keys[2]]] {
        log.insert(by_paper(&log, &heads, reset(&kept)).bytes()).unwrap();
    }
    assert!(keys.iter().all(|keys| active(&log, keys)));
    log.insert(by_paper(&log, &log.heads(), reset(&[&keys[1]])).bytes()).unwrap();
    assert_eq!(log.state().active.into_keys().collect::<Vec<_>>(), [keys[1].id()]);
}

#[test]
fn a_new_paper_replaces_the_old_one() {
    let (mut log, keys) = family(2);
    let heads = log.heads();
    let new = other_paper(8);
    log.author(Op::Paper { paper: new.keys() }, &phrase().sign_key()).unwrap();
    assert_eq!(log.state().paper, Some(new.keys()));
    let stale = by_paper(&log, &heads, reset(&[&device(9)]));
    log.insert(stale.bytes()).unwrap();
    assert!(!active(&log, &device(9)) && active(&log, &keys[1]));
    assert_eq!(log.author(add(&device(9)), &phrase().sign_key()), Err(Refusal::NotEntitled));
    log.author(add(&device(9)), &new.sign_key()).unwrap();
    assert!(active(&log, &device(9)));
}

#[test]
fn two_new_papers_at_once_freeze_the_account() {
    let (mut log, keys) = family(2);
    let heads = log.heads();
    for seed in [8, 9] {
        let op = Op::Paper { paper: other_paper(seed).keys() };
        log.insert(by_paper(&log, &heads, op).bytes()).unwrap();
    }
    assert!(log.state().frozen);
    assert_eq!(log.state().paper, Some(phrase().keys()));
    assert_eq!(log.add(device(9).public(), &keys[0]), Err(Refusal::Frozen));
    let taken = Entry::sign(&log.account(), log.heads(), reset(&[&device(9)]), &other_paper(8).sign_key());
    log.insert(taken.unwrap().bytes()).unwrap();
    assert!(!active(&log, &device(9)) && active(&log, &keys[0]));
}

#[test]
fn every_entry_of_the_paper_is_told() {
    let (mut log, keys) = family(2);
    log.author(add(&device(9)), &phrase().sign_key()).unwrap();
    log.revoke(keys[1].id(), &keys[0]).unwrap();
    let told: Vec<bool> = log.root_notices().iter().map(|entry| entry.op().is_root_only()).collect();
    assert_eq!(told, [true, false]);
}

#[test]
fn strangers_cannot_fill_the_log() {
    let (mut log, _) = family(2);
    let entry = sign(&log, &log.heads(), add(&device(9)), &device(9));
    assert_eq!(log.insert(entry.bytes()), Err(Refusal::NotEntitled));
    let mut forged = sign(&log, &log.heads(), add(&device(9)), &device(1)).bytes().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    assert_eq!(log.insert(&forged), Err(Refusal::Forged));
    assert_eq!(log.entries().count(), 2);
}

#[test]
fn entries_wait_for_their_parents() {
    let (log, _) = family(3);
    let entries: Vec<Vec<u8>> = log.entries().map(|entry| entry.bytes().to_vec()).collect();
    let mut other = DeviceLog::new(log.account());
    assert_eq!(other.insert(&entries[2]), Ok(Inserted::Waiting));
    assert_eq!(other.insert(&entries[2]), Ok(Inserted::Known));
    assert_eq!(other.insert(&entries[0]), Ok(Inserted::Connected));
    assert_eq!(other.missing().len(), 1);
    assert_eq!(other.insert(&entries[1]), Ok(Inserted::Connected));
    assert_eq!(other.state(), log.state());
    assert_eq!(other.insert(&entries[1]), Ok(Inserted::Known));
}

#[test]
fn the_past_is_read_by_its_heads() {
    let (mut log, keys) = family(2);
    let before = log.heads();
    log.revoke(keys[1].id(), &keys[0]).unwrap();
    assert!(log.state_at(&before).unwrap().active.contains_key(&keys[1].id()));
    assert_eq!(log.state_at(&[EntryId([0; 32])]), None);
}

/// One step of a random history: who signs what, knowing which entries.
#[derive(Clone, Debug)]
struct Step {
    signer: u8,
    op: u8,
    target: u8,
    knows: Vec<Index>,
}

fn step() -> impl Strategy<Value = Step> {
    (0u8..7, 0u8..10, 0u8..6, prop::collection::vec(any::<Index>(), 1..4))
        .prop_map(|(signer, op, target, knows)| Step { signer, op, target, knows })
}

/// Entries of a random history; most are by devices that may or may not be entitled.
fn history(steps: &[Step]) -> (AccountId, Vec<Vec<u8>>) {
    let log = log_of(&device(0));
    let genesis = log.entries().next().unwrap();
    let mut made = vec![(genesis.id(), genesis.bytes().to_vec())];
    for step in steps {
        let mut parents: Vec<EntryId> = step.knows.iter().map(|index| index.get(&made).0).collect();
        parents.sort_unstable();
        parents.dedup();
        let target = device(step.target);
        let op = match step.op {
            0..=3 => add(&target),
            4..=6 => revoke(&target),
            7..=8 => reset(&[&target]),
            _ => Op::Paper { paper: other_paper(40 + step.target).keys() },
        };
        let key = match (op.is_root_only() || step.signer == 6, step.signer % 2) {
            (true, 0) => phrase().sign_key(),
            (true, _) => other_paper(40 + step.signer).sign_key(),
            (false, _) => device(step.signer).sign_key(),
        };
        let entry = Entry::sign(&log.account(), parents, op, &key).unwrap();
        made.push((entry.id(), entry.bytes().to_vec()));
    }
    (log.account(), made.into_iter().map(|(_, bytes)| bytes).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn any_order_gives_the_same_state(
        (steps, order) in prop::collection::vec(step(), 1..24).prop_flat_map(|steps| {
            let order: Vec<usize> = (0..=steps.len()).collect();
            (Just(steps), Just(order).prop_shuffle())
        })
    ) {
        let (account, entries) = history(&steps);
        let (straight, _) = DeviceLog::from_entries(account, entries.iter().map(Vec::as_slice));
        let shuffled = order.iter().map(|place| entries[*place].as_slice());
        let (other, _) = DeviceLog::from_entries(account, shuffled);
        prop_assert_eq!(straight.state(), other.state());
        prop_assert_eq!(straight.heads(), other.heads());
        // What is carried along from entry to entry is what all of them say.
        for log in [&straight, &other] {
            prop_assert_eq!(log.state(), log.evaluate(&Bits::all(log.nodes.len())));
            for node in &log.nodes {
                prop_assert_eq!(node.before.as_deref(), Some(&log.evaluate(&node.past)));
            }
        }
        for entry in straight.entries() {
            prop_assert_eq!(straight.counts(&entry.id()), other.counts(&entry.id()));
        }
        // Nobody who was signed out by a counting entry is active, and no two answers contradict each other.
        let state = straight.state();
        for entry in straight.entries().filter(|entry| straight.counts(&entry.id())) {
            if let Op::Revoke { device } = entry.op() {
                prop_assert!(!state.active.contains_key(device));
            }
        }
        prop_assert!(state.gone.iter().all(|gone| !state.active.contains_key(gone)));
    }

    #[test]
    fn who_was_signed_out_by_name_stays_out_whatever_devices_do_later(
        steps in prop::collection::vec(step(), 1..16),
        later in prop::collection::vec(step(), 1..8),
    ) {
        let (account, entries) = history(&steps);
        let (before, _) = DeviceLog::from_entries(account, entries.iter().map(Vec::as_slice));
        let mut log = before.clone();
        let gone = before.state().gone;
        for step in &later {
            let key = device(step.signer);
            let op = if step.op < 5 { add(&device(step.target)) } else { reset(&[&device(step.target)]) };
            let key = if op.is_root_only() { phrase().sign_key() } else { key.sign_key() };
            let _refused_or_not = log.author(op, &key);
            prop_assert!(gone.iter().all(|id| !log.state().active.contains_key(id)));
        }
    }
}

#[test]
fn no_entry_follows_more_than_a_life_of_them() {
    let (mut log, keys) = family(1);
    let mut entries = 0u16;
    while entries < 1100 {
        let gone = DeviceId([entries as u8, (entries >> 8) as u8].repeat(16).try_into().unwrap());
        let entry = sign(&log, &log.heads(), Op::Revoke { device: gone }, &keys[0]);
        if log.insert(entry.bytes()) == Err(Refusal::Oversized) {
            break;
        }
        entries += 1;
    }
    assert_eq!(log.entries().count(), 1024);
    assert!(active(&log, &keys[0]), "what is there stands");
}

/// A stolen device signs many entries beside each other, or a chain as long as one may be: it is signed out all the same, also for
/// somebody who reads the whole log.
#[test]
fn however_much_a_stolen_device_signs_it_is_signed_out() {
    for beside in [true, false] {
        let (one, thief) = (device(1), device(2));
        let mut log = DeviceLog::create(&Phrase::new(Secret::new([5; 32])), one.public()).unwrap();
        log.add(thief.public(), &one).unwrap();
        let mut last = log.heads();
        for n in 1000..2100 {
            let keys = DeviceKeys::random(&crate::space::tests::Fixed::new(n));
            let entry = sign(&log, &last, add(&keys), &thief);
            if log.insert(entry.bytes()).is_ok() && !beside {
                last = vec![entry.id()];
            }
        }
        log.revoke(thief.id(), &one).unwrap();
        let entries: Vec<Vec<u8>> = log.entries().map(|entry| entry.bytes().to_vec()).collect();
        let (read, refused) = DeviceLog::from_entries(log.account(), entries.iter().map(Vec::as_slice));
        assert!(refused.is_empty());
        for log in [&log, &read] {
            assert!(!log.state().active.contains_key(&thief.id()));
            assert!(log.state().active.contains_key(&one.id()));
            assert!(!log.state_at(&log.newest(4)).unwrap().active.contains_key(&thief.id()));
        }
        let mut log = read;
        log.add(device(3).public(), &one).unwrap();
    }
}

#[test]
fn a_chain_that_leaves_a_device_out_does_not_keep_it_from_signing() {
    let (thief, second) = (device(1), device(2));
    let mut log = DeviceLog::create(&Phrase::new(Secret::new([6; 32])), thief.public()).unwrap();
    let mut last = log.heads();
    log.add(second.public(), &thief).unwrap();
    for n in 1000..2100 {
        let keys = DeviceKeys::random(&crate::space::tests::Fixed::new(n));
        let entry = sign(&log, &last, revoke(&keys), &thief);
        if log.insert(entry.bytes()).is_ok() {
            last = vec![entry.id()];
        }
    }
    log.revoke(thief.id(), &second).unwrap();
    for n in 0..20 {
        let keys = DeviceKeys::random(&crate::space::tests::Fixed::new(n));
        log.add(keys.public(), &second).unwrap();
        assert!(!log.state_at(&log.newest(4)).unwrap().active.contains_key(&thief.id()));
    }
}

/// Who was signed out names the device that did it at the end of a long chain: what that device signs stays small enough to be
/// handed on.
#[test]
fn nobody_makes_the_entries_of_others_large_by_naming_them() {
    let (one, thief) = (device(1), device(2));
    let mut log = DeviceLog::create(&Phrase::new(Secret::new([7; 32])), one.public()).unwrap();
    log.add(thief.public(), &one).unwrap();
    let mut last = log.heads();
    for n in 1000..1400 {
        let keys = DeviceKeys::random(&crate::space::tests::Fixed::new(n));
        let entry = sign(&log, &last, revoke(&keys), &thief);
        log.insert(entry.bytes()).unwrap();
        last = vec![entry.id()];
    }
    log.insert(sign(&log, &last, add(&one), &thief).bytes()).unwrap();
    log.revoke(thief.id(), &one).unwrap();
    let new = device(3);
    let entry = log.add(new.public(), &one).unwrap();
    let sent = log.sent(Some(entry.id()));
    assert!(sent.iter().map(|entry| entry.bytes().len()).sum::<usize>() < 40_000);
    let sent = sent.iter().map(|entry| entry.bytes());
    let (read, refused) = DeviceLog::from_entries(log.account(), sent);
    assert!(refused.is_empty() && read.state().active.contains_key(&new.id()));
    assert!(!read.state().active.contains_key(&thief.id()));
}
