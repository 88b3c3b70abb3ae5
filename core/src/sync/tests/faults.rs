//! Loss, duplicates, restarts, pulled plugs, and relays that forget.

use proptest::prelude::*;
use trellis_api_types::devices::PairingState;
use trellis_api_types::sync::{RelayChoice, SyncState};

use super::people::DAY;
use super::world::{Line, World, choice};
use crate::fault;
use crate::space::members::Role;
use crate::sync::relay_choice;

#[derive(Clone, Debug)]
enum Act {
    Save(usize, u8),
    Step(usize, Line),
    Restart(usize),
    Pass(u32),
    Days(i64),
    Wipe,
    Rewind,
}

fn line() -> impl Strategy<Value = Line> {
    prop_oneof![
        5 => Just(Line::Fine),
        1 => Just(Line::LostThere),
        2 => Just(Line::LostBack),
        1 => Just(Line::Twice),
        1 => prop_oneof![Just(500), Just(429), Just(503)].prop_map(Line::Fails),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..3usize, 0..6u8).prop_map(|(phone, note)| Act::Save(phone, note)),
        10 => (0..3usize, line()).prop_map(|(phone, line)| Act::Step(phone, line)),
        1 => (0..3usize).prop_map(Act::Restart),
        3 => (0..120_000u32).prop_map(Act::Pass),
        1 => (1..40i64).prop_map(Act::Days),
        1 => Just(Act::Wipe),
        1 => Just(Act::Rewind),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    /// Whatever is lost, doubled, restarted, folded, trimmed or forgotten by the relay: in the end all devices hold the
    /// same, a new one too, and everything that was called saved is there.
    #[test]
    fn everything_converges(seed in 0..4u8, acts in prop::collection::vec(act(), 1..80)) {
        let mut world = World::of(seed, 3);
        world.phones.iter_mut().for_each(|phone| phone.fold_after(10));
        let mut older = world.relay.clone();
        for (number, act) in acts.into_iter().enumerate() {
            match act {
                Act::Save(phone, note) => {
                    world.phones[phone].save(&format!("note {note}"), &format!("text {number}")).unwrap();
                }
                Act::Step(phone, line) => drop(world.phones[phone].step(&mut world.relay, line).unwrap()),
                Act::Restart(phone) => world.phones[phone].restart(),
                Act::Pass(millis) => world.pass(millis.into()),
                Act::Days(days) => world.pass(days * 86_400_000),
                Act::Wipe => world.relay.boxes.clear(),
                Act::Rewind => std::mem::swap(&mut world.relay.boxes, &mut older.boxes),
            }
        }
        (0..4).for_each(|_| world.settle_all());
        world.assert_converged();
        for phone in &mut world.phones {
            let line = phone.line();
            prop_assert_eq!((line.only_here, line.set_aside, line.state), (0, 0, SyncState::Idle));
        }
        let new = world.add_phone();
        world.pair(0, new);
        (0..2).for_each(|_| world.settle_all());
        world.assert_converged();
    }
}

/// The plug is pulled at more than 200 random places between two steps of saving, signing, sending and
/// acknowledging: nothing that was called saved is lost, nothing is signed twice.
#[test]
fn a_pulled_plug_loses_nothing() {
    let mut world = World::of(7, 2);
    let (mut random, mut pulled) = (7_u32, 0);
    for round in 0..2000 {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let phone = (random >> 16) as usize % 2;
        fault::arm(Some((random >> 20) % 24));
        let saved = world.phones[phone].save(&format!("note {}", round % 9), &format!("text {round}"));
        let mut stopped = saved.is_err();
        for _ in 0..6 {
            stopped = stopped || world.phones[phone].step(&mut world.relay, Line::Fine).is_err();
        }
        fault::arm(None);
        world.pass(5_000);
        if stopped {
            world.phones[phone].restart();
            pulled += 1;
        }
        if pulled >= 220 {
            break;
        }
    }
    assert!(pulled >= 200, "{pulled}");
    world.settle_all();
    world.assert_converged();
    let forked = world.phones[0].store().read(|tx| crate::sync::keys::personal(tx)?.all_items()).unwrap();
    let places: std::collections::BTreeSet<_> = forked.iter().map(|item| (item.writer, item.seq)).collect();
    assert_eq!(places.len(), forked.len(), "a place in a chain was signed twice");
}

#[test]
fn a_relay_that_lost_everything_is_refilled() {
    let mut world = World::of(8, 2);
    for day in 0..120 {
        world.phones[day % 2].save(&format!("day {day}"), "note").unwrap();
    }
    world.settle_all();
    world.pass(600_000);
    world.settle_all();
    let before = world.relay.held();
    assert_eq!(world.relay.boxes.len(), 1, "the rendezvous was not cleared away");
    world.relay.boxes.clear();
    world.settle_all();
    assert_eq!(world.relay.held(), before);
    let new = world.add_phone();
    world.pair(0, new);
    world.settle_all();
    world.assert_converged();
}

#[test]
fn another_relay_gets_everything() {
    let mut world = World::of(31, 3);
    for day in 0..30 {
        world.phones[day % 3].save(&format!("day {day}"), "note").unwrap();
    }
    world.settle_all();
    // From now on there are two mailboxes, and the first is not written to any more.
    super::epochs::sign_out(&mut world, 0, 2);
    world.settle_all();
    world.phones[1].save("after", "note").unwrap();
    world.settle_all();

    world.relay = super::relay::SimRelay::new();
    let other = RelayChoice { address: "https://other.example".into(), ..choice() };
    for phone in &mut world.phones[..2] {
        phone.store().tx(|tx| relay_choice::set_choice(tx, &other)).unwrap();
        assert!(phone.line().only_here > 0, "nothing of it is on the new relay yet");
    }
    world.settle_all();
    assert!(world.phones[..2].iter_mut().all(|phone| phone.line().only_here == 0));
    let new = world.add_phone();
    world.pair(0, new);
    world.settle_all();
    assert_eq!(world.phones[new].holds().len(), 31);
}

#[test]
fn a_relay_put_back_to_an_older_state_is_caught_up() {
    let mut world = World::of(9, 2);
    world.pass(600_000);
    world.settle_all();
    let older = world.relay.clone();
    world.phones[0].save("a", "one").unwrap();
    world.phones[1].save("b", "two").unwrap();
    world.settle_all();
    let newer = world.relay.held();
    world.relay.boxes = older.boxes;
    world.settle_all();
    assert_eq!(world.relay.held(), newer);
    world.assert_converged();
}

#[test]
fn a_device_put_back_to_an_older_state_goes_on_under_a_fresh_writer() {
    let mut world = World::of(10, 2);
    world.phones[0].save("a", "one").unwrap();
    world.settle_all();
    let backup = world.phones[0].backup();
    let writer = world.phones[0].docs.writer();
    world.phones[0].save("b", "two").unwrap();
    world.settle_all();
    world.phones[0].put_back(&backup);
    world.settle(0);
    world.phones[0].save("c", "three").unwrap();
    world.settle_all();
    world.phones[0].save("d", "four").unwrap();
    world.settle_all();
    assert_ne!(world.phones[0].docs.writer(), writer);
    assert!(world.phones[1].holds().len() >= 3);
    assert_eq!(world.phones[0].holds(), world.phones[1].holds());
}

#[test]
fn failures_wait_longer_each_time_and_say_so() {
    let mut world = World::of(11, 1);
    world.phones[0].save("a", "one").unwrap();
    assert!(world.phones[0].step(&mut world.relay, Line::Fails(500)).unwrap());
    let SyncState::Failed { code, retry_at } = world.phones[0].line().state else { panic!("not failed") };
    assert_eq!(code, "relay-error");
    assert!(retry_at > world.now.get());
    assert!(!world.phones[0].step(&mut world.relay, Line::Fine).unwrap());
    world.pass(2_001);
    world.settle(0);
    assert_eq!(world.phones[0].line().only_here, 0);
}

#[test]
fn a_refused_envelope_does_not_hold_up_the_rest() {
    let mut world = World::of(12, 2);
    world.relay.largest = 2_000;
    world.phones[0].save("big", &"long ".repeat(2_000)).unwrap();
    world.phones[0].save("small", "short").unwrap();
    world.settle_all();
    let line = world.phones[0].line();
    assert_eq!(line.only_here, 1);
    assert!(matches!(line.state, SyncState::Failed { code, .. } if code == "relay-error"));
    world.relay.largest = 70_000;
    world.pass(3_600_001);
    world.settle_all();
    world.assert_converged();
    assert_eq!(world.phones[0].line().only_here, 0);
}

#[test]
fn a_clock_a_year_off_is_told_and_nothing_is_lost() {
    for year in [-1, 1] {
        let mut world = World::of(13, 2);
        world.phones[1].ground.skew.set(year * 365 * 86_400_000);
        world.phones[1].restart();
        world.phones[1].save("a", "from another year").unwrap();
        world.settle_all();
        assert!(
            matches!(world.phones[1].line().state, SyncState::Failed { code, .. } if code == "clock-wrong")
        );
        assert_eq!(world.phones[1].line().only_here, 0);
        world.assert_converged();
        let new = world.add_phone();
        world.pair(1, new);
        world.assert_converged();
    }
}

const YEARS: i64 = 5 * 365 * 86_400_000;

#[test]
fn what_was_refused_by_a_wrong_clock_is_sent_once_the_clock_is_right() {
    let mut world = World::of(14, 2);
    world.phones[0].ground.skew.set(YEARS);
    world.relay.largest = 2000;
    world.phones[0].save("a", &"a long note ".repeat(300)).unwrap();
    world.settle(0);
    assert_eq!(world.phones[0].line().only_here, 1);
    world.relay.largest = 70_000;
    world.phones[0].ground.skew.set(0);
    world.pass(60_000);
    world.phones[0].go_on(&mut world.relay);
    assert_eq!(world.phones[0].line().only_here, 0);
}

#[test]
fn sync_now_and_another_relay_do_not_wait_for_what_was_refused() {
    for moved in [false, true] {
        let mut world = World::of(15, 2);
        world.relay.largest = 2000;
        world.phones[0].save("a", &"a long note ".repeat(300)).unwrap();
        world.settle(0);
        assert_eq!(world.phones[0].line().only_here, 1);
        world.relay.largest = 70_000;
        let phone = &mut world.phones[0];
        phone.go_on(&mut world.relay);
        assert_eq!(phone.line().only_here, 1, "it waits while nobody asks");
        let store = phone.store.as_mut().unwrap();
        if moved { phone.engine.moved(store) } else { phone.engine.hurry(store) }.unwrap();
        phone.go_on(&mut world.relay);
        assert_eq!(phone.line().only_here, 0);
    }
}

#[test]
fn a_back_off_is_as_long_when_the_clock_is_set() {
    for jump in [-YEARS, -600_000, 600_000, YEARS] {
        let mut world = World::of(16, 1);
        world.phones[0].save("a", "note").unwrap();
        world.settle(0);
        world.phones[0].save("b", "note").unwrap();
        let phone = &mut world.phones[0];
        phone.engine.hurry(phone.store.as_mut().unwrap()).unwrap();
        phone.step(&mut world.relay, Line::LostThere).unwrap();
        phone.ground.skew.set(jump);
        phone.go_on(&mut world.relay);
        assert_eq!(phone.line().only_here, 1, "not before its time");
        world.pass(2_001);
        world.phones[0].go_on(&mut world.relay);
        assert_eq!(world.phones[0].line().only_here, 0);
    }
}

#[test]
fn the_first_pairing_code_stands_its_ten_minutes_by_any_clock() {
    for skew in [-3_600_000, 3_600_000] {
        let mut world = World::of(17, 1);
        world.phones[0].ground.skew.set(skew);
        world.phones[0].restart();
        let new = world.add_phone();
        world.pair(0, new);
        world.assert_converged();
    }
}

#[test]
fn a_pairing_code_survives_that_the_clock_is_put_right_meanwhile() {
    let mut world = World::of(18, 1);
    world.phones[0].ground.skew.set(3_600_000);
    world.phones[0].restart();
    let new = world.add_phone();
    let offer = world.offer(0);
    world.settle(0);
    world.phones[0].ground.skew.set(0);
    world.pass(60_000);
    world.phones[0].go_on(&mut world.relay);
    assert!(matches!(world.phones[0].pairing(), PairingState::Offered(_)));
    world.join(new, &offer.link);
    world.settle(new);
    world.settle(0);
    assert!(matches!(world.phones[0].pairing(), PairingState::Asked { .. }));
}

#[test]
fn an_invitation_made_by_a_wrong_clock_stands_its_full_time() {
    for skew in [-10 * DAY, 3_600_000] {
        let (mut world, space) = World::group(19, 1);
        let guest = world.add_person();
        world.phones[0].ground.skew.set(skew);
        world.phones[0].restart();
        let link = world.invite(0, &space, Role::Peer, true).unwrap();
        world.settle(0);
        world.pass(6 * DAY);
        world.ask_in(guest, &link, "Guest").unwrap();
        assert_eq!(world.let_all_in(0, &space), 1);
    }
}

/// A phone on a line of 6 KB a second has two minutes for a call: what waits goes in smaller calls, down to one envelope.
#[test]
fn a_long_queue_gets_through_a_poor_line() {
    let mut world = World::of(116, 2);
    let note = "a long note ".repeat(1500);
    world.phones[0].fill_with(200, |n| format!("{n} {note}"));
    let line = Line::Narrow(80_000);
    for _ in 0..400 {
        let (phone, relay) = (&mut world.phones[0], &mut world.relay);
        if !phone.step(relay, line).unwrap() {
            if phone.line().only_here == 0 {
                break;
            }
            world.pass(60_000);
        }
    }
    assert_eq!(world.phones[0].line().only_here, 0, "the queue stands still");
    world.settle(1);
    assert_eq!(world.phones[1].holds(), world.phones[0].holds());
}
