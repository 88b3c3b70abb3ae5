//! What comes by a rendezvous, the paper's beacon and a bell: every message of pairing and joining.

use std::collections::BTreeSet;

use trellis_core::crypto::envelope::EnvelopeKeys;
use trellis_core::crypto::grant::Context;
use trellis_core::crypto::invite::{Channel, JoinCode, JoinMessage};
use trellis_core::crypto::pairing::{self, PairCode};
use trellis_core::crypto::paper::BeaconNote;
use trellis_core::crypto::{Refusal, Sealed, Secret, Signature, codec, kdf, sealed};
use trellis_core::space::join::{Asking, Invite, Joined, Offer, Terms};
use trellis_core::space::knock::Knock;
use trellis_core::space::members::{Role, SpaceKind};
use trellis_core::space::roster::Roster;
use trellis_core::space::welcome::{MAX_EPOCHS, Welcome};
use trellis_core::space::{AccountId, EpochKey, consent};

use crate::pieces;
use crate::world::{
    EPOCH, Fixed, LOG, device, home, members, other_log, phrase, refused, secret, sound, vector,
};

const NOW: i64 = 1_000;
const CODES: &[Refusal] = &[
    Refusal::Malformed,
    Refusal::NotCanonical,
    Refusal::Oversized,
    Refusal::UnknownVersion,
    Refusal::CannotOpen,
    Refusal::Forged,
    Refusal::ForeignSpace,
    Refusal::WeakKey,
    Refusal::NotEntitled,
    Refusal::Expired,
    Refusal::Withdrawn,
    Refusal::Declined,
];

/// The first byte chooses the reader. Each piece is what a sender with all keys put into its message.
pub fn run(input: &[u8]) {
    let (choice, pieces) = pieces::choice(input);
    for piece in pieces {
        match choice % 8 {
            0 => welcome(piece),
            1 => joined(piece),
            2 => request(piece),
            3 => offers(piece),
            4 => beacon(piece),
            5 => knock(piece),
            6 => pair(piece),
            _ => messages(piece),
        }
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let note = BeaconNote {
        account: LOG.account().0,
        version: 7,
        relays: vec!["https://relay.example".into()],
        epoch: EPOCH.0,
        open: vector("open").into(),
    };
    let knock = Knock::new(LOG.account(), device(1).id(), vec![AccountId([5; 32])], NOW);
    let all = [
        (0, vector("welcome")),
        (1, answer()),
        (2, asked()),
        (3, invite().offer),
        (3, vector("invite.offer")),
        (4, codec::encode(&note)),
        (5, codec::encode(&knock)),
        (6, pair_body()),
        (7, vector("message.offer")),
        (7, vector("message.request")),
        (7, vector("join.withdrawn")),
        (7, vector("join.declined")),
        (7, vector("join.answer")),
    ];
    all.into_iter().map(|(choice, bytes)| pieces::chosen(choice, &[bytes])).collect()
}

fn welcome(bytes: &[u8]) {
    match Welcome::read(bytes, &device(1).id()) {
        Ok(welcome) => {
            assert_eq!(welcome.encode().as_slice(), bytes);
            assert!(welcome.epochs.len() <= MAX_EPOCHS);
            assert!(welcome.log().state().active.contains_key(&device(1).id()));
        }
        Err(refusal) => refused(refusal, CODES),
    }
}

fn invite() -> Invite {
    let members = members(SpaceKind::Group);
    let terms = Terms {
        space: members.space(),
        kind: SpaceKind::Group,
        name: "Tuesday".into(),
        account: LOG.account(),
        inviter: "Ana".into(),
        role: Role::Peer,
        fields: consent::Fields::URGE,
        goals: consent::Goals::None,
        purpose: "to notice".into(),
        expires_ms: NOW + 1,
        single: true,
    };
    sound(Invite::new(terms, &Fixed::new(2)))
}

thread_local! {
    /// The invitation, which takes a while to make.
    static INVITE: Invite = invite();
}

/// A channel that both sides know of, whatever was asked.
fn channel(offer: &[u8]) -> Channel {
    let sealed = Sealed { enc: [1; 32], ciphertext: vec![2; 40].into() };
    Channel::new(offer, b"asked", &sealed, &[3; 32])
}

/// What device 3 reads as the answer of the one who invited.
fn joined(bytes: &[u8]) {
    INVITE.with(|invite| {
        let (channel, keys) = (channel(&invite.offer), device(3));
        let Ok(parts) = channel.seal(&keys.public().agree, bytes, &Fixed::new(13)) else { return };
        let kept = [channel.to_kept().as_slice(), &invite.offer].concat();
        let asking = sound(Asking::resume(&kept));
        match asking.read(&keys, &parts, NOW) {
            Ok(joined) => entered(&joined),
            Err(refusal) => refused(refusal, CODES),
        }
    });
}

fn entered(joined: &Option<Joined>) {
    let Some(joined) = joined else { panic!("an answer that is there was not found") };
    assert!(joined.epochs.len() <= MAX_EPOCHS);
    assert!(joined.members.entitled().contains_key(&device(3).id()));
    assert!(joined.members.state().members.contains_key(&LOG.account()));
}

/// The answer of an honest inviter, as device 3 opens it.
fn answer() -> Vec<u8> {
    INVITE.with(|invite| {
        let (asking, sealed) = asks(invite);
        let asked = sound(invite.read_request(&sealed, &BTreeSet::new(), NOW));
        let joined = Joined::of(
            &members(SpaceKind::Group),
            vec![EpochKey { opener: device(1).id(), secret: secret() }],
            vec!["https://relay.example".into()],
        );
        let messages = sound(asked.answer(&joined, &Fixed::new(13)));
        let kept = asking.to_kept();
        let channel = sound(Channel::kept(kept.get(..96).unwrap_or_default()));
        channel.open(&device(3).agree_key(), &messages).map(|bytes| bytes.to_vec()).unwrap_or_default()
    })
}

fn asks(invite: &Invite) -> (Asking, Sealed) {
    let (asking, message) =
        sound(Asking::start(&invite.offer, &device(3), &other_log(), "Ben", NOW, &Fixed::new(11)));
    let JoinMessage::Request(sealed) = message else { panic!("not a request") };
    (asking, sealed)
}

/// A request of any body, signed by device 3 and sealed to the one who invited.
fn request(bytes: &[u8]) {
    INVITE.with(|invite| {
        let (to, sign) = (invite.secret.public(), device(3).sign_key());
        let sealed = JoinMessage::request(&invite.offer, &to, bytes, &sign, &Fixed::new(7));
        let Ok(sealed) = sealed else { return };
        match invite.read_request(&sealed, &BTreeSet::new(), NOW) {
            Ok(asked) => {
                assert!(asked.log.state().active.contains_key(&asked.device.id));
                assert_eq!(asked.device.id, device(3).id());
                assert!(asked.name.chars().count() <= 60);
            }
            Err(refusal) => refused(refusal, CODES),
        }
    });
}

/// The body of an honest request.
fn asked() -> Vec<u8> {
    INVITE.with(|invite| {
        let (_, sealed) = asks(invite);
        sound(invite.secret.open_request(&invite.offer, &sealed)).body
    })
}

fn offers(bytes: &[u8]) {
    match Offer::read(bytes, NOW) {
        Ok(offer) => {
            assert_eq!(codec::encode(&offer), bytes);
            let start = Asking::start(bytes, &device(3), &other_log(), "Ben", NOW, &Fixed::new(11));
            start.err().into_iter().for_each(|refusal| refused(refusal, &[Refusal::WeakKey]));
        }
        Err(refusal) => refused(refusal, CODES),
    }
    match pairing::Offer::read(bytes, NOW) {
        Ok(offer) => assert_eq!(codec::encode(&offer), bytes),
        Err(refusal) => refused(refusal, CODES),
    }
}

fn beacon(bytes: &[u8]) {
    let beacon = phrase(7).beacon();
    let key = kdf::derive(beacon.secret().expose(), "beacon seal", b"");
    let Ok(sealed) = sealed::seal(&key, "trellis/v1/beacon", bytes, &Fixed::new(5)) else { return };
    match beacon.open(&sealed) {
        Ok(note) => assert_eq!(codec::encode(&note), bytes),
        Err(refusal) => refused(refusal, CODES),
    }
    // What a relay gives without knowing the key.
    assert!(beacon.open(bytes).is_err());
}

fn knock(bytes: &[u8]) {
    let (bell, id) = (secret().bell(home(), EPOCH), EPOCH.0);
    let [content, nonce] = ["bell", "bell nonce"].map(|label| kdf::derive(&[1; 32], label, &id));
    let keys = EnvelopeKeys::new(content, nonce, bell.mailbox(), &id);
    let signature = device(1).sign_key().sign(&[b"trellis/v1/knock", &home().0, &id, bytes]);
    let Ok(envelope) = keys.seal(bytes, &signature) else { return };
    match bell.open(&envelope) {
        Ok(knock) => {
            assert_eq!(codec::encode(&knock), bytes);
            assert_eq!(knock.device, device(1).id());
            assert!(knock.to.len() <= 32 && knock.to.is_sorted_by(|a, b| a < b));
        }
        Err(refusal) => refused(refusal, CODES),
    }
    assert!(bell.open(&sound(keys.seal(bytes, &Signature([0; 64])))).is_err());
}

fn pair_invite() -> pairing::Invite {
    sound(pairing::Invite::new("Phone", NOW, &Fixed::new(6)))
}

/// A request of any body, signed by device 3 and sealed to the device that pairs.
fn pair(bytes: &[u8]) {
    const REQUEST: &[u8] = b"trellis/v1/pair request";
    let (invite, sign) = (pair_invite(), device(3).sign_key());
    let to = sound(pairing::Offer::read_own(&invite.offer, NOW)).invite;
    let aad = kdf::hash(&[&invite.offer]);
    let signature = sign.sign(&[REQUEST, &aad, bytes]);
    let signed = codec::encode(&(minicbor::bytes::ByteVec::from(bytes.to_vec()), signature));
    let sealed = sound(to.seal(Context { info: REQUEST, aad: &aad, psk: None }, &signed, &Fixed::new(7)));
    match invite.read_request(&sealed, NOW) {
        Ok(request) => {
            assert_eq!((request.device, request.words().len()), (device(3).id(), pairing::COMPARE_WORDS));
            assert!(request.name.len() <= pairing::MAX_TEXT);
        }
        Err(refusal) => refused(refusal, CODES),
    }
}

/// The body of an honest request: device, key, name, number.
fn pair_body() -> Vec<u8> {
    let keys = device(3).public();
    let number = minicbor::bytes::ByteArray::from([4; 32]);
    codec::encode(&(keys.id, keys.agree, "Laptop".to_owned(), number))
}

/// Messages of both rendezvous, sealed with the code.
fn messages(bytes: &[u8]) {
    let code = PairCode { secret: Secret::new([5; 16]), relay: None };
    let key = kdf::derive(code.secret.expose(), "rendezvous seal", b"");
    let seal = |purpose| sealed::seal(&key, purpose, bytes, &Fixed::new(8));
    let (Ok(pair), Ok(join)) = (seal("trellis/v1/pairing"), seal("trellis/v1/joining")) else { return };
    match code.open(&pair) {
        Ok(message) => assert_eq!(codec::encode(&message), bytes),
        Err(refusal) => refused(refusal, CODES),
    }
    match JoinCode::new(Secret::new([5; 16]), None).open(&join) {
        Ok(message) => said(message, bytes),
        Err(refusal) => refused(refusal, CODES),
    }
}

fn said(message: JoinMessage, bytes: &[u8]) {
    assert_eq!(codec::encode(&message), bytes);
    let messages = [message];
    if let Err(refusal) = Offer::find(&messages, NOW) {
        refused(refusal, CODES);
    }
    INVITE.with(|invite| {
        let control = invite.secret.control().id();
        assert!(!messages.iter().any(|message| message.withdraws(&invite.offer, &control)));
        let _ = channel(&invite.offer).open(&device(3).agree_key(), &messages);
    });
}
