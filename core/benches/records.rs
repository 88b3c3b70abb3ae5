//! A month of a group of 12, written in three ways: single records, changes of one Automerge document, a page for each author.
//!
//! `cargo bench -p trellis-core --bench records -- [--json FILE]` prints a table, and writes the same as JSON. All are sealed as
//! they would travel. The rounds alternate, so that whatever else the machine does falls on all alike.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::time::Instant;

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, Change, ObjType, ROOT, ReadDoc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use trellis_core::crypto::{Secret, codec};
use trellis_core::platform::Entropy;
use trellis_core::space::record::{Content, PostKind, Record};
use trellis_core::space::{
    AccountId, Chain, DeviceKeys, Draft, EpochId, EpochKeys, EpochSecret, Kind, Position, SpaceId, WriterId,
};

const PEOPLE: usize = 12;
const ENTRIES: usize = 1440;
const ROUNDS: usize = 15;
const SPACE: SpaceId = SpaceId([1; 32]);
const EPOCH: EpochId = EpochId([2; 16]);

/// The same bytes at every run.
struct Fixed(std::cell::Cell<u64>);

impl Entropy for Fixed {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            self.0.set(self.0.get() + 1);
            chunk.copy_from_slice(&Sha256::digest(self.0.get().to_be_bytes())[..chunk.len()]);
        }
    }
}

/// A way to write the month: what travels, and what a new device opens and shows.
struct Way {
    name: &'static str,
    envelopes: Vec<Vec<u8>>,
    show: fn(&EpochKeys, &[Vec<u8>]) -> usize,
    took: Vec<f64>,
}

fn keys() -> EpochKeys {
    EpochSecret::new(Secret::new([3; 32])).keys(SPACE, EPOCH)
}

/// Posts of 40 to 160 characters: a sentence or two a day of each person, and what is said to them.
fn text(n: usize) -> String {
    "A quiet day, and a good one. I walked by the river with Jo, then called my sister; we talked for an hour about what comes next. "
        .chars()
        .cycle()
        .skip(n * 7 % 90)
        .take(40 + n * 37 % 120)
        .collect()
}

fn content(n: usize) -> Content {
    let at = Some(1_800_000_000_000 + i64::try_from(n).unwrap() * 1_800_000);
    Content::Post { kind: PostKind::Victory, text: text(n), at }
}

/// Everybody's chain, with the account it speaks for.
fn authors() -> Vec<(AccountId, WriterId, Chain)> {
    let entropy = Fixed(std::cell::Cell::new(0));
    let author = |n: usize| {
        let device = DeviceKeys::random(&entropy);
        let writer = WriterId::fresh(&device.id(), &entropy);
        let chain = Chain::new(SPACE, writer, &device, Position::default()).unwrap();
        (AccountId([u8::try_from(n).unwrap(); 32]), writer, chain)
    };
    (0..PEOPLE).map(author).collect()
}

fn seal(keys: &EpochKeys, chain: &mut Chain, draft: Draft) -> Vec<u8> {
    keys.seal(&chain.next(EPOCH, draft).unwrap()).unwrap()
}

fn bodies<'a>(keys: &'a EpochKeys, envelopes: &'a [Vec<u8>]) -> impl Iterator<Item = Vec<u8>> + 'a {
    envelopes.iter().map(|bytes| keys.open(bytes).unwrap().verify().unwrap().item().body.to_vec())
}

fn singles() -> Way {
    let (keys, mut authors) = (keys(), authors());
    let envelope = |n: usize| {
        let (account, _, chain) = &mut authors[n % PEOPLE];
        let key = Sha256::digest(n.to_be_bytes())[..16].to_vec();
        seal(&keys, chain, Record::new(*account, content(n)).draft(key).unwrap())
    };
    let envelopes = (0..ENTRIES).map(envelope).collect();
    let show = |keys: &EpochKeys, all: &[Vec<u8>]| {
        bodies(keys, all)
            .map(|body| usize::from(Record::read(&body).unwrap().content.known().is_some()))
            .sum()
    };
    Way { name: "single records", envelopes, show, took: vec![] }
}

fn document() -> Way {
    let (keys, mut authors, mut doc) = (keys(), authors(), AutoCommit::new());
    let envelope = |n: usize| {
        let (_, writer, chain) = &mut authors[n % PEOPLE];
        doc.set_actor(ActorId::from(writer.0));
        let key = codec::encode(&SpaceId(Sha256::digest(n.to_be_bytes()).into()));
        let key: String = key[2..18].iter().map(|byte| format!("{byte:02x}")).collect();
        let entry = doc.put_object(ROOT, key, ObjType::Map).unwrap();
        let Content::Post { text, at, .. } = content(n) else { unreachable!() };
        doc.put(&entry, "kind", 0).unwrap();
        doc.put(&entry, "text", text).unwrap();
        doc.put(&entry, "at", at.unwrap()).unwrap();
        doc.commit();
        let body = doc.get_last_local_change().unwrap().raw_bytes().to_vec();
        seal(&keys, chain, Draft { kind: Kind::Change, key: b"board".to_vec(), body })
    };
    let envelopes = (0..ENTRIES).map(envelope).collect();
    let show = |keys: &EpochKeys, all: &[Vec<u8>]| {
        let changes: Vec<Change> = bodies(keys, all).map(|body| Change::from_bytes(body).unwrap()).collect();
        let mut doc = AutoCommit::new();
        doc.apply_changes(changes).unwrap();
        let ids: Vec<_> = doc.keys(ROOT).collect();
        let said = |id: &String| {
            let (_, entry) = doc.get(ROOT, id.as_str()).unwrap().unwrap();
            doc.get(&entry, "text").unwrap().is_some()
        };
        ids.iter().filter(|id| said(id)).count()
    };
    Way { name: "changes of one document", envelopes, show, took: vec![] }
}

/// One record for each author and month, written again with every entry: `last` keeps only the newest of each.
fn pages(name: &'static str, last: bool) -> Way {
    let (keys, mut authors) = (keys(), authors());
    let mut written: Vec<Vec<Vec<u8>>> = vec![vec![]; PEOPLE];
    let mut envelopes: Vec<(usize, Vec<u8>)> = vec![];
    for n in 0..ENTRIES {
        let (account, _, chain) = &mut authors[n % PEOPLE];
        written[n % PEOPLE].push(codec::encode(&Record::new(*account, content(n))));
        let pages: Vec<minicbor::bytes::ByteVec> =
            written[n % PEOPLE].iter().cloned().map(Into::into).collect();
        let draft = Draft { kind: Kind::Record, key: vec![1; 16], body: codec::encode(&pages) };
        envelopes.push((n % PEOPLE, seal(&keys, chain, draft)));
    }
    let from = if last { ENTRIES - PEOPLE } else { 0 };
    let envelopes = envelopes.drain(from..).map(|(_, envelope)| envelope).collect();
    let show = |keys: &EpochKeys, all: &[Vec<u8>]| {
        let newest: Vec<Vec<u8>> = bodies(keys, all).collect::<Vec<_>>().split_off(all.len() - PEOPLE);
        let page = |body: &Vec<u8>| codec::decode::<Vec<minicbor::bytes::ByteVec>>(body).unwrap();
        newest.iter().flat_map(page).map(|one| usize::from(Record::read(&one).is_ok())).sum()
    };
    Way { name, envelopes, show, took: vec![] }
}

fn measure() -> Vec<Value> {
    let mut ways = [
        singles(),
        document(),
        pages("author pages, all versions", false),
        pages("author pages, the newest only", true),
    ];
    let keys = keys();
    for round in 0..ROUNDS * ways.len() {
        let way = &mut ways[round % 4];
        let began = Instant::now();
        assert_eq!((way.show)(&keys, &way.envelopes), ENTRIES, "{}", way.name);
        way.took.push(began.elapsed().as_secs_f64() * 1000.0);
    }
    let single = median(&ways[0].took);
    let mut rows = Vec::new();
    for way in &ways {
        let bytes: usize = way.envelopes.iter().map(Vec::len).sum();
        let named = |what: &str| format!("a month of 12 people, {}: {what}", way.name);
        rows.push(row(&named("on the relay"), bytes as f64 / 1e6, "MB"));
        rows.push(row(&named("open and show"), median(&way.took), "ms"));
        rows.push(row(&named("time, ratio to single records"), median(&way.took) / single, ""));
    }
    rows
}

fn median(all: &[f64]) -> f64 {
    let mut all = all.to_vec();
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
    let rows = measure();
    let Some(at) = args.iter().position(|arg| arg == "--json") else { return };
    std::fs::write(&args[at + 1], serde_json::to_vec_pretty(&rows).unwrap()).unwrap();
}
