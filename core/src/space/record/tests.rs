//! Rule 20: each author's own word, the newest stands, deleted means dropped.
use super::*;
use crate::crypto::{Phrase, Secret};
use crate::space::device_log::DeviceLog;
use crate::space::members::{JoinRequest, Op, Role, SpaceKind};
use crate::space::tests::{Fixed, HOME, chain, device, log_of};
use crate::space::{Chain, DeviceKeys};

/// A pair of device 1's account and device 2's, and the chain of each.
pub(in crate::space) struct Pair {
    pub(in crate::space) members: Members,
    pub(in crate::space) logs: [DeviceLog; 2],
    pub(in crate::space) chains: [Chain; 2],
}

impl Pair {
    pub(in crate::space) fn new() -> Self {
        let (one, two) = (device(1), device(2));
        let other = DeviceLog::create(&Phrase::new(Secret::new([8; 32])), two.public()).unwrap();
        let log = log_of(&one);
        let (mut members, _) =
            Members::found(SpaceKind::Pair, "", Role::Sponsor, &log, &one.sign_key(), &Fixed::new(1))
                .unwrap();
        let space = members.space();
        members.take_log(&other).unwrap();
        let request = JoinRequest::sign(&space, other.account(), &two.sign_key(), &Fixed::new(2));
        let add = Op::Add { request, role: Role::Sponsee };
        members.author(add, log.account(), &one.sign_key()).unwrap();
        let chains = [chain(space, &one, 3), chain(space, &two, 4)];
        Self { members, logs: [log, other], chains }
    }

    pub(in crate::space) fn account(&self, n: usize) -> AccountId {
        self.logs[n].account()
    }

    pub(in crate::space) fn write(&mut self, n: usize, draft: Draft) -> VerifiedItem {
        self.chains[n].next(HOME, draft).unwrap()
    }
}

fn post(text: &str) -> Content {
    Content::Post { kind: PostKind::Victory, text: text.into(), at: None }
}

fn commitment(witness: Option<AccountId>) -> Content {
    Content::Commitment { text: "Text".into(), by: Day(20_000), state: CommitmentState::Help, witness }
}

/// One of each content.
pub(in crate::space) fn all() -> Vec<(&'static str, Content)> {
    let basis = Basis { consents: vec![ItemId([3; 32])], source: [4; 32], version: 1 };
    let to = Target { account: AccountId([1; 32]), key: vec![2; 16] };
    let text = || "Text".to_owned();
    let checkin = SharedCheckIn {
        day: Day(20_000),
        minutes: 480,
        basis: basis.clone(),
        mood: Some(Mood::Good),
        urge: Some(3),
        halt: Some(vec![Halt::Lonely, Halt::Tired]),
        used: Some(Use::NotUsed),
        medication: Some(Medication::Taken),
        note: Some(text()),
        meeting: Some(text()),
    };
    let bare = SharedCheckIn {
        mood: None,
        halt: None,
        used: None,
        medication: None,
        note: None,
        meeting: None,
        ..checkin.clone()
    };
    let step = SharedStep { text: text(), state: StepState::Doing, due: Some(Day(20_001)) };
    let goal = SharedGoal {
        dimension: Dimension::Home,
        title: text(),
        state: GoalState::Open,
        steps: vec![step],
        basis: basis.clone(),
        reason: Some(text()),
    };
    let field = Field { label: text(), text: text() };
    let account = AccountId([1; 32]);
    let meeting = SharedMeeting {
        title: text(),
        day: Day(20_000),
        minutes: 480,
        place: text(),
        every_days: 7,
        every_month: Some(MonthWeek::Last),
        zone: "America/Denver".into(),
    };
    let resource = SharedResource { title: text(), detail: text() };
    let board = |value| Content::Board { value, over: vec![ItemId([2; 32])] };
    let help = |kind, text, phone| Content::HelpAnswer { to: to.clone(), kind, text, phone };
    vec![
        ("profile", Content::Profile { name: text() }),
        ("checkin", Content::CheckIn(checkin)),
        ("checkin.urge", Content::CheckIn(bare)),
        ("milestone", Content::Milestone { on: Day(20_000), days: 90, basis, text: None }),
        ("goal", Content::Goal(goal)),
        ("post", Content::Post { kind: PostKind::Setback, text: text(), at: None }),
        ("reaction", Content::Reaction { to: to.clone(), kind: Reaction::WithYou }),
        ("reply", Content::Reply { to: to.clone(), text: text(), at: None }),
        ("focus answer", Content::FocusAnswer { question: text(), text: text(), at: None }),
        ("agreement", Content::Agreement { hash: [5; 32] }),
        ("help request", Content::HelpRequest { to: vec![account], at: 1_000, text: None }),
        ("help answer", help(HelpKind::Coming, Some(text()), None)),
        ("step work", Content::StepWork { worksheet: text(), question: text(), text: text(), at: None }),
        ("call", Content::Call { at: 1_000, with: account, kept: Some(true) }),
        ("weekly", Content::Weekly { week: Day(20_000), fields: vec![field.clone()], at: None }),
        ("post.at", Content::Post { kind: PostKind::Victory, text: text(), at: Some(1_000) }),
        ("reply.at", Content::Reply { to: to.clone(), text: text(), at: Some(1_000) }),
        ("focus answer.at", Content::FocusAnswer { question: text(), text: text(), at: Some(1_000) }),
        ("help answer.okay", help(HelpKind::Okay, None, None)),
        ("help answer.cannot", help(HelpKind::CannotNow, None, None)),
        ("help answer.phone", help(HelpKind::CallMe, None, Some("555 0142".into()))),
        (
            "step work.at",
            Content::StepWork { worksheet: text(), question: text(), text: text(), at: Some(1_000) },
        ),
        ("weekly.at", Content::Weekly { week: Day(20_000), fields: vec![field], at: Some(1_000) }),
        ("commitment", commitment(Some(account))),
        ("commitment.alone", commitment(None)),
        ("board.agreement", board(BoardValue::Agreement(text()))),
        ("board.focus", board(BoardValue::Focus { question: text(), at: 1_000 })),
        (
            "board.meeting",
            board(BoardValue::Meeting { id: "a-1".into(), since: 1_000, meeting: Some(meeting) }),
        ),
        (
            "board.resource",
            board(BoardValue::Resource { id: "a-1".into(), since: 1_000, resource: Some(resource) }),
        ),
        ("board.gone", board(BoardValue::Resource { id: "a-1".into(), since: 1_000, resource: None })),
    ]
}

#[test]
fn every_content_comes_back_as_it_went() {
    for (name, content) in all() {
        let record = Record::new(AccountId([9; 32]), content);
        let draft = record.draft(vec![1; 16]).unwrap();
        assert_eq!(Record::read(&draft.body), Ok(record), "{name}");
    }
    let date = chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    assert_eq!(
        (Day::from(date).date(), Day(0).date().unwrap().to_string()),
        (Some(date), "1970-01-01".into())
    );
    assert_eq!(Day(i32::MAX).date(), None);
}

#[test]
fn what_only_a_later_version_says_is_kept() {
    let account = AccountId([9; 32]);
    // Another number; a known number with one more field; a known field with an unknown value.
    for later in
        [vec![0x82, 0x18, 0x63, 0x01], vec![0x83, 0x00, 0x61, 0x61, 0x01], vec![0x83, 0x04, 0x09, 0x60]]
    {
        let record = Record { author: account, content: Extensible::Later(later) };
        let body = record.draft(vec![1]).unwrap().body;
        assert_eq!(Record::read(&body), Ok(record.clone()));
        assert_eq!(codec::encode(&Record::read(&body).unwrap()), body);
    }
    let nonsense = Record { author: account, content: Extensible::Later(vec![0x61, 0x61]) };
    assert_eq!(Record::read(&codec::encode(&nonsense)), Err(Refusal::Malformed));
}

#[test]
fn contents_have_limits() {
    let refused = |content| Record::new(AccountId([9; 32]), content).draft(vec![1]).err();
    assert_eq!(refused(post(&"ñ".repeat(MAX_NOTE))), None);
    assert_eq!(refused(post(&"ñ".repeat(MAX_NOTE + 1))), Some(Refusal::Oversized));
    assert_eq!(refused(Content::Profile { name: "n".repeat(MAX_NAME + 1) }), Some(Refusal::Oversized));
    let fields = vec![Field { label: String::new(), text: String::new() }; MAX_LIST + 1];
    assert_eq!(refused(Content::Weekly { week: Day(0), fields, at: None }), Some(Refusal::Oversized));
    let long = Content::Commitment {
        text: "n".repeat(MAX_LINE + 1),
        by: Day(0),
        state: CommitmentState::NotYet,
        witness: None,
    };
    assert_eq!(refused(long), Some(Refusal::Oversized));
    let twice = vec![AccountId([1; 32]); 2];
    assert_eq!(refused(Content::HelpRequest { to: twice, at: 0, text: None }), Some(Refusal::NotCanonical));
    let Content::CheckIn(checkin) = all().swap_remove(1).1 else { panic!("not a check-in") };
    let odd = |change: fn(&mut SharedCheckIn)| {
        let mut checkin = checkin.clone();
        change(&mut checkin);
        refused(Content::CheckIn(checkin))
    };
    assert_eq!(odd(|checkin| checkin.urge = Some(11)), Some(Refusal::Malformed));
    assert_eq!(odd(|checkin| checkin.minutes = 1440), Some(Refusal::Malformed));
    assert_eq!(
        odd(|checkin| checkin.halt = Some(vec![Halt::Tired, Halt::Angry])),
        Some(Refusal::NotCanonical)
    );
    assert_eq!(odd(|checkin| checkin.note = Some("n".repeat(MAX_NOTE + 1))), Some(Refusal::Oversized));
}

#[test]
fn the_newest_stands_whatever_the_order() {
    let mut pair = Pair::new();
    let (author, key) = (pair.account(0), fresh_key(&Fixed::new(1)));
    let say = |text: &str| Record::new(author, post(text)).draft(key.clone()).unwrap();
    let mut items: Vec<VerifiedItem> = ["one", "two", "three"].map(|text| pair.write(0, say(text))).into();
    for _ in 0..items.len() {
        items.rotate_left(1);
        let standing = newest(&items, &pair.members);
        assert_eq!(standing[&(author, key.clone())].content, Some(Extensible::Known(post("three"))));
    }
    items.insert(0, pair.write(0, tombstone(key.clone())));
    assert_eq!(newest(&items, &pair.members)[&(author, key)].content, None);
}

#[test]
fn nobody_writes_or_drops_anothers_record() {
    let mut pair = Pair::new();
    let (victim, other, key) = (pair.account(0), pair.account(1), vec![7; 16]);
    let own = pair.write(0, Record::new(victim, post("mine")).draft(key.clone()).unwrap());
    pair.chains[1].saw(1 << 20);
    let forged = pair.write(1, Record::new(victim, post("not mine")).draft(key.clone()).unwrap());
    let dropped = pair.write(1, tombstone(key.clone()));
    let standing = newest([&own, &forged, &dropped], &pair.members);
    assert_eq!(standing[&(victim, key.clone())].item, own.id());
    assert_eq!(standing[&(other, key)].content, None);
}

#[test]
fn a_claim_to_anothers_device_takes_no_record() {
    let mut pair = Pair::new();
    let (victim, key) = (pair.account(0), vec![7; 16]);
    let own = pair.write(0, Record::new(victim, post("mine")).draft(key.clone()).unwrap());
    let thief: DeviceKeys = device(2);
    let claim = pair.logs[1].add(device(1).public(), &thief).unwrap();
    pair.members.insert_device(pair.account(1), claim.bytes()).unwrap();
    let standing = newest([&own], &pair.members);
    assert_eq!(standing.into_keys().collect::<Vec<_>>(), [(victim, key)]);
}
