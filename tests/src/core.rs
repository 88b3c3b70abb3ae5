//! A core in a folder of its own, exchanging over HTTP, without a screen.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use tempfile::TempDir;
use trellis_api_types::Millis;
use trellis_api_types::app::{AppStart, AppUnlock, Lock};
use trellis_api_types::devices::{
    PairingGet, PairingJoin, PairingLetIn, PairingOfferStart, PairingState, PhraseCheck, PhraseConfirm,
    PhraseShow,
};
use trellis_api_types::settings::{Language, Pathway, SettingsEdit, SettingsGet, SettingsSave};
use trellis_api_types::sync::{RelayChoice, RelaySave, SyncGet, SyncLine, SyncNow};
use trellis_core::Result;
use trellis_core::app::App;
use trellis_core::net::HttpTransport;
use trellis_core::platform::Clock;
use trellis_core::sync::driver::{Door, Rest, run, run_until_idle};
use trellis_core::sync::{Next, Sent};
use trellis_core::transport::{Call, NetError, Reply, Transport};
use trellis_protocol::wire::Listen;

use crate::keychain::{FolderKeychain, Host};

/// The app as the shell holds it, but without a window.
pub type CoreApp = App<Host>;

/// One device. It counts what goes over its line.
pub struct Core {
    /// The app.
    pub app: RefCell<CoreApp>,
    /// What went over the line.
    pub traffic: Cell<Traffic>,
    transport: HttpTransport,
    folder: PathBuf,
    _made_for_this: Option<TempDir>,
}

/// What went over a line since it was last looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Traffic {
    /// Calls that were made.
    pub calls: u64,
    /// Bytes in the bodies of requests to exchange.
    pub request_bodies: u64,
    /// Bytes in the bodies of their answers.
    pub response_bodies: u64,
    /// Event streams that were asked for.
    pub streams: u64,
}

impl Core {
    /// A device that knows nothing yet, and trusts these DER certificates besides the system's.
    pub fn new(roots: Vec<Vec<u8>>) -> anyhow::Result<Self> {
        let folder = TempDir::new()?;
        let device = Self::on(folder.path(), roots)?;
        Ok(Self { _made_for_this: Some(folder), ..device })
    }

    /// The device that is in a folder already, unlocked.
    pub fn reopened(folder: &Path) -> anyhow::Result<Self> {
        let device = Self::on(folder, Vec::new())?;
        device.app.borrow_mut().app_unlock(AppUnlock { passphrase: None })?;
        Ok(device)
    }

    /// A device in this folder: its data, and beside it what the system's keychain would hold.
    pub fn on(folder: &Path, roots: Vec<Vec<u8>>) -> anyhow::Result<Self> {
        let (data, keys) = (folder.join("data"), folder.join("keys"));
        std::fs::create_dir_all(&keys)?;
        let host = Host::new(&data, FolderKeychain(keys))?;
        let app = RefCell::new(App::new(host, Language::En));
        let transport = HttpTransport::trusting(roots);
        Ok(Self { app, traffic: Cell::default(), transport, folder: data, _made_for_this: None })
    }

    /// A first device whose person is called Ana, with a relay chosen.
    pub fn started(relay: RelayChoice, roots: Vec<Vec<u8>>) -> anyhow::Result<Self> {
        Self::new(roots)?.start(relay)
    }

    /// Goes through the first start.
    pub fn start(self, relay: RelayChoice) -> anyhow::Result<Self> {
        let device = self;
        let (language, lock, pathway) = (Language::En, Lock::Keychain, Pathway::default());
        let start =
            AppStart { language, name: "Ana".into(), lock, recovery_start: None, aims: Vec::new(), pathway };
        device.app.borrow_mut().app_start(start)?;
        device.app.borrow_mut().relay_save(RelaySave { relay })?;
        Ok(device)
    }

    /// Lets another device in, as two people side by side would.
    pub async fn pair(&self) -> anyhow::Result<Self> {
        let offer = self.app.borrow_mut().pairing_offer(PairingOfferStart { proof: None })?;
        self.exchange().await?;
        let (second, lock) = (Self::new(Vec::new())?, Lock::Keychain);
        let (code, relay) = (offer.words.join(" "), Some(offer.relay));
        let join = PairingJoin { code, relay, language: Language::En, lock, device_name: "Phone".into() };
        second.app.borrow_mut().pairing_join(join)?;
        second.exchange().await?;
        self.exchange().await?;
        self.let_in(&second).await?;
        second.exchange().await?;
        let PairingState::Done = second.pairing()? else { bail!("not let in: {:?}", second.pairing()) };
        Ok(second)
    }

    async fn let_in(&self, second: &Self) -> anyhow::Result<()> {
        let PairingState::Joining { words } = second.pairing()? else { bail!("not asking") };
        let PairingState::Asked { choices, .. } = self.pairing()? else { bail!("not asked") };
        let choice = choices.iter().position(|set| *set == words).context("the right words are missing")?;
        self.app.borrow_mut().pairing_let_in(PairingLetIn { choice: u8::try_from(choice)? })?;
        self.exchange().await
    }

    /// Writes the 24 words down and passes the check; returns them.
    pub fn confirm_paper(&self) -> anyhow::Result<Vec<String>> {
        let mut app = self.app.borrow_mut();
        let words = app.phrase_show(PhraseShow { proof: None })?;
        let word = |at: u8| Some((at, words.get(usize::from(at).checked_sub(1)?)?.clone()));
        let typed = app.phrase_check(PhraseCheck {})?.into_iter().filter_map(word).collect();
        app.phrase_confirm(PhraseConfirm { words: typed })?;
        Ok(words)
    }

    /// Exchanges until there is nothing more to do.
    pub async fn exchange(&self) -> anyhow::Result<()> {
        if self.app.borrow().is_open() {
            self.app.borrow_mut().sync_now(SyncNow {})?;
        }
        run_until_idle(self, self).await?;
        Ok(())
    }

    /// Exchanges for as long as this is polled, woken by the relay alone or by the time the engine names.
    pub async fn stay(&self) {
        run(self, self, self).await;
    }

    /// Changes what the person is called: the smallest thing that is exchanged.
    pub fn rename(&self, name: &str) -> Result<()> {
        let edit = SettingsEdit::Name(name.into());
        self.app.borrow_mut().settings_save(SettingsSave { edit }).map(drop)
    }

    /// What the person is called here.
    pub fn name(&self) -> Result<String> {
        Ok(self.app.borrow_mut().settings_get(SettingsGet {})?.name)
    }

    /// The sync line.
    pub fn line(&self) -> Result<SyncLine> {
        self.app.borrow_mut().sync_get(SyncGet {})
    }

    /// Where pairing stands.
    pub fn pairing(&self) -> Result<PairingState> {
        self.app.borrow_mut().pairing_get(PairingGet {})
    }

    /// Where it stores.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn count(&self, change: impl FnOnce(&mut Traffic)) {
        let mut traffic = self.traffic.get();
        change(&mut traffic);
        self.traffic.set(traffic);
    }
}

impl Door for Core {
    fn next(&self) -> Result<Next> {
        self.app.borrow_mut().exchange_next()
    }

    fn done(&self, sent: Sent, outcome: std::result::Result<Reply, NetError>) -> Result<()> {
        let mut app = self.app.borrow_mut();
        app.exchange_done(sent, outcome)?;
        app.exchange_news().map(drop)
    }

    fn woken(&self, outcome: std::result::Result<(), NetError>) {
        // While locked there is nothing to be woken.
        let _told = self.app.borrow_mut().exchange_woken(outcome);
    }
}

impl Transport for Core {
    async fn call(&self, relay: &RelayChoice, call: &Call) -> std::result::Result<Reply, NetError> {
        let answer = self.transport.call(relay, call).await;
        self.count(|traffic| {
            traffic.calls += 1;
            traffic.request_bodies += if let Call::Sync(body) = call { size(body) } else { 0 };
            traffic.response_bodies += if let Ok(Reply::Sync(body)) = &answer { size(body) } else { 0 };
        });
        answer
    }

    async fn wake(&self, relay: &RelayChoice, listen: &Listen) -> std::result::Result<(), NetError> {
        self.count(|traffic| traffic.streams += 1);
        self.transport.wake(relay, listen).await
    }
}

impl Rest for Core {
    async fn rest(&self, until: Option<Millis>) {
        let Some(until) = until else { return std::future::pending().await };
        let wait = until - self.app.borrow().host().now_ms();
        tokio::time::sleep(Duration::from_millis(u64::try_from(wait).unwrap_or(0))).await;
    }
}

fn size(body: &impl minicbor::Encode<()>) -> u64 {
    minicbor::to_vec(body).map_or(0, |bytes| bytes.len() as u64)
}
