//! What a space shows, made of what stands in it: no storage, no clock.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use trellis_api_types::circle::{AgreedCall, Agreement, Commitment, CommitmentState, Focus, Quiet};
use trellis_api_types::{Id, Millis};

use super::Clock;
use crate::crdt::PeopleNotes;
use crate::domain::board::Board;
use crate::space::AccountId;
use crate::space::members::State;
use crate::space::record::{Content, Standing};

const WEEK: Millis = 7 * 24 * 60 * 60 * 1000;
/// How long calls that were agreed on stay in sight.
const CALLS: Millis = 4 * WEEK;

/// Who looks, and at what.
pub struct View<'a> {
    /// This person.
    pub me: AccountId,
    /// Who is in the space.
    pub state: &'a State,
    /// What its members keep together.
    pub board: &'a Board,
    /// What only this person knows of them.
    pub notes: &'a PeopleNotes,
    /// When each account wrote last, beside its profile.
    pub heard: &'a BTreeMap<AccountId, Millis>,
    /// Now.
    pub clock: Clock,
    /// The local day.
    pub today: NaiveDate,
}

/// Names a question of the week, so that an answer is to it and no other.
pub fn question_key(question: &str, asked_at: Millis) -> String {
    let hash = Sha256::new().chain_update(asked_at.to_be_bytes()).chain_update(question).finalize();
    hex::encode(hash.get(..16).unwrap_or_default())
}

/// What a signature under these words names.
pub fn agreement_hash(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

impl View<'_> {
    /// Whether nothing of an account is shown.
    pub fn is_blocked(&self, account: &AccountId) -> bool {
        self.notes.of(&account.to_string()).blocked
    }

    /// Others who have not written for a week. Who never wrote is quiet a week after coming.
    pub(super) fn quiet(&self, all: &[&Standing]) -> Vec<Quiet> {
        let came = |account: &AccountId| {
            let profile =
                |one: &&&Standing| one.author == *account && matches!(one.content, Content::Profile { .. });
            all.iter().find(profile).map(|one| one.at)
        };
        let others = self.state.members.keys().filter(|id| **id != self.me && !self.is_blocked(id));
        let mut quiet: Vec<(Option<Millis>, Id)> = others
            .map(|account| (self.heard.get(account).copied(), account))
            .filter(|(since, account)| {
                since.or_else(|| came(account)).is_some_and(|at| self.clock.now.saturating_sub(at) >= WEEK)
            })
            .map(|(since, account)| (since, account.to_string()))
            .collect();
        quiet.sort();
        quiet.into_iter().map(|(since, account)| Quiet { account, since }).collect()
    }

    pub(super) fn focus(&self, all: &[&Standing]) -> Option<Focus> {
        let (asked, asked_at) = self.board.focus.as_ref()?;
        let key = question_key(asked, *asked_at);
        let mut answers: Vec<(Millis, Id, String)> = Vec::new();
        for one in all {
            if let Content::FocusAnswer { question, text, .. } = &one.content
                && *question == key
            {
                answers.push((one.at, one.author.to_string(), text.clone()));
            }
        }
        answers.sort();
        let answers = answers.into_iter().map(|(_, account, text)| (account, text)).collect();
        Some(Focus { question: asked.clone(), answers })
    }

    /// Open ones by their day, then those that were done in the last week.
    pub(super) fn commitments(&self, all: &[&Standing]) -> Vec<Commitment> {
        let is_done = |commitment: &Commitment| commitment.state == CommitmentState::Done;
        let recent = |at: Millis| self.clock.now.saturating_sub(at) < WEEK;
        let mut shown: Vec<Commitment> = all
            .iter()
            .filter_map(|one| Some((one.at, commitment(one)?)))
            .filter(|(at, commitment)| !is_done(commitment) || recent(*at))
            .map(|(_, commitment)| commitment)
            .collect();
        shown.sort_by_cached_key(|one| (is_done(one), one.by, one.key.clone()));
        shown
    }

    pub(super) fn agreement(&self, all: &[&Standing]) -> Agreement {
        let text = self.board.agreement.clone();
        let wanted = agreement_hash(&text);
        let signed = |one: &&&Standing| {
            let same = matches!(&one.content, Content::Agreement { hash } if *hash == wanted);
            same && self.state.members.contains_key(&one.author)
        };
        let mut by: Vec<(Millis, Id)> = Vec::new();
        if !text.is_empty() {
            by.extend(all.iter().filter(signed).map(|one| (one.at, one.author.to_string())));
        }
        by.sort();
        by.dedup_by(|a, b| a.1 == b.1);
        Agreement { text, signed: by.into_iter().map(|(_, account)| account).collect() }
    }

    /// Those to come, the next one first, then those of the last weeks, the newest first.
    pub(super) fn calls(&self, all: &[&Standing]) -> Vec<AgreedCall> {
        let recent = |call: &AgreedCall| self.clock.now.saturating_sub(call.at) < CALLS;
        let calls = all.iter().filter_map(|one| call(one)).filter(recent);
        let (mut to_come, mut past): (Vec<_>, Vec<_>) = calls.partition(|call| call.at >= self.clock.now);
        to_come.sort_by_key(|call| (call.at, call.key.clone()));
        past.sort_by_key(|call| Reverse((call.at, call.key.clone())));
        to_come.append(&mut past);
        to_come
    }
}

fn commitment(one: &Standing) -> Option<Commitment> {
    let Content::Commitment { text, by, state, witness } = &one.content else { return None };
    Some(Commitment {
        key: hex::encode(&one.key),
        account: one.author.to_string(),
        text: text.clone(),
        by: by.date()?,
        witness: witness.map(|account| account.to_string()),
        state: (*state).into(),
        only_here: one.only_here,
    })
}

fn call(one: &Standing) -> Option<AgreedCall> {
    let Content::Call { at, with, kept } = &one.content else { return None };
    let (key, account) = (hex::encode(&one.key), one.author.to_string());
    Some(AgreedCall { key, account, with: with.to_string(), at: *at, kept: *kept })
}
