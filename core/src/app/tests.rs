//! What only shows inside: a full disk, a lost index, folded documents, two devices, several people.

mod audience;
mod coach;
#[path = "../../tests/common/mod.rs"]
mod common;
mod help;
mod hostile;
mod lent;
mod locks;
mod people;
mod together;
mod typed;
mod undo;
mod watch;

use chrono::NaiveTime;
use tempfile::TempDir;
use trellis_api_types::app::{AppErase, AppStart, AppUnlock, Lock};
use trellis_api_types::checkin::{CheckIn, CheckInList, CheckInSave, Kept, Mood, Use};
use trellis_api_types::command::Undo as UndoArgs;
use trellis_api_types::journey::JourneyGet;
use trellis_api_types::people::PersonSave;
use trellis_api_types::plan::{PlanEdit, PlanGet, PlanSave};
use trellis_api_types::settings::{Pathway, SettingsEdit, SettingsGet, SettingsSave};

use super::*;
use crate::crdt::{DocId, Known, read_people};
use crate::native::{MemoryKeychain, Native};
use crate::platform::{Clock, Keychain};

type TestApp = App<Native<MemoryKeychain>>;

fn started() -> (TempDir, TestApp) {
    let folder = TempDir::new().unwrap();
    let mut app = App::new(Native::new(folder.path(), MemoryKeychain::default()).unwrap(), Language::En);
    let (language, pathway) = (Language::En, Pathway::Own);
    let (name, lock, recovery_start) = ("Sam".into(), Lock::Keychain, None);
    app.app_start(AppStart { language, name, lock, recovery_start, aims: Vec::new(), pathway }).unwrap();
    (folder, app)
}

fn reopen(app: &mut TestApp) {
    app.app_lock(trellis_api_types::app::AppLock {}).unwrap();
    app.app_unlock(AppUnlock { passphrase: None }).unwrap();
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn checkin(id: &str, note: &str) -> CheckIn {
    CheckIn {
        id: id.into(),
        date: day("2025-05-05"),
        time: NaiveTime::MIN,
        mood: Mood::Good,
        urge: Some(7),
        halt: vec![],
        used: Some(Use::Used),
        medication: None,
        tags: vec![],
        note: note.into(),
        learned: String::new(),
        kept: Kept::default(),
        edited_at: 0,
    }
}

fn save(app: &mut TestApp, id: &str, note: &str) -> Result<Option<String>> {
    app.checkin_save(CheckInSave { checkin: checkin(id, note) }).map(|saved| saved.undo)
}

fn all(app: &mut TestApp) -> Vec<CheckIn> {
    app.checkin_list(CheckInList { from: day("2025-05-01"), to: day("2025-05-31") }).unwrap()
}

fn words(app: &mut TestApp, words: &str) -> String {
    let edit = PlanEdit::OwnWords(words.into());
    app.plan_save(PlanSave { edit }).unwrap().undo.unwrap()
}

fn own_words(app: &mut TestApp) -> String {
    app.plan_get(PlanGet {}).unwrap().own_words
}

/// Everything one device has reaches the other, twice and backwards.
fn send(from: &mut TestApp, to: &mut TestApp, id: DocId) {
    let session = from.session().unwrap();
    let changes = session.read(|tx, docs| Ok(docs.get(tx, id)?.changes())).unwrap();
    let bytes: Vec<_> = changes.into_iter().map(|(_, bytes)| bytes).rev().collect();
    for _ in 0..2 {
        let received = to.session().unwrap().tx(|tx, docs| docs.receive(tx, id, &[9; 32], &bytes)).unwrap();
        assert!(received.bad.is_empty() && received.missing == 0);
    }
}

#[test]
fn a_full_disk_is_said_and_nothing_of_the_save_stays() {
    let (_folder, mut app) = started();
    save(&mut app, "before", "kept").unwrap();
    let conn = &app.session().unwrap().store.conn;
    let pages: i64 = conn.query_row("PRAGMA page_count", (), |row| row.get(0)).unwrap();
    conn.pragma_update(None, "max_page_count", pages).unwrap();
    let full =
        (0..200).find_map(|n| save(&mut app, &format!("c{n}"), &"x".repeat(4000)).err().map(|e| (n, e)));
    let (failed, error) = full.expect("the disk was full");
    assert_eq!((error.code, error.retry), ("disk-full", true));
    let shown = all(&mut app);
    assert_eq!(shown.len(), failed + 1, "what was acknowledged, and nothing else");
    reopen(&mut app);
    assert_eq!(all(&mut app), shown);
    save(&mut app, "after", "there is room again").unwrap();
    assert_eq!(all(&mut app).len(), shown.len() + 1);
}

#[test]
fn a_lost_index_is_made_anew_from_the_journals() {
    let (_folder, mut app) = started();
    ["a", "b", "c"].iter().for_each(|id| drop(save(&mut app, id, "note").unwrap()));
    let journey = JourneyGet { from: day("2025-05-01"), to: day("2025-05-31") };
    let (before, marks) = (all(&mut app), app.journey_get(journey.clone()).unwrap());
    assert!(before.len() == 3 && marks.days[4].returned && marks.days[4].urge == Some(7));
    let session = app.session().unwrap();
    session
        .tx(|tx, _| tx.unindex_document("journal/2025").and_then(|()| tx.remove_setting("index.version")))
        .unwrap();
    assert_eq!(all(&mut app), []);
    reopen(&mut app);
    assert_eq!((all(&mut app), app.journey_get(journey).unwrap()), (before, marks));
}

#[test]
fn folding_keeps_every_word_and_every_change_that_is_to_be_exchanged() {
    let (_folder, mut app) = started();
    for n in 0..60 {
        save(&mut app, &format!("c{n}"), &format!("{n} {}", "long note ".repeat(200))).unwrap();
    }
    let before = all(&mut app);
    let session = app.session().unwrap();
    let saved = session.read(|tx, _| tx.document("journal/2025")).unwrap();
    assert!(saved.snapshot.is_some(), "it was folded");
    assert!(saved.changes.iter().map(Vec::len).sum::<usize>() < 70_000);
    let waiting = session.read(|tx, _| tx.intents(1000)).unwrap();
    assert_eq!(waiting.iter().filter(|intent| intent.document == "journal/2025").count(), 60);
    reopen(&mut app);
    assert_eq!(all(&mut app), before);
}

#[test]
fn what_another_device_wrote_shows_in_lists_and_calendar() {
    let ((_one, mut a), (_two, mut b)) = (started(), started());
    save(&mut a, "mine", "from here").unwrap();
    save(&mut b, "yours", "from there").unwrap();
    send(&mut a, &mut b, DocId::Journal(2025));
    send(&mut b, &mut a, DocId::Journal(2025));
    assert_eq!(all(&mut a).len(), 2);
    let sorted = |app: &mut TestApp| {
        let mut all = all(app);
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all
    };
    assert_eq!(sorted(&mut a), sorted(&mut b));
    reopen(&mut b);
    assert_eq!(sorted(&mut a), sorted(&mut b));
}

fn keep(app: &mut TestApp, account: &str, phone: Option<&str>, blocked: Option<bool>) {
    let (account, phone) = (account.to_owned(), phone.map(str::to_owned));
    app.person_save(PersonSave { account, phone, blocked }).unwrap();
}

#[test]
fn a_phone_number_saved_on_one_device_leaves_the_block_of_the_other() {
    let ((_one, mut a), (_two, mut b)) = (started(), started());
    let [ana, ben] = ["a", "b"].map(|digit| digit.repeat(64));
    keep(&mut a, &ana, None, Some(true));
    keep(&mut b, &ana, Some("555 0100"), None);
    keep(&mut a, &ben, Some("555 0100"), None);
    keep(&mut b, &ben, None, Some(true));
    send(&mut a, &mut b, DocId::People);
    send(&mut b, &mut a, DocId::People);
    for app in [&mut a, &mut b] {
        let notes =
            app.session().unwrap().read(|tx, docs| Ok(read_people(docs.get(tx, DocId::People)?))).unwrap();
        let known = Known { phone: "555 0100".into(), blocked: true, name: String::new() };
        assert_eq!([notes.of(&ana), notes.of(&ben)], [known.clone(), known]);
    }
}

#[test]
fn undo_does_not_touch_what_another_device_said_meanwhile() {
    let ((_one, mut a), (_two, mut b)) = (started(), started());
    let undo = words(&mut a, "mine");
    send(&mut a, &mut b, DocId::Plan);
    words(&mut b, "theirs");
    send(&mut b, &mut a, DocId::Plan);
    a.undo(UndoArgs { id: undo }).unwrap();
    assert_eq!(own_words(&mut a), "theirs");
    let undo = words(&mut a, "mine again");
    a.undo(UndoArgs { id: undo }).unwrap();
    assert_eq!(own_words(&mut a), "theirs");
}

#[test]
fn undo_of_a_choice_leaves_a_later_choice() {
    let (_folder, mut app) = started();
    let auto_lock = |app: &mut TestApp, minutes| {
        app.settings_save(SettingsSave { edit: SettingsEdit::AutoLock(minutes) }).unwrap().undo.unwrap()
    };
    let first = auto_lock(&mut app, 1);
    let second = auto_lock(&mut app, 2);
    app.undo(UndoArgs { id: first }).unwrap();
    assert_eq!(app.settings_get(SettingsGet {}).unwrap().auto_lock_minutes, 2);
    app.undo(UndoArgs { id: second }).unwrap();
    assert_eq!(app.settings_get(SettingsGet {}).unwrap().auto_lock_minutes, 1);
}

#[test]
fn a_check_in_of_tomorrow_is_refused_and_nothing_is_kept() {
    let (_folder, mut app) = started();
    let tomorrow = app.host().local().date().succ_opt().unwrap();
    let checkin = CheckIn { date: tomorrow, ..checkin("c", "early") };
    assert_eq!(app.checkin_save(CheckInSave { checkin }).unwrap_err().code, "bad-date");
    let session = app.session().unwrap();
    assert_eq!(session.read(|tx, _| tx.checkin_document("c")).unwrap(), None);
}

/// The state between learning of a sign-out and acting on it, as a kill there leaves it.
fn signed_out(app: &mut TestApp) -> &'static str {
    app.session().unwrap().tx(|tx, _| tx.set_setting("space.signed-out", &[0])).unwrap();
    app.app_lock(trellis_api_types::app::AppLock {}).unwrap();
    app.app_unlock(AppUnlock { passphrase: None }).unwrap_err().code
}

#[test]
fn a_signed_out_device_without_a_paper_only_locks() {
    let (_folder, mut app) = started();
    save(&mut app, "a", "kept").unwrap();
    assert_eq!(signed_out(&mut app), "signed-out");
    assert!(matches!(app.phase(), Phase::Locked { .. }));
    app.app_unlock(AppUnlock { passphrase: None }).unwrap();
    assert_eq!(all(&mut app).len(), 1);
    app.app_erase(AppErase {}).unwrap();
    assert!(matches!(app.phase(), Phase::First));
}

#[test]
fn only_a_signed_out_device_is_erased() {
    let (_folder, mut app) = started();
    save(&mut app, "a", "kept").unwrap();
    assert_eq!(app.app_erase(AppErase {}).unwrap_err().code, "not-signed-out");
    app.app_lock(trellis_api_types::app::AppLock {}).unwrap();
    assert_eq!(app.app_erase(AppErase {}).unwrap_err().code, "not-signed-out");
    app.app_unlock(AppUnlock { passphrase: None }).unwrap();
    assert_eq!(all(&mut app).len(), 1);
}

/// Writes the 24 words down.
fn on_paper(app: &mut TestApp) -> Vec<String> {
    use trellis_api_types::devices::{PhraseCheck, PhraseConfirm, PhraseShow};
    let words = app.phrase_show(PhraseShow { proof: None }).unwrap();
    let asked = app.phrase_check(PhraseCheck {}).unwrap();
    let typed = asked.iter().map(|at| (*at, words[usize::from(*at) - 1].clone())).collect();
    app.phrase_confirm(PhraseConfirm { words: typed }).unwrap();
    words
}

#[test]
fn a_sign_out_that_is_cut_off_anywhere_leaves_nothing_that_opens_without_the_paper() {
    for steps in 0..4 {
        let (_folder, mut app) = started();
        save(&mut app, "a", "kept").unwrap();
        let words = on_paper(&mut app);
        app.session().unwrap().tx(|tx, _| tx.set_setting("space.signed-out", &[0])).unwrap();
        app.app_lock(trellis_api_types::app::AppLock {}).unwrap();
        crate::fault::arm(Some(steps));
        assert!(app.app_unlock(AppUnlock { passphrase: None }).is_err());
        crate::fault::arm(None);
        assert!(app.session().is_err(), "it stays open after {steps}");
        let code = app.app_unlock(AppUnlock { passphrase: None }).unwrap_err().code;
        assert_eq!(code, "signed-out", "after {steps}");
        let again = app.app_unlock(AppUnlock { passphrase: None }).unwrap_err().code;
        assert_eq!(again, "signed-out", "after {steps}");
        // Where the sign-out was not at its end, opening with the paper ends it first.
        let _ = app.app_unlock(AppUnlock { passphrase: Some(words.join(" ")) });
        app.app_unlock(AppUnlock { passphrase: Some(words.join(" ")) }).unwrap();
        assert_eq!(all(&mut app).len(), 1);
    }
}

#[test]
fn a_signed_out_device_opens_with_the_paper_only() {
    let (folder, mut app) = started();
    save(&mut app, "a", "kept").unwrap();
    let key = app.session().unwrap().key.0;
    let words = on_paper(&mut app);
    let edit = SettingsEdit::SafetyPlanOnLock(true);
    app.settings_save(SettingsSave { edit }).unwrap();

    let name = format!("database-{}", LockFile::read(&app.host).unwrap().unwrap().install);
    assert!(app.host.keychain_get(&name).unwrap().is_some());
    assert_eq!(signed_out(&mut app), "signed-out");
    assert_eq!(app.host.keychain_get(&name).unwrap(), None);
    assert!(!locked_plan::exists(&app.host));
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(32).any(|part| part == key), "the key is in a file");
    }
    for wrong in [None, Some("  "), Some("not the words"), Some(words[..23].join(" ").as_str())] {
        let code = app.app_unlock(AppUnlock { passphrase: wrong.map(str::to_owned) }).unwrap_err().code;
        assert_eq!(code, if wrong.is_some_and(|it| it.len() > 2) { "phrase-mismatch" } else { "signed-out" });
        assert!(matches!(app.phase(), Phase::Broken(problem) if problem.code == "signed-out"));
    }
    app.app_unlock(AppUnlock { passphrase: Some(words.join(" ")) }).unwrap();
    assert_eq!(all(&mut app).len(), 1);
    app.app_lock(trellis_api_types::app::AppLock {}).unwrap();
    assert!(matches!(app.phase(), Phase::Broken(problem) if problem.code == "signed-out"));

    app.app_erase(AppErase {}).unwrap();
    assert!(matches!(app.phase(), Phase::First));
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left, ["screen.json"]);
}
