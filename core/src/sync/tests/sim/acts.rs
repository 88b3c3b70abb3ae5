//! What people do, and what goes wrong.

use std::collections::BTreeSet;

use trellis_api_types::checkin::Mood;
use trellis_api_types::circle::Resource;

use super::super::people::DAY;
use super::super::world::{Line, World};
use super::Cast;
use super::model::{Agreed, CheckIn, Model, Post, Thing};
use super::random::Random;
use crate::space::consent::{Effective, Fields};
use crate::space::members::Op;
use crate::space::record::{BoardValue, Content, Day, PostKind, Slots};
use crate::space::{AccountId, SpaceId};
use crate::sync::shared;
use crate::sync::shared::consent;

const LINES: [Line; 8] = [
    Line::Fine,
    Line::Fine,
    Line::Fine,
    Line::LostThere,
    Line::LostBack,
    Line::Twice,
    Line::Fails(503),
    Line::Fails(429),
];
/// Fields that consents choose from.
pub const CHOICE: [Fields; 3] = [Fields::MOOD, Fields::URGE, Fields::NOTE];

pub struct Sim {
    pub world: World,
    pub space: SpaceId,
    pub cast: Cast,
    pub accounts: Vec<AccountId>,
    pub random: Random,
    pub model: Model,
    pub older: super::super::relay::SimRelay,
}

impl Sim {
    pub fn new(mut world: World, space: SpaceId, cast: Cast, seed: u64) -> Self {
        let accounts = cast.iter().map(|devices| world.phones[devices[0]].account()).collect();
        let older = world.relay.clone();
        let (random, model) = (Random::new(seed), Model::default());
        Self { world, space, cast, accounts, random, model, older }
    }

    /// So many acts, then peace, then the comparison.
    pub fn run(mut self, acts: usize) {
        for number in 0..acts {
            let person = self.random.below(self.cast.len());
            let device = self.cast[person][self.random.below(self.cast[person].len())];
            self.act(person, device, number);
            self.world.pass(self.random.below(90_000) as i64);
        }
        (0..5).for_each(|_| self.world.settle_all());
        self.world.pass(3_600_000);
        (0..2).for_each(|_| self.world.settle_all());
        self.compare();
    }

    fn act(&mut self, person: usize, device: usize, number: usize) {
        match self.random.below(32) {
            0..=5 => drop(self.post(device, number)),
            6 | 7 => self.edit(device, number),
            8..=10 => self.check_in(person, device, number),
            11 | 12 => self.agree(person),
            13..=18 => self.talk(device),
            19..=21 => self.world.settle(device),
            22 => self.world.phones[device].restart(),
            23 => self.world.pass(self.random.below(9) as i64 * DAY),
            24 => self.put_on_board(device, number),
            25 => self.world.relay.boxes.clear(),
            26 => std::mem::swap(&mut self.world.relay.boxes, &mut self.older.boxes),
            27 => self.promote(device),
            28 if self.random.one_in(3) => self.remove(device),
            29 if self.random.one_in(4) => drop(self.world.phones[device].act(&self.space, Op::Leave)),
            _ => self.world.pass(self.random.below(3_600_000) as i64),
        }
    }

    /// A few calls over a bad line.
    pub fn talk(&mut self, device: usize) {
        for _ in 0..1 + self.random.below(4) {
            let line = LINES[self.random.below(LINES.len())];
            self.world.phones[device].step(&mut self.world.relay, line).unwrap();
        }
    }

    fn outsiders(&mut self, device: usize) -> BTreeSet<AccountId> {
        let members = self.world.phones[device].members(&self.space);
        self.accounts.iter().copied().filter(|account| !members.contains(account)).collect()
    }

    fn put(&mut self, device: usize, key: &[u8], text: &str) -> bool {
        let phone = &mut self.world.phones[device];
        let now = phone.engine.shared_now(&phone.ground);
        let content = Content::Post { kind: PostKind::Victory, text: text.to_owned(), at: Some(now) };
        self.say(device, key, content)
    }

    /// Says something as a record. False if this device may not.
    pub fn say(&mut self, device: usize, key: &[u8], content: Content) -> bool {
        let phone = &mut self.world.phones[device];
        let now = phone.engine.shared_now(&phone.ground);
        let put = |tx: &crate::store::SpaceTx<'_>, _: &mut _, known: &mut crate::sync::space_state::Known| {
            shared::put(tx, known.members()?, key.to_vec(), content, now)
        };
        phone.speak(&self.space, put).is_ok()
    }

    pub fn post(&mut self, device: usize, number: usize) -> bool {
        let (key, text) =
            (format!("post {device} {number}").into_bytes(), format!("said by {device} at {number}"));
        let out = self.outsiders(device);
        let (said, at) = (self.put(device, &key, &text), self.world.now.get());
        if said {
            let (texts, kept_from) = (vec![Some(text)], vec![out]);
            self.model.posts.insert(key, Post { device, texts, kept_from, at, loose: false });
        }
        said
    }

    /// Changes or takes back a post where it was written.
    pub fn edit(&mut self, device: usize, number: usize) {
        let own: Vec<Vec<u8>> = self
            .model
            .posts
            .iter()
            .filter(|(_, post)| post.device == device)
            .map(|(key, _)| key.clone())
            .collect();
        if own.is_empty() {
            return;
        }
        let key = own[self.random.below(own.len())].clone();
        let text = (!self.random.one_in(3)).then(|| format!("changed by {device} at {number}"));
        let out = self.outsiders(device);
        let done = match &text {
            Some(text) => self.put(device, &key, text),
            None => {
                let phone = &mut self.world.phones[device];
                let now = phone.engine.shared_now(&phone.ground);
                let back = |tx: &crate::store::SpaceTx<'_>,
                            _: &mut _,
                            known: &mut crate::sync::space_state::Known| {
                    shared::take_back(tx, known.members()?, key.clone(), now)
                };
                phone.speak(&self.space, back).is_ok()
            }
        };
        let at = self.world.now.get();
        if done && let Some(post) = self.model.posts.get_mut(&key) {
            post.texts.push(text);
            post.kept_from.push(out);
            post.at = at;
        }
    }

    /// Fields that a device takes for agreed, and how many consents it has heard of.
    pub fn agreed_at(&mut self, device: usize) -> (Fields, usize) {
        let phone = &mut self.world.phones[device];
        let today = Day::from(phone.today());
        let given = phone.within(&self.space, |tx, _, known| consent::own(tx, known.members()?)).unwrap();
        let effective = Effective::of(&given, today);
        let fields = CHOICE.iter().filter(|field| effective.as_ref().is_some_and(|may| may.allows(**field)));
        (fields.fold(Fields::default(), |all, field| all.with(*field)), given.len())
    }

    fn check_in(&mut self, person: usize, device: usize, number: usize) {
        let id = format!("checkin {device} {}", self.random.below(3));
        self.check_in_as(person, device, number, id);
    }

    pub fn check_in_as(&mut self, person: usize, device: usize, number: usize, id: String) {
        let note = format!("note of {device} at {number}");
        let (known, heard) = self.agreed_at(device);
        let may = self.model.may_now(person, device, known, heard);
        let before = self.model.checkins.get(&(person, id.clone())).map_or(Fields::default(), |it| it.may);
        let day = Day::from(self.world.phones[device].today());
        self.world.phones[device].check_in(&id, &note, Mood::Good, (number % 11) as u8);
        let (may, at) = (may.with(before), self.world.now.get());
        self.model.checkins.insert((person, id), CheckIn { device, note, may, day, at, loose: false });
    }

    /// Consents are signed on a person's first device.
    pub fn agree(&mut self, person: usize) {
        let fields = CHOICE.iter().filter(|_| self.random.one_in(2)).copied().collect::<Vec<_>>();
        let fields = fields.into_iter().fold(Fields::default(), Fields::with);
        let retract = self.random.one_in(2);
        self.agree_to(person, fields, retract);
    }

    pub fn agree_to(&mut self, person: usize, fields: Fields, retract: bool) {
        let device = self.cast[person][0];
        if self.world.phones[device].try_consent(&self.space, fields, retract).is_ok() {
            let from = Day::from(self.world.phones[device].today());
            self.model.agree(person, Agreed { fields, retract, from });
            self.model.stopped.remove(&device);
        }
    }

    pub fn put_on_board(&mut self, device: usize, number: usize) {
        let space = self.space;
        let id = format!("resource {device} {number}");
        let resource = Resource { id: id.clone(), title: id.clone(), detail: String::new() };
        let phone = &mut self.world.phones[device];
        phone.take_writer();
        let now = phone.ground.now.get();
        let value = BoardValue::Resource { id: id.clone(), since: now, resource: Some((&resource).into()) };
        let put = phone.speak(&space, |tx, _, known| {
            shared::board::put(tx, known.members()?, &Slots::default(), value, now)
        });
        if put.is_ok() {
            self.model.resources.insert(id, Thing { device, at: now });
        }
    }

    fn other(&mut self) -> AccountId {
        self.accounts[self.random.below(self.accounts.len())]
    }

    pub fn promote(&mut self, device: usize) {
        let account = self.other();
        drop(self.world.phones[device].act(&self.space, Op::Promote { account }));
    }

    fn remove(&mut self, device: usize) {
        let account = self.other();
        drop(self.world.phones[device].act(&self.space, Op::Remove { account }));
    }
}
