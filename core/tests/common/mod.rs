//! A host for tests: a folder, a memory keychain, and a clock that the test moves.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use trellis_api_types::app::{AppStart, AppUnlock, Lock};
use trellis_api_types::checkin::{CheckIn, Kept, Mood};
use trellis_api_types::settings::{Language, Pathway};
use trellis_core::app::App;
use trellis_core::native::{MemoryKeychain, Native};
use trellis_core::platform::{Clock, Entropy, Files, Host, Keychain};
use trellis_core::{Error, Result};

/// A clock that stands until it is moved; clones are the same clock.
#[derive(Clone)]
pub struct Time {
    now: Arc<AtomicI64>,
    /// How far the clock was set off, which no time that passes shows.
    set: Arc<AtomicI64>,
}

impl Time {
    /// Noon of that day, UTC.
    pub fn at(day: &str) -> Self {
        let noon = day.parse::<NaiveDate>().unwrap().and_hms_opt(12, 0, 0).unwrap();
        Self { now: Arc::new(AtomicI64::new(noon.and_utc().timestamp_millis())), set: Arc::default() }
    }

    pub fn now(&self) -> i64 {
        self.running() + self.set.load(Ordering::SeqCst)
    }

    pub fn running(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }

    pub fn pass(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }

    /// Somebody puts the clock ahead, or back.
    pub fn jump(&self, ms: i64) {
        self.set.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn days(&self, days: i64) {
        self.pass(days * 86_400_000);
    }
}

/// How many more changes outside the database are taken; from then on the power is gone.
#[derive(Clone)]
pub struct Power(Arc<AtomicU32>);

impl Power {
    pub fn lasts(&self, changes: u32) {
        self.0.store(changes, Ordering::SeqCst);
    }

    pub fn back(&self) {
        self.lasts(u32::MAX);
    }

    pub fn gone(&self) -> bool {
        self.0.load(Ordering::SeqCst) == 0
    }

    fn take(&self) -> Result<()> {
        let left = self.0.load(Ordering::SeqCst);
        self.lasts(left.saturating_sub(u32::from(left < u32::MAX)));
        if left == 0 { Err(Error::new("file-io", "the power is gone")) } else { Ok(()) }
    }
}

impl Default for Power {
    fn default() -> Self {
        Self(Arc::new(AtomicU32::new(u32::MAX)))
    }
}

/// A real folder under a clock of the test's.
pub struct TestHost {
    native: Native<Arc<MemoryKeychain>>,
    time: Time,
    power: Power,
    room: Arc<Mutex<Room>>,
}

/// What the folder takes; the tests may run as root, who is held back by no permission.
#[derive(Clone, Copy, PartialEq)]
pub enum Room {
    Free,
    /// Nothing more, as on a full disk.
    Full,
    /// Nothing, and nothing in it can be changed.
    Shut,
}

impl TestHost {
    fn room(&self) -> Room {
        *self.room.lock().unwrap()
    }
}

impl Clock for TestHost {
    fn now_ms(&self) -> i64 {
        self.time.now()
    }

    fn running_ms(&self) -> i64 {
        self.time.running()
    }

    fn local(&self) -> NaiveDateTime {
        DateTime::from_timestamp_millis(self.time.now()).unwrap().naive_utc()
    }
}

impl Entropy for TestHost {
    fn fill(&self, out: &mut [u8]) {
        self.native.fill(out);
    }
}

impl Files for TestHost {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.native.read(name)
    }
    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.power.take()?;
        match self.room() {
            Room::Free => self.native.write(name, bytes),
            Room::Full => Err(Error::new("disk-full", "full").retry()),
            Room::Shut => Err(Error::new("file-io", "shut").retry()),
        }
    }
    fn remove(&self, name: &str) -> Result<()> {
        self.power.take()?;
        self.native.remove(name)
    }
}

impl Keychain for TestHost {
    fn keychain_available(&self) -> bool {
        self.native.keychain_available()
    }
    fn keychain_get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.native.keychain_get(name)
    }
    fn keychain_set(&self, name: &str, secret: &[u8]) -> Result<()> {
        self.power.take()?;
        self.native.keychain_set(name, secret)
    }
    fn keychain_delete(&self, name: &str) -> Result<()> {
        self.power.take()?;
        self.native.keychain_delete(name)
    }
}

impl Host for TestHost {
    fn open_database(&self, name: &str) -> Result<rusqlite::Connection> {
        if self.room() == Room::Shut {
            return Err(Error::new("file-io", "shut").retry());
        }
        self.native.open_database(name)
    }
    fn open_database_to_read(&self, name: &str) -> Result<rusqlite::Connection> {
        self.native.open_database_to_read(name)
    }
    fn make_folder(&self) -> Result<()> {
        self.native.make_folder()
    }
    fn database_size(&self, name: &str) -> Result<Option<u64>> {
        self.native.database_size(name)
    }
    fn file_identity(&self, name: &str) -> Result<Vec<u8>> {
        self.native.file_identity(name)
    }
    fn remove_database(&self, name: &str) -> Result<()> {
        self.native.remove_database(name)
    }
}

pub type TestApp = App<TestHost>;

/// What survives the app: its folder, keychain and clock.
pub struct Machine {
    pub folder: tempfile::TempDir,
    pub keychain: Arc<MemoryKeychain>,
    pub time: Time,
    pub power: Power,
    pub room: Arc<Mutex<Room>>,
}

impl Machine {
    pub fn new(day: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let room = Arc::new(Mutex::new(Room::Free));
        Self { folder, keychain: Arc::default(), time: Time::at(day), power: Power::default(), room }
    }

    /// What the folder takes from now on.
    pub fn room(&self, room: Room) {
        *self.room.lock().unwrap() = room;
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The app as it is after its process started.
    pub fn app(&self) -> TestApp {
        let native = Native::new(self.path(), self.keychain.clone()).unwrap();
        let (time, power, room) = (self.time.clone(), self.power.clone(), self.room.clone());
        App::new(TestHost { native, time, power, room }, Language::En)
    }

    pub fn started(&self, lock: Lock) -> TestApp {
        let mut app = self.app();
        app.app_start(start(lock)).unwrap();
        app
    }

    pub fn unlocked(&self) -> TestApp {
        let mut app = self.app();
        app.app_unlock(AppUnlock { passphrase: None }).unwrap();
        app
    }
}

pub fn start(lock: Lock) -> AppStart {
    AppStart {
        language: Language::En,
        name: "Sam".into(),
        lock,
        recovery_start: None,
        aims: Vec::new(),
        pathway: Pathway::Own,
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn checkin(id: &str, date: &str) -> CheckIn {
    CheckIn {
        id: id.into(),
        date: day(date),
        time: NaiveTime::from_hms_opt(9, 30, 0).unwrap(),
        mood: Mood::Good,
        urge: Some(3),
        halt: vec![],
        used: None,
        medication: None,
        tags: vec![],
        note: "a note".into(),
        learned: String::new(),
        kept: Kept::default(),
        edited_at: 0,
    }
}

/// The stable code of a failure.
pub fn code<T>(result: Result<T>) -> &'static str {
    result.err().map_or("ok", |e| e.code)
}
