//! Settings that go to one's other devices.

use chrono::NaiveDate;
use trellis_api_types::settings::{Pathway, SettingsEdit};

use super::Doc;
use super::edit::Edit;
use crate::error::Result;

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
        _ => Ok(()),
    }
}

/// Notes for all devices that the 24 words were written down and checked.
pub fn write_paper_confirmed(edit: &mut Edit<'_>) -> Result<()> {
    let root = edit.root();
    edit.set(&root, "paper_confirmed", &true)
}

/// The shared settings.
pub fn read_settings(doc: &Doc) -> SharedSettings {
    let root = doc.root();
    SharedSettings {
        name: root.or_default("name"),
        recovery_start: root.or_default("recovery_start"),
        pathway: root.or_default("pathway"),
        tracks_medication: root.or_default("tracks_medication"),
        tags: root.or_default("tags"),
        paper_confirmed: root.or_default("paper_confirmed"),
    }
}
