//! The safety plan as a document.

use chrono::NaiveDate;
use trellis_api_types::safety::{SafetyEdit, SafetyEntry, SafetyPart, SafetyPlan};

use super::edit::Edit;
use super::node::Node;
use super::{Doc, order};
use crate::error::{Error, Result};

const ENTRIES: &str = "entries";

/// Makes one change of the safety plan on the day `today`. Error: `not-found`.
pub fn write_safety(edit: &mut Edit<'_>, change: &SafetyEdit, today: NaiveDate) -> Result<()> {
    let root = edit.root();
    match change {
        SafetyEdit::Put(entry) => write_entry(edit, entry)?,
        SafetyEdit::Remove(id) => {
            let thing = edit.find(&root, ENTRIES, id)?;
            edit.remove(&thing)?;
        }
        SafetyEdit::Move { id, before } => move_entry(edit, id, before.as_deref())?,
        SafetyEdit::Reviewed => return edit.set(&root, "reviewed_on", &Some(today)),
    }
    if edit.wrote() { edit.set(&root, "reviewed_on", &Some(today)) } else { Ok(()) }
}

fn write_entry(edit: &mut Edit<'_>, entry: &SafetyEntry) -> Result<()> {
    let root = edit.root();
    let thing = edit.find_or_make(&root, ENTRIES, &entry.id, &[])?;
    let moved = edit.get::<SafetyPart>(&thing, "part").is_some_and(|part| part != entry.part);
    if thing.fresh() || moved {
        order::append(edit, &root, ENTRIES, &thing)?;
    }
    edit.set(&thing, "part", &entry.part)?;
    edit.set(&thing, "kind", &entry.kind)?;
    edit.set(&thing, "text", &entry.text)?;
    edit.set(&thing, "detail", &entry.detail)?;
    edit.set(&thing, "phone", &entry.phone)?;
    edit.set(&thing, "texts", &entry.texts)?;
    edit.keep(&thing)
}

fn move_entry(edit: &mut Edit<'_>, id: &str, before: Option<&str>) -> Result<()> {
    let root = edit.root();
    let thing = edit.find_present(&root, ENTRIES, id)?;
    let part: SafetyPart =
        edit.get(&thing, "part").ok_or_else(|| Error::new("not-found", "a part of a newer version"))?;
    order::move_before(edit, &root, ENTRIES, (id, before), |node| node.get("part") == Some(part))?;
    edit.keep(&thing)
}

/// The whole safety plan, parts in their order, entries in the person's; the emergency number is this device's.
pub fn read_safety(doc: &Doc, emergency_number: String) -> SafetyPlan {
    let root = doc.root();
    let mut entries: Vec<_> = order::sorted(&root, ENTRIES).into_iter().filter_map(entry).collect();
    entries.sort_by_key(|entry| entry.part);
    SafetyPlan { entries, reviewed_on: root.or_default("reviewed_on"), emergency_number }
}

/// An entry of a part that this version does not know is kept and not shown.
fn entry((id, node): (String, Node<'_>)) -> Option<SafetyEntry> {
    Some(SafetyEntry {
        id,
        part: node.get("part")?,
        kind: node.or_default("kind"),
        text: node.or_default("text"),
        detail: node.or_default("detail"),
        phone: node.or_default("phone"),
        texts: node.or_default("texts"),
    })
}
