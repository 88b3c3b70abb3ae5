//! Step work. It stays on the person's devices, except an answer that was shared: then the space holds it too, and it follows.

use std::collections::{BTreeMap, BTreeSet};

use trellis_api_types::command::Saved;
use trellis_api_types::work::{WorkEdit, WorkGet, WorkSave, Worksheet};
use trellis_api_types::{Id, Millis};

use super::circle::Clock;
use super::undo::Undo;
use super::{App, Session};
use crate::crdt::{DocId, Docs, read_work, write_work};
use crate::domain::validate;
use crate::error::{Error, Result};
use crate::platform::Host;
use crate::space::SpaceId;
use crate::space::consent::record_key;
use crate::space::record::Content;
use crate::store::Tx;
use crate::sync::Engine;
use crate::sync::{Ground, shared};

/// Words of shared answers (worksheet, question, answer), by space and answer.
type Shared = BTreeMap<(Id, Id), [String; 3]>;

impl<H: Host> App<H> {
    /// All worksheets.
    pub fn work_get(&mut self, WorkGet {}: WorkGet) -> Result<Vec<Worksheet>> {
        self.session()?.read(|tx, docs| Ok(read_work(docs.get(tx, DocId::Work)?)))
    }

    /// One change. Errors: `not-found`, `empty-text`, `too-long`, `bad-id`; when sharing `space-ended`,
    /// `space-read-only`, `not-entitled`.
    pub fn work_save(&mut self, WorkSave { edit }: WorkSave) -> Result<Saved> {
        validate::work(&edit)?;
        let clock = self.clock()?;
        let (session, host) = self.parts()?;
        if let WorkEdit::Share { sheet, id, space, on: true } = &edit {
            session.may_share(space, (sheet, id))?;
        }
        let change =
            |tx: &Tx<'_>, docs: &mut Docs| docs.edit(tx, DocId::Work, |change| write_work(change, &edit));
        let steps = session.change_work(host, clock, change)?;
        let undo = |steps| Undo::Document { id: DocId::Work, steps, checkin: None };
        Ok(Saved { undo: steps.map(|steps| session.undo.add(host, undo(steps))) })
    }
}

impl Session {
    /// Changes the step work; what is shared of it follows in the same transaction.
    pub(super) fn change_work<T>(
        &mut self,
        ground: &impl Ground,
        clock: Clock,
        work: impl FnOnce(&Tx<'_>, &mut Docs) -> Result<T>,
    ) -> Result<T> {
        let (docs, exchange) = (&mut self.docs, &mut self.exchange);
        let done = self.store.tx(|tx| {
            let before = shared_answers(tx, docs)?;
            let done = work(tx, docs)?;
            let after = shared_answers(tx, docs)?;
            follow(tx, docs, exchange, ground, (&before, &after), clock)?;
            Ok(done)
        });
        if done.is_err() {
            self.docs.forget_all();
            let spaces = self.store.read(shared::list)?;
            spaces.iter().for_each(|space| self.exchange.forget(space));
        }
        self.exchange.touch();
        done
    }

    /// An answer that says something, and a space that still takes it.
    fn may_share(&mut self, space: &str, (sheet, id): (&str, &str)) -> Result<()> {
        let space = self.space(space)?;
        self.look(&space, |tx, docs, known| {
            let sheets = read_work(docs.get(tx, DocId::Work)?);
            let sheet = sheets.iter().find(|one| one.id == sheet);
            let answer = sheet.and_then(|sheet| sheet.answers.iter().find(|one| one.id == id));
            let answer = answer.ok_or_else(|| Error::new("not-found", "no such answer"))?;
            if answer.text.trim().is_empty() {
                return Err(Error::new("empty-text", "words are needed"));
            }
            shared::may_write(tx, known.members()?)
        })
    }
}

fn shared_answers(tx: &Tx<'_>, docs: &mut Docs) -> Result<Shared> {
    let mut shared = Shared::new();
    for sheet in read_work(docs.get(tx, DocId::Work)?) {
        for answer in sheet.answers {
            let words = [sheet.title.clone(), answer.question, answer.text];
            let spaces = answer.shared.into_iter().map(|space| (space, answer.id.clone()));
            shared.extend(spaces.map(|name| (name, words.clone())));
        }
    }
    Ok(shared)
}

/// Brings spaces from what was shared to what is. One that takes nothing any more stays as it is.
fn follow(
    tx: &Tx<'_>,
    docs: &mut Docs,
    exchange: &mut Engine,
    ground: &impl Ground,
    (before, after): (&Shared, &Shared),
    clock: Clock,
) -> Result<()> {
    let all: BTreeSet<&(Id, Id)> = before.keys().chain(after.keys()).collect();
    let changed: Vec<_> = all.into_iter().filter(|name| before.get(*name) != after.get(*name)).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let spaces: BTreeMap<Id, SpaceId> =
        shared::list(tx)?.into_iter().map(|space| (space.to_string(), space)).collect();
    for name in changed {
        if let Some(space) = spaces.get(&name.0) {
            shared::ready(
                &tx.within(space.0),
                ground,
                exchange.known(&tx.within(space.0))?,
                ground.now_ms(),
            )?;
            publish(tx, docs, exchange, space, (&name.1, after.get(name)), clock)?;
        }
    }
    Ok(())
}

fn publish(
    tx: &Tx<'_>,
    docs: &mut Docs,
    exchange: &mut Engine,
    space: &SpaceId,
    (answer, words): (&str, Option<&[String; 3]>),
    clock: Clock,
) -> Result<()> {
    let here = &tx.within(space.0);
    let members = exchange.known(here)?.members()?;
    if shared::may_write(here, members).is_err() {
        return Ok(());
    }
    let (key, came_at) = (record_key(space, answer), clock.now - clock.ahead);
    match words {
        Some(_) if shared::sharing::is_silent(here, docs, members)? => Ok(()),
        Some(words) => shared::put(here, members, key, step_work(words, clock.now), came_at),
        None => shared::take_back(here, members, key, came_at),
    }
}

fn step_work([worksheet, question, text]: &[String; 3], at: Millis) -> Content {
    let (worksheet, question, text) = (worksheet.clone(), question.clone(), text.clone());
    Content::StepWork { worksheet, question, text, at: Some(at) }
}
