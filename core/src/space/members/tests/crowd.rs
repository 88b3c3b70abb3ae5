//! How much one member can make the others keep, wait for and hand on.

use super::*;
use crate::crypto::codec::Extensible;
use crate::space::members::{Entry, Members};

/// An entry of a person after these.
fn says(group: &Group, n: usize, parents: Vec<EntryId>) -> Entry {
    let op = Extensible::Known(Op::Affirm);
    Entry::sign(&group.members.space(), group.id(n), parents, op, &group.people[n].key()).unwrap()
}

fn heads(group: &Group) -> Vec<EntryId> {
    let mut last: Vec<EntryId> = group.members.entries().map(|entry| entry.id()).collect();
    last.split_off(last.len() - 1)
}

#[test]
fn however_much_a_member_says_a_newcomer_is_let_in() {
    let mut group = Group::of(4);
    let before = heads(&group);
    let mut last = before.clone();
    let chain = (0..).map(|_| {
        let entry = says(&group, 2, last.clone());
        let inserted = group.members.insert(entry.bytes());
        last = vec![entry.id()];
        inserted
    });
    let chain: Vec<_> = chain.take_while(Result::is_ok).collect();
    assert!((300..2000).contains(&chain.len()), "{} entries in a row", chain.len());
    for n in 0..200_u8 {
        // Beside each other: signatures over other parents each.
        let parents = group.members.entries().nth(usize::from(n) + 4).unwrap().id();
        let beside = says(&group, 2, vec![parents]);
        group.members.insert(beside.bytes()).unwrap();
    }
    group.remove(2, 0).unwrap();
    let newcomer = Person::new(9, 0);
    group.people.push(newcomer);
    group.add(4, 0).unwrap();
    let admission = group.members.admission(&group.id(4));
    let roster: usize = admission.roster.iter().map(|entry| entry.bytes().len()).sum();
    assert!(roster < 400_000, "{roster} bytes");
    let mut seen = Members::new(group.members.space());
    for (account, entries) in &admission.logs {
        entries.iter().for_each(|entry| assert!(seen.insert_device(*account, entry.bytes()).is_ok()));
    }
    admission.roster.iter().for_each(|entry| assert!(seen.insert(entry.bytes()).is_ok()));
    assert!(seen.state().members.contains_key(&group.id(4)));
    assert!(!seen.state().members.contains_key(&group.id(2)));
}

/// An entry of a second device of a person, of an operation that only a later version knows.
fn strange(group: &Group, n: usize, place: usize, parents: Vec<EntryId>, size: usize) -> Entry {
    let op = Extensible::Later(crate::crypto::codec::encode(&(99_u32, "x".repeat(size))));
    let key = group.people[n].keys[place].sign_key();
    Entry::sign(&group.members.space(), group.id(n), parents, op, &key).unwrap()
}

#[test]
fn entries_that_each_need_another_one_to_stand_keep_nobody_from_being_removed() {
    let mut group = Group::of(4);
    let before = heads(&group);
    for n in 0..140 {
        let entry = strange(&group, 2, 0, before.clone(), n);
        let upholds = strange(&group, 2, 1, vec![entry.id()], 1);
        group.members.insert(entry.bytes()).unwrap();
        group.members.insert(upholds.bytes()).unwrap();
    }
    group.people[2].sign_out(0);
    group.members.take_log(&group.people[2].log.clone()).unwrap();
    assert!(group.members.authority_heads().len() <= MAX_PARENTS);
    group.promote(1, 0).unwrap();
    let mut leaving = group.clone();
    leaving.says(3, Op::Leave).unwrap();
    group.remove(2, 1).unwrap();
    assert!(!group.has(2));
}

#[test]
fn what_one_device_says_keeps_its_account_from_nothing() {
    let mut group = Group::of(3);
    let mut last = heads(&group);
    for _ in 0..6 {
        let entry = strange(&group, 2, 1, last.clone(), 60_000);
        if group.members.insert(entry.bytes()).is_ok() {
            last = vec![entry.id()];
        }
    }
    // Its other device signs it out, and the account speaks and leaves.
    group.people[2].sign_out(1);
    group.members.take_log(&group.people[2].log.clone()).unwrap();
    group.says(2, Op::Affirm).unwrap();
    group.says(2, Op::Leave).unwrap();
    assert!(!group.has(2));
}

#[test]
fn chains_beside_each_other_keep_no_newcomer_out() {
    let mut group = Group::of(3);
    let before = heads(&group);
    for chain in 0..4 {
        let mut last = before.clone();
        for _ in 0..5 {
            let entry = strange(&group, 2, chain % 2, last.clone(), 55_000 + chain);
            if group.members.insert(entry.bytes()).is_ok() {
                last = vec![entry.id()];
            }
        }
    }
    group.people.push(Person::new(9, 0));
    group.add(3, 0).unwrap();
    let admission = group.members.admission(&group.id(3));
    let roster: usize = admission.roster.iter().map(|entry| entry.bytes().len()).sum();
    assert!(roster < 600_000, "{roster} bytes");
}

#[test]
fn a_device_that_was_signed_out_does_not_come_back_by_many_entries() {
    let mut group = Group::of(2);
    let thief = group.people[1].keys[1].clone();
    let first: Vec<EntryId> = group.people[1].log.heads();
    group.people[1].sign_out(1);
    group.members.take_log(&group.people[1].log.clone()).unwrap();
    for n in 0..40_u8 {
        let op = device_log::Op::Add { device: device(150 + n).public() };
        let account = group.id(1);
        let entry = device_log::Entry::sign(&account, first.clone(), op, &thief.sign_key()).unwrap();
        group.members.insert_device(account, entry.bytes()).unwrap();
        assert!(!group.members.entitled().contains_key(&thief.id()), "after {n} entries");
    }
}

#[test]
fn accounts_that_nobody_may_add_take_no_place() {
    let mut group = Group::of(3);
    let last = heads(&group);
    for n in 0..520_u16 {
        let mut seed = [3; 32];
        seed[..2].copy_from_slice(&n.to_be_bytes());
        let key = device((n % 200) as u8);
        let log = DeviceLog::create(&Phrase::new(Secret::new(seed)), key.public()).unwrap();
        group.members.take_log(&log).unwrap();
        let request =
            JoinRequest::sign(&group.members.space(), log.account(), &key.sign_key(), &Fixed::new(n.into()));
        let op = Extensible::Known(Op::Add { request, role: Role::Peer });
        let parents = [last.clone(), log.heads()].concat();
        let add =
            Entry::sign(&group.members.space(), group.id(2), parents, op, &group.people[2].key()).unwrap();
        assert_eq!(group.members.insert(add.bytes()), Err(Refusal::NotEntitled));
    }
    assert_eq!(group.members.state().members.len(), 3);
    group.people.push(Person::new(9, 0));
    group.add(3, 0).unwrap();
    assert!(group.has(3));
}

/// What lets somebody in is followed by what puts them out, whatever else its signer says beside it.
#[test]
fn who_let_somebody_in_cannot_hide_it_from_those_who_put_them_out() {
    let mut group = Group::of(3);
    group.promote(2, 0).unwrap();
    let before = heads(&group);
    let friend = Person::new(9, 0);
    group.people.push(friend);
    let mut aside = group.clone();
    for chain in 0..6 {
        let first = strange(&aside, 2, 0, before.clone(), chain);
        let second = strange(&aside, 2, 0, vec![first.id()], chain);
        let third = strange(&aside, 2, 0, vec![second.id()], chain);
        for entry in [first, second, third] {
            aside.members.insert(entry.bytes()).unwrap();
        }
    }
    group.add(3, 2).unwrap();
    group.hears(&aside);
    assert!(group.has(3));
    group.remove(3, 0).unwrap();
    assert!(!group.has(3));
}
