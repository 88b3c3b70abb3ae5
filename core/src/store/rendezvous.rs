//! Mailboxes at which people meet who share no space yet.

use rusqlite::{OptionalExtension, Row};
use trellis_protocol::Cursor;
use trellis_protocol::ids::{EnvelopeId, MailboxId};

use super::Tx;
use crate::error::Result;

/// One rendezvous, on either side.
#[derive(Clone, PartialEq, Eq)]
pub struct RendezvousRow {
    /// Made by the screen.
    pub id: String,
    /// Where it is.
    pub mailbox: MailboxId,
    /// What opens it.
    pub secret: [u8; 16],
    /// Secret behind the invitation; none on the side that answers it.
    pub owner: Option<[u8; 32]>,
    /// Whether the relay has made it, or was seen to have it.
    pub created: bool,
    /// Read up to here.
    pub cursor: Cursor,
    /// When it is looked at next, milliseconds since 1970.
    pub look_at: i64,
    /// When it is cleared away.
    pub ends_at: i64,
    /// What opens the answer, once asked.
    pub asking: Option<Vec<u8>>,
    /// What to be called, once asked.
    pub name: String,
    /// The space that was entered.
    pub joined: Option<[u8; 32]>,
    /// Code of why it ended otherwise.
    pub failed: Option<String>,
    /// Nothing is awaited any more.
    pub over: bool,
}

const ROW: &str = "SELECT id, mailbox, secret, owner, created, seq, hash, look_at, ends_at, asking, name, joined, failed, over
                   FROM rendezvous";

impl Tx<'_> {
    /// Keeps a rendezvous as it is now.
    pub fn put_rendezvous(&self, row: &RendezvousRow) -> Result<()> {
        let sql = "INSERT OR REPLACE INTO rendezvous (id, mailbox, secret, owner, created, seq, hash, look_at, ends_at,
                   asking, name, joined, failed, over) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
        self.conn.prepare_cached(sql)?.execute(rusqlite::params![
            row.id,
            row.mailbox.0,
            row.secret,
            row.owner,
            row.created,
            row.cursor.seq as i64,
            row.cursor.hash,
            row.look_at,
            row.ends_at,
            row.asking,
            row.name,
            row.joined,
            row.failed,
            row.over
        ])?;
        Ok(())
    }

    /// All of them.
    pub fn all_rendezvous(&self) -> Result<Vec<RendezvousRow>> {
        let mut query = self.conn.prepare_cached(&format!("{ROW} ORDER BY look_at, id"))?;
        Ok(query.query_map((), rendezvous_row)?.collect::<rusqlite::Result<_>>()?)
    }

    /// One of them.
    pub fn rendezvous(&self, id: &str) -> Result<Option<RendezvousRow>> {
        let mut query = self.conn.prepare_cached(&format!("{ROW} WHERE id = ?1"))?;
        Ok(query.query_row([id], rendezvous_row).optional()?)
    }

    /// Forgets one, with what lay there.
    pub fn remove_rendezvous(&self, row: &RendezvousRow) -> Result<()> {
        self.conn.execute("DELETE FROM rendezvous_message WHERE mailbox = ?1", [row.mailbox.0])?;
        self.conn.execute("DELETE FROM rendezvous WHERE id = ?1", [&row.id])?;
        Ok(())
    }

    /// Looks at all of them now.
    pub fn hurry_rendezvous(&self) -> Result<()> {
        self.conn.execute("UPDATE rendezvous SET look_at = 0 WHERE over = 0", ())?;
        Ok(())
    }

    /// Keeps a message that lies there (`sent`) or is to go there. True if it was not here.
    pub fn add_message(&self, mailbox: MailboxId, bytes: &[u8], sent: bool) -> Result<bool> {
        let sql = "INSERT INTO rendezvous_message (mailbox, envelope, bytes, sent) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (mailbox, envelope) DO UPDATE SET sent = max(sent, excluded.sent)";
        let was = self.knows_message(mailbox, bytes)?;
        self.conn.prepare_cached(sql)?.execute((mailbox.0, EnvelopeId::of(bytes).0, bytes, sent))?;
        Ok(!was)
    }

    /// Marks a message that is kept as a request.
    pub fn mark_request(&self, mailbox: MailboxId, bytes: &[u8]) -> Result<()> {
        let sql = "UPDATE rendezvous_message SET request = 1 WHERE mailbox = ?1 AND envelope = ?2";
        self.conn.prepare_cached(sql)?.execute((mailbox.0, EnvelopeId::of(bytes).0))?;
        Ok(())
    }

    /// How many messages of one mailbox are here, and how many of them are requests.
    pub fn message_counts(&self, mailbox: MailboxId) -> Result<(u32, u32)> {
        let sql = "SELECT count(*), coalesce(sum(request), 0) FROM rendezvous_message WHERE mailbox = ?1";
        let mut query = self.conn.prepare_cached(sql)?;
        Ok(query.query_row([mailbox.0], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// Whether a message of one mailbox is here.
    pub fn knows_message(&self, mailbox: MailboxId, bytes: &[u8]) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM rendezvous_message WHERE mailbox = ?1 AND envelope = ?2)";
        let known = (mailbox.0, EnvelopeId::of(bytes).0);
        Ok(self.conn.prepare_cached(sql)?.query_row(known, |row| row.get(0))?)
    }

    /// The messages of one mailbox, in the order they came; with `sent`, those that are there or not yet.
    pub fn messages(&self, mailbox: MailboxId, sent: Option<bool>) -> Result<Vec<Vec<u8>>> {
        let sql = "SELECT bytes FROM rendezvous_message WHERE mailbox = ?1 AND (?2 IS NULL OR sent = ?2) ORDER BY n";
        let mut query = self.conn.prepare_cached(sql)?;
        Ok(query.query_map((mailbox.0, sent), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    /// The relay lost a mailbox: everything goes there again.
    pub fn resend_messages(&self, mailbox: MailboxId) -> Result<()> {
        self.conn.execute("UPDATE rendezvous_message SET sent = 0 WHERE mailbox = ?1", [mailbox.0])?;
        Ok(())
    }
}

fn rendezvous_row(row: &Row<'_>) -> rusqlite::Result<RendezvousRow> {
    Ok(RendezvousRow {
        id: row.get(0)?,
        mailbox: MailboxId(row.get(1)?),
        secret: row.get(2)?,
        owner: row.get(3)?,
        created: row.get(4)?,
        cursor: Cursor { seq: row.get::<_, i64>(5)? as u64, hash: row.get(6)? },
        look_at: row.get(7)?,
        ends_at: row.get(8)?,
        asking: row.get(9)?,
        name: row.get(10)?,
        joined: row.get(11)?,
        failed: row.get(12)?,
        over: row.get(13)?,
    })
}
