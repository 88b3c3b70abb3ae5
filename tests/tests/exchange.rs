//! Cores against the real relay over HTTP, without a screen.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::cell::{Cell, RefCell};

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use trellis_api_types::app::{AppStart, Lock};
use trellis_api_types::devices::{PairingGet, PairingJoin, PairingLetIn, PairingOfferStart, PairingState};
use trellis_api_types::settings::{Language, Pathway, SettingsEdit, SettingsGet, SettingsSave};
use trellis_api_types::sync::{RelayChoice, RelaySave, SyncGet, SyncNow, SyncState};
use trellis_core::Result;
use trellis_core::app::App;
use trellis_core::native::{MemoryKeychain, Native};
use trellis_core::net::HttpTransport;
use trellis_core::sync::driver::{Door, run_until_idle, test_relay};
use trellis_core::sync::{Call, NetError, Next, Reply, Sent, Transport};

type Core = App<Native<MemoryKeychain>>;

/// A core in a folder of its own, that counts what it sends.
struct Device {
    app: RefCell<Core>,
    sent: Cell<usize>,
    _folder: TempDir,
}

impl Door for Device {
    fn next(&self) -> Result<Next> {
        let next = self.app.borrow_mut().exchange_next()?;
        if let Next::Call(sent) = &next
            && let Call::Sync(body) = &sent.call
        {
            self.sent.set(self.sent.get() + minicbor::to_vec(body).map_or(0, |body| body.len()));
        }
        Ok(next)
    }

    fn done(&self, sent: Sent, outcome: std::result::Result<Reply, NetError>) -> Result<()> {
        let mut app = self.app.borrow_mut();
        app.exchange_done(sent, outcome)?;
        app.exchange_news().map(drop)
    }

    fn woken(&self, outcome: std::result::Result<(), NetError>) {
        self.app.borrow_mut().exchange_woken(outcome).unwrap();
    }
}

impl Device {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let host = Native::new(folder.path(), MemoryKeychain::default()).unwrap();
        Self { app: RefCell::new(App::new(host, Language::En)), sent: Cell::new(0), _folder: folder }
    }

    fn started(relay: &str) -> Self {
        let device = Self::new();
        let start = AppStart {
            language: Language::En,
            name: "Ana".into(),
            lock: Lock::Keychain,
            recovery_start: None,
            pathway: Pathway::default(),
        };
        device.app.borrow_mut().app_start(start).unwrap();
        let relay = RelayChoice { address: relay.to_owned(), ..RelayChoice::default() };
        device.app.borrow_mut().relay_save(RelaySave { relay }).unwrap();
        device
    }

    async fn exchange(&self) {
        self.app.borrow_mut().sync_now(SyncNow {}).unwrap();
        run_until_idle(self, &HttpTransport::default()).await.unwrap();
    }

    fn rename(&self, name: &str) {
        let edit = SettingsEdit::Name(name.into());
        self.app.borrow_mut().settings_save(SettingsSave { edit }).unwrap();
    }

    fn name(&self) -> String {
        self.app.borrow_mut().settings_get(SettingsGet {}).unwrap().name
    }

    fn state(&self) -> SyncState {
        self.app.borrow_mut().sync_get(SyncGet {}).unwrap().state
    }

    fn pairing(&self) -> PairingState {
        self.app.borrow_mut().pairing_get(PairingGet {}).unwrap()
    }
}

async fn pair(first: &Device) -> Device {
    let offer = first.app.borrow_mut().pairing_offer(PairingOfferStart { proof: None }).unwrap();
    first.exchange().await;
    let second = Device::new();
    let join = PairingJoin {
        code: offer.words.join(" "),
        relay: Some(offer.relay),
        language: Language::En,
        lock: Lock::Keychain,
        device_name: "Phone".into(),
    };
    second.app.borrow_mut().pairing_join(join).unwrap();
    second.exchange().await;
    first.exchange().await;
    let PairingState::Joining { words } = second.pairing() else { panic!("{:?}", second.pairing()) };
    let PairingState::Asked { choices, .. } = first.pairing() else { panic!("{:?}", first.pairing()) };
    let choice = choices.iter().position(|set| *set == words).unwrap() as u8;
    first.app.borrow_mut().pairing_let_in(PairingLetIn { choice }).unwrap();
    first.exchange().await;
    second.exchange().await;
    assert_eq!(second.pairing(), PairingState::Done);
    second
}

#[tokio::test]
async fn two_cores_pair_and_show_the_same_through_a_real_relay() {
    let relay = sync_server::start(sync_server::Config::for_tests()).await.unwrap();
    let first = Device::started(&relay.url());
    let second = pair(&first).await;
    assert_eq!(second.name(), "Ana");
    second.rename("Anna");
    second.exchange().await;
    first.sent.set(0);
    first.exchange().await;
    assert_eq!(first.name(), "Anna");
    assert_eq!(first.state(), SyncState::Idle);
    second.sent.set(0);
    second.rename("Ana");
    second.exchange().await;
    assert!(second.sent.get() < 2_048, "{} bytes for one change", second.sent.get());
}

/// Answers every connection with the same bytes.
async fn always(answer: &'static [u8]) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            let mut heard = [0; 4096];
            let _read = line.read(&mut heard).await;
            let _written = line.write_all(answer).await;
        }
    });
    format!("http://{address}")
}

#[tokio::test]
async fn what_is_no_relay_is_named() {
    let answers: [(&'static [u8], &str); 5] = [
        (b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nhi", "not-a-relay"),
        (b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n", "not-a-relay"),
        (b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n", "relay-error"),
        (b"HTTP/1.1 429 Slow\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n", "rate-limited"),
        (
            b"HTTP/1.1 200 OK\r\ncontent-type: application/cbor\r\ncontent-length: 900\r\n\r\ncut",
            "relay-unreachable",
        ),
    ];
    for (answer, code) in answers {
        let relay = RelayChoice { address: always(answer).await, ..RelayChoice::default() };
        let tried = test_relay(&HttpTransport::default(), &relay).await;
        assert_eq!(tried.unwrap_err().code, code);
    }
    let nobody = RelayChoice { address: "http://127.0.0.1:1".into(), ..RelayChoice::default() };
    let called = HttpTransport::default().call(&nobody, &Call::Sync(Default::default())).await;
    assert_eq!(called, Err(NetError::Unreachable));
}
