//! Taking in what a mailbox answered: acknowledgements, envelopes, id lists. The cursor moves in the same
//! transaction as what it passed.

use trellis_api_types::Millis;
use trellis_protocol::ids::{EnvelopeId, MailboxId};
use trellis_protocol::wire::{Appended, MailboxResult, MailboxStatus, Stored};
use trellis_protocol::{Cursor, ErrorCode};

use crate::error::Result;
use crate::sync::engine::effects::Visit;
use crate::sync::{Ground, keys, shared};

use crate::space::{EpochKeys, Kind, Refusal, VerifiedItem, change};
use crate::store::Tx;

/// A refused envelope is tried again after this, milliseconds.
const REFUSED_WAIT: i64 = 3_600_000;
/// Others' items are refilled after a random wait up to this, milliseconds, so that not all devices do it at once.
const REFILL_SPREAD: u32 = 60_000;

/// What has to follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// There is more to ask for at once.
    pub more: bool,
    /// The relay's history is not the one that was read.
    pub changed: bool,
}

/// Takes in the answer for one mailbox.
pub fn result(
    tx: &Tx<'_>,
    host: &impl Ground,
    visit: &Visit,
    result: MailboxResult,
    now: Millis,
) -> Result<Taken> {
    if result.mailbox != visit.mailbox {
        return Ok(Taken { more: false, changed: true });
    }
    if result.status != MailboxStatus::Missing {
        acknowledged(tx, visit, &result.appended, now)?;
    }
    if visit.gone && result.status != MailboxStatus::Missing {
        tx.set_created(visit.mailbox, true)?;
    }
    if result.status == MailboxStatus::Ok && has_lost(tx, visit.mailbox, &result)? {
        tx.set_listed(visit.mailbox, Some(0))?;
        return Ok(Taken { more: true, changed: true });
    }
    match result.status {
        MailboxStatus::Missing if visit.gone => Ok(Taken { more: false, changed: false }),
        MailboxStatus::Missing => {
            tx.set_listed(visit.mailbox, None)?;
            tx.set_created(visit.mailbox, false)?;
            refill(tx, host, visit.mailbox, true, now)?;
            Ok(Taken { more: true, changed: true })
        }
        MailboxStatus::Resync => {
            tx.set_listed(visit.mailbox, Some(0))?;
            Ok(Taken { more: true, changed: true })
        }
        MailboxStatus::Ok if visit.ids => compare(tx, host, visit, &result, now),
        MailboxStatus::Ok => receive(tx, host, visit, &result, now),
    }
}

/// Whether the mailbox ends before a place that the relay gave to something of this device: it was put back to an older copy, where
/// the cursor may still stand.
fn has_lost(tx: &Tx<'_>, id: MailboxId, result: &MailboxResult) -> Result<bool> {
    let before = tx.mailbox(id)?.map_or(0, |row| row.acked);
    let now = result.appended.iter().filter_map(|one| match one {
        Appended::Stored(seq) => Some(*seq),
        Appended::Refused(_) => None,
    });
    let (now, head) = (now.max().unwrap_or(0), result.head.seq);
    let lost = head < before;
    tx.set_acked(id, if lost { head } else { before.max(now).min(head) })?;
    Ok(lost)
}

/// Stored means durable: only then an item counts as sent. A refused one waits; the others went on.
fn acknowledged(tx: &Tx<'_>, visit: &Visit, appended: &[Appended], now: Millis) -> Result<()> {
    for (item, outcome) in visit.items.iter().zip(appended.iter().map(Some).chain(std::iter::repeat(None))) {
        let Some(outcome) = outcome else {
            // A relay that does not say what became of it is not asked without end.
            tx.refused(*item, ErrorCode::Internal.as_str(), now + REFUSED_WAIT)?;
            continue;
        };
        match outcome {
            Appended::Stored(_) => {
                tx.sent(*item)?;
                erase_replaced(tx, *item)?;
            }
            Appended::Refused(code) => {
                let code = ErrorCode::parse(code).unwrap_or(ErrorCode::Internal).as_str();
                tracing::warn!(code, "the relay refused an envelope");
                tx.refused(*item, code, now + REFUSED_WAIT)?;
            }
        }
    }
    Ok(())
}

/// What was replaced before the relay had it is erased now that it has.
fn erase_replaced(tx: &Tx<'_>, item: i64) -> Result<()> {
    let Some(row) = tx.item(item)?.filter(|row| row.kind == u16::from(Kind::Record)) else { return Ok(()) };
    let space = keys::of_epoch(tx, &row.epoch)?.scope().space;
    let here = tx.within(space.0);
    shared::erase_replaced(&here, &row, &keys::account(&here)?.0)
}

fn receive(
    tx: &Tx<'_>,
    host: &impl Ground,
    visit: &Visit,
    result: &MailboxResult,
    now: Millis,
) -> Result<Taken> {
    let keys = keys::of_mailbox(tx, visit.mailbox)?;
    let (mut cursor, mut trimmed) = (visit.cursor, false);
    for stored in result.envelopes.iter() {
        if stored.seq <= cursor.seq {
            return Ok(Taken { more: false, changed: true });
        }
        let next = cursor.then(EnvelopeId::of(&stored.envelope));
        trimmed |= next.seq != stored.seq;
        cursor = Cursor { seq: stored.seq, ..next };
        keep(tx, host, &keys, visit.mailbox, stored, now)?;
    }
    // The newest were trimmed: nothing is left between here and the end.
    trimmed |= !result.more && result.at.seq > cursor.seq;
    // Across a gap the hash cannot be computed; a wrong one only leads to comparing lists.
    let cursor = if trimmed && result.at.seq >= cursor.seq { result.at } else { cursor };
    tx.set_cursor(visit.mailbox, cursor)?;
    if !result.more {
        tx.set_read(visit.mailbox, now)?;
    }
    // A relay that says there is more and gives nothing, in this mailbox or another one, is not asked again in this look.
    let empty = result.more && result.envelopes.is_empty() && !visit.beside;
    Ok(Taken { more: result.more && !empty, changed: empty })
}

/// Keeps one envelope: as an item if it can be read and its signature holds, else set aside.
fn keep(
    tx: &Tx<'_>,
    host: &impl Ground,
    keys: &EpochKeys,
    mailbox: MailboxId,
    stored: &Stored,
    now: Millis,
) -> Result<()> {
    let envelope = EnvelopeId::of(&stored.envelope);
    if tx.knows_envelope(envelope)? {
        return tx.sent_envelope(envelope);
    }
    match keys.open(&stored.envelope).and_then(|item| item.verify()).and_then(own_author) {
        Ok(item) => {
            let row = keys::row(&item, envelope);
            if tx.add_item(&row, now)?.is_some() {
                keys::check_own_writer(&tx.within(keys.scope().space.0), host, &row)?;
            }
            Ok(())
        }
        // For those who are locked; whoever is open reads the call itself.
        Err(_) if crate::sync::keys::bell(tx, &keys.scope().epoch.0)?.open(&stored.envelope).is_ok() => {
            Ok(())
        }
        Err(refusal) => {
            tracing::warn!(code = refusal.code(), "set an envelope aside");
            // Its id is enough: the relay has the rest, and could fill a disk with it. It is not asked for again: a later version
            // that can read it has to empty `set_aside` in its migration, and read the lists of the mailboxes again.
            tx.set_aside(mailbox, stored.seq, refusal.code(), envelope, &[])
        }
    }
}

/// A change is its writer's own, or it is refused before Automerge sees it.
pub fn own_author(item: VerifiedItem) -> Result<VerifiedItem, Refusal> {
    change::check_author(&item).map(|()| item)
}

/// Collects the relay's ids; at the end sends what it lacks and reads on from where both agree.
fn compare(
    tx: &Tx<'_>,
    host: &impl Ground,
    visit: &Visit,
    result: &MailboxResult,
    now: Millis,
) -> Result<Taken> {
    let id = visit.mailbox;
    for listed in &result.ids {
        tx.add_listed(id, listed.seq, listed.id)?;
    }
    let last = result.ids.last().map_or(visit.cursor.seq, |listed| listed.seq);
    // A page that does not move on would be asked for without end, unless there was no room for it beside others.
    let no_room = visit.beside && result.ids.is_empty();
    if result.more && last <= visit.cursor.seq && !no_room {
        return Ok(Taken { more: false, changed: true });
    }
    if result.more {
        tx.set_listed(id, Some(last))?;
        return Ok(Taken { more: true, changed: false });
    }
    refill(tx, host, id, !was_trimmed(tx, id, result.at)?, now)?;
    tx.set_cursor(id, agreed(tx, id, result.at)?)?;
    tx.set_listed(id, None)?;
    Ok(Taken { more: true, changed: false })
}

/// The place up to which everything that the relay has is here too; `end` is the relay's word for its end.
fn agreed(tx: &Tx<'_>, mailbox: MailboxId, end: Cursor) -> Result<Cursor> {
    let listed = tx.listed(mailbox)?;
    if listed.iter().all(|(_, _, known)| *known) && listed.last().is_none_or(|(seq, ..)| *seq <= end.seq) {
        return Ok(if listed.is_empty() { Cursor::default() } else { end });
    }
    let mut cursor = Cursor::default();
    for (seq, envelope, known) in listed {
        if !known || seq != cursor.seq + 1 {
            break;
        }
        cursor = cursor.then(envelope);
    }
    Ok(cursor)
}

/// Whether places are missing among those that the relay named, `end` being its word for its end.
fn was_trimmed(tx: &Tx<'_>, mailbox: MailboxId, end: Cursor) -> Result<bool> {
    let listed = tx.listed(mailbox)?;
    let gap = listed.iter().zip(1..).any(|((seq, ..), place)| *seq != place);
    Ok(gap || listed.len() as u64 != end.seq)
}

/// Own items first, others' after a random wait. Nothing is urgent in a mailbox that was trimmed: a snapshot is about to
/// say what need not go there again.
fn refill(tx: &Tx<'_>, host: &impl Ground, mailbox: MailboxId, lost: bool, now: Millis) -> Result<()> {
    let later = now + keys::luck(host, REFILL_SPREAD);
    let own = if lost { now } else { now + i64::from(REFILL_SPREAD) };
    let items = tx.refill(mailbox, &keys::own_device(tx)?, own, later)?;
    tracing::info!(items, "refilling a mailbox");
    Ok(())
}
