//! What being together costs: joining a group with a year of history, coming back after a month, putting somebody out, a
//! coach's list of 40 people.
//!
//! `cargo bench -p trellis-core --bench people -- [--json FILE]` prints a table, and writes the same as JSON. The relay is in
//! memory; its time does not count, and what travels is counted as CBOR.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "../src/sync/tests/refusing.rs"]
#[allow(dead_code)]
mod refusing;
#[path = "../src/sync/tests/relay.rs"]
#[allow(dead_code)]
mod relay;

/// What the relay of the tests speaks.
mod transport {
    pub use trellis_core::transport::{Call, NetError, Reply};
}

use std::sync::Arc;
use std::time::Instant;

use common::{Machine, TestApp, Time, checkin, start};
use relay::SimRelay;
use serde_json::{Value, json};
use trellis_api_types::app::Lock;
use trellis_api_types::checkin::{CheckIn, CheckInSave};
use trellis_api_types::circle::{CircleEdit, CircleGet, CircleSave, PostKind};
use trellis_api_types::coach::CaseloadGet;
use trellis_api_types::joining::*;
use trellis_api_types::people::*;
use trellis_api_types::sharing::{ConsentSign, ConsentTerms, Field, GoalChoice, Recipient, Until};
use trellis_api_types::sync::{RelayChoice, RelaySave, SyncNow};
use trellis_api_types::today::TodayGet;
use trellis_core::sync::Next;
use trellis_core::transport::{Call, Reply};

const DAY: i64 = 86_400_000;
const MONTH: usize = 1440;

/// People by their place, a relay, and the time.
struct World {
    machines: Vec<Machine>,
    apps: Vec<TestApp>,
    relay: SimRelay,
    time: Time,
    ids: u32,
}

/// What an exchange cost.
#[derive(Clone, Copy, Default)]
struct Cost {
    calls: usize,
    bytes: usize,
    ms: f64,
}

impl World {
    fn of(people: usize) -> Self {
        let relay = SimRelay { page: 256, ..SimRelay::new() };
        let time = Time::at("2026-01-01");
        let mut world = Self { machines: vec![], apps: vec![], relay, time, ids: 0 };
        for _ in 0..people {
            world.comes();
        }
        world
    }

    fn comes(&mut self) -> usize {
        let memory = std::path::Path::new("/dev/shm");
        let folder =
            if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        let machine = Machine {
            folder,
            keychain: Arc::default(),
            time: self.time.clone(),
            ..Machine::new("2026-11-22")
        };
        let mut app = machine.app();
        app.app_start(start(Lock::Keychain)).unwrap();
        let relay = RelayChoice { address: "https://relay.example".into(), ..RelayChoice::default() };
        app.relay_save(RelaySave { relay }).unwrap();
        self.machines.push(machine);
        self.apps.push(app);
        self.apps.len() - 1
    }

    fn id(&mut self) -> String {
        self.ids += 1;
        format!("00000000-0000-7000-8000-{:012x}", self.ids)
    }

    /// One person exchanges until there is nothing more to do.
    fn exchange(&mut self, who: usize) -> Cost {
        self.relay.now = u64::try_from(self.time.now() / 1000).unwrap();
        let mut cost = Cost::default();
        let app = &mut self.apps[who];
        app.sync_now(SyncNow {}).unwrap();
        loop {
            let (next, took) = timed(|| app.exchange_next().unwrap());
            cost.ms += took;
            let Next::Call(sent) = next else { break };
            let reply = self.relay.answer(&sent.call);
            cost.calls += 1;
            cost.bytes += asked(&sent.call) + reply.as_ref().map_or(0, answered);
            cost.ms += timed(|| app.exchange_done(*sent, reply).unwrap()).1;
        }
        self.time.pass(1_000);
        cost
    }

    fn make(&mut self, kind: SpaceKind, role: Role) -> String {
        let (id, name) = (self.id(), "Tuesday".to_owned());
        let make = SpaceMake { id, kind, name, role, my_name: "First".into() };
        let space = self.apps[0].space_make(make).unwrap();
        self.exchange(0);
        space
    }

    /// Somebody comes in up to where the others have said yes; what there is comes with the next exchange.
    fn let_in(&mut self, guest: usize, space: &str, role: Role) {
        let (id, asked) = (self.id(), self.id());
        let (fields, goals) = (vec![Field::Mood], GoalChoice::None);
        let (space, purpose) = (space.to_owned(), String::new());
        let invite =
            InviteMake { id, space: space.clone(), role, fields, goals, purpose, single: true, days: 7 };
        let code = self.apps[0].invite_make(invite).unwrap().link;
        self.exchange(0);
        self.apps[guest].join_look(JoinLook { id: asked.clone(), code }).unwrap();
        self.exchange(guest);
        self.apps[guest].join_ask(JoinAsk { id: asked, name: format!("Guest {guest}") }).unwrap();
        self.exchange(guest);
        self.exchange(0);
        let asks = self.apps[0].space_get(SpaceGet { space }).unwrap().asks;
        self.apps[0].ask_answer(AskAnswer { id: asks[0].id.clone(), let_in: true }).unwrap();
        self.exchange(0);
    }

    fn group(people: usize) -> (Self, String) {
        let mut world = Self::of(people);
        let space = world.make(SpaceKind::Group, Role::Facilitator);
        for guest in 1..people {
            world.let_in(guest, &space, Role::Peer);
            world.exchange(guest);
        }
        for who in 0..people {
            world.exchange(who);
        }
        (world, space)
    }

    /// So many posts of four of them, half an hour apart.
    fn write(&mut self, space: &str, posts: usize) {
        for n in 0..posts {
            let text = "A quiet day, and a good one: I walked by the river with Jo. ".repeat(1 + n % 3);
            let edit = CircleEdit::Post { id: self.id(), kind: PostKind::Victory, text };
            self.apps[1 + n % 4].circle_save(CircleSave { space: space.into(), edit }).unwrap();
            self.time.pass(DAY / 48);
        }
        for who in 1..=4 {
            self.exchange(who);
        }
    }

    /// Exchanges, and shows the day of a group.
    fn returns(&mut self, who: usize, space: &str) -> Cost {
        let mut cost = self.exchange(who);
        let get = CircleGet { space: space.into(), limit: 50 };
        let (circle, took) = timed(|| self.apps[who].circle_get(get).unwrap());
        assert_eq!(circle.entries.len(), 50);
        cost.ms += took;
        cost
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let began = Instant::now();
    let done = work();
    (done, began.elapsed().as_secs_f64() * 1000.0)
}

fn asked(call: &Call) -> usize {
    match call {
        Call::Sync(body) => minicbor::to_vec(body).unwrap().len(),
        _ => 100,
    }
}

fn answered(reply: &Reply) -> usize {
    match reply {
        Reply::Sync(body) => minicbor::to_vec(body).unwrap().len(),
        Reply::Done => 0,
    }
}

fn together(rows: &mut Vec<Value>) {
    let (mut world, space) = World::group(12);
    world.write(&space, MONTH);
    let back = world.returns(11, &space);
    rows.extend(costs("back after a month in a group of 12 (1,440 posts)", back));
    world.write(&space, 11 * MONTH);
    world.exchange(0);
    let guest = world.comes();
    world.let_in(guest, &space, Role::Peer);
    let joined = world.returns(guest, &space);
    rows.extend(costs("joining a group of 12 with a year (17,280 posts)", joined));
    let get = || CircleGet { space: space.clone(), limit: 50 };
    let shown = (0..9).map(|_| timed(|| world.apps[guest].circle_get(get()).unwrap()).1).collect();
    rows.push(row("a group's day with a year behind it: show", median(shown), "ms"));
}

fn put_out(rows: &mut Vec<Value>) {
    let (mut world, space) = World::group(30);
    let row_of = world.apps[0].space_get(SpaceGet { space: space.clone() }).unwrap().row;
    let account = row_of.people.last().unwrap().account.clone();
    let change = MemberChange { space: space.clone(), account, act: MemberAct::Remove };
    let (_, took) = timed(|| world.apps[0].member_change(change).unwrap());
    rows.push(row("putting somebody out of a group of 30: the tap", took, "ms"));
    let sent = world.exchange(0);
    rows.extend(costs("putting somebody out of a group of 30: to send", sent));
    let heard = world.exchange(1);
    rows.extend(costs("putting somebody out of a group of 30: to hear", heard));
}

fn caseload(rows: &mut Vec<Value>) {
    let people = 40;
    let mut world = World::of(people + 1);
    for guest in 1..=people {
        let space = world.make(SpaceKind::Pair, Role::Coach);
        world.let_in(guest, &space, Role::Participant);
        world.exchange(guest);
        let terms = ConsentTerms {
            fields: Field::ALL.to_vec(),
            goals: GoalChoice::All,
            purpose: "To be called".into(),
            recipient: Recipient::Coach,
            from: common::day("2026-01-01"),
            until: Until::Stopped,
            part2: None,
        };
        let sign = ConsentSign { space, terms, backwards: true };
        world.apps[guest].consent_sign(sign).unwrap();
    }
    for _ in 0..365 {
        let date =
            chrono::DateTime::from_timestamp_millis(world.time.now()).unwrap().date_naive().to_string();
        for guest in 1..=people {
            let checkin = CheckIn { urge: Some(3), ..checkin(&world.id(), &date) };
            world.apps[guest].checkin_save(CheckInSave { checkin }).unwrap();
        }
        world.time.pass(DAY);
    }
    for who in 1..=people {
        world.exchange(who);
    }
    rows.extend(costs("a coach's exchange: a year of 40 people", world.exchange(0)));
    let shown = (0..9).map(|_| {
        timed(|| assert_eq!(world.apps[0].caseload_get(CaseloadGet {}).unwrap().rows.len(), people)).1
    });
    rows.push(row("a coach's list of 40 people with a year each: show", median(shown.collect()), "ms"));
    let listed = (0..9).map(|_| timed(|| world.apps[0].people_get(PeopleGet {}).unwrap()).1);
    rows.push(row("the list of 40 pairs with a year each: show", median(listed.collect()), "ms"));
    let today = (0..9).map(|_| timed(|| world.apps[0].today_get(TodayGet {}).unwrap()).1);
    rows.push(row("Today of a coach with 40 pairs: show", median(today.collect()), "ms"));
}

fn costs(what: &str, cost: Cost) -> Vec<Value> {
    vec![
        row(&format!("{what}: requests"), cost.calls as f64, ""),
        row(&format!("{what}: both ways"), cost.bytes as f64 / 1e6, "MB"),
        row(&format!("{what}: time"), cost.ms, "ms"),
    ]
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// A line of the table.
fn row(what: &str, figure: f64, unit: &str) -> Value {
    println!("{what:<80} {figure:>10.2} {unit}");
    json!({ "what": what, "figure": figure, "unit": unit })
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let mut rows = Vec::new();
    together(&mut rows);
    put_out(&mut rows);
    caseload(&mut rows);
    let Some(at) = args.iter().position(|arg| arg == "--json") else { return };
    std::fs::write(&args[at + 1], serde_json::to_vec_pretty(&rows).unwrap()).unwrap();
}
