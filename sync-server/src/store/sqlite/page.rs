//! What readers do: check cursors and page through mailboxes.
//!
//! A reader looks at the journals first and at the database then: what moves meanwhile is seen twice, never not at all. Where
//! the journals hold a cursor's place they hold all that came after it, and the database is not asked.

use std::sync::{PoisonError, RwLock};

use rusqlite::{Connection, OptionalExtension, params};
use trellis_protocol::{Cursor, EnvelopeId, MailboxId};

use super::journal::{Journal, Row};
use super::rows::{self, MailboxRow};
use super::writer::State;
use crate::store::{Budget, Done, Entry, Want, Work};

/// Mailboxes of a call that is answered where it came, without a thread of its own.
const SHORT: usize = 8;

/// What the journals hold of one mailbox after a place.
#[derive(Default)]
pub(super) struct Recent {
    row: Option<MailboxRow>,
    rows: Vec<(i64, Row)>,
    /// Hash at the cursor's place, where that lies in a journal.
    hash: Option<[u8; 32]>,
    /// Nothing after the cursor lies anywhere else.
    whole: bool,
}

/// What the journals hold of what each work wants.
pub(super) fn recent(journal: &RwLock<Journal>, work: &[Work]) -> Vec<Recent> {
    let journal = journal.read().unwrap_or_else(PoisonError::into_inner);
    work.iter().map(|work| recent_of(&journal, work)).collect()
}

fn recent_of(journal: &Journal, work: &Work) -> Recent {
    let Some(row) = journal.mailbox(&work.mailbox) else { return Recent::default() };
    let most = match work.want {
        Want::Envelopes(most) | Want::Ids(most) => most as usize,
        Want::Nothing => 0,
    };
    // One more than wanted tells that more waits.
    let rows = journal.rows(row.after(work.cursor.seq)).take(most.saturating_add(1));
    let rows = rows.map(|(place, row)| (*place, row.clone())).collect();
    let at = row.place(work.cursor.seq);
    let hash = journal.rows(at..=at).next().map(|(_, row)| row.hash);
    // Rows of a mailbox are moved in their order, the earliest first.
    let whole = hash.is_some() || work.cursor == row.head;
    Recent { row: Some(row.clone()), rows, hash, whole }
}

/// Answers a short call from the journals alone, if they hold all of it: most calls follow a notice of what just came.
pub(super) fn from_journals(
    journal: &RwLock<Journal>,
    work: &[Work],
    budget: usize,
    state: &State,
) -> Option<Vec<Option<Done>>> {
    let recent = if work.len() <= SHORT { recent(journal, work) } else { Vec::new() };
    if recent.is_empty() || !recent.iter().all(|recent| recent.whole) {
        return None;
    }
    read(None, work, recent, Vec::new(), (budget, state)).ok()
}

/// The newest place of a mailbox by the journals.
pub(super) fn head(journal: &RwLock<Journal>, id: &MailboxId) -> Option<u64> {
    let journal = journal.read().unwrap_or_else(PoisonError::into_inner);
    journal.mailbox(id).map(|row| row.head.seq)
}

/// Reads what each work wants; `done` holds what the writer already did for it, or nothing at all. Without a database the
/// journals must hold all of it.
pub(super) fn read(
    db: Option<&Connection>,
    work: &[Work],
    recent: Vec<Recent>,
    done: Vec<Option<Done>>,
    (budget, state): (usize, &State),
) -> rusqlite::Result<Vec<Option<Done>>> {
    let mut budget = Budget::new(budget);
    let mut done = done.into_iter();
    let both = work.iter().zip(recent);
    let one = |(work, recent)| read_one(db, work, recent, done.next().flatten(), (&mut budget, state));
    both.map(one).collect()
}

fn read_one(
    db: Option<&Connection>,
    work: &Work,
    recent: Recent,
    done: Option<Done>,
    (budget, state): (&mut Budget, &State),
) -> rusqlite::Result<Option<Done>> {
    let found = db.map_or_else(|| Ok(recent.row.clone()), |db| rows::find(db, &work.mailbox))?;
    let Some(mut row) = found else { return Ok(None) };
    state.used(&row);
    // One that was deleted and made again in between has another number.
    let same = recent.row.as_ref().is_some_and(|newer| newer.n == row.n);
    let recent = if same { recent } else { Recent::default() };
    if let Some(newer) = recent.row.as_ref().filter(|newer| newer.head.seq > row.head.seq) {
        row.head = newer.head;
    }
    let stored = |place| db.map_or(Ok(None), |db| rows::hash_at(db, place));
    let hash_at = |place| recent.hash.map_or_else(|| stored(place), |hash| Ok(Some(hash)));
    let stands = row.stands(work.cursor, hash_at)?;
    let (most, bodies) = match work.want {
        Want::Envelopes(most) if stands => (most, true),
        Want::Ids(most) => (most, false),
        Want::Envelopes(_) | Want::Nothing => (0, false),
    };
    let (entries, reached, cut) = page(db, &row, &recent, work.cursor, (most, bodies), budget)?;
    let more = most > 0 && (cut || waits(db, &row, reached.seq)? || recent.waits(&row, reached.seq));
    let at = if most > 0 && !more { row.head } else { reached };
    let appended = done.map(|done| done.appended).unwrap_or_default();
    Ok(Some(Done { appended, stands, entries, more, at, head: row.head }))
}

impl Recent {
    fn waits(&self, row: &MailboxRow, seq: u64) -> bool {
        let after = row.place(seq);
        row.head.seq > seq && self.rows.iter().any(|(place, _)| *place > after)
    }
}

fn waits(db: Option<&Connection>, row: &MailboxRow, seq: u64) -> rusqlite::Result<bool> {
    let Some(db) = db.filter(|_| seq < row.head.seq) else { return Ok(false) };
    let after = row.after(seq);
    let mut query = db.prepare_cached("SELECT 1 FROM envelope WHERE place BETWEEN ?1 AND ?2 LIMIT 1")?;
    Ok(query.query_row([after.start(), after.end()], |_| Ok(())).optional()?.is_some())
}

/// Entries after a cursor, where the last one stands, and whether the budget cut them off.
fn page(
    db: Option<&Connection>,
    mailbox: &MailboxRow,
    recent: &Recent,
    from: Cursor,
    (most, bodies): (u32, bool),
    budget: &mut Budget,
) -> rusqlite::Result<(Vec<Entry>, Cursor, bool)> {
    let mut page = Page { entries: Vec::new(), at: from, cut: false, bodies, most: most as usize };
    if most == 0 {
        return Ok((page.entries, page.at, false));
    }
    if let Some(db) = db {
        page.fill(db, mailbox, budget)?;
    }
    // The database holds the beginning of what the journals held.
    let reached = mailbox.place(page.at.seq);
    for (place, row) in recent.rows.iter().filter(|(place, _)| *place > reached) {
        let body = bodies.then(|| row.body.to_vec());
        if page.cut || !page.take(*place, (row.id, row.hash), body, budget) {
            break;
        }
    }
    Ok((page.entries, page.at, page.cut))
}

struct Page {
    entries: Vec<Entry>,
    at: Cursor,
    cut: bool,
    bodies: bool,
    most: usize,
}

impl Page {
    /// Takes what the database holds.
    fn fill(&mut self, db: &Connection, mailbox: &MailboxRow, budget: &mut Budget) -> rusqlite::Result<()> {
        let sql = if self.bodies {
            "SELECT place, id, hash, body FROM envelope WHERE place BETWEEN ?1 AND ?2 ORDER BY place LIMIT ?3"
        } else {
            "SELECT place, id, hash, NULL FROM envelope WHERE place BETWEEN ?1 AND ?2 ORDER BY place LIMIT ?3"
        };
        let mut query = db.prepare_cached(sql)?;
        let after = mailbox.after(self.at.seq);
        let mut rows = query.query(params![after.start(), after.end(), self.most as i64])?;
        while let Some(row) = rows.next()? {
            let body: Option<Vec<u8>> = row.get(3)?;
            if !self.take(row.get(0)?, (EnvelopeId(row.get(1)?), row.get(2)?), body, budget) {
                break;
            }
        }
        Ok(())
    }

    /// Takes an entry, if there is room for it.
    fn take(
        &mut self,
        place: i64,
        (id, hash): (EnvelopeId, [u8; 32]),
        bytes: Option<Vec<u8>>,
        budget: &mut Budget,
    ) -> bool {
        let size = if self.bodies { bytes.as_ref().map_or(0, Vec::len) } else { 0 };
        if self.entries.len() >= self.most || !budget.take(size) {
            self.cut = true;
            return false;
        }
        self.at = Cursor { seq: rows::seq_in(place), hash };
        self.entries.push(Entry { seq: self.at.seq, id, bytes });
        true
    }
}
