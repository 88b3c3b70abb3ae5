//! Taking changes back: kept in memory until the app locks or quits.

use std::collections::VecDeque;

use trellis_api_types::Id;
use trellis_api_types::command::Undo as UndoArgs;
use trellis_api_types::settings::SettingsEdit;

use super::App;
use crate::crdt::{DocId, Docs, UndoStep, read_checkin, row_of};
use crate::error::{Error, Result};
use crate::platform::{Entropy, Host};
use crate::space::SpaceId;
use crate::space::record::{BoardValue, Content};
use crate::store::Tx;

/// Changes that can be taken back; older ones are forgotten.
const MOST: usize = 200;

/// How one change is taken back.
#[derive(Clone)]
pub enum Undo {
    /// Values of a document.
    Document { id: DocId, steps: Vec<UndoStep>, checkin: Option<Id> },
    /// A choice of this device.
    Device { before: SettingsEdit, after: SettingsEdit },
    /// What was said or taken back in a space.
    Said(Box<Said>),
    /// What the members of a space keep together.
    Board(Box<Kept>),
}

/// One change of a record of one's own.
#[derive(Clone)]
pub struct Said {
    /// The space.
    pub space: SpaceId,
    /// The record's key.
    pub key: Vec<u8>,
    /// What it said before; nothing if it was not there.
    pub before: Option<Content>,
    /// What it says since.
    pub after: Option<Content>,
}

/// One change of what the members of a space keep together.
#[derive(Clone)]
pub struct Kept {
    /// The space.
    pub space: SpaceId,
    /// What its slot held before.
    pub before: BoardValue,
    /// What it holds since.
    pub after: BoardValue,
}

/// What can be taken back, newest last.
#[derive(Default)]
pub struct UndoLog(VecDeque<(Id, Undo)>);

impl UndoLog {
    /// Remembers a change and names it.
    pub fn add(&mut self, entropy: &impl Entropy, undo: Undo) -> Id {
        let id = uuid::Builder::from_random_bytes(entropy.bytes()).into_uuid().to_string();
        self.0.push_back((id.clone(), undo));
        if self.0.len() > MOST {
            self.0.pop_front();
        }
        id
    }

    fn get(&self, id: &str) -> Result<Undo> {
        let found = self.0.iter().find(|(name, _)| name == id).map(|(_, undo)| undo.clone());
        found.ok_or_else(|| Error::new("not-found", "nothing to take back"))
    }
}

impl<H: Host> App<H> {
    /// Takes a change back, except where another change came since. A second time it does nothing.
    /// Error: `not-found`.
    pub fn undo(&mut self, UndoArgs { id }: UndoArgs) -> Result<()> {
        match self.session()?.undo.get(&id)? {
            Undo::Device { before, after } => self.undo_setting(before, &after),
            Undo::Said(said) => self.unsay(&said),
            Undo::Board(kept) => self.put_back(&kept),
            Undo::Document { id: DocId::Work, steps, .. } => {
                let clock = self.clock()?;
                let (session, host) = self.parts()?;
                session.change_work(host, clock, |tx, docs| docs.take_back(tx, DocId::Work, &steps))
            }
            Undo::Document { id, steps, checkin } => {
                self.session()?.tx(|tx, docs| take_back(tx, docs, id, &steps, checkin.as_deref()))?;
                self.document_changed(id);
                Ok(())
            }
        }
    }
}

fn take_back(
    tx: &Tx<'_>,
    docs: &mut Docs,
    id: DocId,
    steps: &[UndoStep],
    checkin: Option<&str>,
) -> Result<()> {
    docs.take_back(tx, id, steps)?;
    let Some(checkin) = checkin else { return Ok(()) };
    match read_checkin(docs.get(tx, id)?, checkin) {
        Some(checkin) => tx.index_checkin(&row_of(id, &checkin)),
        None => tx.unindex_checkin(checkin),
    }
}
