//! The mailboxes at which people meet who share no space yet: what is asked of the relay, and what its answers change.

use sha2::{Digest, Sha256};
use trellis_api_types::Millis;
use trellis_protocol::ids::{EnvelopeId, MailboxId};
use trellis_protocol::wire::{
    Appended, CreateMailbox, DeleteMailbox, ListenMailbox, MailboxResult, MailboxStatus, MailboxSync,
    SyncRequest, SyncResponse,
};
use trellis_protocol::{Cursor, ErrorCode};

use crate::crdt::Docs;
use crate::crypto::Secret;
use crate::crypto::invite::InviteSecret;
use crate::error::Result;
use crate::store::Tx;
use crate::store::rendezvous::RendezvousRow;
use crate::sync::joining::code::{MONTH, code};
use crate::sync::joining::invites;
use crate::sync::keys;
use crate::transport::{Call, NetError, Reply};

/// Messages taken of one mailbox at once.
const PAGE: u32 = 64;
/// Mailboxes visited in one call.
const VISITS: usize = 32;
/// Between two looks while the relay would tell of news, milliseconds.
const LOOK: i64 = 10 * 60_000;
/// Between two looks for an invitation that is not there yet, milliseconds.
const SOON: i64 = 30_000;
/// So long an invitation that is not there yet is looked for with little patience, milliseconds.
const HOUR: i64 = 3_600_000;
/// After a refusal, milliseconds.
const REFUSED: i64 = 3_600_000;

/// The next call, if it is time: making or clearing away a mailbox first, then all that are due in one visit.
pub(in crate::sync) fn call(tx: &Tx<'_>, now: Millis) -> Result<Option<Call>> {
    let mut visits = Vec::new();
    for row in tx.all_rendezvous()? {
        let append = tx.messages(row.mailbox, Some(false))?;
        match stage(&row, !append.is_empty(), now) {
            Stage::Rest => {}
            Stage::Clear => return Ok(clear(&row)),
            Stage::Make(owner) => return create(tx, row.mailbox, &owner).map(Some),
            Stage::Visit if visits.len() < VISITS => visits.push(visit(&row, append)),
            Stage::Visit => {}
        }
    }
    Ok((!visits.is_empty()).then_some(Call::Sync(SyncRequest { mailboxes: visits, max_bytes: None })))
}

/// The next look for invitations. It takes nothing along, so it says nothing of this person; and one that was found is not
/// looked for again, so that its relay hears no more of where this person is.
pub(in crate::sync) fn look(tx: &Tx<'_>, now: Millis) -> Result<Option<Call>> {
    let mut visits = Vec::new();
    for row in tx.all_rendezvous()?.iter().filter(|row| invites::is_look(row) && is_due(row, now)) {
        if visits.len() < VISITS && invites::offer_then(tx, &row.id)?.is_none() {
            visits.push(visit(row, Vec::new()));
        }
    }
    Ok((!visits.is_empty()).then_some(Call::Sync(SyncRequest { mailboxes: visits, max_bytes: None })))
}

/// What a rendezvous needs now.
enum Stage {
    Rest,
    Clear,
    Make([u8; 32]),
    Visit,
}

fn stage(row: &RendezvousRow, outgoing: bool, now: Millis) -> Stage {
    if row.over && !outgoing {
        let clear = now > row.ends_at && row.created && row.owner.is_some();
        return if clear { Stage::Clear } else { Stage::Rest };
    }
    match row.owner {
        _ if !is_due(row, now) => Stage::Rest,
        Some(owner) if !row.created => Stage::Make(owner),
        _ => Stage::Visit,
    }
}

/// Whether it is looked at now.
fn is_due(row: &RendezvousRow, now: Millis) -> bool {
    keys::is_due(row.look_at, now, LOOK.max(REFUSED))
}

fn visit(row: &RendezvousRow, append: Vec<Vec<u8>>) -> MailboxSync {
    let append = append.into_iter().map(Into::into).collect();
    MailboxSync { token: code(row, None).token(), cursor: row.cursor, append, max: PAGE, ids_only: false }
}

fn create(tx: &Tx<'_>, mailbox: MailboxId, owner: &[u8; 32]) -> Result<Call> {
    let token = InviteSecret::new(Secret::new(*owner)).owner_token();
    let creation_token =
        crate::sync::relay_choice::relay(tx)?.map(|relay| relay.creation_token).filter(|it| !it.is_empty());
    Ok(Call::Create(mailbox, CreateMailbox { owner: Sha256::digest(token.0).into(), creation_token }))
}

/// Whoever invited clears the mailbox away.
fn clear(row: &RendezvousRow) -> Option<Call> {
    let owner = row.owner.filter(|_| row.created)?;
    let owner_token = InviteSecret::new(Secret::new(owner)).owner_token();
    Some(Call::Delete(row.mailbox, DeleteMailbox { owner_token }))
}

/// Takes in an answer. True if this person has just been let into a space.
pub(in crate::sync) fn answered(
    tx: &Tx<'_>,
    docs: &mut Docs,
    call: &Call,
    reply: &Reply,
    now: Millis,
) -> Result<bool> {
    let mut entered = false;
    for mut row in of_call(tx, call)? {
        match (call, reply) {
            (Call::Create(..), _) => row.created = true,
            (Call::Delete(..), _) => {
                tx.remove_rendezvous(&row)?;
                continue;
            }
            (Call::Sync(request), Reply::Sync(answer)) => {
                visited(tx, docs, &mut row, request, answer, now)?;
            }
            _ => {}
        }
        entered |= row.owner.is_none() && invites::go_on(tx, docs, &mut row, now)?;
        tx.put_rendezvous(&row)?;
    }
    Ok(entered)
}

fn visited(
    tx: &Tx<'_>,
    docs: &mut Docs,
    row: &mut RendezvousRow,
    request: &SyncRequest,
    answer: &SyncResponse,
    now: Millis,
) -> Result<()> {
    let token = code(row, None).token();
    let asked = request.mailboxes.iter().find(|ask| ask.token == token);
    let result = answer.mailboxes.iter().find(|result| result.mailbox == row.mailbox);
    match (asked, result) {
        (Some(ask), Some(result)) => take(tx, docs, row, &ask.append, result, now),
        _ => Ok(()),
    }
}

/// What a call was about.
fn of_call(tx: &Tx<'_>, call: &Call) -> Result<Vec<RendezvousRow>> {
    let is_it = |row: &RendezvousRow| match call {
        Call::Create(id, _) | Call::Delete(id, _) | Call::Trim(id, _) => row.mailbox == *id,
        Call::Sync(request) => {
            let token = code(row, None).token();
            request.mailboxes.iter().any(|ask| ask.token == token)
        }
    };
    Ok(tx.all_rendezvous()?.into_iter().filter(is_it).collect())
}

fn take(
    tx: &Tx<'_>,
    docs: &mut Docs,
    row: &mut RendezvousRow,
    sent: &[minicbor::bytes::ByteVec],
    result: &MailboxResult,
    now: Millis,
) -> Result<()> {
    match result.status {
        MailboxStatus::Missing => {
            row.created = false;
            row.cursor = Cursor::default();
            row.look_at = now + pause(row, now);
            return tx.resend_messages(row.mailbox);
        }
        MailboxStatus::Resync => {
            // An older copy of the relay: what lay there since goes there again.
            row.cursor = Cursor::default();
            row.look_at = now + SOON;
            return tx.resend_messages(row.mailbox);
        }
        MailboxStatus::Ok => row.created = true,
    }
    let stored =
        sent.iter().zip(&result.appended).filter(|(_, outcome)| matches!(outcome, Appended::Stored(_)));
    for (bytes, _) in stored {
        tx.add_message(row.mailbox, bytes, true)?;
    }
    for stored in &result.envelopes {
        row.cursor = row.cursor.then(EnvelopeId::of(&stored.envelope));
        invites::keep(tx, docs, row, &stored.envelope)?;
    }
    let more = result.more && !result.envelopes.is_empty();
    row.look_at = if more || has_news(tx, row, sent)? { 0 } else { now + LOOK };
    Ok(())
}

/// Whether something was said during the call that it did not take along.
fn has_news(tx: &Tx<'_>, row: &RendezvousRow, sent: &[minicbor::bytes::ByteVec]) -> Result<bool> {
    let is_new = |bytes: &Vec<u8>| !sent.iter().any(|sent| sent[..] == bytes[..]);
    Ok(tx.messages(row.mailbox, Some(false))?.iter().any(is_new))
}

/// Until the next look for a mailbox that the relay does not have.
fn pause(row: &RendezvousRow, now: Millis) -> i64 {
    let since = row.ends_at - MONTH;
    if row.owner.is_some() || now - since < HOUR { SOON } else { LOOK }
}

/// A call failed. A mailbox that is there already is as good as made; what the relay refuses waits an hour.
pub(in crate::sync) fn failed(tx: &Tx<'_>, call: &Call, error: &NetError, now: Millis) -> Result<bool> {
    if !error.is_answer() {
        return Ok(false);
    }
    for mut row in of_call(tx, call)? {
        match (call, error) {
            (Call::Delete(..), NetError::Refused(_)) => tx.remove_rendezvous(&row)?,
            (Call::Create(..), NetError::Refused(ErrorCode::Conflict)) => {
                row.created = true;
                tx.put_rendezvous(&row)?;
            }
            _ => {
                row.look_at = now + REFUSED;
                tx.put_rendezvous(&row)?;
            }
        }
    }
    Ok(true)
}

/// The mailboxes to listen to.
pub(in crate::sync) fn listen(tx: &Tx<'_>) -> Result<Vec<ListenMailbox>> {
    let rows = tx.all_rendezvous()?.into_iter().filter(|row| row.created && !row.over);
    Ok(rows.map(|row| ListenMailbox { token: code(&row, None).token(), after: row.cursor.seq }).collect())
}

/// When one of them is looked at, or cleared away.
pub(in crate::sync) fn next_time(tx: &Tx<'_>, now: Millis) -> Result<Option<Millis>> {
    let time = |row: RendezvousRow| match (row.over, row.owner) {
        (false, _) if is_due(&row, now) => None,
        (false, _) => Some(row.look_at),
        (true, Some(_)) => Some(row.ends_at + 1),
        (true, None) => None,
    };
    Ok(tx.all_rendezvous()?.into_iter().filter_map(time).min())
}
