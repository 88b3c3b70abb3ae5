//! Requests that are broken below the body: heads, lengths, chunks, endings. Each is answered or its connection ended in time,
//! and everybody else goes on.

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::common::*;
use crate::garbage::{bodies, valid};

/// How long a connection may go on: a stall, a heartbeat, and a slow machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// How many at once.
const MANY: usize = 100;
const METHODS: &str = "(GET|POST|PUT|HEAD|OPTIONS|TRACE|CONNECT|PATCH|BREW|)";
const PATHS: &str =
    "(/v1/sync|/v1/events|/metrics|http://elsewhere/v1/sync|\\*|elsewhere:443|/v1/sync\\?[a-z=&%]{0,20}|)";
const VERSIONS: &str = "(HTTP/1\\.0|HTTP/2\\.0|HTTP/9|)";
const LENGTHS: &str = "content-length: (-1|99999999999999999999|1e3|\\+5|0x10|)\r\n";
/// Lines that ask for something unusual.
const ODD: &str = "(expect: 100-continue|connection: upgrade\r\nupgrade: h2c|connection: close|te: trailers|range: bytes=0-)\r\n";

/// What becomes of the connection once all is sent.
#[derive(Clone, Copy, Debug)]
enum Ending {
    /// Nothing more is sent, and the line stays open.
    Silence,
    /// The sending half is closed, the answer awaited.
    HalfClosed,
    /// The line is dropped without a look at the answer.
    Dropped,
}

/// Method, path and body: most of them a call as it should be.
fn calls() -> impl Strategy<Value = (String, String, Vec<u8>)> {
    let id = token(1).mailbox();
    let [own, trim] = [path(id, ""), path(id, "/trim")];
    let paths = ["/v1/sync", "/v1/sync", "/v1/events", &own, &trim, &own, "/healthz", "/openapi.json"];
    let methods = ["POST", "POST", "POST", "PUT", "POST", "DELETE", "GET", "HEAD"];
    let calls = methods.into_iter().zip(paths).zip(valid().into_iter().chain([vec![], vec![]]));
    let calls: Vec<_> =
        calls.map(|((method, path), body)| (method.to_owned(), path.to_owned(), body)).collect();
    prop_oneof![5 => prop::sample::select(calls), 1 => (METHODS, PATHS, bodies())]
}

/// Lines of the head, up to floods of them, and of bytes that do not belong there.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => Just(Vec::new()),
        1 => ODD.prop_map(String::into_bytes),
        1 => (1usize..300, 1usize..400).prop_map(|(count, length)| flood(count, length)),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ]
}

fn flood(count: usize, length: usize) -> Vec<u8> {
    (0..count).flat_map(|n| format!("x-{n}: {}\r\n", "y".repeat(length)).into_bytes()).collect()
}

/// The end of the head and a body, whole or spoilt.
fn framed(body: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let (length, whole) = (body.len() as i64, body.clone());
    let chunks = chunked(&body);
    let spoilt =
        (any::<prop::sample::Index>(), any::<u8>(), chunked(&body)).prop_map(|(at, byte, mut body)| {
            let at = at.index(body.len());
            body[at] = byte;
            body
        });
    prop_oneof![
        4 => Just(close(&format!("content-length: {length}\r\n"), &whole)),
        1 => (-5i64..5000).prop_map({
            let body = body.clone();
            move |more| close(&format!("content-length: {}\r\n", length.saturating_add(more)), &body)
        }),
        1 => LENGTHS.prop_map(move |line| close(&line, &body)),
        2 => chunks.prop_map(move |body| close("transfer-encoding: chunked\r\n", &body)),
        2 => spoilt.prop_map(move |body| close("transfer-encoding: chunked\r\n", &body)),
        1 => Just(close(&format!("content-length: {length}\r\ntransfer-encoding: chunked\r\n"), &whole)),
    ]
}

fn close(line: &str, body: &[u8]) -> Vec<u8> {
    [line.as_bytes(), b"\r\n", body].concat()
}

/// In pieces of any size, with trailers, or with a size that is not what follows.
fn chunked(body: &[u8]) -> impl Strategy<Value = Vec<u8>> + use<> {
    let body = body.to_vec();
    (1usize..200, "(0\r\n\r\n|0\r\nx: y\r\n\r\n|ffffffffffffffff\r\n|-1\r\n|0;a=b\r\n\r\n|)").prop_map(
        move |(size, end)| {
            let chunk = |chunk: &[u8]| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
            let chunks: Vec<u8> = body.chunks(size).flat_map(chunk).collect();
            [&chunks[..], end.as_bytes(), b"\r\n"].concat()
        },
    )
}

fn requests() -> impl Strategy<Value = (Vec<u8>, Ending)> {
    let version = prop_oneof![9 => Just("HTTP/1.1".to_owned()), 1 => VERSIONS];
    let whole = (calls(), version, lines()).prop_flat_map(|((method, path, body), version, lines)| {
        let first = format!("{method} {path} {version}\r\nhost: relay\r\ncontent-type: application/cbor\r\n");
        framed(body).prop_map(move |rest| [first.as_bytes(), &lines, &rest].concat())
    });
    let after = prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(any::<u8>(), 0..100)];
    let ending =
        prop_oneof![3 => Just(Ending::HalfClosed), 1 => Just(Ending::Silence), 1 => Just(Ending::Dropped)];
    (whole, after, ending).prop_map(|(whole, after, ending)| ([whole, after].concat(), ending))
}

/// Sends it, and returns all that is answered; of an event stream, up to the first heartbeat.
async fn answer(url: &str, request: &[u8], ending: Ending) -> Vec<u8> {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    // The relay may have hung up already: then there is no more to send.
    let _ = stream.write_all(request).await;
    match ending {
        Ending::Dropped => return Vec::new(),
        Ending::HalfClosed => drop(stream.shutdown().await),
        Ending::Silence => {}
    }
    let mut answer = Vec::new();
    while !answer.windows(6).any(|six| six == b": beat") {
        if stream.read_buf(&mut answer).await.unwrap_or(0) == 0 {
            break;
        }
    }
    answer
}

/// Nothing, or a status that is no fault of the relay; a refusal says why, unless it was no HTTP to begin with.
fn check(answer: &[u8]) {
    let text = String::from_utf8_lossy(answer);
    if text.is_empty() {
        return;
    }
    let status = text.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5)).expect("no status");
    assert!(matches!(status.as_bytes()[0], b'1' | b'2' | b'4'), "{text}");
    if status.starts_with('4') {
        assert!(text.contains("application/problem+json") || text.contains("content-length: 0"), "{text}");
    }
}

#[test]
fn a_spoilt_request_is_answered_or_ended_in_time() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_relay, device) = runtime.block_on(relay(|config| {
        config.max_body = 4096;
        config.stall_seconds = 1;
        config.heartbeat_seconds = 1;
        // A stream that stayed open after its line went would soon leave no place for others.
        config.address_streams = MANY + 20;
    }));
    let kept = vec![vec![9; 80], vec![8; 80]];
    runtime.block_on(async {
        device.made(1).await;
        device.made(200).await;
        device.append(&token(200), kept.clone()).await;
    });
    let all = async |requests: Vec<(Vec<u8>, Ending)>| {
        let begin = |(request, ending): (Vec<u8>, Ending)| {
            let url = device.url.clone();
            tokio::spawn(async move { answer(&url, &request, ending).await })
        };
        let tasks: Vec<_> = requests.into_iter().map(begin).collect();
        for task in tasks {
            check(&tokio::time::timeout(PATIENCE, task).await.expect("it hangs").unwrap());
        }
    };
    let config = Config { cases: 6, failure_persistence: None, max_shrink_iters: 20, ..Config::default() };
    let outcome = TestRunner::new(config).run(&prop::collection::vec(requests(), MANY), |requests| {
        runtime.block_on(all(requests));
        Ok(())
    });
    outcome.unwrap();
    runtime.block_on(async {
        device.listen(&[(&token(200), 9)]).await;
        assert_eq!(device.all(&token(200)).await, kept);
    });
}
