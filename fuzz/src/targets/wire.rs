//! Bodies between a device and its relay, in both directions.

use std::fmt::Debug;

use minicbor::{Decode, Encode};
use trellis_protocol::error::ErrorCode;
use trellis_protocol::ids::{Cursor, EnvelopeId, MailboxId, Token};
use trellis_protocol::wire::*;

use crate::pieces;

/// Each piece is read as every body.
pub fn run(input: &[u8]) {
    let (_, pieces) = pieces::choice(input);
    for piece in pieces {
        check::<SyncRequest>(piece);
        check::<SyncResponse>(piece);
        check::<CreateMailbox>(piece);
        check::<TrimMailbox>(piece);
        check::<DeleteMailbox>(piece);
        check::<Listen>(piece);
        names(&String::from_utf8_lossy(piece));
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let token = || Token([1; 32]);
    let (id, cursor) = (EnvelopeId([2; 32]), Cursor { seq: 7, hash: [3; 32] });
    let append = vec![vec![4; 40].into(), vec![5; 600].into()];
    let sync = MailboxSync { token: token(), cursor, append, max: 2048, ids_only: true };
    let result = MailboxResult {
        mailbox: MailboxId([6; 32]),
        status: MailboxStatus::Resync,
        appended: vec![Appended::Stored(1), Appended::Refused("mailbox-full".into())],
        envelopes: vec![Stored { seq: 1, envelope: vec![7; 40].into() }],
        ids: vec![StoredId { seq: 1, id }],
        more: true,
        head: cursor,
        at: cursor.then(id),
    };
    let listen = ListenMailbox { token: token(), after: 7 };
    let bodies = [
        body(&SyncRequest { mailboxes: vec![sync.clone(), sync], max_bytes: Some(70_000) }),
        body(&SyncResponse { now: 1_767_225_600, mailboxes: vec![result.clone(), result] }),
        body(&CreateMailbox { owner: [8; 32], creation_token: Some("token".into()) }),
        body(&TrimMailbox { owner_token: token(), before: 7, keep: vec![id, id] }),
        body(&DeleteMailbox { owner_token: token() }),
        body(&Listen { mailboxes: vec![listen.clone(), listen] }),
        MailboxId([9; 32]).to_hex().into_bytes(),
        b"mailbox-full".to_vec(),
    ];
    bodies.iter().map(|body| pieces::chosen(0, &[body])).collect()
}

/// What was read is written to bytes that say the same; it is not much larger than what came.
fn check<T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq + Debug>(bytes: &[u8]) {
    if let Ok(read) = minicbor::decode::<T>(bytes) {
        let again = body(&read);
        assert!(again.len() <= 64 + 2 * bytes.len(), "{} of {}", again.len(), bytes.len());
        assert_eq!(minicbor::decode::<T>(&again).ok().as_ref(), Some(&read));
    }
}

fn names(text: &str) {
    if let Some(mailbox) = MailboxId::from_hex(text) {
        assert_eq!(mailbox.to_hex(), text);
    }
    if let Some(code) = ErrorCode::parse(text) {
        assert_eq!(code.as_str(), text);
    }
}

fn body<T: Encode<()>>(value: &T) -> Vec<u8> {
    trellis_core::crypto::codec::encode(value)
}
