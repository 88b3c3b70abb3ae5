//! A space's day, as the screens call for it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use common::*;
use trellis_api_types::app::Lock;
use trellis_api_types::circle::*;
use trellis_api_types::people::*;

fn id(n: u8) -> String {
    format!("00000000-0000-7000-8000-0000000000{n:02x}")
}

fn make(app: &mut TestApp, kind: SpaceKind, role: Role) -> String {
    let (name, my_name) = ("Tuesday".to_owned(), "Sam".to_owned());
    app.space_make(SpaceMake { id: id(200), kind, name, role, my_name }).unwrap()
}

fn save(app: &mut TestApp, space: &str, edit: CircleEdit) -> &'static str {
    code(app.circle_save(CircleSave { space: space.into(), edit }))
}

fn get(app: &mut TestApp, space: &str, limit: u32) -> Circle {
    app.circle_get(CircleGet { space: space.into(), limit }).unwrap()
}

fn post(n: u8, text: &str) -> CircleEdit {
    CircleEdit::Post { id: id(n), kind: PostKind::Victory, text: text.into() }
}

#[test]
fn what_is_said_stands_across_restarts_and_can_be_changed_and_taken_away() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    let space = make(&mut app, SpaceKind::Group, Role::Facilitator);
    assert_eq!(save(&mut app, &space, post(1, "Slept well")), "ok");
    machine.time.pass(1000);
    assert_eq!(save(&mut app, &space, post(2, "Walked")), "ok");
    drop(app);
    let mut app = machine.unlocked();
    let seen = get(&mut app, &space, 1);
    assert!(seen.more && seen.entries[0].only_here);
    let key = seen.entries[0].key.clone();
    let account = seen.entries[0].account.clone();
    let reply =
        CircleEdit::Reply { id: id(3), account: account.clone(), key: key.clone(), text: "Go on".into() };
    assert_eq!(save(&mut app, &space, reply), "ok");
    let react =
        |on| CircleEdit::React { account: account.clone(), key: key.clone(), kind: Reaction::Thanks, on };
    assert_eq!(save(&mut app, &space, react(true)), "ok");
    let edit = CircleEdit::Post { id: key.clone(), kind: PostKind::Victory, text: "Walked far".into() };
    assert_eq!(save(&mut app, &space, edit), "ok");
    let seen = get(&mut app, &space, 9);
    assert_eq!((seen.entries.len(), seen.more), (2, false));
    let entry = &seen.entries[0];
    assert_eq!(entry.what, What::Post { kind: PostKind::Victory, text: "Walked far".into() });
    assert_eq!((entry.replies.len(), entry.reactions[2].count), (1, 1));
    assert_eq!(save(&mut app, &space, react(false)), "ok");
    assert_eq!(save(&mut app, &space, CircleEdit::Remove { key: key.clone() }), "ok");
    assert_eq!(save(&mut app, &space, CircleEdit::Remove { key }), "not-found");
    assert_eq!(get(&mut app, &space, 9).entries.len(), 1);
}

#[test]
fn members_edit_the_board_and_sign_its_agreement() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    let space = make(&mut app, SpaceKind::Group, Role::Facilitator);
    let meeting = Meeting {
        id: id(1),
        title: "Tuesday".into(),
        date: day("2026-11-03"),
        time: chrono::NaiveTime::MIN,
        place: String::new(),
        every_days: 7,
        every_month: None,
        zone: String::new(),
        at: None,
    };
    assert_eq!(save(&mut app, &space, CircleEdit::PutMeeting(meeting)), "ok");
    assert_eq!(save(&mut app, &space, CircleEdit::SetAgreement("We listen.".into())), "ok");
    assert_eq!(save(&mut app, &space, CircleEdit::SignAgreement), "ok");
    assert_eq!(save(&mut app, &space, CircleEdit::AskFocus { question: "What helped?".into() }), "ok");
    assert_eq!(save(&mut app, &space, CircleEdit::AnswerFocus { text: "Walks".into() }), "ok");
    drop(app);
    let mut app = machine.unlocked();
    let seen = get(&mut app, &space, 9);
    assert_eq!(seen.meetings[0].date, day("2026-11-24"));
    assert_eq!((seen.agreement.text.as_str(), seen.agreement.signed.len()), ("We listen.", 1));
    assert_eq!(seen.focus.unwrap().answers[0].1, "Walks");
    assert_eq!(save(&mut app, &space, CircleEdit::RemoveMeeting(id(9))), "not-found");
}

#[test]
fn nothing_is_said_where_nobody_is_or_it_is_over() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    let space = make(&mut app, SpaceKind::Pair, Role::Sponsor);
    let help = || CircleEdit::AskHelp { id: id(1), to: vec!["0".repeat(64)], text: String::new() };
    assert_eq!(save(&mut app, &space, help()), "no-helpers");
    assert_eq!(save(&mut app, &"0".repeat(64), help()), "not-found");
    assert_eq!(save(&mut app, "nowhere", help()), "not-found");
    app.space_leave(SpaceLeave { space: space.clone() }).unwrap();
    assert_eq!(save(&mut app, &space, post(1, "Hello")), "space-ended");
    let edit = CircleEdit::SetAgreement("We listen.".into());
    assert_eq!(save(&mut app, &space, edit), "space-ended");
    assert_eq!(get(&mut app, &space, 9).entries, []);
}
