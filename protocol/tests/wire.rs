//! The bytes on the wire: frozen layouts, and decoding that survives anything.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use minicbor::{Decode, Encode};
use proptest::prelude::*;
use trellis_protocol::wire::*;
use trellis_protocol::{Cursor, EnvelopeId, ErrorCode, MailboxId, Token};

/// Encodes, compares with what was frozen, and decodes back to the same.
fn frozen<T: Encode<()> + for<'b> Decode<'b, ()> + PartialEq + std::fmt::Debug>(value: T, expected: &str) {
    let bytes = minicbor::to_vec(&value).unwrap();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex.replace(&"aa".repeat(32), "A").replace(&"bb".repeat(32), "B"), expected);
    assert_eq!(minicbor::decode::<T>(&bytes).unwrap(), value);
}

const TOKEN: Token = Token([0xaa; 32]);
const CURSOR: Cursor = Cursor { seq: 300, hash: [0xbb; 32] };

#[test]
fn layouts_do_not_move() {
    let one =
        MailboxSync { token: TOKEN, cursor: CURSOR, append: vec![vec![1, 2].into()], max: 7, ids_only: true };
    frozen(
        SyncRequest { mailboxes: vec![one], max_bytes: None },
        "a10081a5005820A01a20019012c015820B0281420102030704f5",
    );
    let result = MailboxResult {
        mailbox: MailboxId([0xaa; 32]),
        status: MailboxStatus::Resync,
        appended: vec![Appended::Stored(5), Appended::Refused("storage".into())],
        envelopes: vec![Stored { seq: 5, envelope: vec![9].into() }],
        ids: vec![StoredId { seq: 6, id: EnvelopeId([0xbb; 32]) }],
        more: false,
        head: CURSOR,
        at: Cursor::default(),
    };
    frozen(
        SyncResponse { now: 1, mailboxes: vec![result] },
        "a200010181a8005820A0101028282000582016773746f726167650381a200050141090481a20006015820B05f406a20019012c015820B07a200000158200000000000000000000000000000000000000000000000000000000000000000",
    );
    frozen(CreateMailbox { owner: [0xaa; 32], creation_token: Some("x".into()) }, "a2005820A016178");
    frozen(
        TrimMailbox { owner_token: TOKEN, before: 4, keep: vec![EnvelopeId([0xbb; 32])] },
        "a3005820A010402815820B",
    );
    frozen(DeleteMailbox { owner_token: TOKEN }, "a1005820A");
    frozen(Listen { mailboxes: vec![ListenMailbox { token: TOKEN, after: 2 }] }, "a10081a2005820A0102");
}

#[test]
fn a_cursor_chains_ids() {
    let (one, two) = (EnvelopeId::of(b"one"), EnvelopeId::of(b"two"));
    let both = Cursor::default().then(one).then(two);
    assert_eq!(both.seq, 2);
    assert_ne!(both, Cursor::default().then(two).then(one));
    let by_hand = EnvelopeId::of(&[&EnvelopeId::of(&[&[0; 32][..], &one.0].concat()).0[..], &two.0].concat());
    assert_eq!(both.hash, by_hand.0);
}

#[test]
fn codes_read_what_they_write() {
    for code in ErrorCode::ALL {
        assert_eq!(ErrorCode::parse(code.as_str()), Some(*code));
        assert!((400..600).contains(&code.status()));
    }
    assert_eq!(ErrorCode::parse("nonsense"), None);
}

#[test]
fn a_token_is_never_printed() {
    let one = ListenMailbox { token: TOKEN, after: 0 };
    let text = format!("{one:?}");
    assert!(!text.contains("170") && !text.contains("aa"), "{text}");
}

#[test]
fn fields_of_a_later_version_are_passed_over() {
    let later =
        [0xa3, 0x00, 0x58, 0x20].iter().copied().chain([0xaa; 32]).chain([0x01, 0x02, 0x09, 0x81, 0x63]);
    let later: Vec<u8> = later.chain(*b"new").collect();
    assert_eq!(minicbor::decode::<ListenMailbox>(&later).unwrap(), ListenMailbox { token: TOKEN, after: 2 });
}

proptest! {
    #[test]
    fn decoding_survives_anything(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = minicbor::decode::<SyncRequest>(&bytes);
        let _ = minicbor::decode::<SyncResponse>(&bytes);
        let _ = minicbor::decode::<CreateMailbox>(&bytes);
        let _ = minicbor::decode::<TrimMailbox>(&bytes);
        let _ = minicbor::decode::<Listen>(&bytes);
    }

    #[test]
    fn a_cut_message_is_refused(cut in 0usize..77) {
        let one = MailboxSync { token: TOKEN, cursor: CURSOR, append: vec![], max: 0, ids_only: false };
        let bytes = minicbor::to_vec(SyncRequest { mailboxes: vec![one], max_bytes: None }).unwrap();
        prop_assert!(minicbor::decode::<SyncRequest>(bytes.get(..cut).unwrap()).is_err());
    }
}
