//! How the database key is kept, outside the database: in the keychain, or wrapped under a passphrase, or wrapped
//! under a short code together with a random secret that lies in the keychain.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use trellis_api_types::Millis;
use trellis_api_types::app::{Lock, LockKind};
use zeroize::Zeroizing;

use crate::crypto::{Refusal, Secret, wrap};
use crate::error::{Error, Result};
use crate::platform::{DatabaseKey, Host};

const NAME: &str = "lock.json";
/// The same random bytes in a file and in the database; renewed at each opening. If they part, one of the two was
/// put back to an earlier state, and changes go on under a fresh writer id.
pub(super) const MARKER: &str = "marker";
/// Longest wait after wrong tries, milliseconds.
const LONGEST_WAIT: Millis = 5 * 60_000;

/// The lock as it is kept. It holds no secret that is not wrapped.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LockFile {
    /// Names this install's secrets in the keychain.
    pub install: String,
    /// The first start was finished; before that there is nothing to lose.
    pub ready: bool,
    /// Tells the right key from a wrong one without the database.
    check: String,
    /// The key under the passphrase or the code; absent where the keychain has it.
    wrapped: Option<String>,
    /// It is under a code: the keychain has the secret that belongs to it.
    #[serde(default)]
    with_keychain: bool,
    /// The keychain may still hold what another lock needed: the lock is being changed, or was.
    #[serde(default)]
    leftover: bool,
    /// Another device signed this one out; the key is left to the paper.
    #[serde(default)]
    pub signed_out: bool,
    /// Wrong tries in a row.
    tries: u32,
    /// When the last one was tried, by this device's clock.
    tried_at: Millis,
    /// No try before.
    retry_at: Millis,
}

impl LockFile {
    /// The lock of this folder, if there is one. Error: `lock-damaged`.
    pub fn read(host: &impl Host) -> Result<Option<Self>> {
        let Some(bytes) = host.read(NAME)? else { return Ok(None) };
        let read = serde_json::from_slice(&bytes);
        read.map(Some).map_err(|_| Error::new("lock-damaged", "the lock file cannot be read"))
    }

    /// A lock for a new key, kept as `lock` says but not yet written.
    pub fn new(host: &impl Host, key: &DatabaseKey, lock: &Lock) -> Result<Self> {
        let mut install = [0; 8];
        host.fill(&mut install);
        let mut file = Self {
            install: hex::encode(install),
            ready: false,
            check: check_of(key),
            wrapped: None,
            with_keychain: false,
            leftover: false,
            signed_out: false,
            tries: 0,
            tried_at: 0,
            retry_at: 0,
        };
        file.keep(host, key, lock)?;
        Ok(file)
    }

    /// Keeps the key as `lock` says; the caller writes the file next.
    pub fn keep(&mut self, host: &impl Host, key: &DatabaseKey, lock: &Lock) -> Result<()> {
        let wrap = |typed: &str, beside: Option<&Secret>| -> Result<_> {
            Ok(Some(hex::encode(&wrap::wrap(&Secret::new(key.0), typed, beside, host)?)))
        };
        self.wrapped = match lock {
            Lock::Keychain => {
                host.keychain_set(&self.key_name(), &key.0)?;
                None
            }
            Lock::Passphrase(passphrase) => wrap(passphrase, None)?,
            Lock::Code(code) => wrap(code, Some(&self.secret_for_code(host)?))?,
        };
        self.with_keychain = matches!(lock, Lock::Code(_));
        Ok(())
    }

    /// Keeps the key another way. Whenever it is cut off, one of the two locks opens, and the next opening forgets what
    /// the keychain holds for the other.
    pub fn change(&mut self, host: &impl Host, key: &DatabaseKey, lock: &Lock) -> Result<()> {
        self.leftover = true;
        self.write(host)?;
        self.keep(host, key, lock)?;
        self.write(host)?;
        self.forget_leftover(host);
        Ok(())
    }

    /// Forgets what the keychain holds for another lock. Where it cannot now, the next opening tries again.
    pub fn forget_leftover(&mut self, host: &impl Host) {
        let unused = match self.kind() {
            LockKind::Keychain => vec![self.secret_name()],
            LockKind::Passphrase => vec![self.key_name(), self.secret_name()],
            LockKind::Code => vec![self.key_name()],
        };
        if !self.leftover || !host.keychain_available() {
            return;
        }
        self.leftover = false;
        let forgotten = unused.iter().try_for_each(|name| host.keychain_delete(name));
        if let Err(e) = forgotten.and_then(|()| self.write(host)) {
            tracing::warn!(code = e.code, "the keychain still holds what another lock needed");
        }
    }

    /// Writes it, whole or not at all.
    pub fn write(&self, host: &impl Host) -> Result<()> {
        let bytes = serde_json::to_vec(self).map_err(|_| Error::new("lock-damaged", "cannot be written"))?;
        host.write(NAME, &bytes)
    }

    /// Removes it: then nothing is here.
    pub fn remove(host: &impl Host) -> Result<()> {
        host.remove(NAME)
    }

    /// How it opens.
    pub fn kind(&self) -> LockKind {
        match (&self.wrapped, self.with_keychain) {
            (None, _) => LockKind::Keychain,
            (Some(_), false) => LockKind::Passphrase,
            (Some(_), true) => LockKind::Code,
        }
    }

    /// Drops every copy of the key, for good. Done again, it does the same.
    pub fn drop_key(&mut self, host: &impl Host) -> Result<()> {
        self.signed_out = true;
        self.wrapped = None;
        self.write(host)?;
        if host.keychain_available() { self.forget_in_keychain(host) } else { Ok(()) }
    }

    /// Forgets all that the keychain holds of this lock.
    pub fn forget_in_keychain(&self, host: &impl Host) -> Result<()> {
        [self.key_name(), self.secret_name()].iter().try_for_each(|name| host.keychain_delete(name))
    }

    /// Name of what opening asks the keychain for, if it does.
    pub fn name_in_keychain(&self) -> Option<String> {
        match self.kind() {
            _ if self.signed_out => None,
            LockKind::Keychain => Some(self.key_name()),
            LockKind::Code => Some(self.secret_name()),
            LockKind::Passphrase => None,
        }
    }

    /// The key. Errors: `wrong-passphrase`, `try-later` (both with `retry_at`), `keychain-refused`, `key-missing`, `wrong-key`.
    pub fn open(&mut self, host: &impl Host, typed: Option<&str>) -> Result<DatabaseKey> {
        if self.signed_out {
            return Err(signed_out());
        }
        let key = match self.wrapped.clone() {
            None => self.key_in_keychain(host)?,
            Some(wrapped) => self.try_typed(host, &wrapped, typed.unwrap_or_default())?,
        };
        if check_of(&key) == self.check {
            Ok(key)
        } else {
            Err(Error::new("wrong-key", "of another database"))
        }
    }

    fn key_in_keychain(&self, host: &impl Host) -> Result<DatabaseKey> {
        let key = in_keychain(host, &self.key_name())?.ok_or_else(key_missing)?;
        Ok(DatabaseKey(*key.expose()))
    }

    /// The secret for a new code. One that is there stays: the code that is changed may need it until the end.
    fn secret_for_code(&self, host: &impl Host) -> Result<Secret> {
        if let Some(secret) = in_keychain(host, &self.secret_name())? {
            return Ok(secret);
        }
        let secret = Secret::random(host);
        host.keychain_set(&self.secret_name(), secret.expose())?;
        Ok(secret)
    }

    /// What belongs to the code, where there is one.
    fn secret_beside(&self, host: &impl Host) -> Result<Option<Secret>> {
        if !self.with_keychain {
            return Ok(None);
        }
        in_keychain(host, &self.secret_name())?.ok_or_else(key_missing).map(Some)
    }

    /// The try is counted before it is made, so that killing the app does not make it free.
    fn try_typed(&mut self, host: &impl Host, wrapped: &str, typed: &str) -> Result<DatabaseKey> {
        if let Some(at) = self.wait(host) {
            return Err(Error::new("try-later", "too many wrong tries").retry_at(at));
        }
        let beside = self.secret_beside(host)?;
        self.tries = self.tries.saturating_add(1);
        self.start_waiting(host);
        let damaged = || Error::new("lock-damaged", "the wrapped key cannot be read");
        match wrap::unwrap(&hex::decode(wrapped).map_err(|_| damaged())?, typed, beside.as_ref()) {
            Ok(key) => {
                (self.tries, self.retry_at) = (0, 0);
                self.write_or_warn(host);
                Ok(DatabaseKey(*key.expose()))
            }
            Err(Refusal::WrongPassphrase) => {
                Err(Error::new("wrong-passphrase", self.tries).retry_at(self.retry_at))
            }
            Err(_) => Err(damaged()),
        }
    }

    /// Until when tries are refused, if they are. A clock that was put back starts the wait again.
    pub fn wait(&mut self, host: &impl Host) -> Option<Millis> {
        if self.tries == 0 {
            return None;
        }
        if host.now_ms() < self.tried_at {
            self.start_waiting(host);
        }
        (host.now_ms() < self.retry_at).then_some(self.retry_at)
    }

    /// 1 s after the first wrong try, twice as long after each further one.
    fn start_waiting(&mut self, host: &impl Host) {
        let doublings = self.tries.saturating_sub(1).min(20);
        self.tried_at = host.now_ms();
        self.retry_at = self.tried_at + (1000 << doublings).min(LONGEST_WAIT);
        self.write_or_warn(host);
    }

    /// A full disk must not lock the person out: Argon2id still makes guessing slow.
    fn write_or_warn(&self, host: &impl Host) {
        if let Err(e) = self.write(host) {
            tracing::warn!(code = e.code, "the count of tries was not kept");
        }
    }

    fn key_name(&self) -> String {
        format!("database-{}", self.install)
    }

    fn secret_name(&self) -> String {
        format!("code-{}", self.install)
    }
}

fn key_missing() -> Error {
    Error::new("key-missing", "not in the keychain")
}

/// Thirty-two bytes of that name. Errors: `keychain-refused`, `key-missing` (something else lies there).
fn in_keychain(host: &impl Host, name: &str) -> Result<Option<Secret>> {
    let bytes = host.keychain_get(name)?.map(Zeroizing::new);
    bytes.map(|bytes| Secret::from_slice(&bytes).map_err(|_| key_missing())).transpose()
}

fn check_of(key: &DatabaseKey) -> String {
    let tag = Sha256::new().chain_update(b"trellis/v1/key check").chain_update(key.0).finalize();
    hex::encode(tag)
}

/// What is here opens with the paper only.
pub(super) fn signed_out() -> Error {
    Error::new("signed-out", "another device signed this one out")
}
