//! What the writer does inside one transaction. Appends go to the journal that fills; all else to the rows that stay.

use std::collections::HashSet;
use std::ops::RangeFrom;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use rusqlite::{Connection, params};
use trellis_protocol::{EnvelopeId, ErrorCode, MailboxId};

use super::journal::{Journal, Row, Staged};
use super::moving::move_rows;
use super::rows::{self, LAST_SEQ, MailboxRow};
use crate::store::{Admission, Created, Done, MailboxLimits, NewEnvelope, Verdict, Work, owned_by};

/// Rows that a trim or delete looks at in one transaction, so that nobody's append waits for a large mailbox.
const SLICE: usize = 2000;
/// Bytes of envelopes that one of them drops at most: what is dropped is overwritten.
pub(super) const SLICE_BYTES: usize = 1024 * 1024;

/// One transaction, and what it changes in memory once it is durable.
pub(super) struct Pen<'a> {
    pub(super) db: &'a Connection,
    journal: &'a RwLock<Journal>,
    pub(super) staged: Staged,
}

impl<'a> Pen<'a> {
    pub(super) fn new(db: &'a Connection, journal: &'a RwLock<Journal>) -> Self {
        Self { db, journal, staged: Staged::default() }
    }

    pub(super) fn db(&self) -> &Connection {
        self.db
    }

    pub(super) fn journal(&self) -> RwLockReadGuard<'a, Journal> {
        self.journal.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, id: &MailboxId) -> rusqlite::Result<Option<MailboxRow>> {
        if let Some(row) = self.staged.mailboxes.get(id) {
            return Ok(Some(row.clone()));
        }
        if !self.staged.settled.contains(id)
            && let Some(row) = self.journal().mailbox(id)
        {
            return Ok(Some(row.clone()));
        }
        rows::find(self.db, id)
    }

    fn place_of(&self, mailbox: i64, id: &EnvelopeId) -> rusqlite::Result<Option<i64>> {
        let staged = self.staged.ids.get(&(mailbox, *id)).copied();
        let found = staged.or_else(|| self.journal().place_of(mailbox, id));
        match found.filter(|place| !self.staged.moved.contains(place)) {
            Some(place) => Ok(Some(place)),
            None => rows::place_of(self.db, mailbox, id),
        }
    }

    fn hash_at(&self, place: i64) -> rusqlite::Result<Option<[u8; 32]>> {
        if self.staged.moved.contains(&place) {
            return rows::hash_at(self.db, place);
        }
        let staged = self.staged.came.get(&place).map(|row| row.hash);
        let found = staged.or_else(|| self.journal().rows(place..=place).next().map(|(_, row)| row.hash));
        found.map_or_else(|| rows::hash_at(self.db, place), |hash| Ok(Some(hash)))
    }

    /// Appends for each work whose mailbox exists; entries stay empty.
    pub(super) fn append(
        &mut self,
        work: &[Work],
        limits: MailboxLimits,
    ) -> rusqlite::Result<Vec<Option<Done>>> {
        work.iter().map(|work| self.append_one(work, limits)).collect()
    }

    fn append_one(&mut self, work: &Work, limits: MailboxLimits) -> rusqlite::Result<Option<Done>> {
        let Some(mut row) = self.find(&work.mailbox)? else { return Ok(None) };
        let before = row.head;
        let one = |envelope| self.add(&mut row, envelope, limits);
        let appended = work.append.iter().map(one).collect::<rusqlite::Result<_>>()?;
        if row.head != before {
            self.staged.grew.push((work.mailbox, row.head.seq));
            self.staged.settled.remove(&work.mailbox);
            self.staged.mailboxes.insert(work.mailbox, row.clone());
        }
        let stands = work.cursor == before || row.stands(work.cursor, |place| self.hash_at(place))?;
        let (at, head) = (work.cursor, row.head);
        Ok(Some(Done { appended, stands, entries: Vec::new(), more: false, at, head }))
    }

    fn add(
        &mut self,
        row: &mut MailboxRow,
        new: &NewEnvelope,
        limits: MailboxLimits,
    ) -> rusqlite::Result<Verdict<u64>> {
        if let Some(place) = self.place_of(row.n, &new.id)? {
            return Ok(Ok(rows::seq_in(place)));
        }
        if !limits.admit(row.envelopes, row.bytes, new.bytes.len()) || row.head.seq >= LAST_SEQ {
            return Ok(Err(ErrorCode::MailboxFull));
        }
        let next = row.head.then(new.id);
        let place = row.place(next.seq);
        let n = self.write(place, new, &next.hash)?;
        let body: Arc<[u8]> = new.bytes.as_ref().into();
        self.staged.came.insert(place, Row { n, id: new.id, hash: next.hash, body });
        self.staged.ids.insert((row.n, new.id), place);
        row.head = next;
        row.envelopes += 1;
        row.bytes += new.bytes.len() as u64;
        Ok(Ok(next.seq))
    }

    fn write(&self, place: i64, new: &NewEnvelope, hash: &[u8; 32]) -> rusqlite::Result<i64> {
        let sql = match self.journal().active() {
            0 => "INSERT INTO journal_0 (place, id, hash, body) VALUES (?1, ?2, ?3, ?4)",
            _ => "INSERT INTO journal_1 (place, id, hash, body) VALUES (?1, ?2, ?3, ?4)",
        };
        self.db.prepare_cached(sql)?.insert(params![place, new.id.0, hash, new.bytes])
    }

    pub(super) fn create(
        &mut self,
        id: &MailboxId,
        owner: &[u8; 32],
        admission: Admission,
    ) -> rusqlite::Result<Verdict<Created>> {
        if let Some(row) = self.find(id)? {
            let same = owned_by(&row.owner, owner);
            return Ok(same.map(|()| Created::Already).map_err(|_| ErrorCode::Conflict));
        }
        if !rows::charge(self.db, admission)? {
            return Ok(Err(ErrorCode::CreationClosed));
        }
        rows::make(self.db, id, owner)?;
        Ok(Ok(Created::New))
    }

    /// Moves what the journals hold of a mailbox to where it stays, and returns its row. Errors: `not-found`, `forbidden`.
    /// It does so unmixed with others: a mailbox's row says up to where its envelopes were moved, and a trim that left some in
    /// the journals could not note its newest place, which must not be given to another envelope.
    fn settle(&mut self, id: &MailboxId, owner: &[u8; 32]) -> rusqlite::Result<Verdict<MailboxRow>> {
        let Some(row) = self.find(id)? else { return Ok(Err(ErrorCode::NotFound)) };
        if let Err(code) = owned_by(&row.owner, owner) {
            return Ok(Err(code));
        }
        let all = self.held(&row);
        if !all.is_empty() {
            rows::stamp(self.db, row.n)?;
        }
        for one in &all {
            let (place, held, _) = one;
            rows::insert(self.db, *place, &held.id, &held.hash, &held.body)?;
            self.leave(one)?;
        }
        row.save(self.db)?;
        self.staged.mailboxes.remove(id);
        self.staged.settled.insert(*id);
        Ok(Ok(row))
    }

    /// Moves the first of what the journals hold of a mailbox, where that is more than one transaction takes. Returns its first
    /// place then, for there is more to do.
    fn settle_some(&mut self, id: &MailboxId, owner: &[u8; 32]) -> rusqlite::Result<Option<i64>> {
        let own = |row: &MailboxRow| owned_by(&row.owner, owner).is_ok();
        let Some(row) = self.find(id)?.filter(own) else { return Ok(None) };
        let mut held = self.held(&row);
        let most = slice(&held);
        if held.len() <= most {
            return Ok(None);
        }
        held.truncate(most);
        move_rows(self.db, held.iter().map(|(place, row, _)| (*place, row)))?;
        held.iter().try_for_each(|one| self.leave(one))?;
        Ok(Some(row.place(0)))
    }

    /// Takes a row that was moved off its journal.
    fn leave(&mut self, (place, row, side): &(i64, Row, usize)) -> rusqlite::Result<()> {
        let sql = match side {
            0 => "DELETE FROM journal_0 WHERE n = ?1",
            _ => "DELETE FROM journal_1 WHERE n = ?1",
        };
        self.db.prepare_cached(sql)?.execute([row.n])?;
        self.staged.moved.insert(*place);
        Ok(())
    }

    /// What lies of a mailbox in the journals, each with the number of its journal.
    fn held(&self, row: &MailboxRow) -> Vec<(i64, Row, usize)> {
        let (journal, places) = (self.journal(), row.places());
        let active = journal.active();
        let own = |side: usize| move |(place, row): (&i64, &Row)| (*place, row.clone(), side);
        let sealed = journal.sealed().rows.range(places.clone()).map(own(1 - active));
        let filling = journal.filling().rows.range(places.clone()).map(own(active));
        let came = self.staged.came.range(places).map(own(active));
        let all = sealed.chain(filling).chain(came);
        all.filter(|(place, ..)| !self.staged.moved.contains(place)).collect()
    }

    /// Drops some of what lies at or below `before` and is not kept, from a place on. Returns where to go on.
    pub(super) fn trim(
        &mut self,
        (id, owner): (&MailboxId, &[u8; 32]),
        before: u64,
        keep: &HashSet<EnvelopeId>,
        from: Option<i64>,
    ) -> rusqlite::Result<Verdict<Option<i64>>> {
        if let Some(first) = self.settle_some(id, owner)? {
            return Ok(Ok(Some(from.unwrap_or(first))));
        }
        let mut row = match self.settle(id, owner)? {
            Ok(row) => row,
            Err(code) => return Ok(Err(code)),
        };
        // It was deleted and made again between two slices: nothing is left of what was to be dropped.
        if from.is_some_and(|from| !row.places().contains(&from)) {
            return Ok(Ok(None));
        }
        // The mark first: a reader that comes between two slices is told that there may be gaps.
        row.trimmed = row.mark(self.db, before)?;
        let next = self.drop_some(&mut row, from.unwrap_or_default().., before, keep)?;
        row.save(self.db)?;
        rows::stamp(self.db, row.n)?;
        Ok(Ok(next))
    }

    /// Drops envelopes of a mailbox from a place on and up to a sequence number, but for those that are kept. Returns where to go on, if
    /// there may be more.
    fn drop_some(
        &self,
        row: &mut MailboxRow,
        from: RangeFrom<i64>,
        before: u64,
        keep: &HashSet<EnvelopeId>,
    ) -> rusqlite::Result<Option<i64>> {
        let (old, mut dropped) = (self.older(from.start.max(row.place(0)), row.place(before))?, 0);
        for (place, bytes, _) in old.iter().filter(|(.., id)| !keep.contains(id)) {
            if dropped >= SLICE_BYTES as u64 {
                return Ok(Some(*place));
            }
            self.db.prepare_cached("DELETE FROM envelope WHERE place = ?1")?.execute([place])?;
            dropped += bytes;
            row.envelopes = row.envelopes.saturating_sub(1);
            row.bytes = row.bytes.saturating_sub(*bytes);
        }
        let last = old.last().filter(|_| old.len() >= SLICE);
        Ok(last.map(|(place, ..)| place.saturating_add(1)))
    }

    fn older(&self, from: i64, to: i64) -> rusqlite::Result<Vec<(i64, u64, EnvelopeId)>> {
        let sql = "SELECT place, length(body), id FROM envelope WHERE place BETWEEN ?1 AND ?2 ORDER BY place LIMIT ?3";
        let mut query = self.db.prepare_cached(sql)?;
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, EnvelopeId(row.get(2)?)));
        query.query_map(params![from, to, SLICE as i64], row)?.collect()
    }

    /// Drops some of a mailbox, in the end the mailbox itself. Returns whether something is left.
    pub(super) fn delete(&mut self, id: &MailboxId, owner: &[u8; 32]) -> rusqlite::Result<Verdict<bool>> {
        if self.settle_some(id, owner)?.is_some() {
            return Ok(Ok(true));
        }
        let mut row = match self.settle(id, owner)? {
            Ok(row) => row,
            Err(code) => return Ok(Err(code)),
        };
        let left = self.drop_some(&mut row, 0.., LAST_SEQ, &HashSet::new())?.is_some();
        if left {
            // What is left says that some is gone, should nobody come back to it.
            row.trimmed = row.head;
            row.save(self.db)?;
        } else {
            self.db.execute("DELETE FROM mailbox WHERE id = ?1", [id.0])?;
        }
        Ok(Ok(left))
    }
}

/// How many of these rows one transaction takes.
fn slice(held: &[(i64, Row, usize)]) -> usize {
    let sums = held.iter().scan(0, |sum, (_, row, _)| {
        *sum += row.body.len();
        Some(*sum)
    });
    sums.take(SLICE).take_while(|sum| *sum <= SLICE_BYTES).count().max(1)
}

#[cfg(test)]
pub(super) mod tests {
    use trellis_protocol::Cursor;

    use super::super::file;
    use super::*;
    use crate::store::Want;

    const OWNER: [u8; 32] = [1; 32];
    pub(crate) const LIMITS: MailboxLimits = MailboxLimits { envelopes: 100_000, bytes: 1 << 30 };

    fn mailbox(n: u8) -> MailboxId {
        MailboxId([n; 32])
    }

    pub(crate) fn work(n: u8, bodies: &[Vec<u8>]) -> Work {
        let append = bodies
            .iter()
            .map(|body| NewEnvelope { id: EnvelopeId::of(body), bytes: body.clone().into() })
            .collect();
        Work { mailbox: mailbox(n), cursor: Cursor::default(), append, want: Want::Nothing }
    }

    /// Runs one transaction as the writer does.
    pub(crate) fn write<T>(
        db: &Connection,
        journal: &RwLock<Journal>,
        act: impl FnOnce(&mut Pen<'_>) -> T,
    ) -> T {
        let tx = db.unchecked_transaction().unwrap();
        let mut pen = Pen::new(&tx, journal);
        let done = act(&mut pen);
        let staged = pen.staged;
        tx.commit().unwrap();
        journal.write().unwrap().absorb(staged);
        done
    }

    pub(crate) fn make(db: &Connection, journal: &RwLock<Journal>, n: u8) {
        let made = write(db, journal, |pen| pen.create(&mailbox(n), &OWNER, Admission::Open).unwrap());
        assert_eq!(made, Ok(Created::New));
    }

    pub(crate) fn append(
        db: &Connection,
        journal: &RwLock<Journal>,
        n: u8,
        bodies: &[Vec<u8>],
    ) -> Vec<Verdict<u64>> {
        let work = [work(n, bodies)];
        write(db, journal, |pen| pen.append(&work, LIMITS).unwrap()).remove(0).unwrap().appended
    }

    pub(crate) fn open() -> (tempfile::TempDir, Connection, RwLock<Journal>) {
        let folder = tempfile::tempdir().unwrap();
        let db = file::open(&folder.path().join("relay.db"), 0).unwrap();
        (folder, db, RwLock::default())
    }

    fn large(n: u8) -> Vec<Vec<u8>> {
        (0..20).map(|place| [&[n, place][..], &[7; 65_000]].concat()).collect()
    }

    #[test]
    fn a_trim_that_goes_on_after_its_mailbox_was_made_again_drops_nothing_of_anybody() {
        let (_folder, db, journal) = open();
        for n in 0..30 {
            make(&db, &journal, n);
            append(&db, &journal, n, &large(n));
            write(&db, &journal, |pen| pen.settle(&mailbox(n), &OWNER).unwrap().ok());
        }
        let mine = (&mailbox(0), &OWNER);
        let trim =
            |from| write(&db, &journal, |pen| pen.trim(mine, u64::MAX, &HashSet::new(), from).unwrap());
        let Ok(Some(next)) = trim(None) else { panic!("a slice is not all of it") };
        while write(&db, &journal, |pen| pen.delete(mine.0, mine.1).unwrap().unwrap()) {}
        make(&db, &journal, 0);
        db.execute("UPDATE mailbox SET n = 0x7ffffffe WHERE id = ?1", [mailbox(0).0]).unwrap();
        assert_eq!(trim(Some(next)), Ok(None));
        let left: i64 = db.query_row("SELECT count(*) FROM envelope", (), |row| row.get(0)).unwrap();
        assert_eq!(left, 29 * 20);
    }

    /// What the journals hold of a mailbox moves in slices as well, and a relay that is killed between two of them knows all.
    #[test]
    fn a_mailbox_that_just_came_is_trimmed_and_deleted_in_slices() {
        let (folder, db, journal) = open();
        make(&db, &journal, 1);
        let tiny: Vec<Vec<u8>> = (0..5_000_u32).map(|n| n.to_be_bytes().to_vec()).collect();
        append(&db, &journal, 1, &tiny);
        let mine = (&mailbox(1), &OWNER);
        let trim = |from| write(&db, &journal, |pen| pen.trim(mine, 10, &HashSet::new(), from).unwrap());
        let count = |db: &Connection, table: &str| -> usize {
            db.query_row(&format!("SELECT count(*) FROM {table}"), (), |row| row.get(0)).unwrap()
        };
        let first = trim(None).unwrap();
        assert_eq!((count(&db, "envelope"), count(&db, "journal_0")), (SLICE, 5_000 - SLICE));
        assert_eq!(append(&db, &journal, 1, &tiny[..1]), [Ok(1)], "it is known where it lies");
        assert_eq!(append(&db, &journal, 1, &[b"next".to_vec()]), [Ok(5_001)]);
        let copy = folder.path().join("copy.db");
        db.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
        let again = file::open(&copy, 0).unwrap();
        assert_eq!((count(&again, "envelope"), count(&again, "journal_0")), (5_001, 0));
        let mut from = first;
        while let Some(next) = from {
            from = trim(Some(next)).unwrap();
        }
        assert_eq!((count(&db, "envelope"), count(&db, "journal_0")), (5_001 - 10, 0));
        append(&db, &journal, 1, &tiny);
        while write(&db, &journal, |pen| pen.delete(mine.0, mine.1).unwrap().unwrap()) {}
        assert_eq!((count(&db, "envelope"), count(&db, "journal_0"), count(&db, "mailbox")), (0, 0, 0));
    }

    /// A transaction that holds much does not look through all of it for each cursor.
    #[test]
    fn a_cursor_into_what_one_transaction_holds_is_found_at_once() {
        let (_folder, db, journal) = open();
        let mut pen = Pen::new(&db, &journal);
        let row = |n| (n, Row { n, id: EnvelopeId([0; 32]), hash: [1; 32], body: [].into() });
        pen.staged.came.extend((0..30_000).map(row));
        let start = std::time::Instant::now();
        assert!((0..30_000).all(|place| pen.hash_at(place).unwrap() == Some([1; 32])));
        assert!(start.elapsed().as_secs() < 10);
    }

    #[test]
    fn what_is_trimmed_and_comes_again_in_one_transaction_is_known_and_moves() {
        let (_folder, db, journal) = open();
        let body = vec![vec![5; 600]];
        make(&db, &journal, 1);
        append(&db, &journal, 1, &body);
        let again = [work(1, &body)];
        write(&db, &journal, |pen| {
            pen.trim((&mailbox(1), &OWNER), u64::MAX, &HashSet::new(), None).unwrap().unwrap();
            pen.append(&again, LIMITS).unwrap();
        });
        let places = append(&db, &journal, 1, &body);
        assert_eq!(places, [Ok(2)], "it is recognised where it came again");
        journal.write().unwrap().swap();
        write(&db, &journal, |pen| pen.empty_some(usize::MAX).unwrap());
        let left: i64 = db.query_row("SELECT count(*) FROM envelope", (), |row| row.get(0)).unwrap();
        assert_eq!(left, 1);
    }
}
