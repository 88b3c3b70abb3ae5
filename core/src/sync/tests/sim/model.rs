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
}

/// A check-in with the only fields that consents may have let out.
pub struct CheckIn {
    pub device: usize,
    pub note: String,
    pub may: Fields,
    /// The day it is about.
    pub day: Day,
}

/// A consent as it was signed.
#[derive(Clone, Copy)]
pub struct Agreed {
    pub fields: Fields,
    pub retract: bool,
    /// Nothing about days before this is shared.
    pub from: Day,
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
    /// Titles of resources, by id.
    pub resources: BTreeMap<String, usize>,
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
    pub fn may_now(&self, person: usize, known: Fields, heard: usize) -> Fields {
        let unheard = self.consents.get(&person).into_iter().flatten().skip(heard);
        unheard.fold(known, |all, agreed| all.with(agreed.fields))
    }

    pub fn last_agreed(&self, person: usize) -> Option<Agreed> {
        self.consents.get(&person)?.last().copied()
    }
}
