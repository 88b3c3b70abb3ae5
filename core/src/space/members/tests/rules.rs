//! Rules 14 and 15 of the protocol, one test each.
use super::*;

#[test]
fn a_space_is_named_by_its_first_entry() {
    let group = Group::of(1);
    let first = group.members.entries().next().unwrap().bytes().to_vec();
    assert_eq!(Entry::space_of(&first), Ok(group.members.space()));
    assert_eq!(Members::new(SpaceId([1; 32])).insert(&first), Err(Refusal::ForeignSpace));
    let founder = &group.people[0];
    let again = Members::found(
        SpaceKind::Group,
        "Tuesday",
        Role::Facilitator,
        &founder.log,
        &founder.key(),
        &Fixed::new(9),
    );
    assert_ne!(again.unwrap().0.space(), group.members.space());
}

#[test]
fn a_facilitator_lets_in_who_asked() {
    let group = Group::of(3);
    assert_eq!(group.who(), [0, 1, 2]);
    let state = group.members.state();
    assert_eq!((state.kind, state.name.as_str()), (Some(SpaceKind::Group), "Tuesday"));
    assert_eq!(state.members[&group.id(1)].role, Role::Peer);
    let devices = group.members.devices_of(&group.id(1));
    assert_eq!(devices.len(), 2);
    assert!(devices.iter().all(|device| group.members.account_of(&device.id) == Some(group.id(1))));
    assert_eq!(group.members.account_of(&device(250).id()), None);
}

#[test]
fn a_request_is_by_the_newcomer_for_this_space_and_used_once() {
    let mut group = Group::of(2);
    let stranger = Person::new(9, 0);
    group.members.take_log(&stranger.log).unwrap();
    let add = |request| Op::Add { request, role: Role::Peer };
    let elsewhere = stranger.asks(&SpaceId([1; 32]), 5);
    assert_eq!(group.says(0, add(elsewhere)), Err(Refusal::Forged));
    let of_another =
        JoinRequest { account: stranger.id(), ..group.people[1].asks(&group.members.space(), 5) };
    assert_eq!(group.says(0, add(of_another)), Err(Refusal::Forged));
    let foreign =
        JoinRequest::sign(&group.members.space(), stranger.id(), &group.people[1].key(), &Fixed::new(5));
    assert_eq!(group.says(0, add(foreign)), Err(Refusal::NotEntitled));
    let request = stranger.asks(&group.members.space(), 5);
    group.says(0, add(request)).unwrap();
    group.members.author(Op::Leave, stranger.id(), &stranger.key()).unwrap();
    assert_eq!(group.says(0, add(request)), Err(Refusal::NotEntitled));
    group.says(0, add(stranger.asks(&group.members.space(), 6))).unwrap();
    assert!(group.members.state().members.contains_key(&stranger.id()));
}

#[test]
fn members_have_no_power_and_strangers_no_voice() {
    let mut group = Group::of(4);
    let account = group.id(2);
    for op in [
        Op::Remove { account },
        Op::Promote { account },
        Op::Demote { account: group.id(0) },
        Op::Settle { policy: Policy::CLOSED },
    ] {
        assert_eq!(group.says(1, op), Err(Refusal::NotEntitled));
    }
    assert_eq!(group.add(3, 1), Err(Refusal::NotEntitled));
    let stranger = Person::new(9, 0);
    group.members.take_log(&stranger.log).unwrap();
    let heads = group.members.authority_heads();
    let known = Extensible::Known(Op::Leave);
    let entry = Entry::sign(&group.members.space(), stranger.id(), heads, known, &stranger.key()).unwrap();
    assert_eq!(group.members.insert(entry.bytes()), Err(Refusal::NotEntitled));
    let heads = group.members.authority_heads();
    let known = Extensible::Known(Op::Leave);
    let posing = Entry::sign(&group.members.space(), group.id(1), heads, known, &stranger.key()).unwrap();
    assert_eq!(group.members.insert(posing.bytes()), Err(Refusal::NotEntitled));
    let mut forged = group.members.entries().last().unwrap().bytes().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    assert_eq!(group.members.insert(&forged), Err(Refusal::Forged));
    assert_eq!(group.members.state(), Group::of(4).members.state());
}

#[test]
fn facilitators_rank_below_who_made_them() {
    let mut group = Group::of(5);
    group.promote(1, 0).unwrap();
    group.promote(2, 1).unwrap();
    group.promote(3, 1).unwrap();
    assert!(group.rank(0) < group.rank(1) && group.rank(1) < group.rank(2) && group.rank(3) < group.rank(4));
    for (target, by) in [(0, 1), (1, 2), (0, 2)] {
        assert_eq!(group.remove(target, by), Err(Refusal::NotEntitled));
        assert_eq!(group.demote(target, by), Err(Refusal::NotEntitled));
    }
    let (senior, junior) = if group.rank(2) < group.rank(3) { (2, 3) } else { (3, 2) };
    assert_eq!(group.remove(senior, junior), Err(Refusal::NotEntitled));
    group.demote(junior, senior).unwrap();
    assert_eq!(group.rank(junior), Rank::Member);
    group.remove(senior, 1).unwrap();
    group.remove(4, 1).unwrap();
    assert!(!group.has(senior) && !group.has(4) && group.has(junior));
}

#[test]
fn two_facilitators_who_remove_each_other_at_once_the_senior_stands() {
    // The founder's two devices each make another member a facilitator, who makes the other one a junior of theirs.
    let (mut one, mut two) = (Group::of(3), Group::of(3));
    one.promote(1, 0).unwrap();
    two.promote(2, 0).unwrap();
    let senior = if one.rank(1) < two.rank(2) { 1 } else { 2 };
    one.promote(2, 1).unwrap();
    two.promote(1, 2).unwrap();
    one.remove(2, 1).unwrap();
    two.remove(1, 2).unwrap();
    one.hears(&two);
    two.hears(&one);
    assert_eq!(one.members.state(), two.members.state());
    assert_eq!(one.who(), [0, senior]);
}

#[test]
fn a_circle_of_removals_over_different_pasts_ends_for_all_alike() {
    // The founder's two devices promote in two branches; each new facilitator removes who let the other one in.
    let mut group = Group::of(5);
    group.says(0, Op::Settle { policy: Policy::MEMBERS_INVITE }).unwrap();
    group.remove(3, 0).unwrap();
    group.remove(4, 0).unwrap();
    let (mut one, mut two) = (group.clone(), group.clone());
    one.add(3, 1).unwrap();
    one.promote(3, 0).unwrap();
    one.remove(2, 3).unwrap();
    two.add(4, 2).unwrap();
    two.promote(4, 0).unwrap();
    two.remove(1, 4).unwrap();
    one.hears(&two);
    two.hears(&one);
    assert_eq!(one.members.state(), two.members.state());
    assert_eq!(one.who(), [0]);
}

#[test]
fn what_a_removed_member_says_meanwhile_is_void_unless_the_removal_knew_it() {
    let mut group = Group::of(4);
    group.promote(1, 0).unwrap();
    group.remove(3, 0).unwrap();
    let mut away = group.clone();
    away.add(3, 1).unwrap();
    let mut unaware = group.clone();
    unaware.remove(1, 0).unwrap();
    unaware.hears(&away);
    assert_eq!(unaware.who(), [0, 2]);
    away.remove(1, 0).unwrap();
    assert_eq!(away.who(), [0, 2, 3]);
    let heads = group.members.authority_heads();
    let op = Extensible::Known(Op::Promote { account: group.id(2) });
    let late = Entry::sign(&group.members.space(), group.id(1), heads, op, &group.people[1].key()).unwrap();
    away.members.insert(late.bytes()).unwrap();
    assert!(!away.members.counts(&late.id()));
    let heads = away.members.authority_heads();
    let op = Extensible::Known(Op::Role { role: Role::Coach });
    let later = Entry::sign(&group.members.space(), group.id(1), heads, op, &group.people[1].key()).unwrap();
    assert_eq!(away.members.insert(later.bytes()), Err(Refusal::NotEntitled));
}

#[test]
fn what_rests_on_a_void_entry_is_void_too() {
    let mut group = Group::of(4);
    group.promote(1, 0).unwrap();
    let mut away = group.clone();
    away.promote(2, 1).unwrap();
    away.remove(3, 2).unwrap();
    assert!(!away.has(3));
    group.demote(1, 0).unwrap();
    group.hears(&away);
    assert_eq!(group.who(), [0, 1, 2, 3]);
    assert_eq!((group.rank(1), group.rank(2)), (Rank::Member, Rank::Member));
}

#[test]
fn whoever_came_by_a_void_entry_lets_nobody_in() {
    let mut group = Group::of(5);
    group.says(0, Op::Settle { policy: Policy::MEMBERS_INVITE }).unwrap();
    group.remove(3, 0).unwrap();
    group.remove(4, 0).unwrap();
    let mut away = group.clone();
    away.add(3, 1).unwrap();
    away.add(4, 3).unwrap();
    assert_eq!(away.who(), [0, 1, 2, 3, 4]);
    group.remove(1, 0).unwrap();
    group.hears(&away);
    assert_eq!(group.who(), [0, 2]);
}

#[test]
fn coming_back_needs_the_removal_in_the_past() {
    let mut group = Group::of(3);
    let mut away = group.clone();
    group.remove(2, 0).unwrap();
    // Meanwhile, elsewhere, the member goes and is let in again: that add does not know the removal.
    away.says(2, Op::Leave).unwrap();
    away.add(2, 0).unwrap();
    assert!(away.has(2));
    group.hears(&away);
    assert!(!group.has(2));
    group.add(2, 0).unwrap();
    assert!(group.has(2));
}

#[test]
fn anyone_leaves_and_the_earliest_member_leads_then() {
    let mut group = Group::of(4);
    group.says(0, Op::Leave).unwrap();
    assert_eq!(group.who(), [1, 2, 3]);
    assert!(group.rank(1).is_facilitator() && !group.rank(2).is_facilitator());
    group.promote(2, 1).unwrap();
    assert!(group.rank(1) < group.rank(2), "whoever acted goes on leading");
    group.demote(2, 1).unwrap();
    group.says(1, Op::Leave).unwrap();
    assert!(group.rank(2).is_facilitator());
    group.add(0, 2).unwrap();
    assert_eq!(group.rank(0), Rank::Member);
    [2, 3, 0].iter().for_each(|n| drop(group.says(*n, Op::Leave).unwrap()));
    assert!(group.members.state().ended && group.members.entitled().is_empty());
}

#[test]
fn whoever_left_says_nothing_beside_it() {
    let mut group = Group::of(3);
    let mut away = group.clone();
    group.says(0, Op::Leave).unwrap();
    away.remove(2, 0).unwrap();
    group.hears(&away);
    assert_eq!(group.who(), [1, 2]);
}

#[test]
fn a_pair_is_two_and_either_one_closes_it() {
    let mut pair = Group::new(SpaceKind::Pair, 2);
    pair.people.push(Person::new(9, 0));
    assert_eq!(pair.add(2, 0), Err(Refusal::NotEntitled));
    assert_eq!(pair.remove(1, 0), Err(Refusal::NotEntitled));
    assert_eq!(pair.promote(1, 0), Err(Refusal::NotEntitled));
    assert!(!pair.members.state().ended);
    for n in [0, 1] {
        let mut pair = pair.clone();
        pair.says(n, Op::Leave).unwrap();
        let state = pair.members.state();
        assert!(state.ended && !state.may(&pair.id(1 - n), Act::Write));
        assert_eq!(pair.who(), [1 - n]);
        assert_eq!(pair.add(2, 1 - n), Err(Refusal::NotEntitled));
    }
}

#[test]
fn of_two_let_into_a_pair_at_once_one_stands() {
    let mut pair = Group::new(SpaceKind::Pair, 1);
    pair.people.extend([Person::new(8, 0), Person::new(9, 0)]);
    let mut other = pair.clone();
    pair.add(1, 0).unwrap();
    other.add(2, 0).unwrap();
    pair.hears(&other);
    other.hears(&pair);
    assert_eq!((pair.who().len(), pair.who()), (2, other.who()));
    let out = 3 - pair.who()[1];
    assert!(pair.members.dropped().contains(&pair.people[out].keys[0].id()));
}

#[test]
fn policy_says_who_lets_in_and_whether() {
    let mut group = Group::of(2);
    group.people.extend([Person::new(8, 0), Person::new(9, 0)]);
    group.says(0, Op::Settle { policy: Policy::MEMBERS_INVITE }).unwrap();
    group.add(2, 1).unwrap();
    let mut other = group.clone();
    group.says(0, Op::Settle { policy: Policy::CLOSED }).unwrap();
    assert_eq!(group.add(3, 0), Err(Refusal::NotEntitled));
    other.promote(1, 0).unwrap();
    other.says(1, Op::Settle { policy: Policy(4) }).unwrap();
    group.hears(&other);
    assert_eq!(group.members.state().policy, Policy::CLOSED);
}

#[test]
fn a_group_has_a_limit() {
    let mut group = Group::of(1);
    for n in 1..=MAX_MEMBERS {
        let seed = u8::try_from(n).unwrap();
        group.people.push(Person { keys: vec![device(seed)], ..Person::new(seed, 0) });
        let phrase = Phrase::new(Secret::new([seed; 32]));
        group.people[n].log = DeviceLog::create(&phrase, device(seed).public()).unwrap();
        assert_eq!(group.add(n, 0).is_ok(), n < MAX_MEMBERS);
    }
    assert_eq!(group.members.state().members.len(), MAX_MEMBERS);
}

#[test]
fn everyone_names_their_own_role() {
    let mut group = Group::of(2);
    group.says(1, Op::Role { role: Role::Coach }).unwrap();
    group.says(1, Op::Role { role: Role::Sponsor }).unwrap();
    assert_eq!(group.members.state().members[&group.id(1)].role, Role::Sponsor);
    assert_eq!(group.members.state().members[&group.id(0)].role, Role::Facilitator);
}

#[test]
fn what_only_a_later_version_understands_makes_the_space_read_only() {
    let mut group = Group::of(3);
    let later = |group: &mut Group| {
        let (heads, op) = (group.members.authority_heads(), Extensible::Later(vec![0x82, 0x18, 0x63, 0x01]));
        let entry = Entry::sign(&group.members.space(), group.id(1), heads, op, &group.people[1].key());
        group.members.insert(entry.unwrap().bytes()).unwrap();
    };
    later(&mut group);
    assert!(!group.members.state().read_only, "what a member says of themselves holds nobody up");
    let account = group.id(1);
    group.says(0, Op::Promote { account }).unwrap();
    later(&mut group);
    let state = group.members.state();
    assert!(state.read_only && !state.may(&group.id(0), Act::Write) && state.may(&group.id(0), Act::Leave));
    assert_eq!(group.says(0, Op::Settle { policy: Policy::CLOSED }), Err(Refusal::ReadOnly));
    assert_eq!(group.who(), [0, 1, 2]);
    let mut other = Group::of(3);
    other.remove(1, 0).unwrap();
    other.hears(&group);
    assert!(!other.members.state().read_only, "not by somebody who was put out without knowing it");
    group.remove(1, 0).unwrap();
    assert!(!group.members.state().read_only && group.members.state().may(&group.id(0), Act::Write));
    assert_eq!(group.who(), [0, 2], "whoever held it up can be removed");
}
