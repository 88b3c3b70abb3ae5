//! The three locks: what opens, what waits, what is left in the keychain, and a cut at every step of a change.

use trellis_api_types::app::{AppLock, AppUnlock, Lock, LockChange, LockKind, Phase, SafetyPlanLocked};
use trellis_api_types::settings::{SettingsEdit, SettingsGet, SettingsSave};

use super::common::{Machine, TestApp};
use crate::app::lockfile::LockFile;
use crate::error::Error;
use crate::platform::{Files, Keychain};

const CODE: &str = "481516";
const PASSPHRASE: &str = "correct horse";

fn code() -> Lock {
    Lock::Code(CODE.into())
}

fn all() -> [Lock; 3] {
    [Lock::Keychain, Lock::Passphrase(PASSPHRASE.into()), code()]
}

fn kind(lock: &Lock) -> LockKind {
    match lock {
        Lock::Keychain => LockKind::Keychain,
        Lock::Passphrase(_) => LockKind::Passphrase,
        Lock::Code(_) => LockKind::Code,
    }
}

/// What is typed for a lock.
fn typed(lock: &Lock) -> Option<String> {
    match lock {
        Lock::Keychain => None,
        Lock::Passphrase(typed) | Lock::Code(typed) => Some(typed.clone()),
    }
}

fn unlock(app: &mut TestApp, typed: Option<&str>) -> Result<(), Error> {
    app.app_unlock(AppUnlock { passphrase: typed.map(str::to_owned) })
}

fn change(app: &mut TestApp, from: &Lock, to: &Lock) -> Result<(), Error> {
    app.lock_change(LockChange { proof: typed(from), lock: to.clone() })
}

/// Whether the keychain holds the database key, and whether it holds the secret of a code.
fn in_keychain(machine: &Machine) -> (bool, bool) {
    let install = LockFile::read(&machine.app().host).unwrap().unwrap().install;
    let holds = |what: &str| machine.keychain.keychain_get(&format!("{what}-{install}")).unwrap().is_some();
    (holds("database"), holds("code"))
}

fn needed(lock: &Lock) -> (bool, bool) {
    (matches!(lock, Lock::Keychain), matches!(lock, Lock::Code(_)))
}

#[test]
fn a_code_opens_what_it_locked_and_wrong_ones_wait_longer_and_longer() {
    let machine = Machine::new("2026-11-22");
    drop(machine.started(code()));
    let phase = machine.app().app_status(trellis_api_types::app::AppStatus {}).unwrap().phase;
    assert!(matches!(phase, Phase::Locked { lock: LockKind::Code, .. }));
    let tried = |word: &str| {
        let outcome = unlock(&mut machine.app(), Some(word));
        outcome.map_err(|e| (e.code, e.retry_at.map(|at| at - machine.time.now())))
    };
    assert_eq!(tried("481517"), Err(("wrong-passphrase", Some(1000))));
    assert_eq!(tried(CODE), Err(("try-later", Some(1000))), "even the right one has to wait");
    machine.time.pass(1000);
    assert_eq!(tried("999999"), Err(("wrong-passphrase", Some(2000))));
    machine.time.pass(2000);
    assert_eq!(tried(CODE), Ok(()));
    assert_eq!(tried(""), Err(("wrong-passphrase", Some(1000))), "a right one starts over");
}

#[test]
fn the_files_alone_do_not_open_with_the_code() {
    let machine = Machine::new("2026-11-22");
    drop(machine.started(code()));
    let install = LockFile::read(&machine.app().host).unwrap().unwrap().install;
    machine.keychain.keychain_delete(&format!("code-{install}")).unwrap();
    for _ in 0..3 {
        assert_eq!(
            unlock(&mut machine.app(), Some(CODE)).unwrap_err().code,
            "key-missing",
            "it is no wrong try"
        );
    }
    machine.keychain.keychain_set(&format!("code-{install}"), &[7; 32]).unwrap();
    assert_eq!(unlock(&mut machine.app(), Some(CODE)).unwrap_err().code, "wrong-passphrase");
}

#[test]
fn a_code_that_is_guessed_first_is_refused_and_the_lock_stays() {
    let machine = Machine::new("2026-11-22");
    assert_eq!(
        machine.app().app_start(super::common::start(Lock::Code("123456".into()))).unwrap_err().code,
        "weak-code"
    );
    let mut app = machine.started(Lock::Keychain);
    assert_eq!(
        change(&mut app, &Lock::Keychain, &Lock::Code("111111".into())).unwrap_err().code,
        "weak-code"
    );
    assert_eq!(app.settings_get(SettingsGet {}).unwrap().lock, LockKind::Keychain);
    drop(app);
    assert!(machine.unlocked().is_open());
}

#[test]
fn every_lock_can_take_the_place_of_every_other_and_leaves_nothing_in_the_keychain() {
    for from in &all() {
        for to in &all() {
            let machine = Machine::new("2026-11-22");
            let mut app = machine.started(from.clone());
            assert_eq!(in_keychain(&machine), needed(from));
            change(&mut app, from, to).unwrap();
            drop(app);
            assert_eq!(in_keychain(&machine), needed(to), "{from:?} to {to:?}");
            unlock(&mut machine.app(), typed(to).as_deref()).unwrap();
        }
    }
}

#[test]
fn the_present_code_is_asked_for_before_it_is_changed() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(code());
    let wrong = LockChange { proof: Some("000000".into()), lock: Lock::Keychain };
    assert_eq!(app.lock_change(wrong).unwrap_err().code, "wrong-passphrase");
    machine.time.pass(1000);
    change(&mut app, &code(), &Lock::Code("garden gate".into())).unwrap();
    drop(app);
    assert_eq!(unlock(&mut machine.app(), Some(CODE)).unwrap_err().code, "wrong-passphrase");
}

/// The power goes after each number of changes that a change of lock makes outside the database.
#[test]
fn a_change_that_is_cut_off_leaves_a_lock_that_opens_and_nothing_of_the_other() {
    for from in &all() {
        // A lock that takes its own place changes nothing in the keychain, but for a code.
        for to in all().iter().filter(|to| *to != from || **to == code()) {
            (0..9).for_each(|changes| cut(from, to, changes));
        }
    }
}

fn cut(from: &Lock, to: &Lock, changes: u32) {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(from.clone());
    machine.power.lasts(changes);
    // What is cut off may well be refused; what counts is how it opens afterwards.
    let _cut_off = change(&mut app, from, to).is_ok();
    drop(app);
    machine.power.back();
    // The try that was being made may count as a wrong one.
    machine.time.pass(10_000);
    let mut app = machine.app();
    let now = LockFile::read(&app.host).unwrap().unwrap().kind();
    let opens = if now == kind(from) { from } else { to };
    assert_eq!(now, kind(opens));
    unlock(&mut app, typed(opens).as_deref())
        .unwrap_or_else(|e| panic!("{from:?} to {to:?}, {changes}: {e}"));
    drop(app);
    assert_eq!(in_keychain(&machine), needed(opens), "{from:?} to {to:?}, {changes}");
}

#[test]
fn the_safety_plan_on_the_lock_screen_follows_a_code() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(code());
    app.settings_save(SettingsSave { edit: SettingsEdit::SafetyPlanOnLock(true) }).unwrap();
    assert!(!machine.path().join("plan.key").exists(), "its key is in the keychain");
    change(&mut app, &code(), &Lock::Passphrase(PASSPHRASE.into())).unwrap();
    assert!(machine.path().join("plan.key").exists());
    app.app_lock(AppLock {}).unwrap();
    app.safety_plan_locked(SafetyPlanLocked {}).unwrap();
}

/// A lock file of before there were codes.
fn older(wrapped: &str) -> String {
    format!(
        r#"{{"install":"0011223344556677","ready":true,"check":"19fc49c4ae1c1dd724c23f29e4b962b198e9939f0233c5da40c14441f37edfb1","wrapped":{wrapped},"signed_out":false,"tries":0,"tried_at":0,"retry_at":0}}"#
    )
}

#[test]
fn a_lock_file_of_before_there_were_codes_still_opens() {
    let machine = Machine::new("2026-11-22");
    let host = machine.app().host;
    let wrapped = r#""01000100000000000370a4e0b48ac65d2c6669b88af8810c4967415bc6e2f8d9d9224e94137eae6841760c4e64bd3889c2cc5661c7249c193a803e64c60208a5e37cc6d36cdcbe26ba71b2fa8fcd48d0a979423e4867c7cc820c46909787da43b2""#;
    host.write("lock.json", older(wrapped).as_bytes()).unwrap();
    let mut file = LockFile::read(&host).unwrap().unwrap();
    assert_eq!(file.kind(), LockKind::Passphrase);
    assert_eq!(file.open(&host, Some("passphrase")).unwrap().0, [3; 32]);

    host.write("lock.json", older("null").as_bytes()).unwrap();
    let mut file = LockFile::read(&host).unwrap().unwrap();
    assert_eq!((file.kind(), file.open(&host, None).unwrap_err().code), (LockKind::Keychain, "key-missing"));
    host.keychain_set("database-0011223344556677", &[3; 32]).unwrap();
    assert_eq!(file.open(&host, None).unwrap().0, [3; 32]);
}

#[test]
fn a_passphrase_opens_from_another_keyboard() {
    let machine = Machine::new("2026-11-22");
    drop(machine.started(Lock::Passphrase("ma\u{f1}ana tranquila".into())));
    unlock(&mut machine.app(), Some("man\u{303}ana tranquila")).unwrap();
}
