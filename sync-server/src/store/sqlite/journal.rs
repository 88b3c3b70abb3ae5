//! What came lately, as readers and the writer see it: rows of the two journals, and the mailboxes they belong to.
//!
//! The journals on disk say the same; this part is thrown away when the relay stops. Only the writer changes it, once
//! its transaction is durable.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use trellis_protocol::{EnvelopeId, MailboxId};

use super::rows::MailboxRow;
use crate::store::ROW;

/// Rows of a journal at which it is emptied.
pub(super) const FULL_ROWS: usize = 65_536;
/// Bytes of a journal at which it is emptied.
pub(super) const FULL_BYTES: usize = 32 * 1024 * 1024;
/// How finely it is told how full a journal is.
const PARTS: usize = 1024;

/// One envelope that lies in a journal.
#[derive(Clone)]
pub(super) struct Row {
    /// Its number in the journal's table.
    pub(super) n: i64,
    /// Its id.
    pub(super) id: EnvelopeId,
    /// The prefix hash up to it.
    pub(super) hash: [u8; 32],
    /// The envelope.
    pub(super) body: Arc<[u8]>,
}

/// One of the two journals, by place.
#[derive(Default)]
pub(super) struct Side {
    pub(super) rows: BTreeMap<i64, Row>,
    pub(super) bytes: usize,
}

impl Side {
    fn weight(&self) -> usize {
        self.rows.len() * ROW + self.bytes
    }
}

/// Both journals.
#[derive(Default)]
pub(super) struct Journal {
    sides: [Side; 2],
    active: usize,
    /// The weight of the sealed one when it was sealed, until its table is cleared.
    sealed: Option<usize>,
    mailboxes: HashMap<MailboxId, MailboxRow>,
    ids: HashMap<(i64, EnvelopeId), i64>,
}

/// What one transaction changes, kept until it is durable.
#[derive(Default)]
pub(super) struct Staged {
    pub(super) mailboxes: HashMap<MailboxId, MailboxRow>,
    pub(super) ids: HashMap<(i64, EnvelopeId), i64>,
    /// By place.
    pub(super) came: BTreeMap<i64, Row>,
    /// Places that lie in `envelope` now.
    pub(super) moved: HashSet<i64>,
    /// Mailboxes of which no row lies in a journal any more.
    pub(super) settled: HashSet<MailboxId>,
    /// Mailboxes that grew, and their newest place.
    pub(super) grew: Vec<(MailboxId, u64)>,
    /// Nothing is left of the journal that was not active.
    pub(super) emptied: bool,
}

impl Journal {
    /// The number of the journal that fills.
    pub(super) fn active(&self) -> usize {
        self.active
    }

    /// The journal that fills.
    pub(super) fn filling(&self) -> &Side {
        let [zero, one] = &self.sides;
        if self.active == 0 { zero } else { one }
    }

    /// The journal that is emptied.
    pub(super) fn sealed(&self) -> &Side {
        let [zero, one] = &self.sides;
        if self.active == 0 { one } else { zero }
    }

    /// Fills the other one from here on; this one is emptied, if anything lies in it.
    pub(super) fn swap(&mut self) {
        self.active = 1 - self.active;
        self.sealed = Some(self.sealed().weight()).filter(|weight| *weight > 0);
    }

    /// Nothing is left to be emptied.
    pub(super) fn is_sorted(&self) -> bool {
        self.sealed.is_none()
    }

    /// The one that fills is to be emptied.
    pub(super) fn is_full(&self) -> bool {
        self.filling().rows.len() >= FULL_ROWS || self.filling().bytes >= FULL_BYTES
    }

    /// How much weight of the sealed one should have been moved and is not, once so many rows and bytes more have come. All of
    /// it should be moved when the one that fills is two thirds full, by its rows or by its bytes.
    pub(super) fn behind(&self, rows: usize, bytes: usize) -> usize {
        let filling = self.filling();
        let full = (filling.rows.len() + rows) * PARTS / FULL_ROWS;
        let full = full.max((filling.bytes + bytes) * PARTS / FULL_BYTES);
        let whole = self.sealed.unwrap_or_default();
        let left = whole - whole * (full + full / 2).min(PARTS) / PARTS;
        self.sealed().weight().saturating_sub(left)
    }

    /// A mailbox that has rows here, as it stands with them.
    pub(super) fn mailbox(&self, id: &MailboxId) -> Option<&MailboxRow> {
        self.mailboxes.get(id)
    }

    /// The place of an envelope.
    pub(super) fn place_of(&self, mailbox: i64, id: &EnvelopeId) -> Option<i64> {
        self.ids.get(&(mailbox, *id)).copied()
    }

    /// Rows in a range of places, in their order. The emptying journal holds what came before.
    pub(super) fn rows(&self, places: std::ops::RangeInclusive<i64>) -> impl Iterator<Item = (&i64, &Row)> {
        // A cursor may name a place behind the last one there can be.
        let places = if places.is_empty() { 0..=0 } else { places };
        let (before, after) = (self.sealed(), self.filling());
        before.rows.range(places.clone()).chain(after.rows.range(places))
    }

    /// Takes in what a durable transaction changed.
    pub(super) fn absorb(&mut self, staged: Staged) {
        for (place, row) in staged.came {
            self.ids.insert((place >> super::rows::SEQ_BITS, row.id), place);
            let active = self.active;
            if let Some(side) = self.sides.get_mut(active) {
                side.bytes += row.body.len();
                side.rows.insert(place, row);
            }
        }
        staged.moved.iter().for_each(|place| self.forget(*place));
        self.mailboxes.extend(staged.mailboxes);
        for id in &staged.settled {
            self.mailboxes.remove(id);
        }
        if staged.emptied {
            self.sealed = None;
            self.forget_idle();
        }
    }

    fn forget(&mut self, place: i64) {
        for side in &mut self.sides {
            if let Some(row) = side.rows.remove(&place) {
                side.bytes = side.bytes.saturating_sub(row.body.len());
                let key = (place >> super::rows::SEQ_BITS, row.id);
                // It may have come again since, at another place.
                if self.ids.get(&key) == Some(&place) {
                    self.ids.remove(&key);
                }
            }
        }
    }

    /// Mailboxes of which nothing lies here are looked up in the database again.
    fn forget_idle(&mut self) {
        let here: HashSet<i64> = self
            .sides
            .iter()
            .flat_map(|side| side.rows.keys())
            .map(|place| place >> super::rows::SEQ_BITS)
            .collect();
        self.mailboxes.retain(|_, row| here.contains(&row.n));
    }
}
