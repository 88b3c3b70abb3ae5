//! What is being written outlives the lock and the process, until it is stored.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::*;
use trellis_api_types::app::{AppLock, AppUnlock, Lock};
use trellis_api_types::draft::*;
use trellis_api_types::people::{Role, SpaceForget, SpaceKind, SpaceLeave, SpaceMake};

fn save(app: &mut TestApp, form: &str, text: &str) -> &'static str {
    code(app.draft_save(DraftSave { form: form.into(), text: text.into() }))
}

fn get(app: &mut TestApp, form: &str) -> Option<String> {
    app.draft_get(DraftGet { form: form.into() }).unwrap()
}

#[test]
fn half_an_answer_is_there_after_the_lock_and_after_a_kill() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    assert_eq!(get(&mut app, "work/1"), None);
    assert_eq!(save(&mut app, "work/1", "I am a"), "ok");
    assert_eq!(save(&mut app, "work/1", "I am angry at"), "ok");
    app.app_lock(AppLock {}).unwrap();
    assert_eq!(save(&mut app, "work/1", "late"), "locked");
    assert_eq!(code(app.draft_get(DraftGet { form: "work/1".into() })), "locked");
    app.app_unlock(AppUnlock { passphrase: None }).unwrap();
    assert_eq!(get(&mut app, "work/1").as_deref(), Some("I am angry at"));
    drop(app);
    let mut app = machine.unlocked();
    assert_eq!(get(&mut app, "work/1").as_deref(), Some("I am angry at"));
    app.draft_drop(DraftDrop { form: "work/1".into() }).unwrap();
    app.draft_drop(DraftDrop { form: "work/1".into() }).unwrap();
    assert_eq!(get(&mut app, "work/1"), None);
}

#[test]
fn drafts_are_bounded_and_a_refused_one_changes_nothing() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    assert_eq!(save(&mut app, "first", "kept"), "ok");
    assert_eq!(save(&mut app, "first", &"x".repeat(SIZE + 1)), "too-long");
    assert_eq!(save(&mut app, "", "no name"), "bad-id");
    assert_eq!(save(&mut app, &"f".repeat(NAME + 1), "long name"), "bad-id");
    assert_eq!(get(&mut app, "first").as_deref(), Some("kept"));
    (1..FORMS).for_each(|n| assert_eq!(save(&mut app, &format!("form {n}"), "text"), "ok"));
    assert_eq!(save(&mut app, "first", "again"), "ok");
    assert_eq!(get(&mut app, "form 1").as_deref(), Some("text"));
    assert_eq!(save(&mut app, "one more", "text"), "ok");
    assert_eq!(get(&mut app, "first"), None, "the one begun first makes room");
    assert_eq!(get(&mut app, "form 1").as_deref(), Some("text"));
}

#[test]
fn what_was_written_for_a_group_goes_with_it() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    let id = "00000000-0000-7000-8000-000000000001".to_owned();
    let (name, my_name) = ("Tuesday".to_owned(), "Sam".to_owned());
    let make = SpaceMake { id, kind: SpaceKind::Group, name, role: Role::Facilitator, my_name };
    let space = app.space_make(make).unwrap();
    assert_eq!(save(&mut app, &format!("post/{space}"), "Hello"), "ok");
    assert_eq!(save(&mut app, "post/other", "Hello"), "ok");
    app.space_leave(SpaceLeave { space: space.clone() }).unwrap();
    assert!(get(&mut app, &format!("post/{space}")).is_some(), "it can still be read");
    app.space_forget(SpaceForget { space: space.clone() }).unwrap();
    assert_eq!(get(&mut app, &format!("post/{space}")), None);
    assert!(get(&mut app, "post/other").is_some());
}
