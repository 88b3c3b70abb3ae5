//! Settings that go to one's other devices.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use trellis_api_types::settings::{Pathway, SettingsEdit};

use super::Doc;
use super::edit::Edit;
use super::node::Node;
use crate::domain::tags;
use crate::error::Result;

const MEETINGS: &str = "meetings";
const MILESTONE: &str = "milestone";

/// What one's devices share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SharedSettings {
    /// What to be called.
    pub name: String,
    /// A day the recovery began.
    pub recovery_start: Option<NaiveDate>,
    /// Whose words.
    pub pathway: Pathway,
    /// Asks about medication.
    pub tracks_medication: bool,
    /// Tags offered.
    pub tags: Vec<String>,
    /// Tags that stand for a meeting.
    pub meetings: Vec<String>,
    /// Milestones of this start of the recovery that stay although a return to use was logged for a day before: each
    /// with the day it was reached.
    pub reached: BTreeMap<u32, NaiveDate>,
    /// The 24 words were written down and checked on one of the devices.
    pub paper_confirmed: bool,
}

/// Writes one shared setting. Those of the device alone write nothing here.
pub fn write_settings(edit: &mut Edit<'_>, change: &SettingsEdit) -> Result<()> {
    let root = edit.root();
    match change {
        SettingsEdit::Name(name) => edit.set(&root, "name", name),
        SettingsEdit::RecoveryStart(start) => edit.set(&root, "recovery_start", start),
        SettingsEdit::Pathway(pathway) => edit.set(&root, "pathway", pathway),
        SettingsEdit::TracksMedication(on) => edit.set(&root, "tracks_medication", on),
        SettingsEdit::Tags(tags) => edit.set(&root, "tags", tags),
        SettingsEdit::Meetings(tags) => edit.set(&root, MEETINGS, tags),
        _ => Ok(()),
    }
}

/// Notes that a milestone of a journey which began on `start` was reached on a day. The names lie at the root: the map of
/// another device would hide what is in one's own.
pub fn write_reached(edit: &mut Edit<'_>, start: NaiveDate, days: u32, on: NaiveDate) -> Result<()> {
    let root = edit.root();
    edit.set(&root, &format!("{MILESTONE}/{start}/{days}"), &on)
}

/// Notes for all devices that the 24 words were written down and checked.
pub fn write_paper_confirmed(edit: &mut Edit<'_>) -> Result<()> {
    let root = edit.root();
    edit.set(&root, "paper_confirmed", &true)
}

/// The shared settings.
pub fn read_settings(doc: &Doc) -> SharedSettings {
    let root = doc.root();
    let recovery_start = root.or_default("recovery_start");
    SharedSettings {
        name: root.or_default("name"),
        recovery_start,
        pathway: root.or_default("pathway"),
        tracks_medication: root.or_default("tracks_medication"),
        tags: root.or_default("tags"),
        meetings: root.get(MEETINGS).unwrap_or_else(tags::first_meetings),
        reached: recovery_start.map(|start| read_reached(&root, start)).unwrap_or_default(),
        paper_confirmed: root.or_default("paper_confirmed"),
    }
}

fn read_reached(root: &Node<'_>, start: NaiveDate) -> BTreeMap<u32, NaiveDate> {
    let of_start = root.named(&format!("{MILESTONE}/{start}/"));
    of_start.into_iter().filter_map(|(days, on)| Some((days.parse().ok()?, on))).collect()
}
