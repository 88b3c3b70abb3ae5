//! Nothing reaches the others that was not agreed to: every combination of fields, through the whole exchange, and then
//! everything opened that the relay and the other device hold.

use std::collections::BTreeSet;

use chrono::{Days, NaiveTime};
use trellis_api_types::checkin::{self as private, CheckIn};
use trellis_api_types::plan::{
    Dimension as Part, GoalState, GoalText, Line, LineList, Need, PlanEdit, Step, StepState,
};
use trellis_api_types::safety::{SafetyEdit, SafetyEntry, SafetyKind, SafetyPart};
use trellis_api_types::settings::SettingsEdit;

use super::world::{Phone, World};
use crate::crdt::{
    DocId, Edit, read_checkin, remove_checkin, row_of, write_checkin, write_plan, write_safety,
    write_settings,
};
use crate::error::Result;
use crate::space::consent::{Consent, Fields, Goals, RecipientKind};
use crate::space::record::{Content, Day, Dimension, Record, SharedCheckIn};
use crate::space::{Kind, SpaceId};
use crate::store::records::Pick;
use crate::sync::shared::{consent, records};

const PARTS: [Part; 3] = [Part::Health, Part::Home, Part::Purpose];
/// What is never shared, whatever was agreed to.
const NEVER: [&str; 10] = [
    "LearnedQanary",
    "KeptQanary",
    "FamilyQanary",
    "DetailQanary",
    "HelpsQanary",
    "SupporterQanary",
    "OwnWordsQanary",
    "NeedQanary",
    "SafetyQanary",
    "IdQanary",
];

impl Phone {
    fn edit(&mut self, id: DocId, work: impl FnOnce(&mut Edit<'_>) -> Result<()>) {
        self.take_writer();
        let (store, docs) = (self.store.as_mut().unwrap(), &mut self.docs);
        store.tx(|tx| docs.edit(tx, id, work)).unwrap();
        self.engine.touch();
    }

    /// A check-in with something in every field, or with a mood only.
    fn tell(&mut self, id: &str, all: bool, urge: u8) {
        let checkin = self.checkin(id, all, urge);
        self.keep(&checkin);
    }

    /// A check-in with something in every field, of which something is kept.
    fn tell_keeping(&mut self, id: &str, kept: private::Kept) {
        let told = self.checkin(id, true, 7);
        self.keep(&CheckIn { note: "KeptQanary".into(), kept, ..told });
    }

    fn checkin(&self, id: &str, all: bool, urge: u8) -> CheckIn {
        let told = |text: &str| if all { text.to_owned() } else { String::new() };
        CheckIn {
            id: format!("{id}-IdQanary"),
            date: self.today(),
            time: NaiveTime::from_hms_opt(9, 41, 0).unwrap(),
            mood: private::Mood::Low,
            urge: all.then_some(urge),
            halt: if all { vec![private::Halt::Lonely] } else { Vec::new() },
            used: all.then_some(private::Use::Used),
            medication: all.then_some(private::Medication::Skipped),
            tags: if all { vec!["FamilyQanary".into(), "PlaceQanary".into()] } else { Vec::new() },
            note: told("NoteQanary"),
            learned: told("LearnedQanary"),
            kept: private::Kept::default(),
            edited_at: 0,
        }
    }

    fn keep(&mut self, checkin: &CheckIn) {
        self.take_writer();
        let (store, docs) = (self.store.as_mut().unwrap(), &mut self.docs);
        let home = DocId::journal(checkin.date);
        let kept = store.tx(|tx| {
            docs.edit(tx, home, |edit| write_checkin(edit, checkin))?;
            let kept = read_checkin(docs.get(tx, home)?, &checkin.id).unwrap();
            tx.index_checkin(&row_of(home, &kept))
        });
        kept.unwrap();
        self.engine.touch();
    }

    /// A plan with a goal in three dimensions, and all else that is nobody's business.
    fn plan(&mut self) {
        let today = self.today();
        let line = |list, text: &str| PlanEdit::PutLine {
            list,
            line: Line { id: "IdQanary".into(), text: text.into() },
        };
        let mut edits = vec![
            PlanEdit::OwnWords("OwnWordsQanary".into()),
            line(LineList::Strengths, "OwnWordsQanary"),
            PlanEdit::PutNeed(Need {
                id: "n-IdQanary".into(),
                text: "NeedQanary".into(),
                detail: "NeedQanary".into(),
                due: None,
                done: false,
            }),
        ];
        for part in PARTS {
            let (id, word) = (goal(part), |what: &str| format!("{what}{part:?}Qanary"));
            let text = GoalText {
                dimension: part,
                title: word("Title"),
                reason: word("Reason"),
                state: GoalState::Open,
            };
            let step = Step {
                id: "s-IdQanary".into(),
                text: word("Step"),
                detail: "DetailQanary".into(),
                due: None,
                state: StepState::Doing,
            };
            edits.push(PlanEdit::PutGoal { id: id.clone(), text });
            edits.push(PlanEdit::PutStep { goal: id.clone(), step });
            edits.push(line(LineList::Helps(id.clone()), "HelpsQanary"));
            edits.push(line(LineList::Supporters(id), "SupporterQanary"));
        }
        self.edit(DocId::Plan, |edit| edits.iter().try_for_each(|change| write_plan(edit, change, today)));
        let entry = SafetyEntry {
            id: "IdQanary".into(),
            part: SafetyPart::WarningSigns,
            text: "SafetyQanary".into(),
            phone: String::new(),
            kind: SafetyKind::Text,
            detail: "SafetyQanary".into(),
            texts: false,
        };
        self.edit(DocId::Safety, |edit| write_safety(edit, &SafetyEdit::Put(entry), today));
        let start = today - Days::new(40);
        let settings =
            [SettingsEdit::RecoveryStart(Some(start)), SettingsEdit::Meetings(vec!["PlaceQanary".into()])];
        self.edit(DocId::Settings, |edit| settings.iter().try_for_each(|one| write_settings(edit, one)));
    }

    /// Agrees to this, days before today too.
    fn agree(&mut self, space: &SpaceId, fields: Fields, goals: Goals, retract: bool) {
        let (me, today, now) = (self.account(), Day::from(self.today()), self.ground.now.get());
        let from = Day::from(self.today() - Days::new(60));
        let draft = Consent {
            fields,
            goals,
            retract,
            from,
            backwards: true,
            ..Consent::new(me, RecipientKind::Person, today)
        };
        self.within(space, |tx, _, known| consent::sign(tx, known.members()?, draft, now)).unwrap();
    }

    /// What of another one's private records is shown here.
    fn sees(&mut self, space: &SpaceId) -> Vec<Content> {
        let all = self.within(space, |tx, _, known| {
            records::standing(tx, known.members()?, &Pick::Newest(&[1, 2, 3], 1000))
        });
        all.unwrap().into_iter().map(|it| it.content).collect()
    }
}

fn goal(part: Part) -> String {
    format!("goal {part:?}")
}

fn choices() -> [Goals; 3] {
    let some = Goals::Some { dimensions: vec![Dimension::Home], goals: vec![goal(Part::Purpose)] };
    [Goals::None, some, Goals::All]
}

fn has_goal(goals: &Goals, part: Part) -> bool {
    match goals {
        Goals::None => false,
        Goals::Some { .. } => part != Part::Health,
        Goals::All => true,
    }
}

/// The fields that a check-in speaks of.
fn told(checkin: &SharedCheckIn) -> Fields {
    let said = [
        checkin.mood.is_some(),
        checkin.urge.is_some(),
        checkin.halt.is_some(),
        checkin.used.is_some(),
        checkin.medication.is_some(),
        checkin.note.is_some(),
        checkin.meeting.is_some(),
    ];
    Fields(said.into_iter().enumerate().map(|(place, said)| u32::from(said) << place).sum())
}

/// A person who shares, and somebody who looks at all there is.
struct Watch {
    world: World,
    space: SpaceId,
    seen: usize,
}

const OF_CHECKIN: u32 = 0b111_1111;

impl Watch {
    fn new(seed: u8) -> Self {
        let (mut world, space) = World::group(seed, 2);
        world.phones[0].plan();
        world.phones[0].tell("full", true, 7);
        world.phones[0].tell("bare", false, 0);
        world.phones[0].tell_keeping("whole", private::Kept { all: true, ..Default::default() });
        let part = private::Kept { used: true, note: true, all: false };
        world.phones[0].tell_keeping("part", part);
        Self { world, space, seen: 0 }
    }

    fn exchange(&mut self) {
        self.world.pass(1_000);
        self.world.settle(0);
        self.world.settle(1);
    }

    /// Everything that has come to the relay since, opened: nothing in it goes beyond what was agreed to.
    fn look(&mut self, fields: Fields, goals: &Goals) {
        let keys = self.world.phones[1].epoch_keys(&self.space);
        let all = self.world.relay.envelopes(keys.mailbox());
        for envelope in &all[self.seen..] {
            let item = keys.open(envelope).unwrap().verify().unwrap();
            assert_nothing_else(&item.to_carried().item, fields, goals);
            if let (Kind::Record, Ok(record)) = (item.item().kind, Record::read(&item.item().body)) {
                assert_agreed(record.content.known().unwrap(), fields, goals);
            }
        }
        self.seen = all.len();
    }

    /// What the other one is shown is exactly what was agreed to.
    fn assert_shown(&mut self, fields: Fields, goals: &Goals) {
        let shown = self.world.phones[1].sees(&self.space);
        shown.iter().for_each(|content| assert_agreed(content, fields, goals));
        let of_checkin: BTreeSet<u32> = shown
            .iter()
            .filter_map(|it| match it {
                Content::CheckIn(checkin) => Some(told(checkin).0),
                _ => None,
            })
            .collect();
        let (full, bare) = (fields.0 & OF_CHECKIN, fields.0 & Fields::MOOD.0);
        let part = full & !Fields::USE.with(Fields::NOTE).0;
        let expected: BTreeSet<u32> = [full, bare, part].into_iter().filter(|fields| *fields != 0).collect();
        assert_eq!(of_checkin, expected, "{fields:?}");
        let milestones = shown.iter().filter(|it| matches!(it, Content::Milestone { .. })).count();
        assert_eq!(milestones, if fields.has(Fields::MILESTONES) { 4 } else { 0 }, "{fields:?}");
        let shared = PARTS.iter().filter(|part| has_goal(goals, **part)).count();
        assert_eq!(shown.iter().filter(|it| matches!(it, Content::Goal(_))).count(), shared, "{goals:?}");
    }

    /// Nothing that was taken back, or never agreed to, is left in what the other device holds.
    fn assert_held(&mut self, fields: Fields, goals: &Goals) {
        let items = self.world.phones[1].within(&self.space, |tx, _, _| tx.all_items()).unwrap();
        items.iter().for_each(|row| assert_nothing_else(&row.signed, fields, goals));
    }
}

fn assert_agreed(content: &Content, fields: Fields, goals: &Goals) {
    match content {
        Content::CheckIn(checkin) => {
            assert!(fields.has(told(checkin)) && told(checkin).0 != 0, "{fields:?} {checkin:?}");
        }
        Content::Milestone { .. } => assert!(fields.has(Fields::MILESTONES), "{fields:?}"),
        Content::Goal(goal) => {
            let part = PARTS.into_iter().find(|part| Dimension::from(*part) == goal.dimension).unwrap();
            assert!(has_goal(goals, part), "{goals:?} {part:?}");
        }
        Content::Profile { .. } => {}
        other => panic!("nobody wrote {other:?}"),
    }
}

/// No word is in there that was not agreed to, in whatever field, key or kind of item.
fn assert_nothing_else(bytes: &[u8], fields: Fields, goals: &Goals) {
    let holds = |word: &str| bytes.windows(word.len()).any(|part| part == word.as_bytes());
    let agreed = [(Fields::NOTE, "NoteQanary"), (Fields::MEETINGS, "PlaceQanary")];
    for (field, word) in agreed {
        assert!(fields.has(field) || !holds(word), "{word} under {fields:?}");
    }
    for part in PARTS.into_iter().filter(|part| !has_goal(goals, *part)) {
        assert!(!holds(&format!("{part:?}Qanary")), "a goal of {part:?} under {goals:?}");
    }
    NEVER.iter().for_each(|word| assert!(!holds(word), "{word}"));
}

/// Combinations in an order in which fields come and go: each is taken back by the next.
fn every_combination(of: std::ops::Range<u32>) {
    let mut watch = Watch::new(1);
    for step in of {
        // A person who has signed hundreds of consents is none; a fresh one goes on.
        if step % 64 == 0 {
            watch = Watch::new(u8::try_from(step / 64).unwrap());
        }
        let fields = Fields(step.wrapping_mul(167).wrapping_add(93) % 512);
        let goals = choices()[(step as usize * 7 + step as usize / 64) % 3].clone();
        watch.world.phones[0].agree(&watch.space, fields, goals.clone(), true);
        if step % 8 == 5 {
            watch.world.phones[0].tell("full", true, u8::try_from(step % 11).unwrap());
        }
        watch.exchange();
        watch.look(fields, &goals);
        watch.assert_shown(fields, &goals);
        if step % 16 == 0 {
            watch.assert_held(fields, &goals);
        }
    }
}

#[test]
fn exactly_what_was_agreed_to_is_shared_by_half_of_all_combinations_of_fields() {
    every_combination(0..256);
}

#[test]
fn exactly_what_was_agreed_to_is_shared_by_the_other_half_of_all_combinations() {
    every_combination(256..512);
}

/// A check-in that was sent and is kept now is gone from the other device; a kept answer alone is.
#[test]
fn what_is_kept_later_is_taken_back() {
    let mut watch = Watch::new(3);
    let (fields, goals) = (Fields(511), Goals::None);
    watch.world.phones[0].agree(&watch.space, fields, goals.clone(), false);
    watch.world.phones[0].tell("later", true, 5);
    watch.exchange();
    watch.look(fields, &goals);
    watch.assert_shown(fields, &goals);
    for id in ["full", "later"] {
        let mut told = watch.world.phones[0].checkin(id, true, 5);
        told.kept = private::Kept { note: id == "full", all: id == "later", used: false };
        watch.world.phones[0].keep(&told);
    }
    watch.exchange();
    watch.look(Fields(511 & !Fields::NOTE.0), &goals);
    watch.assert_held(Fields(511 & !Fields::NOTE.0), &goals);
    let checkins =
        watch.world.phones[1].sees(&watch.space).into_iter().filter(|it| matches!(it, Content::CheckIn(_)));
    assert_eq!(checkins.count(), 3, "full, bare and part");
}

/// Without taking back: what was sent stays, and nothing new goes beyond what is agreed to when it is sent.
#[test]
fn a_random_walk_of_narrower_and_wider_consents_sends_nothing_beyond_them() {
    let mut watch = Watch::new(2);
    let mut random = 5_u32;
    for step in 0..80u32 {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let (fields, goals) = (Fields((random >> 16) % 512), choices()[(random >> 26) as usize % 3].clone());
        watch.world.phones[0].agree(&watch.space, fields, goals.clone(), random >> 31 == 1);
        if step % 2 == 0 {
            watch.world.phones[0].tell(&format!("day {}", step / 6), step % 3 != 0, 3);
        }
        watch.exchange();
        watch.look(fields, &goals);
    }
    watch.world.phones[0].agree(&watch.space, Fields::default(), Goals::None, true);
    watch.exchange();
    assert!(watch.world.phones[1].sees(&watch.space).is_empty());
    watch.assert_held(Fields::default(), &Goals::None);
}

#[test]
fn however_many_consents_a_stolen_phone_signed_its_person_can_end_them_and_agree_to_less() {
    let (mut world, space) = World::group(30, 2);
    world.phones[0].check_in("a", "", private::Mood::Low, 9);
    let (me, today) = (world.phones[0].account(), Day::from(world.phones[0].today()));
    for n in 0..100 {
        let base = Consent::new(me, RecipientKind::Group, today);
        let wide = Consent { fields: Fields::MOOD, purpose: format!("{n}"), ..base };
        world.plant(0, &space, wide.draft().unwrap());
    }
    world.settle_all();
    world.phones[0].try_consent(&space, Fields::default(), true).unwrap();
    world.settle_all();
    world.settle_all();
    assert!(world.phones[1].shared_checkins(&space).is_empty());
    world.phones[0].consent(&space, Fields::URGE, false);
    world.phones[0].check_in("b", "", private::Mood::Low, 9);
    world.settle_all();
    let seen = world.phones[1].shared_checkins(&space);
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|one| one.mood.is_none() && one.urge == Some(9)));
}

#[test]
fn a_record_that_cannot_be_shared_keeps_no_other_from_it_nor_from_being_taken_back() {
    let (mut world, space) = World::group(31, 2);
    world.phones[0].consent(&space, Fields::MOOD.with(Fields::URGE), false);
    world.phones[0].check_in("a", "", private::Mood::Low, 9);
    world.settle_all();
    assert_eq!(world.phones[1].shared_checkins(&space).len(), 1);
    // What another device wrote into the private document may be anything.
    world.phones[0].check_in("bad", "", private::Mood::Low, 200);
    world.phones[0].check_in("b", "", private::Mood::Good, 3);
    let home = DocId::Journal(chrono::Datelike::year(&world.phones[0].today()));
    world.phones[0].edit(home, |edit| remove_checkin(edit, "a"));
    world.phones[0].store().tx(|tx| tx.unindex_checkin("a")).unwrap();
    world.settle_all();
    let seen = world.phones[1].shared_checkins(&space);
    assert_eq!(seen.iter().map(|one| one.urge).collect::<Vec<_>>(), [Some(3)]);
    assert_eq!(world.phones[0].line().only_here, 0);
    world.rests(&[0, 1]);
}
