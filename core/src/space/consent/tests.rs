//! Rules 21 and 22: what may be shared, and that nothing else is.
use chrono::NaiveTime;
use trellis_api_types::checkin::{self as private, CheckIn};
use trellis_api_types::plan::{self, Goal, GoalText};

use super::project::fields_of;
use super::*;
use crate::crypto::Secret;
use crate::space::record::tests::Pair;
use crate::space::record::{Content, Posted, Record, SharedCheckIn};
use crate::space::tests::mark;
use crate::space::{SpaceId, WriterId};

const SIGNED: Day = Day(20_000);
const SPACE: SpaceId = SpaceId([5; 32]);

fn source(blind: &Secret) -> Source<'_> {
    Source { space: &SPACE, blind }
}

fn blind() -> Secret {
    Secret::new([6; 32])
}

fn consent(fields: Fields) -> Consent {
    let author = AccountId([1; 32]);
    Consent { fields, ..Consent::new(author, RecipientKind::Person, SIGNED) }
}

fn given(n: u8, consent: Consent) -> Given {
    Given { id: ItemId([n; 32]), consent: Extensible::Known(consent) }
}

fn effective(consents: &[Consent]) -> Option<Effective> {
    let given: Vec<Given> = (1..).zip(consents).map(|(n, consent)| given(n, consent.clone())).collect();
    Effective::of(&given, SIGNED)
}

/// A check-in full of words that must not get out by themselves.
fn checkin() -> CheckIn {
    CheckIn {
        id: "CANARY-ID".into(),
        date: SIGNED.date().unwrap(),
        time: NaiveTime::from_hms_opt(8, 30, 0).unwrap(),
        mood: private::Mood::VeryLow,
        urge: Some(9),
        halt: vec![private::Halt::Tired, private::Halt::Angry],
        used: Some(private::Use::Used),
        medication: Some(private::Medication::Skipped),
        tags: vec!["CANARY-TAG".into()],
        note: "CANARY-NOTE".into(),
        learned: "CANARY-LEARNED".into(),
        kept: private::Kept::default(),
        edited_at: 0,
    }
}

fn project(effective: &Effective, checkin: &CheckIn) -> Option<SharedCheckIn> {
    match effective.checkin(checkin, "CANARY-MEETING", source(&blind()))? {
        Content::CheckIn(shared) => Some(shared),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_set_of_fields_shares_these_and_no_others() {
    for bits in 0..1u32 << 9 {
        let fields = Fields(bits);
        let effective = effective(&[consent(fields)]).unwrap();
        let shared = project(&effective, &checkin());
        let wanted = Fields::OF_CHECKIN.into_iter().filter(|field| fields.has(*field));
        let wanted = wanted.fold(Fields::default(), Fields::with);
        assert_eq!(shared.as_ref().map(fields_of).unwrap_or_default(), wanted);
        let Some(shared) = shared else { continue };
        let record = Record::new(AccountId([1; 32]), Content::CheckIn(shared));
        let bytes = record.draft(record_key(&SPACE, &checkin().id)).unwrap().body;
        let holds = |canary: &str| bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
        assert!(!holds("CANARY-ID") && !holds("CANARY-TAG") && !holds("CANARY-LEARNED"));
        assert_eq!(holds("CANARY-NOTE"), fields.has(Fields::NOTE));
        assert_eq!(holds("CANARY-MEETING"), fields.has(Fields::MEETINGS));
    }
}

#[test]
fn a_field_that_is_not_shared_does_not_change_what_is_sent() {
    for field in Fields::OF_CHECKIN {
        let rest = Fields(Fields::OF_CHECKIN.into_iter().fold(0, |all, field| all | field.0) & !field.0);
        let effective = effective(&[consent(rest)]).unwrap();
        let other = CheckIn {
            mood: private::Mood::Great,
            urge: Some(1),
            halt: vec![private::Halt::Hungry],
            used: Some(private::Use::NotUsed),
            medication: Some(private::Medication::Taken),
            note: "other".into(),
            ..checkin()
        };
        let one = project(&effective, &checkin()).unwrap();
        let two = project(&effective, &keep_but(&other, field)).unwrap();
        let blank = |shared: SharedCheckIn| SharedCheckIn { basis: one.basis.clone(), ..shared };
        assert_eq!(blank(one.clone()), blank(two.clone()), "{field:?}");
    }
}

/// The check-in of the canaries with one field out of another.
fn keep_but(other: &CheckIn, field: Fields) -> CheckIn {
    let mut changed = checkin();
    match field {
        Fields::MOOD => changed.mood = other.mood,
        Fields::URGE => changed.urge = other.urge,
        Fields::HALT => changed.halt = other.halt.clone(),
        Fields::USE => changed.used = other.used,
        Fields::MEDICATION => changed.medication = other.medication,
        Fields::NOTE => changed.note = other.note.clone(),
        _ => {}
    }
    changed
}

#[test]
fn the_hash_of_the_source_says_only_whether_it_changed() {
    let effective = effective(&[consent(Fields::URGE)]).unwrap();
    let hash = |checkin: &CheckIn, blind: &Secret| {
        effective.checkin(checkin, "", source(blind)).unwrap().basis().unwrap().source
    };
    let changed = CheckIn { note: "other".into(), ..checkin() };
    assert_eq!(hash(&checkin(), &blind()), hash(&checkin(), &blind()));
    assert_ne!(hash(&checkin(), &blind()), hash(&changed, &blind()));
    assert_ne!(hash(&checkin(), &blind()), hash(&checkin(), &Secret::new([7; 32])));
}

#[test]
fn all_unreplaced_consents_have_to_allow_it() {
    let wide = consent(Fields(u32::MAX));
    let narrow = Consent { from: Day(20_002), ..consent(Fields::URGE.with(Fields::NOTE)) };
    let both = effective(&[wide.clone(), narrow.clone()]).unwrap();
    assert!(both.allows(Fields::URGE) && !both.allows(Fields::MOOD) && !both.covers(SIGNED));
    assert_eq!(both.consents().len(), 2);
    assert_eq!(effective(&[]), None);
    let replaced = [given(1, wide.clone()), given(2, Consent { replaces: vec![ItemId([1; 32])], ..narrow })];
    let after = Effective::of(&replaced, SIGNED).unwrap();
    assert_eq!((after.consents(), after.allows(Fields::MOOD)), (&[ItemId([2; 32])][..], false));
    let widened = Consent { replaces: vec![ItemId([2; 32])], ..wide };
    let widened = [replaced.to_vec(), vec![given(3, widened)]].concat();
    assert!(Effective::of(&widened, SIGNED).unwrap().allows(Fields::MOOD));
}

#[test]
fn what_is_expired_or_cannot_be_read_allows_nothing() {
    let ends = Consent { until: Some(Until::Date(Day(20_010))), ..consent(Fields::MOOD) };
    let event = Consent { until: Some(Until::Event("programme ends".into())), ..consent(Fields::MOOD) };
    let of = |given: &[Given], today| Effective::of(given, Day(today)).is_some();
    assert!(of(&[given(1, ends.clone())], 20_010) && !of(&[given(1, ends.clone())], 20_011));
    assert!(of(&[given(1, event.clone())], 90_000));
    assert!(!of(&[given(1, ends), given(2, event.clone())], 20_011));
    let later = Given { id: ItemId([3; 32]), consent: Extensible::Later(vec![0x81, 0x02]) };
    assert!(!of(&[given(1, event.clone()), later.clone()], 20_000));
    let again = Consent { replaces: vec![ItemId([3; 32])], ..event };
    assert!(of(&[given(1, again), later], 20_000));
}

#[test]
fn a_consent_never_looks_back_by_itself() {
    let early = Consent { from: Day(19_000), ..consent(Fields::MOOD) };
    assert_eq!(early.draft().err(), Some(Refusal::Backdated));
    let meant = Consent { backwards: true, ..early };
    let body = meant.draft().unwrap().body;
    assert_eq!(Consent::read(&body), Ok(Extensible::Known(meant.clone())));
    assert!(effective(&[meant]).unwrap().covers(Day(19_000)));
    let yesterday = CheckIn { date: Day(19_999).date().unwrap(), ..checkin() };
    assert_eq!(project(&effective(&[consent(Fields::MOOD)]).unwrap(), &yesterday), None);
    let ends = Consent { until: Some(Until::Date(Day(19_999))), ..consent(Fields::MOOD) };
    assert_eq!(ends.draft().err(), Some(Refusal::Malformed));
    let long = Consent { purpose: "p".repeat(MAX_TEXT + 1), ..consent(Fields::MOOD) };
    assert_eq!(long.draft().err(), Some(Refusal::Oversized));
    let trailing = [codec::encode(&consent(Fields::MOOD)), vec![0]].concat();
    assert_eq!(Consent::read(&trailing), Err(Refusal::NotCanonical));
}

#[test]
fn goals_are_shared_by_dimension_by_id_or_all() {
    let goal = |id: &str, dimension| Goal {
        id: id.into(),
        text: GoalText {
            dimension,
            title: "CANARY-TITLE".into(),
            reason: String::new(),
            state: Default::default(),
        },
        steps: vec![],
        helps: vec![plan::Line { id: "l".into(), text: "CANARY-HELP".into() }],
        supporters: vec![plan::Line { id: "s".into(), text: "CANARY-PERSON".into() }],
    };
    let with = |goals: Goals| Consent { goals, ..consent(Fields::default()) };
    let some = Goals::Some { dimensions: vec![Dimension::Home], goals: vec!["a".into()] };
    let shares = |goals: &[Goals], id: &str, dimension| {
        let consents: Vec<Consent> = goals.iter().cloned().map(with).collect();
        effective(&consents).unwrap().goal(&goal(id, dimension), source(&blind()))
    };
    assert!(shares(&[Goals::All], "b", plan::Dimension::Health).is_some());
    assert!(shares(&[Goals::All, Goals::None], "b", plan::Dimension::Health).is_none());
    assert!(shares(std::slice::from_ref(&some), "b", plan::Dimension::Health).is_none());
    assert!(shares(std::slice::from_ref(&some), "b", plan::Dimension::Home).is_some());
    let shared = shares(&[some, Goals::All], "a", plan::Dimension::Health).unwrap();
    let bytes = codec::encode(&Record::new(AccountId([1; 32]), shared));
    let holds = |canary: &str| bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
    assert!(holds("CANARY-TITLE") && !holds("CANARY-HELP") && !holds("CANARY-PERSON"));
    let effective = effective(&[consent(Fields::MILESTONES)]).unwrap();
    assert!(effective.milestone(SIGNED, 90, "", source(&blind())).is_some());
    assert!(effective.milestone(Day(19_999), 90, "", source(&blind())).is_none());
    let without = super::tests::effective(&[consent(Fields::MOOD)]).unwrap();
    assert!(without.milestone(SIGNED, 90, "", source(&blind())).is_none());
}

#[test]
fn what_was_sent_stays_unless_it_changes_or_is_taken_back() {
    let wide = given(1, consent(Fields::MOOD.with(Fields::NOTE)));
    let shared = |given: &[Given], checkin: &CheckIn| {
        Effective::of(given, SIGNED).and_then(|effective| effective.checkin(checkin, "", source(&blind())))
    };
    let first = shared(std::slice::from_ref(&wide), &checkin()).unwrap();
    let step = |given: &[Given], checkin: &CheckIn| next(shared(given, checkin), Some(&first), given, false);
    assert_eq!(next(Some(first.clone()), None, &[], false), Step::Publish(first.clone()));
    assert_eq!(next(Some(first.clone()), None, &[], true), Step::Keep);
    assert_eq!(step(std::slice::from_ref(&wide), &checkin()), Step::Keep);
    let replaces = vec![wide.id];
    let narrow = Consent { replaces, ..consent(Fields::MOOD) };
    let narrowed = [wide.clone(), given(2, narrow.clone())];
    assert_eq!(step(&narrowed, &checkin()), Step::Keep);
    let edited = CheckIn { mood: private::Mood::Great, ..checkin() };
    assert_eq!(step(&narrowed, &edited), Step::Publish(shared(&narrowed, &edited).unwrap()));
    let retract = [wide.clone(), given(2, Consent { retract: true, ..narrow.clone() })];
    assert_eq!(step(&retract, &checkin()), Step::Publish(shared(&retract, &checkin()).unwrap()));
    let nothing = [wide.clone(), given(2, Consent { fields: Fields::default(), ..narrow.clone() })];
    assert_eq!(step(&nothing, &checkin()), Step::Keep);
    let all_back =
        [wide.clone(), given(2, Consent { fields: Fields::default(), retract: true, ..narrow.clone() })];
    assert_eq!(step(&all_back, &checkin()), Step::Tombstone);
    assert_eq!(next(None, Some(&first), &nothing, true), Step::Tombstone);
    let fields = Fields::MOOD.with(Fields::NOTE).with(Fields::URGE);
    let widened = [wide, given(2, Consent { fields, ..narrow })];
    assert!(matches!(step(&widened, &checkin()), Step::Publish(_)));
}

#[test]
fn a_later_versions_work_on_the_same_source_is_left_alone() {
    let all = [given(1, consent(Fields::MOOD))];
    let effective = Effective::of(&all, SIGNED).unwrap();
    let wanted = effective.checkin(&checkin(), "", source(&blind())).unwrap();
    let Content::CheckIn(mut newer) = wanted.clone() else { panic!() };
    (newer.basis.version, newer.minutes) = (PROJECTION + 1, 0);
    assert_eq!(next(Some(wanted.clone()), Some(&Content::CheckIn(newer.clone())), &all, false), Step::Keep);
    newer.basis.source = [0; 32];
    assert_eq!(
        next(Some(wanted.clone()), Some(&Content::CheckIn(newer)), &all, false),
        Step::Publish(wanted)
    );
}

#[test]
fn what_was_written_after_its_consent_ended_is_dropped() {
    let mut pair = Pair::new();
    let author = pair.account(1);
    let first = pair.write(1, Consent { author, ..consent(Fields::MOOD) }.draft().unwrap());
    let all = super::given([&first], &pair.members);
    let effective = Effective::of(&all[&author], SIGNED).unwrap();
    let content = effective.checkin(&checkin(), "", source(&blind())).unwrap();
    let record = Record::new(author, content.clone()).draft(vec![1; 16]).unwrap();
    let (before, stale) = (pair.write(1, record.clone()), pair.write(1, record));
    let (replaces, known) = (vec![first.id()], vec![mark(&before)]);
    let second = Consent { author, replaces, known, ..consent(Fields::URGE) };
    let second = pair.write(1, second.draft().unwrap());
    let posted = |item: &VerifiedItem| Posted {
        item: item.id(),
        lamport: item.item().lamport,
        writer: item.item().writer,
        seq: item.item().seq,
        content: None,
    };
    let (basis, all) = (content.basis().unwrap(), super::given([&first, &second], &pair.members));
    let judge = |posted: &Posted, basis, given: &[Given]| verdict(posted, basis, given);
    assert_eq!(judge(&posted(&before), basis, &all[&author]), Verdict::Show);
    assert_eq!(judge(&posted(&stale), basis, &all[&author]), Verdict::Drop);
    let elsewhere = Posted { writer: WriterId([9; 16]), ..posted(&before) };
    assert_eq!(judge(&elsewhere, basis, &all[&author]), Verdict::Drop);
    assert_eq!(judge(&posted(&stale), basis, &[]), Verdict::Wait);
    let none = super::super::record::Basis { consents: vec![], ..basis.clone() };
    assert_eq!(judge(&posted(&before), &none, &all[&author]), Verdict::Drop);
}

#[test]
fn a_consent_is_its_authors_own() {
    let mut pair = Pair::new();
    let (victim, forger) = (pair.account(0), pair.account(1));
    let forged = pair.write(1, Consent { author: victim, ..consent(Fields(u32::MAX)) }.draft().unwrap());
    assert!(super::given([&forged], &pair.members).is_empty());
    let draft = crate::space::Draft { kind: Kind::Consent, key: vec![], body: vec![0x81, 0x02] };
    let later = pair.write(1, draft);
    let all = super::given([&later], &pair.members);
    assert_eq!(Effective::of(&all[&forger], SIGNED), None);
}
