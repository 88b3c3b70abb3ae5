//! Peers that neither send nor take are dropped, and nobody else notices.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use trellis_protocol::Cursor;
use trellis_protocol::wire::SyncRequest;

use crate::common::*;

/// Opens a connection with a small receive buffer, so that the other end soon has to wait.
async fn connect(device: &Device) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.connect(device.url.strip_prefix("http://").unwrap().parse().unwrap()).await.unwrap()
}

fn request(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /v1/sync HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn a_reader_that_takes_nothing_is_dropped_by_a_deadline() {
    let (relay, device) = relay(|config| config.stall_seconds = 1).await;
    let token = device.made(1).await;
    device.append(&token, (0..50u8).map(|n| vec![n; 65_000]).collect()).await;
    let body = minicbor::to_vec(SyncRequest {
        mailboxes: vec![mailbox(&token, Cursor::default(), vec![], 100)],
        max_bytes: None,
    });
    let whole = request(&body.unwrap());
    let mut stalled = Vec::new();
    for _ in 0..4 {
        let mut stream = connect(&device).await;
        // Many answers asked for at once: far more than the system's own buffers hold.
        for _ in 0..8 {
            stream.write_all(&whole).await.unwrap();
        }
        stalled.push(stream);
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(device.get("/healthz").await.status(), 200);
    for mut stream in stalled {
        let mut taken = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut taken))
            .await
            .expect("still open");
        assert!(taken.len() < 8 * 50 * 65_000, "everything was sent, nothing stalled");
    }
    relay.shutdown().await;
}

#[tokio::test]
async fn a_body_that_never_comes_is_answered() {
    let (_relay, device) = relay(|config| config.stall_seconds = 1).await;
    let mut stream = connect(&device).await;
    stream.write_all(&request(&[0xa1; 50])[..120]).await.unwrap();
    let start = Instant::now();
    let mut answer = vec![0; 4096];
    let len = stream.read(&mut answer).await.unwrap();
    assert!(answer[..len].starts_with(b"HTTP/1.1 408"));
    assert!(start.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn what_a_caller_stored_before_hanging_up_is_still_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("relay.db").to_str().unwrap().to_owned();
    let (_relay, device) = relay(|config| config.database = file).await;
    let token = device.made(1).await;
    let mut events = device.listen(&[(&token, 0)]).await;
    for n in 1..30u8 {
        let append = mailbox(&token, Cursor::default(), vec![vec![n; 500]], 0);
        let body = minicbor::to_vec(SyncRequest { mailboxes: vec![append], max_bytes: None }).unwrap();
        let mut stream = connect(&device).await;
        stream.write_all(&request(&body)).await.unwrap();
        tokio::time::sleep(Duration::from_micros(u64::from(n) * 40)).await;
        drop(stream);
        while device.all(&token).await.len() < n.into() {
            // A call that never began is made again.
            device.append(&token, vec![vec![n; 500]]).await;
        }
        let told = tokio::time::timeout(Duration::from_secs(2), events.notice()).await;
        assert_eq!(told.expect("stored, and nobody was told"), Some((token.mailbox().to_hex(), n.into())));
    }
}

#[tokio::test]
async fn connections_are_counted() {
    let (_relay, device) = relay(|config| config.max_connections = 1).await;
    let first = connect(&device).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let waiting = tokio::spawn({
        let device = device.clone();
        async move { device.get("/healthz").await.status().as_u16() }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!waiting.is_finished());
    drop(first);
    assert_eq!(tokio::time::timeout(Duration::from_secs(3), waiting).await.unwrap().unwrap(), 200);
}

/// Sends bytes at so many a second, a little at a time.
async fn drip(stream: &mut TcpStream, bytes: &[u8], a_second: usize) {
    for piece in bytes.chunks(a_second / 10) {
        stream.write_all(piece).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn a_body_that_comes_slowly_but_steadily_is_taken() {
    let (_relay, device) = relay(|config| config.stall_seconds = 1).await;
    let token = device.made(1).await;
    let append = mailbox(&token, Cursor::default(), vec![vec![1; 60_000]], 0);
    let body = minicbor::to_vec(SyncRequest { mailboxes: vec![append], max_bytes: None }).unwrap();
    let mut stream = connect(&device).await;
    // Twelve times as long as a peer may stall would be too slow; four times is not.
    drip(&mut stream, &request(&body), 15_000).await;
    let mut answer = vec![0; 4096];
    let len = stream.read(&mut answer).await.unwrap();
    assert!(answer[..len].starts_with(b"HTTP/1.1 200"));
    assert_eq!(device.all(&token).await.len(), 1);
}

#[tokio::test]
async fn a_trickle_is_ended() {
    let (_relay, device) = relay(|config| config.stall_seconds = 1).await;
    let mut stream = connect(&device).await;
    let whole = request(&[0xa1; 60_000]);
    let start = Instant::now();
    // Never silent for a second, and far below the least speed.
    let trickle = async {
        for piece in whole.chunks(300) {
            if stream.write_all(piece).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    };
    let _ended = tokio::time::timeout(Duration::from_secs(4), trickle).await;
    let mut answer = vec![0; 4096];
    let len = stream.read(&mut answer).await.unwrap_or(0);
    assert!(len == 0 || answer[..len].starts_with(b"HTTP/1.1 408"));
    assert!(start.elapsed() < Duration::from_secs(8));
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_dropped() {
    let (_relay, device) = relay(|config| config.stall_seconds = 1).await;
    let mut stream = connect(&device).await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(4), stream.read_to_end(&mut answer)).await;
    assert!(read.is_ok(), "it is still open");
}

#[tokio::test]
async fn a_household_has_so_many_connections_and_streams() {
    let (_relay, device) = relay(|config| {
        config.address_connections = 3;
        config.max_connections = 8;
    })
    .await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(connect(&device).await);
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut fourth = connect(&device).await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(3), fourth.read_to_end(&mut answer)).await;
    assert!(read.is_ok() && answer.is_empty(), "a fourth connection is closed at once");
    drop(held);
}

#[tokio::test]
async fn streams_leave_room_for_calls() {
    let (_relay, device) = relay(|config| config.max_connections = 8).await;
    let token = device.made(1).await;
    let mut streams = Vec::new();
    for _ in 0..6 {
        streams.push(device.listen(&[(&token, 0)]).await);
    }
    let body = minicbor::to_vec(trellis_protocol::wire::Listen { mailboxes: vec![] }).unwrap();
    let refused = device.call(reqwest::Method::POST, "/v1/events", body).await;
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(code(refused).await, (503, "unavailable".into()));
    assert_eq!(device.append(&token, vec![vec![1]]).await.len(), 1, "calls go on");
}

/// A reader names a few bytes as the most it takes: what comes is no more, but never nothing.
#[tokio::test]
async fn a_reader_on_a_poor_line_gets_small_pages() {
    let (_relay, device) = relay(|_| ()).await;
    let token = device.made(1).await;
    device.append(&token, (0..60u8).map(|n| vec![n; 10_000]).collect()).await;
    for (most, entries) in [(Some(100_000), 9), (Some(1), 6), (None, 60)] {
        let ask = mailbox(&token, Cursor::default(), vec![], 100);
        let body = minicbor::to_vec(SyncRequest { mailboxes: vec![ask], max_bytes: most }).unwrap();
        let answer = device.call(reqwest::Method::POST, "/v1/sync", body).await.bytes().await.unwrap();
        let answer: trellis_protocol::wire::SyncResponse = minicbor::decode(&answer).unwrap();
        assert_eq!(answer.mailboxes[0].envelopes.len(), entries);
        assert_eq!(answer.mailboxes[0].more, entries < 60);
    }
}
