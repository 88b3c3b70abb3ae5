//! Invitations that were used, ended, altered, or are answered by who has only the link.

use trellis_protocol::Cursor;
use trellis_protocol::wire::{MailboxResult, MailboxStatus, MailboxSync, SyncResponse};

use super::super::people::DAY;
use super::super::world::{Line, World};
use crate::crdt::Docs;
use crate::crypto::invite::{JoinCode, JoinMessage};
use crate::crypto::{Sealed, Signature};
use crate::error::Error;
use crate::space::SpaceId;
use crate::space::join::{Asking, Invite, Offer};
use crate::space::members::Role;
use crate::store::SpaceTx;
use crate::sync::engine::effects::{Next, Purpose, Sent};
use crate::sync::joining::invites;
use crate::sync::space_state::Known;
use crate::sync::{keys, space_state};
use crate::transport::{Call, Reply};

/// Why the way in by a link ended, if it did.
fn failed(world: &mut World, phone: usize, link: &str) -> Option<String> {
    world.phones[phone].store().read(|tx| tx.rendezvous(link)).unwrap().and_then(|row| row.failed)
}

/// How many ask to come into a space.
fn asking(world: &mut World, phone: usize, space: &SpaceId) -> usize {
    let now = world.now.get();
    world.phones[phone].within(space, |tx, docs, _| Ok(invites::asked(tx, docs, now)?.len())).unwrap()
}

/// Somebody who has the link and nothing else puts a message there.
fn put(world: &mut World, code: &JoinCode, message: &JoinMessage) {
    let sealed = code.seal(message, &world.phones[0].ground.clone()).unwrap();
    world.relay.plant(code.mailbox(), sealed);
}

#[test]
fn a_single_invitation_lets_one_person_in_and_an_open_one_each_person_once() {
    let (mut world, space) = World::group(100, 2);
    let (first, second) = (world.add_person(), world.add_person());
    let link = world.invite(0, &space, Role::Peer, true).unwrap();
    world.settle(0);
    world.ask_in(first, &link, "First").unwrap();
    world.ask_in(second, &link, "Second").unwrap();
    world.settle(0);
    assert_eq!(asking(&mut world, 0, &space), 2, "a person decides which");
    let now = world.now.get();
    let ids = world.phones[0].within(&space, |tx, docs, _| {
        Ok(invites::asked(tx, docs, now)?.iter().map(|(_, one)| hex::encode(one.id())).collect::<Vec<_>>())
    });
    let ids = ids.unwrap();
    let ground = world.phones[0].ground.clone();
    let answer = |world: &mut World, id: &str| {
        world.phones[0]
            .within(&space, |tx, docs, known| invites::answer(tx, docs, &ground, known, id, true, now))
    };
    answer(&mut world, &ids[0]).unwrap();
    for id in &ids {
        assert_eq!(answer(&mut world, id).unwrap_err().code, "not-found", "used up");
    }
    world.settle_all();
    assert_eq!(world.phones[0].members(&space).len(), 3);
    let open = world.invite(0, &space, Role::Peer, false).unwrap();
    world.settle(0);
    let left = if world.phones[first].has_space(&space) { second } else { first };
    world.ask_in(left, &open, "Again").unwrap();
    assert_eq!(world.let_all_in(0, &space), 1);
    assert_eq!(world.let_all_in(0, &space), 0, "the same request asks once");
    world.settle_all();
    world.go_on(&space, &[0, 1, first, second]);
}

#[test]
fn an_invitation_that_ended_or_was_taken_back_leads_nowhere_and_says_so() {
    let (mut world, space) = World::group(101, 2);
    let guest = world.add_person();
    let late = world.invite(0, &space, Role::Peer, true).unwrap();
    let back = world.invite(0, &space, Role::Peer, true).unwrap();
    world.settle(0);
    let invites = world.phones[0].within(&space, |tx, docs, _| invites::all(tx, docs)).unwrap();
    let code = |link: &str| JoinCode::parse(link).unwrap();
    let named = |link: &str| {
        let secret = hex::encode(code(link).secret().expose());
        invites.iter().find(|invite| invite.code == secret).unwrap().id.clone()
    };
    let (id, ground, now) = (named(&back), world.phones[0].ground.clone(), world.now.get());
    world.phones[0].within(&space, |tx, docs, _| invites::withdraw(tx, docs, &ground, &id, now)).unwrap();
    world.settle(0);
    assert!(world.ask_in(guest, &back, "Guest").is_err());
    assert_eq!(failed(&mut world, guest, &back).as_deref(), Some("invite-withdrawn"));
    world.pass(7 * DAY + 60_000);
    world.settle(0);
    assert!(world.ask_in(guest, &late, "Guest").is_err());
    assert_eq!(failed(&mut world, guest, &late).as_deref(), Some("expired"));
    assert_eq!(asking(&mut world, 0, &space), 0);
    world.go_on(&space, &[0, 1]);
}

#[test]
fn who_has_only_the_link_neither_answers_nor_declines_nor_withdraws() {
    let (mut world, space) = World::group(102, 2);
    let (guest, thief) = (world.add_person(), world.add_person());
    let link = world.invite(0, &space, Role::Peer, true).unwrap();
    world.settle(0);
    let code = JoinCode::parse(&link).unwrap();
    let seen = world.relay.envelopes(code.mailbox());
    let JoinMessage::Offer(offer) = code.open(&seen[0]).unwrap() else { panic!("no offer") };
    world.ask_in(guest, &link, "Guest").unwrap();
    // Everything that somebody can make who knows the link, and reads along.
    let ground = world.phones[thief].ground.clone();
    let terms = Offer::read(&offer, 0).unwrap().terms;
    let own = Invite::new(terms, &ground).unwrap();
    let noise = Sealed { enc: [5; 32], ciphertext: vec![7; 80].into() };
    let request = world.relay.envelopes(code.mailbox()).iter().find_map(|bytes| match code.open(bytes) {
        Ok(JoinMessage::Request(sealed)) => Some(sealed),
        _ => None,
    });
    let request = request.unwrap();
    let id = crate::crypto::kdf::hash(&[&crate::crypto::codec::encode(&request)]);
    let mut altered = request.clone();
    altered.ciphertext[30] ^= 1;
    let signature = Signature([3; 64]);
    let messages = [
        own.message(),
        own.withdraw(),
        JoinMessage::Withdrawn { signature },
        JoinMessage::Declined { request: id, signature },
        JoinMessage::Answer { request: id, part: 0, parts: 1, sealed: noise.clone() },
        JoinMessage::Answer { request: id, part: 40, parts: u32::MAX, sealed: noise.clone() },
        JoinMessage::Request(noise),
        JoinMessage::Request(altered),
        JoinMessage::Request(request),
    ];
    messages.iter().for_each(|message| put(&mut world, &code, message));
    world.relay.plant(code.mailbox(), b"noise".to_vec());
    world.settle(guest);
    assert_eq!(failed(&mut world, guest, &link), None);
    assert_eq!(world.let_all_in(0, &space), 1, "one request, however often it lies there");
    world.settle(0);
    world.settle(guest);
    world.settle(guest);
    assert!(world.phones[guest].has_space(&space));
    world.settle_all();
    world.go_on(&space, &[0, 1, guest]);
    assert!(!world.phones[thief].has_space(&space));
}

#[test]
fn an_answer_that_the_relay_lost_is_given_again() {
    let (mut world, space) = World::group(104, 2);
    let guest = world.add_person();
    let link = world.invite(0, &space, Role::Peer, true).unwrap();
    world.settle(0);
    world.ask_in(guest, &link, "Guest").unwrap();
    let before = world.relay.boxes.clone();
    assert_eq!(world.let_all_in(0, &space), 1);
    world.settle(0);
    world.relay.boxes = before;
    world.settle(guest);
    assert!(!world.phones[guest].has_space(&space), "the answer is not there any more");
    for _ in 0..3 {
        world.pass(60_000);
        world.settle(0);
        world.settle(guest);
    }
    assert!(world.phones[guest].has_space(&space));
    world.settle_all();
    world.go_on(&space, &[0, 1, guest]);
}

#[test]
fn an_answer_that_is_given_during_a_look_goes_out_after_it() {
    let (mut world, space) = World::group(107, 2);
    let guest = world.add_person();
    let link = world.invite(0, &space, Role::Peer, true).unwrap();
    world.settle(0);
    world.ask_in(guest, &link, "Guest").unwrap();
    world.settle(0);
    let host = &mut world.phones[0];
    host.engine.hurry(host.store.as_mut().unwrap()).unwrap();
    let Next::Call(under_way) = host.next().unwrap() else { panic!("no look") };
    assert_eq!(under_way.purpose, Purpose::Meeting);
    let (ground, now) = (host.ground.clone(), host.ground.now.get());
    let ids = host.within(&space, |tx, docs, _| invites::asked(tx, docs, now)).unwrap();
    let id = hex::encode(ids[0].1.id());
    let yes = |tx: &SpaceTx<'_>, docs: &mut Docs, known: &mut Known| {
        invites::answer(tx, docs, &ground, known, &id, true, now)
    };
    host.within(&space, yes).unwrap();
    let reply = world.relay.answer(&under_way.call);
    let store = host.store.as_mut().unwrap();
    host.engine.done(store, &mut host.docs, &host.ground, *under_way, reply).unwrap();
    while host.step(&mut world.relay, Line::Fine).unwrap() {}
    world.settle(guest);
    assert!(world.phones[guest].has_space(&space));
}

/// Answers every call in the same useless way.
fn useless(call: &Call, status: MailboxStatus) -> Reply {
    let Call::Sync(body) = call else { return Reply::Done };
    let result = |ask: &MailboxSync| MailboxResult {
        mailbox: ask.token.mailbox(),
        status,
        appended: Vec::new(),
        envelopes: Vec::new(),
        ids: Vec::new(),
        more: true,
        head: Cursor::default(),
        at: ask.cursor,
    };
    Reply::Sync(SyncResponse { now: 0, mailboxes: body.mailboxes.iter().map(result).collect() })
}

#[test]
fn a_relay_that_gives_useless_answers_is_not_asked_without_end() {
    for status in [MailboxStatus::Missing, MailboxStatus::Resync, MailboxStatus::Ok] {
        let (mut world, space) = World::group(105, 2);
        let guest = world.add_person();
        let link = world.invite(0, &space, Role::Peer, true).unwrap();
        world.settle(0);
        let _ = world.ask_in(guest, &link, "Guest");
        world.pass(3_600_000);
        for phone in [0, guest] {
            let meetings = |sent: &Sent| sent.purpose == Purpose::Meeting;
            let mut asked = 0;
            for _ in 0..200 {
                let phone = &mut world.phones[phone];
                let Next::Call(sent) = phone.next().unwrap() else { break };
                asked += u32::from(meetings(&sent));
                let reply = useless(&sent.call, status);
                let store = phone.store.as_mut().unwrap();
                phone.engine.done(store, &mut phone.docs, &phone.ground, *sent, Ok(reply)).unwrap();
            }
            assert!(asked < 5, "{asked} calls in one moment after {status:?}");
        }
    }
}

#[test]
fn an_invitation_that_is_nowhere_is_looked_for_ever_more_seldom_and_given_up() {
    let (mut world, _) = World::group(106, 1);
    let guest = world.add_person();
    let code = JoinCode::random(None, &world.phones[0].ground.clone());
    let now = world.now.get();
    world.phones[guest].store().tx(|tx| invites::look(tx, "nowhere", &code, now)).unwrap();
    let looks = |world: &mut World, hours: i64| {
        let before = world.phones[guest].calls.0;
        for _ in 0..hours * 120 {
            world.pass(30_000);
            while world.phones[guest].step(&mut world.relay, Line::Fine).unwrap() {}
        }
        world.phones[guest].calls.0 - before
    };
    let (first, second) = (looks(&mut world, 1), looks(&mut world, 1));
    assert!(first > 100 && second < 20, "{first} in the first hour, {second} in the second");
    assert_eq!(failed(&mut world, guest, "nowhere"), None);
    world.pass(31 * DAY);
    world.settle(guest);
    assert_eq!(failed(&mut world, guest, "nowhere").as_deref(), Some("expired"));
}

#[test]
fn a_request_for_another_offer_is_no_request_here() {
    let (mut world, space) = World::group(103, 2);
    let guest = world.add_person();
    let links = [0, 1].map(|_| world.invite(0, &space, Role::Peer, false).unwrap());
    world.settle(0);
    let codes = links.map(|link| JoinCode::parse(&link).unwrap());
    let there = world.relay.envelopes(codes[1].mailbox());
    let JoinMessage::Offer(offer) = codes[1].open(&there[0]).unwrap() else { panic!("no offer") };
    let (ground, now) = (world.phones[guest].ground.clone(), world.now.get());
    let asked = world.phones[guest].store().read(|tx| {
        let (_, message) =
            Asking::start(&offer, &keys::device(tx)?, &space_state::own_log(tx)?, "Guest", now, &ground)?;
        Ok::<_, Error>(message)
    });
    put(&mut world, &codes[0], &asked.unwrap());
    world.settle(0);
    assert_eq!(asking(&mut world, 0, &space), 0);
    world.go_on(&space, &[0, 1]);
}

#[test]
fn whoever_has_a_public_link_makes_the_inviter_read_only_so_much() {
    let (mut world, space) = World::group(108, 2);
    let (guest, stranger) = (world.add_person(), world.add_person());
    let link = world.invite(0, &space, Role::Peer, false).unwrap();
    world.settle(0);
    let code = JoinCode::parse(&link).unwrap();
    let seen = world.relay.envelopes(code.mailbox());
    let JoinMessage::Offer(offer) = code.open(&seen[0]).unwrap() else { panic!("no offer") };
    // What is no request is not kept, and takes nobody's place.
    for n in 0..200u8 {
        put(
            &mut world,
            &code,
            &JoinMessage::Request(Sealed { enc: [n; 32], ciphertext: vec![n; 80].into() }),
        );
    }
    world.ask_in(guest, &link, "Guest").unwrap();
    world.settle(0);
    assert_eq!(asking(&mut world, 0, &space), 1);
    let counts =
        |world: &mut World| world.phones[0].store().read(|tx| tx.message_counts(code.mailbox())).unwrap();
    assert_eq!(counts(&mut world), (2, 1), "the offer and one request");
    // What is one is kept up to a number.
    let ground = world.phones[stranger].ground.clone();
    let (keys, log) = world.phones[stranger]
        .store()
        .read(|tx| Ok::<_, Error>((keys::device(tx)?, space_state::own_log(tx)?)))
        .unwrap();
    for n in 0..100 {
        let (_, message) =
            Asking::start(&offer, &keys, &log, &format!("Name {n}"), world.now.get(), &ground).unwrap();
        put(&mut world, &code, &message);
    }
    world.settle(0);
    assert_eq!(counts(&mut world), (65, 64));
    assert_eq!(asking(&mut world, 0, &space), 2, "one account asks once");
    assert_eq!(world.let_all_in(0, &space), 2);
    world.settle_all();
    world.go_on(&space, &[0, 1, guest]);
}
