//! Honest people beside a hostile member, with databases that are put back to older copies and a relay that refuses, from one
//! seed.

use super::super::people::DAY;
use super::super::refusing::Refusing;
use super::super::shared_hostile::HOUR;
use super::super::world::World;
use super::Cast;
use super::acts::Sim;
use super::hostile::Mallory;
use super::model::{Call, Note};
use super::random::Random;
use super::restored::Copies;
use crate::space::SpaceId;
use crate::space::members::Op;
use crate::space::record::Content;
use crate::store::records::Pick;
use crate::sync::keys;
use crate::sync::shared::records;

/// What goes wrong in a seed, beside Mallory.
#[derive(Clone, Copy, Debug)]
pub struct Trouble {
    /// Copies are put back.
    pub restored: bool,
    /// The relay refuses.
    pub refusing: bool,
}

pub struct Hostile {
    sim: Sim,
    mallory: Mallory,
    random: Random,
    trouble: Trouble,
    copies: Copies,
}

impl Hostile {
    /// Mallory is the last one of the cast.
    pub fn new(mut world: World, space: SpaceId, mut cast: Cast, seed: u64) -> Self {
        let devices = cast.pop().expect("somebody who is hostile");
        let (account, mut random) = (world.phones[devices[0]].account(), Random::new(!seed));
        let trouble = Trouble { restored: random.one_in(3), refusing: random.one_in(3) };
        let others = cast.concat();
        let mut sim = Sim::new(world, space, cast, seed);
        sim.accounts.push(account);
        let mallory = Mallory { devices, account, random: Random::new(seed ^ 0xbad), count: 0, others };
        Self { sim, mallory, random, trouble, copies: Copies::default() }
    }

    /// So many acts, then peace; then Mallory is removed and goes on.
    pub fn run(mut self, acts: usize) {
        for number in 0..acts {
            self.sim.world.pass(1 + self.random.below(90_000) as i64);
            self.act(number);
        }
        self.sim.world.relay.refusing = None;
        self.make_peace();
        self.compare();
        if self.random.one_in(2) {
            self.go_on(acts);
        }
        self.put_out();
        self.go_on(acts + 1);
        self.nothing_follows(acts + 2);
        self.compare();
    }

    fn act(&mut self, number: usize) {
        let person = self.random.below(self.sim.cast.len());
        let device = self.sim.cast[person][self.random.below(self.sim.cast[person].len())];
        match self.random.below(20) {
            0..=6 => self.mallory.play(&mut self.sim.world, &self.sim.space),
            7..=11 => self.say(person, device, number),
            12 | 13 => self.sim.talk(device),
            14 | 15 => self.sim.world.settle(device),
            16 => self.sim.world.pass(self.random.below(3) as i64 * DAY + 1),
            17 if self.trouble.restored => self.restore(number),
            18 if self.trouble.refusing => self.change_mood(person, number),
            19 => self.rare(device),
            _ => self.sim.world.phones[device].restart(),
        }
        if self.trouble.restored {
            self.copies.note(&mut self.sim, device);
        }
    }

    /// Honest people say something, or save it for themselves.
    fn say(&mut self, person: usize, device: usize, number: usize) {
        // What is written before it was looked does not know what it would write over.
        if self.copies.is_blind(device) {
            return self.sim.write_first(person, device, number);
        }
        match self.random.below(8) {
            0 | 1 => drop(self.sim.post(device, number)),
            2 => self.sim.edit(device, number),
            3 => self.sim.check_in_as(person, device, number, format!("checkin {device} {}", number % 3)),
            4 => self.sim.agree(person),
            5 => self.sim.put_on_board(device, number),
            6 => self.sim.call(device, number),
            _ => self.sim.save_note(device, number),
        }
    }

    fn rare(&mut self, device: usize) {
        let sim = &mut self.sim;
        match self.random.below(6) {
            0 => sim.promote(device),
            1 => sim.remove_account(0, self.mallory.account),
            2 if !self.trouble.restored => sim.world.relay.boxes.clear(),
            3 if !self.trouble.restored => std::mem::swap(&mut sim.world.relay.boxes, &mut sim.older.boxes),
            _ => sim.world.pass(self.random.below(3_600_000) as i64),
        }
    }

    /// A copy is made, or put back and written to.
    fn restore(&mut self, number: usize) {
        if self.random.one_in(2) {
            let device = self.mallory.others[self.random.below(self.mallory.others.len())];
            return self.copies.make(&mut self.sim, device);
        }
        let Some(device) = self.copies.put_back(&mut self.sim) else { return };
        self.sim.world.pass(1);
        let person = self.sim.cast.iter().position(|devices| devices.contains(&device));
        self.sim.write_first(person.expect("a device of the cast"), device, number);
    }

    /// The relay treats everybody in another way, or has enough of it. Now and then all but one person's own mailboxes are
    /// refused, and those go on.
    fn change_mood(&mut self, person: usize, number: usize) {
        let (seed, failing) = (self.random.below(1 << 30) as u64, self.random.below(6) as u64);
        self.sim.world.relay.refusing =
            (!self.random.one_in(4)).then(|| Refusing::new(seed, if failing < 2 { 0 } else { failing }));
        if self.random.one_in(3) {
            self.own_goes_on(person, seed, number);
        }
    }

    /// What is not refused goes on: a note of one's own comes to one's other device.
    fn own_goes_on(&mut self, person: usize, seed: u64, number: usize) {
        let sim = &mut self.sim;
        let [one, other] = sim.cast[person][..] else { return };
        let mut refusing = Refusing::new(seed, 0);
        for device in [one, other] {
            let own = SpaceId::personal(&sim.accounts[person]);
            let epochs = sim.world.phones[device].within(&own, |tx, _, _| {
                tx.epochs()?.iter().map(|row| Ok(keys::of_epoch(tx, &row.id)?.mailbox())).collect()
            });
            refusing.spared.extend::<Vec<_>>(epochs.expect("a device reads its epochs"));
        }
        sim.world.relay.refusing = Some(refusing);
        sim.save_note(one, number);
        for device in [one, other, one, other] {
            sim.world.settle(device);
            sim.world.pass(61_000);
        }
        let saved = sim.model.notes.last().map(|note| note.changes.clone()).unwrap_or_default();
        assert!(saved.is_subset(&sim.world.phones[other].holds()), "one's own waits for what is refused");
    }

    /// Everybody honest exchanges until all waits are over; Mallory's devices listen.
    fn make_peace(&mut self) {
        // Who was left out or handed a spoiled key asks within the hour, and is answered within a minute.
        for round in 0..5 {
            self.mallory.listen(&mut self.sim.world);
            self.sim.settle_honest(2);
            self.sim.world.pass(if round == 1 { HOUR } else { 61_000 });
        }
    }

    fn compare(&mut self) {
        self.sim.compare_own();
        self.sim.compare_in_place();
    }

    /// Each device in place says something and is heard by all, nothing stays here, and there is rest.
    fn go_on(&mut self, number: usize) {
        let inside = self.sim.devices_in_place();
        let asleep = inside.iter().any(|device| self.sim.is_read_only(*device));
        for device in &inside {
            assert!(self.sim.post(*device, number) || asleep, "{device} cannot go on");
        }
        self.sim.settle_honest(3);
        self.sim.compare_in_place();
        for device in &inside {
            assert_eq!(
                self.sim.world.phones[*device].line().only_here,
                0,
                "{device} has not sent everything"
            );
        }
        let held = self.sim.world.relay.held();
        self.sim.settle_honest(1);
        assert!(self.sim.world.relay.held() - held < 100_000, "the mailboxes go on growing");
    }

    /// The founder puts Mallory out, if that has not been done.
    fn put_out(&mut self) {
        let founder = self.sim.cast[0][0];
        let account = self.mallory.account;
        if self.sim.world.phones[founder].members(&self.sim.space).contains(&account) {
            let done = self.sim.world.phones[founder].act(&self.sim.space, Op::Remove { account });
            assert_eq!(done, Ok(()), "the founder can remove a hostile member");
        }
        self.sim.settle_honest(3);
        // What only some had heard of Mallory before is repeated for the others.
        self.sim.world.pass(2 * HOUR);
        self.sim.settle_honest(2);
        for device in self.sim.devices_in_place() {
            let inside = self.sim.world.phones[device].members(&self.sim.space).contains(&account);
            assert!(!inside && !self.sim.is_read_only(device), "still in by {device}");
        }
    }

    /// Whoever is out reads nothing that is new, and nothing that they say is shown.
    fn nothing_follows(&mut self, number: usize) {
        let inside = self.sim.devices_in_place();
        let before: Vec<_> = inside.iter().map(|device| self.said_by_mallory(*device)).collect();
        self.mallory.goes_on(&mut self.sim.world, &self.sim.space);
        for device in &inside {
            assert!(self.sim.post(*device, number), "{device} cannot go on");
        }
        self.sim.settle_honest(3);
        self.mallory.listen(&mut self.sim.world);
        self.sim.settle_honest(1);
        for (device, before) in inside.iter().zip(before) {
            assert_eq!(self.said_by_mallory(*device), before, "{device} shows what came too late");
            let secret = format!("said by {device} at {number}");
            for phone in self.mallory.devices.clone() {
                assert!(
                    !self.sim.world.phones[phone].files_hold(&self.sim.space, &secret),
                    "Mallory reads on"
                );
            }
        }
    }

    /// Names of the records in Mallory's name that stand at a device.
    fn said_by_mallory(&mut self, device: usize) -> Vec<Vec<u8>> {
        let account = self.mallory.account;
        let rows = self.sim.world.phones[device]
            .within(&self.sim.space, |tx, _, _| tx.records(&Pick::Of(&account.0)));
        let mut items: Vec<_> = rows.expect("records").into_iter().map(|row| row.item.to_vec()).collect();
        items.sort();
        items
    }
}

impl Sim {
    /// Exchanges among the devices of the cast until all random waits are over.
    fn settle_honest(&mut self, rounds: usize) {
        for _ in 0..rounds {
            for device in self.cast.concat() {
                self.world.settle(device);
            }
            self.world.pass(61_000);
        }
    }

    fn is_read_only(&mut self, device: usize) -> bool {
        let state = self.world.phones[device].within(&self.space, |_, _, known| Ok(known.members()?.state()));
        state.expect("a device knows its space").read_only
    }

    fn remove_account(&mut self, device: usize, account: crate::space::AccountId) {
        drop(self.world.phones[device].act(&self.space, Op::Remove { account }));
    }

    /// Calls for help: all, or one other person.
    fn call(&mut self, device: usize, number: usize) {
        let (account, key) = (self.account_of(device), format!("help {device} {number}").into_bytes());
        let other = self.accounts[self.random.below(self.cast.len())];
        let to = if self.random.one_in(2) || other == account { vec![] } else { vec![other] };
        let at = self.world.now.get();
        if self.say(device, &key, Content::HelpRequest { to: to.clone(), at, text: None }) {
            self.model.calls.push(Call { device, key, to, at });
        }
    }

    /// Saves something for oneself.
    pub fn save_note(&mut self, device: usize, number: usize) {
        let phone = &mut self.world.phones[device];
        let before = phone.saved.clone();
        phone.save(&format!("note {device} {number}"), "for myself").expect("a note is saved");
        let changes = phone.saved.difference(&before).copied().collect();
        self.model.notes.push(Note { device, changes, at: self.world.now.get() });
    }

    /// Devices of one person hold the same, and everything that was saved.
    fn compare_own(&mut self) {
        for devices in self.cast.clone() {
            let all: Vec<_> = devices.iter().map(|device| self.world.phones[*device].holds()).collect();
            assert!(all.iter().all(|held| *held == all[0]), "documents differ among {devices:?}");
            for note in self.model.notes.iter().filter(|note| devices.contains(&note.device)) {
                assert!(note.changes.is_subset(&all[0]), "a note of {} is lost", note.device);
            }
        }
    }

    /// Each call for help is seen by everybody who was asked.
    pub fn compare_calls(&mut self, inside: &[usize]) {
        for device in inside {
            let standing = self.world.phones[*device].within(&self.space, |tx, _, known| {
                records::standing(tx, known.members()?, &Pick::Each(&[9], 10))
            });
            let standing = standing.expect("calls for help");
            let me = self.account_of(*device);
            for call in self.model.calls.iter().filter(|call| inside.contains(&call.device)) {
                let author = self.account_of(call.device);
                let seen = standing.iter().any(|one| one.author == author && one.key == call.key);
                let asked = call.to.is_empty() || call.to.contains(&me);
                assert!(seen || !asked, "a call for help of {} is not seen at {device}", call.device);
            }
        }
    }
}
