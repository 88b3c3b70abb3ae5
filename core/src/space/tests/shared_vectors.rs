//! Frozen layouts of shared spaces, like those of `vectors`: they only ever grow.
use super::vectors::Lines;
use super::{Fixed, device, log_of};
use trellis_api_types::plan::{Goal, GoalText};
use trellis_api_types::settings::Language;

use crate::crypto::codec::{self, Extensible};
use crate::crypto::invite::{JoinCode, JoinMessage};
use crate::crypto::{Phrase, Secret};
use crate::space::consent::*;
use crate::space::device_log::DeviceLog;
use crate::space::join::{Asking, Invite, Joined, Terms};
use crate::space::members::{JoinRequest, Members, Op, Policy, Role, SpaceKind};
use crate::space::record::{Day, Dimension, Record};
use crate::space::{AccountId, EpochKey, EpochSecret, ItemId, Mark, SpaceId, WriterId};

/// A group of device 1's account and device 2's.
fn roster(lines: &mut Lines) {
    let (one, two) = (device(1), device(2));
    let log = log_of(&one);
    let other = DeviceLog::create(&Phrase::new(Secret::new([8; 32])), two.public()).unwrap();
    let (kind, role) = (SpaceKind::Group, Role::Facilitator);
    let (mut members, _) =
        Members::found(kind, "Tuesday", role, &log, &one.sign_key(), &Fixed::new(10)).unwrap();
    lines.hex("shared space", members.space().0);
    let request = JoinRequest::sign(&members.space(), other.account(), &two.sign_key(), &Fixed::new(11));
    members.take_log(&other).unwrap();
    let account = other.account();
    let add = Op::Add { request, role: Role::Peer };
    let ops =
        [Op::Promote { account }, Op::Demote { account }, Op::Settle { policy: Policy::MEMBERS_INVITE }];
    let own = [Op::Role { role: Role::Coach }, Op::Affirm, Op::Leave];
    let remove = Op::Remove { account };
    [add].into_iter().chain(ops).chain([remove]).chain(own).for_each(|op| {
        members.author(op, log.account(), &one.sign_key()).unwrap();
    });
    let names = ["genesis", "add", "promote", "demote", "settle", "remove", "role", "affirm", "leave"];
    for (name, entry) in names.iter().zip(members.entries()) {
        lines.hex(&format!("roster.{name}"), entry.bytes());
        lines.hex(&format!("roster.{name}.id"), entry.id().0);
    }
}

fn records(lines: &mut Lines) {
    for (name, content) in super::super::record::tests::all() {
        let record = Record::new(AccountId([9; 32]), content);
        lines.hex(&format!("record.{name}"), record.draft(vec![1; 16]).unwrap().body);
    }
    lines.hex("record key(05*32, a-1)", record_key(&SpaceId([5; 32]), "a-1"));
}

fn consent(lines: &mut Lines) {
    let bare = Consent::new(AccountId([9; 32]), RecipientKind::Person, Day(20_000));
    lines.hex("consent.nothing", bare.draft().unwrap().body);
    let text = || "Text".to_owned();
    let known = Mark { writer: WriterId([2; 16]), seq: 3, id: ItemId([4; 32]) };
    let full = Consent {
        fields: Fields::MOOD.with(Fields::SETBACKS),
        goals: Goals::Some { dimensions: vec![Dimension::Home], goals: vec!["a-1".into()] },
        purpose: text(),
        recipient: RecipientKind::Programme,
        from: Day(19_990),
        backwards: true,
        retract: true,
        replaces: vec![ItemId([5; 32])],
        known: vec![known],
        until: Some(Until::Date(Day(20_090))),
        part2: Some(Part2 {
            patient: text(),
            discloser: text(),
            recipients: text(),
            revoking: text(),
            signature: text(),
        }),
        ..bare.clone()
    };
    lines.hex("consent.full", full.draft().unwrap().body);
    let event = Consent { goals: Goals::All, until: Some(Until::Event(text())), ..bare };
    lines.hex("consent.event", event.draft().unwrap().body);
    let (all, blind) = (Extensible::Known(event), Secret::new([6; 32]));
    let effective = Effective::of(&[Given { id: ItemId([5; 32]), consent: all }], Day(20_000)).unwrap();
    let goal = Goal {
        id: "a-1".into(),
        text: GoalText {
            dimension: Dimension::Home.into(),
            title: text(),
            reason: text(),
            state: Default::default(),
        },
        steps: vec![],
        helps: vec![],
        supporters: vec![],
    };
    let source = Source { space: &SpaceId([5; 32]), blind: &blind };
    let shared = effective.goal(&goal, source).unwrap();
    lines.hex("projection.goal", codec::encode(&Record::new(AccountId([9; 32]), shared)));
}

/// An invitation by device 1's account, asked for by device 2's.
fn inviting(lines: &mut Lines) {
    let (one, two) = (device(1), device(2));
    let log = log_of(&one);
    let code = JoinCode::new(Secret::new([5; 16]), Some("https://relay.example".into()));
    lines.text("join code(05*16).link", &code.to_link());
    let (kind, role) = (SpaceKind::Pair, Role::Sponsor);
    let (mut members, _) = Members::found(kind, "", role, &log, &one.sign_key(), &Fixed::new(10)).unwrap();
    let terms = Terms {
        space: members.space(),
        kind,
        name: String::new(),
        account: log.account(),
        inviter: "Ana".into(),
        role: Role::Sponsee,
        fields: Fields::MOOD,
        goals: Goals::None,
        purpose: "Text".into(),
        expires_ms: 1_000,
        single: true,
    };
    let invite = Invite::new(terms, &Fixed::new(12)).unwrap();
    lines.hex("join.invite key", invite.secret.public().0);
    lines.hex("join.control key", invite.secret.control().id().0);
    lines.hex("join.owner token", invite.owner_token().0);
    lines.hex("join.offer", &invite.offer);
    lines.hex("join.withdrawn", codec::encode(&invite.withdraw()));
    let other = DeviceLog::create(&Phrase::new(Secret::new([8; 32])), two.public()).unwrap();
    let (_, request) = Asking::start(&invite.offer, &two, &other, "Ben", 0, &Fixed::new(13)).unwrap();
    lines.hex("join.request", codec::encode(&request));
    let JoinMessage::Request(sealed) = request else { panic!("not a request") };
    let asked = invite.read_request(&sealed, &Default::default(), 0).ok().unwrap();
    lines.hex("join.request id", asked.id());
    lines.hex("join.declined", codec::encode(&asked.decline(&invite)));
    lines.text("join.words", &asked.words().say(Language::En).join(" "));
    members.take_log(&asked.log).unwrap();
    let add = Op::Add { request: asked.request, role: asked.role };
    members.author(add, log.account(), &one.sign_key()).unwrap();
    let epoch = EpochKey { opener: one.id(), secret: EpochSecret::new(Secret::new([1; 32])) };
    let joined = Joined::of(&members, vec![epoch], vec!["https://relay.example".into()]);
    lines.hex("joined", joined.encode(&other.account()));
    for message in asked.answer(&joined, &Fixed::new(14)).unwrap() {
        lines.hex("join.answer", codec::encode(&message));
    }
}

fn frozen(name: &str, part: fn(&mut Lines)) {
    let mut lines = Lines::default();
    part(&mut lines);
    insta::assert_snapshot!(name, lines.0);
    let documented = include_str!("../../../../docs/protocol.md");
    for line in lines.0.lines() {
        assert!(documented.contains(line), "docs/protocol.md does not show: {line}");
    }
}

#[test]
fn the_roster_is_frozen() {
    frozen("roster", roster);
}

#[test]
fn records_are_frozen() {
    frozen("records", records);
}

#[test]
fn consents_are_frozen() {
    frozen("consents", consent);
}

#[test]
fn inviting_is_frozen() {
    frozen("inviting", inviting);
}
