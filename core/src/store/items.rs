//! Signed items: those of all spaces by their row, and those that one space has.

use rusqlite::{OptionalExtension, Row};
use trellis_protocol::ids::EnvelopeId;

use super::snapshots::Place;
use super::spaces::{ItemRow, ItemState};
use super::{SpaceTx, Tx};
use crate::error::Result;

const ITEM: &str =
    "SELECT n, id, epoch, envelope, device, writer, seq, lamport, kind, key, signed, state FROM item";

/// An item without what it says: its row, whose it is and how many bytes it takes.
pub struct Brief {
    /// Row.
    pub n: i64,
    /// Its id.
    pub id: [u8; 32],
    /// Device that signed it.
    pub device: [u8; 32],
    /// Bytes, signature included.
    pub size: u64,
}

impl Tx<'_> {
    /// Keeps an item that came at `now`. None if it is known.
    pub fn add_item(&self, item: &ItemRow, now: i64) -> Result<Option<i64>> {
        let sql = "INSERT OR IGNORE INTO item
                   (id, epoch, envelope, device, writer, seq, lamport, kind, key, signed, state, came_at, space)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, (SELECT space FROM epoch WHERE id = ?2))";
        let mut insert = self.conn.prepare_cached(sql)?;
        let (seq, lamport) = (item.seq as i64, item.lamport as i64);
        let row = rusqlite::params![
            item.id,
            item.epoch,
            item.envelope.0,
            item.device,
            item.writer,
            seq,
            lamport,
            item.kind,
            item.key,
            item.signed,
            item.state as i64,
            now
        ];
        Ok((insert.execute(row)? > 0).then(|| self.conn.last_insert_rowid()))
    }

    /// Whether an envelope of that id is kept, read or set aside.
    pub fn knows_envelope(&self, id: EnvelopeId) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM item WHERE envelope = ?1)
                   OR EXISTS (SELECT 1 FROM set_aside WHERE envelope = ?1)";
        Ok(self.conn.prepare_cached(sql)?.query_row([id.0], |row| row.get(0))?)
    }

    /// One item.
    pub fn item(&self, n: i64) -> Result<Option<ItemRow>> {
        Ok(self.items("WHERE n = ?1", [n])?.into_iter().next())
    }

    /// Notes whether an item counts.
    pub fn set_item_state(&self, n: i64, state: ItemState) -> Result<()> {
        self.conn.prepare_cached("UPDATE item SET state = ?2 WHERE n = ?1")?.execute((n, state as i64))?;
        Ok(())
    }

    /// How many items do not count yet or cannot be read.
    pub fn waiting_count(&self) -> Result<u32> {
        let sql = "SELECT (SELECT count(*) FROM item WHERE state IN (0, 2)) + (SELECT count(*) FROM item WHERE state = 4)";
        Ok(self.conn.prepare_cached(sql)?.query_row((), |row| row.get(0))?)
    }

    /// How many items are kept.
    pub fn item_count(&self) -> Result<u32> {
        Ok(self.conn.prepare_cached("SELECT count(*) FROM item")?.query_row((), |row| row.get(0))?)
    }

    pub(super) fn items(&self, rest: &str, params: impl rusqlite::Params) -> Result<Vec<ItemRow>> {
        let mut query = self.conn.prepare_cached(&format!("{ITEM} {rest}"))?;
        Ok(query.query_map(params, item_row)?.collect::<rusqlite::Result<_>>()?)
    }
}

/// An item that does not count so far.
pub struct Waiting {
    /// Row.
    pub n: i64,
    /// Item id.
    pub id: [u8; 32],
    /// Device that signed it.
    pub device: [u8; 32],
}

impl SpaceTx<'_> {
    /// Items not weighed yet, in the order they came.
    pub fn items_to_weigh(&self) -> Result<Vec<ItemRow>> {
        self.items("WHERE space = ?1 AND state = 0 ORDER BY n", [self.space])
    }

    /// Items that did not count so far, in the order they came. There may be many, by anybody.
    pub fn waiting_items(&self) -> Result<Vec<Waiting>> {
        let mut query = self
            .conn
            .prepare_cached("SELECT n, id, device FROM item WHERE space = ?1 AND state = 2 ORDER BY n")?;
        let waiting = |row: &Row<'_>| Ok(Waiting { n: row.get(0)?, id: row.get(1)?, device: row.get(2)? });
        Ok(query.query_map([self.space], waiting)?.collect::<rusqlite::Result<_>>()?)
    }

    /// Items of one kind, in the order they came.
    pub fn items_of_kind(&self, kind: u16) -> Result<Vec<ItemRow>> {
        self.items("WHERE space = ?1 AND kind = ?2 ORDER BY n", (self.space, kind))
    }

    /// Every item, in the order they came.
    #[cfg(test)]
    pub fn all_items(&self) -> Result<Vec<ItemRow>> {
        self.items("WHERE space = ?1 ORDER BY n", [self.space])
    }

    /// Items of one writer from `from` to `to`.
    pub fn items_between(&self, writer: &[u8; 16], from: u64, to: u64) -> Result<Vec<ItemRow>> {
        self.items(
            "WHERE space = ?1 AND writer = ?2 AND seq BETWEEN ?3 AND ?4",
            (self.space, writer, from as i64, to as i64),
        )
    }

    /// What lies at these places of a writer's chain and is not erased, without the items themselves.
    pub fn places_between(&self, writer: &[u8; 16], from: u64, to: u64, limit: u32) -> Result<Vec<Brief>> {
        let sql = "SELECT n, id, device, length(signed) FROM item
                   WHERE space = ?1 AND writer = ?2 AND seq BETWEEN ?3 AND ?4 AND state <> 5 ORDER BY seq, id LIMIT ?5";
        let place = |row: &Row<'_>| {
            let size = row.get::<_, i64>(3)? as u64;
            Ok(Brief { n: row.get(0)?, id: row.get(1)?, device: row.get(2)?, size })
        };
        let mut query = self.conn.prepare_cached(sql)?;
        let places = query.query_map((self.space, writer, from as i64, to as i64, limit), place)?;
        Ok(places.collect::<rusqlite::Result<_>>()?)
    }

    /// The item at one place of a writer's chain.
    pub fn item_at(&self, writer: &[u8; 16], seq: u64) -> Result<Option<ItemRow>> {
        let found =
            self.items("WHERE space = ?1 AND writer = ?2 AND seq = ?3", (self.space, writer, seq as i64))?;
        Ok(found.into_iter().next())
    }

    /// The last item of one writer.
    pub fn last_of_writer(&self, writer: &[u8; 16]) -> Result<Option<ItemRow>> {
        let found =
            self.items("WHERE space = ?1 AND writer = ?2 ORDER BY seq DESC LIMIT 1", (self.space, writer))?;
        Ok(found.into_iter().next())
    }

    /// The last place of a writer before the first one that the relay does not have, with its item.
    pub fn last_exchanged(&self, writer: &[u8; 16]) -> Result<Option<(u64, [u8; 32])>> {
        let sql = "SELECT seq, id FROM item WHERE space = ?1 AND writer = ?2 AND seq <
                   (SELECT coalesce(min(seq), 9223372036854775807) FROM item JOIN outgoing ON outgoing.item = item.n
                   WHERE space = ?1 AND writer = ?2) ORDER BY seq DESC LIMIT 1";
        let mut query = self.conn.prepare_cached(sql)?;
        let row = |row: &Row<'_>| Ok((row.get::<_, i64>(0)? as u64, row.get(1)?));
        Ok(query.query_row((self.space, writer), row).optional()?)
    }

    /// The last item of each writer that was accepted here.
    pub fn accepted_heads(&self) -> Result<Vec<ItemRow>> {
        let sql = "WHERE space = ?1 AND state IN (1, 4) AND seq = (SELECT max(seq) FROM item AS other
                   WHERE other.space = ?1 AND other.writer = item.writer AND other.state IN (1, 4))
                   GROUP BY writer ORDER BY writer";
        self.items(sql, [self.space])
    }

    /// The last item of each writer.
    pub fn writer_heads(&self) -> Result<Vec<ItemRow>> {
        let sql = "WHERE space = ?1 AND seq = (SELECT max(seq) FROM item AS other
                   WHERE other.space = ?1 AND other.writer = item.writer) GROUP BY writer ORDER BY writer";
        self.items(sql, [self.space])
    }

    /// Writers with a gap in their chain: the place before the gap, and the last place known.
    pub fn writer_gaps(&self) -> Result<Vec<([u8; 16], u64, u64)>> {
        let sql = "WITH here AS (SELECT writer, seq FROM item WHERE space = ?1),
                   known AS (SELECT writer, seq FROM covered WHERE space = ?1),
                   chain AS (SELECT writer, seq FROM here UNION SELECT writer, seq FROM known)
                   SELECT writer, min(seq), (SELECT max(seq) FROM here WHERE here.writer = chain.writer) FROM chain
                   WHERE NOT EXISTS (SELECT 1 FROM item WHERE item.space = ?1 AND item.writer = chain.writer
                   AND item.seq = chain.seq + 1)
                   AND seq >= (SELECT coalesce(max(seq), 0) FROM known WHERE known.writer = chain.writer)
                   GROUP BY writer";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map([self.space], |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)? as u64, row.get::<_, Option<i64>>(2)?.unwrap_or(0) as u64))
        })?;
        let all: Vec<([u8; 16], u64, u64)> = rows.collect::<rusqlite::Result<_>>()?;
        let mut gaps: Vec<_> = all.into_iter().filter(|(_, whole, last)| whole < last).collect();
        gaps.extend(self.headless()?);
        Ok(gaps)
    }

    /// Writers of whom not even the first item is here.
    fn headless(&self) -> Result<Vec<([u8; 16], u64, u64)>> {
        let sql = "SELECT writer, max(seq) FROM item WHERE space = ?1 GROUP BY writer HAVING min(seq) > 1 AND min(seq) >
                   1 + (SELECT coalesce(max(seq), 0) FROM covered
                   WHERE covered.space = ?1 AND covered.writer = item.writer)";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map([self.space], |row| Ok((row.get(0)?, 0, row.get::<_, i64>(1)? as u64)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// When something of a device came last, if anything did.
    pub fn seen_at(&self, device: &[u8; 32]) -> Result<Option<i64>> {
        let sql = "SELECT came_at FROM item WHERE space = ?1 AND device = ?2 ORDER BY n DESC LIMIT 1";
        Ok(self.conn.prepare_cached(sql)?.query_row((self.space, device), |row| row.get(0)).optional()?)
    }

    /// The newest item of one kind by a device.
    pub fn newest_of_kind(&self, device: &[u8; 32], kind: u16) -> Result<Option<ItemRow>> {
        // The plus keeps the plan from walking all items by their time.
        let rest = "WHERE space = ?1 AND device = ?2 AND kind = ?3 AND state = 1
                    ORDER BY +lamport DESC, id DESC LIMIT 1";
        Ok(self.items(rest, (self.space, device, kind))?.into_iter().next())
    }

    /// The last place of each writer that holds an item of this kind, without the writers of `except`.
    pub fn last_of_kind(&self, kind: u16, except: Option<&[u8; 32]>) -> Result<Vec<([u8; 16], u64)>> {
        let sql = "SELECT writer, max(seq) FROM item WHERE space = ?1 AND kind = ?2 AND state = 1
                   AND device IS NOT ?3 GROUP BY writer";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query
            .query_map((self.space, kind, except), |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How often a device asked about a writer's items, and when last.
    pub fn asked_about(&self, device: &[u8; 32], kind: u16, writer: &[u8; 16]) -> Result<(u32, i64)> {
        let sql = "SELECT count(*), coalesce(max(came_at), 0) FROM item
                   WHERE space = ?1 AND kind = ?3 AND device = ?2 AND key = ?4";
        let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        Ok(self.conn.prepare_cached(sql)?.query_row((self.space, device, kind, writer), row)?)
    }

    /// Whether a device has said anything in an epoch.
    pub fn has_written_in(&self, epoch: &[u8; 16], device: &[u8; 32]) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM item WHERE epoch = ?1 AND device = ?2 AND state IN (1, 5))";
        Ok(self.conn.prepare_cached(sql)?.query_row((epoch, device), |row| row.get(0))?)
    }

    /// The highest logical time of any item of one kind by these devices.
    pub fn lamport_of_kind(&self, kind: u16, devices: &[[u8; 32]]) -> Result<u64> {
        let sql = "SELECT coalesce(max(lamport), 0) FROM item WHERE space = ?1 AND kind = ?2 AND device = ?3
                   AND state IN (1, 4, 5)";
        let mut query = self.conn.prepare_cached(sql)?;
        let highest = |device: &[u8; 32]| {
            query
                .query_row((self.space, kind, device), |row| row.get::<_, i64>(0))
                .map(|lamport| lamport as u64)
        };
        let all = devices.iter().map(highest).collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(all.into_iter().max().unwrap_or(0))
    }

    /// The highest logical time of any item.
    pub fn lamport(&self) -> Result<u64> {
        let sql = "SELECT coalesce(max(lamport), 0) FROM item WHERE space = ?1";
        Ok(self.conn.prepare_cached(sql)?.query_row([self.space], |row| row.get::<_, i64>(0))? as u64)
    }

    /// Items of one kind that came after row `n`.
    pub fn items_of_kind_after(&self, kind: u16, n: i64) -> Result<Vec<ItemRow>> {
        self.items("WHERE space = ?1 AND kind = ?2 AND n > ?3 ORDER BY n", (self.space, kind, n))
    }

    /// Rows of one kind in one state.
    pub fn rows_of_kind(&self, kind: u16, state: ItemState) -> Result<Vec<i64>> {
        let mut query = self
            .conn
            .prepare_cached("SELECT n FROM item WHERE space = ?1 AND kind = ?2 AND state = ?3 ORDER BY n")?;
        Ok(query
            .query_map((self.space, kind, state as i64), |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?)
    }

    /// The oldest items after row `n`, at most `limit`.
    pub fn items_after(&self, n: i64, limit: u32) -> Result<Vec<ItemRow>> {
        self.items("WHERE space = ?1 AND n > ?2 ORDER BY n LIMIT ?3", (self.space, n, limit))
    }

    /// Row and id of every item that was accepted here.
    pub fn accepted_ids(&self) -> Result<Vec<(i64, [u8; 32])>> {
        let mut query = self
            .conn
            .prepare_cached("SELECT n, id FROM item WHERE space = ?1 AND state IN (1, 4) ORDER BY n")?;
        let rows = query.query_map([self.space], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How far snapshots stand for the items of each writer.
    pub fn all_covered(&self) -> Result<Vec<Place>> {
        self.places("SELECT writer, seq, id FROM covered WHERE space = ?1 AND id IS NOT NULL ORDER BY writer")
    }

    /// Every place of a chain whose item was accepted, in order; of two items at one place the lower one.
    pub fn accepted_places(&self) -> Result<Vec<Place>> {
        let sql =
            "SELECT writer, seq, min(id) FROM item WHERE space = ?1 AND state IN (1, 4) GROUP BY writer, seq
                   ORDER BY writer, seq";
        self.places(sql)
    }

    fn places(&self, sql: &str) -> Result<Vec<Place>> {
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query
            .query_map([self.space], |row| Ok((row.get(0)?, row.get::<_, i64>(1)? as u64, row.get(2)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many items of a space no snapshot stands for, and their bytes, without the kinds of `except`.
    pub fn loose(&self, except: [u16; 5]) -> Result<(u64, u64)> {
        let sql = "SELECT count(*), coalesce(sum(length(signed)), 0) FROM item
                   WHERE covered = 0 AND state IN (1, 4) AND kind NOT IN (?2, ?3, ?4, ?5, ?6)
                   AND space = ?1";
        let [a, b, c, d, e] = except;
        let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)? as u64, row.get::<_, i64>(1)? as u64));
        Ok(self.conn.prepare_cached(sql)?.query_row((self.space, a, b, c, d, e), row)?)
    }

    /// The newest row of items.
    pub fn last_item(&self) -> Result<i64> {
        Ok(self
            .conn
            .prepare_cached("SELECT coalesce(max(n), 0) FROM item WHERE space = ?1")?
            .query_row([self.space], |row| row.get(0))?)
    }

    /// The kinds of which there are items.
    pub fn item_kinds(&self) -> Result<Vec<u16>> {
        let mut query =
            self.conn.prepare_cached("SELECT DISTINCT kind FROM item WHERE space = ?1 ORDER BY kind")?;
        Ok(query.query_map([self.space], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    /// Items that count and that this version cannot read.
    pub fn unread_items(&self) -> Result<Vec<ItemRow>> {
        self.items("WHERE space = ?1 AND state = 4 ORDER BY n", [self.space])
    }

    /// Counting items of one kind about `key`.
    pub fn items_about(&self, kind: u16, key: &[u8]) -> Result<Vec<ItemRow>> {
        self.items(
            "WHERE space = ?1 AND kind = ?2 AND key = ?3 AND state IN (1, 4) ORDER BY n",
            (self.space, kind, key),
        )
    }

    /// A snapshot stands for a writer's items up to this place.
    pub fn set_covered(&self, place: &Place) -> Result<()> {
        let sql = "INSERT INTO covered (writer, seq, id, space) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (writer)
                   DO UPDATE SET seq = excluded.seq, id = excluded.id WHERE excluded.seq > seq";
        self.conn.prepare_cached(sql)?.execute((place.0, place.1 as i64, place.2, self.space))?;
        Ok(())
    }

    /// How far a snapshot stands for a writer's items.
    pub fn covered(&self, writer: &[u8; 16]) -> Result<u64> {
        let sql = "SELECT coalesce(max(seq), 0) FROM covered WHERE space = ?1 AND writer = ?2";
        Ok(self.conn.prepare_cached(sql)?.query_row((self.space, writer), |row| row.get::<_, i64>(0))? as u64)
    }
}

fn item_row(row: &Row<'_>) -> rusqlite::Result<ItemRow> {
    Ok(ItemRow {
        n: row.get(0)?,
        id: row.get(1)?,
        epoch: row.get(2)?,
        envelope: EnvelopeId(row.get(3)?),
        device: row.get(4)?,
        writer: row.get(5)?,
        seq: row.get::<_, i64>(6)? as u64,
        lamport: row.get::<_, i64>(7)? as u64,
        kind: row.get(8)?,
        key: row.get(9)?,
        signed: row.get(10)?,
        state: match row.get::<_, i64>(11)? {
            1 => ItemState::Counts,
            2 => ItemState::Waits,
            4 => ItemState::Unread,
            5 => ItemState::Erased,
            _ => ItemState::New,
        },
    })
}
