//! Empties the journal that is sealed: its rows go, sorted by place, to where they stay; once all are there, its table is cleared.

use rusqlite::Connection;

use super::journal::Row;
use super::moving::move_rows;
use super::pen::Pen;
use crate::store::ROW;

/// Least weight that is cleared at once. What is cleared is overwritten.
const CLEAR: usize = 1024 * 1024;
/// How much more is cleared than comes: the other journal is two thirds full by then.
const FASTER: usize = 4;

impl Pen<'_> {
    /// Empties half as much again as came, by rows and by weight, and in any case as much as it takes for this journal to be empty
    /// before the other one is full.
    pub(super) fn keep_up(&mut self) -> rusqlite::Result<()> {
        let came = &self.staged.came;
        let (rows, bytes) = (came.len(), came.values().map(|row| row.body.len()).sum());
        let (weight, behind) = (rows * ROW + bytes, self.journal().behind(rows, bytes));
        self.move_some(rows + rows / 2, weight + weight / 2, behind)?;
        self.clear_some(weight * FASTER)
    }

    /// Empties about this weight.
    pub(super) fn empty_some(&mut self, weight: usize) -> rusqlite::Result<()> {
        self.move_some(usize::MAX, weight, 0)?;
        self.clear_some(weight)
    }

    fn move_some(&mut self, rows: usize, weight: usize, behind: usize) -> rusqlite::Result<()> {
        let some = self.next_rows(rows, weight, behind);
        move_rows(self.db, some.iter().map(|(place, row)| (*place, row)))?;
        self.staged.moved.extend(some.iter().map(|(place, _)| *place));
        Ok(())
    }

    /// Rows of a weight up to which they are behind, and on from there to the bounds on their number and weight; at least one, if there
    /// is one.
    fn next_rows(&self, rows: usize, weight: usize, behind: usize) -> Vec<(i64, Row)> {
        let (journal, mut count, mut sum) = (self.journal(), 0, 0);
        let left = journal.sealed().rows.iter().filter(|(place, _)| !self.staged.moved.contains(place));
        let some = left.take_while(|(_, row)| {
            let fits = count == 0 || sum < behind || count < rows && sum < weight;
            (count, sum) = (count + 1, sum + ROW + row.body.len());
            fits
        });
        some.map(|(place, row)| (*place, row.clone())).collect()
    }

    /// Clears some of the table, once all that lay in it is where it stays.
    fn clear_some(&mut self, weight: usize) -> rusqlite::Result<()> {
        let journal = self.journal();
        if journal.sealed().rows.keys().all(|place| self.staged.moved.contains(place)) {
            let sealed = 1 - journal.active();
            drop(journal);
            self.staged.emptied = clear(self.db, sealed, weight.max(CLEAR))?;
        }
        Ok(())
    }
}

/// Clears about this weight of a journal's table, the first rows first. Returns whether that was all.
fn clear(db: &Connection, side: usize, weight: usize) -> rusqlite::Result<bool> {
    let (list, delete) = match side {
        0 => ("SELECT n, length(body) FROM journal_0 ORDER BY n", "DELETE FROM journal_0 WHERE n <= ?1"),
        _ => ("SELECT n, length(body) FROM journal_1 ORDER BY n", "DELETE FROM journal_1 WHERE n <= ?1"),
    };
    let (mut query, mut last, mut sum) = (db.prepare_cached(list)?, 0, 0);
    let mut rows = query.query(())?;
    let is_all = loop {
        let Some(row) = rows.next()? else { break true };
        if sum >= weight {
            break false;
        }
        last = row.get::<_, i64>(0)?;
        sum += ROW + row.get::<_, usize>(1)?;
    };
    drop(rows);
    db.prepare_cached(delete)?.execute([last])?;
    Ok(is_all)
}

#[cfg(test)]
mod tests {
    use std::sync::RwLock;

    use super::super::file;
    use super::super::journal::Journal;
    use super::super::pen::tests::{LIMITS, append, make, open, work, write};
    use super::*;

    fn count(db: &Connection, table: &str) -> usize {
        db.query_row(&format!("SELECT count(*) FROM {table}"), (), |row| row.get(0)).unwrap()
    }

    fn bodies(from: u32, count: u32, len: usize) -> Vec<Vec<u8>> {
        (from..from + count).map(|n| [&n.to_be_bytes()[..], &vec![7; len]].concat()).collect()
    }

    /// A journal with these envelopes that is to be emptied.
    fn sealed(bodies: &[Vec<u8>]) -> (tempfile::TempDir, Connection, RwLock<Journal>) {
        let (folder, db, journal) = open();
        make(&db, &journal, 1);
        append(&db, &journal, 1, bodies);
        journal.write().unwrap().swap();
        (folder, db, journal)
    }

    /// One journal holds many tiny rows, then the other one fills with a few that are large; and the other way round.
    #[test]
    fn a_journal_is_empty_before_the_other_one_is_full_of_something_else() {
        for (first, group) in [((20_000, 0), (16, 65_000)), ((256, 65_000), (2_000, 0))] {
            let (_folder, db, journal) = sealed(&bodies(0, first.0, first.1));
            let mut most = 0;
            for n in 1.. {
                let (before, came) = (count(&db, "envelope"), [work(1, &bodies(n << 16, group.0, group.1))]);
                write(&db, &journal, |pen| {
                    pen.append(&came, LIMITS).unwrap();
                    pen.keep_up().unwrap();
                });
                most = most.max(count(&db, "envelope") - before);
                if journal.read().unwrap().is_sorted() {
                    break;
                }
                assert!(!journal.read().unwrap().is_full(), "{before} of {} are moved", first.0);
            }
            assert!(most < first.0 as usize / 5, "{most} of {} are moved at once", first.0);
        }
    }

    #[test]
    fn a_journal_is_cleared_in_slices_and_a_crash_between_them_changes_nothing() {
        let (folder, db, journal) = sealed(&bodies(0, 64, 65_000));
        write(&db, &journal, |pen| pen.move_some(usize::MAX, usize::MAX, 0).unwrap());
        let mut before = 64;
        while before > 30 {
            write(&db, &journal, |pen| pen.clear_some(0).unwrap());
            let left = count(&db, "journal_0");
            assert!(left < before && before - left < 20, "{before} rows, then {left}");
            before = left;
        }
        drop(db);
        let db = file::open(&folder.path().join("relay.db"), 0).unwrap();
        assert_eq!((count(&db, "envelope"), count(&db, "journal_0")), (64, 0));
        let noted: (u64, u64) = db
            .query_row("SELECT head, envelopes FROM mailbox", (), |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        assert_eq!(noted, (64, 64));
    }
}
