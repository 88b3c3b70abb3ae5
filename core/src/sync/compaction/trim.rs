//! Letting go of what a snapshot stands for: the relay drops it, the devices keep it.

use trellis_protocol::ids::MailboxId;
use trellis_protocol::wire::TrimMailbox;

use crate::error::Result;
use crate::store::Tx;
use crate::store::spaces::MailboxRow;
use crate::sync::keys;
use crate::transport::Call;

/// How long a device may be away and still read an old mailbox as it was, milliseconds.
const MONTH: i64 = 30 * 24 * 3_600_000;

/// The next mailbox to trim, and up to where. What has to stay: all that the snapshot does not hold, the openings,
/// entries and grants that lead on from there, and whatever came after this device read it last.
pub fn next(tx: &Tx<'_>, now: i64) -> Result<Option<(Call, MailboxId, u64)>> {
    let Some(row) = tx.mailboxes()?.into_iter().find(|row| is_due(row, now)) else { return Ok(None) };
    // What others are to find instead must be there first; what waits in another space is nothing to it.
    if keys::personal(tx)?.is_any_outgoing()? {
        return Ok(None);
    }
    let (owner_token, before) = (keys::owner_token_of(tx, row.id)?, row.cursor.seq);
    let keep = tx.envelopes_to_keep(row.id)?;
    Ok(Some((Call::Trim(row.id, TrimMailbox { owner_token, before, keep }), row.id, before)))
}

fn is_due(row: &MailboxRow, now: i64) -> bool {
    let stood_long = row.stood_for > 0 && now - row.stood_for >= MONTH;
    row.created && row.listed.is_none() && stood_long && row.cursor.seq > row.trimmed
}
