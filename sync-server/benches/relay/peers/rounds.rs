//! What is measured, and how often.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::servers::{Kind, Pair};
use crate::figures::{at, row, with_spread};
use crate::process::folder;

/// What the servers do after the last acknowledgement belongs to the work: storing, moving.
const AFTER: Duration = Duration::from_secs(1);
/// Listeners that are there before counting begins, so that what a server makes once is not counted.
const FIRST: u64 = 50;
const LISTENERS: u64 = 500;
const ACKNOWLEDGED: u64 = 200;

/// How many rounds, and how long each.
pub(crate) struct Plan {
    rounds: usize,
    /// Rounds of what begins with a fresh server.
    fresh: usize,
    append_seconds: u64,
    deliver_seconds: u64,
    changes: u64,
}

impl Plan {
    pub(crate) const FULL: Self =
        Self { rounds: 5, fresh: 3, append_seconds: 3, deliver_seconds: 6, changes: 10_000 };
    pub(crate) const QUICK: Self =
        Self { rounds: 2, fresh: 1, append_seconds: 1, deliver_seconds: 3, changes: 2_000 };
}

/// Rounds over the same servers.
pub(crate) struct Rounds<'a> {
    kinds: Vec<Kind>,
    peers: &'a Path,
    plan: Plan,
}

/// The figures of one server, a column for each round.
struct Figures<const N: usize>(Vec<[f64; N]>);

impl<'a> Rounds<'a> {
    pub(crate) fn new(kinds: Vec<Kind>, peers: &'a Path, plan: Plan) -> Self {
        Self { kinds, peers, plan }
    }

    /// Acknowledged appends a second, and what each costs the server.
    pub(crate) fn appends(&self) -> Vec<Value> {
        let seconds = self.plan.append_seconds;
        let all = self.in_turns(&self.kinds, |pair, round| append(pair, round, seconds));
        let mut rows = Vec::new();
        for (kind, figures) in self.kinds.iter().zip(&all) {
            let what = format!("appends, 50 clients, acknowledged {}: {}", kind.acknowledges(), kind.name());
            rows.push(figures.row(0, what, "/s"));
        }
        rows.extend(self.rows(&self.kinds, &all, 1, "server's processor for an append", "us"));
        rows.extend(self.rows(&self.kinds, &all, 2, "of a processor for the load program", "%"));
        rows
    }

    /// From A to B.
    pub(crate) fn delivery(&self) -> Vec<Value> {
        let seconds = self.plan.deliver_seconds;
        let all = self.in_turns(&self.telling(), |pair, round| deliver(pair, round, seconds));
        let mut rows = self.rows(&self.telling(), &all, 0, "from A to B, 25 pairs: median", "ms");
        rows.extend(self.rows(&self.telling(), &all, 1, "from A to B, 25 pairs: p99", "ms"));
        rows
    }

    /// A fresh client fetches a long document.
    pub(crate) fn catching_up(&self) -> Vec<Value> {
        let changes = self.plan.changes;
        let all = self.in_turns(&self.kinds, |pair, round| {
            if round == 0 {
                pair.driver.ask(&format!("fill {changes}"));
            }
            let done = pair.driver.ask(&format!("catch-up {changes}"));
            [number(&done, "ms"), number(&done, "bytes") / 1e6]
        });
        let mut rows =
            self.rows(&self.kinds, &all, 0, &format!("a fresh client fetches {changes} changes"), "ms");
        rows.extend(self.rows(&self.kinds, &all, 1, &format!("bytes of {changes} changes"), "MB"));
        rows
    }

    /// Resident memory of a client that listens and hears nothing.
    pub(crate) fn listeners(&self) -> Vec<Value> {
        let all = self.afresh(&self.telling(), |mut pair| {
            pair.driver.ask(&format!("listen {FIRST}"));
            std::thread::sleep(AFTER);
            let before = pair.server.rss();
            pair.driver.ask(&format!("listen {LISTENERS}"));
            std::thread::sleep(AFTER);
            [(pair.server.rss() as f64 - before as f64) / LISTENERS as f64 / 1024.0]
        });
        self.rows(&self.telling(), &all, 0, &format!("memory of each of {LISTENERS} idle listeners"), "KiB")
    }

    /// What is there after `kill -9` right after the last acknowledgement. It shows what a process keeps to itself; what a
    /// machine that loses power keeps, it does not show.
    pub(crate) fn kills(&self) -> Vec<Value> {
        let all = self.afresh(&self.kinds, |mut pair| {
            pair.driver.ask(&format!("acknowledge {ACKNOWLEDGED}"));
            let (kind, folder) = (pair.kind, pair.server.folder.clone());
            drop(pair);
            let mut again = Pair::start(kind, self.peers, &folder);
            [number(&again.driver.ask("held 0"), "count")]
        });
        self.rows(&self.kinds, &all, 0, &format!("there after kill -9, of {ACKNOWLEDGED} acknowledged"), "")
    }

    fn telling(&self) -> Vec<Kind> {
        self.kinds.iter().copied().filter(|kind| kind.tells()).collect()
    }

    /// Servers that stay up over all rounds. Who goes first changes.
    fn in_turns<const N: usize>(
        &self,
        kinds: &[Kind],
        turn: impl Fn(&mut Pair, usize) -> [f64; N],
    ) -> Vec<Figures<N>> {
        let mut pairs: Vec<_> = kinds.iter().map(|kind| Pair::start(*kind, self.peers, &folder())).collect();
        let mut all: Vec<_> = kinds.iter().map(|_| Figures(Vec::new())).collect();
        for round in 0..self.plan.rounds {
            for n in order(kinds.len(), round) {
                all[n].0.push(turn(&mut pairs[n], round));
            }
        }
        all
    }

    /// A server of its own for each turn.
    fn afresh<const N: usize>(&self, kinds: &[Kind], turn: impl Fn(Pair) -> [f64; N]) -> Vec<Figures<N>> {
        let mut all: Vec<_> = kinds.iter().map(|_| Figures(Vec::new())).collect();
        for round in 0..self.plan.fresh {
            for n in order(kinds.len(), round) {
                all[n].0.push(turn(Pair::start(kinds[n], self.peers, &folder())));
            }
        }
        all
    }

    fn rows<const N: usize>(
        &self,
        kinds: &[Kind],
        all: &[Figures<N>],
        column: usize,
        what: &str,
        unit: &str,
    ) -> Vec<Value> {
        let row = |(kind, figures): (&Kind, &Figures<N>)| {
            figures.row(column, format!("{what}: {}", kind.name()), unit)
        };
        kinds.iter().zip(all).map(row).collect()
    }
}

impl<const N: usize> Figures<N> {
    fn row(&self, column: usize, what: String, unit: &str) -> Value {
        let figures: Vec<_> = self.0.iter().map(|round| round[column]).collect();
        with_spread(row(what, at(&figures, 0.5), unit), &figures)
    }
}

fn order(count: usize, round: usize) -> impl Iterator<Item = usize> {
    (0..count).map(move |n| (n + round) % count)
}

fn number(value: &Value, name: &str) -> f64 {
    value[name].as_f64().unwrap()
}

fn append(pair: &mut Pair, round: usize, seconds: u64) -> [f64; 3] {
    pair.driver.ask(&format!("open {round}"));
    let (start, server, driver) = (Instant::now(), pair.server.processor(), pair.driver.processor());
    let done = pair.driver.ask(&format!("append {seconds}"));
    let load = (pair.driver.processor() - driver).as_secs_f64() / start.elapsed().as_secs_f64();
    std::thread::sleep(AFTER);
    let effort = (pair.server.processor() - server).as_secs_f64() * 1e6 / number(&done, "all");
    [number(&done, "count") / number(&done, "seconds"), effort, load * 100.0]
}

fn deliver(pair: &mut Pair, round: usize, seconds: u64) -> [f64; 2] {
    let done = pair.driver.ask(&format!("deliver {round} {seconds}"));
    let times: Vec<_> = done["times"].as_array().unwrap().iter().filter_map(Value::as_f64).collect();
    assert_eq!(Some(times.len() as u64), done["sent"].as_u64(), "{}", pair.kind.name());
    [at(&times, 0.5), at(&times, 0.99)]
}
