//! Consent: what a person shares in a space, and what was sent by it.

pub mod terms;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use trellis_api_types::sharing::{
    ConsentSign, ConsentStop, ConsentTerms, ConsentVersion, GoalChoice, OtherConsent, Sent, Sharing,
    SharingGet, Until,
};

use super::{App, circle};
use crate::crdt::{DocId, Docs, read_people, read_spaces};
use crate::domain::validate;
use crate::error::Result;
use crate::platform::{Entropy, Host};
use crate::space::consent::{self, Consent, Fields, Given};
use crate::space::members::Members;
use crate::space::record::{Content, Day};
use crate::space::{AccountId, ItemId, SpaceId};
use crate::store::SpaceTx;
use crate::store::records::Pick;
use crate::sync::shared;
use crate::sync::shared::{consent as signing, records};
use crate::sync::space_state::Known;
use terms::{fields, fields_shown, goals, part2, recipient, recipient_shown, terms_shown, until};

impl<H: Host> App<H> {
    /// What this person shares in a space, and what the others do. Error: `not-found`.
    pub fn sharing_get(&mut self, SharingGet { space }: SharingGet) -> Result<Sharing> {
        let today = self.latest_day()?;
        let session = self.session()?;
        let id = session.space(&space)?;
        session.look(&id, |tx, docs, known| {
            let (members, me) = (known.members()?, shared::account(tx)?);
            let mut all = records::consents(tx, members)?;
            let own = versions(tx, &all.remove(&me).unwrap_or_default(), today)?;
            let asked = asked(tx, docs)?;
            Ok(Sharing {
                draft: draft(&own, members, &asked.1, today),
                asked: fields_shown(asked.0),
                sent: sent(tx, members, &me)?,
                sent_at: sent_at(tx, &me)?,
                others: others(tx, docs, members, all, today)?,
                versions: own,
            })
        })
    }

    /// Signs a new version. Errors: `consent-backdated`, `bad-date`, `too-long`, `space-ended`, `space-read-only`.
    pub fn consent_sign(&mut self, ConsentSign { space, terms, backwards }: ConsentSign) -> Result<()> {
        validate::consent(&terms)?;
        let (today, now) = (self.latest_day()?, self.host.now_ms());
        self.sign(&space, now, |me, _| {
            let base = Consent::new(me, recipient(terms.recipient), today.into());
            Consent {
                fields: fields(&terms.fields),
                goals: goals(&terms.goals),
                purpose: terms.purpose.clone(),
                from: terms.from.into(),
                backwards,
                until: until(&terms.until),
                part2: terms.part2.as_ref().map(part2),
                ..base
            }
        })
    }

    /// The local day by this device's clock or by the relay's, whichever is ahead: under a clock that is behind, "from today" would
    /// share what was written for years.
    fn latest_day(&mut self) -> Result<NaiveDate> {
        let (session, host) = self.parts()?;
        Ok(session.exchange.days(host).latest)
    }

    /// Stops all sharing in a space, of answers of the step work too; with `retract` the space is asked to delete what it has
    /// of them, of weekly updates and of what went there by consent.
    pub fn consent_stop(&mut self, ConsentStop { space, retract }: ConsentStop) -> Result<()> {
        let (today, now) = (self.today(), self.host.now_ms());
        let (session, host) = self.parts()?;
        let id = session.space(&space)?;
        session.within(&id, |tx, docs, known| {
            shared::step_work::leave(tx, docs, &space, retract)?;
            sign_here(tx, host, known, now, |me, members| {
                let recipient = signing::recipient(members);
                Consent { retract, ..Consent::new(me, recipient, today.into()) }
            })?;
            if retract { shared::step_work::retract(tx, known.members()?, now) } else { Ok(()) }
        })?;
        session.exchange.hurry(&mut session.store)
    }

    fn sign(
        &mut self,
        space: &str,
        now: i64,
        make: impl FnOnce(AccountId, &Members) -> Consent,
    ) -> Result<()> {
        let (session, host) = self.parts()?;
        let id = session.space(space)?;
        session.within(&id, |tx, _, known| sign_here(tx, host, known, now, make))?;
        session.exchange.hurry(&mut session.store)
    }
}

/// Signs a version in a space, in this transaction.
fn sign_here(
    tx: &SpaceTx<'_>,
    entropy: &dyn Entropy,
    known: &mut Known,
    now: i64,
    make: impl FnOnce(AccountId, &Members) -> Consent,
) -> Result<()> {
    // A person can always say no, also while the next key is on its way.
    if let Err(error) = shared::ready(tx, entropy, known, now) {
        tracing::info!(code = error.code, "signing under the last key");
    }
    known.follow(tx)?;
    let members = known.members()?;
    signing::sign(tx, members, make(shared::account(tx)?, members), now)
}

/// What the invitation asked for, and why.
fn asked(tx: &SpaceTx<'_>, docs: &mut Docs) -> Result<(Fields, String)> {
    let id = SpaceId(tx.space).to_string();
    let space = read_spaces(docs.get(tx, DocId::Spaces)?).into_iter().find(|space| space.id == id);
    Ok(space
        .map(|space| (Fields(u32::try_from(space.asked).unwrap_or(0)), space.purpose))
        .unwrap_or_default())
}

/// What a new version starts from: the one in force, else nothing at all.
fn draft(own: &[ConsentVersion], members: &Members, purpose: &str, today: NaiveDate) -> ConsentTerms {
    let standing = own.iter().find(|version| version.stands).and_then(|version| version.terms.clone());
    standing.unwrap_or_else(|| ConsentTerms {
        fields: Vec::new(),
        goals: GoalChoice::None,
        purpose: purpose.to_owned(),
        recipient: recipient_shown(signing::recipient(members)),
        from: today,
        until: Until::Stopped,
        part2: None,
    })
}

/// An account's versions, newest first.
fn versions(tx: &SpaceTx<'_>, given: &[Given], today: NaiveDate) -> Result<Vec<ConsentVersion>> {
    let replaced: BTreeSet<&ItemId> = given.iter().flat_map(Given::replaces).collect();
    let version = |one: &Given| -> Result<ConsentVersion> {
        let known = one.consent.known();
        let over = known.is_some_and(
            |known| matches!(&known.until, Some(consent::Until::Date(last)) if Day::from(today) > *last),
        );
        Ok(ConsentVersion {
            id: one.id.to_string(),
            terms: known.map(terms_shown),
            signed: known.and_then(|known| known.signed.date()).unwrap_or_default(),
            stands: !replaced.contains(&one.id) && !over,
            retracts: known.is_some_and(|known| known.retract),
            only_here: tx.is_unsent(&one.id.0)?,
        })
    };
    let mut all: Vec<ConsentVersion> = given.iter().map(version).collect::<Result<_>>()?;
    all.reverse();
    all.sort_by_key(|version| (!version.stands, std::cmp::Reverse(version.signed)));
    Ok(all)
}

/// What the others agreed to; nothing of those who are blocked.
fn others(
    tx: &SpaceTx<'_>,
    docs: &mut Docs,
    members: &Members,
    all: std::collections::BTreeMap<AccountId, Vec<Given>>,
    today: NaiveDate,
) -> Result<Vec<OtherConsent>> {
    let (state, notes) = (members.state(), read_people(docs.get(tx, DocId::People)?));
    let here = all.into_iter().filter(|(account, _)| {
        state.members.contains_key(account) && !notes.of(&account.to_string()).blocked
    });
    let other = |(account, given): (AccountId, Vec<Given>)| {
        Ok(OtherConsent { account: account.to_string(), versions: versions(tx, &given, today)? })
    };
    here.map(other).collect()
}

/// What somebody agreed to in a space, newest version first.
pub fn consents_of(
    tx: &SpaceTx<'_>,
    members: &Members,
    account: &AccountId,
    today: NaiveDate,
) -> Result<Vec<ConsentVersion>> {
    let given = records::consents(tx, members)?.remove(account).unwrap_or_default();
    versions(tx, &given, today)
}

/// Whether anything of this person goes on to a space: by a consent in force, or an answer that is shared there.
pub fn shares(tx: &SpaceTx<'_>, docs: &mut Docs, members: &Members, today: NaiveDate) -> Result<bool> {
    let lets_out =
        |terms: &ConsentTerms| !terms.fields.is_empty() || !matches!(terms.goals, GoalChoice::None);
    let versions = consents_of(tx, members, &shared::account(tx)?, today)?;
    let consented =
        versions.iter().any(|version| version.stands && version.terms.as_ref().is_some_and(lets_out));
    Ok(consented || shared::step_work::goes_on(tx, docs)?)
}

/// What a space has received of this person, newest first, exactly as it was sent.
fn sent(tx: &SpaceTx<'_>, members: &Members, me: &AccountId) -> Result<Vec<Sent>> {
    let standing = records::standing(tx, members, &Pick::Of(&me.0))?;
    let shared = |content: &Content| {
        content.basis().is_some() || matches!(content, Content::StepWork { .. } | Content::Weekly { .. })
    };
    let of = standing.into_iter().filter(|it| shared(&it.content));
    let sent = |it: crate::space::record::Standing| {
        let what = circle::what(&it.content)?;
        Some(Sent { key: hex::encode(&it.key), what, only_here: it.only_here })
    };
    Ok(of.filter_map(sent).collect())
}

fn sent_at(tx: &SpaceTx<'_>, me: &AccountId) -> Result<Option<i64>> {
    tx.last_record_of(&me.0)
}
