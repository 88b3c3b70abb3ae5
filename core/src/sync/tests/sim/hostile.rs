//! A hostile member: Mallory has a place in the group, its keys, and a client that signs anything. What is signed is in
//! [`super::tricks`].

use super::super::shared_hostile::draft;
use super::super::world::{Line, World};
use super::random::Random;
use crate::space::open::{Base, Open, OpenDraft};
use crate::space::record::{Content, PostKind, Record};
use crate::space::{
    AccountId, Chain, Device, Draft, EpochId, EpochKeys, EpochSecret, Position, SpaceId, VerifiedItem,
    WriterId,
};
use crate::sync::keys;

/// What Mallory does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trick {
    /// Bodies of any kind that nobody can read.
    Noise,
    /// Changes of documents, whole and altered.
    Changes,
    /// Two items at one place of a chain, in different mailboxes.
    Forks,
    /// Records of all sorts under many keys.
    Flood,
    /// Items under many writers.
    Writers,
    /// Valid epochs beside those of the others.
    Rivals,
    /// An opening under the id of another epoch.
    SameEpoch,
    /// An opening whose grant for one device cannot be opened.
    SpoiledOpening,
    /// An opening that leaves somebody out.
    LeftOut,
    /// Late grants of other secrets, and altered ones.
    SpoiledGrants,
    /// Operations of a later version, in the roster and in the device log.
    LaterOps,
    /// Times, days and logical times at the ends of their ranges.
    Numbers,
    /// Claims of what does not exist, and questions for everything.
    Heads,
    /// Snapshot parts and openings that start from them.
    Snapshots,
    /// What others said, carried again, and carries in carries.
    Carries,
    /// Calls for help by the dozen.
    Calls,
    /// Claims in others' names.
    OtherNames,
    /// Devices of one's own by the dozen, and words about those of others.
    Devices,
    /// Letting in, putting out, raising, without the right to it.
    Powers,
    /// Leaves, and goes on.
    Leaves,
    /// Exchanges as an app does.
    Listens,
}

pub const TRICKS: [Trick; 21] = [
    Trick::Noise,
    Trick::Changes,
    Trick::Forks,
    Trick::Flood,
    Trick::Writers,
    Trick::Rivals,
    Trick::SameEpoch,
    Trick::SpoiledOpening,
    Trick::LeftOut,
    Trick::SpoiledGrants,
    Trick::LaterOps,
    Trick::Numbers,
    Trick::Heads,
    Trick::Snapshots,
    Trick::Carries,
    Trick::Calls,
    Trick::OtherNames,
    Trick::Devices,
    Trick::Powers,
    Trick::Leaves,
    Trick::Listens,
];

pub struct Mallory {
    pub devices: Vec<usize>,
    pub account: AccountId,
    pub random: Random,
    /// How many tricks were played, so that no two texts are the same.
    pub count: usize,
    /// The others' devices.
    pub others: Vec<usize>,
}

/// Where something is put: the device that does it, and an epoch that it knows.
pub struct Place {
    pub phone: usize,
    pub under: EpochKeys,
}

impl Mallory {
    /// Plays a trick that is drawn from the seed.
    pub fn play(&mut self, world: &mut World, space: &SpaceId) {
        let trick = TRICKS[self.random.below(TRICKS.len())];
        // Told where the seed fails.
        eprintln!("Mallory: {trick:?}");
        self.do_it(world, space, trick);
    }

    /// Returns words that nobody has said.
    pub fn words(&mut self) -> String {
        self.count += 1;
        format!("Mallory {}", self.count)
    }

    pub fn phone(&mut self) -> usize {
        self.devices[self.random.below(self.devices.len())]
    }

    /// Returns the device that opens epochs: their ids follow from it.
    pub fn opener(&self) -> usize {
        self.devices[0]
    }

    pub fn post(&mut self) -> Draft {
        let text = self.words();
        let key = text.as_bytes().to_vec();
        self.record(key, Content::Post { kind: PostKind::Victory, text, at: None })
    }

    /// A record in Mallory's own name. What may not be said at all is noise.
    pub fn record(&self, key: Vec<u8>, content: Content) -> Draft {
        let record = Record::new(self.account, content).draft(key.clone());
        record.unwrap_or_else(|_| draft(crate::space::Kind::Record, &key, b"noise"))
    }

    /// Returns where the next item goes: mostly the epoch that is written to, else any known one.
    pub fn place(&mut self, world: &mut World, space: &SpaceId) -> Place {
        let phone = self.phone();
        if !self.random.one_in(4) {
            return Place { phone, under: world.phones[phone].epoch_keys(space) };
        }
        let known = self.epochs(world, phone, space);
        Place { phone, under: known[self.random.below(known.len())].clone() }
    }

    /// Returns the keys of all epochs that a device knows.
    pub fn epochs(&mut self, world: &mut World, phone: usize, space: &SpaceId) -> Vec<EpochKeys> {
        let all = world.phones[phone]
            .within(space, |tx, _, _| tx.epochs()?.iter().map(|row| keys::of_epoch(tx, &row.id)).collect());
        all.expect("a device reads its epochs")
    }

    /// A logical time: mostly later than all others, else any.
    pub fn lamport(&mut self) -> u64 {
        [1 << 40, 1 << 40, 0, 7, i64::MAX as u64 - 1, u64::MAX - 1][self.random.below(6)]
    }

    /// Signs an item as the first one of a fresh writer, and puts it into a mailbox.
    pub fn put(&mut self, world: &mut World, space: &SpaceId, draft: Draft) {
        let place = self.place(world, space);
        let lamport = self.lamport();
        self.put_at(world, &place, Position { lamport, ..Position::default() }, draft);
    }

    pub fn put_at(&mut self, world: &mut World, place: &Place, position: Position, draft: Draft) {
        let writer = self.writer(world, place.phone);
        self.put_by(world, place, writer, position, draft);
    }

    pub fn writer(&mut self, world: &mut World, phone: usize) -> WriterId {
        WriterId::fresh(&world.phones[phone].keys().id(), &world.phones[phone].ground)
    }

    pub fn put_by(
        &mut self,
        world: &mut World,
        place: &Place,
        writer: WriterId,
        position: Position,
        draft: Draft,
    ) {
        let (keys, scope) = (world.phones[place.phone].keys(), place.under.scope());
        let chain = Chain::new(scope.space, writer, &keys, position);
        // What is larger than an item may be cannot even be signed.
        if let Ok(item) = chain.and_then(|mut chain| chain.next(scope.epoch, draft)) {
            plant(world, &place.under, &item);
        }
    }

    /// An opening over the epoch that is written to, altered in any way before it is sealed.
    pub fn opening(
        &mut self,
        world: &mut World,
        space: &SpaceId,
        (epoch, secret): (EpochId, &EpochSecret),
        alter: impl FnOnce(&mut OpenDraft),
    ) -> Option<Open> {
        let phone = self.opener();
        let (parent, ground) = (world.phones[phone].epoch_keys(space), world.phones[phone].ground.clone());
        let made = world.phones[phone].within(space, |_, _, known| {
            let mut draft = OpenDraft {
                space: *space,
                epoch,
                parents: vec![parent.scope().epoch],
                authority: known.roster().authority_heads(),
                relays: vec![],
                cuts: vec![],
                base: Base::Parent,
                recipients: known.roster().entitled().into_values().collect(),
            };
            alter(&mut draft);
            Ok(draft.build(secret, &ground)?)
        });
        made.ok()
    }

    /// Puts an opening into the epoch that is written to and, now and then, makes its mailbox.
    pub fn publish(&mut self, world: &mut World, space: &SpaceId, open: &Open, secret: &EpochSecret) {
        let phone = self.opener();
        let under = world.phones[phone].epoch_keys(space);
        let own = secret.keys(*space, open.epoch);
        if self.random.one_in(2) {
            let empty = super::super::relay::Mailbox::empty;
            world.relay.boxes.entry(own.mailbox()).or_insert_with(empty);
            let place = Place { phone, under: own };
            self.put_at(world, &place, Position::default(), open.draft());
        }
        let lamport = self.lamport();
        let position = Position { lamport, ..Position::default() };
        self.put_at(world, &Place { phone, under }, position, open.draft());
    }

    /// Returns the devices that are entitled, by what Mallory knows, without its own.
    pub fn victims(&mut self, world: &mut World, space: &SpaceId) -> Vec<Device> {
        let phone = self.phone();
        let all = world.phones[phone]
            .within(space, |_, _, known| Ok(known.roster().entitled().into_values().collect::<Vec<_>>()));
        let own: Vec<_> = self.devices.clone().into_iter().map(|it| world.phones[it].keys().id()).collect();
        let mut all = all.expect("a device reads its roster");
        all.retain(|device| !own.contains(&device.id));
        all
    }

    /// Mallory's devices exchange like any other; what breaks there is nobody's concern.
    pub fn listen(&mut self, world: &mut World) {
        for phone in self.devices.clone() {
            let device = &mut world.phones[phone];
            let hurried = device.engine.hurry(device.store.as_mut().expect("an open store"));
            let mut calls = 0;
            while hurried.is_ok() && calls < 300 && device.step(&mut world.relay, Line::Fine) == Ok(true) {
                calls += 1;
            }
        }
    }
}

/// Puts an item into the mailbox of its epoch, if the relay has that.
pub fn plant(world: &mut World, under: &EpochKeys, item: &VerifiedItem) {
    if world.relay.boxes.contains_key(&under.mailbox())
        && let Ok(envelope) = under.seal(item)
    {
        world.relay.plant(under.mailbox(), envelope);
    }
}
