//! What the members of a space keep together, read from the records that stand and written as one of one's own.

use crate::crdt::{DocId, Docs, read_board};
use crate::domain::board::Board;
use crate::error::Result;
use crate::space::consent::record_key;
use crate::space::members::Members;
use crate::space::record::{BoardValue, SharedMeeting, SharedResource, Slots, Standing};
use crate::store::SpaceTx;
use crate::store::records::Pick;
use crate::sync::epochs::rotation;
use crate::sync::keys;
use crate::sync::shared::records;

/// Number of the content among records.
const NUMBER: i64 = 15;
/// Changes of each account that are looked at: nobody's number pushes out what another one wrote.
const MOST: u32 = 600;

/// The changes of the board that stand.
pub fn changes(tx: &SpaceTx<'_>, members: &Members) -> Result<Vec<Standing>> {
    records::standing(tx, members, &Pick::Each(&[NUMBER], MOST))
}

/// The board.
pub fn read(tx: &SpaceTx<'_>, members: &Members) -> Result<Board> {
    Ok(Slots::of(&changes(tx, members)?).board())
}

/// Makes a value stand in its slot, over all that is there. True if it did not among those that are `shown`: nobody who is
/// hidden keeps anything from changing. Errors: `space-ended`, `space-read-only`, `not-entitled`.
pub fn put(
    tx: &SpaceTx<'_>,
    members: &Members,
    shown: &Slots<'_>,
    value: BoardValue,
    now: i64,
) -> Result<bool> {
    super::may_write(tx, members)?;
    if shown.stands(&value) {
        return Ok(false);
    }
    let key = record_key(&keys::space(tx), &format!("board/{}", value.slot()));
    super::put(tx, members, key, Slots::of(&changes(tx, members)?).change(value), now)?;
    Ok(true)
}

/// Puts `before` back, unless something else than `after` stands in its slot by now.
pub fn put_back(
    tx: &SpaceTx<'_>,
    members: &Members,
    shown: &Slots<'_>,
    (before, after): (&BoardValue, &BoardValue),
    now: i64,
) -> Result<()> {
    super::may_write(tx, members)?;
    if shown.value(&after.slot()) == Some(after) {
        put(tx, members, shown, before.clone(), now)?;
    }
    Ok(())
}

/// Moves a board that an earlier version kept as a document to records. Where somebody has moved it already, it is dropped:
/// what they took away must not come back.
pub fn convert(tx: &SpaceTx<'_>, docs: &mut Docs, members: &Members, now: i64) -> Result<()> {
    let id = DocId::Board(tx.space);
    let waits = super::may_write(tx, members).is_err() || rotation::is_stale(tx)?;
    if waits || !tx.has_document(&id.to_string())? {
        return Ok(());
    }
    let (kept, standing) = (read_board(docs.get(tx, id)?), changes(tx, members)?);
    let fits = |value: &BoardValue| standing.is_empty() && value.check().is_ok();
    let none = Slots::default();
    values(&kept)
        .into_iter()
        .filter(fits)
        .try_for_each(|value| put(tx, members, &none, value, now).map(drop))?;
    docs.remove(tx, id)
}

/// What fills the slots of a board. The order of things is kept.
fn values(board: &Board) -> Vec<BoardValue> {
    let mut values = vec![BoardValue::Agreement(board.agreement.clone())];
    values.extend(
        board.focus.iter().map(|(question, at)| BoardValue::Focus { question: question.clone(), at: *at }),
    );
    for (since, one) in (1..).zip(&board.meetings) {
        let meeting = Some(SharedMeeting::from(one));
        values.push(BoardValue::Meeting { id: one.id.clone(), since, meeting });
    }
    for (since, one) in (1..).zip(&board.resources) {
        let resource = Some(SharedResource::from(one));
        values.push(BoardValue::Resource { id: one.id.clone(), since, resource });
    }
    values.retain(BoardValue::holds);
    values
}
