//! Documents as a snapshot and the changes after it, and which own changes still have to be exchanged.

use rusqlite::OptionalExtension;

use super::Tx;
use crate::error::Result;

/// An own change that still has to be exchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Place in the queue.
    pub seq: i64,
    /// Name of the document, e.g. `journal/2026`.
    pub document: String,
    /// Hash of the change.
    pub hash: [u8; 32],
    /// The change, as it goes over the wire (uncompressed).
    pub bytes: Vec<u8>,
}

/// What a document is loaded from.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// At the last compaction.
    pub snapshot: Option<Vec<u8>>,
    /// Since then, in the order they came.
    pub changes: Vec<Vec<u8>>,
    /// Changes that wait for others which are missing, each behind the device that signed it.
    pub waiting: Vec<([u8; 32], Vec<u8>)>,
}

impl Tx<'_> {
    /// Names of all documents that hold anything, in order.
    pub fn document_ids(&self) -> Result<Vec<String>> {
        let sql = "SELECT id FROM document UNION SELECT document FROM change ORDER BY 1";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map((), |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether a document holds anything.
    pub fn has_document(&self, id: &str) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM document WHERE id = ?1)
                   OR EXISTS (SELECT 1 FROM change WHERE document = ?1)";
        Ok(self.conn.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
    }

    /// What a document is loaded from; empty if it was never changed.
    pub fn document(&self, id: &str) -> Result<Saved> {
        let mut query = self.conn.prepare_cached("SELECT snapshot FROM document WHERE id = ?1")?;
        let snapshot = query.query_row([id], |row| row.get(0)).optional()?;
        let sql = "SELECT waits, bytes FROM change WHERE document = ?1 AND folded = 0 ORDER BY seq";
        let mut query = self.conn.prepare_cached(sql)?;
        let mut saved = Saved { snapshot, ..Saved::default() };
        let mut rows = query.query([id])?;
        while let Some(row) = rows.next()? {
            match row.get(0)? {
                Some(by) => saved.waiting.push((by, row.get(1)?)),
                None => saved.changes.push(row.get(1)?),
            }
        }
        Ok(saved)
    }

    /// Keeps a change; one that is known already is left as it is.
    pub fn add_change(&self, document: &str, hash: &[u8; 32], bytes: &[u8]) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO change (document, hash, bytes) VALUES (?1, ?2, ?3)";
        self.conn.prepare_cached(sql)?.execute((document, hash, bytes))?;
        Ok(())
    }

    /// Keeps a change that waits for others, with the device that signed it; one that is known already is left as it is.
    pub fn add_waiting(
        &self,
        document: &str,
        hash: &[u8; 32],
        (by, bytes): (&[u8; 32], &[u8]),
    ) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO change (document, hash, bytes, waits) VALUES (?1, ?2, ?3, ?4)";
        self.conn.prepare_cached(sql)?.execute((document, hash, bytes, by))?;
        Ok(())
    }

    /// Names of the documents for which changes wait.
    pub fn documents_waited_for(&self) -> Result<Vec<String>> {
        let sql = "SELECT DISTINCT document FROM change WHERE waits IS NOT NULL ORDER BY document";
        let mut query = self.conn.prepare_cached(sql)?;
        Ok(query.query_map((), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    /// A change that waited is part of its document now.
    pub fn change_joined(&self, document: &str, hash: &[u8; 32]) -> Result<()> {
        let sql = "UPDATE change SET waits = NULL WHERE document = ?1 AND hash = ?2";
        self.conn.prepare_cached(sql)?.execute((document, hash))?;
        Ok(())
    }

    /// Drops a change that waited and cannot be used.
    pub fn drop_change(&self, document: &str, hash: &[u8; 32]) -> Result<()> {
        let sql = "DELETE FROM change WHERE document = ?1 AND hash = ?2 AND waits IS NOT NULL";
        self.conn.prepare_cached(sql)?.execute((document, hash))?;
        Ok(())
    }

    /// Notes that this own change has to be exchanged.
    pub fn add_intent(&self, document: &str, hash: &[u8; 32]) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO intent (document, hash) VALUES (?1, ?2)";
        self.conn.prepare_cached(sql)?.execute((document, hash))?;
        Ok(())
    }

    /// The oldest own changes still to be exchanged, at most `limit`.
    pub fn intents(&self, limit: u32) -> Result<Vec<Intent>> {
        let sql = "SELECT intent.seq, intent.document, intent.hash, change.bytes FROM intent
                   JOIN change USING (document, hash) ORDER BY intent.seq LIMIT ?1";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map([limit], |row| {
            Ok(Intent { seq: row.get(0)?, document: row.get(1)?, hash: row.get(2)?, bytes: row.get(3)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many own changes still have to be exchanged.
    pub fn intent_count(&self) -> Result<u32> {
        Ok(self.conn.prepare_cached("SELECT count(*) FROM intent")?.query_row((), |row| row.get(0))?)
    }

    /// The change was exchanged; its bytes go too once a snapshot holds them.
    pub fn intent_done(&self, seq: i64) -> Result<()> {
        let drop_folded = "DELETE FROM change WHERE folded = 1 AND (document, hash) IN
                           (SELECT document, hash FROM intent WHERE seq = ?1)";
        self.conn.prepare_cached(drop_folded)?.execute([seq])?;
        self.conn.prepare_cached("DELETE FROM intent WHERE seq = ?1")?.execute([seq])?;
        Ok(())
    }

    /// Takes a document off this device, with what of it was still to be exchanged.
    pub fn remove_document(&self, id: &str) -> Result<()> {
        self.conn.execute("DELETE FROM document WHERE id = ?1", [id])?;
        self.conn.execute("DELETE FROM change WHERE document = ?1", [id])?;
        self.conn.execute("DELETE FROM intent WHERE document = ?1", [id])?;
        Ok(())
    }

    /// Replaces a document's snapshot. Changes inside it go, except those still to be exchanged; those that wait stay.
    pub fn fold(&self, id: &str, snapshot: &[u8]) -> Result<()> {
        let keep = "INSERT INTO document (id, snapshot) VALUES (?1, ?2)
                    ON CONFLICT (id) DO UPDATE SET snapshot = excluded.snapshot";
        self.conn.prepare_cached(keep)?.execute((id, snapshot))?;
        let drop = "DELETE FROM change WHERE document = ?1 AND waits IS NULL AND hash NOT IN
                    (SELECT hash FROM intent WHERE document = ?1)";
        self.conn.prepare_cached(drop)?.execute([id])?;
        let inside = "UPDATE change SET folded = 1 WHERE document = ?1 AND waits IS NULL";
        self.conn.prepare_cached(inside)?.execute([id])?;
        Ok(())
    }
}
