//! Rule 23: nobody enters who did not ask and was not let in, and everything else has a stable code.
use trellis_api_types::settings::Language;

use super::*;
use crate::crypto::Phrase;
use crate::crypto::invite::JoinCode;
use crate::crypto::pairing::PairCode;
use crate::space::members::{Members, Op};
use crate::space::roster::Roster;
use crate::space::tests::{Fixed, device, log_of};
use crate::space::{EpochKey, EpochSecret};

const NOW: i64 = 1_000;

/// An inviter with a group, and a newcomer who has nothing but the code.
struct Meeting {
    inviter: DeviceKeys,
    members: Members,
    invite: Invite,
    newcomer: DeviceKeys,
    log: DeviceLog,
}

fn newcomer_log() -> DeviceLog {
    DeviceLog::create(&Phrase::new(Secret::new([8; 32])), device(2).public()).unwrap()
}

impl Meeting {
    fn new(single: bool) -> Self {
        let (inviter, log) = (device(1), log_of(&device(1)));
        let (kind, role, entropy) = (SpaceKind::Group, Role::Facilitator, Fixed::new(1));
        let (members, _) =
            Members::found(kind, "Tuesday", role, &log, &inviter.sign_key(), &entropy).unwrap();
        let terms = Terms {
            space: members.space(),
            kind,
            name: "Tuesday".into(),
            account: log.account(),
            inviter: "Ana".into(),
            role: Role::Peer,
            fields: Fields::URGE,
            goals: Goals::None,
            purpose: "to notice".into(),
            expires_ms: NOW + LIFETIME_MS,
            single,
        };
        let invite = Invite::new(terms, &Fixed::new(2)).unwrap();
        Self { inviter, members, invite, newcomer: device(2), log: newcomer_log() }
    }

    fn asks(&self, seed: u64) -> (Asking, Sealed) {
        let entropy = Fixed::new(seed);
        let offer = &self.invite.offer;
        let (asking, message) =
            Asking::start(offer, &self.newcomer, &self.log, "Ben", NOW, &entropy).unwrap();
        let JoinMessage::Request(sealed) = message else { panic!("not a request") };
        (asking, sealed)
    }

    fn reads(&self, sealed: &Sealed) -> Result<Asked, Refusal> {
        self.invite.read_request(sealed, &BTreeSet::new(), NOW)
    }

    fn lets_in(&mut self, asked: &Asked) -> Joined {
        self.members.take_log(&asked.log).unwrap();
        let add = Op::Add { request: asked.request, role: asked.role };
        let account = log_of(&self.inviter).account();
        self.members.author(add, account, &self.inviter.sign_key()).unwrap();
        let epoch = EpochKey { opener: self.inviter.id(), secret: EpochSecret::new(Secret::new([4; 32])) };
        Joined::of(&self.members, vec![epoch], vec!["https://relay.example".into()])
    }

    /// A request with a changed body, signed and sealed as it should be.
    fn forged(&self, change: impl Fn(&mut Request)) -> Result<Asked, Refusal> {
        let keys = &self.newcomer;
        let mut body = Request {
            v: VERSION,
            device: keys.public(),
            request: JoinRequest::sign(
                &self.members.space(),
                self.log.account(),
                &keys.sign_key(),
                &Fixed::new(5),
            ),
            name: "Ben".into(),
            role: Role::Peer,
            log: self.log.entries().map(|entry| entry.bytes().to_vec().into()).collect(),
            nonce: [6; 32],
        };
        change(&mut body);
        let offer = Offer::read(&self.invite.offer, NOW).unwrap();
        let (body, sign) = (codec::encode(&body), keys.sign_key());
        let sealed = JoinMessage::request(&self.invite.offer, &offer.invite, &body, &sign, &Fixed::new(7));
        self.reads(&sealed.unwrap())
    }
}

#[test]
fn two_who_are_never_there_at_once_meet() {
    let mut meeting = Meeting::new(true);
    let code = JoinCode::random(Some("https://relay.example".into()), &Fixed::new(9));
    let mut mailbox = vec![code.seal(&meeting.invite.message(), &Fixed::new(10)).unwrap()];
    let typed = JoinCode::parse(&code.to_words().say(Language::Es).join(" ")).ok().unwrap();
    let open = |mailbox: &[Vec<u8>]| -> Vec<JoinMessage> {
        mailbox.iter().map(|bytes| typed.open(bytes).unwrap()).collect()
    };
    assert!(Offer::find(&[], NOW).unwrap().is_none());
    let (offer, bytes) = Offer::find(&open(&mailbox), NOW).unwrap().unwrap();
    assert_eq!((offer.terms.inviter.as_str(), bytes), ("Ana", meeting.invite.offer.clone()));
    let (asking, sealed) = meeting.asks(11);
    mailbox.push(code.seal(&JoinMessage::Request(sealed.clone()), &Fixed::new(12)).unwrap());
    let kept = asking.to_kept();
    assert!(asking.read(&meeting.newcomer, &open(&mailbox), NOW).unwrap().is_none());
    let asked = meeting.reads(&sealed).ok().unwrap();
    assert_eq!((asked.name.as_str(), asked.words()), ("Ben", asking.words(&meeting.log.account()).unwrap()));
    let joined = meeting.lets_in(&asked);
    for message in asked.answer(&joined, &Fixed::new(13)).unwrap() {
        mailbox.push(code.seal(&message, &Fixed::new(14)).unwrap());
    }
    let resumed = Asking::resume(&kept).ok().unwrap();
    let got = resumed.read(&meeting.newcomer, &open(&mailbox), NOW + 2 * LIFETIME_MS).unwrap().unwrap();
    assert_eq!(got.members.state(), meeting.members.state());
    assert!(got.members.entitled().contains_key(&meeting.newcomer.id()));
    assert_eq!(got.epochs[0].secret.secret().expose(), &[4; 32]);
    assert_eq!(got.relays, ["https://relay.example"]);
}

#[test]
fn an_offer_ends_by_time_by_use_and_by_its_maker() {
    let meeting = Meeting::new(true);
    let (asking, sealed) = meeting.asks(11);
    let late = NOW + LIFETIME_MS + 1;
    let read = |answered: &BTreeSet<[u8; 32]>, now| meeting.invite.read_request(&sealed, answered, now).err();
    assert_eq!(read(&BTreeSet::new(), late), Some(Refusal::Expired));
    assert_eq!(Offer::find(&[meeting.invite.message()], late).err(), Some(Refusal::Expired));
    assert_eq!(asking.read(&meeting.newcomer, &[], late).err(), Some(Refusal::Expired));
    assert_eq!(read(&[[1; 32]].into(), NOW), Some(Refusal::Replayed));
    let group = Meeting::new(false);
    let (_, sealed) = group.asks(11);
    let id = group.reads(&sealed).ok().unwrap().id();
    assert!(group.invite.read_request(&sealed, &[[1; 32]].into(), NOW).is_ok());
    assert_eq!(group.invite.read_request(&sealed, &[id].into(), NOW).err(), Some(Refusal::Replayed));
    let messages = [meeting.invite.message(), meeting.invite.withdraw()];
    assert_eq!(Offer::find(&messages, NOW).err(), Some(Refusal::Withdrawn));
    assert_eq!(asking.read(&meeting.newcomer, &messages, NOW).err(), Some(Refusal::Withdrawn));
    let forged = [
        meeting.invite.message(),
        group.invite.withdraw(),
        InviteSecret::random(&Fixed::new(40)).withdraw(&meeting.invite.offer),
    ];
    assert!(Offer::find(&forged, NOW).unwrap().is_some());
}

#[test]
fn a_no_is_the_inviters_and_for_one_request() {
    let meeting = Meeting::new(false);
    let (asking, sealed) = meeting.asks(11);
    let (other, _) = meeting.asks(21);
    let no = meeting.reads(&sealed).ok().unwrap().decline(&meeting.invite);
    assert_eq!(asking.read(&meeting.newcomer, std::slice::from_ref(&no), NOW).err(), Some(Refusal::Declined));
    assert!(other.read(&meeting.newcomer, &[no], NOW).unwrap().is_none());
    let forged = InviteSecret::random(&Fixed::new(40)).decline(&meeting.invite.offer, asking.channel.request);
    assert!(asking.read(&meeting.newcomer, &[forged], NOW).unwrap().is_none());
}

#[test]
fn a_request_is_by_a_device_of_the_account_for_this_space() {
    let meeting = Meeting::new(true);
    assert!(meeting.forged(|_| {}).is_ok());
    let refused = |change: fn(&mut Request)| meeting.forged(change).err();
    let sign = |account: AccountId, space: &SpaceId, keys: &DeviceKeys| {
        JoinRequest::sign(space, account, &keys.sign_key(), &Fixed::new(5))
    };
    assert_eq!(refused(|body| body.device.id = device(3).id()), Some(Refusal::Forged));
    assert_eq!(refused(|body| body.device.agree = device(3).public().agree), Some(Refusal::NotEntitled));
    assert_eq!(refused(|body| body.log.clear()), Some(Refusal::NotEntitled));
    assert_eq!(refused(|body| body.v = 2), Some(Refusal::UnknownVersion));
    assert_eq!(refused(|body| body.name = "n".repeat(61)), Some(Refusal::Oversized));
    let space = meeting.members.space();
    let elsewhere = sign(meeting.log.account(), &SpaceId([1; 32]), &meeting.newcomer);
    assert_eq!(meeting.forged(|body| body.request = elsewhere).err(), Some(Refusal::Forged));
    let victim = sign(log_of(&device(1)).account(), &space, &meeting.newcomer);
    assert_eq!(meeting.forged(|body| body.request = victim).err(), Some(Refusal::NotEntitled));
    let (_, mut altered) = meeting.asks(11);
    altered.ciphertext[40] ^= 1;
    assert_eq!(meeting.reads(&altered).err(), Some(Refusal::CannotOpen));
    let (_, sealed) = meeting.asks(11);
    let mut elsewhere = Meeting::new(false);
    elsewhere.invite.secret = meeting.invite.secret.clone();
    assert_eq!(elsewhere.reads(&sealed).err(), Some(Refusal::CannotOpen), "another offer of the same key");
}

#[test]
fn only_the_holder_of_the_invite_answers_and_only_the_asker_reads_it() {
    let mut meeting = Meeting::new(false);
    let (asking, sealed) = meeting.asks(11);
    let (other, _) = meeting.asks(21);
    let asked = meeting.reads(&sealed).ok().unwrap();
    let joined = meeting.lets_in(&asked);
    let answer = asked.answer(&joined, &Fixed::new(13)).unwrap();
    assert!(asking.read(&meeting.newcomer, &answer, NOW).unwrap().is_some());
    assert!(other.read(&meeting.newcomer, &answer, NOW).unwrap().is_none());
    assert!(asking.read(&device(3), &answer, NOW).unwrap().is_none());
    let guessed = Channel::new(&meeting.invite.offer, b"", &sealed, &[0; 32]);
    let forged =
        guessed.seal(&asked.device.agree, &joined.encode(&asked.request.account), &Fixed::new(15)).unwrap();
    assert!(asking.read(&meeting.newcomer, &forged, NOW).unwrap().is_none());
    let both = [forged, answer].concat();
    assert!(asking.read(&meeting.newcomer, &both, NOW).unwrap().is_some());
}

#[test]
fn an_answer_lets_in_where_it_was_offered_by_who_offered_it() {
    let mut meeting = Meeting::new(false);
    let (asking, sealed) = meeting.asks(11);
    let asked = meeting.reads(&sealed).ok().unwrap();
    let read =
        |joined: &Joined| asking.read(&device(2), &asked.answer(joined, &Fixed::new(13)).unwrap(), NOW).err();
    let outside = Joined::of(&meeting.members, vec![], vec![]);
    assert_eq!(read(&outside), Some(Refusal::NotEntitled));
    let stranger = DeviceLog::create(&Phrase::new(Secret::new([9; 32])), device(9).public()).unwrap();
    let (elsewhere, _) = Members::found(
        SpaceKind::Group,
        "Tuesday",
        Role::Peer,
        &stranger,
        &device(9).sign_key(),
        &Fixed::new(1),
    )
    .unwrap();
    assert_eq!(read(&Joined::of(&elsewhere, vec![], vec![])), Some(Refusal::ForeignSpace));
    let joined = meeting.lets_in(&asked);
    let account = log_of(&device(1)).account();
    let mut left = joined.clone();
    left.members.author(Op::Leave, account, &device(1).sign_key()).unwrap();
    assert_eq!(read(&left), Some(Refusal::NotEntitled));
    assert_eq!(read(&joined), None);
}

#[test]
fn a_long_answer_comes_in_parts_in_any_order() {
    let meeting = Meeting::new(false);
    let (asking, sealed) = meeting.asks(11);
    let asked = meeting.reads(&sealed).ok().unwrap();
    let long: Vec<u8> = (0..100_000u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let mut parts = asked.channel.seal(&asked.device.agree, &long, &Fixed::new(3)).unwrap();
    assert_eq!(parts.len(), 3);
    parts.reverse();
    let key = meeting.newcomer.agree_key();
    assert_eq!(asking.channel.open(&key, &parts).map(|bytes| bytes.to_vec()), Some(long));
    assert!(
        asking.channel.open(&key, &parts[1..]).is_none() && asking.channel.open(&key, &parts[..2]).is_none()
    );
    let JoinMessage::Answer { part, .. } = &mut parts[0] else { panic!("not an answer") };
    *part = 1;
    assert!(asking.channel.open(&key, &parts).is_none());
    let huge = vec![0; 48 * 1024 * 257];
    let refused = asked.channel.seal(&asked.device.agree, &huge, &Fixed::new(3));
    assert_eq!(refused.err(), Some(Refusal::Oversized));
}

#[test]
fn a_joining_code_is_no_pairing_code() {
    let code = JoinCode::random(None, &Fixed::new(1));
    assert!(code.to_link().starts_with("trellis:join#"));
    assert_eq!(JoinCode::parse(&code.to_link()).ok().unwrap().mailbox(), code.mailbox());
    assert_eq!(PairCode::parse(&code.to_link()).err().unwrap().refusal, Refusal::BadLink);
    let pair = PairCode::random(None, &Fixed::new(1));
    assert_eq!(JoinCode::parse(&pair.to_link()).err().unwrap().refusal, Refusal::BadLink);
    let message = Meeting::new(true).invite.withdraw();
    let mut sealed = code.seal(&message, &Fixed::new(2)).unwrap();
    assert_eq!(pair.open(&sealed).err(), Some(Refusal::CannotOpen), "even with the same secret");
    *sealed.last_mut().unwrap() ^= 1;
    assert_eq!(code.open(&sealed).err(), Some(Refusal::CannotOpen));
    let same = JoinCode::new(Secret::new(*code.secret().expose()), None);
    assert_eq!(same.mailbox(), code.mailbox());
    assert_ne!(Meeting::new(true).invite.owner_token().0, pair.owner_token().0);
}

#[test]
fn terms_have_limits() {
    let terms = Offer::read(&Meeting::new(true).invite.offer, NOW).unwrap().terms;
    let refused = |terms: Terms| Invite::new(terms, &Fixed::new(2)).err();
    assert_eq!(refused(Terms { inviter: "n".repeat(61), ..terms.clone() }), Some(Refusal::Oversized));
    assert_eq!(refused(Terms { purpose: "n".repeat(2001), ..terms.clone() }), Some(Refusal::Oversized));
    assert_eq!(refused(Terms { name: "n".repeat(257), ..terms }), Some(Refusal::Oversized));
}
