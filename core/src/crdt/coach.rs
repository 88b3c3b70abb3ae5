//! What a coach keeps as a document: calls, private notes, what was set for each person, the log of supervision. What was
//! set lies side by side under composed names, like what is known of people.

use std::cmp::Reverse;

use trellis_api_types::Id;
use trellis_api_types::coach::{CallLog, CaseEdit, Note, Supervision, SupervisionEdit};

use super::edit::{Edit, Thing};
use super::node::Node;
use super::{Doc, order};
use crate::error::Result;

const CASES: &str = "cases";
const CALLS: &str = "calls";
const NOTES: &str = "notes";
const SUPERVISION: &str = "supervision";
const QUIET_AFTER: &str = "quiet_after";
const WEEKLY: &str = "weekly";
/// Days without anything after which somebody has gone quiet, until it is set.
const DEFAULT_QUIET_AFTER: u32 = 7;

/// What a coach keeps about the person of one space.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseNotes {
    /// Calls, newest first.
    pub calls: Vec<CallLog>,
    /// Notes, newest first.
    pub notes: Vec<Note>,
    /// Gone quiet after so many days.
    pub quiet_after: u32,
    /// A weekly update is asked for.
    pub weekly: bool,
}

/// Makes one change of what is kept about the person of a space. Error: `not-found`.
pub fn write_case(edit: &mut Edit<'_>, space: &str, change: &CaseEdit) -> Result<()> {
    match change {
        CaseEdit::PutCall(call) => write_call(edit, &space.to_owned(), call),
        CaseEdit::PutNote(note) => write_note(edit, &space.to_owned(), note),
        CaseEdit::RemoveCall(id) => remove(edit, CALLS, id),
        CaseEdit::RemoveNote(id) => remove(edit, NOTES, id),
        CaseEdit::QuietAfter(days) => {
            let cases = edit.part(&edit.root(), CASES)?;
            edit.set(&cases, &name(space, QUIET_AFTER), days)
        }
        CaseEdit::Weekly(on) => {
            let cases = edit.part(&edit.root(), CASES)?;
            edit.set(&cases, &name(space, WEEKLY), on)
        }
    }
}

fn write_call(edit: &mut Edit<'_>, space: &String, call: &CallLog) -> Result<()> {
    let root = edit.root();
    let thing = edit.find_or_make(&root, CALLS, &call.id, &[])?;
    edit.set(&thing, "space", space)?;
    edit.set(&thing, "at", &call.at)?;
    edit.set(&thing, "outcome", &call.outcome)?;
    edit.set(&thing, "need", &call.need)?;
    edit.set(&thing, "role", &call.role)?;
    edit.set(&thing, "next", &call.next)?;
    edit.keep(&thing)
}

fn write_note(edit: &mut Edit<'_>, space: &String, note: &Note) -> Result<()> {
    let thing = put(edit, NOTES, &note.id)?;
    edit.set(&thing, "space", space)?;
    edit.set(&thing, "on", &note.on)?;
    edit.set(&thing, "text", &note.text)?;
    edit.keep(&thing)
}

/// Makes one change of the log of supervision. Error: `not-found`.
pub fn write_supervision(edit: &mut Edit<'_>, change: &SupervisionEdit) -> Result<()> {
    let entry = match change {
        SupervisionEdit::Put(entry) => entry,
        SupervisionEdit::Remove(id) => return remove(edit, SUPERVISION, id),
    };
    let thing = put(edit, SUPERVISION, &entry.id)?;
    edit.set(&thing, "on", &entry.on)?;
    edit.set(&thing, "kind", &entry.kind)?;
    edit.set(&thing, "minutes", &entry.minutes)?;
    edit.set(&thing, "text", &entry.text)?;
    edit.keep(&thing)
}

/// The thing of that id; its order says which of one day was written later.
fn put(edit: &mut Edit<'_>, collection: &str, id: &str) -> Result<Thing> {
    let root = edit.root();
    let thing = edit.find_or_make(&root, collection, id, &[])?;
    if thing.fresh() {
        order::append(edit, &root, collection, &thing)?;
    }
    Ok(thing)
}

fn remove(edit: &mut Edit<'_>, collection: &str, id: &str) -> Result<()> {
    let thing = edit.find(&edit.root(), collection, id)?;
    edit.remove(&thing)
}

fn name(space: &str, what: &str) -> String {
    format!("{space}/{what}")
}

/// What is kept about the person of a space.
pub fn read_case(doc: &Doc, space: &str) -> CaseNotes {
    let root = doc.root();
    let cases = root.child(CASES);
    let cases = cases.as_ref();
    let here = |node: &Node<'_>| node.get::<String>("space").as_deref() == Some(space);
    let mut calls: Vec<CallLog> =
        root.things(CALLS).into_iter().filter(|(_, node)| here(node)).filter_map(call).collect();
    calls.sort_by_key(|call| Reverse(call.at));
    let mut notes: Vec<Note> = newest(&root, NOTES).filter(|(_, node)| here(node)).filter_map(note).collect();
    notes.sort_by_key(|note| Reverse(note.on));
    let quiet_after = cases.and_then(|cases| cases.get(&name(space, QUIET_AFTER)));
    let weekly = cases.and_then(|cases| cases.get(&name(space, WEEKLY)));
    CaseNotes {
        calls,
        notes,
        quiet_after: quiet_after.unwrap_or(DEFAULT_QUIET_AFTER),
        weekly: weekly.unwrap_or_default(),
    }
}

/// The log of supervision, newest first.
pub fn read_supervision(doc: &Doc) -> Vec<Supervision> {
    let mut entries: Vec<Supervision> = newest(&doc.root(), SUPERVISION).filter_map(supervision).collect();
    entries.sort_by_key(|entry| Reverse(entry.on));
    entries
}

fn newest<'a>(root: &Node<'a>, collection: &str) -> impl Iterator<Item = (Id, Node<'a>)> {
    order::sorted(root, collection).into_iter().rev()
}

/// A call with an outcome that this version does not know is kept and not shown.
fn call((id, node): (Id, Node<'_>)) -> Option<CallLog> {
    Some(CallLog {
        id,
        at: node.get("at")?,
        outcome: node.get("outcome")?,
        need: node.or_default("need"),
        role: node.get("role")?,
        next: node.or_default("next"),
    })
}

fn note((id, node): (Id, Node<'_>)) -> Option<Note> {
    Some(Note { id, on: node.get("on")?, text: node.or_default("text") })
}

fn supervision((id, node): (Id, Node<'_>)) -> Option<Supervision> {
    Some(Supervision {
        id,
        on: node.get("on")?,
        kind: node.get("kind")?,
        minutes: node.or_default("minutes"),
        text: node.or_default("text"),
    })
}
