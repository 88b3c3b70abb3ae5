//! What stands in shared spaces: the newest record of each author and key.

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row};

use super::SpaceTx;
use super::spaces::ItemRow;
use crate::error::Result;

/// Content of a record that was taken back.
pub const TAKEN_BACK: i64 = -1;

/// What the index keeps of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordEntry {
    /// Whose.
    pub author: [u8; 32],
    /// Which.
    pub key: Vec<u8>,
    /// Id of the item that says it.
    pub item: [u8; 32],
    /// Number of what it says, or [`TAKEN_BACK`].
    pub content: i64,
    /// When it was written, but no later than its item came; else it is when that came.
    pub at: Option<i64>,
    /// Author and key of what it is about.
    pub target: Option<Vec<u8>>,
}

/// A record as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRow {
    /// Whose.
    pub author: [u8; 32],
    /// Which.
    pub key: Vec<u8>,
    /// When it was written or came.
    pub at: i64,
    /// Item and signature, as they travel.
    pub signed: Vec<u8>,
    /// Id of the item.
    pub item: [u8; 32],
    /// The relay has not acknowledged it.
    pub outgoing: bool,
}

/// Which records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick<'a> {
    /// All of these contents, newest first, at most so many.
    Newest(&'a [i64], u32),
    /// The same, without those of these authors.
    NewestBut(&'a [i64], u32, &'a [[u8; 32]]),
    /// Of each author the newest of these contents, at most so many: nobody pushes out what another one said.
    Each(&'a [i64], u32),
    /// Those about something, by author and key together.
    About(&'a [Vec<u8>]),
    /// All of an author.
    Of(&'a [u8; 32]),
}

const FIELDS: &str = "SELECT record.author, record.key, record.at, item.signed, item.id,
    EXISTS (SELECT 1 FROM outgoing WHERE outgoing.item = item.n)";
const ALL: &str =
    "FROM record JOIN item ON item.n = record.item WHERE record.space = ?1 AND record.content >= 0";

impl SpaceTx<'_> {
    /// Keeps what stands for an author and key.
    pub fn index_record(&self, entry: &RecordEntry) -> Result<()> {
        let sql = "INSERT INTO record (space, author, key, item, content, at, target)
                   SELECT ?1, ?2, ?3, n, ?5, min(coalesce(?6, came_at), came_at), ?7 FROM item WHERE id = ?4
                   ON CONFLICT (space, author, key) DO UPDATE SET item = excluded.item, content = excluded.content,
                   at = excluded.at, target = excluded.target";
        let RecordEntry { author, key, item, content, at, target } = entry;
        self.conn.prepare_cached(sql)?.execute((self.space, author, key, item, content, at, target))?;
        Ok(())
    }

    /// Erases an item that its author replaced or took back, once the relay has it: the bytes are overwritten. What stays is
    /// the id of the item before it in its chain.
    pub fn erase_replaced(&self, n: i64, prev: &[u8], author: &[u8]) -> Result<()> {
        let under = "SELECT 1 FROM record WHERE record.space = ?1 AND record.key = item.key";
        let sql = format!(
            "UPDATE item SET signed = ?4, state = 5 WHERE space = ?1 AND n = ?2 AND kind = 2 AND state = 1
             AND EXISTS ({under} AND record.author = ?3) AND NOT EXISTS ({under} AND record.item = item.n)
             AND NOT EXISTS (SELECT 1 FROM outgoing WHERE outgoing.item = item.n)"
        );
        self.conn.prepare_cached(&sql)?.execute((self.space, n, author, prev))?;
        Ok(())
    }

    /// Row of the item that stands for an author and key, also one that takes it back.
    pub fn standing_item(&self, author: &[u8; 32], key: &[u8]) -> Result<Option<i64>> {
        let sql = "SELECT item FROM record WHERE space = ?1 AND author = ?2 AND key = ?3";
        let mut query = self.conn.prepare_cached(sql)?;
        Ok(query.query_row((self.space, author, key), |row| row.get(0)).optional()?)
    }

    /// Records that a writer signed and that were not erased, in the order of their chain.
    pub fn records_of_writer(&self, writer: &[u8; 16]) -> Result<Vec<ItemRow>> {
        self.items(
            "WHERE space = ?1 AND writer = ?2 AND kind = 2 AND state = 1 ORDER BY seq",
            (self.space, writer),
        )
    }

    /// Keys of records that count and stand under nobody's name.
    pub fn unnamed_records(&self) -> Result<Vec<Vec<u8>>> {
        let sql = "SELECT DISTINCT key FROM item WHERE space = ?1 AND kind = 2 AND state = 1
                   AND NOT EXISTS (SELECT 1 FROM record WHERE record.space = ?1 AND record.key = item.key AND record.item = item.n)";
        let mut query = self.conn.prepare_cached(sql)?;
        let keys = query.query_map((self.space,), |row| row.get(0))?;
        Ok(keys.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns the keys of the records of a device that count.
    pub fn keys_of_device(&self, device: &[u8; 32]) -> Result<Vec<Vec<u8>>> {
        let sql = "SELECT DISTINCT key FROM item WHERE space = ?1 AND kind = 2 AND state = 1 AND device = ?2";
        let mut query = self.conn.prepare_cached(sql)?;
        let keys = query.query_map((self.space, device), |row| row.get(0))?;
        Ok(keys.collect::<rusqlite::Result<_>>()?)
    }

    /// What stood under a key is found out again.
    pub fn forget_record(&self, key: &[u8]) -> Result<()> {
        let sql = "DELETE FROM record INDEXED BY record_by_key WHERE space = ?1 AND key = ?2";
        self.conn.prepare_cached(sql)?.execute((self.space, key))?;
        Ok(())
    }

    /// Records that stand.
    pub fn records(&self, pick: &Pick<'_>) -> Result<Vec<RecordRow>> {
        match pick {
            Pick::Newest(contents, limit) => self.records(&Pick::NewestBut(contents, *limit, &[])),
            Pick::NewestBut(contents, limit, but) => {
                // Picked by the index alone: joined with the items first, each whole one would go through the sorter.
                let picked = format!(
                    "SELECT author, key FROM record WHERE space = ?1 AND content IN ({}) AND author NOT IN ({})
                     ORDER BY at DESC, key LIMIT ?2",
                    marks(contents.len(), 3),
                    marks(but.len(), 3 + contents.len())
                );
                let but = but.iter().map(|author| Value::Blob(author.to_vec()));
                self.pick(&joined(&picked), numbers(*limit, contents).chain(but))
            }
            Pick::Each(contents, limit) => {
                let picked = format!(
                    "SELECT author, key FROM (SELECT author, key, row_number()
                     OVER (PARTITION BY author ORDER BY at DESC, key) AS place FROM record
                     WHERE space = ?1 AND content IN ({})) WHERE place <= ?2",
                    marks(contents.len(), 3)
                );
                self.pick(&joined(&picked), numbers(*limit, contents))
            }
            Pick::About(targets) => {
                let rest = format!(
                    "{FIELDS} {ALL} AND record.target IN ({}) ORDER BY record.at, record.key",
                    marks(targets.len(), 2)
                );
                self.pick(&rest, targets.iter().cloned().map(Value::Blob))
            }
            Pick::Of(author) => self.pick(
                &format!("{FIELDS} {ALL} AND record.author = ?2 ORDER BY record.at DESC"),
                [Value::Blob(author.to_vec())].into_iter(),
            ),
        }
    }

    /// One record, if it stands.
    pub fn record(&self, author: &[u8; 32], key: &[u8]) -> Result<Option<RecordRow>> {
        let values = [Value::Blob(author.to_vec()), Value::Blob(key.to_vec())];
        let found = self.pick(
            &format!("{FIELDS} {ALL} AND record.author = ?2 AND record.key = ?3"),
            values.into_iter(),
        )?;
        Ok(found.into_iter().next())
    }

    fn pick(&self, sql: &str, values: impl Iterator<Item = Value>) -> Result<Vec<RecordRow>> {
        let mut query = self.conn.prepare_cached(sql)?;
        let all = [Value::Blob(self.space.to_vec())].into_iter().chain(values);
        let rows = query.query_map(rusqlite::params_from_iter(all), record_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// When something of another device came last.
    pub fn heard_at(&self, own: &[u8; 32]) -> Result<Option<i64>> {
        let sql = "SELECT came_at FROM item WHERE space = ?1 AND device <> ?2 AND kind IN (1, 2, 12)
                   ORDER BY n DESC LIMIT 1";
        Ok(self.conn.prepare_cached(sql)?.query_row((self.space, own), |row| row.get(0)).optional()?)
    }

    /// When the item of an author's last record came.
    pub fn last_record_of(&self, author: &[u8; 32]) -> Result<Option<i64>> {
        let sql = "SELECT max(came_at) FROM record JOIN item ON n = record.item
                   WHERE record.space = ?1 AND author = ?2 AND n NOT IN (SELECT item FROM outgoing)";
        Ok(self.conn.prepare_cached(sql)?.query_row((self.space, author), |row| row.get(0))?)
    }

    /// When each author wrote last, beside its profile.
    pub fn last_written(&self) -> Result<Vec<([u8; 32], i64)>> {
        let sql = "SELECT author, max(at) FROM record WHERE space = ?1 AND content > 0 GROUP BY author";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map([self.space], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Takes a space with all its keys and items off this device.
    pub fn forget(&self) -> Result<()> {
        let of_items = "item IN (SELECT n FROM item WHERE space = ?1)";
        let of_epochs = "epoch IN (SELECT id FROM epoch WHERE space = ?1)";
        let steps = [
            "DELETE FROM record WHERE space = ?1".to_owned(),
            format!("DELETE FROM outgoing WHERE {of_items}"),
            format!("DELETE FROM question WHERE {of_items}"),
            "DELETE FROM item WHERE space = ?1".to_owned(),
            format!("DELETE FROM listed WHERE mailbox IN (SELECT id FROM mailbox WHERE {of_epochs})"),
            format!("DELETE FROM set_aside WHERE mailbox IN (SELECT id FROM mailbox WHERE {of_epochs})"),
            format!("DELETE FROM mailbox WHERE {of_epochs}"),
            "DELETE FROM epoch WHERE space = ?1".to_owned(),
        ];
        steps.iter().try_for_each(|sql| self.conn.execute(sql, [self.space]).map(drop))?;
        Ok(())
    }
}

/// Records by the authors and keys that were picked, newest first. The picked ones come first in the plan: a year of records
/// is not gone through for a few of them.
fn joined(picked: &str) -> String {
    format!(
        "{FIELDS} FROM ({picked}) AS picked
         CROSS JOIN record ON record.space = ?1 AND record.author = picked.author AND record.key = picked.key
         CROSS JOIN item ON item.n = record.item WHERE record.content >= 0 ORDER BY record.at DESC, record.key"
    )
}

/// A limit, and the contents that it is for.
fn numbers(limit: u32, contents: &[i64]) -> impl Iterator<Item = Value> {
    std::iter::once(limit.into()).chain(contents.iter().copied()).map(Value::Integer)
}

/// `count` placeholders from `?first` on.
fn marks(count: usize, first: usize) -> String {
    let all: Vec<String> = (first..first + count).map(|n| format!("?{n}")).collect();
    all.join(", ")
}

fn record_row(row: &Row<'_>) -> rusqlite::Result<RecordRow> {
    Ok(RecordRow {
        author: row.get(0)?,
        key: row.get(1)?,
        at: row.get(2)?,
        signed: row.get(3)?,
        item: row.get(4)?,
        outgoing: row.get(5)?,
    })
}
