//! Device logs: entries by anyone who ever had a key, in any order.

use trellis_core::crypto::{Refusal, SignKey, codec, kdf};
use trellis_core::space::device_log::{DeviceLog, Entry, Op};
use trellis_core::space::roster::Roster;
use trellis_core::space::{AccountId, Device, EntryId};

use crate::pieces;
use crate::world::{device, phrase, refused, vectors};

const SIGNED: &[u8] = b"trellis/v1/device-log";
/// Steps of one script.
const MAX_STEPS: usize = 24;
const CODES: &[Refusal] = &[
    Refusal::Malformed,
    Refusal::NotCanonical,
    Refusal::Oversized,
    Refusal::UnknownVersion,
    Refusal::Forged,
    Refusal::ForeignSpace,
    Refusal::WeakKey,
    Refusal::NotEntitled,
];
const AUTHOR_CODES: &[Refusal] = &[Refusal::Frozen, Refusal::NotEntitled, Refusal::Oversized];

/// Entries that were made so far.
struct Script {
    entries: Vec<Vec<u8>>,
    ids: Vec<EntryId>,
}

/// Each piece is a step: who signs, what, about whom, and which earlier steps they know. From 200 on the rest is the body
/// of an entry, from 230 on a whole one.
pub fn run(input: &[u8]) {
    let (choice, pieces) = pieces::choice(input);
    let mut script = Script { entries: Vec::new(), ids: Vec::new() };
    for piece in pieces.into_iter().take(MAX_STEPS) {
        script.step(piece);
    }
    let entries = || script.entries.iter().map(Vec::as_slice);
    let (log, out) = DeviceLog::from_entries(account(), entries());
    let (backwards, _) = DeviceLog::from_entries(account(), entries().rev());
    out.into_iter().for_each(|(_, refusal)| refused(refusal, CODES));
    same(&log, &backwards);
    holds(&log);
    goes_on(log, choice);
}

pub fn seeds() -> Vec<Vec<u8>> {
    let step = |signer: u8, op: u8, about: u8, known: &[u8]| [&[signer, op, about], known].concat();
    let genesis = step(6, 0, 0b01, &[]);
    let apart =
        [genesis.clone(), step(0, 2, 1, &[1]), step(0, 3, 1, &[2]), step(1, 3, 0, &[2]), step(1, 2, 2, &[2])];
    let paper = [
        genesis.clone(),
        step(0, 2, 1, &[1]),
        step(6, 1, 0b10, &[2]),
        step(6, 4, 1, &[3]),
        step(7, 1, 0b11, &[4]),
    ];
    let twice = [genesis, step(6, 4, 1, &[1]), step(6, 4, 2, &[1]), step(0, 2, 3, &[2, 3])];
    let raw: Vec<Vec<u8>> =
        vectors("entry.").into_iter().map(|entry| [&[230][..], &entry].concat()).collect();
    vec![
        pieces::chosen(0, &apart),
        pieces::chosen(1, &paper),
        pieces::chosen(2, &twice),
        pieces::chosen(3, &raw),
    ]
}

impl Script {
    fn step(&mut self, piece: &[u8]) {
        let Some((signer, rest)) = piece.split_first() else { return };
        let entry = match *signer {
            230.. => rest.to_vec(),
            200.. => raw(&key(*signer), rest),
            _ => match self.made(&key(*signer), rest) {
                Some(entry) => entry,
                None => return,
            },
        };
        if let Ok(read) = Entry::read(&account(), &entry) {
            assert_eq!(read.bytes(), entry);
            self.ids.push(read.id());
        }
        self.entries.push(entry);
    }

    fn made(&self, key: &SignKey, rest: &[u8]) -> Option<Vec<u8>> {
        let (op, about, known) = match rest {
            [op, about, known @ ..] => (*op, *about, known),
            _ => return None,
        };
        let mut parents: Vec<EntryId> = known.iter().filter_map(|number| self.id(*number)).collect();
        parents.sort_unstable();
        parents.dedup();
        Entry::sign(&account(), parents, self::op(op, about), key).ok().map(|entry| entry.bytes().to_vec())
    }

    fn id(&self, number: u8) -> Option<EntryId> {
        let place = usize::from(number).checked_sub(1)?.checked_rem(self.ids.len())?;
        self.ids.get(place).copied()
    }
}

fn account() -> AccountId {
    AccountId::of(&phrase(7).keys().root)
}

fn key(signer: u8) -> SignKey {
    match signer % 8 {
        6 => phrase(7).sign_key(),
        7 => phrase(8).sign_key(),
        number => device(1 + number).sign_key(),
    }
}

fn op(op: u8, about: u8) -> Op {
    let named = |number: u8| device(1 + number % 6).public();
    let listed = || {
        let mut devices: Vec<Device> = (0..6).filter(|bit| about >> bit & 1 == 1).map(named).collect();
        devices.sort_unstable_by_key(|device| device.id);
        devices
    };
    match op % 5 {
        0 => Op::Genesis { paper: phrase(7).keys(), devices: listed() },
        1 => Op::Reset { devices: listed() },
        2 => Op::Add { device: named(about) },
        3 => Op::Revoke { device: named(about).id },
        _ => Op::Paper { paper: phrase(7 + about % 3).keys() },
    }
}

/// An entry of any body, signed as it should be.
fn raw(key: &SignKey, body: &[u8]) -> Vec<u8> {
    let signature = key.sign(&[SIGNED, &account().0, body]);
    codec::encode(&(minicbor::bytes::ByteVec::from(body.to_vec()), signature))
}

fn same(log: &DeviceLog, other: &DeviceLog) {
    assert_eq!(log.state(), other.state(), "depends on the order of entries");
    assert_eq!((log.heads(), log.missing()), (other.heads(), other.missing()));
    assert!(log.entries().all(|entry| log.counts(&entry.id()) == other.counts(&entry.id())));
}

/// Nobody is both active and gone; the past of all heads is all there is.
fn holds(log: &DeviceLog) {
    let state = log.state();
    assert!(state.active.keys().all(|id| !state.gone.contains(id)));
    assert_eq!(log.state_at(&log.heads()), Some(state));
    let kept = log.entries().map(|entry| entry.bytes());
    let (again, refused) = DeviceLog::from_entries(account(), kept);
    assert!(refused.is_empty() && again.state() == log.state(), "what is kept cannot be read again");
    assert!(log.root_notices().iter().all(|entry| log.counts(&entry.id())));
    assert!(log.dropped().iter().all(|id| !log.entitled().contains_key(id) || log.state().paper.is_some()));
}

/// Whoever is active can sign the others out, unless the account is frozen.
fn goes_on(mut log: DeviceLog, choice: u8) {
    let state = log.state();
    let by = (1..7).map(device).find(|keys| state.active.contains_key(&keys.id()));
    let Some(by) = by else { return };
    let target = device(1 + choice % 6).id();
    match log.revoke(target, &by) {
        Ok(entry) => {
            assert!(log.counts(&entry.id()) && !log.state().active.contains_key(&target));
            assert_eq!(entry.id(), EntryId(kdf::hash(&[SIGNED, &account().0, &body(entry.bytes())])));
        }
        Err(refusal) => refused(refusal, AUTHOR_CODES),
    }
}

fn body(entry: &[u8]) -> Vec<u8> {
    let mut decoder = minicbor::Decoder::new(entry);
    let _ = decoder.array();
    decoder.bytes().unwrap_or_default().to_vec()
}
