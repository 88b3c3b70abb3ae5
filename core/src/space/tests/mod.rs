//! What every test of this room needs: fixed randomness, devices, and a whole small space.
mod authority;
mod epochs;
mod hostile;
mod repair;
mod shared_hostile;
mod shared_vectors;
mod vectors;

use std::cell::Cell;

use super::authority::{Judgement, Ledger, judge};
use super::device_log::DeviceLog;
use super::epochs::Epochs;
use super::open::{Base, Open, OpenDraft};
use super::*;
use crate::crypto::{Phrase, Secret};
use crate::platform::Entropy;

/// Randomness from a seed, so that vectors stay fixed.
pub(crate) struct Fixed(Cell<u64>);

impl Fixed {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }
}

impl Entropy for Fixed {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            self.0.set(self.0.get() + 1);
            let block = crate::crypto::kdf::hash(&[b"fixed", &self.0.get().to_be_bytes()]);
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

pub(crate) fn device(seed: u8) -> DeviceKeys {
    DeviceKeys::new(Secret::new([seed; 32]), Secret::new([seed ^ 0x80; 32]))
}

pub(crate) fn phrase() -> Phrase {
    Phrase::new(Secret::new([7; 32]))
}

pub(crate) fn log_of(first: &DeviceKeys) -> DeviceLog {
    DeviceLog::create(&phrase(), first.public()).unwrap()
}

pub(crate) fn chain(space: SpaceId, keys: &DeviceKeys, seed: u64) -> Chain {
    Chain::new(space, WriterId::fresh(&keys.id(), &Fixed::new(seed)), keys, Position::default()).unwrap()
}

pub(crate) fn record(key: &str, body: &str) -> Draft {
    Draft { kind: Kind::Record, key: key.into(), body: body.into() }
}

pub(crate) fn open_draft(log: &DeviceLog, epoch: u8, parents: &[u8]) -> OpenDraft {
    OpenDraft {
        space: SpaceId::personal(&log.account()),
        epoch: EpochId([epoch; 16]),
        parents: parents.iter().map(|parent| EpochId([*parent; 16])).collect(),
        authority: log.heads(),
        relays: vec!["https://relay.example".into()],
        cuts: vec![],
        base: Base::Parent,
        recipients: log.state().recipients(),
    }
}

pub(crate) const HOME: EpochId = EpochId([1; 16]);

/// Epochs with the ids that the rules are tried with, of one repeated byte.
pub(crate) fn any_id() -> Epochs {
    Epochs::with_older((0..=u8::MAX).map(id))
}

/// A personal space of devices 1 and 2, and what each step adds.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) log: DeviceLog,
    pub(crate) epochs: Epochs,
    pub(crate) ledger: Ledger,
    pub(crate) one: Chain,
    pub(crate) two: Chain,
}

impl World {
    pub(crate) fn new() -> Self {
        let mut log = log_of(&device(1));
        log.add(device(2).public(), &device(1)).unwrap();
        let space = SpaceId::personal(&log.account());
        let (one, two) = (chain(space, &device(1), 11), chain(space, &device(2), 22));
        let mut world = Self { log, epochs: any_id(), ledger: Ledger::default(), one, two };
        let first = world.draft(1, &[]);
        world.open(first, 1);
        world
    }

    pub(crate) fn draft(&self, epoch: u8, parents: &[u8]) -> OpenDraft {
        open_draft(&self.log, epoch, parents)
    }

    /// Signs an `open` by device 1 or 2 and takes it in.
    pub(crate) fn open(&mut self, draft: OpenDraft, by: u8) -> VerifiedItem {
        let open = build(draft);
        let item = self.write(by, open.draft());
        self.epochs.insert(&item).unwrap();
        item
    }

    pub(crate) fn write(&mut self, by: u8, draft: Draft) -> VerifiedItem {
        let chain = if by == 1 { &mut self.one } else { &mut self.two };
        let item = chain.next(HOME, draft).unwrap();
        self.ledger.insert(&item).unwrap();
        item
    }

    pub(crate) fn space(&self) -> SpaceId {
        SpaceId::personal(&self.log.account())
    }

    pub(crate) fn judge(&self) -> Judgement {
        judge(&self.ledger, &self.epochs, &self.log)
    }

    pub(crate) fn live(&self) -> Vec<EpochId> {
        self.epochs.live(&self.log).into_keys().collect()
    }

    pub(crate) fn remove_two(&mut self) {
        self.log.revoke(device(2).id(), &device(1)).unwrap();
    }
}

pub(crate) fn build(draft: OpenDraft) -> Open {
    draft.build(&EpochSecret::new(crate::crypto::Secret::new([9; 32])), &Fixed::new(3)).unwrap()
}

pub(crate) fn mark(item: &VerifiedItem) -> Mark {
    Mark { writer: item.item().writer, seq: item.item().seq, id: item.id() }
}

pub(crate) fn id(epoch: u8) -> EpochId {
    EpochId([epoch; 16])
}

#[test]
fn an_item_goes_out_and_comes_in() {
    let (keys, entropy) = (device(1), Fixed::new(1));
    let log = log_of(&keys);
    let space = SpaceId::personal(&log.account());
    let secret = EpochSecret::random(&entropy);
    let epoch = secret.keys(space, EpochId([5; 16]));
    let mut chain = chain(space, &keys, 9);
    let first = chain.next(epoch.scope().epoch, record("a", "one")).unwrap();
    let second = chain.next(epoch.scope().epoch, record("a", "two")).unwrap();
    assert_eq!(second.item().prev, Some(first.id()));
    let sealed = epoch.seal(&second).unwrap();
    assert_eq!(sealed, epoch.seal(&second).unwrap());
    assert_eq!(epoch.open(&sealed).unwrap().verify().unwrap(), second);
}

#[test]
fn a_new_epoch_reaches_every_recipient() {
    let (one, two, entropy) = (device(1), device(2), Fixed::new(1));
    let mut log = log_of(&one);
    log.add(two.public(), &one).unwrap();
    let secret = EpochSecret::random(&entropy);
    let draft = open_draft(&log, 3, &[]);
    let open = draft.clone().build(&secret, &entropy).unwrap();
    for keys in [&one, &two] {
        let got = open.secret_for(draft.space, &keys.id(), &keys.agree_key()).unwrap();
        assert_eq!(got.secret().expose(), secret.secret().expose());
    }
    let paper = phrase();
    assert!(open.secret_for(draft.space, &paper.keys().root, &paper.seal_key()).is_ok());
    let stranger = device(9);
    assert_eq!(
        open.secret_for(draft.space, &stranger.id(), &stranger.agree_key()).err(),
        Some(Refusal::NotGranted)
    );
}
