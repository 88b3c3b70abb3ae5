//! What a locked app still learns: that somebody waits, and nothing else.

use trellis_api_types::Id;
use trellis_api_types::app::{AppLock, AppUnlock, Event};
use trellis_api_types::circle::{CircleEdit, CircleSave, PostKind};
use trellis_api_types::need::NeedAsk;
use trellis_api_types::people::{PersonSave, Role};
use trellis_api_types::sync::{RelayChoice, RelaySave, SyncGet};
use trellis_api_types::today::TodayGet;

use super::together::Together;
use crate::sync::{Next, Pause};

const MINUTE: i64 = 60_000;

/// Ruth is asked by Sam; Ruth's app is locked.
fn locked() -> (Together, Id, [Id; 2]) {
    let mut all = Together::of(&["Ruth", "Sam"], "2026-03-05");
    let space = all.pair((Role::Sponsor, Role::Sponsee));
    let others = [all.other(1, &space), all.other(0, &space)];
    all.apps[0].exchange_news().unwrap();
    all.apps[0].app_lock(AppLock {}).unwrap();
    (all, space, others)
}

fn ask(all: &mut Together, ruth: &Id) -> Vec<Event> {
    let id = all.id();
    all.apps[1].need_ask(NeedAsk { id, to: vec![ruth.clone()], text: String::new() }).unwrap();
    all.exchange();
    all.apps[0].exchange_news().unwrap()
}

fn unlock(all: &mut Together) {
    all.apps[0].app_unlock(AppUnlock { passphrase: None }).unwrap();
}

#[test]
fn a_locked_app_learns_that_somebody_waits_and_shows_the_call_once_it_is_open() {
    let (mut all, _, [ruth, _]) = locked();
    assert_eq!(ask(&mut all, &ruth), [Event::Waiting]);
    assert_eq!(all.apps[0].exchange_news().unwrap(), [], "told once");
    assert!(all.apps[0].today_get(TodayGet {}).is_err(), "nothing can be read");
    unlock(&mut all);
    all.exchange();
    assert_eq!(all.apps[0].today_get(TodayGet {}).unwrap().calls.len(), 1);
    assert_eq!(all.apps[0].sync_get(SyncGet {}).unwrap().set_aside, 0, "a knock is nothing that failed");
    all.apps[0].exchange_news().unwrap();
    all.apps[0].app_lock(AppLock {}).unwrap();
    all.exchange();
    assert_eq!(all.apps[0].exchange_news().unwrap(), [], "what was read is not told again");
    assert_eq!(ask(&mut all, &ruth), [Event::Waiting], "locked again, it hears the next one");
}

#[test]
fn a_locked_app_rests_by_the_devices_clock_whatever_was_set() {
    let (mut all, ..) = locked();
    all.exchange();
    for set in [0, -90 * MINUTE, 3_000_000 * MINUTE] {
        all.jump(set);
        let Next::Idle(pause) = all.apps[0].exchange_next().unwrap() else { panic!("no rest") };
        let left = pause.until.unwrap() - all.now();
        assert!((0..=15 * MINUTE).contains(&left), "{left}");
    }
}

#[test]
fn a_locked_app_is_told_of_calls_for_help_only_and_not_too_often() {
    let (mut all, space, [ruth, _]) = locked();
    let edit = CircleEdit::Post { id: all.id(), kind: PostKind::Setback, text: "A hard day".into() };
    all.apps[1].circle_save(CircleSave { space, edit }).unwrap();
    all.exchange();
    assert_eq!(all.apps[0].exchange_news().unwrap(), []);
    assert_eq!(ask(&mut all, &ruth), [Event::Waiting]);
    assert_eq!(ask(&mut all, &ruth), []);
    all.pass(10 * MINUTE);
    assert_eq!(ask(&mut all, &ruth), [Event::Waiting]);
}

#[test]
fn an_app_that_locked_for_want_of_a_touch_hears_it_too() {
    let (mut all, _, [ruth, _]) = locked();
    unlock(&mut all);
    all.exchange();
    all.apps[0].exchange_news().unwrap();
    all.pass(6 * MINUTE);
    assert!(all.apps[0].lock_if_idle().unwrap());
    assert_eq!(ask(&mut all, &ruth), [Event::Waiting]);
}

#[test]
fn who_is_blocked_does_not_ring_while_it_is_locked() {
    let (mut all, _, [ruth, sam]) = locked();
    unlock(&mut all);
    let save = PersonSave { account: sam, phone: None, blocked: Some(true) };
    all.apps[0].person_save(save).unwrap();
    all.exchange();
    all.apps[0].app_lock(AppLock {}).unwrap();
    assert_eq!(ask(&mut all, &ruth), []);
}

#[test]
fn nothing_is_asked_while_locked_without_a_relay_or_a_place_in_the_account() {
    let silent = |all: &mut Together| {
        all.apps[0].app_lock(AppLock {}).unwrap();
        let next = all.apps[0].exchange_next().unwrap();
        assert!(matches!(next, Next::Idle(pause) if pause == Pause::default()));
    };
    let (mut all, ..) = locked();
    unlock(&mut all);
    all.apps[0].relay_save(RelaySave { relay: RelayChoice::default() }).unwrap();
    silent(&mut all);
    let (mut all, ..) = locked();
    unlock(&mut all);
    all.apps[0].session().unwrap().store.tx(|tx| tx.set_setting("space.signed-out", &[1])).unwrap();
    silent(&mut all);
}
