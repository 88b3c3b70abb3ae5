use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::transaction::CommitOptions;
use automerge::{ActorId, AutoCommit, Change, ChangeHash, LoadOptions, OnPartialLoad, VerificationMode};

use super::arrived::Arrived;
use super::edit::Edit;
use super::node::Node;
use super::undo::UndoStep;
use super::{DocId, chunk, genesis, saved};
use crate::error::{Error, Result};
use crate::store::documents::Saved;

/// Changes since the snapshot are folded into it once they are larger than it and than this, in bytes.
const FOLD_FROM: usize = 64 * 1024;

/// One document in memory.
#[derive(Clone)]
pub struct Doc {
    pub(super) am: AutoCommit,
    snapshot: usize,
    pub(super) loose: usize,
    /// Changes that build on others which are missing. Automerge would apply them untried, together with what they wait for.
    pub(super) waiting: Vec<Arrived>,
}

/// A change made here, ready to be kept and exchanged.
#[derive(Clone, Debug)]
pub struct LocalChange {
    /// Its hash.
    pub hash: [u8; 32],
    /// Uncompressed.
    pub bytes: Vec<u8>,
    /// How to take it back.
    pub undo: Vec<UndoStep>,
}

/// What a change says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeFacts {
    /// Its hash.
    pub hash: [u8; 32],
    /// Writer id of the device that made it.
    pub writer: Vec<u8>,
    /// Its number among that writer's changes of this document, from 1.
    pub seq: u64,
    /// Hashes of the changes it builds on.
    pub deps: Vec<[u8; 32]>,
}

/// Reads a change without applying it. Errors: `change-malformed`.
pub fn inspect(bytes: &[u8]) -> Result<ChangeFacts> {
    let change = parse(bytes)?;
    Ok(ChangeFacts {
        hash: change.hash().0,
        writer: change.actor_id().to_bytes().to_vec(),
        seq: change.seq(),
        deps: change.deps().iter().map(|dep| dep.0).collect(),
    })
}

/// Only plain change chunks (type 1) within their limits: Automerge walks whatever a chunk stands for.
pub(super) fn parse(bytes: &[u8]) -> Result<Change> {
    let malformed = |_| Error::new("change-malformed", "unreadable change");
    chunk::facts(bytes).map_err(|refusal| malformed(refusal.code()))?;
    guarded(|| Change::from_bytes(bytes.to_vec()).ok()).ok_or_else(|| malformed(""))
}

/// Runs Automerge on what another device made. It panics on some of what it cannot read; then there is nothing.
pub(super) fn guarded<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok().flatten()
}

/// The changes inside a document saved elsewhere, uncompressed. Error: `document-damaged`.
pub fn changes_in(saved: &[u8]) -> Result<Vec<Vec<u8>>> {
    let damaged = || Error::new("document-damaged", "unreadable snapshot");
    saved::check(saved).map_err(|_| damaged())?;
    let all = guarded(|| Some(load(saved, VerificationMode::Check)?.get_changes(&[]))).ok_or_else(damaged)?;
    let own = all.iter().filter(|change| change.actor_id().to_bytes() != genesis::ACTOR);
    Ok(own.map(|change| change.raw_bytes().to_vec()).collect())
}

impl Doc {
    /// The document from what was saved, written to as `writer`. Error: `document-damaged`.
    pub fn load(id: DocId, writer: [u8; 16], saved: &Saved) -> Result<Self> {
        let mut am = match &saved.snapshot {
            Some(bytes) => load_snapshot(bytes)?,
            None => genesis::document(id)?,
        };
        let changes: Vec<Change> = saved.changes.iter().map(|bytes| parse(bytes)).collect::<Result<_>>()?;
        am.apply_changes(changes).map_err(|_| Error::new("document-damaged", id))?;
        am.set_actor(ActorId::from(writer));
        let snapshot = saved.snapshot.as_ref().map_or(0, Vec::len);
        let loose = saved.changes.iter().map(Vec::len).sum();
        let waiting = saved.waiting.iter().map(|(by, bytes)| Ok(Arrived::waited(*by, parse(bytes)?)));
        Ok(Self { am, snapshot, loose, waiting: waiting.collect::<Result<_>>()? })
    }

    /// The document for reading.
    pub fn root(&self) -> Node<'_> {
        Node::root(&self.am)
    }

    /// Runs an edit as one change; none if it wrote nothing. On an error nothing of it stays.
    pub fn edit(&mut self, work: impl FnOnce(&mut Edit<'_>) -> Result<()>) -> Result<Option<LocalChange>> {
        let mut edit = Edit::new(&mut self.am);
        let done = work(&mut edit);
        let undo = edit.finish();
        match (done, undo) {
            (Ok(()), Some(undo)) => self.commit(undo).map(Some),
            (done, _) => {
                self.am.rollback();
                done.map(|()| None)
            }
        }
    }

    /// Takes an edit back, except where somebody wrote since.
    pub fn take_back(&mut self, steps: &[UndoStep]) -> Result<Option<LocalChange>> {
        self.edit(|edit| edit.take_back(steps))
    }

    fn commit(&mut self, undo: Vec<UndoStep>) -> Result<LocalChange> {
        self.am.commit_with(CommitOptions::default().with_time(0));
        let change = self.am.get_last_local_change();
        let change = change.ok_or_else(|| Error::new("document-refused", "no change was made"))?;
        let bytes = change.raw_bytes().to_vec();
        self.loose += bytes.len();
        Ok(LocalChange { hash: change.hash().0, bytes, undo })
    }

    /// The whole document, if it is time to fold the changes into a snapshot.
    pub fn due_snapshot(&mut self) -> Option<Vec<u8>> {
        (self.loose > FOLD_FROM.max(self.snapshot)).then(|| self.snapshot())
    }

    /// The whole document as bytes, without what waits for missing changes.
    pub fn snapshot(&mut self) -> Vec<u8> {
        let bytes = self.am.save();
        (self.snapshot, self.loose) = (bytes.len(), 0);
        bytes
    }

    /// Whether changes are here that wait for others which are missing.
    pub fn waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether a change is part of the document.
    pub fn has(&mut self, hash: &[u8; 32]) -> bool {
        self.am.get_change_meta_by_hash(&ChangeHash(*hash)).is_some()
    }

    /// Every change of the document except the genesis, in an order in which they can be applied.
    pub fn changes(&mut self) -> Vec<([u8; 32], Vec<u8>)> {
        let all = self.am.get_changes(&[]);
        let own = all.iter().filter(|change| change.actor_id().to_bytes() != genesis::ACTOR);
        own.map(|change| (change.hash().0, change.raw_bytes().to_vec())).collect()
    }
}

/// The database already authenticates every page, so the heads need not be compared.
fn load_snapshot(bytes: &[u8]) -> Result<AutoCommit> {
    load(bytes, VerificationMode::DontCheck)
        .ok_or_else(|| Error::new("document-damaged", "unreadable snapshot"))
}

pub(super) fn load(saved: &[u8], heads: VerificationMode) -> Option<AutoCommit> {
    let options = LoadOptions::new().on_partial_load(OnPartialLoad::Error).verification_mode(heads);
    AutoCommit::load_with_options(saved, options).ok()
}
