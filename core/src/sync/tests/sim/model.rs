//! What has to come of it: a list of what everybody said and agreed to, without keys, items or relays.

use std::collections::{BTreeMap, BTreeSet};

use crate::space::AccountId;
use crate::space::consent::Fields;
use crate::space::record::Day;

/// A post, as its author's device knows it.
pub struct Post {
    pub device: usize,
    /// Every text it had; what was taken back ends with none.
    pub texts: Vec<Option<String>>,
    /// Who was out of the space, by what the device knew at each time.
    pub kept_from: Vec<BTreeSet<AccountId>>,
    /// When its last word was said.
    pub at: i64,
    /// A restored copy may have forgotten the last word, or the relay may have kept it all the same.
    pub loose: bool,
}

impl Post {
    /// Returns whether a device may show this once everything has been exchanged.
    pub fn may_be(&self, shown: &Option<String>) -> bool {
        if self.loose {
            shown.is_none() || self.texts.contains(shown)
        } else {
            self.texts.last() == Some(shown)
        }
    }
}

/// A check-in with the only fields that consents may have let out.
pub struct CheckIn {
    pub device: usize,
    pub note: String,
    pub may: Fields,
    /// The day it is about.
    pub day: Day,
    /// When it was saved.
    pub at: i64,
    /// A restored copy may have forgotten it.
    pub loose: bool,
}

/// A consent as it was signed.
#[derive(Clone, Copy)]
pub struct Agreed {
    pub fields: Fields,
    pub retract: bool,
    /// Nothing about days before this is shared.
    pub from: Day,
}

/// A resource on the board.
pub struct Thing {
    pub device: usize,
    /// When it was put there.
    pub at: i64,
}

/// A call for help.
pub struct Call {
    pub device: usize,
    pub key: Vec<u8>,
    /// Who was asked; nobody by name is everybody.
    pub to: Vec<AccountId>,
    pub at: i64,
}

/// What was saved for oneself only.
pub struct Note {
    pub device: usize,
    /// The changes it is made of.
    pub changes: BTreeSet<[u8; 32]>,
    pub at: i64,
}

/// Everything that was done.
#[derive(Default)]
pub struct Model {
    /// By key.
    pub posts: BTreeMap<Vec<u8>, Post>,
    /// By person and id.
    pub checkins: BTreeMap<(usize, String), CheckIn>,
    /// By person, oldest first.
    pub consents: BTreeMap<usize, Vec<Agreed>>,
    /// Resources, by id.
    pub resources: BTreeMap<String, Thing>,
    pub calls: Vec<Call>,
    pub notes: Vec<Note>,
    /// People whose consents stand beside each other or were forgotten, by a restored copy.
    pub parted: BTreeSet<usize>,
    /// Devices that ended all sharing and have heard of no consent since.
    pub stopped: BTreeSet<usize>,
}

impl Model {
    /// A new consent may let out everything that its person wrote before.
    pub fn agree(&mut self, person: usize, agreed: Agreed) {
        for (_, checkin) in self.checkins.iter_mut().filter(|((whose, _), _)| *whose == person) {
            checkin.may = checkin.may.with(agreed.fields);
        }
        self.consents.entry(person).or_default().push(agreed);
    }

    /// What a check-in of now may show: what its device takes for agreed, and consents that have not come there.
    pub fn may_now(&self, person: usize, device: usize, known: Fields, heard: usize) -> Fields {
        if self.stopped.contains(&device) {
            return Fields::default();
        }
        // Of those that stand beside each other nobody can tell by their number which ones came here.
        let heard = if self.parted.contains(&person) { 0 } else { heard };
        let unheard = self.consents.get(&person).into_iter().flatten().skip(heard);
        unheard.fold(known, |all, agreed| all.with(agreed.fields))
    }

    pub fn last_agreed(&self, person: usize) -> Option<Agreed> {
        self.consents.get(&person)?.last().copied()
    }
}
