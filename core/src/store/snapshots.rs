//! What snapshots stand for, which mailboxes that lets go, and the snapshot under way here.

use rusqlite::OptionalExtension;
use trellis_protocol::ids::{EnvelopeId, MailboxId};

use super::Tx;
use super::spaces::ItemRow;
use crate::error::Result;

/// The end of a stretch of a writer's chain: writer, place, item there.
pub type Place = ([u8; 16], u64, [u8; 32]);

impl Tx<'_> {
    /// About how many bytes all documents take when they are saved.
    pub fn documents_size(&self) -> Result<u64> {
        let sql = "SELECT (SELECT coalesce(sum(length(snapshot)), 0) FROM document)
                   + (SELECT coalesce(sum(length(bytes)), 0) FROM change WHERE folded = 0)";
        Ok(self.conn.prepare_cached(sql)?.query_row((), |row| row.get::<_, i64>(0))? as u64)
    }

    /// Accepted items of an epoch: all of them, or only those that no snapshot stands for.
    pub fn accepted_in(&self, epoch: &[u8; 16], covered_too: bool) -> Result<Vec<ItemRow>> {
        self.items("WHERE epoch = ?1 AND state IN (1, 4) AND covered <= ?2 ORDER BY n", (epoch, covered_too))
    }

    /// Notes whether a snapshot stands for an item. One that is stood for need not be sent.
    pub fn set_item_covered(&self, n: i64, covered: bool) -> Result<()> {
        let sql = "UPDATE item SET covered = ?2 WHERE n = ?1 AND covered <> ?2";
        let changed = self.conn.prepare_cached(sql)?.execute((n, covered))?;
        if changed > 0 && covered {
            self.sent(n)?;
        }
        Ok(())
    }

    /// Whether items of one kind wait to be sent to an epoch's mailbox.
    pub fn is_kind_outgoing(&self, epoch: &[u8; 16], kind: u16) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM outgoing CROSS JOIN item ON n = outgoing.item WHERE epoch = ?1 AND kind = ?2)";
        Ok(self.conn.prepare_cached(sql)?.query_row((epoch, kind), |row| row.get(0))?)
    }

    /// Notes since when a snapshot stands for what a mailbox holds, 0 for none. What it holds is judged again.
    pub fn set_stood_for(&self, epoch: &[u8; 16], since: i64) -> Result<()> {
        let sql = "UPDATE mailbox SET stood_for = ?2, trimmed = 0 WHERE epoch = ?1";
        self.conn.prepare_cached(sql)?.execute((epoch, since))?;
        Ok(())
    }

    /// Notes up to where a mailbox was trimmed.
    pub fn set_trimmed(&self, id: MailboxId, to: u64) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE mailbox SET trimmed = ?2 WHERE id = ?1")?
            .execute((id.0, to as i64))?;
        Ok(())
    }

    /// Envelopes of a mailbox that have to stay: what no snapshot stands for, and what cannot be read here.
    pub fn envelopes_to_keep(&self, mailbox: MailboxId) -> Result<Vec<EnvelopeId>> {
        let sql = "SELECT envelope FROM item WHERE covered = 0
                   AND epoch = (SELECT epoch FROM mailbox WHERE id = ?1)
                   UNION SELECT envelope FROM set_aside WHERE mailbox = ?1 AND seq > 0";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map([mailbox.0], |row| Ok(EnvelopeId(row.get(0)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The owner secret under which a mailbox was made, where that is known.
    pub fn mailbox_owner(&self, id: MailboxId) -> Result<Option<[u8; 32]>> {
        let mut query = self.conn.prepare_cached("SELECT owner FROM mailbox WHERE id = ?1")?;
        Ok(query.query_row([id.0], |row| row.get(0)).optional()?.flatten())
    }

    /// Notes the owner secret under which a mailbox was made.
    pub fn set_mailbox_owner(&self, id: MailboxId, owner: &[u8; 32]) -> Result<()> {
        self.conn.prepare_cached("UPDATE mailbox SET owner = ?2 WHERE id = ?1")?.execute((id.0, owner))?;
        Ok(())
    }

    /// Keeps a part of the snapshot under way.
    pub fn add_sheet(&self, space: &[u8; 32], part: &[u8]) -> Result<()> {
        let sql = "INSERT INTO sheet (space, part) VALUES (?1, ?2)";
        self.conn.prepare_cached(sql)?.execute((space, part))?;
        Ok(())
    }

    /// Parts that are not signed yet, in order, at most `limit`.
    pub fn sheets(&self, space: &[u8; 32], limit: u32) -> Result<Vec<(i64, Vec<u8>)>> {
        let mut query =
            self.conn.prepare_cached("SELECT n, part FROM sheet WHERE space = ?1 ORDER BY n LIMIT ?2")?;
        let rows = query.query_map((space, limit), |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many parts are not signed yet.
    pub fn sheet_count(&self, space: &[u8; 32]) -> Result<u32> {
        let sql = "SELECT count(*) FROM sheet WHERE space = ?1";
        Ok(self.conn.prepare_cached(sql)?.query_row([space], |row| row.get(0))?)
    }

    /// A part is signed.
    pub fn remove_sheet(&self, n: i64) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM sheet WHERE n = ?1")?.execute([n])?;
        Ok(())
    }

    /// The snapshot under way is given up.
    pub fn remove_sheets(&self, space: &[u8; 32]) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM sheet WHERE space = ?1")?.execute([space])?;
        Ok(())
    }
}
