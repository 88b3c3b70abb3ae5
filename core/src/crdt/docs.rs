use std::collections::BTreeMap;

use super::doc::{Doc, LocalChange};
use super::edit::Edit;
use super::receive::Received;
use super::undo::UndoStep;
use super::{DocId, reindex};
use crate::error::Result;
use crate::store::Tx;

/// The documents in memory; the store is the truth, and what is not here is loaded from it.
///
/// Whoever changes documents in a transaction that then fails calls [`Docs::forget_all`].
pub struct Docs {
    writer: [u8; 16],
    open: BTreeMap<DocId, Doc>,
}

impl Docs {
    /// None loaded yet; changes are made as `writer`.
    pub fn new(writer: [u8; 16]) -> Self {
        Self { writer, open: BTreeMap::new() }
    }

    /// Changes from now on are made as `writer`.
    pub fn set_writer(&mut self, writer: [u8; 16]) {
        self.writer = writer;
        self.open.clear();
    }

    /// Writer id of the changes made here.
    pub fn writer(&self) -> [u8; 16] {
        self.writer
    }

    /// Drops what is in memory; the store is read again.
    pub fn forget_all(&mut self) {
        self.open.clear();
    }

    /// A document, loaded if need be.
    pub fn get(&mut self, tx: &Tx<'_>, id: DocId) -> Result<&mut Doc> {
        use std::collections::btree_map::Entry;
        match self.open.entry(id) {
            Entry::Occupied(held) => Ok(held.into_mut()),
            Entry::Vacant(free) => {
                Ok(free.insert(Doc::load(id, self.writer, &tx.document(&id.to_string())?)?))
            }
        }
    }

    /// Runs an edit; its change and the intent to exchange it go into `tx`. Answers how to take it back.
    pub fn edit(
        &mut self,
        tx: &Tx<'_>,
        id: DocId,
        work: impl FnOnce(&mut Edit<'_>) -> Result<()>,
    ) -> Result<Option<Vec<UndoStep>>> {
        let doc = self.get(tx, id)?;
        let change = doc.edit(work)?;
        keep(tx, id, doc, change)
    }

    /// Takes an edit back, except where somebody wrote since.
    pub fn take_back(&mut self, tx: &Tx<'_>, id: DocId, steps: &[UndoStep]) -> Result<()> {
        let doc = self.get(tx, id)?;
        let change = doc.take_back(steps)?;
        keep(tx, id, doc, change).map(drop)
    }

    /// Takes a document off this device.
    pub fn remove(&mut self, tx: &Tx<'_>, id: DocId) -> Result<()> {
        self.open.remove(&id);
        tx.remove_document(&id.to_string())
    }

    /// Takes in a batch of changes that a device signed, keeps the good ones and refreshes what is derived.
    pub fn receive(&mut self, tx: &Tx<'_>, id: DocId, by: &[u8; 32], batch: &[Vec<u8>]) -> Result<Received> {
        let doc = self.get(tx, id)?;
        let received = doc.receive(by, batch);
        let name = id.to_string();
        received.kept.iter().try_for_each(|(hash, bytes)| tx.add_change(&name, hash, bytes))?;
        received.waits.iter().try_for_each(|(hash, bytes)| tx.add_waiting(&name, hash, (by, bytes)))?;
        received.joined.iter().try_for_each(|hash| tx.change_joined(&name, hash))?;
        received.refused.iter().try_for_each(|hash| tx.drop_change(&name, hash))?;
        fold_if_due(tx, &name, doc)?;
        if matches!(id, DocId::Journal(_)) && received.has_changed() {
            reindex(tx, id, doc)?;
        }
        Ok(received)
    }
}

fn keep(tx: &Tx<'_>, id: DocId, doc: &mut Doc, change: Option<LocalChange>) -> Result<Option<Vec<UndoStep>>> {
    let Some(change) = change else { return Ok(None) };
    let name = id.to_string();
    tx.add_change(&name, &change.hash, &change.bytes)?;
    tx.add_intent(&name, &change.hash)?;
    fold_if_due(tx, &name, doc)?;
    Ok(Some(change.undo))
}

fn fold_if_due(tx: &Tx<'_>, name: &str, doc: &mut Doc) -> Result<()> {
    match doc.due_snapshot() {
        Some(snapshot) => tx.fold(name, &snapshot),
        None => Ok(()),
    }
}
