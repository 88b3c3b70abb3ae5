//! Inviting into a space and answering an invitation, over a rendezvous that lives for days.

use std::collections::{BTreeMap, BTreeSet};

use hex::FromHex;
use trellis_api_types::Millis;

use crate::crdt::{DocId, Docs, KnownInvite, read_invites, write_invite};
use crate::crypto::invite::{InviteSecret, JoinCode, JoinMessage};
use crate::crypto::words::Words;
use crate::crypto::{Sealed, Secret};
use crate::error::{Error, Result};
use crate::space::join::{Asked, Asking, Invite, Offer, Terms};
use crate::space::members::Act;
use crate::space::{Refusal, SpaceId};
use crate::store::rendezvous::RendezvousRow;
use crate::store::{SpaceTx, Tx};
use crate::sync::joining::code::{MONTH, code};
use crate::sync::space_state::Known;
use crate::sync::{Ground, keys, relay_choice, shared};

/// An answered rendezvous is cleared away after its offer ended and this, milliseconds.
const KEEP: i64 = 24 * 3_600_000;
/// Most requests kept at one invitation: a group has at most thirty people.
const MAX_REQUESTS: u32 = 64;
/// Most other messages kept at one rendezvous.
const MAX_MESSAGES: u32 = 512;
const UNDATED: &str = "undated-invites";

/// Invites into a space. What is `dated` by the relay's clock stands as it is; else the relay's clock dates it before anybody
/// sees it. Errors: `not-entitled`, `no-relay`, `oversized`.
pub fn make(
    tx: &SpaceTx<'_>,
    docs: &mut Docs,
    host: &impl Ground,
    known: &Known,
    id: &str,
    terms: Terms,
    dated: bool,
) -> Result<()> {
    if !known.members()?.state().may(&terms.account, Act::Add) {
        return Err(Error::new("not-entitled", "may not invite"));
    }
    let relay = relay_choice::relay(tx)?.ok_or_else(|| Error::new("no-relay", "no relay is chosen"))?;
    let (space, expires_at) = (terms.space, terms.expires_ms);
    let code = JoinCode::random(Some(relay.address), host);
    let invite = Invite::new(terms, host)?;
    let kept = KnownInvite {
        id: id.to_owned(),
        space: space.to_string(),
        code: hex::encode(code.secret().expose()),
        secret: hex::encode(invite.secret.secret().expose()),
        offer: hex::encode(&invite.offer),
        expires_at,
        ..KnownInvite::default()
    };
    docs.edit(tx, DocId::Spaces, |edit| write_invite(edit, &kept))?;
    if !dated {
        let mut lifetimes = undated(tx)?;
        lifetimes.insert(id.to_owned(), expires_at.saturating_sub(host.now_ms()));
        keep_undated(tx, &lifetimes)?;
    }
    watch(tx, &kept)?;
    send(tx, host, &kept, &[invite.message()])
}

/// Invitations that were made before the relay's clock was heard: how long each is to stand, milliseconds.
fn undated(tx: &Tx<'_>) -> Result<BTreeMap<String, i64>> {
    let kept = tx.setting(UNDATED)?;
    Ok(kept.and_then(|json| serde_json::from_slice(&json).ok()).unwrap_or_default())
}

fn keep_undated(tx: &Tx<'_>, lifetimes: &BTreeMap<String, i64>) -> Result<()> {
    let json = serde_json::to_vec(lifetimes).map_err(|_| Error::new("oversized", "invitations"))?;
    tx.set_setting(UNDATED, &json)
}

/// Whether any invitation waits for the relay's clock.
pub(in crate::sync) fn is_undated(tx: &Tx<'_>) -> Result<bool> {
    Ok(!undated(tx)?.is_empty())
}

/// The relay's clock is known now: invitations that nobody can have seen stand their full time from here.
pub(in crate::sync) fn date(tx: &Tx<'_>, docs: &mut Docs, host: &impl Ground, now: Millis) -> Result<()> {
    let lifetimes = undated(tx)?;
    if lifetimes.is_empty() {
        return Ok(());
    }
    for invite in all(tx, docs)?.into_iter().filter(|invite| !invite.withdrawn) {
        if let Some(lifetime) = lifetimes.get(&invite.id) {
            redate(tx, docs, host, invite, now.saturating_add(*lifetime))?;
        }
    }
    tx.remove_setting(UNDATED)
}

/// The same invitation under the same code, with another end.
fn redate(tx: &Tx<'_>, docs: &mut Docs, host: &impl Ground, kept: KnownInvite, end: Millis) -> Result<()> {
    let Some(row) = tx.rendezvous(&kept.id)?.filter(|row| !row.created) else { return Ok(()) };
    let invite = Invite::new(Terms { expires_ms: end, ..terms_of(&kept)? }, host)?;
    let kept = KnownInvite {
        secret: hex::encode(invite.secret.secret().expose()),
        offer: hex::encode(&invite.offer),
        expires_at: end,
        ..kept
    };
    docs.edit(tx, DocId::Spaces, |edit| write_invite(edit, &kept))?;
    tx.remove_rendezvous(&row)?;
    watch(tx, &kept)?;
    send(tx, host, &kept, &[invite.message()])
}

/// The invitations of this person.
pub fn all(tx: &Tx<'_>, docs: &mut Docs) -> Result<Vec<KnownInvite>> {
    Ok(read_invites(docs.get(tx, DocId::Spaces)?))
}

/// What of an invitation can still be used, kept as link or words.
pub fn code_of(tx: &Tx<'_>, invite: &KnownInvite) -> Result<JoinCode> {
    let secret = FromHex::from_hex(&invite.code).map_err(|_| Refusal::Malformed)?;
    Ok(JoinCode::new(Secret::new(secret), relay_choice::relay(tx)?.map(|relay| relay.address)))
}

/// What an invitation offers.
pub fn terms_of(invite: &KnownInvite) -> Result<Terms> {
    let offer = hex::decode(&invite.offer).map_err(|_| Refusal::Malformed)?;
    Ok(Offer::read(&offer, i64::MIN)?.terms)
}

/// Whether everything that belongs to an invitation has reached the relay.
pub fn is_out(tx: &Tx<'_>, invite: &KnownInvite) -> Result<bool> {
    let Some(row) = tx.rendezvous(&invite.id)? else { return Ok(true) };
    Ok(row.created && tx.messages(row.mailbox, Some(false))?.is_empty())
}

/// Watches the mailboxes of all invitations that stand: any of one's devices can answer.
pub fn watch_all(tx: &Tx<'_>, docs: &mut Docs, now: Millis) -> Result<()> {
    let here: BTreeSet<String> = shared::list(tx)?.iter().map(SpaceId::to_string).collect();
    for invite in all(tx, docs)?.into_iter().filter(|invite| here.contains(&invite.space)) {
        if tx.rendezvous(&invite.id)?.is_none() && !invite.withdrawn && now <= invite.expires_at {
            watch(tx, &invite)?;
        }
        end_if_over(tx, &invite, now)?;
    }
    Ok(())
}

/// Nobody is awaited after the end of an offer, or once it was taken back. One that was used up is watched on: if the
/// relay loses the answer, it goes there again.
fn end_if_over(tx: &Tx<'_>, invite: &KnownInvite, now: Millis) -> Result<()> {
    let over = invite.withdrawn || now > invite.expires_at;
    match tx.rendezvous(&invite.id)? {
        Some(row) if over && !row.over => tx.put_rendezvous(&RendezvousRow { over, ..row }),
        _ => Ok(()),
    }
}

fn watch(tx: &Tx<'_>, invite: &KnownInvite) -> Result<()> {
    let (Ok(code), Ok(owner)) = (FromHex::from_hex(&invite.code), FromHex::from_hex(&invite.secret)) else {
        return Ok(());
    };
    let mut row = rendezvous(&invite.id, code, invite.expires_at.saturating_add(KEEP));
    row.owner = Some(owner);
    tx.put_rendezvous(&row)
}

fn rendezvous(id: &str, secret: [u8; 16], ends_at: Millis) -> RendezvousRow {
    let code = JoinCode::new(Secret::new(secret), None);
    RendezvousRow {
        id: id.to_owned(),
        mailbox: code.mailbox(),
        secret,
        owner: None,
        created: false,
        cursor: trellis_protocol::Cursor::default(),
        look_at: 0,
        ends_at,
        asking: None,
        name: String::new(),
        joined: None,
        failed: None,
        over: false,
    }
}

fn send(tx: &Tx<'_>, host: &impl Ground, invite: &KnownInvite, messages: &[JoinMessage]) -> Result<()> {
    let Some(mut row) = tx.rendezvous(&invite.id)? else { return Ok(()) };
    let code = code(&row, None);
    for message in messages {
        tx.add_message(row.mailbox, &code.seal(message, host)?, false)?;
    }
    row.look_at = 0;
    tx.put_rendezvous(&row)
}

/// Takes an invitation back. Error: `not-found`.
pub fn withdraw(tx: &Tx<'_>, docs: &mut Docs, host: &impl Ground, id: &str, now: Millis) -> Result<()> {
    let mut invite = find(tx, docs, id)?;
    let message = opened(&invite)?.withdraw();
    invite.withdrawn = true;
    docs.edit(tx, DocId::Spaces, |edit| write_invite(edit, &invite))?;
    send(tx, host, &invite, &[message])?;
    end_if_over(tx, &invite, now)
}

fn find(tx: &Tx<'_>, docs: &mut Docs, id: &str) -> Result<KnownInvite> {
    let found = all(tx, docs)?.into_iter().find(|invite| invite.id == id);
    found.ok_or_else(|| Error::new("not-found", "no such invitation"))
}

fn opened(invite: &KnownInvite) -> Result<Invite> {
    let secret =
        InviteSecret::new(Secret::new(FromHex::from_hex(&invite.secret).map_err(|_| Refusal::Malformed)?));
    Ok(Invite { secret, offer: hex::decode(&invite.offer).map_err(|_| Refusal::Malformed)? })
}

/// Requests that wait for a yes, in a space.
pub fn asked(tx: &SpaceTx<'_>, docs: &mut Docs, now: Millis) -> Result<Vec<(KnownInvite, Asked)>> {
    let space = keys::space(tx).to_string();
    let mut found = Vec::new();
    let stands = |invite: &KnownInvite| invite.space == space && !invite.withdrawn && !is_used(invite);
    for invite in all(tx, docs)?.into_iter().filter(stands) {
        let requests = requests(tx, &invite, now)?;
        found.extend(requests.into_iter().map(|asked| (invite.clone(), asked)));
    }
    Ok(found)
}

/// The space that somebody asks to be let into. Error: `not-found`.
pub fn space_of(tx: &Tx<'_>, docs: &mut Docs, id: &str, now: Millis) -> Result<SpaceId> {
    for space in shared::list(tx)? {
        let asked = asked(&tx.within(space.0), docs, now)?;
        if asked.iter().any(|(_, asked)| hex::encode(asked.id()) == id) {
            return Ok(space);
        }
    }
    Err(Error::new("not-found", "nobody asks under this name"))
}

/// Whether it was for one person, who is in.
pub fn is_used(invite: &KnownInvite) -> bool {
    !invite.let_in.is_empty() && terms_of(invite).is_ok_and(|terms| terms.single)
}

fn requests(tx: &Tx<'_>, invite: &KnownInvite, now: Millis) -> Result<Vec<Asked>> {
    let (opened, answered) = (opened(invite)?, answered(&invite.let_in));
    let mut seen = BTreeSet::new();
    let mut requests: Vec<Asked> = Vec::new();
    for message in messages(tx, &invite.id)? {
        let JoinMessage::Request(sealed) = message else { continue };
        let Ok(asked) = opened.read_request(&sealed, &answered, now) else { continue };
        if !invite.declined.contains(&hex::encode(asked.id())) && seen.insert(asked.id()) {
            requests.retain(|before| before.request.account != asked.request.account);
            requests.push(asked);
        }
    }
    Ok(requests)
}

fn answered(ids: &[String]) -> BTreeSet<[u8; 32]> {
    ids.iter().filter_map(|id| FromHex::from_hex(id).ok()).collect()
}

/// Keeps what lies at a rendezvous. Whoever has the link can put anything there: of requests those are kept that are what they
/// say, not many more than a space has room for, and of the rest a bounded number.
pub(in crate::sync) fn keep(tx: &Tx<'_>, docs: &mut Docs, row: &RendezvousRow, bytes: &[u8]) -> Result<()> {
    if tx.knows_message(row.mailbox, bytes)? {
        return tx.add_message(row.mailbox, bytes, true).map(drop);
    }
    let (all, requests) = tx.message_counts(row.mailbox)?;
    match code(row, None).open(bytes) {
        Ok(JoinMessage::Request(sealed)) => {
            let room = requests < MAX_REQUESTS && row.owner.is_some();
            if room && is_request(tx, docs, &row.id, &sealed)? {
                tx.add_message(row.mailbox, bytes, true)?;
                tx.mark_request(row.mailbox, bytes)?;
            }
            Ok(())
        }
        Ok(_) if all.saturating_sub(requests) < MAX_MESSAGES => {
            tx.add_message(row.mailbox, bytes, true).map(drop)
        }
        _ => Ok(()),
    }
}

fn is_request(tx: &Tx<'_>, docs: &mut Docs, id: &str, sealed: &Sealed) -> Result<bool> {
    let Some(invite) = all(tx, docs)?.into_iter().find(|invite| invite.id == id) else { return Ok(false) };
    // Whether it has ended is asked when it is shown: a clock may be wrong now.
    Ok(opened(&invite)?.read_request(sealed, &answered(&invite.let_in), i64::MIN).is_ok())
}

fn messages(tx: &Tx<'_>, id: &str) -> Result<Vec<JoinMessage>> {
    let Some(row) = tx.rendezvous(id)? else { return Ok(Vec::new()) };
    let code = code(&row, None);
    // What cannot be opened was not made with this code and says nothing.
    Ok(tx.messages(row.mailbox, None)?.iter().filter_map(|bytes| code.open(bytes).ok()).collect())
}

/// Lets somebody in, or says no. Errors: `not-found`, `not-entitled`, `space-read-only`.
pub fn answer(
    tx: &SpaceTx<'_>,
    docs: &mut Docs,
    host: &impl Ground,
    known: &mut Known,
    id: &str,
    yes: bool,
    now: Millis,
) -> Result<()> {
    let found = asked(tx, docs, now)?.into_iter().find(|(_, asked)| hex::encode(asked.id()) == id);
    let (mut invite, asked) = found.ok_or_else(|| Error::new("not-found", "nobody asks under this name"))?;
    let messages = if yes {
        invite.let_in.push(id.to_owned());
        let joined = shared::let_in(tx, host, known, &asked, now)?;
        asked.answer(&joined, host)?
    } else {
        invite.declined.push(id.to_owned());
        vec![asked.decline(&opened(&invite)?)]
    };
    docs.edit(tx, DocId::Spaces, |edit| write_invite(edit, &invite))?;
    send(tx, host, &invite, &messages)?;
    end_if_over(tx, &invite, now)
}

/// Looks for an invitation. Nothing is sent about this person.
pub fn look(tx: &Tx<'_>, id: &str, code: &JoinCode, now: Millis) -> Result<()> {
    if tx.rendezvous(id)?.is_some() {
        return Ok(());
    }
    tx.put_rendezvous(&rendezvous(id, *code.secret().expose(), now.saturating_add(MONTH)))
}

/// Whether this person looks for an invitation there, and has not asked.
pub fn is_look(row: &RendezvousRow) -> bool {
    row.owner.is_none() && row.asking.is_none() && !row.over
}

/// The offer of a rendezvous that this person answers; `None` while it is not there. Errors: `expired`,
/// `invite-withdrawn`, and those of reading.
pub fn offer(tx: &Tx<'_>, id: &str, now: Millis) -> Result<Option<(Terms, Vec<u8>)>> {
    Ok(Offer::find(&messages(tx, id)?, now)?.map(|(offer, bytes)| (offer.terms, bytes)))
}

/// The offer as it was, whatever became of it.
pub fn offer_then(tx: &Tx<'_>, id: &str) -> Result<Option<Terms>> {
    let all = messages(tx, id)?;
    let first = all.iter().find(|message| matches!(message, JoinMessage::Offer(_)));
    Ok(first
        .and_then(|first| Offer::find(std::slice::from_ref(first), i64::MIN).ok().flatten())
        .map(|it| it.0.terms))
}

/// Asks to be let in, and takes the relay that was lent for it. Errors: `not-found`, `expired`, `invite-withdrawn`,
/// `oversized`.
pub fn ask(tx: &Tx<'_>, host: &impl Ground, id: &str, name: &str, now: Millis) -> Result<()> {
    let missing = || Error::new("not-found", "no such invitation");
    let mut row = tx.rendezvous(id)?.filter(|row| row.owner.is_none()).ok_or_else(missing)?;
    let (_, offer) = offer(tx, id, now)?.ok_or_else(missing)?;
    if row.asking.is_some() {
        return Ok(());
    }
    let log = crate::sync::space_state::own_log(tx)?;
    let (asking, message) = Asking::start(&offer, &keys::device(tx)?, &log, name, now, host)?;
    let sealed = code(&row, None).seal(&message, host)?;
    relay_choice::accept(tx)?;
    tx.add_message(row.mailbox, &sealed, false)?;
    row.asking = Some(asking.to_kept().to_vec());
    name.clone_into(&mut row.name);
    row.look_at = 0;
    tx.put_rendezvous(&row)
}

/// The eight words of a request of one's own.
pub fn words(tx: &Tx<'_>, row: &RendezvousRow) -> Result<Words> {
    let Some(kept) = &row.asking else { return Ok(Words::default()) };
    Ok(Asking::resume(kept)?.words(&keys::account(tx)?)?)
}

/// Goes on with an invitation that this person answers, after messages came. True if it led into a space.
pub(in crate::sync) fn go_on(
    tx: &Tx<'_>,
    docs: &mut Docs,
    row: &mut RendezvousRow,
    now: Millis,
) -> Result<bool> {
    if row.over {
        return Ok(false);
    }
    match enter(tx, docs, row, now) {
        Err(error) if !error.retry => {
            row.failed = Some(error.code.to_owned());
            row.over = true;
            Ok(false)
        }
        done => done,
    }
}

fn enter(tx: &Tx<'_>, docs: &mut Docs, row: &mut RendezvousRow, now: Millis) -> Result<bool> {
    let Some(kept) = &row.asking else {
        let found = offer(tx, &row.id, now)?.is_some();
        return if found || now <= row.ends_at { Ok(false) } else { Err(Refusal::Expired.into()) };
    };
    let messages = messages(tx, &row.id)?;
    let joined = Asking::resume(kept)?.read(&keys::device(tx)?, &messages, now)?;
    let (Some(joined), Some(terms)) = (joined, offer_then(tx, &row.id)?) else { return Ok(false) };
    let space = shared::enter(tx, docs, &joined, &terms, &row.name, now)?;
    row.joined = Some(space.0);
    row.over = true;
    Ok(true)
}
