//! What still has to be sent, answered or looked at again.

use rusqlite::OptionalExtension;
use trellis_protocol::ids::{EnvelopeId, MailboxId};

use super::spaces::ItemRow;
use super::{SpaceTx, Tx};
use crate::error::Result;

/// Longest wait before an item is sent again, milliseconds. A time further ahead was written by a wrong clock and is no
/// wait.
const LONGEST: i64 = 3_600_000;

impl Tx<'_> {
    /// Queues an item for its mailbox.
    pub fn add_outgoing(&self, item: i64, due_at: i64) -> Result<()> {
        let sql = "INSERT INTO outgoing (item, due_at) VALUES (?1, ?2)
                   ON CONFLICT (item) DO UPDATE SET due_at = min(due_at, excluded.due_at)";
        self.conn.prepare_cached(sql)?.execute((item, due_at))?;
        Ok(())
    }

    /// Whether the relay has not acknowledged it yet.
    pub fn is_outgoing(&self, item: i64) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM outgoing WHERE item = ?1)";
        Ok(self.conn.prepare_cached(sql)?.query_row([item], |row| row.get(0))?)
    }

    /// Whether the relay has not acknowledged the item of that id.
    pub fn is_unsent(&self, id: &[u8; 32]) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM outgoing JOIN item ON n = outgoing.item WHERE id = ?1)";
        Ok(self.conn.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
    }

    /// Notes a question and when to answer it.
    pub fn add_question(&self, item: i64, due_at: i64) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO question (item, due_at) VALUES (?1, ?2)";
        self.conn.prepare_cached(sql)?.execute((item, due_at))?;
        Ok(())
    }

    /// The question is answered.
    pub fn remove_question(&self, item: i64) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM question WHERE item = ?1")?.execute([item])?;
        Ok(())
    }

    /// Items of one epoch that are due, oldest first, at most `limit`.
    pub fn outgoing(&self, epoch: &[u8; 16], now: i64, limit: u32) -> Result<Vec<ItemRow>> {
        // The plus keeps the plan from starting at all items of the epoch.
        let sql = "WHERE n IN (SELECT item FROM outgoing WHERE due_at NOT BETWEEN ?2 + 1 AND ?4) AND +epoch = ?1 ORDER BY n LIMIT ?3";
        self.items(sql, (epoch, now, limit, now.saturating_add(LONGEST)))
    }

    /// The relay has it.
    pub fn sent(&self, item: i64) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM outgoing WHERE item = ?1")?.execute([item])?;
        Ok(())
    }

    /// The relay was seen to have it.
    pub fn sent_envelope(&self, envelope: EnvelopeId) -> Result<()> {
        let sql = "DELETE FROM outgoing WHERE item = (SELECT n FROM item WHERE envelope = ?1)";
        self.conn.prepare_cached(sql)?.execute([envelope.0])?;
        Ok(())
    }

    /// The relay refused it; it is tried again later, the rest goes on.
    pub fn refused(&self, item: i64, code: &str, due_at: i64) -> Result<()> {
        let sql = "UPDATE outgoing SET refused = ?2, due_at = ?3 WHERE item = ?1";
        self.conn.prepare_cached(sql)?.execute((item, code, due_at))?;
        Ok(())
    }

    /// When the next item is due that has to wait.
    pub fn next_outgoing(&self, now: i64) -> Result<Option<i64>> {
        let sql = "SELECT min(due_at) FROM outgoing WHERE due_at BETWEEN ?1 + 1 AND ?2";
        let until = now.saturating_add(LONGEST);
        Ok(self.conn.prepare_cached(sql)?.query_row((now, until), |row| row.get(0))?)
    }

    /// Whether the relay lacks anything that was written here.
    pub fn is_outgoing_left(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM outgoing)";
        Ok(self.conn.prepare_cached(sql)?.query_row((), |row| row.get(0))?)
    }

    /// Tries again now what the relay refused.
    pub fn hurry_outgoing(&self) -> Result<()> {
        self.conn.prepare_cached("UPDATE outgoing SET due_at = 0 WHERE refused IS NOT NULL")?.execute(())?;
        Ok(())
    }

    /// How many own items of a kind the relay has not acknowledged.
    pub fn unsent_count(&self, device: &[u8; 32], kind: u16) -> Result<u32> {
        let sql = "SELECT count(*) FROM outgoing CROSS JOIN item ON n = outgoing.item WHERE device = ?1 AND kind = ?2";
        Ok(self.conn.prepare_cached(sql)?.query_row((device, kind), |row| row.get(0))?)
    }

    /// Why the relay refuses something, if it does, and when it is tried again.
    pub fn refusal(&self) -> Result<Option<(String, i64)>> {
        let sql = "SELECT refused, due_at FROM outgoing WHERE refused IS NOT NULL ORDER BY due_at LIMIT 1";
        let mut query = self.conn.prepare_cached(sql)?;
        Ok(query.query_row((), |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// Sets an envelope aside that could not be read, with as much of it as is kept.
    pub fn set_aside(
        &self,
        mailbox: MailboxId,
        seq: u64,
        code: &str,
        envelope: EnvelopeId,
        bytes: &[u8],
    ) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO set_aside (envelope, mailbox, seq, code, bytes) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.conn.prepare_cached(sql)?.execute((envelope.0, mailbox.0, seq as i64, code, bytes))?;
        Ok(())
    }

    /// How many own changes are too large for any relay. They stand at no place of a mailbox.
    pub fn too_large_count(&self) -> Result<u32> {
        let sql = "SELECT count(*) FROM set_aside WHERE seq = 0";
        Ok(self.conn.prepare_cached(sql)?.query_row((), |row| row.get(0))?)
    }

    /// Codes of what was set aside, with how many of each.
    pub fn set_aside_codes(&self) -> Result<Vec<(String, u32)>> {
        let mut query =
            self.conn.prepare_cached("SELECT code, count(*) FROM set_aside GROUP BY code ORDER BY code")?;
        Ok(query.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?)
    }
}

impl SpaceTx<'_> {
    /// Whether the relay lacks anything of this space that was written here.
    pub fn is_any_outgoing(&self) -> Result<bool> {
        let sql =
            "SELECT EXISTS (SELECT 1 FROM outgoing CROSS JOIN item ON n = outgoing.item WHERE space = ?1)";
        Ok(self.conn.prepare_cached(sql)?.query_row([self.space], |row| row.get(0))?)
    }

    /// Questions to answer, with the time.
    pub fn questions(&self) -> Result<Vec<(i64, i64)>> {
        let sql =
            "SELECT item, due_at FROM question CROSS JOIN item ON n = item WHERE space = ?1 ORDER BY due_at";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map([self.space], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
