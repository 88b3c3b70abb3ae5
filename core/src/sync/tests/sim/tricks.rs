//! What Mallory signs.

use super::super::shared_hostile::{draft, entry};
use super::super::world::World;
use super::hostile::{Mallory, Place, Trick, plant};
use crate::crdt::{Doc, DocId};
use crate::crypto::codec::Extensible;
use crate::platform::Entropy;
use crate::space::consent::{Consent, Fields, RecipientKind};
use crate::space::members::{JoinRequest, Op, Policy, Role};
use crate::space::open::{Base, LateGrant};
use crate::space::record::{
    Basis, BoardValue, Content, Day, HelpKind, PostKind, Reaction, Record, SharedCheckIn, SharedMeeting,
    SharedResource, Target,
};
use crate::space::repair::{Heads, Need};
use crate::space::snapshot::{Snapshot, carry};
use crate::space::{
    AccountId, Chain, DeviceKeys, Draft, EpochId, EpochKey, EpochSecret, ItemId, Kind, Mark, Position,
    SpaceId, VerifiedItem, WriterId,
};
use crate::store::spaces::ItemRow;
use crate::sync::{keys, space_state};

const KINDS: [Kind; 13] = [
    Kind::Change,
    Kind::Record,
    Kind::DeviceLog,
    Kind::Open,
    Kind::Grant,
    Kind::Heads,
    Kind::Need,
    Kind::Snapshot,
    Kind::Carry,
    Kind::DeviceName,
    Kind::Roster,
    Kind::Consent,
    Kind::Unknown(99),
];
const ENDS: [i64; 6] = [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX];

impl Mallory {
    pub fn do_it(&mut self, world: &mut World, space: &SpaceId, trick: Trick) {
        match trick {
            Trick::Noise => self.noise(world, space),
            Trick::Changes => self.changes(world, space),
            Trick::Forks => self.forks(world, space),
            Trick::Flood => self.flood(world, space),
            Trick::Writers => self.writers(world, space),
            Trick::Rivals => self.rivals(world, space),
            Trick::SameEpoch => self.same_epoch(world, space),
            Trick::SpoiledOpening => self.spoiled_opening(world, space),
            Trick::LeftOut => self.left_out(world, space),
            Trick::SpoiledGrants => self.spoiled_grants(world, space),
            Trick::LaterOps => self.later_ops(world, space),
            Trick::Numbers => self.numbers(world, space),
            Trick::Heads => self.heads(world, space),
            Trick::Snapshots => self.snapshots(world, space),
            Trick::Carries => self.carries(world, space),
            Trick::Calls => self.calls(world, space),
            Trick::OtherNames => self.other_names(world, space),
            Trick::Devices => self.devices(world, space),
            Trick::Powers => self.powers(world, space),
            Trick::Leaves => self.leaves(world, space),
            Trick::Listens => self.listen(world),
        }
    }

    fn noise(&mut self, world: &mut World, space: &SpaceId) {
        let bodies: [&[u8]; 6] =
            [&[], &[0xff; 40], &[0x80], &[0x8c, 0x01], b"\x85\x6f\x4a\x83 not a change", &[0x9b; 9]];
        let names: [&[u8]; 5] = [b"", &[7; 16], &[7; 32], b"board", b"plan"];
        for _ in 0..6 {
            let kind = KINDS[self.random.below(KINDS.len())];
            let (body, name) = (bodies[self.random.below(6)], names[self.random.below(5)]);
            self.put(world, space, draft(kind, name, body));
        }
        let mut bytes = vec![0; self.random.below(300)];
        world.phones[self.devices[0]].ground.fill(&mut bytes);
        let place = self.place(world, space);
        if world.relay.boxes.contains_key(&place.under.mailbox()) {
            world.relay.plant(place.under.mailbox(), bytes);
        }
    }

    /// A change by a writer of its own, so that nothing but its bytes and its place is wrong.
    fn changes(&mut self, world: &mut World, space: &SpaceId) {
        let documents =
            [DocId::Plan, DocId::Journal(2027), DocId::Spaces, DocId::People, DocId::Board(space.0)];
        for _ in 0..3 {
            let document = documents[self.random.below(documents.len())];
            let place = self.place(world, space);
            let writer = self.writer(world, place.phone);
            let Some(mut bytes) = change_of(document, writer) else { continue };
            for _ in 0..self.random.below(4) {
                let at = self.random.below(bytes.len());
                bytes[at] = self.random.below(256) as u8;
            }
            let name = if self.random.one_in(3) { "board".to_owned() } else { document.to_string() };
            let body = draft(Kind::Change, name.as_bytes(), &bytes);
            self.put_by(world, &place, writer, Position::default(), body);
        }
    }

    fn forks(&mut self, world: &mut World, space: &SpaceId) {
        let phone = self.phone();
        let writer = self.writer(world, phone);
        for _ in 0..2 + self.random.below(2) {
            let place = Place { phone, under: self.place(world, space).under };
            let said = if self.random.one_in(3) { self.board(phone as u8) } else { self.post() };
            self.put_by(world, &place, writer, Position::default(), said);
            let heard = self.others[self.random.below(self.others.len())];
            world.settle(heard);
        }
    }

    fn flood(&mut self, world: &mut World, space: &SpaceId) {
        let sort = self.random.below(6);
        for n in 0..10_u8 {
            let (key, text) = (vec![n; 16], self.words());
            let about = Target { account: self.account, key: vec![1; 16] };
            let said = match sort {
                0 => self.post(),
                1 => self.record(key, Content::Profile { name: text }),
                2 => self.board(n),
                3 => self.record(key, Content::Reaction { to: about, kind: Reaction::Thanks }),
                4 => self.record(key, Content::Reply { to: about, text, at: Some(world.now.get()) }),
                _ => self.record(
                    key,
                    Content::HelpAnswer { to: about, kind: HelpKind::Coming, text: Some(text), phone: None },
                ),
            };
            self.put(world, space, said);
        }
    }

    fn board(&mut self, n: u8) -> Draft {
        let (text, id) = (self.words(), format!("hostile {}", n % 4));
        let value = match n % 4 {
            0 => BoardValue::Agreement(text),
            1 => BoardValue::Focus { question: text, at: ENDS[self.random.below(6)] },
            2 => BoardValue::Resource { id, since: ENDS[self.random.below(6)], resource: None },
            _ => BoardValue::Resource {
                id,
                since: ENDS[self.random.below(6)],
                resource: Some(SharedResource { title: text, detail: String::new() }),
            },
        };
        self.record(vec![n; 16], Content::Board { value, over: Vec::new() })
    }

    fn writers(&mut self, world: &mut World, space: &SpaceId) {
        let many = if self.random.one_in(30) { 300 } else { 8 };
        for _ in 0..many {
            let said = self.post();
            self.put(world, space, said);
        }
    }

    fn rivals(&mut self, world: &mut World, space: &SpaceId) {
        let many = if self.random.one_in(30) { 70 } else { 1 + self.random.below(3) };
        for _ in 0..many {
            let fresh = self.fresh(world, space);
            if let Some(open) = self.opening(world, space, (fresh.0, &fresh.1), |_| ()) {
                self.publish(world, space, &open, &fresh.1);
            }
        }
    }

    fn fresh(&mut self, world: &mut World, space: &SpaceId) -> (EpochId, EpochSecret) {
        let opener = &mut world.phones[self.opener()];
        let key = EpochKey::random(opener.keys().id(), &opener.ground);
        (key.id(space), key.secret)
    }

    /// Under the id of another epoch of the space, or of one of Mallory's own.
    fn same_epoch(&mut self, world: &mut World, space: &SpaceId) {
        let phone = self.phone();
        let personal = SpaceId::personal(&self.account);
        let of = if self.random.one_in(3) { personal } else { *space };
        let known = self.epochs(world, phone, &of);
        let epoch = known[self.random.below(known.len())].scope().epoch;
        let (_, secret) = self.fresh(world, space);
        let alter = |it: &mut crate::space::open::OpenDraft| it.parents.retain(|parent| *parent != epoch);
        if let Some(open) = self.opening(world, space, (epoch, &secret), alter) {
            self.publish(world, space, &open, &secret);
        }
    }

    fn spoiled_opening(&mut self, world: &mut World, space: &SpaceId) {
        let (fresh, victims) = (self.fresh(world, space), self.victims(world, space));
        let Some(mut open) = self.opening(world, space, (fresh.0, &fresh.1), |_| ()) else { return };
        let Some(victim) = victims.get(self.random.below(victims.len())) else { return };
        for grant in open.grants.iter_mut().filter(|grant| grant.device == victim.id) {
            grant.sealed.ciphertext[5] ^= 1;
        }
        self.publish(world, space, &open, &fresh.1);
    }

    fn left_out(&mut self, world: &mut World, space: &SpaceId) {
        let (fresh, victims) = (self.fresh(world, space), self.victims(world, space));
        let Some(victim) = victims.get(self.random.below(victims.len())).copied() else { return };
        let alter = |it: &mut crate::space::open::OpenDraft| it.recipients.retain(|to| to.id != victim.id);
        if let Some(open) = self.opening(world, space, (fresh.0, &fresh.1), alter) {
            self.publish(world, space, &open, &fresh.1);
        }
    }

    /// Of another secret for an epoch that there is, or that there is not, and with altered bytes.
    fn spoiled_grants(&mut self, world: &mut World, space: &SpaceId) {
        let place = self.place(world, space);
        let (_, secret) = self.fresh(world, space);
        let opener = world.phones[place.phone].keys().id();
        let (key, named) = (EpochKey { opener, secret }, place.under.scope().epoch.0.to_vec());
        let ground = world.phones[place.phone].ground.clone();
        for victim in self.victims(world, space) {
            let Ok(mut late) = LateGrant::build(*space, &key, &victim, &ground) else { continue };
            if self.random.one_in(3) {
                late.grant.sealed.ciphertext[5] ^= 1;
            }
            let said = late.draft(space);
            let key = if self.random.one_in(2) { named.clone() } else { said.key };
            self.put(world, space, Draft { key, ..said });
        }
    }

    fn later_ops(&mut self, world: &mut World, space: &SpaceId) {
        let phone = self.phone();
        let later = Extensible::Later(vec![0x82, 0x18, 0x63, 0x01]);
        let said = entry(&mut world.phones[phone], space, self.account, later);
        self.put(world, space, draft(Kind::Roster, &[], &said));
        if let Some(said) = later_device_entry(world, phone) {
            let about = self.account.0;
            self.put(world, space, draft(Kind::DeviceLog, &about, &said));
        }
    }

    fn numbers(&mut self, world: &mut World, space: &SpaceId) {
        for n in 0..6_u8 {
            let (at, day) = (ENDS[self.random.below(6)], [i32::MIN, -1, 0, i32::MAX][self.random.below(4)]);
            let said = self.number(n, at, Day(day));
            self.put(world, space, self.record(vec![n; 16], said));
        }
        for lamport in [0, i64::MAX as u64 - 1, u64::MAX - 1] {
            let (place, said) = (self.place(world, space), self.post());
            self.put_at(world, &place, Position { lamport, ..Position::default() }, said);
        }
    }

    fn number(&mut self, n: u8, at: i64, day: Day) -> Content {
        let (text, minutes) = (self.words(), u16::MAX);
        let basis = Basis { consents: vec![ItemId([1; 32])], source: [2; 32], version: u32::MAX };
        match n {
            0 => Content::HelpRequest { to: vec![], at, text: Some(text) },
            1 => Content::Post { kind: PostKind::Setback, text, at: Some(at) },
            2 => Content::Call { at, with: self.account, kept: Some(true) },
            3 => Content::Milestone { on: day, days: u32::MAX, basis, text: Some(text) },
            4 => {
                let (mood, halt, used, medication, meeting) = Default::default();
                let (urge, note) = (Some(u8::MAX), Some(text));
                Content::CheckIn(SharedCheckIn {
                    day,
                    minutes,
                    basis,
                    mood,
                    urge,
                    halt,
                    used,
                    medication,
                    note,
                    meeting,
                })
            }
            _ => {
                let meeting = SharedMeeting {
                    title: text,
                    day,
                    minutes,
                    place: String::new(),
                    every_days: u8::MAX,
                    every_month: None,
                    zone: "Nowhere".into(),
                };
                let value = BoardValue::Meeting { id: "hostile".into(), since: at, meeting: Some(meeting) };
                Content::Board { value, over: Vec::new() }
            }
        }
    }

    fn heads(&mut self, world: &mut World, space: &SpaceId) {
        let place = self.place(world, space);
        let held = world.phones[place.phone].within(space, |tx, _, _| tx.writer_heads());
        let held: Vec<ItemRow> = held.expect("a device reads its items");
        let invented = (1..10).map(|n| Mark {
            writer: WriterId([n; 16]),
            seq: u64::MAX - u64::from(n),
            id: ItemId([n; 32]),
        });
        let ahead = held.iter().take(10).map(|row| Mark {
            writer: WriterId(row.writer),
            seq: row.seq.saturating_add(5000),
            id: ItemId(row.id),
        });
        let mut marks: Vec<Mark> = invented.chain(ahead).collect();
        marks.sort_by_key(|mark| mark.writer);
        marks.dedup_by_key(|mark| mark.writer);
        self.put(world, space, Heads(marks).draft());
        for _ in 0..5 {
            let row = &held[self.random.below(held.len())];
            let need = Need { writer: WriterId(row.writer), from: 1, to: row.seq.clamp(1, 4096) };
            self.put(world, space, need.draft());
        }
    }

    fn snapshots(&mut self, world: &mut World, space: &SpaceId) {
        let (id, fresh) = ([self.random.below(256) as u8; 16], self.fresh(world, space));
        let alter = |it: &mut crate::space::open::OpenDraft| it.base = Base::Snapshot(id);
        if let Some(open) = self.opening(world, space, (fresh.0, &fresh.1), alter) {
            self.publish(world, space, &open, &fresh.1);
        }
        let held = self.held(world, space, 4);
        let items = held.iter().map(|item| item.to_carried().clone()).collect();
        let documents = [(b"plan".to_vec(), vec![7; 500]), (b"people".to_vec(), vec![])].into();
        let snapshot = Snapshot { documents, items, ..Snapshot::default() };
        for part in snapshot.drafts(id).unwrap_or_default() {
            self.put(world, space, part);
        }
    }

    /// Returns some of the items that a device of Mallory's holds.
    fn held(&mut self, world: &mut World, space: &SpaceId, most: usize) -> Vec<VerifiedItem> {
        let phone = self.phone();
        let start = self.random.below(40);
        let held = world.phones[phone].within(space, |tx, _, _| {
            let all = tx.all_items()?;
            let fit = |row: &&ItemRow| !Kind::from(row.kind).is_container();
            all.iter().filter(fit).skip(start).take(most).map(|row| keys::verified(tx, row)).collect()
        });
        held.unwrap_or_default()
    }

    fn carries(&mut self, world: &mut World, space: &SpaceId) {
        let mut held = self.held(world, space, 5);
        let place = self.place(world, space);
        let (writer, said) = (self.writer(world, place.phone), self.post());
        let keys = world.phones[place.phone].keys();
        let mut epoch = [0; 16];
        world.phones[place.phone].ground.fill(&mut epoch);
        // An item that was never in a mailbox, of an epoch that there is not.
        let chain = Chain::new(*space, writer, &keys, Position::default());
        held.extend(chain.and_then(|mut chain| chain.next(EpochId(epoch), said)));
        for container in carry(&held) {
            self.put(world, space, container.clone());
            let cut = container.body[..container.body.len() / 2].to_vec();
            self.put(world, space, draft(Kind::Carry, &[], &cut));
        }
        let mut nested = vec![0x81; 200];
        nested.push(0x80);
        self.put(world, space, draft(Kind::Carry, &[], &nested));
    }

    /// To itself, to somebody who is not there, and to all.
    fn calls(&mut self, world: &mut World, space: &SpaceId) {
        let now = world.now.get();
        for n in 0..13_u8 {
            let to = [vec![self.account], vec![AccountId([9; 32])], vec![]][self.random.below(3)].clone();
            let call = Content::HelpRequest { to, at: now + i64::from(n), text: Some(self.words()) };
            let mut key = [n; 16].to_vec();
            key[..8].copy_from_slice(&(self.count as u64).to_be_bytes());
            self.put(world, space, self.record(key, call));
        }
    }

    fn other_names(&mut self, world: &mut World, space: &SpaceId) {
        let honest = self.others[self.random.below(self.others.len())];
        let victim = world.phones[honest].account();
        let rows = world.phones[honest]
            .within(space, |tx, _, _| tx.records(&crate::store::records::Pick::Of(&victim.0)));
        let theirs: Vec<Vec<u8>> = rows.unwrap_or_default().into_iter().map(|row| row.key).take(6).collect();
        for key in theirs.into_iter().chain([vec![9; 16]]) {
            let text = self.words();
            let forged = Record::new(victim, Content::Post { kind: PostKind::Victory, text, at: None });
            self.put(world, space, forged.draft(key.clone()).expect("a short post"));
            self.put(world, space, draft(Kind::Record, &key, &[]));
            self.put(world, space, self.record(key, Content::Profile { name: "You".into() }));
        }
        let mut consent = Consent::new(victim, RecipientKind::Group, Day(20_000));
        consent.fields = Fields(u32::MAX);
        for author in [victim, self.account] {
            consent.author = author;
            self.put(world, space, consent.draft().expect("a consent"));
        }
    }

    fn devices(&mut self, world: &mut World, space: &SpaceId) {
        let (phone, honest) = (self.phone(), self.others[self.random.below(self.others.len())]);
        let (keys, ground) = (world.phones[phone].keys(), world.phones[phone].ground.clone());
        let (theirs, victim) = (world.phones[honest].keys().id(), world.phones[honest].account());
        let log = world.phones[phone].store().read(space_state::own_log).expect("a log");
        let mut said = Vec::new();
        let many = if self.random.one_in(20) { 60 } else { 4 };
        for _ in 0..many {
            let device = DeviceKeys::random(&ground).public();
            said.extend(log.clone().add(device, &keys).map(|it| it.bytes().to_vec()));
        }
        said.extend(log.clone().revoke(theirs, &keys).map(|it| it.bytes().to_vec()));
        if self.random.one_in(4) {
            said.extend(log.clone().revoke(keys.id(), &keys).map(|it| it.bytes().to_vec()));
        }
        for body in said {
            let about = if self.random.one_in(4) { victim } else { self.account };
            self.put(world, space, draft(Kind::DeviceLog, &about.0, &body));
        }
    }

    fn powers(&mut self, world: &mut World, space: &SpaceId) {
        let phone = self.phone();
        let honest = self.others[self.random.below(self.others.len())];
        let (victim, keys) = (world.phones[honest].account(), world.phones[phone].keys());
        let request = JoinRequest::sign(space, victim, &keys.sign_key(), &world.phones[phone].ground);
        let ops = [
            Op::Add { request, role: Role::Peer },
            Op::Remove { account: victim },
            Op::Promote { account: self.account },
            Op::Demote { account: victim },
            Op::Settle { policy: Policy(u32::MAX) },
            Op::Role { role: Role::Facilitator },
            Op::Affirm,
        ];
        let op = ops[self.random.below(ops.len())].clone();
        for name in [self.account, victim] {
            let said = entry(&mut world.phones[phone], space, name, Extensible::Known(op.clone()));
            self.put(world, space, draft(Kind::Roster, &[], &said));
        }
    }

    fn leaves(&mut self, world: &mut World, space: &SpaceId) {
        if self.random.one_in(3) {
            let phone = self.phone();
            drop(world.phones[phone].act(space, Op::Leave));
            self.listen(world);
        }
    }

    /// Goes on after all is over: a bit of everything, under whatever is still known. Returns the words.
    pub fn goes_on(&mut self, world: &mut World, space: &SpaceId) {
        for trick in [Trick::Flood, Trick::Calls, Trick::Forks, Trick::Powers, Trick::Rivals, Trick::Carries]
        {
            self.do_it(world, space, trick);
        }
        // Into every mailbox that there is, also those of which Mallory has no key.
        let (place, said) = (self.place(world, space), self.post());
        let (keys, scope) = (world.phones[place.phone].keys(), place.under.scope());
        let writer = self.writer(world, place.phone);
        let item = Chain::new(*space, writer, &keys, Position::default())
            .and_then(|mut chain| chain.next(scope.epoch, said))
            .expect("a short post");
        plant(world, &place.under, &item);
        let envelope = place.under.seal(&item).expect("an item of this epoch");
        let all: Vec<_> = world.relay.boxes.keys().copied().collect();
        all.into_iter().for_each(|mailbox| world.relay.plant(mailbox, envelope.clone()));
    }
}

fn change_of(document: DocId, writer: WriterId) -> Option<Vec<u8>> {
    let mut doc = Doc::load(document, writer.0, &Default::default()).ok()?;
    let made = doc.edit(|edit| {
        let root = edit.root();
        let thing = edit.find_or_make(&root, "checkins", "planted", &[])?;
        edit.set(&thing, "note", &"planted".to_owned())?;
        edit.set(&root, "own_words", &"planted".to_owned())
    });
    made.ok().flatten().map(|change| change.bytes)
}

/// An entry of a device log with an operation that there is not yet.
fn later_device_entry(world: &mut World, phone: usize) -> Option<Vec<u8>> {
    let key = world.phones[phone].keys().sign_key();
    let log = world.phones[phone].store().read(space_state::own_log).ok()?;
    let (mut body, mut heads) = (minicbor::Encoder::new(Vec::new()), log.heads());
    heads.sort_unstable();
    body.array(4).ok()?.u8(1).ok()?.bytes(&key.id().0).ok()?.array(heads.len() as u64).ok()?;
    for head in heads {
        body.bytes(&head.0).ok()?;
    }
    body.array(2).ok()?.u8(9).ok()?.u8(1).ok()?;
    let body = body.into_writer();
    let signature = key.sign(&[b"trellis/v1/device-log", &log.account().0, &body]);
    let mut signed = minicbor::Encoder::new(Vec::new());
    signed.array(2).ok()?.bytes(&body).ok()?.bytes(&signature.0).ok()?;
    Some(signed.into_writer())
}
