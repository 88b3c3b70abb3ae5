//! Settings that go to one's other devices.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use trellis_api_types::settings::{Aim, Pathway, SettingsEdit, for_family};

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
    /// What Trellis is for.
    pub aims: Vec<Aim>,
    /// Whose ideas.
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
    /// Own phone number; may be empty.
    pub my_phone: String,
    /// Days in recovery do not stand on Today.
    pub days_hidden: bool,
}

impl SharedSettings {
    /// The day that the journey is counted from. Who is here for someone they love has nothing to count.
    pub fn counted_from(&self) -> Option<NaiveDate> {
        self.recovery_start.filter(|_| !for_family(&self.aims))
    }
}

/// Writes one shared setting. Those of the device alone write nothing here.
pub fn write_settings(edit: &mut Edit<'_>, change: &SettingsEdit) -> Result<()> {
    let root = edit.root();
    match change {
        SettingsEdit::Name(name) => edit.set(&root, "name", name),
        SettingsEdit::RecoveryStart(start) => edit.set(&root, "recovery_start", start),
        SettingsEdit::Aims(aims) => edit.set(&root, "aims", aims),
        SettingsEdit::Pathway(pathway) => edit.set(&root, "pathway", pathway),
        SettingsEdit::TracksMedication(on) => edit.set(&root, "tracks_medication", on),
        SettingsEdit::Tags(tags) => edit.set(&root, "tags", tags),
        SettingsEdit::Meetings(tags) => edit.set(&root, MEETINGS, tags),
        SettingsEdit::MyPhone(phone) => edit.set(&root, "my_phone", phone),
        SettingsEdit::DaysOnToday(on) => edit.set(&root, "days_hidden", &!on),
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
        aims: root.get("aims").unwrap_or_else(|| older_aims(&root)),
        pathway: root.or_default("pathway"),
        tracks_medication: root.or_default("tracks_medication"),
        tags: root.or_default("tags"),
        meetings: root.get(MEETINGS).unwrap_or_else(tags::first_meetings),
        reached: recovery_start.map(|start| read_reached(&root, start)).unwrap_or_default(),
        paper_confirmed: root.or_default("paper_confirmed"),
        my_phone: root.or_default("my_phone"),
        days_hidden: root.or_default("days_hidden"),
    }
}

fn read_reached(root: &Node<'_>, start: NaiveDate) -> BTreeMap<u32, NaiveDate> {
    let of_start = root.named(&format!("{MILESTONE}/{start}/"));
    of_start.into_iter().filter_map(|(days, on)| Some((days.parse().ok()?, on))).collect()
}

/// Of before the question was asked: being here for someone else was one of the pathways.
fn older_aims(root: &Node<'_>) -> Vec<Aim> {
    let family = root.or_default::<String>("pathway") == "Family";
    family.then_some(Aim::Loved).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::DocId;
    use crate::store::documents::Saved;

    fn read_with(write: impl FnOnce(&mut Edit<'_>) -> Result<()>) -> SharedSettings {
        let mut doc = Doc::load(DocId::Settings, [1; 16], &Saved::default()).unwrap();
        doc.edit(write).unwrap();
        read_settings(&doc)
    }

    #[test]
    fn settings_of_before_the_question_say_who_is_here_for_someone_they_love() {
        let older = |pathway: &'static str| {
            read_with(move |edit| {
                let root = edit.root();
                edit.set(&root, "pathway", &pathway.to_owned())
            })
        };
        assert_eq!((older("Family").aims, older("Family").pathway), (vec![Aim::Loved], Pathway::Own));
        assert_eq!((older("Faith").aims, older("Faith").pathway), (vec![], Pathway::Faith));
        let answered = read_with(|edit| {
            let root = edit.root();
            edit.set(&root, "pathway", &"Family".to_owned())?;
            write_settings(edit, &SettingsEdit::Aims(vec![Aim::Me]))
        });
        assert_eq!(answered.aims, [Aim::Me], "what was answered since holds");
    }
}
