//! Inviting somebody into a space, and answering an invitation.

use trellis_api_types::joining::{
    Ask, AskAnswer, Invite, InviteMake, InviteState, InviteWithdraw, JoinAsk, JoinDrop, JoinGet, JoinLook,
    JoinState, Joining, Terms,
};
use trellis_api_types::settings::Language;
use trellis_api_types::sync::RelayChoice;
use trellis_api_types::typed;

use super::App;
use super::sharing::terms::{fields, fields_shown, goals, goals_shown};
use crate::crdt::{DocId, Docs, KnownInvite, read_people};
use crate::crypto::invite::JoinCode;
use crate::domain::validate;
use crate::error::{Error, Result};
use crate::net::address;
use crate::platform::Host;
use crate::space::join;
use crate::space::{AccountId, SpaceId};
use crate::store::rendezvous::RendezvousRow;
use crate::store::{SpaceTx, Tx};
use crate::sync::joining::{invites, qr};
use crate::sync::shared::records;
use crate::sync::space_state::Known;
use crate::sync::{relay_choice, shared};

const DAY: i64 = 24 * 3_600_000;

/// The language of words to compare, and now by the relay's clock.
pub type Told = (Language, i64);

impl<H: Host> App<H> {
    /// Invites into a space. Repeating it answers the same invitation. Errors: `not-entitled`, `no-relay`, `bad-date`,
    /// `too-long`.
    pub fn invite_make(&mut self, args: InviteMake) -> Result<Invite> {
        validate::invite(&args.id, &args.purpose, args.days)?;
        let language = self.language();
        let (session, host) = self.parts()?;
        let (id, now) = (session.space(&args.space)?, session.exchange.shared_now(host));
        let dated = session.exchange.heard_clock();
        let invite = session.within(&id, |tx, docs, known| {
            let made = |docs: &mut Docs| -> Result<_> {
                Ok(invites::all(tx, docs)?.into_iter().find(|invite| invite.id == args.id))
            };
            if made(docs)?.is_none() {
                let terms = terms(tx, known, &args, now)?;
                invites::make(tx, docs, host, known, &args.id, terms, dated)?;
            }
            let made = made(docs)?.ok_or_else(|| Error::new("not-found", "no such invitation"))?;
            shown(tx, &made, (language, now))
        })?;
        session.exchange.hurry(&mut session.store)?;
        Ok(invite)
    }

    /// Takes an invitation back. Error: `not-found`.
    pub fn invite_withdraw(&mut self, InviteWithdraw { id }: InviteWithdraw) -> Result<()> {
        let (session, host) = self.parts()?;
        let now = session.exchange.shared_now(host);
        session.tx(|tx, docs| invites::withdraw(tx, docs, host, &id, now))?;
        session.exchange.hurry(&mut session.store)
    }

    /// Lets somebody in, or says no. Errors: `not-found`, `not-entitled`, `expired`.
    pub fn ask_answer(&mut self, AskAnswer { id, let_in }: AskAnswer) -> Result<()> {
        let (session, host) = self.parts()?;
        let now = session.exchange.shared_now(host);
        let asked = session.tx(|tx, docs| invites::space_of(tx, docs, &id, now))?;
        session.within(&asked, |tx, docs, known| invites::answer(tx, docs, host, known, &id, let_in, now))?;
        session.exchange.hurry(&mut session.store)
    }

    /// Looks for an invitation. Errors: `bad-code`, `no-relay`, `other-relay`, `plain-http`, `bad-address`.
    pub fn join_look(&mut self, JoinLook { id, code }: JoinLook) -> Result<()> {
        validate::made_id(&id)?;
        let code =
            JoinCode::parse(&code).map_err(|_| Error::new("bad-code", "neither a link nor 12 words"))?;
        let (session, host) = self.parts()?;
        let now = session.exchange.shared_now(host);
        let moved = session.store.tx(|tx| -> Result<bool> {
            let moved = meet_at(tx, code.relay())?;
            invites::look(tx, &id, &code, now)?;
            Ok(moved)
        })?;
        let (engine, store) = (&mut session.exchange, &mut session.store);
        if moved { engine.moved(store) } else { engine.hurry(store) }
    }

    /// One invitation that this person answers. Error: `not-found`.
    pub fn join_get(&mut self, JoinGet { id }: JoinGet) -> Result<Joining> {
        let language = self.language();
        let (session, host) = self.parts()?;
        let now = session.exchange.shared_now(host);
        session.read(|tx, _| {
            let row = tx.rendezvous(&id)?.filter(|row| row.owner.is_none());
            joining(tx, &row.ok_or_else(|| Error::new("not-found", "no such invitation"))?, (language, now))
        })
    }

    /// Asks to be let in. The relay that the link lent is this person's own from then on. Errors: `not-found`, `expired`,
    /// `invite-withdrawn`, `empty-text`, `too-long`.
    pub fn join_ask(&mut self, JoinAsk { id, name }: JoinAsk) -> Result<()> {
        let name = typed::name(&name);
        validate::called(&name)?;
        let (session, host) = self.parts()?;
        let now = session.exchange.shared_now(host);
        session.store.tx(|tx| invites::ask(tx, host, &id, &name, now))?;
        session.exchange.hurry(&mut session.store)
    }

    /// Drops an invitation, asked or not. The relay that is lent goes with the last one that is looked for there.
    pub fn join_drop(&mut self, JoinDrop { id }: JoinDrop) -> Result<()> {
        let session = self.session()?;
        let moved = session.store.tx(|tx| -> Result<bool> {
            let Some(row) = tx.rendezvous(&id)?.filter(|row| row.owner.is_none()) else { return Ok(false) };
            tx.remove_rendezvous(&row)?;
            if tx.all_rendezvous()?.iter().any(invites::is_look) {
                Ok(false)
            } else {
                relay_choice::take_back(tx)
            }
        })?;
        if moved { session.exchange.moved(&mut session.store) } else { Ok(()) }
    }
}

/// The one relay that both have to use: without one chosen here the invitation lends its own. True if another one is called
/// than before. Errors: `no-relay`, `other-relay`, and those of an address.
fn meet_at(tx: &Tx<'_>, relay: Option<&str>) -> Result<bool> {
    let Some(named) = relay else {
        let missing = || Error::new("no-relay", "no relay is chosen, and words name none");
        return relay_choice::relay(tx)?.map(|_| false).ok_or_else(missing);
    };
    let named = named_choice(tx, named)?;
    match relay_choice::place(tx)? {
        Some(place) if place.address == named.address => Ok(false),
        Some(_) if !relay_choice::is_unheard(tx)? && !is_lent_in_vain(tx)? => {
            Err(Error::new("other-relay", "the invitation lies at another relay"))
        }
        _ => relay_choice::lend(tx, &named),
    }
}

/// Whether the relay is lent and nothing is looked for there any more.
fn is_lent_in_vain(tx: &Tx<'_>) -> Result<bool> {
    Ok(relay_choice::is_lent(tx)? && !tx.all_rendezvous()?.iter().any(invites::is_look))
}

/// The relay that a link names, called the way this person chose: through their proxy. A token to make mailboxes belongs to
/// one relay and goes to no other.
fn named_choice(tx: &Tx<'_>, address: &str) -> Result<RelayChoice> {
    let (address, creation_token) = (address.to_owned(), String::new());
    let named = RelayChoice { address, creation_token, ..relay_choice::choice(tx)? };
    address::checked(&named).map_err(|e| Error::new(e.code(), e))
}

fn terms(tx: &SpaceTx<'_>, known: &Known, args: &InviteMake, now: i64) -> Result<join::Terms> {
    let (account, state) = (shared::account(tx)?, known.members()?.state());
    Ok(join::Terms {
        space: SpaceId(tx.space),
        kind: state.kind.ok_or_else(|| Error::new("not-found", "its people have not come here yet"))?,
        name: state.name,
        inviter: my_name(tx, &account)?,
        account,
        role: args.role.into(),
        fields: fields(&args.fields),
        goals: goals(&args.goals),
        purpose: args.purpose.clone(),
        expires_ms: now + i64::from(args.days) * DAY,
        single: args.single,
    })
}

fn my_name(tx: &SpaceTx<'_>, me: &AccountId) -> Result<String> {
    Ok(records::names(tx)?.remove(me).unwrap_or_default())
}

/// The invitations of this person into a space, the newest first.
pub fn invites(tx: &SpaceTx<'_>, docs: &mut Docs, told: Told) -> Result<Vec<Invite>> {
    let space = SpaceId(tx.space).to_string();
    let mut all = invites::all(tx, docs)?;
    all.retain(|invite| invite.space == space);
    all.sort_by_key(|invite| std::cmp::Reverse(invite.expires_at));
    all.iter().map(|invite| shown(tx, invite, told)).collect()
}

fn shown(tx: &Tx<'_>, invite: &KnownInvite, (language, now): Told) -> Result<Invite> {
    let (code, terms) = (invites::code_of(tx, invite)?, invites::terms_of(invite)?);
    let (link, used) = (code.to_link(), invites::is_used(invite));
    let out = invites::is_out(tx, invite)?;
    Ok(Invite {
        id: invite.id.clone(),
        qr_svg: qr::svg(&link)?,
        link,
        words: code.to_words().say(language),
        role: terms.role.into(),
        single: terms.single,
        expires_at: invite.expires_at,
        state: invite_state(invite.withdrawn, used, now > invite.expires_at, out),
    })
}

/// Who asks to be let into a space.
pub fn asks(tx: &SpaceTx<'_>, docs: &mut Docs, known: &Known, (language, now): Told) -> Result<Vec<Ask>> {
    let members = known.members()?;
    let asked = invites::asked(tx, docs, now)?;
    let notes = read_people(docs.get(tx, DocId::People)?);
    let before = |account: &AccountId| members.entries().any(|entry| entry.added() == Some(*account));
    let ask = |(invite, asked): (KnownInvite, join::Asked)| {
        let known = notes.of(&asked.request.account.to_string());
        Ask {
            id: hex::encode(asked.id()),
            invite: invite.id,
            words: asked.words().to_compare(language),
            back: before(&asked.request.account),
            blocked: known.blocked,
            role: asked.role.into(),
            name: if known.blocked { known.name } else { typed::name(&asked.name) },
        }
    };
    Ok(asked.into_iter().map(ask).collect())
}

/// The invitations that this person answers.
pub fn all(tx: &Tx<'_>, told: Told) -> Result<Vec<Joining>> {
    let rows = tx.all_rendezvous()?.into_iter().filter(|row| row.owner.is_none() && row.joined.is_none());
    rows.map(|row| joining(tx, &row, told)).collect()
}

fn joining(tx: &Tx<'_>, row: &RendezvousRow, told: Told) -> Result<Joining> {
    let terms = invites::offer_then(tx, &row.id)?.map(|terms| Terms {
        kind: terms.kind.into(),
        name: typed::name(&terms.name),
        inviter: typed::name(&terms.inviter),
        role: terms.role.into(),
        fields: fields_shown(terms.fields),
        goals: goals_shown(&terms.goals),
        purpose: terms.purpose,
        expires_at: terms.expires_ms,
    });
    let lent = if relay_choice::is_lent(tx)? { relay_choice::place(tx)? } else { None };
    let server = lent.map(|relay| relay.address);
    Ok(Joining { id: row.id.clone(), state: state(tx, row, terms.is_some(), told)?, terms, server })
}

fn state(tx: &Tx<'_>, row: &RendezvousRow, found: bool, (language, now): Told) -> Result<JoinState> {
    if let Some(space) = row.joined {
        return Ok(JoinState::Joined { space: SpaceId(space).to_string() });
    }
    if let Some(code) = &row.failed {
        return Ok(JoinState::Failed(code.clone()));
    }
    if row.asking.is_some() {
        return Ok(JoinState::Asked { words: invites::words(tx, row)?.to_compare(language) });
    }
    match invites::offer(tx, &row.id, now) {
        Err(error) => Ok(JoinState::Failed(error.code.to_owned())),
        Ok(_) if found => Ok(JoinState::Offered),
        Ok(_) => Ok(JoinState::Looking),
    }
}

/// Whether an invitation can still be used.
fn invite_state(withdrawn: bool, used: bool, over: bool, out: bool) -> InviteState {
    match (withdrawn, used, over, out) {
        (true, ..) => InviteState::Withdrawn,
        (_, true, ..) => InviteState::Used,
        (_, _, true, _) => InviteState::Expired,
        (.., false) => InviteState::OnlyHere,
        _ => InviteState::Stands,
    }
}
