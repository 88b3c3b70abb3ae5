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

#[test]
fn what_comes_too_early_takes_the_place_of_its_bringer_only() {
    let mut group = Group::of(3);
    let brings = |group: &mut Group, n: usize, by: DeviceId, number: u16| {
        let mut unknown = [7; 32];
        unknown[..2].copy_from_slice(&number.to_be_bytes());
        let entry = says(group, n, vec![EntryId(unknown)]);
        group.members.insert_by(entry.bytes(), Some(by))
    };
    let hostile = group.people[2].keys[0].id();
    let refused = (0..300).filter(|number| brings(&mut group, 2, hostile, *number).is_err()).count();
    assert_eq!(refused, 300 - 256);
    for stranger in 0..300_u16 {
        let key = device(100 + (stranger % 100) as u8).id();
        let fits = brings(&mut group, 2, key, 1000 + stranger).is_ok();
        assert_eq!(fits, stranger < 256, "strangers count as one");
    }
    // What an honest device brings out of order still waits, and connects.
    let founder = group.people[0].keys[0].id();
    let mut away = group.clone();
    let (first, second) = (away.promote(1, 0).unwrap(), away.demote(1, 0).unwrap());
    group.members.insert_by(second.bytes(), Some(founder)).unwrap();
    group.members.insert_by(first.bytes(), Some(founder)).unwrap();
    assert!(group.members.counts(&first.id()) && group.members.counts(&second.id()));
}
