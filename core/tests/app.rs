//! The use cases, as the screens call them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use std::fs;

use common::*;
use trellis_api_types::app::*;
use trellis_api_types::checkin::*;
use trellis_api_types::command::{Saved, Undo};
use trellis_api_types::devices::*;
use trellis_api_types::journey::JourneyGet;
use trellis_api_types::plan::*;
use trellis_api_types::safety::*;
use trellis_api_types::settings::*;
use trellis_api_types::today::TodayGet;

fn phase(app: &mut TestApp) -> Phase {
    app.app_status(AppStatus {}).unwrap().phase
}

fn undo(app: &mut TestApp, saved: Saved) {
    app.undo(Undo { id: saved.undo.unwrap() }).unwrap();
}

fn goal(app: &mut TestApp, id: &str, title: &str) -> Saved {
    let text = GoalText {
        dimension: Dimension::Home,
        title: title.into(),
        reason: "because".into(),
        state: GoalState::Open,
    };
    app.plan_save(PlanSave { edit: PlanEdit::PutGoal { id: id.into(), text } }).unwrap()
}

fn step(app: &mut TestApp, id: &str, state: StepState) -> Saved {
    let step = Step { id: id.into(), text: id.into(), detail: String::new(), due: None, state };
    app.plan_save(PlanSave { edit: PlanEdit::PutStep { goal: "g1".into(), step } }).unwrap()
}

fn steps(app: &mut TestApp) -> Vec<String> {
    app.plan_get(PlanGet {}).unwrap().goals[0].steps.iter().map(|step| step.id.clone()).collect()
}

#[test]
fn from_first_start_to_the_first_checkin_and_back_after_a_restart() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.app();
    assert_eq!(phase(&mut app), Phase::First);
    app.app_start(start(Lock::Keychain)).unwrap();
    assert_eq!(phase(&mut app), Phase::Ready { name: "Sam".into() });
    app.checkin_save(CheckInSave { checkin: checkin("c1", "2026-11-22") }).unwrap();
    drop(app);

    let mut app = machine.app();
    assert_eq!(
        phase(&mut app),
        Phase::Locked { lock: LockKind::Keychain, safety_plan: false, retry_at: None }
    );
    assert_eq!(code(app.today_get(TodayGet {})), "locked");
    app.app_unlock(AppUnlock { passphrase: None }).unwrap();
    let today = app.today_get(TodayGet {}).unwrap();
    assert_eq!((today.name.as_str(), today.hour, today.phrase_pending), ("Sam", 12, true));
    assert_eq!(today.checked_in, [("c1".to_owned(), checkin("c1", "2026-11-22").time)]);
    assert_eq!((today.week.len(), today.week[6].mood), (7, Some(Mood::Good)));
    assert_eq!(code(app.app_start(start(Lock::Keychain))), "already-started");
}

#[test]
fn a_start_that_was_cut_off_begins_anew() {
    let machine = Machine::new("2026-11-22");
    drop(machine.started(Lock::Keychain));
    let lock = machine.path().join("lock.json");
    let cut = fs::read_to_string(&lock).unwrap().replace("\"ready\":true", "\"ready\":false");
    fs::write(&lock, cut).unwrap();
    let mut app = machine.app();
    assert_eq!(phase(&mut app), Phase::First);
    app.app_start(start(Lock::Passphrase("correct horse".into()))).unwrap();
    assert!(matches!(phase(&mut app), Phase::Ready { .. }));
}

#[test]
fn saving_the_same_twice_changes_nothing() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    let save = CheckInSave { checkin: checkin("c1", "2026-11-20") };
    assert!(app.checkin_save(save.clone()).unwrap().undo.is_some());
    machine.time.pass(5000);
    assert_eq!(app.checkin_save(save).unwrap(), Saved::default());
    assert_ne!(app.checkin_get(CheckInGet { id: "c1".into() }).unwrap().edited_at, machine.time.now());
    goal(&mut app, "g1", "A home");
    assert_eq!(goal(&mut app, "g1", "A home"), Saved::default());
    assert_eq!(app.checkin_delete(CheckInDelete { id: "nobody".into() }).unwrap(), Saved::default());
}

#[test]
fn an_edited_date_moves_the_checkin_on_the_calendar_and_not_out_of_its_journal() {
    let machine = Machine::new("2026-01-03");
    let mut app = machine.started(Lock::Keychain);
    app.checkin_save(CheckInSave { checkin: checkin("c1", "2026-01-02") }).unwrap();
    app.checkin_save(CheckInSave { checkin: checkin("c1", "2025-12-31") }).unwrap();
    let list = |app: &mut TestApp| {
        let all = app.checkin_list(CheckInList { from: day("2025-12-01"), to: day("2026-01-31") }).unwrap();
        all.into_iter().map(|c| (c.id, c.date)).collect::<Vec<_>>()
    };
    assert_eq!(list(&mut app), [("c1".to_owned(), day("2025-12-31"))]);
    drop(app);
    assert_eq!(list(&mut machine.unlocked()), [("c1".to_owned(), day("2025-12-31"))]);
}

#[test]
fn a_return_to_use_changes_only_the_current_run() {
    let machine = Machine::new("2026-03-01");
    let mut app = machine.app();
    app.app_start(AppStart { recovery_start: Some(day("2026-01-01")), ..start(Lock::Keychain) }).unwrap();
    let journey = |app: &mut TestApp| {
        app.journey_get(JourneyGet { from: day("2026-02-01"), to: day("2026-03-01") }).unwrap()
    };
    let before = journey(&mut app).figures.unwrap();
    assert_eq!((before.total_days, before.current_run, before.best_run), (59, 59, 59));
    let used = CheckIn { used: Some(Use::Used), ..checkin("c1", "2026-03-01") };
    let saved = app.checkin_save(CheckInSave { checkin: used }).unwrap();
    let after = journey(&mut app);
    let figures = after.figures.unwrap();
    assert_eq!((figures.total_days, figures.current_run, figures.best_run), (59, 0, 59));
    assert_eq!((after.days.len(), after.days[28].returned), (29, true));
    undo(&mut app, saved);
    assert_eq!(journey(&mut app).figures.unwrap(), before);
    assert_eq!(
        code(app.journey_get(JourneyGet { from: day("2026-03-01"), to: day("2026-02-01") })),
        "bad-span"
    );
}

#[test]
fn the_plan_keeps_the_persons_order_and_every_change_can_be_taken_back() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    goal(&mut app, "g1", "A home");
    for id in ["s1", "s2", "s3"] {
        step(&mut app, id, StepState::ToDo);
    }
    let edit = PlanEdit::MoveStep { goal: "g1".into(), id: "s3".into(), before: Some("s1".into()) };
    let moved = app.plan_save(PlanSave { edit }).unwrap();
    assert_eq!(steps(&mut app), ["s3", "s1", "s2"]);
    undo(&mut app, moved);
    assert_eq!(steps(&mut app), ["s1", "s2", "s3"]);
    let removed = app.plan_save(PlanSave { edit: PlanEdit::RemoveGoal("g1".into()) }).unwrap();
    assert_eq!(app.plan_get(PlanGet {}).unwrap().goals, []);
    undo(&mut app, removed.clone());
    assert_eq!(steps(&mut app), ["s1", "s2", "s3"]);
    app.undo(Undo { id: removed.undo.unwrap() }).unwrap();
    assert_eq!(steps(&mut app), ["s1", "s2", "s3"], "a second undo does nothing");
    let renamed = goal(&mut app, "g1", "A place of my own");
    undo(&mut app, renamed);
    assert_eq!(app.plan_get(PlanGet {}).unwrap().goals[0].text.title, "A home");
    let missing = PlanEdit::MoveStep { goal: "g1".into(), id: "s9".into(), before: None };
    assert_eq!(code(app.plan_save(PlanSave { edit: missing })), "not-found");
    assert_eq!(code(app.undo(Undo { id: "unknown".into() })), "not-found");
}

#[test]
fn goals_are_moved_and_moved_back() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    for id in ["g1", "g2", "g3"] {
        goal(&mut app, id, "A home");
    }
    let order = |app: &mut TestApp| -> Vec<String> {
        app.plan_get(PlanGet {}).unwrap().goals.into_iter().map(|goal| goal.id).collect()
    };
    let edit = PlanEdit::MoveGoal { id: "g3".into(), before: Some("g1".into()) };
    let moved = app.plan_save(PlanSave { edit }).unwrap();
    assert_eq!(order(&mut app), ["g3", "g1", "g2"]);
    undo(&mut app, moved);
    assert_eq!(order(&mut app), ["g1", "g2", "g3"]);
    app.plan_save(PlanSave { edit: PlanEdit::MoveGoal { id: "g1".into(), before: None } }).unwrap();
    assert_eq!(order(&mut app), ["g2", "g3", "g1"]);
    let missing = PlanEdit::MoveGoal { id: "g9".into(), before: None };
    assert_eq!(code(app.plan_save(PlanSave { edit: missing })), "not-found");
}

#[test]
fn many_moves_to_the_same_place_keep_their_order() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    goal(&mut app, "g1", "A home");
    let ids: Vec<String> = (0..8).map(|n| format!("s{n}")).collect();
    ids.iter().for_each(|id| drop(step(&mut app, id, StepState::ToDo)));
    let mut expected = ids.clone();
    for turn in 0..100 {
        let id = expected.remove(if turn % 2 == 0 { 7 } else { 6 });
        let before = expected[1].clone();
        expected.insert(1, id.clone());
        let edit = PlanEdit::MoveStep { goal: "g1".into(), id, before: Some(before) };
        app.plan_save(PlanSave { edit }).unwrap();
        assert_eq!(steps(&mut app), expected);
    }
}

#[test]
fn today_shows_what_is_begun_or_has_no_date_and_what_was_done_today_only() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    goal(&mut app, "g1", "A home");
    step(&mut app, "any-day", StepState::ToDo);
    step(&mut app, "begun", StepState::Doing);
    step(&mut app, "done", StepState::Done);
    let due = Some("2027-01-01".parse().unwrap());
    let (text, detail, state) = ("later".into(), String::new(), StepState::ToDo);
    let later = Step { id: "later".into(), text, detail, due, state };
    app.plan_save(PlanSave { edit: PlanEdit::PutStep { goal: "g1".into(), step: later } }).unwrap();
    let shown = |app: &mut TestApp| {
        let steps = app.today_get(TodayGet {}).unwrap().steps;
        steps.into_iter().map(|step| step.step.id).collect::<Vec<_>>()
    };
    assert_eq!(shown(&mut app), ["begun", "any-day", "done"]);
    machine.time.days(1);
    assert_eq!(shown(&mut app), ["begun", "any-day"]);
}

#[test]
fn today_shows_what_cannot_wait_also_without_a_date_and_knows_of_a_plan() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    let today = |app: &mut TestApp| app.today_get(TodayGet {}).unwrap();
    assert!(!today(&mut app).has_plan);
    let need = |app: &mut TestApp, id: &str, due: Option<&str>, done: bool| {
        let (due, detail) = (due.map(|day| day.parse().unwrap()), String::new());
        let need = Need { id: id.into(), text: id.into(), detail, due, done };
        app.plan_save(PlanSave { edit: PlanEdit::PutNeed(need) }).unwrap();
    };
    need(&mut app, "in-spring", Some("2027-03-01"), false);
    assert!(today(&mut app).has_plan && today(&mut app).needs.is_empty());
    need(&mut app, "bed", None, false);
    need(&mut app, "food", Some("2026-11-20"), false);
    need(&mut app, "met", None, true);
    let shown: Vec<_> = today(&mut app).needs.into_iter().map(|need| need.id).collect();
    assert_eq!(shown, ["food", "bed"]);
}

#[test]
fn days_in_recovery_stand_on_today_unless_the_person_hides_them() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    let days = |app: &mut TestApp| app.today_get(TodayGet {}).unwrap().days;
    assert_eq!(days(&mut app), None);
    let set = |app: &mut TestApp, edit| drop(app.settings_save(SettingsSave { edit }).unwrap());
    set(&mut app, SettingsEdit::RecoveryStart(Some("2026-11-13".parse().unwrap())));
    let shown = days(&mut app);
    let (from, to) = ("2026-11-22".parse().unwrap(), "2026-11-22".parse().unwrap());
    let journey = app.journey_get(JourneyGet { from, to }).unwrap();
    assert_eq!(shown, journey.figures.map(|figures| figures.total_days), "the same number as on the journey");
    assert!(shown.is_some());
    set(&mut app, SettingsEdit::DaysOnToday(false));
    assert_eq!(days(&mut app), None);
    assert!(!app.settings_get(SettingsGet {}).unwrap().days_on_today);
}

#[test]
fn wrong_passphrases_wait_longer_and_longer_across_restarts_and_clock_tricks() {
    let machine = Machine::new("2026-11-22");
    drop(machine.started(Lock::Passphrase("correct horse".into())));
    let unlock = |word: &str| {
        let outcome = machine.app().app_unlock(AppUnlock { passphrase: Some(word.into()) });
        outcome.map_err(|e| (e.code, e.retry_at.map(|at| at - machine.time.now())))
    };
    assert_eq!(unlock("wrong"), Err(("wrong-passphrase", Some(1000))));
    assert_eq!(unlock("correct horse"), Err(("try-later", Some(1000))), "even the right one has to wait");
    machine.time.pass(1000);
    assert_eq!(unlock("wrong"), Err(("wrong-passphrase", Some(2000))));
    machine.time.days(-400);
    assert_eq!(
        unlock("correct horse"),
        Err(("try-later", Some(2000))),
        "putting the clock back starts the wait again"
    );
    machine.time.pass(1999);
    assert_eq!(unlock("correct horse"), Err(("try-later", Some(1))));
    machine.time.pass(1);
    assert_eq!(unlock("correct horse"), Ok(()));
    assert_eq!(unlock("wrong"), Err(("wrong-passphrase", Some(1000))), "a right one starts over");
}

#[test]
fn the_lock_can_be_changed_both_ways_and_the_old_way_is_gone() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    let passphrase = || Lock::Passphrase("correct horse".into());
    let short = LockChange { proof: None, lock: Lock::Passphrase("short".into()) };
    assert_eq!(code(app.lock_change(short)), "weak-passphrase");
    app.lock_change(LockChange { proof: None, lock: passphrase() }).unwrap();
    drop(app);
    let mut app = machine.app();
    assert_eq!(code(app.app_unlock(AppUnlock { passphrase: None })), "wrong-passphrase");
    machine.time.pass(1000);
    app.app_unlock(AppUnlock { passphrase: Some("correct horse".into()) }).unwrap();
    let unproved = LockChange { proof: Some("guess again".into()), lock: Lock::Keychain };
    assert_eq!(code(app.lock_change(unproved)), "wrong-passphrase");
    machine.time.pass(1000);
    app.lock_change(LockChange { proof: Some("correct horse".into()), lock: Lock::Keychain }).unwrap();
    drop(app);
    assert!(machine.unlocked().is_open());
}

#[test]
fn it_locks_by_itself_after_the_chosen_minutes() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    app.settings_save(SettingsSave { edit: SettingsEdit::AutoLock(2) }).unwrap();
    machine.time.pass(119_999);
    assert!(!app.lock_if_idle().unwrap());
    app.touch();
    machine.time.pass(119_999);
    assert!(!app.lock_if_idle().unwrap());
    machine.time.pass(1);
    assert!(app.lock_if_idle().unwrap());
    assert!(matches!(phase(&mut app), Phase::Locked { .. }));
}

#[test]
fn setting_the_clock_neither_locks_nor_keeps_open() {
    for jump in [-3_600_000, 3_600_000] {
        let machine = Machine::new("2026-11-22");
        let mut app = machine.started(Lock::Keychain);
        app.settings_save(SettingsSave { edit: SettingsEdit::AutoLock(2) }).unwrap();
        machine.time.jump(jump);
        for _ in 0..20 {
            machine.time.pass(60_000);
            assert!(!app.lock_if_idle().unwrap(), "somebody types");
            app.touch();
        }
        machine.time.pass(120_000);
        assert!(app.lock_if_idle().unwrap());
    }
}

#[test]
fn hiding_locks_only_if_the_person_chose_that() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    app.settings_save(SettingsSave { edit: SettingsEdit::HideLocks(false) }).unwrap();
    app.app_hide(AppHide {}).unwrap();
    assert!(app.is_open());
    app.settings_save(SettingsSave { edit: SettingsEdit::HideLocks(true) }).unwrap();
    app.app_hide(AppHide {}).unwrap();
    assert!(!app.is_open());
}

#[test]
fn whether_it_stays_after_closing_is_kept_also_while_locked() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    let stays = |app: &mut TestApp| app.app_status(AppStatus {}).unwrap().stays;
    assert_eq!(stays(&mut app), None);
    app.app_lock(AppLock {}).unwrap();
    app.app_close(AppClose { stays: true }).unwrap();
    assert_eq!(stays(&mut machine.app()), Some(true));
    app.app_unlock(AppUnlock { passphrase: None }).unwrap();
    app.settings_save(SettingsSave { edit: SettingsEdit::Stays(Some(false)) }).unwrap();
    assert_eq!(stays(&mut machine.app()), Some(false));
}

fn entry(id: &str, part: SafetyPart, phone: &str) -> SafetySave {
    let entry = SafetyEntry {
        id: id.into(),
        part,
        kind: SafetyKind::Person,
        text: format!("{id} from the garden"),
        detail: String::new(),
        phone: phone.into(),
        texts: true,
    };
    SafetySave { edit: SafetyEdit::Put(entry) }
}

fn on_lock(app: &mut TestApp, allowed: bool) -> Saved {
    app.settings_save(SettingsSave { edit: SettingsEdit::SafetyPlanOnLock(allowed) }).unwrap()
}

#[test]
fn the_safety_plan_is_on_the_lock_screen_only_while_allowed() {
    for lock in [Lock::Keychain, Lock::Passphrase("correct horse".into())] {
        let machine = Machine::new("2026-11-22");
        let mut app = machine.started(lock);
        app.safety_save(entry("maria", SafetyPart::People, "555 0100")).unwrap();
        app.app_lock(AppLock {}).unwrap();
        assert_eq!(code(app.safety_plan_locked(SafetyPlanLocked {})), "not-allowed");
        machine.time.pass(1000);
        app.app_unlock(AppUnlock { passphrase: Some("correct horse".into()) }).unwrap();
        on_lock(&mut app, true);
        app.safety_save(entry("jo", SafetyPart::People, "")).unwrap();
        drop(app);
        let mut app = machine.app();
        let Phase::Locked { safety_plan: true, .. } = phase(&mut app) else { panic!("not offered") };
        let plan = app.safety_plan_locked(SafetyPlanLocked {}).unwrap();
        assert_eq!((plan.entries.len(), plan.emergency_number.as_str()), (2, ""));
        app.app_unlock(AppUnlock { passphrase: Some("correct horse".into()) }).unwrap();
        on_lock(&mut app, false);
        assert_eq!(code(app.safety_plan_locked(SafetyPlanLocked {})), "not-allowed");
        assert!(!machine.path().join("plan.bin").exists() && !machine.path().join("plan.key").exists());
    }
}

fn country(app: &mut TestApp) -> Option<String> {
    app.app_status(AppStatus {}).unwrap().country
}

fn choose(app: &mut TestApp, country: &str) -> &'static str {
    code(app.country_choose(CountryChoose { country: country.into() }))
}

#[test]
fn a_number_of_ones_own_takes_the_place_of_the_countrys_until_it_is_cleared() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    let mut save = |number: &str| {
        let edit = SettingsEdit::EmergencyNumber(number.into());
        (
            code(app.settings_save(SettingsSave { edit })),
            app.safety_get(SafetyGet {}).unwrap().emergency_number,
        )
    };
    assert_eq!(save("061"), ("ok", "061".into()));
    assert_eq!(save("ask Ruth"), ("bad-number", "061".into()));
    assert_eq!(save(""), ("ok", String::new()));
}

#[test]
fn lines_are_hidden_and_moved_and_that_is_taken_back() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    let chosen = LineChoices { hidden: vec!["us-ctl".into()], order: vec!["us-samhsa".into()] };
    let saved = app.settings_save(SettingsSave { edit: SettingsEdit::Lines(chosen.clone()) }).unwrap();
    assert_eq!(app.settings_get(SettingsGet {}).unwrap().lines, chosen);
    let many = LineChoices { hidden: vec!["x".into(); 101], order: vec![] };
    assert_eq!(code(app.settings_save(SettingsSave { edit: SettingsEdit::Lines(many) })), "too-long");
    undo(&mut app, saved);
    assert_eq!(app.settings_get(SettingsGet {}).unwrap().lines, LineChoices::default());
}

#[test]
fn the_country_is_the_systems_until_one_is_chosen_and_is_known_while_locked() {
    let machine = Machine::new("2026-11-22");
    let mexico = || machine.app().in_country(Some("MX".into()));
    assert_eq!((country(&mut machine.app()), country(&mut mexico())), (None, Some("MX".into())));
    let mut app = mexico();
    assert_eq!(choose(&mut app, "ES"), "ok");
    app.app_start(start(Lock::Keychain)).unwrap();
    assert_eq!(country(&mut app), Some("ES".into()), "chosen before the first start");
    app.app_lock(AppLock {}).unwrap();
    assert_eq!((country(&mut mexico()), choose(&mut app, "ZZ")), (Some("ES".into()), "ok"));
    assert_eq!(country(&mut mexico()), Some("ZZ".into()), "changed while locked");
}

#[test]
fn what_is_no_country_changes_nothing() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    choose(&mut app, "AR");
    for wrong in ["", "A", "ar", "ARG", "A1", "Á"] {
        assert_eq!(
            (choose(&mut app, wrong), country(&mut app)),
            ("bad-country", Some("AR".into())),
            "{wrong}"
        );
    }
}

#[test]
fn a_screen_file_from_before_there_was_a_country_is_read() {
    let machine = Machine::new("2026-11-22");
    let old = r#"{"language":"Es","theme":"Dark","text_size":120,"reminder":null}"#;
    std::fs::write(machine.path().join("screen.json"), old).unwrap();
    let status = machine.app().in_country(Some("CL".into())).app_status(AppStatus {}).unwrap();
    assert_eq!((status.text_size, status.country), (120, Some("CL".into())));
}

#[test]
fn the_first_person_with_a_number_is_the_one_to_call() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    app.safety_save(entry("place", SafetyPart::Distract, "555 0199")).unwrap();
    app.safety_save(entry("without", SafetyPart::People, "")).unwrap();
    app.safety_save(entry("maria", SafetyPart::People, "555 0100")).unwrap();
    assert_eq!(app.today_get(TodayGet {}).unwrap().call_first.unwrap().id, "maria");
    let edit = SafetyEdit::Move { id: "maria".into(), before: Some("without".into()) };
    app.safety_save(SafetySave { edit }).unwrap();
    let plan = app.safety_get(SafetyGet {}).unwrap();
    assert_eq!(plan.entries.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(), ["place", "maria", "without"]);
    assert_eq!(plan.reviewed_on, Some(day("2026-11-22")));
    let elsewhere = SafetyEdit::Move { id: "maria".into(), before: Some("place".into()) };
    assert_eq!(code(app.safety_save(SafetySave { edit: elsewhere })), "not-found");
}

#[test]
fn the_phrase_is_shown_until_it_was_checked_and_then_wiped() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Passphrase("correct horse".into()));
    assert_eq!(code(app.phrase_show(PhraseShow { proof: None })), "wrong-passphrase");
    machine.time.pass(1000);
    let words = app.phrase_show(PhraseShow { proof: Some("correct horse".into()) }).unwrap();
    assert_eq!(words.len(), 24);
    let typed = |asked: &[u8], wrong: bool| PhraseConfirm {
        words: asked
            .iter()
            .map(|at| (*at, if wrong { "wrong".into() } else { words[usize::from(*at) - 1].to_uppercase() }))
            .collect(),
    };
    assert_eq!(
        code(app.phrase_confirm(typed(&[1, 2, 3], false))),
        "phrase-mismatch",
        "nothing was asked yet"
    );
    let asked = app.phrase_check(PhraseCheck {}).unwrap();
    assert_eq!(asked.len(), 3);
    assert_eq!(code(app.phrase_confirm(typed(&asked, true))), "phrase-mismatch");
    assert_eq!(code(app.phrase_confirm(PhraseConfirm { words: vec![] })), "phrase-mismatch");
    assert_eq!(code(app.phrase_confirm(typed(&asked[..1], false))), "phrase-mismatch");
    assert!(app.today_get(TodayGet {}).unwrap().phrase_pending);
    app.phrase_confirm(typed(&asked, false)).unwrap();
    assert!(!app.today_get(TodayGet {}).unwrap().phrase_pending);
    assert_eq!(code(app.phrase_check(PhraseCheck {})), "phrase-wiped");
    let proof = Some("correct horse".into());
    assert_eq!(code(app.phrase_show(PhraseShow { proof })), "phrase-wiped");
}

#[test]
fn settings_are_kept_and_can_be_taken_back() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.started(Lock::Keychain);
    let before = app.settings_get(SettingsGet {}).unwrap();
    let edits = [
        SettingsEdit::Name("Alex".into()),
        SettingsEdit::RecoveryStart(Some(day("2020-02-29"))),
        SettingsEdit::Aims(vec![Aim::Me, Aim::Sponsor]),
        SettingsEdit::Pathway(Pathway::Secular),
        SettingsEdit::TracksMedication(true),
        SettingsEdit::Tags(vec!["garden".into(), "a, b".into()]),
        SettingsEdit::Language(Language::Es),
        SettingsEdit::Theme(Theme::Dark),
        SettingsEdit::TextSize(150),
        SettingsEdit::AutoLock(0),
        SettingsEdit::HideLocks(false),
        SettingsEdit::Reminder(Some("18:30:00".parse().unwrap())),
        SettingsEdit::DeviceName("Kitchen laptop".into()),
        SettingsEdit::EmergencyNumber("112".into()),
    ];
    let saved: Vec<Saved> =
        edits.into_iter().map(|edit| app.settings_save(SettingsSave { edit }).unwrap()).collect();
    let after = app.settings_get(SettingsGet {}).unwrap();
    assert_eq!((after.name.as_str(), after.tags.len(), after.text_size), ("Alex", 2, 150));
    assert_eq!((after.auto_lock_minutes, after.emergency_number.as_str()), (0, "112"));
    saved.into_iter().for_each(|saved| undo(&mut app, saved));
    assert_eq!(app.settings_get(SettingsGet {}).unwrap(), before);
}

#[test]
fn what_brings_the_person_here_and_the_pathway_choose_the_first_offers() {
    let begun = |aims: &[Aim], pathway| {
        let machine = Machine::new("2026-11-22");
        let mut app = machine.app();
        app.app_start(AppStart { aims: aims.to_vec(), pathway, ..start(Lock::Keychain) }).unwrap();
        app.settings_get(SettingsGet {}).unwrap()
    };
    let steps = begun(&[Aim::Me, Aim::Sponsor], Pathway::TwelveStep);
    assert_eq!(steps.aims, [Aim::Me, Aim::Sponsor]);
    assert!(steps.tags.contains(&"step work".to_owned()) && !steps.tracks_medication);
    assert!(begun(&[], Pathway::Medication).tracks_medication);
    assert!(begun(&[Aim::Loved], Pathway::Own).tags.contains(&"boundaries".to_owned()));
    assert!(begun(&[], Pathway::Own).aims.is_empty());
}

#[test]
fn who_is_here_for_someone_they_love_has_no_days_to_count() {
    let machine = Machine::new("2026-11-22");
    let mut app = machine.app();
    let recovery_start = Some(day("2026-01-01"));
    app.app_start(AppStart { recovery_start, aims: vec![Aim::Me], ..start(Lock::Keychain) }).unwrap();
    let figures = |app: &mut TestApp| {
        let asked = JourneyGet { from: day("2026-11-01"), to: day("2026-11-22") };
        app.journey_get(asked).unwrap().figures
    };
    assert!(figures(&mut app).is_some());
    let edit = SettingsEdit::Aims(vec![Aim::Loved]);
    let saved = app.settings_save(SettingsSave { edit }).unwrap();
    assert_eq!(figures(&mut app), None);
    undo(&mut app, saved);
    assert!(figures(&mut app).is_some(), "the day itself was kept");
    let five = SettingsSave { edit: SettingsEdit::Aims(vec![Aim::Me; 5]) };
    assert_eq!(code(app.settings_save(five)), "bad-number");
}

#[test]
fn what_cannot_be_opened_says_why_and_stays_as_it_is() {
    let machine = Machine::new("2026-11-22");
    drop(machine.started(Lock::Keychain));
    let store = machine.path().join("store");
    let whole = fs::read(&store).unwrap();
    let mut bent = whole.clone();
    bent[5000] ^= 4;
    for (bytes, expected) in [(whole[..9000].to_vec(), "database-damaged"), (bent, "database-damaged")] {
        fs::write(&store, &bytes).unwrap();
        let mut app = machine.app();
        assert_eq!(code(app.app_unlock(AppUnlock { passphrase: None })), expected);
        let Phase::Broken(why) = phase(&mut app) else { panic!("not broken") };
        assert_eq!(why.code, expected);
        assert!(fs::read(&store).unwrap() == bytes);
    }
    fs::remove_file(&store).unwrap();
    let Phase::Broken(why) = phase(&mut machine.app()) else { panic!("not broken") };
    assert_eq!(why.code, "database-missing");
    fs::write(&store, &whole).unwrap();
    let stranger = Machine::new("2026-11-22");
    drop(stranger.started(Lock::Keychain));
    fs::copy(stranger.path().join("store"), &store).unwrap();
    assert_eq!(code(machine.app().app_unlock(AppUnlock { passphrase: None })), "database-damaged");
    fs::write(&store, &whole).unwrap();
    fs::copy(stranger.path().join("lock.json"), machine.path().join("lock.json")).unwrap();
    assert_eq!(code(machine.app().app_unlock(AppUnlock { passphrase: None })), "key-missing");
    fs::remove_file(machine.path().join("lock.json")).unwrap();
    let Phase::Broken(why) = phase(&mut machine.app()) else { panic!("not broken") };
    assert_eq!(why.code, "key-missing");
    assert!(fs::read(&store).unwrap() == whole);
}

#[test]
fn a_restored_database_goes_on_under_a_fresh_writer() {
    let machine = Machine::new("2026-11-22");
    drop(machine.started(Lock::Keychain));
    let writer = |app: &mut TestApp| app.session().unwrap().docs.writer();
    let mut app = machine.unlocked();
    let before = writer(&mut app);
    drop(app);
    let backup = fs::read(machine.path().join("store")).unwrap();
    assert_eq!(writer(&mut machine.unlocked()), before, "an ordinary restart keeps it");
    fs::write(machine.path().join("store"), backup).unwrap();
    assert_ne!(writer(&mut machine.unlocked()), before);
}

#[test]
fn of_two_copies_of_a_folder_that_run_at_once_one_goes_on_under_a_fresh_writer() {
    let machine = Machine::new("2026-11-22");
    drop(machine.started(Lock::Keychain));
    let copy = Machine {
        folder: tempfile::tempdir().unwrap(),
        keychain: machine.keychain.clone(),
        ..Machine::new("2026-11-22")
    };
    for file in fs::read_dir(machine.path()).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    let (mut one, mut other) = (machine.unlocked(), copy.unlocked());
    assert_ne!(one.session().unwrap().docs.writer(), other.session().unwrap().docs.writer());
    drop(other);
    let moved = tempfile::tempdir().unwrap();
    let before = one.session().unwrap().docs.writer();
    drop(one);
    fs::rename(machine.path(), moved.path().join("folder")).unwrap();
    fs::rename(moved.path().join("folder"), machine.path()).unwrap();
    assert_eq!(
        machine.unlocked().session().unwrap().docs.writer(),
        before,
        "a folder that is moved is the same one"
    );
}
