//! Items in the order they came, for what is read once and then followed.

use super::Tx;
use super::spaces::{ItemRow, ItemState};
use crate::error::Result;

impl Tx<'_> {
    /// Items of one kind that came after row `n`.
    pub fn items_of_kind_after(&self, kind: u16, n: i64) -> Result<Vec<ItemRow>> {
        self.items("WHERE kind = ?1 AND n > ?2 AND state <> 3 ORDER BY n", (kind, n))
    }

    /// Rows of one kind in one state.
    pub fn rows_of_kind(&self, kind: u16, state: ItemState) -> Result<Vec<i64>> {
        let mut query =
            self.conn.prepare_cached("SELECT n FROM item WHERE kind = ?1 AND state = ?2 ORDER BY n")?;
        Ok(query.query_map((kind, state as i64), |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    /// The oldest items after row `n`, at most `limit`.
    pub fn items_after(&self, n: i64, limit: u32) -> Result<Vec<ItemRow>> {
        self.items("WHERE n > ?1 ORDER BY n LIMIT ?2", (n, limit))
    }

    /// Row and id of every item that was accepted here.
    pub fn accepted_ids(&self) -> Result<Vec<(i64, [u8; 32])>> {
        let mut query =
            self.conn.prepare_cached("SELECT n, id FROM item WHERE state IN (1, 4) ORDER BY n")?;
        let rows = query.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
