//! Honest people: the keys and messages of the vectors in `docs/protocol.md`, and what else targets share.

use std::cell::Cell;
use std::fmt::Debug;
use std::sync::LazyLock;

use trellis_core::crypto::{Phrase, Refusal, Secret, kdf};
use trellis_core::platform::Entropy;
use trellis_core::space::device_log::DeviceLog;
use trellis_core::space::members::{JoinRequest, Members, Op, Role, SpaceKind};
use trellis_core::space::{
    Carried, Chain, DeviceKeys, EpochId, EpochSecret, Position, SpaceId, VerifiedItem, WriterId,
};

/// The page with a message of every layout.
const PAGE: &str = include_str!("../../docs/protocol.md");
/// The epoch of the vectors.
pub const EPOCH: EpochId = EpochId([2; 16]);
/// What is signed with an item.
const SIGNED_ITEM: &[u8] = b"trellis/v1/item";

/// Randomness from a number.
pub struct Fixed(Cell<u64>);

impl Fixed {
    pub fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }
}

impl Entropy for Fixed {
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            self.0.set(self.0.get() + 1);
            let block = kdf::hash(&[b"fixed", &self.0.get().to_be_bytes()]);
            chunk.iter_mut().zip(block).for_each(|(to, from)| *to = from);
        }
    }
}

/// What an honest sender made.
pub fn sound<T, E: Debug>(made: Result<T, E>) -> T {
    made.unwrap_or_else(|refusal| panic!("an honest message was refused: {refusal:?}"))
}

/// Whoever refuses says why: with one of the codes that fit.
pub fn refused(by: Refusal, may: &[Refusal]) {
    assert!(may.contains(&by), "refused with another code: {by:?}");
}

/// The vectors of the page whose names begin so.
pub fn vectors(start: &str) -> Vec<Vec<u8>> {
    let lines = PAGE.lines().filter(|line| line.starts_with(start));
    lines.filter_map(|line| hex::decode(line.split_once(" = ")?.1).ok()).collect()
}

/// The vector of this very name.
pub fn vector(name: &str) -> Vec<u8> {
    vectors(&format!("{name} = ")).pop().unwrap_or_default()
}

pub fn device(seed: u8) -> DeviceKeys {
    DeviceKeys::new(Secret::new([seed; 32]), Secret::new([seed ^ 0x80; 32]))
}

pub fn phrase(seed: u8) -> Phrase {
    Phrase::new(Secret::new([seed; 32]))
}

/// The account of paper 7, with devices 1 and 2.
pub static LOG: LazyLock<DeviceLog> = LazyLock::new(|| {
    let mut log = sound(DeviceLog::create(&phrase(7), device(1).public()));
    sound(log.add(device(2).public(), &device(1)));
    log
});

/// The personal space of that account.
pub fn home() -> SpaceId {
    static HOME: LazyLock<SpaceId> = LazyLock::new(|| SpaceId::personal(&LOG.account()));
    *HOME
}

pub fn secret() -> EpochSecret {
    EpochSecret::new(Secret::new([1; 32]))
}

/// A chain of device 1 or 2.
pub fn chain(space: SpaceId, seed: u8) -> Chain {
    let keys = device(seed);
    let writer = WriterId::fresh(&keys.id(), &Fixed::new(9));
    sound(Chain::new(space, writer, &keys, Position::default()))
}

/// Bytes as an item that device 1 signed.
pub fn signed(item: &[u8]) -> Carried {
    let signature = device(1).sign_key().sign(&[SIGNED_ITEM, &home().0, &EPOCH.0, item]);
    Carried { epoch: EPOCH, item: item.to_vec().into(), signature }
}

/// Bodies as items of device 1, one after the other; those that are too long are left out.
pub fn items(kind: trellis_core::space::Kind, key: &[u8], bodies: &[&[u8]]) -> Vec<VerifiedItem> {
    let mut chain = chain(home(), 1);
    let draft = |body: &&[u8]| trellis_core::space::Draft { kind, key: key.to_vec(), body: body.to_vec() };
    bodies.iter().filter_map(|body| chain.next(EPOCH, draft(body)).ok()).collect()
}

/// The account of the others: paper 8 with device 3.
pub fn other_log() -> DeviceLog {
    sound(DeviceLog::create(&phrase(8), device(3).public()))
}

/// A pair or group of both accounts.
pub fn members(kind: SpaceKind) -> Members {
    let (key, other) = (device(1).sign_key(), other_log());
    let (mut members, _) =
        sound(Members::found(kind, "Tuesday", Role::Facilitator, &LOG, &key, &Fixed::new(10)));
    sound(members.take_log(&other));
    let asks = device(3).sign_key();
    let request = JoinRequest::sign(&members.space(), other.account(), &asks, &Fixed::new(11));
    sound(members.author(Op::Add { request, role: Role::Peer }, LOG.account(), &key));
    members
}
