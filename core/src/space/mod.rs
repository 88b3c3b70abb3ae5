//! Spaces: signed items in sealed envelopes, and the pure rules that say which of them count.
//!
//! Nothing here does input or output. State is always a function of the *set* of known items; order of arrival,
//! clocks and the relay have no say in it.
//!
//! # The way of an item
//!
//! ```text
//! out: Chain::next(..) -> VerifiedItem -> EpochKeys::seal -> envelope bytes
//! in:  envelope bytes -> EpochKeys::open -> UnverifiedItem::verify -> VerifiedItem -> authority says whether it counts
//! ```
//!
//! | to do | use |
//! | --- | --- |
//! | name an account, its personal space | [`AccountId::of`], [`SpaceId::personal`] |
//! | a device's keys, public [`Device`] | [`DeviceKeys`] |
//! | a writer id (= Automerge actor) for this install | [`WriterId::fresh`]: it carries a tag of its device, others are refused |
//! | write items | [`Chain::next`]; keep the chain ([`Chain::position`]) with the item in one transaction |
//! | keep and forward items | [`VerifiedItem::to_carried`], [`Carried::verify`] |
//! | device log | [`device_log::DeviceLog`]: `author`, `insert`, `state` |
//! | members of a shared space | [`members::Members`]: `found`, `author`, `insert`, `insert_device`, `state` |
//! | invite into a shared space, join it | [`join::Invite`], [`join::Asking`], [`join::Joined`] |
//! | records of a shared space | [`record::Record::draft`], [`record::newest`] |
//! | what may be shared | [`consent::given`], [`consent::Effective`], [`consent::next`], [`consent::verdict`] |
//! | epoch keys, mailbox, token | [`EpochSecret`], [`EpochKeys`] |
//! | open an epoch, read a grant | [`open::OpenDraft::build`], [`open::Open::secret_for`] |
//! | which epoch to write to | [`epochs::Epochs`] |
//! | which items count | [`authority::judge`] |
//! | gaps, forks | [`repair`] |
//! | compacting | [`snapshot`], and what it stands for: [`held`] |
//! | what a paired device gets | [`welcome::Welcome`] |

pub mod authority;
pub mod change;
pub mod consent;
pub mod device;
pub mod device_log;
mod epoch;
pub mod epochs;
pub mod held;
mod ids;
mod item;
pub mod join;
pub mod knock;
pub mod members;
pub mod open;
pub mod record;
pub mod repair;
pub mod roster;
pub mod snapshot;
#[cfg(test)]
pub(crate) mod tests;
pub mod welcome;
mod writer;

pub use crate::crypto::{DeviceId, Refusal};
pub use device::{Device, DeviceKeys};
pub use epoch::{EpochKey, EpochKeys, EpochSecret, owner_token};
pub use ids::{AccountId, EntryId, EpochId, ItemId, SpaceId, WriterId};
#[cfg(test)]
pub(crate) use item::VERIFIED;
pub use item::{Carried, Draft, Item, Kind, MAX_CONTENT, Scope, UnverifiedItem, VerifiedItem};
pub use writer::{Chain, Mark, Position};
