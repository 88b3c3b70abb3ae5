//! Words, phrases, locks and pairing.
use super::pairing::{Invite, Joining, Message, PairCode, safety_words};
use super::paper::BeaconNote;
use super::*;
use crate::space::tests::{Fixed, device, phrase};
use trellis_api_types::settings::Language;

#[test]
fn words_follow_bip39() {
    let zeros = words::from_entropy(&[0; 32]).say(Language::En);
    assert_eq!((&*zeros[0], &*zeros[23], zeros.len()), ("abandon", "art", 24));
    let ones = words::from_entropy(&[0xff; 16]).say(Language::En);
    assert_eq!((&*ones[0], &*ones[11], ones.len()), ("zoo", "wrong", 12));
}

#[test]
fn a_phrase_is_read_as_people_type_it() {
    let words = phrase().words().say(Language::En);
    let typed = format!("  {} \n", words.join("  ").to_uppercase());
    assert_eq!(Phrase::parse(&typed).ok().unwrap().secret().expose(), phrase().secret().expose());
}

#[test]
fn a_mistyped_phrase_says_what_is_wrong() {
    let mut words = phrase().words().say(Language::En);
    let refused = |words: &[String]| Phrase::parse(&words.join(" ")).err().unwrap();
    assert_eq!(refused(&words[..23]).refusal, Refusal::WordCount);
    assert_eq!(refused(&[words.clone(), words.clone()].concat()).refusal, Refusal::WordCount);
    words[5] = "abandn".into();
    let unknown = refused(&words);
    assert_eq!((unknown.refusal, unknown.place), (Refusal::UnknownWord, Some(5)));
    assert_eq!(unknown.near[0], "abandon");
    words[5] = "zoo".into();
    assert_eq!(refused(&words).refusal, Refusal::Checksum);
    assert!(words::nearest("qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", bip39::Language::English).is_empty());
}

#[test]
fn the_paper_opens_what_was_sealed_to_it() {
    let key = Secret::new([3; 32]);
    let sealed = phrase().keys().seal_database_key(&key, &Fixed::new(1)).unwrap();
    assert_eq!(phrase().open_database_key(&sealed).ok().unwrap().expose(), key.expose());
    let other = Phrase::new(Secret::new([8; 32]));
    assert_eq!(other.open_database_key(&sealed).err(), Some(Refusal::CannotOpen));
}

#[test]
fn the_beacon_is_found_from_the_paper_alone() {
    let note = BeaconNote {
        account: [1; 32],
        version: 4,
        relays: vec!["https://relay.example".into()],
        epoch: [2; 16],
        open: vec![1, 2, 3].into(),
    };
    let by_device = paper::Beacon::new(Secret::new(*phrase().beacon().secret().expose()));
    let sealed = by_device.seal(&note, &Fixed::new(1)).unwrap();
    assert_eq!(phrase().beacon().open(&sealed), Ok(note));
    assert_eq!(phrase().beacon().mailbox(), by_device.mailbox());
    assert_ne!(phrase().beacon_owner().0, by_device.token().0);
}

#[test]
fn a_passphrase_opens_what_it_locked_and_nothing_else() {
    let key = Secret::new([3; 32]);
    let blob = wrap::wrap(&key, "right", None, &Fixed::new(1)).unwrap();
    assert_eq!(wrap::unwrap(&blob, "right", None).ok().unwrap().expose(), key.expose());
    assert_eq!(wrap::unwrap(&blob, "wrong", None).err(), Some(Refusal::WrongPassphrase));
    let with = |place: usize, value: u8| {
        let mut blob = blob.clone();
        blob[place] = value;
        wrap::unwrap(&blob, "right", None).err()
    };
    assert_eq!(with(0, 2), Some(Refusal::UnknownVersion));
    assert_eq!(with(1, 255), Some(Refusal::CostTooHigh));
    assert_eq!(with(5, 1), Some(Refusal::CostTooHigh));
    assert_eq!(with(12, blob[12] ^ 1), Some(Refusal::WrongPassphrase));
    assert_eq!(with(blob.len() - 1, !blob[blob.len() - 1]), Some(Refusal::WrongPassphrase));
    assert_eq!(wrap::unwrap(&blob[..blob.len() - 1], "right", None).err(), Some(Refusal::Malformed));
    assert_eq!(wrap::unwrap(&[], "right", None).err(), Some(Refusal::Malformed));
}

#[test]
fn a_code_opens_only_together_with_the_secret_beside_it() {
    let (key, beside) = (Secret::new([3; 32]), Secret::new([4; 32]));
    let blob = wrap::wrap(&key, "481516", Some(&beside), &Fixed::new(1)).unwrap();
    let open = |code: &str, beside: Option<&Secret>| wrap::unwrap(&blob, code, beside);
    assert_eq!(open("481516", Some(&beside)).ok().unwrap().expose(), key.expose());
    assert_eq!(open("481517", Some(&beside)).err(), Some(Refusal::WrongPassphrase));
    assert_eq!(open("481516", Some(&Secret::new([5; 32]))).err(), Some(Refusal::WrongPassphrase));
    assert_eq!(open("481516", None).err(), Some(Refusal::UnknownVersion));
    let mut as_passphrase = blob.clone();
    as_passphrase[0] = 1;
    assert_eq!(wrap::unwrap(&as_passphrase, "481516", None).err(), Some(Refusal::WrongPassphrase));
}

/// The same letters as bytes of two kinds of keyboards.
#[test]
fn letters_open_in_either_form_of_their_bytes() {
    let key = Secret::new([3; 32]);
    let (one, two) = ("ma\u{f1}ana tranquila", "man\u{303}ana tranquila");
    for (made, typed) in [(one, two), (two, one), (one, one), (two, two)] {
        let blob = wrap::wrap(&key, made, None, &Fixed::new(1)).unwrap();
        assert!(wrap::unwrap(&blob, typed, None).is_ok(), "{made:?} by {typed:?}");
    }
    assert!(
        wrap::unwrap(&wrap::wrap(&key, one, None, &Fixed::new(1)).unwrap(), "manana tranquila", None)
            .is_err()
    );
}

#[test]
fn white_space_around_a_passphrase_does_not_count() {
    let key = Secret::new([3; 32]);
    let tries = ["river lemon", " river lemon", "river lemon \n"];
    for (made, typed) in tries.iter().flat_map(|made| tries.map(|typed| (made, typed))) {
        let blob = wrap::wrap(&key, made, None, &Fixed::new(1)).unwrap();
        assert!(wrap::unwrap(&blob, typed, None).is_ok(), "{made:?} by {typed:?}");
    }
    let older = wrap::wrap_as(&key, "river lemon ", None, &Fixed::new(1)).unwrap();
    assert!(wrap::unwrap(&older, "river lemon ", None).is_ok(), "it was locked under the space too");
    assert!(wrap::unwrap(&older, "riverlemon", None).is_err());
}

/// `mañana tranquila` with n and tilde, as it was wrapped before one form was used.
const UNDER_TWO_LETTERS: &str = concat!(
    "01000100000000000370a4e0b48ac65d2c6669b88af8810c4967415bc6e2f8d9d9224e94137eae6841760c4e64bd3889c24bb1066ca426ea",
    "022c003c164b942854032d3209170d9275c8a11cd4c1a64e4b66e359a507fff7200b977dd76f0939e6"
);

/// Locked under the letters as they came from a keyboard that sends n and tilde, before one form was used.
#[test]
fn what_was_locked_under_another_form_still_opens() {
    for typed in ["ma\u{f1}ana tranquila", "man\u{303}ana tranquila"] {
        let key = wrap::unwrap(&hex::decode(UNDER_TWO_LETTERS).unwrap(), typed, None).ok().unwrap();
        assert_eq!(key.expose(), &[3; 32]);
    }
}

#[test]
fn a_code_is_the_same_as_link_and_as_words() {
    let code = PairCode::random(Some("https://relay.example:8443".into()), &Fixed::new(1));
    let link = code.to_link();
    assert!(link.starts_with("trellis:pair#"));
    for text in
        [link.clone(), format!(" TRELLIS:PAIR#{}", &link[13..]), code.to_words().say(Language::Es).join(" ")]
    {
        let read = PairCode::parse(&text).ok().unwrap();
        assert_eq!(read.mailbox(), code.mailbox());
    }
    assert_eq!(PairCode::parse(&link).ok().unwrap().relay, code.relay);
    for bad in ["trellis:pair#", "trellis:pair#00@", &link[..20], "https://example.org", "trellis:pair#é"] {
        assert_eq!(PairCode::parse(bad).err().unwrap().refusal, Refusal::BadLink, "{bad}");
    }
    assert_eq!(PairCode::parse("zoo zoo").err().unwrap().refusal, Refusal::WordCount);
}

/// One pairing up to the request: inviter's invite and request, joiner's state.
fn asked(seed: u64) -> (Invite, pairing::Request, Joining) {
    let entropy = Fixed::new(seed);
    let invite = Invite::new("Phone", 1000, &entropy).unwrap();
    let keys = device(2);
    let (joining, message) =
        Joining::start(&invite.offer, &keys.sign_key(), &keys.agree_key(), "Laptop", &entropy).unwrap();
    let Message::Request(sealed) = message else { panic!("not a request") };
    let request = invite.read_request(&sealed, 2000).ok().unwrap();
    (invite, request, joining)
}

#[test]
fn pairing_ends_with_the_same_words_and_an_answer() {
    let code = PairCode::random(None, &Fixed::new(1));
    let (invite, request, joining) = asked(5);
    let message = code.seal(&invite.message(), &Fixed::new(2)).unwrap();
    assert_eq!(code.open(&message), Ok(invite.message()));
    let elsewhere = PairCode::random(None, &Fixed::new(9));
    assert_eq!(elsewhere.open(&message), Err(Refusal::CannotOpen));
    assert_eq!((request.device, request.name.as_str()), (device(2).id(), "Laptop"));
    assert_eq!((request.words(), request.words().len()), (joining.words(), 6));
    let Message::Answer(answer) = request.answer(b"welcome", &Fixed::new(3)).unwrap() else { panic!() };
    assert_eq!(**joining.read_answer(&answer).unwrap(), *b"welcome");
}

#[test]
fn the_right_words_stand_among_three_sets() {
    let (_, request, _) = asked(5);
    let mut places = std::collections::BTreeSet::new();
    for seed in 0..40 {
        let (sets, place) = request.choices(&Fixed::new(seed * 100));
        assert_eq!((sets.len(), &sets[place]), (3, &request.words()));
        assert!(
            sets.iter().enumerate().all(|(at, set)| set.len() == 6 && (at == place) == (*set == sets[place]))
        );
        places.insert(place);
    }
    assert_eq!(places.len(), 3);
}

#[test]
fn someone_in_the_middle_changes_the_words_and_cannot_answer() {
    let (invite, request, joining) = asked(5);
    let (_, other_request, other_joining) = asked(500);
    assert_ne!(request.words(), other_joining.words());
    let Message::Answer(forged) = other_request.answer(b"come to me", &Fixed::new(3)).unwrap() else {
        panic!()
    };
    assert_eq!(joining.read_answer(&forged).err(), Some(Refusal::CannotOpen));
    let public = device(2).public().agree;
    let base = grant::Context { info: b"trellis/v1/pair answer", aad: &[0; 32], psk: None };
    let naive = public.seal(base, b"come to me", &Fixed::new(4)).unwrap();
    assert_eq!(joining.read_answer(&naive).err(), Some(Refusal::CannotOpen));
    let Message::Offer(_) = invite.message() else { panic!() };
}

#[test]
fn offers_and_requests_end_with_their_time_and_their_invite() {
    let (invite, ..) = asked(5);
    let (other, ..) = asked(500);
    let keys = device(2);
    let (_, message) =
        Joining::start(&other.offer, &keys.sign_key(), &keys.agree_key(), "x", &Fixed::new(1)).unwrap();
    let Message::Request(sealed) = message else { panic!() };
    assert_eq!(invite.read_request(&sealed, 2000).err(), Some(Refusal::CannotOpen));
    let late = 1000 + pairing::LIFETIME_MS + 1;
    assert_eq!(other.read_request(&sealed, late).err(), Some(Refusal::Expired));
    assert_eq!(pairing::Offer::read(&other.offer, late).err(), Some(Refusal::Expired));
    assert_eq!(Invite::new(&"x".repeat(300), 0, &Fixed::new(1)).err(), Some(Refusal::Oversized));
}

#[test]
fn an_offer_that_stands_for_longer_than_one_may_is_refused() {
    let now = 1_800_000_000_000;
    let read = |ahead: i64| {
        let invite = Invite::new("Phone", now + ahead, &Fixed::new(1)).unwrap();
        pairing::Offer::read(&invite.offer, now).map(|offer| offer.name)
    };
    for near in [0, pairing::CLOCK_SLACK_MS] {
        assert_eq!(read(near), Ok("Phone".to_owned()));
    }
    for far in [pairing::CLOCK_SLACK_MS + 1, 365 * 24 * 3_600_000, i64::MAX - now] {
        assert_eq!(read(far), Err(Refusal::Expired));
    }
}

#[test]
fn safety_words_do_not_depend_on_who_looks() {
    let words = safety_words(&[1; 32], &[2; 32]);
    assert_eq!((words.len(), &words), (8, &safety_words(&[2; 32], &[1; 32])));
    assert_ne!(words, safety_words(&[1; 32], &[3; 32]));
}

#[test]
fn codes_are_stable_and_distinct() {
    let codes: std::collections::BTreeSet<&str> = Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
    assert_eq!(codes.len(), Refusal::ALL.len());
    insta::assert_snapshot!(Refusal::ALL.iter().map(|refusal| refusal.code()).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_weak_key_signs_nothing() {
    let mut identity = [0; 32];
    identity[0] = 1;
    let refused = DeviceId(identity).verify(&[b"anything"], &Signature([0; 64]));
    assert!(refused.is_err());
    let mut signature = [0; 64];
    signature[0] = 1;
    assert!(DeviceId(identity).verify(&[b"anything"], &Signature(signature)).is_err());
}
