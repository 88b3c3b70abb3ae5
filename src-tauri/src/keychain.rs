//! The system's keychain, where keys rest when the person chose it.
//!
//! It may ask the person something first, answer late or never: each call has a thread of its own and an end, and can be
//! given up. Nobody waits for it on the window's thread.

#[cfg(desktop)]
mod entries;

#[cfg(desktop)]
pub use desktop::SystemKeychain;
#[cfg(mobile)]
pub use mobile::SystemKeychain;

#[cfg(desktop)]
mod desktop {
    use std::collections::BTreeMap;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
    use std::sync::mpsc::{self, Sender};
    use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
    use std::time::Duration;

    use keyring_core::CredentialStore;
    use trellis_core::error::{Error, Result};
    use trellis_core::platform::Keychain;
    use zeroize::Zeroizing;

    use super::entries::{self, Open};

    /// How long the person may take for what the system asks.
    const PATIENCE: Duration = Duration::from_secs(120);
    /// How long a keychain may take to say that it is there.
    const GREETING: Duration = Duration::from_secs(3);

    type Answer = Result<Option<Vec<u8>>>;

    /// The keychain of the desktop.
    pub struct SystemKeychain {
        open: Open,
        patience: Duration,
        available: AtomicBool,
        looking: Arc<AtomicBool>,
        /// A secret that was asked for before the core is.
        fetched: Mutex<Option<(String, Zeroizing<Vec<u8>>)>>,
        /// Those who wait for an answer, by number.
        waiting: Mutex<BTreeMap<u64, Sender<Answer>>>,
        calls: AtomicU64,
    }

    impl Default for SystemKeychain {
        fn default() -> Self {
            Self::new(entries::system, PATIENCE)
        }
    }

    impl SystemKeychain {
        pub(super) fn new(open: Open, patience: Duration) -> Self {
            let (available, looking, fetched, waiting, calls) = Default::default();
            Self { open, patience, available, looking, fetched, waiting, calls }
        }

        /// Looks whether the system's keychain answers. True if that is different from before.
        pub fn look(&self) -> bool {
            if self.looking.swap(true, Ordering::SeqCst) {
                // It has not answered yet since it was last looked at.
                return false;
            }
            let (tell, hear) = mpsc::channel();
            let (open, looking) = (self.open, self.looking.clone());
            std::thread::spawn(move || {
                let answers = open().is_ok();
                looking.store(false, Ordering::SeqCst);
                let _heard = tell.send(answers);
            });
            let answers = hear.recv_timeout(GREETING).unwrap_or(false);
            self.available.swap(answers, Ordering::SeqCst) != answers
        }

        /// Asks for a secret that the core is about to ask for; so the core does not wait for the system.
        /// Errors: as of [`Keychain::keychain_get`].
        pub fn fetch(&self, name: &str) -> Result<()> {
            let secret = self.get(name)?.map(|secret| (name.to_owned(), Zeroizing::new(secret)));
            *lock(&self.fetched) = secret;
            Ok(())
        }

        /// What was fetched and not used is forgotten.
        pub fn forget_fetched(&self) {
            *lock(&self.fetched) = None;
        }

        /// Gives up what waits for an answer now.
        pub fn cancel(&self) {
            for waiting in lock(&self.waiting).values() {
                // Whoever has gone needs no word.
                let _heard = waiting.send(Err(Error::new("keychain-cancelled", "given up").retry()));
            }
        }

        fn get(&self, name: &str) -> Answer {
            let name = name.to_owned();
            self.asked(move |store| entries::get(store, &name))
        }

        /// Does it on a thread of its own. An answer that comes too late is dropped.
        fn asked(
            &self,
            work: impl FnOnce(&CredentialStore) -> keyring_core::Result<Option<Vec<u8>>> + Send + 'static,
        ) -> Answer {
            let (tell, hear) = mpsc::channel();
            let (open, call) = (self.open, self.calls.fetch_add(1, Ordering::SeqCst));
            lock(&self.waiting).insert(call, tell.clone());
            std::thread::spawn(move || {
                let answer = open().and_then(|store| work(&*store)).map_err(refused);
                let _heard = tell.send(answer);
            });
            let silent = |_| Err(Error::new("keychain-silent", "no answer").retry());
            let answer = hear.recv_timeout(self.patience).unwrap_or_else(silent);
            lock(&self.waiting).remove(&call);
            answer
        }
    }

    impl Keychain for SystemKeychain {
        /// As when it was last looked at.
        fn keychain_available(&self) -> bool {
            self.available.load(Ordering::SeqCst)
        }

        fn keychain_get(&self, name: &str) -> Answer {
            match lock(&self.fetched).take() {
                Some((fetched, secret)) if fetched == name => Ok(Some(secret.to_vec())),
                _ => self.get(name),
            }
        }

        fn keychain_set(&self, name: &str, secret: &[u8]) -> Result<()> {
            let (name, secret) = (name.to_owned(), Zeroizing::new(secret.to_vec()));
            self.asked(move |store| entries::set(store, &name, &secret).map(|()| None)).map(drop)
        }

        fn keychain_delete(&self, name: &str) -> Result<()> {
            let name = name.to_owned();
            self.asked(move |store| entries::delete(store, &name).map(|()| None)).map(drop)
        }
    }

    /// Only the kind of the refusal: its words may name folders.
    fn refused(error: keyring_core::Error) -> Error {
        let kind = match error {
            keyring_core::Error::NoStorageAccess(_) => "locked",
            keyring_core::Error::NoDefaultStore => "absent",
            _ => "failed",
        };
        Error::new("keychain-refused", kind).retry()
    }

    fn lock<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
        held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(all(test, desktop))]
mod tests;

#[cfg(mobile)]
mod mobile {
    use trellis_core::error::{Error, Result};
    use trellis_core::platform::Keychain;

    /// Phones answer that there is none.
    #[derive(Default)]
    pub struct SystemKeychain;

    impl SystemKeychain {
        /// Nothing changes.
        pub fn look(&self) -> bool {
            false
        }

        /// There is nothing to fetch.
        pub fn fetch(&self, _name: &str) -> Result<()> {
            Err(absent())
        }

        /// There is nothing to forget.
        pub fn forget_fetched(&self) {}

        /// Nothing waits.
        pub fn cancel(&self) {}
    }

    impl Keychain for SystemKeychain {
        fn keychain_available(&self) -> bool {
            false
        }

        fn keychain_get(&self, _name: &str) -> Result<Option<Vec<u8>>> {
            Err(absent())
        }

        fn keychain_set(&self, _name: &str, _secret: &[u8]) -> Result<()> {
            Err(absent())
        }

        fn keychain_delete(&self, _name: &str) -> Result<()> {
            Err(absent())
        }
    }

    fn absent() -> Error {
        Error::new("keychain-refused", "absent")
    }
}
