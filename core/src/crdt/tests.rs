use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime};
use proptest::prelude::*;
use trellis_api_types::checkin::{CheckIn, Kept, Mood};
use trellis_api_types::plan::*;
use trellis_api_types::safety::*;
use trellis_api_types::settings::SettingsEdit;

use super::*;
use crate::store::documents::Saved;

fn day(n: u8) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1 + u32::from(n % 28)).unwrap()
}

pub(super) fn doc(id: DocId, writer: u8) -> Doc {
    Doc::load(id, [writer; 16], &Saved::default()).unwrap()
}

fn goal_text(title: &str) -> GoalText {
    GoalText {
        dimension: Dimension::Home,
        title: title.into(),
        reason: String::new(),
        state: GoalState::Open,
    }
}

pub(super) fn put_goal(id: &str, title: &str) -> PlanEdit {
    PlanEdit::PutGoal { id: id.into(), text: goal_text(title) }
}

fn put_step(id: &str, text: &str) -> PlanEdit {
    let step =
        Step { id: id.into(), text: text.into(), detail: String::new(), due: None, state: StepState::ToDo };
    PlanEdit::PutStep { goal: "g0".into(), step }
}

pub(super) fn save(doc: &mut Doc, edit: &PlanEdit) -> LocalChange {
    doc.edit(|e| write_plan(e, edit, day(0))).unwrap().unwrap()
}

/// Both have both's changes.
fn meet(a: &mut Doc, b: &mut Doc) {
    let (from_a, from_b): (Vec<_>, Vec<_>) = (bytes(a.changes()), bytes(b.changes()));
    a.receive(&[2; 32], &from_b);
    b.receive(&[1; 32], &from_a);
}

pub(super) fn bytes(changes: Vec<([u8; 32], Vec<u8>)>) -> Vec<Vec<u8>> {
    changes.into_iter().map(|(_, bytes)| bytes).collect()
}

/// Two devices that both started with a goal.
fn pair() -> (Doc, Doc) {
    let (mut a, mut b) = (doc(DocId::Plan, 1), doc(DocId::Plan, 2));
    save(&mut a, &put_goal("g0", "A home"));
    meet(&mut a, &mut b);
    (a, b)
}

#[test]
fn the_genesis_of_each_document_is_frozen() {
    let heads = [DocId::Plan, DocId::Safety, DocId::Settings, DocId::Journal(2026)].map(|id| {
        let mut am = genesis::document(id).unwrap();
        format!("{id} {}", am.get_heads()[0])
    });
    insta::assert_snapshot!(heads.join("\n"), @r"
    plan 658df3e73faf43ff2131ca25b91527a504050fedff518bae1508ff632e764627
    safety 28e700b394450a45c7cbe9d78e33064d2db445d80173b670f8a914e98f671a50
    settings 5ffa04e3620b241051dd482528115b288b25c25e1f7adadb864d32258ae874a8
    journal/2026 28e700b394450a45c7cbe9d78e33064d2db445d80173b670f8a914e98f671a50
    ");
}

#[test]
fn devices_that_never_met_hide_nothing_of_each_other() {
    let (mut a, mut b) = (doc(DocId::Plan, 1), doc(DocId::Plan, 2));
    save(&mut a, &put_goal("g1", "mine"));
    save(&mut b, &put_goal("g2", "yours"));
    meet(&mut a, &mut b);
    assert_eq!(read_plan(&a).goals.len(), 2);
    assert_eq!(read_plan(&a), read_plan(&b));
}

#[test]
fn fields_edited_apart_are_both_kept() {
    let (mut a, mut b) = pair();
    save(&mut a, &put_goal("g0", "A place of my own"));
    let text = GoalText { state: GoalState::Reached, ..goal_text("A home") };
    save(&mut b, &PlanEdit::PutGoal { id: "g0".into(), text });
    meet(&mut a, &mut b);
    let goal = &read_plan(&a).goals[0];
    assert_eq!((goal.text.title.as_str(), goal.text.state), ("A place of my own", GoalState::Reached));
}

#[test]
fn an_edit_outweighs_a_removal_made_at_the_same_time() {
    let (mut a, mut b) = pair();
    save(&mut a, &PlanEdit::RemoveGoal("g0".into()));
    save(&mut b, &put_step("s1", "a step"));
    meet(&mut a, &mut b);
    assert_eq!(read_plan(&a), read_plan(&b));
    assert_eq!(read_plan(&a).goals[0].steps.len(), 1);
    save(&mut b, &PlanEdit::RemoveGoal("g0".into()));
    meet(&mut a, &mut b);
    assert_eq!(read_plan(&a).goals, [], "a removal that knows of the edit removes");
}

#[test]
fn undo_leaves_what_another_device_wrote_since() {
    let (mut a, mut b) = pair();
    let text = GoalText { reason: "mine".into(), ..goal_text("mine") };
    let change = a.edit(|e| write_plan(e, &PlanEdit::PutGoal { id: "g0".into(), text }, day(0)));
    let change = change.unwrap().unwrap();
    meet(&mut a, &mut b);
    let theirs = GoalText { reason: "mine".into(), ..goal_text("theirs") };
    save(&mut b, &PlanEdit::PutGoal { id: "g0".into(), text: theirs });
    meet(&mut a, &mut b);
    a.take_back(&change.undo).unwrap();
    let goal = &read_plan(&a).goals[0];
    assert_eq!((goal.text.title.as_str(), goal.text.reason.as_str()), ("theirs", ""));
}

#[test]
fn undo_of_making_a_thing_leaves_it_once_another_device_worked_on_it() {
    let (mut a, mut b) = pair();
    let change = save(&mut a, &put_goal("g1", "new"));
    let mut alone = a.clone();
    alone.take_back(&change.undo).unwrap();
    assert_eq!(read_plan(&alone).goals.len(), 1);
    meet(&mut a, &mut b);
    save(&mut b, &put_goal("g1", "new and better"));
    meet(&mut a, &mut b);
    a.take_back(&change.undo).unwrap();
    assert_eq!(read_plan(&a).goals.len(), 2);
}

#[test]
fn keys_of_a_newer_version_are_kept() {
    let (mut a, _) = pair();
    a.edit(|e| {
        let goal = e.find(&e.root(), "goals", "g0")?;
        e.set(&goal, "future", &"kept".to_owned())?;
        e.set(&goal, "state", &"Blossoming".to_owned())
    })
    .unwrap();
    save(&mut a, &put_goal("g0", "renamed by an older app"));
    let goal = a.root().child("goals").unwrap().child("g0").unwrap();
    assert_eq!(goal.get::<String>("future").unwrap(), "kept");
    assert_eq!(read_plan(&a).goals[0].text.state, GoalState::Open);
}

#[test]
fn one_bad_change_does_not_keep_the_good_ones_out() {
    let mut a = doc(DocId::Plan, 1);
    let good: Vec<Vec<u8>> =
        (0..4).map(|n| save(&mut a, &put_goal(&format!("g{n}"), "goal")).bytes).collect();
    // The same writer and number with other content, as after a careless restore.
    let fork = save(&mut doc(DocId::Plan, 1), &put_goal("fork", "forked")).bytes;
    let mut cut = good[1].clone();
    cut.truncate(20);
    let mut packed = good[1].clone();
    packed[8] = 2;
    let batch = [good[0].clone(), cut, good[1].clone(), fork, good[2].clone(), packed, good[3].clone()];
    let mut b = doc(DocId::Plan, 2);
    let received = b.receive(&[1; 32], &batch);
    assert_eq!(received.bad, [(1, "change-malformed"), (5, "change-malformed"), (3, "change-refused")]);
    assert_eq!((received.kept.len(), received.missing), (4, 0));
    assert_eq!(read_plan(&a), read_plan(&b));
}

#[test]
fn what_waits_for_a_missing_change_is_counted_and_comes_to_light_with_it() {
    let mut a = doc(DocId::Plan, 1);
    let [first, second] = ["g1", "g2"].map(|id| save(&mut a, &put_goal(id, "goal")).bytes);
    let mut b = doc(DocId::Plan, 2);
    let received = b.receive(&[1; 32], std::slice::from_ref(&second));
    assert_eq!((received.kept.len(), received.missing), (0, 1));
    assert_eq!(read_plan(&b).goals, []);
    let waiting = received.waits.into_iter().map(|(_, bytes)| ([1; 32], bytes)).collect();
    let folded = Saved { snapshot: Some(b.snapshot()), changes: vec![], waiting };
    let mut b = Doc::load(DocId::Plan, [2; 16], &folded).unwrap();
    assert!(b.waits());
    let received = b.receive(&[1; 32], &[first, second]);
    assert_eq!((received.kept.len(), received.joined.len(), received.missing), (1, 1, 0));
    assert_eq!(read_plan(&b), read_plan(&a));
}

#[test]
fn an_edit_that_fails_leaves_nothing() {
    let (mut a, _) = pair();
    let before = a.snapshot();
    let failed = a.edit(|e| {
        write_plan(e, &put_goal("g9", "half"), day(0))?;
        Err(Error::new("stop", ""))
    });
    assert!(failed.is_err());
    assert_eq!(a.snapshot(), before);
    assert!(save(&mut a, &put_goal("g9", "whole")).undo.len() == 1);
}

/// One thing that happens on one of three devices.
#[derive(Clone, Debug)]
enum Deed {
    Edit { on: usize, kind: u8, id: u8, value: u8 },
    Undo { on: usize, which: prop::sample::Index },
    Deliver { to: usize, picks: Vec<prop::sample::Index> },
    Restart { on: usize },
}

fn deed() -> impl Strategy<Value = Deed> {
    let on = 0..3usize;
    prop_oneof![
        6 => (on.clone(), 0..14u8, 0..4u8, any::<u8>())
            .prop_map(|(on, kind, id, value)| Deed::Edit { on, kind, id, value }),
        1 => (on.clone(), any::<prop::sample::Index>()).prop_map(|(on, which)| Deed::Undo { on, which }),
        3 => (on.clone(), prop::collection::vec(any::<prop::sample::Index>(), 1..8))
            .prop_map(|(to, picks)| Deed::Deliver { to, picks }),
        1 => on.prop_map(|on| Deed::Restart { on }),
    ]
}

const DOCS: [DocId; 4] = [DocId::Plan, DocId::Safety, DocId::Settings, DocId::Journal(2026)];

struct Device {
    writer: u8,
    docs: Vec<Doc>,
    undo: Vec<(usize, Vec<UndoStep>)>,
}

impl Device {
    fn new(writer: u8) -> Self {
        Self { writer, docs: DOCS.iter().map(|id| doc(*id, writer)).collect(), undo: vec![] }
    }

    /// Everything a person can see.
    fn view(&self) -> impl PartialEq + std::fmt::Debug + use<> {
        let journal: Vec<_> = (0..4).map(|n| read_checkin(&self.docs[3], &format!("i{n}"))).collect();
        let safety = read_safety(&self.docs[1], String::new());
        (read_plan(&self.docs[0]), safety, read_settings(&self.docs[2]), journal)
    }

    /// The edit of that kind; none where its place is not there.
    fn edit(&mut self, kind: u8, id: u8, value: u8) -> Option<(usize, LocalChange)> {
        let at = match kind {
            0..=8 => 0,
            9..=10 => 1,
            11 => 2,
            _ => 3,
        };
        let change = self.docs[at].edit(|e| write(e, kind, id, value)).ok().flatten()?;
        self.undo.push((at, change.undo.clone()));
        Some((at, change))
    }

    /// Loads all documents again, from a snapshot or from the changes.
    fn restart(&mut self) {
        for (at, id) in DOCS.into_iter().enumerate() {
            let saved = Saved { snapshot: Some(self.docs[at].snapshot()), ..Saved::default() };
            self.docs[at] = Doc::load(id, [self.writer; 16], &saved).unwrap();
        }
    }
}

fn write(e: &mut Edit<'_>, kind: u8, id: u8, value: u8) -> crate::error::Result<()> {
    let (name, text) = (format!("i{id}"), format!("words {}", value % 3));
    let step = |state| Step { id: name.clone(), text: text.clone(), detail: String::new(), due: None, state };
    let line = || Line { id: name.clone(), text: text.clone() };
    let goal = || "g0".to_owned();
    let plan = match kind {
        0 => PlanEdit::OwnWords(text.clone()),
        1 | 2 => put_goal("g0", &text),
        3 => PlanEdit::RemoveGoal(goal()),
        4 => PlanEdit::PutStep { goal: goal(), step: step(StepState::Done) },
        5 => PlanEdit::PutStep { goal: goal(), step: step(StepState::ToDo) },
        6 => PlanEdit::RemoveStep { goal: goal(), id: name.clone() },
        7 => {
            let before = (value % 5 != 4).then(|| format!("i{}", value % 5));
            PlanEdit::MoveStep { goal: goal(), id: name.clone(), before }
        }
        8 => PlanEdit::PutLine { list: LineList::Strengths, line: line() },
        9 => return write_safety(e, &SafetyEdit::Put(safety_entry(name, text, value)), day(value)),
        10 => return write_safety(e, &SafetyEdit::Remove(name), day(value)),
        11 => return write_settings(e, &SettingsEdit::Name(text)),
        12 => return write_checkin(e, &checkin(name, value)),
        _ => return remove_checkin(e, &name),
    };
    write_plan(e, &plan, day(value))
}

fn safety_entry(id: String, text: String, value: u8) -> SafetyEntry {
    let part = SafetyPart::ALL[usize::from(value % 6)];
    SafetyEntry {
        id,
        part,
        kind: SafetyKind::Text,
        text,
        detail: String::new(),
        phone: String::new(),
        texts: false,
    }
}

fn checkin(id: String, value: u8) -> CheckIn {
    CheckIn {
        id,
        date: day(value),
        time: NaiveTime::MIN,
        mood: Mood::Low,
        urge: Some(value % 11),
        halt: vec![],
        used: None,
        medication: None,
        tags: vec![format!("tag {value}")],
        note: String::new(),
        learned: String::new(),
        kept: Kept::default(),
        edited_at: value.into(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever is edited where, and whatever arrives when, how often and in what order: all see the same.
    #[test]
    fn devices_converge(deeds in prop::collection::vec(deed(), 1..60)) {
        let mut devices: Vec<Device> = (1..=3).map(Device::new).collect();
        let mut sent: Vec<(usize, Vec<u8>)> = vec![];
        for deed in deeds {
            match deed {
                Deed::Edit { on, kind, id, value } => {
                    sent.extend(devices[on].edit(kind, id, value).map(|(at, change)| (at, change.bytes)));
                }
                Deed::Undo { on, which } if !devices[on].undo.is_empty() => {
                    let (at, steps) = devices[on].undo[which.index(devices[on].undo.len())].clone();
                    let change = devices[on].docs[at].take_back(&steps).unwrap();
                    sent.extend(change.map(|change| (at, change.bytes)));
                }
                Deed::Deliver { to, picks } if !sent.is_empty() => {
                    for pick in picks {
                        let (at, bytes) = &sent[pick.index(sent.len())];
                        prop_assert_eq!(devices[to].docs[*at].receive(&[1; 32], std::slice::from_ref(bytes)).bad, []);
                    }
                }
                Deed::Restart { on } => devices[on].restart(),
                _ => {}
            }
        }
        for device in &mut devices {
            for at in 0..DOCS.len() {
                let all: Vec<_> = sent.iter().rev().filter(|(of, _)| *of == at).map(|(_, b)| b.clone()).collect();
                let received = device.docs[at].receive(&[1; 32], &all);
                prop_assert_eq!((received.bad, received.missing), (vec![], 0));
            }
        }
        let first = devices[0].view();
        for device in &mut devices[1..] {
            prop_assert_eq!(&first, &device.view());
            device.restart();
            prop_assert_eq!(&first, &device.view());
        }
    }

    /// The list after a move is the list before it with the one thing moved.
    #[test]
    fn a_move_moves_one_thing(moves in prop::collection::vec((0..6usize, 0..7usize), 1..30)) {
        let (mut a, _) = pair();
        let ids: Vec<String> = (0..6).map(|n| format!("s{n}")).collect();
        ids.iter().for_each(|id| drop(save(&mut a, &put_step(id, "step"))));
        let mut expected = ids.clone();
        for (what, to) in moves {
            let id = ids[what].clone();
            let before = ids.get(to).filter(|before| **before != id).cloned();
            expected.retain(|other| *other != id);
            let at = before.as_ref().and_then(|b| expected.iter().position(|o| o == b)).unwrap_or(expected.len());
            expected.insert(at, id.clone());
            let edit = PlanEdit::MoveStep { goal: "g0".into(), id, before };
            a.edit(|e| write_plan(e, &edit, day(0))).unwrap();
            let now: Vec<_> = read_plan(&a).goals[0].steps.iter().map(|s| s.id.clone()).collect();
            prop_assert_eq!(&now, &expected);
        }
        prop_assert_eq!(expected.iter().collect::<BTreeSet<_>>().len(), 6);
    }
}
