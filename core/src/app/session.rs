use trellis_api_types::Id;

use super::device::Device;
use super::undo::{Undo, UndoLog};
use crate::crdt::{DocId, Docs, Edit, SharedSettings, read_settings, reindex};
use crate::error::{Error, Result};
use crate::platform::{DatabaseKey, Entropy};
use crate::space::SpaceId;
use crate::store::{SpaceTx, Store, Tx};
use crate::sync::Engine;
use crate::sync::keys::begin_opening;
use crate::sync::space_state::Known;
use crate::sync::{Ground, shared};

/// Setting that holds the writer id of this install; it is also the actor of its changes.
pub const WRITER: &str = "space.writer";
/// Setting that says which form the index of check-ins has.
const INDEX: &str = "index.version";
/// Raise it when the index is to be made again from the journals.
const INDEX_VERSION: &[u8] = b"1";

/// What is open while the app is unlocked.
pub struct Session {
    /// The encrypted database.
    pub store: Store,
    /// The documents in memory.
    pub docs: Docs,
    /// Exchange with the relay.
    pub exchange: Engine,
    pub(super) key: DatabaseKey,
    pub(super) undo: UndoLog,
    /// Places of the phrase that were asked for.
    pub(super) asked: Vec<u8>,
}

impl Session {
    /// Takes the open database over, and makes what is derived again if it is missing.
    pub(super) fn new(mut store: Store, key: DatabaseKey, entropy: &impl Entropy) -> Result<Self> {
        match store.tx(|tx| begin_opening(tx, entropy)) {
            Err(e) if !e.is_unwritable() => return Err(e),
            _ => {}
        }
        let writer = store.read(writer)?;
        let mut session = Self {
            store,
            docs: Docs::new(writer),
            exchange: Engine::default(),
            key,
            undo: UndoLog::default(),
            asked: Vec::new(),
        };
        session.index_if_missing()?;
        Ok(session)
    }

    /// Runs `work` in one transaction. If it fails, nothing of it stays, in memory neither.
    pub fn tx<T>(&mut self, work: impl FnOnce(&Tx<'_>, &mut Docs) -> Result<T>) -> Result<T> {
        let docs = &mut self.docs;
        let done = self.store.tx(|tx| work(tx, docs));
        if done.is_err() {
            self.docs.forget_all();
        }
        self.exchange.touch();
        done
    }

    /// Runs `work` on one view of a shared space, with what is known of it.
    pub fn look<T>(
        &mut self,
        space: &SpaceId,
        work: impl FnOnce(&SpaceTx<'_>, &mut Docs, &mut Known) -> Result<T>,
    ) -> Result<T> {
        let (docs, exchange) = (&mut self.docs, &mut self.exchange);
        self.store.read(|tx| {
            let here = &tx.within(space.0);
            work(here, docs, exchange.known(here)?)
        })
    }

    /// Runs `work` about one shared space in one transaction, with what is known of it.
    pub fn within<T>(
        &mut self,
        space: &SpaceId,
        work: impl FnOnce(&SpaceTx<'_>, &mut Docs, &mut Known) -> Result<T>,
    ) -> Result<T> {
        let (docs, exchange) = (&mut self.docs, &mut self.exchange);
        let done = self.store.tx(|tx| {
            let here = &tx.within(space.0);
            work(here, docs, exchange.known(here)?)
        });
        if done.is_err() {
            self.docs.forget_all();
            self.exchange.forget(space);
        }
        self.exchange.touch();
        done
    }

    /// The same, to say something: under keys that nobody has who lost their place. Error: `no-epoch`.
    pub fn speak<T>(
        &mut self,
        ground: &impl Ground,
        space: &SpaceId,
        work: impl FnOnce(&SpaceTx<'_>, &mut Docs, &mut Known) -> Result<T>,
    ) -> Result<T> {
        self.within(space, |tx, docs, known| {
            shared::ready(tx, ground, known, ground.now_ms())?;
            known.follow(tx)?;
            work(tx, docs, known)
        })
    }

    /// Runs `work` on one view of the database and the documents.
    pub fn read<T>(&mut self, work: impl FnOnce(&Tx<'_>, &mut Docs) -> Result<T>) -> Result<T> {
        let docs = &mut self.docs;
        self.store.read(|tx| work(tx, docs))
    }

    /// Goes on under another writer id: after a restore, or when another copy may be writing.
    pub fn set_writer(&mut self, writer: [u8; 16]) -> Result<()> {
        self.store.tx(|tx| tx.set_setting(WRITER, &writer))?;
        self.docs.set_writer(writer);
        Ok(())
    }

    /// Edits one document. Answers how to take it back, if anything changed.
    pub(super) fn edit(
        &mut self,
        entropy: &impl Entropy,
        id: DocId,
        work: impl FnOnce(&mut Edit<'_>) -> Result<()>,
    ) -> Result<Option<Id>> {
        let steps = self.tx(|tx, docs| docs.edit(tx, id, work))?;
        Ok(steps.map(|steps| self.undo.add(entropy, Undo::Document { id, steps, checkin: None })))
    }

    /// Settings shared by one's devices.
    pub fn shared_settings(&mut self) -> Result<SharedSettings> {
        self.read(|tx, docs| Ok(read_settings(docs.get(tx, DocId::Settings)?)))
    }

    /// Settings of this device.
    pub(super) fn device(&mut self) -> Result<Device> {
        self.read(|tx, _| Device::read(tx))
    }

    /// Where nothing can be written, lists stay as they are.
    fn index_if_missing(&mut self) -> Result<()> {
        if self.read(|tx, _| tx.setting(INDEX))?.as_deref() == Some(INDEX_VERSION) {
            return Ok(());
        }
        match self.index() {
            Err(e) if e.is_unwritable() => Ok(()),
            done => done,
        }
    }

    fn index(&mut self) -> Result<()> {
        self.tx(|tx, docs| {
            for name in tx.document_ids()? {
                if let Ok(id @ DocId::Journal(_)) = name.parse() {
                    reindex(tx, id, docs.get(tx, id)?)?;
                }
            }
            tx.set_setting(INDEX, INDEX_VERSION)
        })
    }
}

/// The writer id of this install.
pub(super) fn writer(tx: &Tx<'_>) -> Result<[u8; 16]> {
    let kept = tx.setting(WRITER)?.and_then(|kept| kept.try_into().ok());
    kept.ok_or_else(|| Error::new("database-damaged", "no writer id"))
}
