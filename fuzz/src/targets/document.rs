//! Saved documents as they come in snapshots, and what honest devices write into documents.

use chrono::{NaiveDate, NaiveTime};
use trellis_api_types::checkin::{CheckIn, Kept, Mood};
use trellis_api_types::coach::CaseEdit;
use trellis_api_types::plan::{Dimension, GoalState, GoalText, PlanEdit};
use trellis_api_types::safety::SafetyEdit;
use trellis_api_types::settings::SettingsEdit;
use trellis_api_types::work::WorkEdit;
use trellis_core::crdt::*;
use trellis_core::error::Result;
use trellis_core::store::documents::Saved;

use crate::pieces;
use crate::targets::change::{DOCS, body, sealed};
use crate::world::sound;

/// Type of a chunk that holds a whole document.
const SAVED: u8 = 0;

/// Bodies of saved documents, whose length and checksum are right; the first byte chooses the document.
pub fn run(input: &[u8]) {
    let (choice, pieces) = pieces::choice(input);
    let id = DOCS.get(usize::from(choice) % DOCS.len()).copied().unwrap_or(DocId::Plan);
    for body in pieces {
        match changes_in(&sealed(SAVED, body)) {
            Ok(changes) => check(id, &changes),
            Err(error) => assert_eq!(error.code, "document-damaged"),
        }
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let saved = |id: &DocId| honest(*id, 2).snapshot();
    let body = |saved: Vec<u8>| body(&saved).unwrap_or_default().to_vec();
    (0..).zip(&DOCS).map(|(choice, id)| pieces::chosen(choice, &[body(saved(id))])).collect()
}

/// What lies in it is taken like any other changes.
fn check(id: DocId, changes: &[Vec<u8>]) {
    let mut held = honest(id, 1);
    held.receive(&[2; 32], changes);
    read(&held, id);
    let saved = Saved { snapshot: Some(held.snapshot()), ..Saved::default() };
    assert_eq!(sound(Doc::load(id, [1; 16], &saved)).changes(), held.changes());
}

/// A document that a device wrote to a few times.
pub fn honest(id: DocId, writer: u8) -> Doc {
    let mut doc = sound(Doc::load(id, [writer; 16], &Saved::default()));
    (0..3).for_each(|step| drop(sound(doc.edit(|edit| write(edit, id, writer, step)))));
    doc
}

/// One of several things that a device writes.
pub fn write(edit: &mut Edit<'_>, id: DocId, writer: u8, step: u8) -> Result<()> {
    let name = format!("{writer}-{step}");
    match id {
        DocId::Journal(_) => write_checkin(edit, &checkin(name, step)),
        DocId::Settings => settings(edit, name, step),
        DocId::Safety => write_safety(edit, &SafetyEdit::Reviewed, day(step)),
        DocId::Spaces => spaces(edit, name, step),
        DocId::People => people(edit, name, step),
        DocId::Work => work(edit, name, step),
        DocId::Coach => write_case(edit, &name, &CaseEdit::QuietAfter(7 + u32::from(step))),
        _ => write_plan(edit, &plan(name, step), day(step)),
    }
}

/// Reads all that a screen shows of it.
pub fn read(doc: &Doc, id: DocId) {
    match id {
        DocId::Journal(_) => {
            let named = doc.root().all("entries");
            named.iter().for_each(|(entry, _)| drop(read_checkin(doc, entry)));
            drop(gone_checkins(doc));
        }
        DocId::Settings => drop(read_settings(doc)),
        DocId::Safety => drop(read_safety(doc, String::new())),
        DocId::Spaces => drop((read_spaces(doc), read_epochs(doc), read_invites(doc))),
        DocId::People => drop(read_people(doc)),
        DocId::Work => drop((read_work(doc), read_shares(doc))),
        DocId::Coach => drop((read_case(doc, "2-0"), read_supervision(doc))),
        _ => drop((read_plan(doc), gone_goals(doc), read_steps_done(doc, day(1)))),
    }
}

fn day(step: u8) -> NaiveDate {
    NaiveDate::from_yo_opt(2026, 1 + u32::from(step)).unwrap_or_default()
}

fn plan(name: String, step: u8) -> PlanEdit {
    let text = GoalText {
        dimension: Dimension::Home,
        title: "A home".into(),
        reason: String::new(),
        state: GoalState::Open,
    };
    match step % 3 {
        1 => PlanEdit::OwnWords(name),
        _ => PlanEdit::PutGoal { id: name, text },
    }
}

fn checkin(id: String, step: u8) -> CheckIn {
    CheckIn {
        id,
        date: day(step),
        time: NaiveTime::MIN,
        mood: Mood::Good,
        urge: Some(3),
        halt: Vec::new(),
        used: None,
        medication: None,
        tags: vec!["work".into()],
        note: "A note".into(),
        learned: String::new(),
        kept: Kept::default(),
        edited_at: 1_000,
    }
}

fn settings(edit: &mut Edit<'_>, name: String, step: u8) -> Result<()> {
    match step % 3 {
        0 => write_settings(edit, &SettingsEdit::Name(name)),
        1 => write_reached(edit, day(0), 30, day(step)),
        _ => write_paper_confirmed(edit),
    }
}

fn spaces(edit: &mut Edit<'_>, id: String, step: u8) -> Result<()> {
    match step % 3 {
        0 => write_space(edit, &KnownSpace { id, asked: 3, ..KnownSpace::default() }),
        1 => {
            let (space, secret) = ("01".repeat(32), "02".repeat(32));
            write_epoch(edit, &KnownEpoch { id, space, secret, opener: "03".repeat(32) })
        }
        _ => write_invite(edit, &KnownInvite { id, let_in: vec!["03".repeat(32)], ..KnownInvite::default() }),
    }
}

fn people(edit: &mut Edit<'_>, name: String, step: u8) -> Result<()> {
    match step % 3 {
        0 => write_phone(edit, &name, &"555 0142".to_owned()),
        1 => write_blocked(edit, &name, true),
        _ => write_helpers(edit, &vec![name]),
    }
}

fn work(edit: &mut Edit<'_>, id: String, step: u8) -> Result<()> {
    match step % 4 {
        1 => {
            let sheet = id.replace("-1", "-0");
            write_work(edit, &WorkEdit::PutAnswer { sheet, id, question: "Who?".into(), text: "Me".into() })
        }
        _ => write_work(edit, &WorkEdit::PutSheet { id, title: "Step 4".into() }),
    }
}
