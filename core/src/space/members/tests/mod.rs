//! What the tests of the roster need: people with devices, and a group of them.
mod any;
mod crowd;
mod rules;
mod seam;

use super::*;
use crate::crypto::{Phrase, Secret};
use crate::space::DeviceKeys;
use crate::space::tests::{Fixed, device};

/// A person: paper, device log, devices.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) log: DeviceLog,
    pub(super) keys: Vec<DeviceKeys>,
}

impl Person {
    /// Person `n` has the devices `8 * n` and, by `more`, the ones after it.
    pub(super) fn new(n: u8, more: u8) -> Self {
        let keys: Vec<DeviceKeys> = (0..=more).map(|place| device(8 * n + place)).collect();
        let phrase = Phrase::new(Secret::new([200 + n; 32]));
        let mut log = DeviceLog::create(&phrase, keys[0].public()).unwrap();
        keys[1..].iter().for_each(|key| drop(log.add(key.public(), &keys[0]).unwrap()));
        Self { log, keys }
    }

    pub(super) fn id(&self) -> AccountId {
        self.log.account()
    }

    pub(super) fn key(&self) -> SignKey {
        self.keys[0].sign_key()
    }

    /// Signs out a device of its own, by the first device.
    pub(super) fn sign_out(&mut self, place: usize) {
        let by = self.keys[usize::from(place == 0)].clone();
        self.log.revoke(self.keys[place].id(), &by).unwrap();
    }

    pub(super) fn asks(&self, space: &SpaceId, seed: u64) -> JoinRequest {
        JoinRequest::sign(space, self.id(), &self.key(), &Fixed::new(seed))
    }
}

/// A space and all that its people might say.
#[derive(Clone)]
pub(super) struct Group {
    pub(super) members: Members,
    pub(super) people: Vec<Person>,
}

impl Group {
    /// A group founded by person 0, who lets in the people up to `count`.
    pub(super) fn of(count: u8) -> Self {
        Self::new(SpaceKind::Group, count)
    }

    pub(super) fn new(kind: SpaceKind, count: u8) -> Self {
        let people: Vec<Person> = (0..count).map(|n| Person::new(n + 1, 1)).collect();
        let founder = &people[0];
        let role = Role::Facilitator;
        let (members, _) =
            Members::found(kind, "Tuesday", role, &founder.log, &founder.key(), &Fixed::new(1)).unwrap();
        let mut group = Self { members, people };
        (1..usize::from(count)).for_each(|n| group.add(n, 0).map(drop).unwrap());
        group
    }

    pub(super) fn id(&self, n: usize) -> AccountId {
        self.people[n].id()
    }

    pub(super) fn says(&mut self, n: usize, op: Op) -> Result<Entry, Refusal> {
        self.members.author(op, self.people[n].id(), &self.people[n].key())
    }

    pub(super) fn add(&mut self, n: usize, by: usize) -> Result<Entry, Refusal> {
        let seed = 100 + u64::try_from(self.members.entries().count()).unwrap() * 10;
        let request = self.people[n].asks(&self.members.space(), seed);
        self.members.take_log(&self.people[n].log.clone())?;
        self.says(by, Op::Add { request, role: Role::Peer })
    }

    pub(super) fn remove(&mut self, n: usize, by: usize) -> Result<Entry, Refusal> {
        let account = self.id(n);
        self.says(by, Op::Remove { account })
    }

    pub(super) fn promote(&mut self, n: usize, by: usize) -> Result<Entry, Refusal> {
        let account = self.id(n);
        self.says(by, Op::Promote { account })
    }

    pub(super) fn demote(&mut self, n: usize, by: usize) -> Result<Entry, Refusal> {
        let account = self.id(n);
        self.says(by, Op::Demote { account })
    }

    /// Takes in what others said meanwhile.
    pub(super) fn hears(&mut self, other: &Self) {
        other.people.iter().for_each(|person| self.members.take_log(&person.log).unwrap());
        for entry in other.members.entries() {
            self.members.insert(entry.bytes()).unwrap();
        }
    }

    pub(super) fn has(&self, n: usize) -> bool {
        let entitled = self.members.entitled();
        let state = self.members.state().members.contains_key(&self.id(n));
        assert_eq!(state, entitled.contains_key(&self.people[n].log.state().paper.unwrap().root));
        state
    }

    pub(super) fn who(&self) -> Vec<usize> {
        (0..self.people.len()).filter(|n| self.has(*n)).collect()
    }

    pub(super) fn rank(&self, n: usize) -> Rank {
        self.members.state().members[&self.id(n)].rank
    }
}

pub(super) use crate::space::roster::Roster;
