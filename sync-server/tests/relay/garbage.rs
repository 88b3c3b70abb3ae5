//! Whatever is sent, the answer is quick, has a code, and is no fault of the relay.

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use reqwest::Method;
use trellis_protocol::wire::{CreateMailbox, DeleteMailbox, Listen, ListenMailbox, SyncRequest, TrimMailbox};
use trellis_protocol::{Cursor, ErrorCode, MailboxId};

use crate::common::*;

const METHODS: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH];
const PATIENCE: Duration = Duration::from_secs(5);

fn paths() -> impl Strategy<Value = String> {
    let id = token(1).mailbox();
    prop_oneof![
        Just("/v1/sync".to_owned()),
        Just("/v1/events".to_owned()),
        Just(path(id, "")),
        Just(path(id, "/trim")),
        "/v1/mailboxes/[0-9a-f]{64}(/trim)?",
        "/v1/mailboxes/%[0-9a-f]{2}(/[a-z]{0,4})?",
        "/[a-z0-9%./]{0,30}",
    ]
}

/// Returns valid bodies of every call, so that mutation reaches deep.
pub fn valid() -> Vec<Vec<u8>> {
    let sync = SyncRequest {
        mailboxes: vec![mailbox(&token(1), Cursor::default(), vec![vec![1; 60]; 3], 9)],
        max_bytes: None,
    };
    let far = Cursor { seq: u64::MAX, hash: [0; 32] };
    let mut ids = mailbox(&token(1), far, vec![], u32::MAX);
    ids.ids_only = true;
    let far = SyncRequest {
        mailboxes: vec![mailbox(&token(1), far, vec![vec![2; 60]], u32::MAX), ids],
        max_bytes: None,
    };
    let listen = Listen { mailboxes: vec![ListenMailbox { token: token(1), after: u64::MAX }] };
    let create = CreateMailbox { owner: [3; 32], creation_token: Some("x".into()) };
    let trim = TrimMailbox { owner_token: owner_token(1), before: u64::MAX, keep: vec![] };
    [
        minicbor::to_vec(sync),
        minicbor::to_vec(far),
        minicbor::to_vec(listen),
        minicbor::to_vec(create),
        minicbor::to_vec(trim),
        minicbor::to_vec(DeleteMailbox { owner_token: token(7) }),
    ]
    .map(Result::unwrap)
    .into()
}

/// Returns bodies that are damaged, that lie, or that are nothing at all.
pub fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let mutated = (prop::sample::select(valid()), any::<prop::sample::Index>(), any::<u8>(), any::<bool>());
    let mutated = mutated.prop_map(|(mut body, at, byte, cut)| {
        let at = at.index(body.len());
        if cut {
            body.truncate(at)
        } else {
            body[at] = byte
        }
        body
    });
    let lying = prop::collection::vec(
        prop::sample::select(vec![0x9b, 0xbb, 0x5b, 0xff, 0x9f, 0xbf, 0x7f, 0x00]),
        1..40,
    );
    prop_oneof![prop::collection::vec(any::<u8>(), 0..300), mutated, lying]
}

#[test]
fn garbage_anywhere_gets_a_code_and_changes_nothing_in_memory() {
    garbage_gets_a_code_and_changes_nothing("memory");
}

#[test]
fn garbage_anywhere_gets_a_code_and_changes_nothing_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    garbage_gets_a_code_and_changes_nothing(folder.path().join("relay.db").to_str().unwrap());
}

fn garbage_gets_a_code_and_changes_nothing(database: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_relay, device) = runtime.block_on(relay(|config| {
        config.max_body = 4096;
        config.database = database.to_owned();
    }));
    let kept = vec![vec![9; 80], vec![8; 80]];
    runtime.block_on(async {
        device.made(1).await;
        device.made(200).await;
        device.append(&token(200), kept.clone()).await;
    });
    let send = async |method, path: String, body, cbor: bool| {
        let kind = if cbor { "application/cbor" } else { "text/plain" };
        let request =
            device.http.request(method, format!("{}{path}", device.url)).header("content-type", kind);
        let response =
            tokio::time::timeout(PATIENCE, request.body(body).send()).await.expect("no answer in time");
        let response = response.unwrap();
        if response.status().is_client_error() && response.headers().get("content-type").is_some() {
            let (status, code) = code(response).await;
            assert_eq!(ErrorCode::parse(&code).map(ErrorCode::status), Some(status));
        } else {
            assert!(response.status().is_success(), "{}", response.status());
        }
    };
    let inputs = (prop::sample::select(METHODS.to_vec()), paths(), bodies(), prop::bool::weighted(0.9));
    let mut runner = TestRunner::new(Config { cases: 1000, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&inputs, |(method, path, body, cbor)| {
        runtime.block_on(send(method, path, body, cbor));
        Ok(())
    });
    outcome.unwrap();
    assert_eq!(runtime.block_on(device.all(&token(200))), kept);
}

proptest! {
    #[test]
    fn mailbox_ids_read_only_what_they_wrote(bytes: [u8; 32], text in "[0-9a-fA-F+é]{0,66}") {
        let id = MailboxId(bytes);
        prop_assert_eq!(MailboxId::from_hex(&id.to_hex()), Some(id));
        if let Some(read) = MailboxId::from_hex(&text) {
            prop_assert_eq!(read.to_hex(), text);
        }
    }
}
