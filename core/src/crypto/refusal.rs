//! Why bytes from outside were refused.

macro_rules! refusals {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $text:literal;)+) => {
        /// Why an envelope, item, grant, phrase or code was refused. What was stored is untouched.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
        pub enum Refusal { $($(#[doc = $doc])+ #[error($text)] $name,)+ }

        impl Refusal {
            /// All refusals, in the order of their definition.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Stable code for logs and screens.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }
        }
    };
}

refusals! {
    /// Not the layout it should have.
    Malformed = "malformed", "the data is not in a layout this app knows";
    /// Decodes, but is not the one deterministic encoding of what it says.
    NotCanonical = "not-canonical", "the data is encoded in an unusual way";
    /// Longer than the limit of its kind.
    Oversized = "oversized", "the data is too large";
    /// Written by a newer version of the app.
    UnknownVersion = "unknown-version", "the data was written by a newer version of the app";
    /// The key opens nothing here: altered, or sealed for another mailbox, epoch or device.
    CannotOpen = "cannot-open", "the data cannot be opened with this key";
    /// The nonce is not the one its plaintext asks for.
    WrongNonce = "wrong-nonce", "the data was sealed in a forbidden way";
    /// The padding is not zeros up to the smallest size that fits.
    BadPadding = "bad-padding", "the data was padded in a forbidden way";
    /// The signature is not its device's over this item in this space and epoch.
    Forged = "forged", "the signature does not match";
    /// A key that no device can own.
    WeakKey = "weak-key", "the key is not a usable one";
    /// The writer id belongs to another device.
    ForeignWriter = "foreign-writer", "the item claims another device's writer";
    /// It belongs to another account or space.
    ForeignSpace = "foreign-space", "the data belongs to another space";
    /// It names another epoch than the one it opens.
    ForeignEpoch = "foreign-epoch", "the data belongs to another epoch";
    /// No grant for this device.
    NotGranted = "not-granted", "this device was given no key here";
    /// The secret is not the one that was committed to.
    WrongCommitment = "wrong-commitment", "the key is not the promised one";
    /// `seq`, `prev` or `lamport` do not fit together.
    BadChain = "bad-chain", "the item does not continue its writer's chain";
    /// Its signer had no right to it.
    NotEntitled = "not-entitled", "the device may not do this";
    /// Used before, and good for one use.
    Replayed = "replayed", "this was used before";
    /// Older than its lifetime.
    Expired = "expired", "this code has expired";
    /// The account's paper was replaced twice at once.
    Frozen = "account-frozen", "the account is frozen until a person decides";
    /// A phrase or code of the wrong number of words.
    WordCount = "word-count", "the number of words is not right";
    /// A word that is not in the list.
    UnknownWord = "unknown-word", "a word is not in the list";
    /// All words exist, but one of them is wrong or two are swapped.
    Checksum = "phrase-checksum", "the words do not belong together";
    /// A link of another kind, or cut short.
    BadLink = "bad-link", "the link is not a pairing link";
    /// The passphrase does not open this.
    WrongPassphrase = "wrong-passphrase", "the passphrase is not right";
    /// The passphrase lock asks for more memory or time than is reasonable.
    CostTooHigh = "cost-too-high", "the lock asks for too much memory";
    /// A member uses a newer version of the app, which says something about the members that this one cannot read.
    ReadOnly = "space-read-only", "the space can only be read until the app is updated";
    /// A consent that begins before it was signed, without the person having said so.
    Backdated = "consent-backdated", "the consent begins before it was signed";
    /// The invitation was taken back.
    Withdrawn = "invite-withdrawn", "the invitation was taken back";
    /// A person said no.
    Declined = "invite-declined", "the request was declined";
}
