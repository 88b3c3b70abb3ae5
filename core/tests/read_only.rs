//! Opening where nothing can be written, and folders that cannot be used.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Machine, Room, checkin, code, day, start};
use trellis_api_types::app::{AppStatus, Lock, Phase, Status};
use trellis_api_types::checkin::{CheckInList, CheckInSave};
use trellis_api_types::settings::Language;
use trellis_core::app::App;
use trellis_core::native::{MemoryKeychain, Native};
use trellis_core::sync::Next;

const MARKER: &str = "marker";

fn status(app: &mut common::TestApp) -> Status {
    app.app_status(AppStatus {}).unwrap()
}

fn held(app: &mut common::TestApp) -> usize {
    app.checkin_list(CheckInList { from: day("2026-01-01"), to: day("2026-12-31") }).unwrap().len()
}

fn save(app: &mut common::TestApp, id: &str) -> &'static str {
    code(app.checkin_save(CheckInSave { checkin: checkin(id, "2026-11-22") }))
}

fn marker(machine: &Machine) -> Vec<u8> {
    std::fs::read(machine.path().join(MARKER)).unwrap()
}

#[test]
fn where_nothing_can_be_written_it_opens_to_read_and_saves_as_soon_as_it_can() {
    for room in [Room::Full, Room::Shut] {
        let machine = Machine::new("2026-11-22");
        let mut app = machine.started(Lock::Passphrase("correct horse".into()));
        assert_eq!(save(&mut app, "a"), "ok");
        drop(app);
        let before = marker(&machine);
        machine.room(room);
        let mut app = machine.app();
        let passphrase = Some("correct horse".to_owned());
        app.app_unlock(trellis_api_types::app::AppUnlock { passphrase }).unwrap();
        assert!(status(&mut app).read_only);
        assert!(matches!(status(&mut app).phase, Phase::Ready { .. }));
        assert_eq!((held(&mut app), save(&mut app, "b"), held(&mut app)), (1, "read-only", 1));
        assert!(matches!(app.exchange_next().unwrap(), Next::Idle(_)));
        assert_eq!(marker(&machine), before);

        machine.room(Room::Free);
        assert_eq!((save(&mut app, "b"), held(&mut app)), ("ok", 2));
        assert!(!status(&mut app).read_only);
        assert_ne!(
            marker(&machine),
            before,
            "nothing is written under a writer that is not known to be the only one"
        );
    }
}

/// As after a kill: changes stand in the log beside the database.
#[test]
fn what_stands_in_the_log_is_read_too() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    assert_eq!((save(&mut app, "a"), save(&mut app, "b")), ("ok", "ok"));
    let copy = Machine { keychain: machine.keychain.clone(), ..Machine::new("2026-11-22") };
    for file in std::fs::read_dir(machine.path()).unwrap().map(Result::unwrap) {
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    assert!(copy.path().join("store-wal").metadata().unwrap().len() > 0);
    copy.room(Room::Shut);
    let mut app = copy.unlocked();
    assert_eq!((held(&mut app), save(&mut app, "c")), (2, "read-only"));
    copy.room(Room::Free);
    assert_eq!((save(&mut app, "c"), held(&mut app)), ("ok", 3));
}

#[test]
fn nothing_starts_where_nothing_can_be_written() {
    let machine = Machine::new("2026-11-22");
    machine.room(Room::Shut);
    let mut app = machine.app();
    assert!(matches!(status(&mut app).phase, Phase::Broken(problem) if problem.code == "folder-unusable"));
    machine.room(Room::Free);
    assert_eq!(status(&mut app).phase, Phase::First);
    app.app_start(start(Lock::Keychain)).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_used_is_said() {
    for (folder, expected) in [("/proc/x", "folder-unusable"), ("/proc/self", "folder-open")] {
        let mut app = App::new(Native::at(folder, MemoryKeychain::default()), Language::En);
        let phase = app.app_status(AppStatus {}).unwrap().phase;
        assert!(
            matches!(&phase, Phase::Broken(problem) if problem.code == expected && problem.retry),
            "{phase:?}"
        );
        assert_ne!(code(app.app_start(start(Lock::Keychain))), "ok");
    }
}
