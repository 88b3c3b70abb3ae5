//! Check-ins in the journal of a year.

use trellis_api_types::checkin::{CheckIn, Kept, Mood, Use};

use super::edit::{Edit, Thing};
use super::node::Node;
use super::{Doc, DocId};
use crate::error::Result;
use crate::store::Tx;
use crate::store::checkins::CheckInRow;

const ENTRIES: &str = "entries";
const KEPT: &str = "kept";
const KEPT_USE: &str = "kept_use";
const KEPT_NOTE: &str = "kept_note";

/// Adds or changes a check-in, field by field.
pub fn write_checkin(edit: &mut Edit<'_>, new: &CheckIn) -> Result<()> {
    let root = edit.root();
    let entry = edit.find_or_make(&root, ENTRIES, &new.id, &[])?;
    edit.set(&entry, "date", &new.date)?;
    edit.set(&entry, "time", &new.time)?;
    edit.set(&entry, "mood", &new.mood)?;
    edit.set(&entry, "urge", &new.urge)?;
    edit.set(&entry, "halt", &new.halt)?;
    edit.set(&entry, "used", &new.used)?;
    edit.set(&entry, "medication", &new.medication)?;
    edit.set(&entry, "tags", &new.tags)?;
    edit.set(&entry, "note", &new.note)?;
    edit.set(&entry, "learned", &new.learned)?;
    write_kept(edit, &entry, new.kept)?;
    edit.keep(&entry)?;
    if edit.wrote() { edit.set(&entry, "edited_at", &new.edited_at) } else { Ok(()) }
}

/// Each choice is a value of its own, so that two devices which keep different parts keep both.
fn write_kept(edit: &mut Edit<'_>, entry: &Thing, kept: Kept) -> Result<()> {
    for (key, on) in [(KEPT, kept.all), (KEPT_USE, kept.used), (KEPT_NOTE, kept.note)] {
        if on || edit.get::<bool>(entry, key).is_some() {
            edit.set(entry, key, &on)?;
        }
    }
    Ok(())
}

/// Takes a check-in away. Error: `not-found`.
pub fn remove_checkin(edit: &mut Edit<'_>, id: &str) -> Result<()> {
    let root = edit.root();
    let entry = edit.find(&root, ENTRIES, id)?;
    edit.remove(&entry)
}

/// Ids of the check-ins that were taken away.
pub fn gone_checkins(doc: &Doc) -> Vec<String> {
    doc.root().gone(ENTRIES)
}

/// One check-in, unless it is not there or gone.
pub fn read_checkin(doc: &Doc, id: &str) -> Option<CheckIn> {
    let entry = doc.root().child(ENTRIES)?.child(id)?;
    entry.present().then(|| checkin(id, &entry)).flatten()
}

/// An entry without a day, or without a mood that this version knows, still shows what it can.
fn checkin(id: &str, entry: &Node<'_>) -> Option<CheckIn> {
    Some(CheckIn {
        id: id.to_owned(),
        date: entry.get("date")?,
        time: entry.or_default("time"),
        mood: entry.get("mood").unwrap_or(Mood::Okay),
        urge: entry.or_default("urge"),
        halt: entry.or_default("halt"),
        used: entry.or_default("used"),
        medication: entry.or_default("medication"),
        tags: entry.or_default("tags"),
        note: entry.or_default("note"),
        learned: entry.or_default("learned"),
        kept: Kept { all: entry.any(KEPT), used: entry.any(KEPT_USE), note: entry.any(KEPT_NOTE) },
        edited_at: entry.or_default("edited_at"),
    })
}

/// What the index keeps of a check-in.
pub fn row_of(id: DocId, checkin: &CheckIn) -> CheckInRow {
    CheckInRow {
        id: checkin.id.clone(),
        document: id.to_string(),
        date: checkin.date,
        time: checkin.time,
        mood: checkin.mood,
        urge: checkin.urge,
        returned: checkin.used == Some(Use::Used),
        edited_at: checkin.edited_at,
    }
}

/// Makes the index of a journal again.
pub fn reindex(tx: &Tx<'_>, id: DocId, doc: &Doc) -> Result<()> {
    tx.unindex_document(&id.to_string())?;
    let entries = doc.root().things(ENTRIES);
    let all = entries.iter().filter_map(|(name, entry)| checkin(name, entry));
    all.map(|checkin| row_of(id, &checkin)).try_for_each(|row| tx.index_checkin(&row))
}
