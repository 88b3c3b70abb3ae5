//! What a member, a former member, a stranger or a relay with bad intentions tries in a shared space. Each is refused,
//! named, and survived by everybody else.

mod authorship;
mod board;
mod crowded;
mod deaf;
mod documents;
mod invitations;
mod malformed;
mod membership;
mod removed;

use super::world::{Phone, World};
use crate::crypto::codec::Extensible;
use crate::crypto::envelope::EnvelopeKeys;
use crate::error::Error;
use crate::space::members::{Entry, Op};
use crate::space::open::{Base, Open, OpenDraft};
use crate::space::{
    AccountId, Chain, DeviceKeys, Draft, EpochId, EpochKey, EpochKeys, Kind, Position, SpaceId, VerifiedItem,
    WriterId,
};
use crate::sync::keys;

pub const HOUR: i64 = 3_600_000;

impl Phone {
    /// The keys of this device.
    pub fn keys(&mut self) -> DeviceKeys {
        self.store().read(keys::device).unwrap()
    }

    /// The keys that a space is written under now, by what this device knows.
    pub fn epoch_keys(&mut self, space: &SpaceId) -> EpochKeys {
        let keys = self.store().read(|tx| {
            let here = &tx.within(space.0);
            keys::of_epoch(tx, &keys::write_epoch(here)?.unwrap())
        });
        keys.unwrap()
    }

    /// Codes of what was set aside.
    pub fn set_aside(&mut self) -> Vec<String> {
        let codes = self.store().read(|tx| tx.set_aside_codes()).unwrap();
        codes.into_iter().map(|(code, _)| code).collect()
    }
}

/// An item that no use case would sign, as the first one of a fresh writer, later than all others.
pub fn signed(keys: &DeviceKeys, space: SpaceId, epoch: EpochId, draft: Draft) -> VerifiedItem {
    signed_at(keys, space, epoch, draft, Position { lamport: 1 << 40, ..Position::default() })
}

/// An epoch that a device opens for everybody, after the one it writes to.
pub fn opens(phone: &mut Phone, space: &SpaceId, base: Base) -> (EpochKey, Open) {
    let (under, ground, opener) = (phone.epoch_keys(space), phone.ground.clone(), phone.keys().id());
    let key = EpochKey::random(opener, &ground);
    let open = phone.within(space, |_, _, known| {
        let draft = OpenDraft {
            space: *space,
            epoch: key.id(space),
            parents: vec![under.scope().epoch],
            authority: known.roster().authority_heads(),
            relays: vec![],
            cuts: vec![],
            base,
            recipients: known.roster().entitled().into_values().collect(),
        };
        Ok(draft.build(&key.secret, &ground)?)
    });
    (key, open.unwrap())
}

/// The same, at any place of a chain.
pub fn signed_at(
    keys: &DeviceKeys,
    space: SpaceId,
    epoch: EpochId,
    draft: Draft,
    position: Position,
) -> VerifiedItem {
    let mut writer = [0; 16];
    writer[..8].copy_from_slice(&crate::crypto::kdf::hash(&[&draft.key, &draft.body])[..8]);
    let writer = writer_of(keys, writer);
    Chain::new(space, writer, keys, position).unwrap().next(epoch, draft).unwrap()
}

fn writer_of(keys: &DeviceKeys, salt: [u8; 16]) -> WriterId {
    struct Salt([u8; 16]);
    impl crate::platform::Entropy for Salt {
        fn fill(&self, out: &mut [u8]) {
            let len = out.len();
            out.copy_from_slice(&self.0[..len]);
        }
    }
    WriterId::fresh(&keys.id(), &Salt(salt))
}

/// An item under the keys that a device writes a space with, whatever it was signed for.
pub fn reseal(phone: &mut Phone, space: &SpaceId, item: &VerifiedItem) -> Vec<u8> {
    let (secret, epoch) = phone
        .store()
        .read(|tx| {
            let epoch = keys::write_epoch(&tx.within(space.0))?.unwrap();
            Ok::<_, Error>((tx.epoch(&epoch)?.unwrap().secret, epoch))
        })
        .unwrap();
    let derive = |label| crate::crypto::kdf::derive(&secret, label, &epoch);
    let mailbox = phone.epoch_keys(space).mailbox();
    let keys = EnvelopeKeys::new(derive("content"), derive("nonce"), mailbox, &epoch);
    keys.seal(&item.to_carried().item, &item.to_carried().signature).unwrap()
}

/// An entry of the roster that no app would sign.
pub fn entry(phone: &mut Phone, space: &SpaceId, account: AccountId, op: Extensible<Op>) -> Vec<u8> {
    let (key, heads) = (
        phone.keys().sign_key(),
        phone.within(space, |_, _, known| Ok(known.roster().authority_heads())).unwrap(),
    );
    Entry::sign(space, account, heads, op, &key).unwrap().bytes().to_vec()
}

/// Puts an entry of the roster into a space.
pub fn publish(world: &mut World, phone: usize, space: &SpaceId, entry: &[u8]) {
    world.plant(phone, space, draft(Kind::Roster, &[], entry));
}

pub fn draft(kind: Kind, key: &[u8], body: &[u8]) -> Draft {
    Draft { kind, key: key.to_vec(), body: body.to_vec() }
}

impl World {
    /// A device puts something into a space's mailbox that its app would not.
    pub fn plant(&mut self, phone: usize, space: &SpaceId, draft: Draft) {
        let keys = self.phones[phone].keys();
        self.plant_by(&keys, phone, space, draft);
    }

    /// Somebody with the keys that a device knows does.
    pub fn plant_by(&mut self, keys: &DeviceKeys, phone: usize, space: &SpaceId, draft: Draft) {
        let under = self.phones[phone].epoch_keys(space);
        let item = signed(keys, *space, under.scope().epoch, draft);
        self.relay.plant(under.mailbox(), under.seal(&item).unwrap());
    }

    /// Everybody named goes on as before: each is heard by all, nothing stays here, and exchange comes to rest.
    pub fn go_on(&mut self, space: &SpaceId, who: &[usize]) {
        let before: Vec<usize> = who.iter().map(|phone| self.phones[*phone].posts(space).len()).collect();
        for phone in who {
            self.phones[*phone].post(space, &format!("still here {phone}")).unwrap();
        }
        self.settle_some(who);
        for (phone, before) in who.iter().zip(before) {
            let posts = self.phones[*phone].posts(space);
            assert_eq!(posts.len(), before + who.len(), "device {phone} hears the others");
            assert_eq!(self.phones[*phone].line().only_here, 0, "device {phone} has sent everything");
        }
        self.rests(who);
    }

    /// Nobody has anything more to say.
    pub fn rests(&mut self, who: &[usize]) {
        let mut held = Vec::new();
        for _ in 0..3 {
            self.settle_some(who);
            held.push(self.relay.held());
            self.pass(2 * HOUR);
        }
        assert_eq!(held[1], held[2], "the mailboxes go on growing");
    }

    /// These exchange until all random waits are over.
    pub fn settle_some(&mut self, who: &[usize]) {
        for _ in 0..5 {
            who.iter().for_each(|phone| self.settle(*phone));
            self.pass(61_000);
        }
    }
}
