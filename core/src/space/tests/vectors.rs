//! Frozen layouts and derivations. If this test changes, no older device understands this one any more:
//! raise the version of the layout instead. `docs/protocol.md` shows the same lines.
use std::fmt::Write;

use trellis_api_types::settings::Language;

use super::{Fixed, chain, device, log_of, phrase, record};
use crate::crypto::pairing::{Invite, Joining, Message, PairCode, safety_words};
use crate::crypto::{Secret, codec, kdf, wrap};
use crate::space::device_log::Op;
use crate::space::open::{Base, LateGrant, OpenDraft};
use crate::space::repair::{Heads, Need};
use crate::space::snapshot::{Snapshot, carry};
use crate::space::*;

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Lines of `name = value`.
#[derive(Default)]
pub(super) struct Lines(pub(super) String);

impl Lines {
    pub(super) fn hex(&mut self, name: &str, bytes: impl AsRef<[u8]>) {
        self.text(name, &hex(bytes.as_ref()));
    }

    pub(super) fn text(&mut self, name: &str, value: &str) {
        let _ = writeln!(self.0, "{name} = {value}");
    }
}

fn keys(lines: &mut Lines) {
    lines.hex("x(ikm=01*32, content, ctx=02*16)", kdf::derive(&[1; 32], "content", &[2; 16]).expose());
    let paper = phrase();
    lines.text("phrase(07*32).words", &paper.words().say(Language::En).join(" "));
    lines.hex("phrase.root", paper.keys().root.0);
    lines.hex("phrase.seal", paper.keys().seal.0);
    lines.hex("phrase.beacon", paper.beacon().secret().expose());
    lines.hex("phrase.beacon token", paper.beacon().token().0);
    lines.hex("phrase.beacon owner", paper.beacon_owner().0);
    let account = AccountId::of(&paper.keys().root);
    lines.hex("account", account.0);
    lines.hex("personal space", SpaceId::personal(&account).0);
    lines.hex("device(sign 01*32).id", device(1).id().0);
    lines.hex("device(agree 81*32).public", device(1).public().agree.0);
    let lock = wrap::wrap(&Secret::new([3; 32]), "passphrase", None, &Fixed::new(1)).unwrap();
    lines.hex("wrap(03*32, passphrase)", lock);
    let beside = Secret::new([4; 32]);
    let lock = wrap::wrap(&Secret::new([3; 32]), "481516", Some(&beside), &Fixed::new(1)).unwrap();
    lines.hex("wrap(03*32, 481516 beside 04*32)", lock);
    lines.text("safety(01*32, 02*32)", &safety_words(&[1; 32], &[2; 32]).say(Language::En).join(" "));
}

fn log(lines: &mut Lines) {
    let mut log = log_of(&device(1));
    log.add(device(2).public(), &device(1)).unwrap();
    log.revoke(device(2).id(), &device(1)).unwrap();
    log.author(Op::Reset { devices: vec![device(1).public()] }, &phrase().sign_key()).unwrap();
    let next = crate::crypto::Phrase::new(Secret::new([8; 32]));
    log.author(Op::Paper { paper: next.keys() }, &phrase().sign_key()).unwrap();
    for (name, entry) in ["genesis", "add", "revoke", "reset", "paper"].iter().zip(log.entries()) {
        lines.hex(&format!("entry.{name}"), entry.bytes());
        lines.hex(&format!("entry.{name}.id"), entry.id().0);
    }
}

fn items(lines: &mut Lines) {
    let log = log_of(&device(1));
    let (space, epoch) = (SpaceId::personal(&log.account()), EpochId([2; 16]));
    let secret = EpochSecret::new(Secret::new([1; 32]));
    let keys = secret.keys(space, epoch);
    lines.hex("epoch(01*32, 02*16).token", keys.token().0);
    lines.hex("epoch.mailbox", keys.mailbox().0);
    let key = EpochKey { opener: device(1).id(), secret: secret.clone() };
    lines.hex("epoch.commitment(space)", secret.commitment(&space));
    lines.hex("epoch id(space, device 1)", key.id(&space).0);
    lines.hex("owner(04*32, mailbox)", owner_token(&Secret::new([4; 32]), &keys.mailbox()).0);
    let mut chain = chain(space, &device(1), 9);
    lines.hex("writer", chain.writer().0);
    let first = chain.next(epoch, record("key", "body")).unwrap();
    let second = chain.next(epoch, record("key", "")).unwrap();
    for (name, item) in [("item.1", &first), ("item.2", &second)] {
        lines.hex(name, &item.to_carried().item[..]);
        lines.hex(&format!("{name}.id"), item.id().0);
        lines.hex(&format!("{name}.signature"), item.to_carried().signature.0);
    }
    let envelope = keys.seal(&first).unwrap();
    lines.hex("envelope(item.1).nonce", &envelope[1..25]);
    lines.hex("envelope(item.1).sha256", kdf::hash(&[&envelope]));
    bodies(lines, &first, &second, &secret, log.heads());
}

fn bodies(
    lines: &mut Lines,
    one: &VerifiedItem,
    two: &VerifiedItem,
    secret: &EpochSecret,
    heads: Vec<EntryId>,
) {
    let mark = |item: &VerifiedItem| Mark { writer: item.item().writer, seq: item.item().seq, id: item.id() };
    let key = EpochKey { opener: device(1).id(), secret: secret.clone() };
    let open = OpenDraft {
        space: one.scope().space,
        epoch: key.id(&one.scope().space),
        parents: vec![EpochId([1; 16])],
        authority: heads,
        relays: vec!["https://relay.example".into()],
        cuts: vec![mark(one)],
        base: Base::Parent,
        recipients: vec![device(1).public()],
    };
    lines.hex("open", open.clone().build(secret, &Fixed::new(3)).unwrap().draft().body);
    let based = OpenDraft { base: Base::Snapshot([6; 16]), recipients: vec![], ..open };
    lines.hex("open.on snapshot", based.build(secret, &Fixed::new(3)).unwrap().draft().body);
    let grant = LateGrant::build(one.scope().space, &key, &device(1).public(), &Fixed::new(4));
    lines.hex("grant", grant.unwrap().draft(&one.scope().space).body);
    lines.hex("heads", Heads(vec![mark(two)]).draft().body);
    lines.hex("need", Need { writer: one.item().writer, from: 1, to: 2 }.draft().body);
    lines.hex("carry", &carry([one])[0].body);
    let snapshot = Snapshot {
        covers: vec![mark(two)],
        items: vec![one.to_carried().clone()],
        documents: [(b"plan".to_vec(), vec![1, 2, 3])].into(),
    };
    for (number, part) in snapshot.drafts([6; 16]).unwrap().iter().enumerate() {
        lines.hex(&format!("snapshot.{number}"), &part.body);
    }
}

fn pairing(lines: &mut Lines) {
    let code = PairCode { secret: Secret::new([5; 16]), relay: Some("https://relay.example".into()) };
    lines.text("code(05*16).link", &code.to_link());
    lines.text("code.words", &code.to_words().say(Language::En).join(" "));
    lines.hex("code.token", code.token().0);
    lines.hex("code.owner", code.owner_token().0);
    let invite = Invite::new("Phone", 1_000, &Fixed::new(6)).unwrap();
    lines.hex("invite.key", invite.key.expose());
    lines.hex("invite.offer", &invite.offer);
    lines.hex("message.offer", codec::encode(&invite.message()));
    let (sign, agree) = (device(2).sign_key(), device(2).agree_key());
    let (joining, request) = Joining::start(&invite.offer, &sign, &agree, "Laptop", &Fixed::new(7)).unwrap();
    lines.hex("message.request", codec::encode(&request));
    lines.text("compare", &joining.words().say(Language::En).join(" "));
    let Message::Request(sealed) = request else { panic!("not a request") };
    let request = invite.read_request(&sealed, 1_000).ok().unwrap();
    let answer = request.answer(b"answer", &Fixed::new(8)).unwrap();
    lines.hex("message.answer(\"answer\")", codec::encode(&answer));
    lines.hex("message.declined", codec::encode(&Message::Declined));
    let sealed = code.seal(&Message::Declined, &Fixed::new(9)).unwrap();
    lines.hex("note(message.declined).sha256", kdf::hash(&[&sealed]));
}

fn welcome(lines: &mut Lines) {
    let log = log_of(&device(1));
    let welcome = crate::space::welcome::Welcome {
        account: log.account(),
        entries: log.entries().map(|entry| entry.bytes().to_vec()).collect(),
        epochs: vec![EpochKey { opener: device(1).id(), secret: EpochSecret::new(Secret::new([1; 32])) }],
        relays: vec!["https://relay.example".into()],
        owner: Secret::new([4; 32]),
        beacon: Secret::new([5; 32]),
    };
    lines.hex("welcome", welcome.encode());
}

#[test]
fn layouts_and_derivations_are_frozen() {
    let mut lines = Lines::default();
    for part in [keys, log, items, pairing, welcome] {
        part(&mut lines);
    }
    insta::assert_snapshot!(lines.0);
    let documented = include_str!("../../../../docs/protocol.md");
    for line in lines.0.lines() {
        assert!(documented.contains(line), "docs/protocol.md does not show: {line}");
    }
}
