//! A keychain that asks, is silent, comes late, and one that still names folders.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use keyring_core::api::{CredentialApi, CredentialStoreApi};
use keyring_core::{Credential, CredentialStore, Entry, Error, Result};
use trellis_core::platform::Keychain;

use super::SystemKeychain;

const LONG: Duration = Duration::from_secs(20);

/// Secrets by service and user.
type Secrets = Arc<Mutex<HashMap<(String, String), Vec<u8>>>>;

/// As the Secret Service keeps them.
#[derive(Debug, Default)]
struct Held(Secrets);

#[derive(Debug)]
struct One(Secrets, (String, String));

impl CredentialStoreApi for Held {
    fn vendor(&self) -> String {
        "tests".to_owned()
    }
    fn id(&self) -> String {
        "tests".to_owned()
    }
    fn build(&self, service: &str, user: &str, _: Option<&HashMap<&str, &str>>) -> Result<Entry> {
        let place = (service.to_owned(), user.to_owned());
        Ok(Entry::new_with_credential(Arc::new(One(self.0.clone(), place))))
    }
    fn search(&self, wanted: &HashMap<&str, &str>) -> Result<Vec<Entry>> {
        let held = self.0.lock().unwrap();
        let of_service =
            held.keys().filter(|(service, _)| wanted.get("service").is_none_or(|it| it == service));
        Ok(of_service
            .map(|place| Entry::new_with_credential(Arc::new(One(self.0.clone(), place.clone()))))
            .collect())
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

impl CredentialApi for One {
    fn set_secret(&self, secret: &[u8]) -> Result<()> {
        self.0.lock().unwrap().insert(self.1.clone(), secret.to_vec());
        Ok(())
    }
    fn get_secret(&self) -> Result<Vec<u8>> {
        self.0.lock().unwrap().get(&self.1).cloned().ok_or(Error::NoEntry)
    }
    fn delete_credential(&self) -> Result<()> {
        self.0.lock().unwrap().remove(&self.1).map(drop).ok_or(Error::NoEntry)
    }
    fn get_credential(&self) -> Result<Option<Arc<Credential>>> {
        Ok(None)
    }
    fn get_specifiers(&self) -> Option<(String, String)> {
        Some(self.1.clone())
    }
    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

fn silent() -> Result<Arc<CredentialStore>> {
    thread::sleep(LONG);
    Ok(Arc::new(Held::default()))
}

#[test]
fn a_keychain_that_never_answers_is_waited_for_no_longer_than_said() {
    let keychain = SystemKeychain::new(silent, Duration::from_millis(50));
    let start = Instant::now();
    assert_eq!(keychain.keychain_get("database-1").unwrap_err().code, "keychain-silent");
    assert_eq!(keychain.keychain_set("database-1", b"secret").unwrap_err().code, "keychain-silent");
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn what_waits_for_the_person_can_be_given_up() {
    let keychain = Arc::new(SystemKeychain::new(silent, LONG));
    let (start, waiting) = (Instant::now(), keychain.clone());
    let asked = thread::spawn(move || waiting.fetch("database-1"));
    while !asked.is_finished() {
        assert!(start.elapsed() < Duration::from_secs(5));
        keychain.cancel();
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(asked.join().unwrap().unwrap_err().code, "keychain-cancelled");
}

#[test]
fn a_keychain_that_comes_late_opens_without_a_restart() {
    static THERE: AtomicBool = AtomicBool::new(false);
    fn late() -> Result<Arc<CredentialStore>> {
        if THERE.load(Ordering::SeqCst) { Ok(Arc::new(Held::default())) } else { Err(Error::NoDefaultStore) }
    }
    let keychain = SystemKeychain::new(late, LONG);
    assert!(!keychain.look() && !keychain.keychain_available());
    assert_eq!(keychain.keychain_get("database-1").unwrap_err().code, "keychain-refused");
    THERE.store(true, Ordering::SeqCst);
    assert_eq!(keychain.keychain_get("database-1").unwrap(), None);
    assert!(keychain.look() && keychain.keychain_available() && !keychain.look());
}

#[test]
fn an_entry_that_names_a_folder_is_found_and_renamed() {
    static STORE: OnceLock<Arc<Held>> = OnceLock::new();
    fn open() -> Result<Arc<CredentialStore>> {
        Ok(STORE.get_or_init(Arc::default).clone())
    }
    let (keychain, store) = (SystemKeychain::new(open, LONG), open().unwrap());
    let entry = |user: &str| store.build("Trellis", user, None).unwrap();
    entry("database-1 /home/sam/old place").set_secret(b"mine").unwrap();
    entry("database-2 /home/sam/other").set_secret(b"another").unwrap();
    assert_eq!(keychain.keychain_get("database-1").unwrap().as_deref(), Some(&b"mine"[..]));
    let held = || {
        let mut users: Vec<_> =
            STORE.get().unwrap().0.lock().unwrap().keys().map(|(_, user)| user.clone()).collect();
        users.sort();
        users
    };
    assert_eq!(held(), ["database-1", "database-2 /home/sam/other"]);
    keychain.keychain_delete("database-2").unwrap();
    assert_eq!(held(), ["database-1"]);
}

#[test]
fn what_was_fetched_is_used_once() {
    static STORE: OnceLock<Arc<Held>> = OnceLock::new();
    fn open() -> Result<Arc<CredentialStore>> {
        Ok(STORE.get_or_init(Arc::default).clone())
    }
    let keychain = SystemKeychain::new(open, LONG);
    keychain.keychain_set("database-1", b"mine").unwrap();
    keychain.fetch("database-1").unwrap();
    keychain.keychain_set("database-1", b"changed").unwrap();
    assert_eq!(keychain.keychain_get("database-1").unwrap().as_deref(), Some(&b"mine"[..]));
    assert_eq!(keychain.keychain_get("database-1").unwrap().as_deref(), Some(&b"changed"[..]));
}
