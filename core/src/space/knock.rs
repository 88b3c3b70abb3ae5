//! A knock: "somebody waits for you", in an envelope of its own that a locked device can open. It says who asks, who is
//! asked and when, and nothing else; its keys open no item.

use minicbor::{Decode, Encode};
use trellis_protocol::{MailboxId, Token};

use super::record::sorted;
use super::{AccountId, DeviceId, DeviceKeys, Refusal, Scope};
use crate::crypto::envelope::EnvelopeKeys;
use crate::crypto::{Secret, codec};

const VERSION: u8 = 1;
/// What a device signs with a knock.
const SIGNED: &[u8] = b"trellis/v1/knock";

/// Who asks for help, which people they ask, and when.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Knock {
    #[n(0)]
    version: u8,
    /// Who asks.
    #[n(1)]
    pub account: AccountId,
    /// The device that signs.
    #[n(2)]
    pub device: DeviceId,
    /// Who is asked, sorted; empty means all.
    #[n(3)]
    pub to: Vec<AccountId>,
    /// When, milliseconds since 1970 by their clock.
    #[n(4)]
    pub at: i64,
}

impl Knock {
    /// A knock of this version.
    pub fn new(account: AccountId, device: DeviceId, to: Vec<AccountId>, at: i64) -> Self {
        Self { version: VERSION, account, device, to, at }
    }
}

/// Seals and opens the knocks in the mailbox of one epoch. Whoever left before it was opened does not have it.
#[derive(Clone)]
pub struct BellKeys {
    scope: Scope,
    token: Secret,
    envelope: EnvelopeKeys,
}

impl BellKeys {
    pub(super) fn new(scope: Scope, token: Secret, envelope: EnvelopeKeys) -> Self {
        Self { scope, token, envelope }
    }

    /// Reads and appends the mailbox.
    pub fn token(&self) -> Token {
        Token(*self.token.expose())
    }

    /// The mailbox.
    pub fn mailbox(&self) -> MailboxId {
        self.token().mailbox()
    }

    /// Signs and seals a knock. Repeating it makes the same envelope.
    pub fn seal(&self, knock: &Knock, keys: &DeviceKeys) -> Result<Vec<u8>, Refusal> {
        let bytes = codec::encode(knock);
        let signature = keys.sign_key().sign(&self.signed(&bytes));
        self.envelope.seal(&bytes, &signature)
    }

    /// Opens a knock, signed by the device that it names.
    pub fn open(&self, envelope: &[u8]) -> Result<Knock, Refusal> {
        let opened = self.envelope.open(envelope)?;
        let knock: Knock = codec::decode(&opened.item)?;
        if knock.version != VERSION {
            return Err(Refusal::UnknownVersion);
        }
        sorted(&knock.to)?;
        knock.device.verify(&self.signed(&opened.item), &opened.signature)?;
        Ok(knock)
    }

    fn signed<'a>(&'a self, bytes: &'a [u8]) -> [&'a [u8]; 4] {
        [SIGNED, &self.scope.space.0, &self.scope.epoch.0, bytes]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::tests::{chain, device, record};
    use crate::space::{EpochId, EpochSecret, SpaceId};

    const SPACE: SpaceId = SpaceId([1; 32]);
    const EPOCH: EpochId = EpochId([2; 16]);

    fn secret(of: u8) -> EpochSecret {
        EpochSecret::new(Secret::new([of; 32]))
    }

    #[test]
    fn a_knock_opens_with_the_bell_and_nothing_else_does() {
        let (keys, content) = (secret(3).bell(SPACE, EPOCH), secret(3).keys(SPACE, EPOCH));
        let asker = device(1);
        let knock = Knock::new(AccountId([4; 32]), asker.id(), vec![AccountId([5; 32])], 1_000);
        let sealed = keys.seal(&knock, &asker).unwrap();
        assert_eq!(keys.open(&sealed), Ok(knock.clone()));
        assert_eq!(keys.seal(&knock, &asker), Ok(sealed.clone()), "a repetition is the same envelope");
        assert_eq!(content.open(&sealed).err(), Some(Refusal::CannotOpen));
        assert_eq!(keys.mailbox(), content.mailbox());
        let item = chain(SPACE, &asker, 7).next(EPOCH, record("key", "body")).unwrap();
        let item = content.seal(&item).unwrap();
        assert_eq!(keys.open(&item), Err(Refusal::CannotOpen), "the bell opens no item");
        for other in [secret(9).bell(SPACE, EPOCH), secret(3).bell(SPACE, EpochId([9; 16]))] {
            assert_eq!(other.open(&sealed), Err(Refusal::CannotOpen));
        }
    }

    #[test]
    fn a_knock_has_one_form_and_a_later_one_is_told_from_it() {
        let keys = secret(3).bell(SPACE, EPOCH);
        let good = Knock::new(AccountId([4; 32]), device(1).id(), vec![AccountId([5; 32])], 1_000);
        let open = |knock: &Knock| keys.open(&keys.seal(knock, &device(1)).unwrap());
        let later = Knock { version: 2, ..good.clone() };
        let twice = Knock { to: vec![AccountId([5; 32]); 2], ..good.clone() };
        let many = Knock { to: (0..33).map(|n| AccountId([n; 32])).collect(), ..good };
        let all =
            [(later, Refusal::UnknownVersion), (twice, Refusal::NotCanonical), (many, Refusal::Oversized)];
        all.into_iter().for_each(|(knock, refusal)| assert_eq!(open(&knock), Err(refusal)));
    }

    #[test]
    fn nobody_knocks_in_anothers_name() {
        let keys = secret(3).bell(SPACE, EPOCH);
        let forged = Knock::new(AccountId([4; 32]), device(1).id(), vec![], 1_000);
        let sealed = keys.seal(&forged, &device(2)).unwrap();
        assert_eq!(keys.open(&sealed), Err(Refusal::Forged));
    }
}
