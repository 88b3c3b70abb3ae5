//! Cores against the real relay over HTTP, without a screen.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::net::SocketAddr;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, sleep};
use trellis_api_types::app::{AppStatus, AppUnlock, Phase};
use trellis_api_types::devices::{DeviceSignOut, DevicesGet};
use trellis_api_types::sync::{RelayChoice, SyncState};
use trellis_core::net::HttpTransport;
use trellis_core::sync::driver::test_relay;
use trellis_core::transport::{Call, NetError, Transport};
use trellis_protocol::wire::{CreateMailbox, Listen, ListenMailbox, MailboxSync, SyncRequest};
use trellis_protocol::{Cursor, EnvelopeId, Token};
use trellis_tests::Core;
use trellis_tests::bytes::one_checkin;
use trellis_tests::front::{Front, certificate};
use trellis_tests::proxy::Proxy;
use trellis_tests::socks::Socks;

fn at(address: String) -> RelayChoice {
    RelayChoice { address, ..RelayChoice::default() }
}

#[tokio::test]
async fn two_cores_pair_and_show_the_same_through_a_real_relay() {
    let relay = sync_server::start(sync_server::Config::for_tests()).await.unwrap();
    let first = Core::started(at(relay.url()), Vec::new()).unwrap();
    let second = first.pair().await.unwrap();
    assert_eq!(second.name().unwrap(), "Ana");
    second.rename("Anna").unwrap();
    second.exchange().await.unwrap();
    first.exchange().await.unwrap();
    assert_eq!(first.name().unwrap(), "Anna");
    assert_eq!(first.line().unwrap().state, SyncState::Idle);
}

#[tokio::test]
async fn one_checkin_is_small_on_the_wire() {
    let bytes = one_checkin().await.unwrap();
    assert!(bytes.sender.request_bodies < 2_048, "{bytes:?}");
    assert!(bytes.sender.to_relay > bytes.sender.request_bodies, "{bytes:?}");
    assert!(bytes.receiver.response_bodies > 512 && bytes.receiver.from_relay < 4_096, "{bytes:?}");
}

#[tokio::test]
async fn nothing_is_sent_to_a_relay_with_a_wrong_certificate() {
    let relay = sync_server::start(sync_server::Config::for_tests()).await.unwrap();
    let front = Front::before(relay.addr()).await.unwrap();
    let good = certificate(|_| ()).unwrap();
    front.show(&good).unwrap();
    let device = Core::started(at(front.https()), vec![good.cert.der().to_vec()]).unwrap();
    device.exchange().await.unwrap();
    assert_eq!(device.line().unwrap().only_here, 0);

    let in_days = |days: i64| (chrono::Utc::now() + chrono::Duration::days(days)).timestamp();
    let time = |days| rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(in_days(days) as u64);
    let foreign = certificate(|_| ()).unwrap();
    let elsewhere = certificate(|it| it.subject_alt_names.clear()).unwrap();
    let over = certificate(|it| it.not_after = time(-1)).unwrap();
    let to_come = certificate(|it| it.not_before = time(1)).unwrap();
    for (shown, trusted, code) in [
        (&foreign, &good, "relay-certificate"),
        (&elsewhere, &elsewhere, "relay-certificate"),
        (&over, &over, "relay-certificate"),
        (&to_come, &to_come, "clock-wrong"),
    ] {
        front.show(shown).unwrap();
        let transport = HttpTransport::trusting(vec![trusted.cert.der().to_vec()]);
        assert_eq!(test_relay(&transport, &at(front.https())).await.unwrap_err().code, code);
    }

    front.show(&foreign).unwrap();
    front.take();
    device.rename("Anna").unwrap();
    device.exchange().await.unwrap();
    let line = device.line().unwrap();
    assert!(matches!(&line.state, SyncState::Failed { code, .. } if code == "relay-certificate"), "{line:?}");
    assert_eq!((device.name().unwrap().as_str(), line.only_here), ("Anna", 1));
    assert_eq!(front.take(), (0, 0), "something was sent");

    front.show(&good).unwrap();
    device.exchange().await.unwrap();
    assert_eq!((device.line().unwrap().state, device.line().unwrap().only_here), (SyncState::Idle, 0));
}

#[tokio::test]
async fn with_a_proxy_nothing_goes_around_it() {
    let relay = sync_server::start(sync_server::Config::for_tests()).await.unwrap();
    let front = Front::before(relay.addr()).await.unwrap();
    let name = rcgen::string::Ia5String::try_from("relay.test").unwrap();
    let shown = certificate(|it| it.subject_alt_names = vec![rcgen::SanType::DnsName(name)]).unwrap();
    let socks = Socks::to(front.at()).await.unwrap();
    // Nobody but the proxy could know where this name leads.
    let address = "https://relay.test:4433".to_owned();
    let through = RelayChoice { address, socks_proxy: socks.address(), ..RelayChoice::default() };
    front.show(&shown).unwrap();
    let device = Core::started(through, vec![shown.cert.der().to_vec()]).unwrap();
    device.exchange().await.unwrap();
    assert_eq!((device.line().unwrap().state, device.line().unwrap().only_here), (SyncState::Idle, 0));
    let wanted = socks.wanted();
    assert!(!wanted.is_empty() && wanted.iter().all(|to| to == "relay.test:4433"), "{wanted:?}");

    let plain = Front::before(relay.addr()).await.unwrap();
    let gone = socks.address();
    drop(socks);
    let around = RelayChoice { address: plain.http(), socks_proxy: gone, ..RelayChoice::default() };
    let tried = test_relay(&HttpTransport::default(), &around).await;
    assert_eq!(tried.unwrap_err().code, "relay-unreachable");
    assert_eq!(plain.take(), (0, 0), "something went around the proxy");
}

/// Waits until `is` holds; panics with `what` after ten seconds.
async fn soon(what: &str, mut is: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(10);
    while !is() {
        assert!(Instant::now() < end, "not in time: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

async fn relay_in(folder: &TempDir, listen: SocketAddr) -> sync_server::Running {
    let database = folder.path().join("relay.db").to_str().unwrap().to_owned();
    let config = sync_server::Config { listen, database, ..sync_server::Config::for_tests() };
    sync_server::start(config).await.unwrap()
}

#[tokio::test]
async fn a_resting_device_is_woken_also_after_the_relay_was_away() {
    let folder = TempDir::new().unwrap();
    let relay = relay_in(&folder, ([127, 0, 0, 1], 0).into()).await;
    let address = relay.addr();
    let first = Core::started(at(relay.url()), Vec::new()).unwrap();
    let second = first.pair().await.unwrap();
    let told = async {
        for device in [&first, &second, &first] {
            device.exchange().await.unwrap();
        }
        soon("the first line", || second.traffic.get().streams > 0).await;
        sleep(Duration::from_millis(300)).await;
        first.rename("Anna").unwrap();
        first.exchange().await.unwrap();
        soon("the first change", || second.name().unwrap() == "Anna").await;

        let before = second.traffic.get().streams;
        relay.shutdown().await;
        let _relay = relay_in(&folder, address).await;
        soon("the next line", || second.traffic.get().streams > before).await;
        sleep(Duration::from_secs(1)).await;
        first.rename("Anne").unwrap();
        first.exchange().await.unwrap();
        soon("the next change", || second.name().unwrap() == "Anne").await;
    };
    tokio::select! {
        () = second.stay() => unreachable!(),
        () = told => {}
    }
}

/// Event streams that a relay has seen opened, by its own count.
async fn streams_opened(relay: &sync_server::Running) -> u64 {
    let mut line = tokio::net::TcpStream::connect(relay.metrics_addr().unwrap()).await.unwrap();
    line.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut text = String::new();
    line.read_to_string(&mut text).await.unwrap();
    let count = text.lines().find_map(|line| line.strip_prefix("trellis_relay_event_streams_opened_total "));
    count.unwrap().trim().parse().unwrap()
}

#[tokio::test]
async fn a_device_hears_of_many_changes_on_one_line() {
    let metrics_listen = Some(([127, 0, 0, 1], 0).into());
    let config = sync_server::Config { metrics_listen, ..sync_server::Config::for_tests() };
    let relay = sync_server::start(config).await.unwrap();
    let first = Core::started(at(relay.url()), Vec::new()).unwrap();
    let second = first.pair().await.unwrap();
    let told = async {
        for device in [&first, &second, &first] {
            device.exchange().await.unwrap();
        }
        soon("the line", || second.traffic.get().streams > 0).await;
        sleep(Duration::from_millis(300)).await;
        let before = streams_opened(&relay).await;
        for name in ["Anna", "Anne", "Annie", "Ana"] {
            first.rename(name).unwrap();
            first.exchange().await.unwrap();
            soon("the change", || second.name().unwrap() == name).await;
        }
        assert_eq!(streams_opened(&relay).await, before, "a new line for each notice");
    };
    tokio::select! {
        () = second.stay() => unreachable!(),
        () = told => {}
    }
}

#[tokio::test]
async fn all_of_a_device_goes_over_one_connection_of_a_proxy() {
    let relay = sync_server::start(sync_server::Config::for_tests()).await.unwrap();
    let shown = certificate(|_| ()).unwrap();
    let proxy = Proxy::before(relay.addr(), &shown).await.unwrap();
    let device = Core::started(at(proxy.https()), vec![shown.cert.der().to_vec()]).unwrap();
    for name in ["Anna", "Anne", "Annie"] {
        device.rename(name).unwrap();
        device.exchange().await.unwrap();
        assert_eq!(device.line().unwrap().only_here, 0);
    }
    tokio::select! {
        () = device.stay() => unreachable!(),
        () = soon("the line", || device.traffic.get().streams > 0) => {}
    }
    assert!(device.traffic.get().calls > 3);
    assert_eq!(proxy.connections(), 1, "calls and notices share it");
}

/// A coach follows many people: however many mailboxes there are, something new in any of them is heard at once.
#[tokio::test]
async fn two_thousand_mailboxes_are_heard_live() {
    let relay = sync_server::start(sync_server::Config::for_tests()).await.unwrap();
    let (here, transport) = (at(relay.url()), HttpTransport::default());
    let tokens: Vec<Token> = (0..2_000u32).map(|n| Token(EnvelopeId::of(&n.to_be_bytes()).0)).collect();
    for token in &tokens {
        let make = CreateMailbox { owner: [1; 32], creation_token: None };
        transport.call(&here, &Call::Create(token.mailbox(), make)).await.unwrap();
    }
    let mailboxes = tokens.iter().map(|token| ListenMailbox { token: token.clone(), after: 0 }).collect();
    let listen = Listen { mailboxes };
    // Nothing is news until something comes, in the first one as in the last.
    let nothing = tokio::time::timeout(Duration::from_millis(500), transport.wake(&here, &listen)).await;
    assert!(nothing.is_err());
    for token in [&tokens[0], &tokens[1_999]] {
        let append = vec![vec![7; 600].into()];
        let one =
            MailboxSync { token: token.clone(), cursor: Cursor::default(), append, max: 0, ids_only: false };
        let call = Call::Sync(SyncRequest { mailboxes: vec![one], max_bytes: None });
        transport.call(&here, &call).await.unwrap();
        let heard = tokio::time::timeout(Duration::from_secs(10), transport.wake(&here, &listen)).await;
        assert_eq!(heard, Ok(Ok(())));
    }
}

#[tokio::test]
async fn a_device_that_is_signed_out_seals_itself_and_stops() {
    let relay = sync_server::start(sync_server::Config::for_tests()).await.unwrap();
    let first = Core::started(at(relay.url()), Vec::new()).unwrap();
    let second = first.pair().await.unwrap();
    let words = first.confirm_paper().unwrap();
    for device in [&first, &second, &first] {
        device.exchange().await.unwrap();
    }
    let devices = first.app.borrow_mut().devices_get(DevicesGet {}).unwrap();
    let id = devices.iter().find(|device| !device.this).unwrap().id.clone();
    first.app.borrow_mut().device_sign_out(DeviceSignOut { id, proof: None }).unwrap();
    first.exchange().await.unwrap();
    second.exchange().await.unwrap();

    let phase = second.app.borrow_mut().app_status(AppStatus {}).unwrap().phase;
    assert!(matches!(&phase, Phase::Broken(problem) if problem.code == "signed-out"), "{phase:?}");
    second.app.borrow_mut().app_unlock(AppUnlock { passphrase: Some(words.join(" ")) }).unwrap();
    assert_eq!(second.name().unwrap(), "Ana");
    let state = second.line().unwrap().state;
    assert!(matches!(&state, SyncState::Failed { code, .. } if code == "signed-out"), "{state:?}");
    let before = second.traffic.get().calls;
    second.rename("Anna").unwrap();
    second.exchange().await.unwrap();
    assert_eq!(second.traffic.get().calls, before, "it still talks to the relay");
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
        let tried = test_relay(&HttpTransport::default(), &at(always(answer).await)).await;
        assert_eq!(tried.unwrap_err().code, code);
    }
    let nobody = at("http://127.0.0.1:1".into());
    let called = HttpTransport::default().call(&nobody, &Call::Sync(Default::default())).await;
    assert_eq!(called, Err(NetError::Unreachable));
}
