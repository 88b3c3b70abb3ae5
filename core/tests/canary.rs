//! No word that a person types is readable in any file of the app.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use std::fs;
use std::path::Path;

use common::{Machine, checkin, start};
use trellis_api_types::app::{AppLock, AppStart, Lock};
use trellis_api_types::checkin::{CheckIn, CheckInSave};
use trellis_api_types::devices::PhraseShow;
use trellis_api_types::draft::{DraftDrop, DraftSave};
use trellis_api_types::plan::*;
use trellis_api_types::safety::*;
use trellis_api_types::settings::{SettingsEdit, SettingsSave};

/// A word that occurs nowhere by itself, one for each field.
struct Canary(Vec<String>);

impl Canary {
    fn word(&mut self) -> String {
        let word = format!("Zyxwv{:03}Qanary", self.0.len());
        self.0.push(word.clone());
        word
    }
}

fn plan_edits(c: &mut Canary) -> Vec<PlanEdit> {
    let text =
        GoalText { dimension: Dimension::Health, title: c.word(), reason: c.word(), state: GoalState::Open };
    let step = Step { id: "s".into(), text: c.word(), detail: c.word(), due: None, state: StepState::Doing };
    let mut line = |list, id: &str| PlanEdit::PutLine { list, line: Line { id: id.into(), text: c.word() } };
    let lines = [LineList::Strengths, LineList::Helps("g".into()), LineList::Supporters("g".into())];
    let lines = lines.map(|list| line(list, "l"));
    let need = Need { id: "n".into(), text: c.word(), detail: c.word(), due: None, done: false };
    let mut all =
        vec![PlanEdit::PutGoal { id: "g".into(), text }, PlanEdit::PutStep { goal: "g".into(), step }];
    all.extend(lines);
    all.extend([PlanEdit::OwnWords(c.word()), PlanEdit::PutNeed(need)]);
    all
}

fn safety_edit(c: &mut Canary) -> SafetyEdit {
    SafetyEdit::Put(SafetyEntry {
        id: "e".into(),
        part: SafetyPart::People,
        kind: SafetyKind::Person,
        text: c.word(),
        detail: c.word(),
        phone: c.word(),
        texts: true,
    })
}

fn all_bytes(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect()
}

fn assert_unreadable(folder: &Path, words: &[String]) {
    for (name, bytes) in all_bytes(folder) {
        let lower = bytes.to_ascii_lowercase();
        for word in words {
            let word = word.to_ascii_lowercase();
            let found = lower.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!found, "{word} is readable in {name}");
        }
    }
}

#[test]
fn typed_words_are_in_no_file() {
    let machine = Machine::new("2026-11-22");
    let mut c = Canary(Vec::new());
    let passphrase = c.word();
    let mut app = machine.app();
    let lock = Lock::Passphrase(passphrase.clone());
    app.app_start(AppStart { name: c.word(), ..start(lock) }).unwrap();
    for edit in plan_edits(&mut c) {
        app.plan_save(PlanSave { edit }).unwrap();
    }
    app.safety_save(SafetySave { edit: safety_edit(&mut c) }).unwrap();
    let checkin =
        CheckIn { tags: vec![c.word()], note: c.word(), learned: c.word(), ..checkin("c", "2026-11-22") };
    app.checkin_save(CheckInSave { checkin }).unwrap();
    let on_lock = SettingsEdit::SafetyPlanOnLock(true);
    let settings = [
        SettingsEdit::Tags(vec![c.word()]),
        SettingsEdit::DeviceName(c.word()),
        SettingsEdit::EmergencyNumber(c.word()),
        on_lock,
    ];
    for edit in settings {
        app.settings_save(SettingsSave { edit }).unwrap();
    }
    for form in ["checkin", "dropped"] {
        app.draft_save(DraftSave { form: form.into(), text: c.word() }).unwrap();
    }
    app.draft_drop(DraftDrop { form: "dropped".into() }).unwrap();
    let phrase = app.phrase_show(PhraseShow { proof: Some(passphrase) }).unwrap();
    c.0.extend(phrase.windows(3).map(|words| words.join(" ")));
    assert_unreadable(machine.path(), &c.0);
    app.app_lock(AppLock {}).unwrap();
    assert_unreadable(machine.path(), &c.0);
    assert!(all_bytes(machine.path()).len() >= 4, "there were files to look into");
}
