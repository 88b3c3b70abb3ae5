//! What the members of a space keep together, read from the records that stand and written as one of one's own.

use super::records;
use crate::crdt::{DocId, Docs, read_board};
use crate::domain::board::Board;
use crate::error::Result;
use crate::space::consent::record_key;
use crate::space::members::Members;
use crate::space::record::{BoardValue, SharedMeeting, SharedResource, Slots, Standing};
use crate::store::SpaceTx;
use crate::store::records::Pick;
use crate::sync::keys;

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

/// Makes a value stand in its slot. True if anything changed. Errors: `space-ended`, `space-read-only`, `not-entitled`.
pub fn put(tx: &SpaceTx<'_>, members: &Members, value: BoardValue, now: i64) -> Result<bool> {
    super::may_write(tx, members)?;
    let standing = changes(tx, members)?;
    let key = record_key(&keys::space(tx), &format!("board/{}", value.slot()));
    let Some(content) = Slots::of(&standing).change(value) else { return Ok(false) };
    super::put(tx, members, key, content, now)?;
    Ok(true)
}

/// Puts `before` back, unless something else than `after` stands in its slot by now.
pub fn put_back(
    tx: &SpaceTx<'_>,
    members: &Members,
    (before, after): (&BoardValue, &BoardValue),
    now: i64,
) -> Result<()> {
    super::may_write(tx, members)?;
    if Slots::of(&changes(tx, members)?).value(&after.slot()) == Some(after) {
        put(tx, members, before.clone(), now)?;
    }
    Ok(())
}

/// Moves a board that an earlier version kept as a document to records; a slot that has one keeps it.
pub fn convert(tx: &SpaceTx<'_>, docs: &mut Docs, members: &Members, now: i64) -> Result<()> {
    let id = DocId::Board(tx.space);
    if !tx.has_document(&id.to_string())? || super::may_write(tx, members).is_err() {
        return Ok(());
    }
    let kept = read_board(docs.get(tx, id)?);
    let standing = changes(tx, members)?;
    let slots = Slots::of(&standing);
    for value in values(&kept).into_iter().filter(|value| slots.value(&value.slot()).is_none()) {
        put(tx, members, value, now)?;
    }
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
