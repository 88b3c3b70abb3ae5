//! Consents, and what follows from several of them.

use trellis_core::crypto::Refusal;
use trellis_core::crypto::codec::{self, Extensible};
use trellis_core::space::consent::{
    Consent, Effective, Fields, Given, Goals, MAX_KNOWN, Step, Verdict, next, verdict,
};
use trellis_core::space::record::{Basis, Day, Dimension, MAX_LIST, Posted};
use trellis_core::space::{ItemId, WriterId};

use crate::pieces;
use crate::world::{refused, vectors};

const CODES: &[Refusal] =
    &[Refusal::Malformed, Refusal::NotCanonical, Refusal::Oversized, Refusal::Backdated];

/// Bodies of one account's consents.
pub fn run(input: &[u8]) {
    let (choice, pieces) = pieces::choice(input);
    let mut given: Vec<Given> = pieces.iter().filter_map(|piece| check(piece)).collect();
    let today = Day(20_000 + i32::from(choice));
    let effective = Effective::of(&given, today);
    judge(&given);
    given.reverse();
    let backwards = Effective::of(&given, today);
    let seen = |effective: &Option<Effective>| effective.as_ref().map(facts);
    assert_eq!(seen(&effective), seen(&backwards), "depends on the order of consents");
    // One more consent never allows more, unless it replaces others.
    let less = Effective::of(given.get(1..).unwrap_or_default(), today);
    if let (Some(all), Some(less), Some(first)) = (&effective, &less, given.first())
        && first.replaces().is_empty()
    {
        assert!((0..32).all(|bit| !all.allows(Fields(1 << bit)) || less.allows(Fields(1 << bit))));
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let all = vectors("consent.");
    let mut seeds: Vec<Vec<u8>> = all.iter().map(|body| pieces::chosen(0, &[body])).collect();
    seeds.push(pieces::chosen(1, &all));
    seeds
}

fn check(body: &[u8]) -> Option<Given> {
    match Consent::read(body) {
        Ok(consent) => {
            assert_eq!(codec::encode(&consent), body);
            if let Some(known) = consent.known() {
                assert_eq!(known.draft().map(|draft| draft.body).as_deref(), Ok(body));
                assert!(known.replaces.len() <= MAX_LIST && known.known.len() <= MAX_KNOWN);
                assert!(known.from >= known.signed || known.backwards);
                let few =
                    |goals: &Goals| !matches!(goals, Goals::Some { goals, .. } if goals.len() > MAX_LIST);
                assert!(few(&known.goals));
            }
            let id = ItemId(trellis_core::crypto::kdf::hash(&[body]));
            Some(Given { id, consent })
        }
        Err(refusal) => {
            refused(refusal, CODES);
            None
        }
    }
}

/// What is allowed, as far as one can ask.
fn facts(effective: &Effective) -> (Vec<ItemId>, Vec<bool>, bool) {
    let fields = (0..32).map(|bit| effective.allows(Fields(1 << bit)));
    let goals = [Dimension::Health, Dimension::Home].map(|goal| effective.allows_goal("a-1", goal));
    let days = [i32::MIN, 0, 20_000, i32::MAX].map(|day| effective.covers(Day(day)));
    let all = fields.chain(goals).chain(days).collect();
    (effective.consents().to_vec(), all, effective.retracts())
}

/// A projection that names no consent is never shown; nothing is published where nothing is wanted.
fn judge(given: &[Given]) {
    let consents: Vec<ItemId> = given.iter().map(|given| given.id).collect();
    let (item, writer) = (ItemId([3; 32]), WriterId([2; 16]));
    let posted = Posted { item, lamport: 3, writer, seq: 3, content: None };
    let bare = Basis { consents: Vec::new(), source: [4; 32], version: 1 };
    assert_eq!(verdict(&posted, &bare, given), Verdict::Drop);
    let _ = verdict(&posted, &Basis { consents, ..bare }, given);
    assert_eq!(next(None, None, given, false), Step::Keep);
    let later = given.iter().any(|given| matches!(given.consent, Extensible::Later(_)));
    assert!(!later || !matches!(next(None, None, given, true), Step::Publish(_)));
}
