//! Several devices and one relay in one process, from one seed.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use chrono::{DateTime, NaiveDateTime};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use trellis_api_types::devices::{MatchWords, PairingState};
use trellis_api_types::settings::Language;
use trellis_api_types::sync::{RelayChoice, SyncLine};

use super::relay::SimRelay;
use crate::crdt::{DocId, Docs};
use crate::crypto::Phrase;
use crate::crypto::pairing::PairCode;
use crate::error::{Error, Result};
use crate::native::{MemoryKeychain, Native};
use crate::platform::{Clock, DatabaseKey, Entropy, Host};
use crate::store::{Expect, Store};
use crate::sync::compaction::job::{Folding, Limit};
use crate::sync::engine::Engine;
use crate::sync::engine::effects::Next;
use crate::sync::joining::pairing;
use crate::sync::{devices, keys, relay_choice, status};
use crate::transport::{Call, NetError, Reply};

pub const START: i64 = 1_800_000_000_000;

/// Time that only moves when told to, and randomness from a seed.
#[derive(Clone)]
pub struct SimGround {
    pub now: Rc<Cell<i64>>,
    /// How wrong this device's clock is, milliseconds.
    pub skew: Rc<Cell<i64>>,
    state: Rc<RefCell<[u8; 32]>>,
}

impl Clock for SimGround {
    fn now_ms(&self) -> i64 {
        self.now.get() + self.skew.get()
    }

    fn running_ms(&self) -> i64 {
        self.now.get()
    }

    fn local(&self) -> NaiveDateTime {
        DateTime::from_timestamp_millis(self.now_ms()).unwrap().naive_utc()
    }
}

impl Entropy for SimGround {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            let mut state = self.state.borrow_mut();
            *state = Sha256::digest(*state).into();
            chunk.copy_from_slice(&Sha256::digest([*state, [1; 32]].concat())[..chunk.len()]);
        }
    }
}

/// One device.
pub struct Phone {
    folder: TempDir,
    pub store: Option<Store>,
    pub docs: Docs,
    pub engine: Engine,
    pub ground: SimGround,
    /// Hashes of everything that was said to be saved.
    pub saved: BTreeSet<[u8; 32]>,
    /// When it makes snapshots.
    pub limit: Limit,
    /// Calls it made, and the bytes of these and of their answers.
    pub calls: (usize, usize),
}

/// What the line does to one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// It works.
    Fine,
    /// The request never arrives.
    LostThere,
    /// The relay did it, the answer is lost.
    LostBack,
    /// It arrives twice.
    Twice,
    /// The relay answers with a failure.
    Fails(u16),
    /// A call of more bytes does not get through in its time.
    Narrow(usize),
}

pub struct World {
    pub relay: SimRelay,
    pub phones: Vec<Phone>,
    pub now: Rc<Cell<i64>>,
    pub(super) seed: u8,
}

/// A world to begin from again and again.
pub struct Template {
    relay: SimRelay,
    now: i64,
    phones: Vec<Vec<(String, Vec<u8>)>>,
}

impl Template {
    pub fn of(mut world: World) -> Self {
        world.relay.heard.clear();
        let phones = world.phones.iter_mut().map(|phone| {
            phone.store().settle().unwrap();
            phone.backup()
        });
        Self { phones: phones.collect(), relay: world.relay.clone(), now: world.now.get() }
    }

    pub fn world(&self, seed: u64) -> World {
        let now = Rc::new(Cell::new(self.now));
        let phone = |(place, files): (usize, &Vec<_>)| {
            let seed = Sha256::digest([seed.to_be_bytes(), (place as u64).to_be_bytes()].concat());
            Phone::copied(&now, seed.into(), files)
        };
        let phones = self.phones.iter().enumerate().map(phone).collect();
        World { relay: self.relay.clone(), phones, now, seed: seed as u8 }
    }
}

pub fn choice() -> RelayChoice {
    RelayChoice { address: "https://relay.example/".into(), ..RelayChoice::default() }
}

impl Phone {
    fn new(now: &Rc<Cell<i64>>, seed: [u8; 32]) -> Self {
        let ground = SimGround { now: now.clone(), skew: Rc::default(), state: Rc::new(RefCell::new(seed)) };
        let folder = memory_folder();
        let store = open(&folder, Expect::New);
        let docs = Docs::new([0; 16]);
        let (engine, saved, limit) = (Engine::default(), BTreeSet::new(), Limit::default());
        Self { folder, store: Some(store), docs, engine, ground, saved, limit, calls: (0, 0) }
    }

    pub fn store(&mut self) -> &mut Store {
        self.store.as_mut().unwrap()
    }

    /// A device from copies of its files, with randomness of its own.
    pub fn copied(now: &Rc<Cell<i64>>, seed: [u8; 32], files: &[(String, Vec<u8>)]) -> Self {
        let ground = SimGround { now: now.clone(), skew: Rc::default(), state: Rc::new(RefCell::new(seed)) };
        let folder = memory_folder();
        files.iter().for_each(|(name, bytes)| std::fs::write(folder.path().join(name), bytes).unwrap());
        let store = open(&folder, Expect::Existing);
        let docs = Docs::new([0; 16]);
        let (engine, saved, limit) = (Engine::default(), BTreeSet::new(), Limit::default());
        let mut phone =
            Self { folder, store: Some(store), docs, engine, ground, saved, limit, calls: (0, 0) };
        phone.opened();
        phone
    }

    /// What an opening does.
    fn opened(&mut self) {
        let ground = self.ground.clone();
        self.store().tx(|tx| keys::begin_opening(tx, &ground)).unwrap();
        self.take_writer();
    }

    /// The folder shows that the database was put back.
    pub fn notice_copy(&mut self) {
        let ground = self.ground.clone();
        let noticed = self.store().tx(|tx| {
            let writer = crate::sync::devices::fresh_writer(tx, &ground)?;
            tx.set_setting(keys::WRITER, &writer)?;
            keys::begin_on_a_copy(tx)
        });
        noticed.unwrap();
        self.take_writer();
    }

    /// As after a kill: nothing in memory stays.
    pub fn restart(&mut self) {
        self.store = None;
        self.store = Some(open(&self.folder, Expect::Existing));
        self.engine = Engine::default();
        self.engine.folding = Folding::new(self.limit);
        self.docs = Docs::new([0; 16]);
        self.opened();
    }

    /// Writes as the writer that the store names.
    pub fn take_writer(&mut self) {
        let writer = self.store().read(|tx| Ok::<_, Error>(keys::writer(tx).map_or([0; 16], |id| id.0)));
        let writer = writer.unwrap();
        if self.docs.writer() != writer {
            self.docs.set_writer(writer);
        }
    }

    /// A copy of the database as it is now, with the log beside it.
    pub fn backup(&mut self) -> Vec<(String, Vec<u8>)> {
        self.store = None;
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        let name = |file: &std::fs::DirEntry| file.file_name().into_string().unwrap();
        let copy =
            files.map(|file| file.unwrap()).map(|file| (name(&file), std::fs::read(file.path()).unwrap()));
        let copy = copy.collect();
        self.restart();
        copy
    }

    /// The database becomes an older one.
    pub fn put_back(&mut self, copy: &[(String, Vec<u8>)]) {
        self.store = None;
        for file in std::fs::read_dir(self.folder.path()).unwrap() {
            std::fs::remove_file(file.unwrap().path()).unwrap();
        }
        copy.iter().for_each(|(name, bytes)| std::fs::write(self.folder.path().join(name), bytes).unwrap());
        self.restart();
    }

    /// Saves a note. Only after this returns `Ok` it is called saved.
    pub fn save(&mut self, id: &str, note: &str) -> Result<()> {
        self.take_writer();
        let (store, docs) = (self.store.as_mut().unwrap(), &mut self.docs);
        let before = store.read(|tx| all_hashes(tx, docs))?;
        let saved = store.tx(|tx| {
            docs.edit(tx, DocId::Journal(2026), |edit| {
                let root = edit.root();
                let thing = edit.find_or_make(&root, "checkins", id, &[])?;
                edit.set(&thing, "note", &note.to_owned())
            })
        });
        if saved.is_err() {
            docs.forget_all();
        }
        saved?;
        let after = store.read(|tx| all_hashes(tx, docs))?;
        self.saved.extend(after.difference(&before));
        Ok(())
    }

    /// Saves many notes at once.
    pub fn fill(&mut self, count: usize) {
        self.fill_with(count, |n| format!("A quiet day, and a good one: number {n}"));
    }

    /// Saves many notes at once, each with a text of its own.
    pub fn fill_with(&mut self, count: usize, text: impl Fn(usize) -> String) {
        self.take_writer();
        let (store, docs) = (self.store.as_mut().unwrap(), &mut self.docs);
        let note = |tx: &crate::store::Tx<'_>, docs: &mut Docs, n: usize| {
            docs.edit(tx, DocId::Journal(2026), |edit| {
                let root = edit.root();
                let thing = edit.find_or_make(&root, "checkins", &format!("filled {n}"), &[])?;
                edit.set(&thing, "note", &text(n))
            })
        };
        store.tx(|tx| (0..count).try_for_each(|n| note(tx, docs, n).map(drop))).unwrap();
        let held = self.holds();
        self.saved.extend(held);
    }

    /// From now on it makes a snapshot after so many items.
    pub fn fold_after(&mut self, items: u64) {
        self.limit = Limit { items, bytes: u64::MAX };
        self.engine.folding = Folding::new(self.limit);
    }

    /// Everything this device holds.
    pub fn holds(&mut self) -> BTreeSet<[u8; 32]> {
        let (store, docs) = (self.store.as_mut().unwrap(), &mut self.docs);
        store.read(|tx| all_hashes(tx, docs)).unwrap()
    }

    pub fn line(&mut self) -> SyncLine {
        let (store, engine) = (self.store.as_mut().unwrap(), &self.engine);
        store.read(|tx| status::line(tx, engine, &self.ground)).unwrap()
    }

    pub fn pairing(&mut self) -> PairingState {
        self.store().read(|tx| pairing::state(tx, (Language::En, 0))).unwrap()
    }

    pub fn next(&mut self) -> Result<Next> {
        let next = self.engine.next(self.store.as_mut().unwrap(), &mut self.docs, &self.ground)?;
        Ok(next)
    }

    /// One call over the line. False if there was nothing to do.
    pub fn step(&mut self, relay: &mut SimRelay, line: Line) -> Result<bool> {
        let Next::Call(sent) = self.next()? else { return Ok(false) };
        let outcome = carry(relay, &sent.call, line);
        self.calls.0 += 1;
        self.calls.1 += size(&sent.call) + outcome.as_ref().map_or(0, answer_size);
        self.engine.done(self.store.as_mut().unwrap(), &mut self.docs, &self.ground, *sent, outcome)?;
        self.take_writer();
        Ok(true)
    }

    /// Exchanges until nothing is to be done now.
    pub fn settle(&mut self, relay: &mut SimRelay) {
        self.engine.hurry(self.store.as_mut().unwrap()).unwrap();
        self.go_on(relay);
    }

    /// Exchanges what is due, without being asked to.
    pub fn go_on(&mut self, relay: &mut SimRelay) {
        for _ in 0..1000 {
            if !self.step(relay, Line::Fine).unwrap() {
                return;
            }
        }
        panic!("exchange never comes to rest");
    }
}

fn size(call: &Call) -> usize {
    match call {
        Call::Create(_, body) => minicbor::to_vec(body).unwrap().len(),
        Call::Sync(body) => minicbor::to_vec(body).unwrap().len(),
        Call::Trim(_, body) => minicbor::to_vec(body).unwrap().len(),
        Call::Delete(_, body) => minicbor::to_vec(body).unwrap().len(),
    }
}

fn answer_size(reply: &Reply) -> usize {
    match reply {
        Reply::Done => 0,
        Reply::Sync(body) => minicbor::to_vec(body).unwrap().len(),
    }
}

fn carry(relay: &mut SimRelay, call: &Call, line: Line) -> Result<Reply, NetError> {
    match line {
        Line::Fine => relay.answer(call),
        Line::LostThere => Err(NetError::Unreachable),
        Line::LostBack => relay.answer(call).and(Err(NetError::Unreachable)),
        Line::Twice => relay.answer(call).and_then(|_| relay.answer(call)),
        Line::Fails(429) => Err(NetError::RateLimited { retry_after: Some(3) }),
        Line::Fails(status) => Err(NetError::Status(status)),
        Line::Narrow(most) if size(call) > most => Err(NetError::Unreachable),
        Line::Narrow(_) => relay.answer(call),
    }
}

fn all_hashes(tx: &crate::store::Tx<'_>, docs: &mut Docs) -> Result<BTreeSet<[u8; 32]>> {
    let mut all = BTreeSet::new();
    for name in tx.document_ids()? {
        let doc = docs.get(tx, name.parse()?)?;
        all.extend(doc.changes().into_iter().map(|(hash, _)| hash));
    }
    Ok(all)
}

/// In memory where there is such a place: these tests commit thousands of times.
fn memory_folder() -> TempDir {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.unwrap()
}

fn open(folder: &TempDir, expect: Expect) -> Store {
    let host = Native::new(folder.path(), MemoryKeychain::default()).unwrap();
    Store::open(host.open_database("store").unwrap(), &DatabaseKey([7; 32]), expect).unwrap()
}

impl World {
    /// A relay and one device with an account.
    pub fn new(seed: u8) -> Self {
        let now = Rc::new(Cell::new(START));
        let mut world = Self { relay: SimRelay::new(), phones: Vec::new(), now, seed };
        world.add_person();
        world
    }

    /// A device with an account of its own.
    pub fn add_person(&mut self) -> usize {
        let place = self.add_phone();
        let phone = &mut self.phones[place];
        let (ground, now) = (phone.ground.clone(), self.now.get());
        phone
            .store()
            .tx(|tx| {
                devices::install(tx, &ground)?;
                devices::found(tx, &ground, &Phrase::random(&ground), "first", now)?;
                relay_choice::set_choice(tx, &choice()).map(drop)
            })
            .unwrap();
        phone.take_writer();
        place
    }

    /// A device that knows nothing yet.
    pub fn add_phone(&mut self) -> usize {
        let seed = [self.seed, self.phones.len() as u8, 9];
        self.phones.push(Phone::new(&self.now, Sha256::digest(seed).into()));
        self.phones.len() - 1
    }

    /// As many paired devices.
    pub fn of(seed: u8, phones: usize) -> Self {
        let mut world = Self::new(seed);
        for _ in 1..phones {
            let new = world.add_phone();
            world.pair(0, new);
        }
        world.settle_all();
        world
    }

    pub fn pass(&mut self, millis: i64) {
        self.now.set(self.now.get() + millis);
        self.relay.now = (self.now.get() / 1000) as u64;
    }

    pub fn settle(&mut self, phone: usize) {
        self.phones[phone].settle(&mut self.relay);
    }

    /// Everybody exchanges until all random waits are over.
    pub fn settle_all(&mut self) {
        for _ in 0..4 {
            for phone in 0..self.phones.len() {
                self.settle(phone);
            }
            self.pass(61_000);
        }
    }

    /// One device offers, the other asks; returns the right choice and all of them.
    pub fn ask(&mut self, host: usize, guest: usize) -> (u8, Vec<MatchWords>) {
        let offer = self.offer(host);
        self.settle(host);
        self.join(guest, &offer.link);
        self.settle(guest);
        self.settle(host);
        let PairingState::Joining { words } = self.phones[guest].pairing() else { panic!("not asking") };
        let PairingState::Asked { choices, .. } = self.phones[host].pairing() else { panic!("not asked") };
        let right = choices.iter().position(|choice| *choice == words).unwrap();
        (right as u8, choices)
    }

    pub fn offer(&mut self, host: usize) -> trellis_api_types::devices::PairingOffer {
        let phone = &mut self.phones[host];
        let (ground, now) = (phone.ground.clone(), phone.engine.shared_now(&phone.ground));
        phone.store().tx(|tx| pairing::offer(tx, &ground, &choice(), "first", (Language::En, now))).unwrap()
    }

    pub fn join(&mut self, guest: usize, link: &str) {
        let code = PairCode::parse(link).unwrap();
        let phone = &mut self.phones[guest];
        let now = phone.ground.now_ms();
        let joined = phone.store().tx(|tx| {
            relay_choice::set_choice(tx, &choice())?;
            pairing::join(tx, &code, "https://relay.example/", "second", now)
        });
        joined.unwrap();
    }

    pub fn let_in(&mut self, host: usize, choice: u8) -> Result<bool> {
        let phone = &mut self.phones[host];
        let (ground, now) = (phone.ground.clone(), phone.engine.shared_now(&phone.ground));
        phone.store().tx(|tx| pairing::let_in(tx, &ground, choice, now))
    }

    pub fn pair(&mut self, host: usize, guest: usize) {
        let (right, _) = self.ask(host, guest);
        assert!(self.let_in(host, right).unwrap());
        self.settle(host);
        self.settle(guest);
        assert_eq!(self.phones[guest].pairing(), PairingState::Done);
        assert_eq!(self.phones[host].pairing(), PairingState::Done);
        self.phones[guest].take_writer();
    }

    /// All devices hold the same, and everything that was ever called saved is in it.
    pub fn assert_converged(&mut self) {
        let held: Vec<_> = self.phones.iter_mut().map(Phone::holds).collect();
        for (place, holds) in held.iter().enumerate() {
            assert_eq!(holds.len(), held[0].len(), "device {place} differs");
            assert_eq!(holds, &held[0], "device {place} differs");
        }
        for phone in &self.phones {
            assert!(phone.saved.is_subset(&held[0]), "something that was saved is lost");
        }
    }
}
