//! Device logs as part of the authority, and what epochs ask: who is entitled, who lost their place.
use super::*;
use crate::space::device_log;
use crate::space::tests::open_draft;

fn holds(group: &Group, n: usize, place: usize) -> bool {
    group.members.entitled().contains_key(&group.people[n].keys[place].id())
}

#[test]
fn devices_come_and_go_with_the_accounts_own_log() {
    let mut group = Group::of(2);
    assert!(holds(&group, 1, 1));
    let before = group.members.authority_heads();
    group.people[1].sign_out(1);
    group.members.take_log(&group.people[1].log.clone()).unwrap();
    assert!(!holds(&group, 1, 1) && holds(&group, 1, 0));
    let lost = group.people[1].keys[1].id();
    assert!(group.members.dropped().contains(&lost));
    assert!(!group.members.dropped_at(&before).unwrap().contains(&lost));
    assert!(group.members.entitled_at(&before).unwrap().contains_key(&lost));
    let heads = group.members.authority_heads();
    assert_eq!(group.members.entitled_at(&heads), Some(group.members.entitled()));
    assert_eq!(group.members.dropped_at(&heads), Some(group.members.dropped()));
    assert_eq!(group.members.entitled_at(&[EntryId([0; 32])]), None);
    assert_eq!(group.members.entitled_at(&[]), Some(BTreeMap::new()));
}

#[test]
fn a_signed_out_device_says_nothing_more() {
    let mut group = Group::of(3);
    group.remove(2, 0).unwrap();
    let mut thief = group.clone();
    let key = thief.people[0].keys[1].clone();
    group.people[0].sign_out(1);
    group.members.take_log(&group.people[0].log.clone()).unwrap();
    let request = thief.people[2].asks(&group.members.space(), 999);
    let op = Op::Add { request, role: Role::Peer };
    let entry = thief.members.author(op.clone(), thief.id(0), &key.sign_key()).unwrap();
    assert!(thief.has(2));
    group.members.insert(entry.bytes()).unwrap();
    assert!(!group.has(2) && !group.members.authority_heads().contains(&entry.id()));
    let heads = group.members.authority_heads();
    let known = Extensible::Known(op);
    let entry = Entry::sign(&group.members.space(), thief.id(0), heads, known, &key.sign_key()).unwrap();
    assert_eq!(group.members.insert(entry.bytes()), Err(Refusal::NotEntitled));
}

#[test]
fn what_the_account_stands_by_outlives_the_device() {
    let mut group = Group::of(2);
    let phone = group.people[0].keys[0].id();
    assert!(group.members.rests_on(&phone));
    let mut forgot = group.clone();
    forgot.people[0].sign_out(0);
    forgot.members.take_log(&forgot.people[0].log.clone()).unwrap();
    assert_eq!(forgot.who(), [0], "nobody else of the account knew what the phone had done");
    let (laptop, account) = (group.people[0].keys[1].sign_key(), group.id(0));
    let after = forgot.members.author(Op::Affirm, account, &laptop);
    assert!(after.is_ok() && forgot.has(1), "it may still be stood by afterwards");
    group.members.author(Op::Affirm, account, &laptop).unwrap();
    group.people[0].sign_out(0);
    group.members.take_log(&group.people[0].log.clone()).unwrap();
    assert_eq!(group.who(), [0, 1]);
}

#[test]
fn whoever_was_put_out_takes_nothing_back() {
    let mut group = Group::of(4);
    group.promote(1, 0).unwrap();
    group.remove(3, 0).unwrap();
    group.add(3, 1).unwrap();
    group.remove(1, 0).unwrap();
    group.people[1].sign_out(0);
    group.members.take_log(&group.people[1].log.clone()).unwrap();
    assert_eq!(group.who(), [0, 2, 3]);
}

#[test]
fn who_joins_ends_no_epoch_and_who_goes_ends_those_they_could_read() {
    let mut group = Group::of(2);
    let mut third = Person::new(9, 2);
    third.sign_out(2);
    group.people.push(third);
    let before = group.members.authority_heads();
    group.add(2, 0).unwrap();
    let known = |group: &Group| group.members.dropped_at(&before).unwrap();
    assert!(
        group.members.dropped().is_subset(&known(&group)),
        "a device lost before joining is nobody's loss"
    );
    group.remove(2, 0).unwrap();
    assert!(!group.members.dropped().is_subset(&known(&group)), "it may have been granted the key meanwhile");
    let after = group.members.authority_heads();
    let lost = group.members.dropped();
    assert_eq!(group.members.dropped_at(&after), Some(lost.clone()));
    let by = group.people[2].keys[0].clone();
    group.people[2].log.add(device(99).public(), &by).unwrap();
    group.members.take_log(&group.people[2].log.clone()).unwrap();
    assert_eq!(group.members.dropped(), lost, "what they do to their own account later ends nothing");
}

#[test]
fn whoever_came_by_a_void_entry_lost_their_place() {
    let mut group = Group::of(3);
    group.remove(2, 0).unwrap();
    group.promote(1, 0).unwrap();
    let mut away = group.clone();
    away.people.push(Person::new(9, 0));
    away.add(3, 1).unwrap();
    group.demote(1, 0).unwrap();
    group.people = away.people.clone();
    group.hears(&away);
    assert!(!group.has(3) && group.members.dropped().contains(&group.people[3].keys[0].id()));
}

#[test]
fn nobody_takes_over_anothers_device() {
    let mut group = Group::of(3);
    let theirs = group.people[2].keys[0].public();
    let claim = device_log_claim(&group.people[1], theirs);
    group.members.insert_device(group.id(1), &claim).unwrap();
    assert_eq!(group.members.entitled()[&theirs.id], theirs);
    assert_eq!(group.members.account_of(&theirs.id), Some(group.id(2)));
}

#[test]
fn who_was_signed_out_or_removed_does_not_come_back_by_the_claim_of_another() {
    for removed in [false, true] {
        let mut group = Group::of(3);
        let theirs = group.people[2].keys[0].public();
        let claim = device_log_claim(&group.people[1], theirs);
        group.members.insert_device(group.id(1), &claim).unwrap();
        if removed {
            group.remove(2, 0).unwrap();
        } else {
            let other = device(77);
            let first = group.people[2].keys[0].clone();
            let entry = group.people[2].log.add(other.public(), &first).unwrap();
            group.members.insert_device(group.id(2), entry.bytes()).unwrap();
            let entry = group.people[2].log.revoke(theirs.id, &other).unwrap();
            group.members.insert_device(group.id(2), entry.bytes()).unwrap();
        }
        assert!(!group.members.entitled().contains_key(&theirs.id), "removed: {removed}");
        assert!(group.members.dropped().contains(&theirs.id), "removed: {removed}");
    }
}

/// Most who are let in sign nothing in the roster; and a second device of theirs, or a later paper, signs nothing at all.
#[test]
fn who_signed_nothing_and_was_removed_does_not_come_back_by_the_claim_of_another() {
    let mut group = Group::of(3);
    let gone = group.people[2].keys[1].clone();
    let (paper, next) = (Phrase::new(Secret::new([203; 32])), Phrase::new(Secret::new([99; 32])));
    let op = device_log::Op::Paper { paper: next.keys() };
    group.people[2].log.author(op, &paper.sign_key()).unwrap();
    group.members.take_log(&group.people[2].log.clone()).unwrap();
    for theirs in [gone.public(), paper.keys().into(), next.keys().into()] {
        let claim = device_log_claim(&group.people[1], theirs);
        for before in [true, false] {
            let mut group = group.clone();
            if before {
                group.members.insert_device(group.id(1), &claim).unwrap();
            }
            group.remove(2, 0).unwrap();
            group.members.insert_device(group.id(1), &claim).unwrap();
            assert!(!group.members.entitled().contains_key(&theirs.id));
            let heads = group.members.authority_heads();
            assert_eq!(group.members.entitled_at(&heads), Some(group.members.entitled()));
        }
    }
}

#[test]
fn a_device_speaks_for_nobody_else_who_names_it() {
    let mut group = Group::of(3);
    let (mine, account) = (group.people[1].keys[0].public(), group.id(2));
    let claim = device_log_claim(&group.people[2], mine);
    group.members.insert_device(account, &claim).unwrap();
    for removed in [false, true] {
        if removed {
            group.remove(2, 0).unwrap();
        }
        assert!(group.members.speaks_for(&mine.id, &group.id(1)), "removed: {removed}");
        assert!(!group.members.speaks_for(&mine.id, &account), "removed: {removed}");
        assert!(group.members.speaks_for(&group.people[2].keys[0].id(), &account), "removed: {removed}");
    }
}

#[test]
fn nobody_takes_the_paper_of_another_away() {
    let mut group = Group::of(3);
    let paper = group.people[2].log.state().paper.unwrap();
    let op = device_log::Op::Revoke { device: paper.root };
    let person = &group.people[1];
    let entry = person.log.clone().author(op, &person.key()).unwrap();
    group.members.insert_device(group.id(1), entry.bytes()).unwrap();
    assert!(group.members.entitled().contains_key(&paper.root));
    group.remove(1, 0).unwrap();
    assert!(group.members.entitled().contains_key(&paper.root));
}

/// Person's log entry that names a foreign device with keys of its own.
fn device_log_claim(person: &Person, theirs: Device) -> Vec<u8> {
    let false_keys = Device { agree: device(1).public().agree, ..theirs };
    let op = device_log::Op::Add { device: false_keys };
    person.log.clone().author(op, &person.key()).unwrap().bytes().to_vec()
}

#[test]
fn an_epoch_of_a_space_lives_until_somebody_is_put_out() {
    use crate::space::epochs::{Choice, Epochs};
    use crate::space::tests::{any_id, build, chain, id};
    let mut group = Group::of(3);
    let space = group.members.space();
    let mut writer = chain(space, &group.people[1].keys[0], 5);
    let mut epochs = any_id();
    let mut open = |group: &Group, epoch: u8, parents: &[u8], epochs: &mut Epochs| {
        let draft = open_draft(&group.people[0].log, epoch, parents);
        let authority = group.members.authority_heads();
        let recipients = group.members.entitled().into_values().collect();
        let draft = crate::space::open::OpenDraft { space, authority, recipients, ..draft };
        epochs.insert(&writer.next(id(epoch), build(draft).draft()).unwrap()).unwrap();
    };
    open(&group, 1, &[], &mut epochs);
    assert_eq!(epochs.choose(&group.members), Choice::Write(id(1)));
    group.people.push(Person::new(9, 0));
    group.add(3, 0).unwrap();
    assert_eq!(epochs.choose(&group.members), Choice::Write(id(1)));
    group.remove(2, 0).unwrap();
    assert_eq!(epochs.choose(&group.members), Choice::OpenOver(vec![id(1)]));
    open(&group, 2, &[1], &mut epochs);
    assert_eq!(epochs.choose(&group.members), Choice::Write(id(2)));
}

#[test]
fn whoever_is_out_ends_no_epoch_and_fills_no_heads() {
    let mut group = Group::of(3);
    group.promote(1, 0).unwrap();
    let old = group.clone();
    let thief = group.people[0].keys[1].clone();
    group.remove(1, 0).unwrap();
    group.people[0].sign_out(1);
    group.members.take_log(&group.people[0].log.clone()).unwrap();
    let (heads, dropped) = (group.members.authority_heads(), group.members.dropped());
    for n in 0..20u8 {
        let stranger = Person::new(10 + n, 0);
        group.members.take_log(&stranger.log).unwrap();
        let mut away = old.clone();
        away.members.take_log(&stranger.log).unwrap();
        let key = if n % 2 == 0 { thief.sign_key() } else { old.people[1].key() };
        let by = old.id(usize::from(n % 2));
        let request = stranger.asks(&group.members.space(), u64::from(n) * 7);
        let entry = away.members.author(Op::Add { request, role: Role::Peer }, by, &key).unwrap();
        group.members.insert(entry.bytes()).unwrap();
    }
    assert_eq!((group.members.authority_heads(), group.members.dropped()), (heads, dropped));
    assert_eq!(group.who(), [0, 2]);
}

#[test]
fn a_member_fills_no_heads_and_can_be_put_out() {
    let mut group = Group::of(3);
    let (mut aside, space) = (group.clone(), group.members.space());
    for n in 0..150 {
        let role = if n % 2 == 0 { Role::Coach } else { Role::Sponsor };
        let (id, key, heads) = (aside.id(1), aside.people[1].key(), aside.members.authority_heads());
        let beside = Extensible::Known(Op::Role { role });
        let beside = Entry::sign(&space, id, heads, beside, &key).unwrap();
        let next = aside.says(1, Op::Role { role: Role::Peer }).unwrap();
        for entry in [beside, next] {
            group.members.insert(entry.bytes()).unwrap();
        }
    }
    let thief = group.people[1].keys[0].clone();
    let log = group.people[1].log.clone();
    for n in 0..150u8 {
        let entry = log.clone().add(device(100 + n).public(), &thief).unwrap();
        group.members.insert_device(log.account(), entry.bytes()).unwrap();
    }
    assert!(group.members.authority_heads().len() < MAX_PARENTS / 4);
    assert!(group.members.entitled().len() < 20);
    group.remove(1, 0).unwrap();
    assert_eq!(group.who(), [0, 2]);
    assert_eq!(group.members.entitled_at(&group.members.authority_heads()), Some(group.members.entitled()));
}
