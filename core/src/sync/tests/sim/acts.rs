//! What people do, what goes wrong, and whether the devices come out as the model says.

use std::collections::{BTreeMap, BTreeSet};

use trellis_api_types::checkin::Mood;
use trellis_api_types::circle::Resource;

use super::super::people::DAY;
use super::super::world::{Line, World};
use super::Cast;
use super::model::{Agreed, CheckIn, Model, Post};
use super::random::Random;
use crate::space::consent::{Effective, Fields, record_key};
use crate::space::members::{Op, Rank, SpaceKind};
use crate::space::record::{BoardValue, Content, Day, PostKind, SharedCheckIn, Slots};
use crate::space::{AccountId, SpaceId};
use crate::store::records::Pick;
use crate::sync::shared::{self, consent, records};

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
const CHOICE: [Fields; 3] = [Fields::MOOD, Fields::URGE, Fields::NOTE];

pub struct Sim {
    world: World,
    space: SpaceId,
    cast: Cast,
    accounts: Vec<AccountId>,
    random: Random,
    model: Model,
    older: super::super::relay::SimRelay,
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
            0..=5 => self.post(device, number),
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
    fn talk(&mut self, device: usize) {
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
        let put = |tx: &crate::store::SpaceTx<'_>, _: &mut _, known: &mut crate::sync::known::Known| {
            shared::put(tx, known.members()?, key.to_vec(), content, now)
        };
        phone.speak(&self.space, put).is_ok()
    }

    fn post(&mut self, device: usize, number: usize) {
        let (key, text) =
            (format!("post {device} {number}").into_bytes(), format!("said by {device} at {number}"));
        let out = self.outsiders(device);
        if self.put(device, &key, &text) {
            self.model.posts.insert(key, Post { device, texts: vec![Some(text)], kept_from: vec![out] });
        }
    }

    /// Changes or takes back a post where it was written.
    fn edit(&mut self, device: usize, number: usize) {
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
                let back =
                    |tx: &crate::store::SpaceTx<'_>, _: &mut _, known: &mut crate::sync::known::Known| {
                        shared::take_back(tx, known.members()?, key.clone(), now)
                    };
                phone.speak(&self.space, back).is_ok()
            }
        };
        if done && let Some(post) = self.model.posts.get_mut(&key) {
            post.texts.push(text);
            post.kept_from.push(out);
        }
    }

    /// Fields that a device takes for agreed, and how many consents it has heard of.
    fn agreed_at(&mut self, device: usize) -> (Fields, usize) {
        let phone = &mut self.world.phones[device];
        let today = Day::from(phone.today());
        let given = phone.within(&self.space, |tx, _, known| consent::own(tx, known.members()?)).unwrap();
        let effective = Effective::of(&given, today);
        let fields = CHOICE.iter().filter(|field| effective.as_ref().is_some_and(|may| may.allows(**field)));
        (fields.fold(Fields::default(), |all, field| all.with(*field)), given.len())
    }

    fn check_in(&mut self, person: usize, device: usize, number: usize) {
        let id = format!("checkin {device} {}", self.random.below(3));
        let note = format!("note of {device} at {number}");
        let (known, heard) = self.agreed_at(device);
        let may = self.model.may_now(person, known, heard);
        let before = self.model.checkins.get(&(person, id.clone())).map_or(Fields::default(), |it| it.may);
        let day = Day::from(self.world.phones[device].today());
        self.world.phones[device].check_in(&id, &note, Mood::Good, (number % 11) as u8);
        self.model.checkins.insert((person, id), CheckIn { device, note, may: may.with(before), day });
    }

    /// Consents are signed on a person's first device.
    fn agree(&mut self, person: usize) {
        let fields = CHOICE.iter().filter(|_| self.random.one_in(2)).copied().collect::<Vec<_>>();
        let fields = fields.into_iter().fold(Fields::default(), Fields::with);
        let retract = self.random.one_in(2);
        let device = self.cast[person][0];
        if self.world.phones[device].try_consent(&self.space, fields, retract).is_ok() {
            let from = Day::from(self.world.phones[device].today());
            self.model.agree(person, Agreed { fields, retract, from });
        }
    }

    fn put_on_board(&mut self, device: usize, number: usize) {
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
            self.model.resources.insert(id, device);
        }
    }

    fn other(&mut self) -> AccountId {
        self.accounts[self.random.below(self.accounts.len())]
    }

    fn promote(&mut self, device: usize) {
        let account = self.other();
        drop(self.world.phones[device].act(&self.space, Op::Promote { account }));
    }

    fn remove(&mut self, device: usize) {
        let account = self.other();
        drop(self.world.phones[device].act(&self.space, Op::Remove { account }));
    }

    fn compare(&mut self) {
        let first = self.devices_in_place();
        for device in &first {
            let device = *device;
            self.compare_members(first[0], device);
            self.compare_posts(&first, device);
            self.compare_board(&first, device);
        }
        self.compare_checkins(&first);
        self.compare_outsiders();
    }

    /// Devices of those who are members by what the founder's side holds.
    fn devices_in_place(&mut self) -> Vec<usize> {
        let all: Vec<usize> = self.cast.concat();
        let inside = |sim: &mut Self, device: usize| {
            let account = sim.world.phones[device].account();
            sim.world.phones[device].members(&sim.space).contains(&account)
        };
        all.into_iter().filter(|device| inside(self, *device)).collect()
    }

    fn compare_members(&mut self, one: usize, other: usize) {
        let state = |sim: &mut Self, device: usize| {
            sim.world.phones[device].within(&sim.space, |_, _, known| Ok(known.members()?.state())).unwrap()
        };
        let (one, other) = (state(self, one), state(self, other));
        assert_eq!(one, other, "members differ");
        let leads = one.members.values().any(|member| matches!(member.rank, Rank::Facilitator(..)));
        assert!(leads || one.kind == Some(SpaceKind::Pair), "nobody leads");
    }

    fn shown(&mut self, device: usize) -> Vec<(Vec<u8>, String)> {
        let standing = self.world.phones[device].within(&self.space, |tx, _, known| {
            records::standing(tx, known.members()?, &Pick::Newest(&[4], 10_000))
        });
        let text = |content| match content {
            Content::Post { text, .. } => Some(text),
            _ => None,
        };
        let mut all: Vec<_> =
            standing.unwrap().into_iter().filter_map(|it| Some((it.key, text(it.content)?))).collect();
        all.sort();
        all
    }

    /// Of devices in place every last word stands; of the others all hold the same.
    fn compare_posts(&mut self, inside: &[usize], device: usize) {
        let (shown, first) = (self.shown(device), self.shown(inside[0]));
        assert_eq!(shown, first, "posts differ between {} and {device}", inside[0]);
        for (key, post) in &self.model.posts {
            let here = shown.iter().find(|(shown, _)| shown == key).map(|(_, text)| text.clone());
            if inside.contains(&post.device) {
                assert_eq!(
                    &here,
                    post.texts.last().unwrap(),
                    "post {} at {device}",
                    String::from_utf8_lossy(key)
                );
            } else if let Some(text) = here {
                assert!(post.texts.contains(&Some(text)), "nobody wrote this");
            }
        }
    }

    fn compare_board(&mut self, inside: &[usize], device: usize) {
        let board = |sim: &mut Self, device: usize| {
            let read = sim.world.phones[device]
                .within(&sim.space, |tx, _, known| shared::board::read(tx, known.members()?));
            read.unwrap()
        };
        let (here, first) = (board(self, device), board(self, inside[0]));
        assert_eq!(here, first, "boards differ");
        for (id, author) in self.model.resources.iter().filter(|(_, author)| inside.contains(author)) {
            assert!(
                here.resources.iter().any(|it| it.id == *id),
                "resource {id} of {author} is lost at {device}"
            );
        }
    }

    /// Check-ins that a device shows, by author and key.
    fn seen(&mut self, device: usize) -> BTreeMap<(AccountId, Vec<u8>), SharedCheckIn> {
        let standing = self.world.phones[device].within(&self.space, |tx, _, known| {
            records::standing(tx, known.members()?, &Pick::Newest(&[1], 10_000))
        });
        let checkin = |content| match content {
            Content::CheckIn(checkin) => Some(checkin),
            _ => None,
        };
        let all = standing.unwrap().into_iter();
        all.filter_map(|it| Some(((it.author, it.key), checkin(it.content)?))).collect()
    }

    /// Nobody sees a field that no consent let out; what the last consent lets out is there.
    fn compare_checkins(&mut self, inside: &[usize]) {
        let Some(first) = inside.first() else { return };
        let ended =
            self.world.phones[*first].within(&self.space, |_, _, known| Ok(known.members()?.state().ended));
        let ended = ended.unwrap();
        for device in inside {
            let seen = self.seen(*device);
            for ((person, id), checkin) in &self.model.checkins {
                let last = self.model.last_agreed(*person);
                let of_it = seen.get(&(self.accounts[*person], record_key(&self.space, id)));
                if let Some(shown) = of_it {
                    let out = fields(shown);
                    assert!(checkin.may.has(out), "{id} shows {out:?}, agreed were {:?}", checkin.may);
                    if let Some(note) = &shown.note {
                        let fresh = *note == checkin.note || !inside.contains(&checkin.device);
                        assert!(fresh, "{id} is not the last word: {note}");
                    }
                }
                let wanted = last
                    .filter(|last| last.fields != Fields::default() && checkin.day >= last.from && !ended);
                if let (Some(last), true) = (wanted, inside.contains(&checkin.device)) {
                    let shown = of_it.map(fields).unwrap_or_default();
                    // What was published under another choice stays as last sent, unless it is taken back.
                    let kept = !last.fields.has(shown) && !last.retract;
                    assert!(
                        shown.has(last.fields) || kept,
                        "{id} at {device} lacks {:?}: {shown:?}",
                        last.fields
                    );
                    assert!(
                        !last.retract || shown == last.fields,
                        "{id} was to be taken back to {:?}",
                        last.fields
                    );
                }
            }
        }
    }

    /// What was said by devices that knew somebody to be out has never come to them.
    fn compare_outsiders(&mut self) {
        for person in 0..self.cast.len() {
            for device in self.cast[person].clone() {
                let account = self.accounts[person];
                if self.world.phones[device].members(&self.space).contains(&account) {
                    continue;
                }
                let shown = self.shown(device);
                for post in self.model.posts.values().filter(|post| !self.cast[person].contains(&post.device))
                {
                    let hidden =
                        post.texts.iter().zip(&post.kept_from).filter(|(_, out)| out.contains(&account));
                    for text in hidden.filter_map(|(text, _)| text.as_ref()) {
                        assert!(
                            !shown.iter().any(|(_, shown)| shown == text),
                            "{device} is out and read: {text}"
                        );
                    }
                }
            }
        }
    }
}

fn fields(shown: &SharedCheckIn) -> Fields {
    let held = [
        (shown.mood.is_some(), CHOICE[0]),
        (shown.urge.is_some(), CHOICE[1]),
        (shown.note.is_some(), CHOICE[2]),
    ];
    held.iter().filter(|(held, _)| *held).fold(Fields::default(), |all, (_, field)| all.with(*field))
}
