//! A space's day: what stands there, and what this person adds to it.

mod deeds;
mod entries;
mod help;
mod need;
mod said;
#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use trellis_api_types::Millis;
use trellis_api_types::circle::{Circle, CircleEdit, CircleGet, CircleSave, Entry, HelpCall};
use trellis_api_types::command::Saved;

use super::undo::{Kept, Said, Undo};
use super::{App, names};
use crate::crdt::{DocId, Docs, PeopleNotes, read_people};
use crate::domain::board::Board;
use crate::domain::{meetings, validate};
use crate::error::Result;
use crate::platform::Host;
use crate::space::members::Members;
use crate::space::record::{Slots, Standing};
use crate::space::{AccountId, SpaceId};
use crate::store::SpaceTx;
use crate::store::records::Pick;
use crate::sync::shared;
use crate::sync::shared::{board, records};

use deeds::{Deed, Desk};
pub use entries::what;
use view::View;

/// Most entries that are shown at once.
const MOST: u32 = 500;
/// Numbers of the contents that are entries: check-in, milestone, goal, post, step work, weekly update.
const ENTRIES: [i64; 6] = [1, 2, 3, 4, 11, 13];
/// Numbers of the other contents that are shown, and how many of each person at most: profile, answer, agreement, agreed
/// call, commitment. Nobody pushes out what others wrote.
const BESIDE: [(i64, u32); 5] = [(0, 1), (7, 20), (8, 10), (12, 20), (14, 30)];
/// Number of calls for help.
const HELP: i64 = 9;
/// Calls for help of each person: one who calls often does not push out the others.
const CALLS: Pick<'static> = Pick::Each(&[HELP], 10);

/// Now by the relay's clock, where that is known, and how far it is ahead of this device's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Now.
    pub now: Millis,
    /// Ahead of this device's clock.
    pub ahead: Millis,
}

/// What the space shows, with at most `limit` entries. Nothing of those who are blocked is in it.
fn circle(standing: &[Standing], view: &View<'_>, limit: usize) -> Circle {
    let all: Vec<&Standing> = standing.iter().filter(|one| !view.is_blocked(&one.author)).collect();
    let about = entries::about(&all);
    let mut entries = entries::entries(&all, &about, &view.me);
    let more = entries.len() > limit;
    entries.truncate(limit);
    Circle {
        help: help::calls(&all, &about, view),
        entries,
        more,
        quiet: view.quiet(&all),
        focus: view.focus(&all),
        commitments: view.commitments(&all),
        meetings: meetings::to_come(view.board.meetings.clone(), view.today, view.clock.now),
        resources: view.board.resources.clone(),
        agreement: view.agreement(&all),
        calls: view.calls(&all),
    }
}

impl<H: Host> App<H> {
    /// What a space shows. Error: `not-found`.
    pub fn circle_get(&mut self, CircleGet { space, limit }: CircleGet) -> Result<Circle> {
        let (today, clock) = (self.today(), self.clock()?);
        let session = self.session()?;
        let id = session.space(&space)?;
        session.look(&id, |tx, docs, known| {
            let members = known.members()?;
            let limit = limit.min(MOST);
            let shown = shown(tx, docs, members, limit)?;
            let notes = read_people(docs.get(tx, DocId::People)?);
            let view = View {
                me: shared::account(tx)?,
                state: &members.state(),
                board: &Slots::of(&board_of(tx, members, &notes)?).board(),
                notes: &notes,
                heard: &tx.last_written()?.into_iter().map(|(author, at)| (AccountId(author), at)).collect(),
                clock,
                today,
            };
            Ok(circle(&shown, &view, usize::try_from(limit).unwrap_or(0)))
        })
    }

    /// One change of what a space shows, and how to take it back; what is about help is not taken back. Errors: `not-found`, `not-entitled`, `space-ended`, `space-read-only`,
    /// `empty-text`, `too-long`, `bad-date`, `bad-id`, `no-helpers`.
    pub fn circle_save(&mut self, CircleSave { space, edit }: CircleSave) -> Result<Saved> {
        validate::circle(&edit)?;
        let id = self.session()?.space(&space)?;
        let undo = self.say(id, &edit)?;
        let (session, host) = self.parts()?;
        if is_urgent(&edit) {
            // What is about help waits for nothing.
            session.exchange.hurry(&mut session.store)?;
            return Ok(Saved::default());
        }
        Ok(Saved { undo: undo.map(|undo| session.undo.add(host, undo)) })
    }

    /// Does what the edit comes to in a space. Returns how to take it back, if anything changed.
    fn say(&mut self, id: SpaceId, edit: &CircleEdit) -> Result<Option<Undo>> {
        let (clock, now) = (self.clock()?, self.host.now_ms());
        let (session, host) = self.parts()?;
        session.speak(host, &id, |tx, docs, known| {
            let members = known.members()?;
            let notes = read_people(docs.get(tx, DocId::People)?);
            let changes = board_of(tx, members, &notes)?;
            let desk = Desk {
                me: shared::account(tx)?,
                space: id,
                state: &members.state(),
                slots: &Slots::of(&changes),
                notes: &notes,
                now: clock.now,
                find: &|author: &AccountId, key: &[u8]| records::one(tx, members, author, key),
            };
            perform(tx, members, &desk, desk.deed(edit)?, now)
        })
    }

    /// Now, by the clock that all members go by.
    pub(super) fn clock(&mut self) -> Result<Clock> {
        let (session, host) = self.parts()?;
        let now = session.exchange.shared_now(host);
        Ok(Clock { now, ahead: now - host.now_ms() })
    }
}

fn is_urgent(edit: &CircleEdit) -> bool {
    matches!(edit, CircleEdit::AskHelp { .. } | CircleEdit::AnswerHelp { .. } | CircleEdit::Okay { .. })
}

/// What stands and may be shown: one entry more than asked for, what is about them, and all beside. Those who are blocked
/// take nobody's place in it.
fn shown(tx: &SpaceTx<'_>, docs: &mut Docs, members: &Members, limit: u32) -> Result<Vec<Standing>> {
    let notes = read_people(docs.get(tx, DocId::People)?);
    let blocked: Vec<[u8; 32]> =
        notes.blocked().filter_map(|name| Some(names::account(name).ok()?.0)).collect();
    let given = records::consents(tx, members)?;
    let pick = |pick: &Pick<'_>| records::standing_by(tx, &given, pick);
    let mut shown = pick(&Pick::NewestBut(&ENTRIES, limit + 1, &blocked))?;
    for (number, most) in BESIDE {
        shown.extend(pick(&Pick::Each(&[number], most))?);
    }
    shown.extend(pick(&CALLS)?);
    let names: Vec<Vec<u8>> = shown.iter().map(|one| records::name(&one.author, &one.key)).collect();
    shown.extend(pick(&Pick::About(&names))?);
    Ok(shown)
}

/// Records as entries, newest first, with what is said to them.
pub fn with_answers(tx: &SpaceTx<'_>, members: &Members, records: Vec<Standing>) -> Result<Vec<Entry>> {
    let names: Vec<Vec<u8>> = records.iter().map(|one| records::name(&one.author, &one.key)).collect();
    let answers = records::standing(tx, members, &Pick::About(&names))?;
    let answers: Vec<&Standing> = answers.iter().collect();
    let records: Vec<&Standing> = records.iter().collect();
    Ok(entries::entries(&records, &entries::about(&answers), &shared::account(tx)?))
}

/// The changes of the board that stand, without those of somebody who is blocked: what stood before theirs is shown.
pub(super) fn board_of(tx: &SpaceTx<'_>, members: &Members, notes: &PeopleNotes) -> Result<Vec<Standing>> {
    let mut changes = board::changes(tx, members)?;
    changes.retain(|one| !notes.of(&one.author.to_string()).blocked);
    Ok(changes)
}

/// Does it. Returns how to take it back, if anything changed.
fn perform(
    tx: &SpaceTx<'_>,
    members: &Members,
    desk: &Desk<'_>,
    deed: Deed,
    now: Millis,
) -> Result<Option<Undo>> {
    match deed {
        Deed::Put(key, content) => Said::put(tx, members, key, Some(content), now).map(Some),
        Deed::TakeBack(key) => Said::put(tx, members, key, None, now).map(Some),
        Deed::Board(after) => {
            let before = desk.slots.value(&after.slot()).cloned().unwrap_or_else(|| after.cleared());
            let changed = board::put(tx, members, desk.slots, after.clone(), now)?;
            let space = SpaceId(tx.space);
            Ok(changed.then(|| Undo::Board(Box::new(Kept { space, before, after }))))
        }
        Deed::Nothing => Ok(None),
    }
}

/// Calls for help of the last day that this person made or is asked by; none of somebody who is blocked.
pub(super) fn help_calls(
    tx: &SpaceTx<'_>,
    docs: &mut Docs,
    members: &Members,
    clock: Clock,
    today: NaiveDate,
) -> Result<Vec<HelpCall>> {
    let mut standing = records::standing(tx, members, &CALLS)?;
    let names: Vec<Vec<u8>> = standing.iter().map(|one| records::name(&one.author, &one.key)).collect();
    standing.extend(records::standing(tx, members, &Pick::About(&names))?);
    let view = View {
        me: shared::account(tx)?,
        state: &members.state(),
        board: &Board::default(),
        notes: &read_people(docs.get(tx, DocId::People)?),
        heard: &BTreeMap::new(),
        clock,
        today,
    };
    let shown: Vec<&Standing> = standing.iter().filter(|one| !view.is_blocked(&one.author)).collect();
    Ok(help::calls(&shown, &entries::about(&shown), &view))
}

/// Who asks this person for help in a space now, and since when; nobody who is blocked.
pub fn asking(
    tx: &SpaceTx<'_>,
    members: &Members,
    notes: &PeopleNotes,
    clock: Clock,
) -> Result<Vec<(AccountId, Millis)>> {
    let calls = records::standing(tx, members, &CALLS)?;
    let names: Vec<Vec<u8>> = calls.iter().map(|one| records::name(&one.author, &one.key)).collect();
    let answers = records::standing(tx, members, &Pick::About(&names))?;
    Ok(help::asking(&calls, &answers, (&shared::account(tx)?, notes), clock))
}
