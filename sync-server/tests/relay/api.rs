//! The calls over HTTP, as a device sees them.

use std::time::Duration;

use crate::common::*;
use reqwest::{Method, StatusCode};
use sync_server::config::Creation;
use trellis_protocol::wire::{Appended, Listen, MailboxStatus};
use trellis_protocol::{Cursor, EnvelopeId, Token};

fn refused(code: &str) -> Appended {
    Appended::Refused(code.to_owned())
}

#[tokio::test]
async fn what_one_device_appends_another_reads() {
    let (_relay, device) = relay(|_| ()).await;
    let token = device.made(1).await;
    let sent = vec![vec![1; 600], vec![2; 600]];
    assert_eq!(device.append(&token, sent.clone()).await, [Appended::Stored(1), Appended::Stored(2)]);
    let result = device.sync(mailbox(&token, Cursor::default(), vec![vec![3; 600]], 10)).await;
    assert_eq!((result.status, result.more), (MailboxStatus::Ok, false));
    let got: Vec<_> = result.envelopes.iter().map(|stored| stored.envelope.to_vec()).collect();
    assert_eq!(got, [&sent[..], &[vec![3; 600]]].concat());
    let expected = got.iter().fold(Cursor::default(), |cursor, bytes| cursor.then(EnvelopeId::of(bytes)));
    assert_eq!((result.head, result.at), (expected, expected));
}

#[tokio::test]
async fn a_strange_history_is_answered_with_resync_and_ids_on_request() {
    let (_relay, device) = relay(|_| ()).await;
    let token = device.made(1).await;
    device.append(&token, vec![vec![1; 600]]).await;
    let strange = Cursor { seq: 1, hash: [4; 32] };
    let result = device.sync(mailbox(&token, strange, vec![], 10)).await;
    assert_eq!((result.status, result.envelopes.len()), (MailboxStatus::Resync, 0));
    let mut listing = mailbox(&token, Cursor::default(), vec![], 10);
    listing.ids_only = true;
    let result = device.sync(listing).await;
    assert_eq!(result.ids[0].id, EnvelopeId::of(&[1; 600]));
    assert!(result.envelopes.is_empty());
}

#[tokio::test]
async fn unknown_tokens_learn_nothing_and_stop_nobody() {
    let (_relay, device) = relay(|_| ()).await;
    let mine = device.made(1).await;
    let both = vec![
        mailbox(&token(2), Cursor::default(), vec![vec![1; 9]], 5),
        mailbox(&mine, Cursor::default(), vec![vec![1; 9]], 5),
    ];
    let results = device.sync_many(both).await;
    assert_eq!(
        (results[0].status, &results[0].appended[..]),
        (MailboxStatus::Missing, &[refused("not-found")][..])
    );
    assert_eq!(results[1].appended, [Appended::Stored(1)]);
}

#[tokio::test]
async fn bad_envelopes_are_named_one_by_one() {
    let (_relay, device) = relay(|config| {
        config.max_envelope = 100;
        config.mailbox_envelopes = 2;
    })
    .await;
    let token = device.made(1).await;
    let sent = vec![vec![1; 100], vec![2; 101], vec![], vec![3; 10], vec![4; 10], vec![1; 100]];
    let verdicts = device.append(&token, sent).await;
    let expected = [
        Appended::Stored(1),
        refused("envelope-too-large"),
        refused("malformed"),
        Appended::Stored(2),
        refused("mailbox-full"),
        Appended::Stored(1),
    ];
    assert_eq!(verdicts, expected);
    assert_eq!(device.all(&token).await, [vec![1; 100], vec![3; 10]]);
}

#[tokio::test]
async fn only_the_owner_trims_and_deletes() {
    let (_relay, device) = relay(|_| ()).await;
    let token = device.made(1).await;
    device.append(&token, vec![vec![1; 9], vec![2; 9], vec![3; 9]]).await;
    assert_eq!(code(device.trim(&token, token.clone(), 3).await).await, (403, "forbidden".into()));
    assert_eq!(code(device.delete(&token, token.clone()).await).await, (403, "forbidden".into()));
    assert_eq!(device.trim(&token, owner_token(1), 2).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(device.all(&token).await, [vec![3; 9]]);
    assert_eq!(device.delete(&token, owner_token(1)).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(code(device.delete(&token, owner_token(1)).await).await, (404, "not-found".into()));
}

#[tokio::test]
async fn creation_follows_the_operators_policy() {
    let (_relay, device) = relay(|config| config.creation = Creation::Closed).await;
    assert_eq!(
        code(device.create(&token(1), &owner_token(1), Some("x")).await).await,
        (403, "creation-closed".into())
    );
    let (_relay, device) = relay(|config| config.creation = Creation::Token).await;
    assert_eq!(
        code(device.create(&token(1), &owner_token(1), None).await).await,
        (403, "creation-closed".into())
    );
    let (_relay, device) = relay(|_| ()).await;
    device.made(1).await;
    assert_eq!(device.create(&token(1), &owner_token(1), None).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(code(device.create(&token(1), &owner_token(2), None).await).await, (409, "conflict".into()));
}

#[tokio::test]
async fn wrong_paths_methods_and_bodies_have_codes() {
    let (_relay, device) = relay(|config| config.max_body = 1000).await;
    let call = |method, path: &'static str, body| device.call(method, path, body);
    assert_eq!(code(call(Method::GET, "/v1/nothing", vec![]).await).await, (404, "not-found".into()));
    assert_eq!(code(call(Method::GET, "/v1/sync", vec![]).await).await, (405, "method-not-allowed".into()));
    assert_eq!(code(call(Method::POST, "/v1/sync", vec![0xff]).await).await, (400, "malformed".into()));
    assert_eq!(
        code(call(Method::POST, "/v1/sync", vec![0xa1, 0, 0x80, 0]).await).await,
        (400, "malformed".into())
    );
    assert_eq!(code(call(Method::POST, "/v1/sync", vec![0; 2000]).await).await, (413, "too-large".into()));
    assert_eq!(code(call(Method::PUT, "/v1/mailboxes/AB", vec![]).await).await, (400, "malformed".into()));
    let html =
        device.http.post(format!("{}/v1/sync", device.url)).header("content-type", "text/html").body("hi");
    assert_eq!(code(html.send().await.unwrap()).await, (415, "unsupported-media".into()));
}

#[tokio::test]
async fn too_much_in_one_call_is_refused() {
    let (_relay, device) = relay(|_| ()).await;
    let many = vec![mailbox(&token(1), Cursor::default(), vec![], 0); 257];
    assert_eq!(code(device.try_sync(many).await).await, (413, "too-large".into()));
    let many = vec![mailbox(&token(1), Cursor::default(), vec![vec![1]; 8193], 0)];
    assert_eq!(code(device.try_sync(many).await).await, (413, "too-large".into()));
    // Each of them would take twenty-four bytes of memory, for one that is sent.
    let millions = vec![mailbox(&token(1), Cursor::default(), vec![vec![]; 4_000_000], 0)];
    assert_eq!(code(device.try_sync(millions).await).await, (413, "too-large".into()));
}

#[tokio::test]
async fn an_answer_stays_under_the_body_limit_and_pages() {
    let (_relay, device) = relay(|_| ()).await;
    let token = device.made(1).await;
    let sent: Vec<Vec<u8>> = (0..100u8).map(|n| vec![n; 65_000]).collect();
    for some in sent.chunks(50) {
        device.append(&token, some.to_vec()).await;
    }
    let response = device.try_sync(vec![mailbox(&token, Cursor::default(), vec![], 2048); 3]).await;
    assert!(response.bytes().await.unwrap().len() <= trellis_protocol::limits::MAX_BODY);
    assert_eq!(device.all(&token).await, sent);
}

#[tokio::test]
async fn notices_come_live_late_and_only_for_what_was_asked() {
    let (_relay, device) = relay(|_| ()).await;
    let (one, two, other) = (device.made(1).await, device.made(2).await, device.made(3).await);
    device.append(&one, vec![vec![1], vec![2]]).await;
    let mut events = device.listen(&[(&one, 1), (&two, 0)]).await;
    assert_eq!(events.response.headers()["x-accel-buffering"], "no");
    assert_eq!(events.response.headers()["content-type"], "text/event-stream");
    assert_eq!(events.notice().await, Some((one.mailbox().to_hex(), 2)));
    device.append(&other, vec![vec![1]]).await;
    device.append(&two, vec![vec![1]]).await;
    assert_eq!(events.notice().await, Some((two.mailbox().to_hex(), 1)));
    let mut seen = device.listen(&[(&one, 2)]).await;
    device.append(&one, vec![vec![1]]).await;
    device.append(&one, vec![vec![3]]).await;
    assert_eq!(seen.notice().await, Some((one.mailbox().to_hex(), 3)));
}

#[tokio::test]
async fn an_address_opens_only_so_many_streams_and_closing_one_makes_room() {
    let (_relay, device) = relay(|config| config.address_streams = 2).await;
    let token = device.made(1).await;
    let body = || minicbor::to_vec(Listen { mailboxes: vec![] }).unwrap();
    let (first, _second) = (device.listen(&[(&token, 0)]).await, device.listen(&[(&token, 0)]).await);
    let third = device.call(Method::POST, "/v1/events", body()).await;
    assert_eq!(code(third).await, (429, "rate-limited".into()));
    drop(first);
    for _ in 0..50 {
        if device.call(Method::POST, "/v1/events", body()).await.status() == StatusCode::OK {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("a stream that ended still counts");
}

#[tokio::test]
async fn an_idle_stream_beats() {
    let (_relay, device) = relay(|config| config.heartbeat_seconds = 1).await;
    let token = device.made(1).await;
    let mut events = device.listen(&[(&token, 0)]).await;
    let beat = tokio::time::timeout(Duration::from_secs(3), events.next()).await.unwrap();
    assert_eq!(beat.as_deref(), Some(": beat"));
}

#[tokio::test]
async fn rates_are_limited_with_a_time_to_come_back() {
    let (_relay, device) = relay(|config| {
        config.address_rate = 1;
        config.address_burst = 5;
    })
    .await;
    let mut last = None;
    for _ in 0..4 {
        last = Some(device.try_sync(vec![mailbox(&token(1), Cursor::default(), vec![], 0)]).await);
    }
    let last = last.unwrap();
    let wait: u64 = last.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=61).contains(&wait));
    assert_eq!(code(last).await, (429, "rate-limited".into()));
}

#[tokio::test]
async fn a_busy_token_is_named_and_the_others_go_on() {
    let (_relay, device) = relay(|config| {
        config.token_rate = 1;
        config.token_burst = 3;
    })
    .await;
    let (busy, quiet) = (device.made(1).await, device.made(2).await);
    // More than the whole allowance may go once, or a fresh device could never send it.
    assert!(
        device
            .append(&busy, vec![vec![1], vec![2], vec![3], vec![4]])
            .await
            .iter()
            .all(|a| matches!(a, Appended::Stored(_)))
    );
    let large = |token: &Token| mailbox(token, Cursor::default(), vec![vec![9; 5000]], 0);
    let results = device.sync_many(vec![large(&busy), large(&quiet)]).await;
    assert_eq!(results[0].appended, [refused("rate-limited")]);
    assert_eq!(results[1].appended, [Appended::Stored(1)]);
    let alone = device.try_sync(vec![large(&busy)]).await;
    assert!(alone.headers().contains_key("retry-after"));
    assert_eq!(code(alone).await, (429, "rate-limited".into()));
    // It is still read, in the same call too, and takes a few of the smallest envelopes: a call for help is one.
    let both = device.sync(mailbox(&busy, Cursor::default(), vec![vec![9; 5000]], 9)).await;
    assert_eq!((both.appended, both.envelopes.len()), (vec![refused("rate-limited")], 4));
    let small = device.append(&busy, (0..40u8).map(|n| vec![n; 600]).collect()).await;
    let stored = small.iter().filter(|one| matches!(one, Appended::Stored(_))).count();
    assert_eq!(stored, 30, "a few of each household, not without end");
    assert_eq!(device.all(&busy).await.len(), 34);
}

#[tokio::test]
async fn an_address_creates_only_so_many_and_a_trusted_proxy_names_addresses() {
    let (_relay, device) = relay(|config| {
        config.address_creations = 1;
        config.trusted_proxies = 1;
    })
    .await;
    let create = |n: u8, from: &'static str| {
        let body =
            minicbor::to_vec(trellis_protocol::wire::CreateMailbox { owner: [0; 32], creation_token: None });
        let url = format!("{}{}", device.url, path(token(n).mailbox(), ""));
        let request =
            device.http.put(url).header("content-type", "application/cbor").header("x-forwarded-for", from);
        request.body(body.unwrap()).send()
    };
    assert_eq!(create(1, "198.51.100.1").await.unwrap().status(), 201);
    assert_eq!(create(2, "198.51.100.1").await.unwrap().status(), 429);
    assert_eq!(create(3, "203.0.113.9, 198.51.100.1").await.unwrap().status(), 429);
    assert_eq!(create(4, "198.51.100.1, 203.0.113.9").await.unwrap().status(), 201);
    assert_eq!(create(5, "2001:db8::1").await.unwrap().status(), 201);
    assert_eq!(create(6, "2001:db8::2").await.unwrap().status(), 429);
}

#[tokio::test]
async fn a_forwarded_header_from_anyone_is_ignored() {
    let (_relay, device) = relay(|config| config.address_creations = 1).await;
    device.made(1).await;
    let url = format!("{}{}", device.url, path(token(2).mailbox(), ""));
    let body =
        minicbor::to_vec(trellis_protocol::wire::CreateMailbox { owner: [0; 32], creation_token: None });
    let request = device.http.put(url).header("content-type", "application/cbor").body(body.unwrap());
    assert_eq!(request.header("x-forwarded-for", "203.0.113.9").send().await.unwrap().status(), 429);
}

#[tokio::test]
async fn operators_see_health_and_counters_without_names() {
    let (running, device) = relay(|config| config.metrics_listen = Some(([127, 0, 0, 1], 0).into())).await;
    let token = device.made(1).await;
    device.append(&token, vec![vec![1]]).await;
    device.trim(&token, token.clone(), 1).await;
    assert_eq!(device.get("/healthz").await.status(), 200);
    assert_eq!(device.get("/readyz").await.status(), 200);
    assert_eq!(device.get("/metrics").await.status(), 404, "who polls it sees who is awake");
    let url = format!("http://{}/metrics", running.metrics_addr().unwrap());
    let other = device.http.post(&url).send().await.unwrap();
    assert_eq!(code(other).await, (405, "method-not-allowed".into()));
    let metrics = device.http.get(url).send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("trellis_relay_envelopes_stored_total 1"));
    assert!(
        metrics.contains(r#"route="/v1/mailboxes/{id}/trim",status="403",code="forbidden""#),
        "{metrics}"
    );
    assert!(!metrics.contains(&token.mailbox().to_hex()) && !metrics.contains("127.0.0.1"));
}

/// What one address stores is counted with the row that each envelope takes.
#[tokio::test]
async fn tiny_envelopes_count_for_an_address_with_what_their_rows_take() {
    let (_relay, device) = relay(|config| {
        config.address_stored = 1024 * 1024;
        (config.token_rate, config.token_burst) = (100_000, 100_000);
    })
    .await;
    let token = device.made(1).await;
    let call = |n: u8| (0..2000u16).map(|m| [&m.to_be_bytes()[..], &[n]].concat()).collect();
    let stored = async |n| {
        let verdicts = device.append(&token, call(n)).await;
        verdicts.iter().filter(|verdict| matches!(verdict, Appended::Stored(_))).count()
    };
    assert_eq!((stored(1).await, stored(2).await), (2000, 2000));
    assert_eq!(stored(3).await, 30, "what is kept for small envelopes to a busy mailbox");
}
