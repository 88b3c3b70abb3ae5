//! Rosters: entries by members and whoever was one, over device logs that change, in any order.

use std::cell::RefCell;

use minicbor::bytes::ByteVec;
use trellis_core::crypto::{DeviceId, Refusal, SignKey, codec};
use trellis_core::space::device_log::DeviceLog;
use trellis_core::space::members::{
    Act, Entry, JoinRequest, MAX_PARENTS, Members, Op, Policy, Role, SpaceKind,
};
use trellis_core::space::open::MAX_GRANTS;
use trellis_core::space::roster::Roster;
use trellis_core::space::{AccountId, DeviceKeys, EntryId, SpaceId};

use crate::pieces;
use crate::world::{Fixed, device, phrase, refused, sound, vectors};

const SIGNED: &[u8] = b"trellis/v1/roster";
/// Accounts that a script knows, each with two devices.
const ACCOUNTS: u8 = 4;
/// Steps of one script.
const MAX_STEPS: usize = 16;
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

/// What was said, in the order in which it was made: entries of device logs with their account, and of the roster.
struct Script {
    said: Vec<(Option<AccountId>, Vec<u8>)>,
    ids: Vec<EntryId>,
    logs: Vec<DeviceLog>,
    members: Members,
}

/// Each piece is a step: who (account and device), what, about whom, and which earlier entries they know; none is all that
/// is known. From 230 on the rest is a whole entry.
pub fn run(input: &[u8]) {
    let (choice, pieces) = pieces::choice(input);
    let kind = if choice % 4 == 0 { SpaceKind::Pair } else { SpaceKind::Group };
    let mut script = Script::new(kind);
    pieces.into_iter().take(MAX_STEPS).for_each(|piece| script.step(piece));
    let space = script.members.space();
    let backwards = told(space, script.said.iter().rev());
    let logs_last = told(space, script.said.iter().filter(|(log, _)| log.is_none()).chain(&script.said));
    same(&script.members, &backwards);
    same(&script.members, &logs_last);
    holds(&script.members);
    goes_on(&script);
}

pub fn seeds() -> Vec<Vec<u8>> {
    let who = |account: u8, device: u8| account + 4 * device;
    let let_in: Vec<Vec<u8>> = (1..4).map(|number| vec![who(0, 0), 0, number]).collect();
    let steps = |more: &[&[u8]]| {
        let_in.iter().cloned().chain(more.iter().map(|step| step.to_vec())).collect::<Vec<_>>()
    };
    let quarrel = steps(&[&[0, 2, 1], &[0, 2, 2], &[1, 1, 2, 30, 31], &[2, 1, 1, 30, 31], &[1, 0, 3]]);
    let going = steps(&[&[0, 6, 1], &[3, 4, 0], &[0, 4, 0], &[1, 5, 3], &[1, 7, 0], &[1, 0, 3]]);
    let devices = steps(&[&[1, 9, 5], &[5, 5, 1], &[1, 10, 5], &[5, 7, 0], &[1, 7, 0], &[2, 8, 99]]);
    let raw: Vec<Vec<u8>> = vectors("roster.").iter().map(|entry| [&[230][..], entry].concat()).collect();
    vec![
        pieces::chosen(1, &quarrel),
        pieces::chosen(1, &going),
        pieces::chosen(2, &devices),
        pieces::chosen(0, &steps(&[&[1, 4, 0]])),
        pieces::chosen(1, &raw),
    ]
}

thread_local! {
    /// Pair and group as they begin: signing takes a while.
    static BEGUN: RefCell<Vec<(SpaceKind, Members)>> = const { RefCell::new(Vec::new()) };
}

fn begun(kind: SpaceKind) -> Members {
    BEGUN.with_borrow_mut(|begun| {
        if let Some((_, members)) = begun.iter().find(|(held, _)| *held == kind) {
            return members.clone();
        }
        let (key, entropy) = (device(1).sign_key(), Fixed::new(10));
        let made = Members::found(kind, "Tuesday", Role::Facilitator, &log(0), &key, &entropy);
        let (mut members, _) = sound(made);
        (1..ACCOUNTS).for_each(|number| sound(members.take_log(&log(number))));
        begun.push((kind, members.clone()));
        members
    })
}

/// Device 0 or 1 of an account.
fn keys(account: u8, number: u8) -> DeviceKeys {
    device(1 + account + ACCOUNTS * number)
}

fn log(account: u8) -> DeviceLog {
    let mut log = sound(DeviceLog::create(&phrase(40 + account), keys(account, 0).public()));
    if account == 1 {
        sound(log.add(keys(1, 1).public(), &keys(1, 0)));
    }
    log
}

impl Script {
    fn new(kind: SpaceKind) -> Self {
        let members = begun(kind);
        let logs: Vec<DeviceLog> =
            (0..ACCOUNTS).filter_map(|number| members.log(&account(number)).cloned()).collect();
        let of_logs = logs
            .iter()
            .flat_map(|log| log.entries().map(|entry| (Some(log.account()), entry.bytes().to_vec())));
        let said: Vec<_> =
            of_logs.chain(members.entries().map(|entry| (None, entry.bytes().to_vec()))).collect();
        let of_logs = logs.iter().flat_map(|log| log.entries().map(|entry| entry.id()));
        let ids = members.entries().map(Entry::id).chain(of_logs).collect();
        Self { said, ids, logs, members }
    }

    fn step(&mut self, piece: &[u8]) {
        let [who, rest @ ..] = piece else { return };
        let (number, by) = (who % ACCOUNTS, keys(who % ACCOUNTS, who / ACCOUNTS % 2));
        match (who, rest) {
            (230.., entry) => self.say(entry.to_vec()),
            (_, [9, about, ..]) => {
                self.device(number, |log| log.add(keys(about % 4, about / 4 % 2).public(), &by))
            }
            (_, [10, about, ..]) => {
                self.device(number, |log| log.revoke(keys(about % 4, about / 4 % 2).id(), &by));
            }
            (_, [op, about, known @ ..]) => {
                let op = op_bytes(*op, *about, known, &self.members.space());
                let body = self.body(&by.id(), number, known, &op);
                self.say(signed(&self.members.space(), &by.sign_key(), &body));
            }
            _ => {}
        }
    }

    /// An entry of an account's device log.
    fn device<T>(&mut self, number: u8, work: impl FnOnce(&mut DeviceLog) -> Result<T, Refusal>) {
        let Some(log) = self.logs.get_mut(usize::from(number)) else { return };
        if work(log).is_ok()
            && let Some(entry) = log.entries().last()
        {
            let (account, entry, id) = (log.account(), entry.bytes().to_vec(), entry.id());
            sound(self.members.insert_device(account, &entry));
            self.ids.push(id);
            self.said.push((Some(account), entry));
        }
    }

    fn say(&mut self, entry: Vec<u8>) {
        if let Ok(read) = Entry::read(&self.members.space(), &entry) {
            assert_eq!(read.bytes(), entry);
            self.ids.push(read.id());
        }
        if let Err(refusal) = self.members.insert(&entry) {
            refused(refusal, CODES);
        }
        self.said.push((None, entry));
    }

    fn body(&self, device: &DeviceId, number: u8, known: &[u8], op: &[u8]) -> Vec<u8> {
        let picked = known.iter().filter_map(|at| self.ids.get(usize::from(*at) % self.ids.len().max(1)));
        let mut parents: Vec<EntryId> = picked.copied().collect();
        if known.is_empty() {
            parents = self.members.authority_heads();
        }
        parents.sort_unstable();
        parents.dedup();
        let start = codec::encode(&(1u8, *device, account(number), parents));
        // The same array with one more value in it.
        [&[0x85][..], start.get(1..).unwrap_or_default(), op].concat()
    }
}

fn account(number: u8) -> AccountId {
    AccountId::of(&phrase(40 + number).keys().root)
}

fn op_bytes(op: u8, about: u8, known: &[u8], space: &SpaceId) -> Vec<u8> {
    let who = account(about % ACCOUNTS);
    let asks = || {
        let key = keys(about % ACCOUNTS, about / ACCOUNTS % 2).sign_key();
        JoinRequest::sign(space, who, &key, &Fixed::new(u64::from(about / 8)))
    };
    codec::encode(&match op {
        0 => Op::Add { request: asks(), role: Role::Peer },
        1 => Op::Remove { account: who },
        2 => Op::Promote { account: who },
        3 => Op::Demote { account: who },
        4 => Op::Leave,
        5 => Op::Role { role: if about < 8 { Role::Coach } else { Role::Sponsor } },
        6 => Op::Settle { policy: Policy(u32::from(about)) },
        7 => Op::Affirm,
        8 => return vec![0x82, 0x18, about.max(24), 0],
        11 => {
            Op::Genesis { kind: SpaceKind::Pair, name: String::new(), role: Role::Peer, nonce: [about; 16] }
        }
        _ => return [&[about][..], known].concat(),
    })
}

/// An entry of any body, signed as it should be.
fn signed(space: &SpaceId, key: &SignKey, body: &[u8]) -> Vec<u8> {
    let signature = key.sign(&[SIGNED, &space.0, body]);
    codec::encode(&(ByteVec::from(body.to_vec()), signature))
}

fn told<'a>(space: SpaceId, said: impl Iterator<Item = &'a (Option<AccountId>, Vec<u8>)>) -> Members {
    let mut members = Members::new(space);
    for (account, entry) in said {
        let told = match account {
            Some(account) => members.insert_device(*account, entry),
            None => members.insert(entry),
        };
        if let Err(refusal) = told {
            refused(refusal, CODES);
        }
    }
    members
}

fn same(members: &Members, other: &Members) {
    assert_eq!(members.state(), other.state(), "depends on the order of entries");
    assert_eq!(members.authority_heads(), other.authority_heads(), "heads depend on the order");
    assert_eq!(members.entitled(), other.entitled());
    assert_eq!(members.dropped(), other.dropped());
    assert!(members.entries().all(|entry| members.counts(&entry.id()) == other.counts(&entry.id())));
}

/// Lists that others have to make stay short, and the heads lead to all that counts.
fn holds(members: &Members) {
    let (state, heads, entitled) = (members.state(), members.authority_heads(), members.entitled());
    assert!(heads.len() <= MAX_PARENTS && entitled.len() <= MAX_GRANTS);
    assert!(members.dropped().iter().all(|id| !entitled.contains_key(id)));
    if let Some(seen) = members.state_at(&heads) {
        assert_eq!(seen.members, state.members, "whoever knows the heads sees other members");
    }
    assert_eq!(members.entitled_at(&heads).as_ref(), Some(&entitled));
    assert!(state.members.keys().all(|account| members.log(account).is_some()));
}

/// Whoever is a member can say something of themselves.
fn goes_on(script: &Script) {
    let state = script.members.state();
    for number in 0..ACCOUNTS {
        let may = state.may(&account(number), Act::Speak);
        let by =
            (0..2).map(|at| keys(number, at)).find(|by| script.members.entitled().contains_key(&by.id()));
        if let (true, Some(by)) = (may, by) {
            let said =
                script.members.clone().author(Op::Role { role: Role::Peer }, account(number), &by.sign_key());
            assert!(said.is_ok(), "a member cannot speak: {:?}", said.err());
        }
    }
}
