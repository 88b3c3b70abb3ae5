//! What somebody who was let into a space gets.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use super::{Terms, VERSION};
use crate::crypto::{DeviceId, Refusal, codec};
use crate::space::device_log;
use crate::space::members::Members;
use crate::space::roster::Roster;
use crate::space::welcome::{MAX_EPOCHS, SentKey};
use crate::space::{AccountId, EpochKey, SpaceId};

/// Most bytes of an answer: what every member of a full group can make the others hand on has room in it.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// What somebody who was let in starts from.
#[derive(Clone)]
pub struct Joined {
    /// The space's authority.
    pub members: Members,
    /// Keys of epochs, the one to write to first.
    pub epochs: Vec<EpochKey>,
    /// Relays in use.
    pub relays: Vec<String>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Layout {
    #[n(0)]
    v: u8,
    #[n(1)]
    space: SpaceId,
    #[n(2)]
    logs: Vec<Log>,
    #[n(3)]
    roster: Vec<ByteVec>,
    #[n(4)]
    epochs: Vec<SentKey>,
    #[n(5)]
    relays: Vec<String>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct Log {
    #[n(0)]
    account: AccountId,
    #[n(1)]
    entries: Vec<ByteVec>,
}

impl Joined {
    /// What a newcomer gets; the newest epochs first, older ones come by grants.
    pub fn of(members: &Members, epochs: Vec<EpochKey>, relays: Vec<String>) -> Self {
        Self { members: members.clone(), epochs, relays }
    }

    pub(in crate::space) fn encode(&self, newcomer: &AccountId) -> Zeroizing<Vec<u8>> {
        let admission = self.members.admission(newcomer);
        let log = |(account, entries): (AccountId, Vec<&device_log::Entry>)| Log {
            account,
            entries: entries.iter().map(|entry| entry.bytes().to_vec().into()).collect(),
        };
        Zeroizing::new(codec::encode(&Layout {
            v: VERSION,
            space: self.members.space(),
            logs: admission.logs.into_iter().map(log).collect(),
            roster: admission.roster.iter().map(|entry| entry.bytes().to_vec().into()).collect(),
            epochs: self.epochs.iter().take(MAX_EPOCHS).map(SentKey::new).collect(),
            relays: self.relays.clone(),
        }))
    }

    /// Reads an opened answer, and checks that the roster lets `me` into the space that was offered, and that whoever
    /// offered it is in there.
    pub(super) fn read(bytes: &[u8], terms: &Terms, me: &DeviceId) -> Result<Self, Refusal> {
        let layout: Layout = codec::decode_up_to(bytes, MAX_BYTES)?;
        if layout.v != VERSION {
            return Err(Refusal::UnknownVersion);
        }
        if layout.space != terms.space {
            return Err(Refusal::ForeignSpace);
        }
        if layout.epochs.len() > MAX_EPOCHS {
            return Err(Refusal::Oversized);
        }
        let mut members = Members::new(terms.space);
        for log in &layout.logs {
            log.entries.iter().try_for_each(|entry| members.insert_device(log.account, entry).map(drop))?;
        }
        layout.roster.iter().try_for_each(|entry| members.insert(entry).map(drop))?;
        let offered = members.state().members.contains_key(&terms.account);
        if !offered || !members.entitled().contains_key(me) {
            return Err(Refusal::NotEntitled);
        }
        let epochs = layout.epochs.iter().map(SentKey::read).collect();
        Ok(Self { members, epochs, relays: layout.relays })
    }
}
