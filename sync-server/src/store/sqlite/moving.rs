//! Moving rows of a journal to where they stay.

use rusqlite::Connection;

use super::journal::Row;
use super::rows;

/// Moves rows, sorted by place, to where they stay.
pub(super) fn move_rows<'r>(
    db: &Connection,
    rows: impl Iterator<Item = (i64, &'r Row)>,
) -> rusqlite::Result<()> {
    let mut open: Option<(i64, [u8; 32], u64, u64)> = None;
    for (place, row) in rows {
        // No row keeps the others from where they stay.
        if !rows::insert(db, place, &row.id, &row.hash, &row.body)? {
            continue;
        }
        let same = open.filter(|(last, ..)| rows::mailbox_in(*last) == rows::mailbox_in(place));
        if same.is_none() {
            note(db, open)?;
        }
        let (envelopes, bytes) = same.map_or((0, 0), |(_, _, envelopes, bytes)| (envelopes, bytes));
        open = Some((place, row.hash, envelopes + 1, bytes + row.body.len() as u64));
    }
    note(db, open)
}

fn note(db: &Connection, moved: Option<(i64, [u8; 32], u64, u64)>) -> rusqlite::Result<()> {
    let Some((place, hash, envelopes, bytes)) = moved else { return Ok(()) };
    rows::note_moved(db, (place, &hash), envelopes, bytes)
}
