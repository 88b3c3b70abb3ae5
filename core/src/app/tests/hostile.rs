//! What a member, a relay or a broken disk tries against what came with calls for help, blocking and locks.

use trellis_api_types::Id;
use trellis_api_types::app::{AppLock, Event, Lock, LockChange, LockKind};
use trellis_api_types::circle::{CircleEdit, CircleGet, CircleSave, PostKind};
use trellis_api_types::command::Undo;
use trellis_api_types::joining::{JoinDrop, JoinLook};
use trellis_api_types::need::{NeedAsk, NeedGet, NeedOkay};
use trellis_api_types::people::{PersonSave, Role, SpaceKind};
use trellis_api_types::settings::{SettingsEdit, SettingsSave};
use trellis_api_types::sync::{RelayChoice, RelaySave, SyncGet, SyncNow, SyncState};
use trellis_api_types::work::{WorkEdit, WorkSave};

use super::common::Machine;
use super::together::{DAY, Together};
use crate::app::lockfile::LockFile;
use crate::fault;
use crate::space::knock::Knock;
use crate::space::record::{self, Content, Record};
use crate::space::{AccountId, DeviceId, SpaceId};
use crate::store::records::Pick;
use crate::sync::shared::records;
use crate::sync::{Next, Pause, writing};
use crate::sync::{keys, relay_choice, shared};

/// Ruth and Sam in a pair: the space, and each other's account.
fn two() -> (Together, Id, [Id; 2]) {
    let mut all = Together::of(&["Ruth", "Sam"], "2026-03-05");
    let space = all.pair((Role::Sponsor, Role::Sponsee));
    let others = [all.other(1, &space), all.other(0, &space)];
    (all, space, others)
}

/// Somebody's app says what no screen would say.
fn says(all: &mut Together, n: usize, space: &str, contents: impl IntoIterator<Item = Content>) {
    let (space, now): (SpaceId, i64) = (shared::space_id(space).unwrap(), all.now());
    let session = all.apps[n].session().unwrap();
    let put = session.within(&space, |tx, _, known| {
        let members = known.members()?;
        contents
            .into_iter()
            .zip(1_u64..)
            .try_for_each(|(said, n)| shared::put(tx, members, n.to_be_bytes().to_vec(), said, now))
    });
    put.unwrap();
    all.exchange();
}

fn asks(at: i64) -> Content {
    Content::HelpRequest { to: vec![], at, text: None }
}

fn post(at: i64) -> Content {
    Content::Post { kind: record::PostKind::Victory, text: "again".into(), at: Some(at) }
}

fn ask(all: &mut Together, n: usize, to: &Id) {
    let (id, to) = (all.id(), vec![to.clone()]);
    all.apps[n].need_ask(NeedAsk { id, to, text: String::new() }).unwrap();
    all.exchange();
}

fn block(all: &mut Together, n: usize, account: &Id) {
    let save = PersonSave { account: account.clone(), phone: None, blocked: Some(true) };
    all.apps[n].person_save(save).unwrap();
    all.exchange();
}

#[test]
fn nobody_calls_so_often_that_anothers_call_is_not_seen() {
    let (mut all, space, [_, sam]) = two();
    ask(&mut all, 0, &sam);
    let now = all.now();
    says(&mut all, 1, &space, (0..60).map(|_| asks(now)));
    assert!(all.apps[0].need_get(NeedGet {}).unwrap().call.is_some(), "one's own call is gone");
}

#[test]
fn who_is_blocked_does_not_push_out_what_the_others_say() {
    let (mut all, space, [_, sam]) = two();
    let text = "Slept well".to_owned();
    let edit = CircleEdit::Post { id: all.id(), kind: PostKind::Victory, text };
    all.apps[0].circle_save(CircleSave { space: space.clone(), edit }).unwrap();
    let now = all.now() + 1;
    says(&mut all, 1, &space, (0..20).map(|_| post(now)));
    block(&mut all, 0, &sam);
    let circle = all.apps[0].circle_get(CircleGet { space, limit: 9 }).unwrap();
    assert_eq!((circle.entries.len(), circle.more), (1, false));
}

#[test]
fn a_time_that_nobody_can_have_had_is_survived() {
    for at in [i64::MIN, i64::MAX] {
        let (mut all, space, [ruth, sam]) = two();
        let with: AccountId = ruth.parse().unwrap();
        says(&mut all, 1, &space, [asks(at), post(at), Content::Call { at, with, kept: None }]);
        all.apps[0].circle_get(CircleGet { space, limit: 9 }).unwrap();
        ask(&mut all, 0, &sam);
    }
}

#[test]
fn who_is_blocked_does_not_ring_in_anothers_name() {
    let (mut all, space, [ruth, sam]) = two();
    block(&mut all, 0, &sam);
    all.apps[0].exchange_news().unwrap();
    let (id, now) = (shared::space_id(&space).unwrap(), all.now());
    let other = AccountId([7; 32]);
    assert_ne!(other.to_string(), ruth);
    let session = all.apps[1].session().unwrap();
    session
        .store
        .tx(|tx| {
            let here = &tx.within(id.0);
            let draft = Record::new(other, asks(now)).draft(vec![9; 16])?;
            writing::write(here, &keys::write_epoch(here)?.unwrap(), keys::writer(here)?, draft, now)
        })
        .unwrap();
    all.exchange();
    assert!(!all.apps[0].exchange_news().unwrap().contains(&Event::Help));
}

/// Puts a knock of Sam's device into the mailbox by hand; what Ruth's locked app tells then.
fn knocks(all: &mut Together, space: &str, at: i64) -> Vec<Event> {
    let id = shared::space_id(space).unwrap();
    let session = all.apps[1].session().unwrap();
    let (mailbox, sealed) = session
        .store
        .read(|tx| {
            let epoch = keys::write_epoch(&tx.within(id.0))?.unwrap();
            let (bell, device) = (keys::bell(tx, &epoch)?, keys::device(tx)?);
            let knock = Knock::new(keys::account(tx)?, DeviceId(keys::own_device(tx)?), vec![], at);
            Ok::<_, crate::error::Error>((bell.mailbox(), bell.seal(&knock, &device)?))
        })
        .unwrap();
    all.plant(mailbox, sealed);
    all.exchange();
    all.pass(20 * 60_000);
    all.apps[0].exchange_news().unwrap()
}

#[test]
fn a_knock_rings_once_however_often_a_relay_repeats_it() {
    let (mut all, space, _) = two();
    all.apps[0].exchange_news().unwrap();
    all.apps[0].app_lock(AppLock {}).unwrap();
    let now = all.now();
    assert_eq!(knocks(&mut all, &space, now), [Event::Waiting]);
    assert_eq!(knocks(&mut all, &space, now), [], "the same one again");
    let long_ago = all.now() - 2 * DAY;
    assert_eq!(knocks(&mut all, &space, long_ago), []);
    let now = all.now();
    assert_eq!(knocks(&mut all, &space, now), [Event::Waiting], "the next one");
}

#[test]
fn a_relay_whose_clock_says_the_end_of_all_time_is_survived() {
    let (mut all, _, [ruth, sam]) = two();
    all.clock_of_relay(u64::MAX);
    all.exchange();
    all.pass(1000);
    ask(&mut all, 0, &sam);
    all.pair((Role::Peer, Role::Peer));
    all.apps[0].app_lock(AppLock {}).unwrap();
    ask(&mut all, 1, &ruth);
    all.pass(3_600_000);
    all.exchange();
}

#[test]
fn what_a_relay_of_before_answers_says_nothing_of_the_one_of_now() {
    let (mut all, ..) = two();
    all.apps[0].sync_now(SyncNow {}).unwrap();
    let Next::Call(sent) = all.apps[0].exchange_next().unwrap() else { panic!("nothing to ask") };
    let outcome = all.answer(&sent);
    let relay = RelayChoice { address: "https://other.example".into(), ..RelayChoice::default() };
    let session = all.apps[0].session().unwrap();
    session.store.tx(|tx| relay_choice::lend(tx, &relay)).unwrap();
    all.apps[0].exchange_done(*sent, outcome).unwrap();
    assert!(
        all.apps[0].session().unwrap().store.read(relay_choice::is_unheard).unwrap(),
        "it has not answered"
    );
    let back = RelayChoice { address: "https://relay.example".into(), ..RelayChoice::default() };
    all.apps[0].relay_save(RelaySave { relay: back }).unwrap();
    all.exchange();
}

fn answers(all: &mut Together, n: usize, text: &str) {
    let (sheet, id) = ("sheet".to_owned(), "answer".to_owned());
    let put = WorkEdit::PutAnswer { sheet, id, question: "Who?".into(), text: text.into() };
    all.apps[n].work_save(WorkSave { edit: put }).unwrap();
    all.exchange();
}

#[test]
fn step_work_that_was_shared_does_not_follow_to_who_is_blocked() {
    let (mut all, space, [ruth, _]) = two();
    let edit = WorkEdit::PutSheet { id: "sheet".into(), title: "Step one".into() };
    all.apps[1].work_save(WorkSave { edit }).unwrap();
    answers(&mut all, 1, "before");
    let (sheet, id) = ("sheet".into(), "answer".into());
    let edit = WorkEdit::Share { sheet, id, space: space.clone(), on: true };
    all.apps[1].work_save(WorkSave { edit: edit.clone() }).unwrap();
    answers(&mut all, 1, "shared");
    let seen = |all: &mut Together| {
        let circle = all.apps[0].circle_get(CircleGet { space: space.clone(), limit: 9 }).unwrap();
        format!("{:?}", circle.entries)
    };
    assert!(seen(&mut all).contains("shared"));
    block(&mut all, 1, &ruth);
    answers(&mut all, 1, "after");
    all.apps[1].work_save(WorkSave { edit }).unwrap();
    answers(&mut all, 1, "after a second yes");
    let seen = seen(&mut all);
    assert!(seen.contains("shared") && !seen.contains("after"), "{seen}");
}

#[test]
fn nothing_is_said_again_by_an_undo_from_before_a_block() {
    let (mut all, space, [ruth, _]) = two();
    let said = |all: &mut Together, edit| {
        let saved = all.apps[1].circle_save(CircleSave { space: space.clone(), edit }).unwrap();
        all.exchange();
        saved.undo
    };
    let id = all.id();
    said(&mut all, CircleEdit::Post { id, kind: PostKind::Victory, text: "taken away".into() });
    let circle = all.apps[1].circle_get(CircleGet { space: space.clone(), limit: 9 }).unwrap();
    let undo = said(&mut all, CircleEdit::Remove { key: circle.entries[0].key.clone() }).unwrap();
    block(&mut all, 1, &ruth);
    assert_eq!(all.apps[1].undo(Undo { id: undo }).unwrap_err().code, "not-found");
}

#[test]
fn a_change_of_lock_says_what_it_came_to_and_keeps_the_plan_for_the_lock_screen() {
    for changes in 0..16 {
        let machine = Machine::new("2026-11-22");
        let mut app = machine.started(Lock::Keychain);
        app.settings_save(SettingsSave { edit: SettingsEdit::SafetyPlanOnLock(true) }).unwrap();
        machine.power.lasts(changes);
        let lock = Lock::Passphrase("correct horse".into());
        let said = app.lock_change(LockChange { proof: None, lock });
        let now = LockFile::read(&machine.app().host).unwrap().unwrap().kind();
        assert_eq!(said.is_ok(), now == LockKind::Passphrase, "{changes}: {said:?}, {now:?}");
    }
}

#[test]
fn all_is_well_is_told_in_each_space_even_where_one_takes_nothing() {
    let (mut all, one, [_, sam]) = two();
    let other = all.pair((Role::Peer, Role::Peer));
    let (id, to) = (all.id(), vec![sam]);
    for space in [&one, &other] {
        let edit = CircleEdit::AskHelp { id: id.clone(), to: to.clone(), text: String::new() };
        all.apps[0].circle_save(CircleSave { space: space.clone(), edit }).unwrap();
    }
    all.exchange();
    let key = all.apps[0].need_get(NeedGet {}).unwrap().call.unwrap().key;
    let mut order = [one, other];
    order.sort();
    let broken = format!("space.write.{}", order[0]);
    all.apps[0].session().unwrap().store.tx(|tx| tx.remove_setting(&broken)).unwrap();
    assert_eq!(all.apps[0].need_okay(NeedOkay { key }).unwrap_err().code, "no-epoch");
    let circle = all.apps[0].circle_get(CircleGet { space: order[1].clone(), limit: 1 }).unwrap();
    assert!(circle.help[0].over);
}

#[test]
fn who_drops_one_invitation_keeps_the_relay_that_another_one_needs() {
    let (mut all, ..) = two();
    let (machine, other) = (Machine::new("2026-03-05"), all.fresh(SpaceKind::Group, Role::Peer));
    let mut guest = machine.started(Lock::Keychain);
    let ids = [all.id(), all.id()];
    for id in &ids {
        let code = all.invite(0, &other, Role::Peer);
        guest.join_look(JoinLook { id: id.clone(), code }).unwrap();
    }
    let address = |guest: &mut super::common::TestApp| {
        guest.session().unwrap().read(|tx, _| relay_choice::choice(tx)).unwrap().address
    };
    for (id, relay) in ids.into_iter().zip(["https://relay.example", ""]) {
        guest.join_drop(JoinDrop { id }).unwrap();
        assert!(address(&mut guest).starts_with(relay) && relay.is_empty() == address(&mut guest).is_empty());
    }
}

#[test]
fn of_each_author_the_newest_is_found_however_often_one_speaks() {
    let (mut all, space, _) = two();
    let now = all.now();
    says(&mut all, 0, &space, [post(now - 9)]);
    says(&mut all, 1, &space, (1..9).map(|n| post(now + n)));
    says(&mut all, 1, &space, (0..3).map(|n| Content::Profile { name: format!("Sam {n}") }));
    let id = shared::space_id(&space).unwrap();
    let found = all.apps[0].session().unwrap().look(&id, |tx, _, _| {
        let names: Vec<String> = records::names(tx)?.into_values().collect();
        Ok((tx.records(&Pick::Each(&[4], 2))?.len(), names.len(), names.contains(&"First".to_owned())))
    });
    assert_eq!(found.unwrap(), (3, 2, true));
}

#[test]
fn a_panic_of_the_exchange_ends_one_step_and_is_told() {
    let (mut all, space, _) = two();
    let post = CircleEdit::Post { id: all.id(), kind: PostKind::Victory, text: "Slept".into() };
    all.apps[0].circle_save(CircleSave { space: space.clone(), edit: post }).unwrap();
    all.apps[0].sync_now(SyncNow {}).unwrap();
    fault::panics(true);
    fault::arm(Some(0));
    for _ in 0..5 {
        assert!(matches!(all.apps[0].exchange_next().unwrap(), Next::Idle(Pause { until: Some(_), .. })));
    }
    let state = all.apps[0].sync_get(SyncGet {}).unwrap().state;
    assert!(matches!(state, SyncState::Failed { ref code, .. } if code == "exchange-broken"), "{state:?}");
    let mut waits = Vec::new();
    for _ in 0..5 {
        while all.step(0) {}
        let Next::Idle(Pause { until: Some(at), .. }) = all.apps[0].exchange_next().unwrap() else {
            panic!("it does not wait")
        };
        waits.push(at - all.now());
        all.pass(at - all.now() + 1);
    }
    assert!(waits[4] > 2 * waits[0], "{waits:?}");
    fault::arm(None);
    all.pass(20 * 60_000);
    all.exchange();
    let seen = all.apps[1].circle_get(CircleGet { space, limit: 9 }).unwrap();
    assert_eq!(seen.entries.len(), 1, "what was saved goes out");
    assert_eq!(all.apps[0].sync_get(SyncGet {}).unwrap().state, SyncState::Idle);
}
