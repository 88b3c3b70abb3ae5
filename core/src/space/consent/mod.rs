//! Consent: what its author agrees to share in a space, with whom, why and until when.
//!
//! A consent is signed and never changes; a new one replaces it. What may be shared is what *all* unreplaced consents of
//! an account allow: [`Effective`] cannot be made in any other way, and only it makes projections.

mod effective;
mod project;
mod sharing;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

pub use effective::Effective;
pub use project::{PROJECTION, Source, fields_of, record_key, tells_kept};
pub use sharing::{Step, Verdict, next, verdict};

use super::members::Members;
use super::record::{Day, Dimension, MAX_LINE, MAX_TEXT, sorted, within};
use super::{AccountId, Draft, ItemId, Kind, Mark, Refusal, VerifiedItem};
use crate::crypto::codec::{self, Extensible};

/// Layout version of consents.
const VERSION: u8 = 1;
/// Most writers in `known`.
pub const MAX_KNOWN: usize = 256;

/// Parts of private records, as bits; those of a later version are kept, and not shared by this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Fields(pub u32);

impl Fields {
    /// Mood.
    pub const MOOD: Self = Self(1);
    /// Urge.
    pub const URGE: Self = Self(1 << 1);
    /// Hungry, angry, lonely, tired.
    pub const HALT: Self = Self(1 << 2);
    /// Use since the last check-in.
    pub const USE: Self = Self(1 << 3);
    /// Medication.
    pub const MEDICATION: Self = Self(1 << 4);
    /// The note of a check-in.
    pub const NOTE: Self = Self(1 << 5);
    /// Meetings.
    pub const MEETINGS: Self = Self(1 << 6);
    /// Milestones.
    pub const MILESTONES: Self = Self(1 << 7);
    /// Setbacks.
    pub const SETBACKS: Self = Self(1 << 8);
    /// What a check-in holds, one by one.
    pub const OF_CHECKIN: [Self; 7] =
        [Self::MOOD, Self::URGE, Self::HALT, Self::USE, Self::MEDICATION, Self::NOTE, Self::MEETINGS];

    /// Whether all of `other` are in here.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both together.
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Which goals of the plan, with their steps and reasons.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Goals {
    /// None.
    #[default]
    #[n(0)]
    None,
    /// These dimensions, and these goals by id; both sorted.
    #[n(1)]
    Some {
        /// Dimensions.
        #[n(0)]
        dimensions: Vec<Dimension>,
        /// Goals.
        #[n(1)]
        goals: Vec<String>,
    },
    /// All, also later ones.
    #[n(2)]
    All,
}

/// Who it is shared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum RecipientKind {
    /// One person, like a sponsor or a peer.
    #[n(0)]
    Person,
    /// All members of a group, also those who come later.
    #[n(1)]
    Group,
    /// A coach, or an organisation that helps.
    #[n(2)]
    Coach,
    /// A treatment programme under 42 CFR Part 2.
    #[n(3)]
    Programme,
}

/// The elements of a written consent under 42 CFR 2.31 that the rest of the consent does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Part2 {
    /// Name of the patient.
    #[n(0)]
    pub patient: String,
    /// Who may disclose: a name or a description.
    #[n(1)]
    pub discloser: String,
    /// Who may receive: a name, an entity, or a class of people.
    #[n(2)]
    pub recipients: String,
    /// How it can be revoked.
    #[n(3)]
    pub revoking: String,
    /// The person's name as they signed.
    #[n(4)]
    pub signature: String,
}

/// When it ends.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Until {
    /// After this day.
    #[n(0)]
    Date(#[n(0)] Day),
    /// When this happens; the person says so by a new consent.
    #[n(1)]
    Event(#[n(0)] String),
}

/// Body of an item of kind `Consent`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Consent {
    #[n(0)]
    pub(crate) v: u8,
    /// Who agrees.
    #[n(1)]
    pub author: AccountId,
    /// What.
    #[n(2)]
    pub fields: Fields,
    /// Which goals.
    #[n(3)]
    pub goals: Goals,
    /// What for, in own words.
    #[n(4)]
    pub purpose: String,
    /// With whom.
    #[n(5)]
    pub recipient: RecipientKind,
    /// Day it was signed, by the local date.
    #[n(6)]
    pub signed: Day,
    /// First day it speaks of: not before `signed`, unless `backwards`.
    #[n(7)]
    pub from: Day,
    /// The person chose to share earlier days too.
    #[n(8)]
    pub backwards: bool,
    /// What was shared under the replaced ones and is not allowed by this one is taken back.
    #[n(9)]
    pub retract: bool,
    /// Consents that end with this one, sorted.
    #[n(10)]
    pub replaces: Vec<ItemId>,
    /// The author's newest items at the time of signing, sorted by writer.
    #[n(11)]
    pub known: Vec<Mark>,
    /// When it ends.
    #[n(12)]
    pub until: Option<Until>,
    /// For a treatment programme.
    #[n(13)]
    pub part2: Option<Part2>,
}

/// A consent as an item that counts. What only a later version understands allows nothing here, until it is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The item.
    pub id: ItemId,
    /// What it says.
    pub consent: Extensible<Consent>,
}

impl Consent {
    /// A consent to nothing, from a day on: set what is agreed to. By itself it is also how sharing ends.
    pub fn new(author: AccountId, recipient: RecipientKind, signed: Day) -> Self {
        let (fields, goals, purpose, replaces, known) = Default::default();
        let (from, backwards, retract, until, part2) = (signed, false, false, None, None);
        Self {
            v: VERSION,
            author,
            fields,
            goals,
            purpose,
            recipient,
            signed,
            from,
            backwards,
            retract,
            replaces,
            known,
            until,
            part2,
        }
    }

    /// The item to sign. Refuses one that begins before it was signed (`consent-backdated`), or ends before it begins.
    pub fn draft(&self) -> Result<Draft, Refusal> {
        self.check()?;
        Ok(Draft { kind: Kind::Consent, key: Vec::new(), body: codec::encode(self) })
    }

    /// Reads the body of an item of kind `Consent`.
    pub fn read(body: &[u8]) -> Result<Extensible<Self>, Refusal> {
        let consent: Extensible<Self> = codec::decode(body)?;
        match consent.known() {
            Some(known) if known.v != VERSION => Ok(Extensible::Later(body.to_vec())),
            Some(known) => known.check().map(|()| consent),
            None => Ok(consent),
        }
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.from < self.signed && !self.backwards {
            return Err(Refusal::Backdated);
        }
        match &self.until {
            Some(Until::Date(day)) if *day < self.from => return Err(Refusal::Malformed),
            Some(Until::Event(text)) => within(text, MAX_LINE)?,
            _ => {}
        }
        if let Goals::Some { dimensions, goals } = &self.goals {
            sorted(dimensions)?;
            sorted(goals)?;
            goals.iter().try_for_each(|goal| within(goal, MAX_LINE))?;
        }
        within(&self.purpose, MAX_TEXT)?;
        self.part2.as_ref().map_or(Ok(()), Part2::check)?;
        sorted(&self.replaces)?;
        self.check_known()
    }

    fn check_known(&self) -> Result<(), Refusal> {
        if self.known.len() > MAX_KNOWN {
            return Err(Refusal::Oversized);
        }
        let fine = self.known.is_sorted_by(|a, b| a.writer < b.writer);
        if fine { Ok(()) } else { Err(Refusal::NotCanonical) }
    }
}

impl Part2 {
    fn check(&self) -> Result<(), Refusal> {
        let texts = [&self.patient, &self.discloser, &self.recipients, &self.revoking, &self.signature];
        texts.into_iter().try_for_each(|text| within(text, MAX_LINE))
    }
}

/// The consents among items that count, by account. One that cannot be read stands for its device's account.
pub fn given<'a>(
    items: impl IntoIterator<Item = &'a VerifiedItem>,
    members: &Members,
) -> BTreeMap<AccountId, Vec<Given>> {
    let mut by_account: BTreeMap<AccountId, Vec<Given>> = BTreeMap::new();
    for item in items.into_iter().filter(|item| item.item().kind == Kind::Consent) {
        let (what, body) = (item.item(), item.item().body.to_vec());
        let consent = Consent::read(&body).unwrap_or(Extensible::Later(body));
        let authors = match consent.known() {
            Some(known) if members.speaks_for(&what.device, &known.author) => vec![known.author],
            Some(_) => Vec::new(),
            None => members.accounts_of(&what.device),
        };
        for author in authors {
            by_account.entry(author).or_default().push(Given { id: item.id(), consent: consent.clone() });
        }
    }
    by_account
}
