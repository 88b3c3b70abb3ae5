//! The mailboxes at which people meet who share no space yet: what is asked of the relay, and what its answers change.

use sha2::{Digest, Sha256};
use trellis_api_types::Millis;
use trellis_protocol::ids::{EnvelopeId, MailboxId};
use trellis_protocol::wire::{
    Appended, CreateMailbox, DeleteMailbox, ListenMailbox, MailboxResult, MailboxStatus, MailboxSync,
    SyncRequest,
};
use trellis_protocol::{Cursor, ErrorCode};

use super::{Call, NetError, Reply, inviting};
use crate::crdt::Docs;
use crate::crypto::Secret;
use crate::crypto::invite::{InviteSecret, JoinCode};
use crate::error::Result;
use crate::store::Tx;
use crate::store::rendezvous::RendezvousRow;

/// Messages taken at once.
const PAGE: u32 = 64;
/// Between two looks while the relay would tell of news, milliseconds.
const LOOK: i64 = 10 * 60_000;
/// Between two looks for an invitation that is not there yet, milliseconds.
const SOON: i64 = 30_000;
/// After a refusal, milliseconds.
const REFUSED: i64 = 3_600_000;

/// The code behind a rendezvous.
pub fn code(row: &RendezvousRow, relay: Option<String>) -> JoinCode {
    JoinCode::new(Secret::new(row.secret), relay)
}

/// The next call for one of the mailboxes, if it is time.
pub(super) fn call(tx: &Tx<'_>, now: Millis) -> Result<Option<(Call, MailboxId)>> {
    for row in tx.all_rendezvous()? {
        if let Some(call) = call_for(tx, &row, now)? {
            return Ok(Some((call, row.mailbox)));
        }
    }
    Ok(None)
}

fn call_for(tx: &Tx<'_>, row: &RendezvousRow, now: Millis) -> Result<Option<Call>> {
    let append = tx.messages(row.mailbox, Some(false))?;
    if row.over && append.is_empty() {
        return Ok((now > row.ends_at).then(|| clear(row)).flatten());
    }
    if now < row.look_at {
        return Ok(None);
    }
    if !row.created
        && let Some(owner) = &row.owner
    {
        return create(tx, row.mailbox, owner).map(Some);
    }
    let append = append.into_iter().map(Into::into).collect();
    let token = code(row, None).token();
    let ask = MailboxSync { token, cursor: row.cursor, append, max: PAGE, ids_only: false };
    Ok(Some(Call::Sync(SyncRequest { mailboxes: vec![ask] })))
}

fn create(tx: &Tx<'_>, mailbox: MailboxId, owner: &[u8; 32]) -> Result<Call> {
    let token = InviteSecret::new(Secret::new(*owner)).owner_token();
    let creation_token =
        super::status::relay(tx)?.map(|relay| relay.creation_token).filter(|it| !it.is_empty());
    Ok(Call::Create(mailbox, CreateMailbox { owner: Sha256::digest(token.0).into(), creation_token }))
}

/// Whoever invited clears the mailbox away.
fn clear(row: &RendezvousRow) -> Option<Call> {
    let owner = row.owner.filter(|_| row.created)?;
    let owner_token = InviteSecret::new(Secret::new(owner)).owner_token();
    Some(Call::Delete(row.mailbox, DeleteMailbox { owner_token }))
}

/// Takes in an answer. True if this person has just been let into a space.
pub(super) fn answered(
    tx: &Tx<'_>,
    docs: &mut Docs,
    call: &Call,
    reply: &Reply,
    now: Millis,
) -> Result<bool> {
    let Some(mut row) = of_call(tx, call)? else { return Ok(false) };
    match (call, reply) {
        (Call::Create(..), _) => row.created = true,
        (Call::Delete(..), _) => {
            tx.remove_rendezvous(&row)?;
            return Ok(false);
        }
        (Call::Sync(request), Reply::Sync(answer)) => {
            let sent = request.mailboxes.first().map(|ask| ask.append.as_slice()).unwrap_or_default();
            if let Some(result) = answer.mailboxes.first() {
                take(tx, &mut row, sent, result, now)?;
            }
        }
        _ => {}
    }
    let entered = row.owner.is_none() && inviting::go_on(tx, docs, &mut row, now)?;
    tx.put_rendezvous(&row)?;
    Ok(entered)
}

fn of_call(tx: &Tx<'_>, call: &Call) -> Result<Option<RendezvousRow>> {
    let is_it = |row: &RendezvousRow| match call {
        Call::Create(id, _) | Call::Delete(id, _) | Call::Trim(id, _) => row.mailbox == *id,
        Call::Sync(request) => {
            let token = code(row, None).token();
            request.mailboxes.first().is_some_and(|ask| ask.token == token)
        }
    };
    Ok(tx.all_rendezvous()?.into_iter().find(is_it))
}

fn take(
    tx: &Tx<'_>,
    row: &mut RendezvousRow,
    sent: &[minicbor::bytes::ByteVec],
    result: &MailboxResult,
    now: Millis,
) -> Result<()> {
    match result.status {
        MailboxStatus::Missing => {
            row.created = false;
            row.cursor = Cursor::default();
            row.look_at = if row.owner.is_some() { now } else { now + SOON };
            return tx.resend_messages(row.mailbox);
        }
        MailboxStatus::Resync => {
            row.cursor = Cursor::default();
            return Ok(());
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
        tx.add_message(row.mailbox, &stored.envelope, true)?;
    }
    row.look_at = if result.more { 0 } else { now + LOOK };
    Ok(())
}

/// A call failed. A mailbox that is there already is as good as made; what the relay refuses waits an hour.
pub(super) fn failed(tx: &Tx<'_>, call: &Call, error: &NetError, now: Millis) -> Result<bool> {
    let NetError::Refused(code) = error else { return Ok(false) };
    let Some(mut row) = of_call(tx, call)? else { return Ok(false) };
    match (call, code) {
        (Call::Delete(..), _) => {
            tx.remove_rendezvous(&row)?;
            return Ok(true);
        }
        (Call::Create(..), ErrorCode::Conflict) => row.created = true,
        _ => row.look_at = now + REFUSED,
    }
    tx.put_rendezvous(&row)?;
    Ok(true)
}

/// The mailboxes to listen to.
pub(super) fn listen(tx: &Tx<'_>) -> Result<Vec<ListenMailbox>> {
    let rows = tx.all_rendezvous()?.into_iter().filter(|row| row.created && !row.over);
    Ok(rows.map(|row| ListenMailbox { token: code(&row, None).token(), after: row.cursor.seq }).collect())
}

/// When one of them is looked at, or cleared away.
pub(super) fn next_time(tx: &Tx<'_>) -> Result<Option<Millis>> {
    let time = |row: RendezvousRow| match (row.over, row.owner) {
        (false, _) => Some(row.look_at),
        (true, Some(_)) => Some(row.ends_at + 1),
        (true, None) => None,
    };
    Ok(tx.all_rendezvous()?.into_iter().filter_map(time).min())
}
