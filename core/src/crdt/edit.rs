use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};

use super::field::Field;
use super::node::{LIFE, Node, map_at};
use super::refused;
use super::undo::UndoStep;
use crate::error::{Error, Result};

/// A thing being edited: its map and whether this edit made it.
#[derive(Clone, Debug)]
pub struct Thing {
    obj: ObjId,
    fresh: bool,
}

impl Thing {
    /// Made by this edit.
    pub fn fresh(&self) -> bool {
        self.fresh
    }
}

/// One edit of a document: writes only what differs, and notes how to take it back.
pub struct Edit<'a> {
    am: &'a mut AutoCommit,
    undo: Vec<UndoStep>,
    wrote: bool,
}

impl<'a> Edit<'a> {
    pub(super) fn new(am: &'a mut AutoCommit) -> Self {
        Self { am, undo: Vec::new(), wrote: false }
    }

    /// How to take it back; none if nothing was written.
    pub(super) fn finish(self) -> Option<Vec<UndoStep>> {
        self.wrote.then_some(self.undo)
    }

    /// Whether anything was written so far.
    pub fn wrote(&self) -> bool {
        self.wrote
    }

    /// A thing as it stands within this edit.
    pub fn at(&self, thing: &Thing) -> Node<'_> {
        Node::at(self.am, &thing.obj)
    }

    /// The document itself as a thing, for values at its root.
    pub fn root(&self) -> Thing {
        Thing { obj: ROOT, fresh: false }
    }

    /// The thing of that id in a collection, gone or not. Error: `not-found`.
    pub fn find(&self, parent: &Thing, collection: &str, id: &str) -> Result<Thing> {
        map_at(self.am, &parent.obj, collection)
            .and_then(|all| map_at(self.am, &all, id))
            .map(|obj| Thing { obj, fresh: false })
            .ok_or_else(|| Error::new("not-found", "no such thing"))
    }

    /// As [`Self::find`], but not if it was taken away.
    pub fn find_present(&self, parent: &Thing, collection: &str, id: &str) -> Result<Thing> {
        let thing = self.find(parent, collection, id)?;
        if self.at(&thing).present() { Ok(thing) } else { Err(Error::new("not-found", "taken away")) }
    }

    /// A map of that name, whose values are written one by one. Error: `not-found`.
    pub fn part(&self, parent: &Thing, name: &str) -> Result<Thing> {
        map_at(self.am, &parent.obj, name)
            .map(|obj| Thing { obj, fresh: false })
            .ok_or_else(|| Error::new("not-found", "no such map"))
    }

    /// The thing of that id, made with these collections if it was never there.
    pub fn find_or_make(
        &mut self,
        parent: &Thing,
        collection: &str,
        id: &str,
        inner: &[&str],
    ) -> Result<Thing> {
        if let Ok(thing) = self.find(parent, collection, id) {
            return Ok(thing);
        }
        let all = match map_at(self.am, &parent.obj, collection) {
            Some(all) => all,
            None => self.am.put_object(&parent.obj, collection, ObjType::Map).map_err(refused)?,
        };
        let obj = self.am.put_object(&all, id, ObjType::Map).map_err(refused)?;
        for name in inner {
            self.am.put_object(&obj, *name, ObjType::Map).map_err(refused)?;
        }
        self.wrote = true;
        Ok(Thing { obj, fresh: true })
    }

    /// A value of a thing.
    pub fn get<T: Field>(&self, thing: &Thing, key: &str) -> Option<T> {
        super::node::scalar(self.am, &thing.obj, key)
    }

    /// Writes a value if it differs from what is read here, or if devices disagree about it.
    pub fn set<T: Field>(&mut self, thing: &Thing, key: &str, value: &T) -> Result<()> {
        let settled = self.am.get_all(&thing.obj, key).map_err(refused)?.len() <= 1;
        if settled && self.get::<T>(thing, key).as_ref() == Some(value) {
            return Ok(());
        }
        self.put(thing, key, value.write(), !thing.fresh)
    }

    /// The thing is there, and so is what it belongs to. Call last, for each changed thing, inner first.
    pub fn keep(&mut self, thing: &Thing) -> Result<()> {
        if self.wrote || !self.at(thing).present() { self.live(thing, 1) } else { Ok(()) }
    }

    /// Takes a thing away; what is gone already stays untouched.
    pub fn remove(&mut self, thing: &Thing) -> Result<()> {
        if self.at(thing).present() { self.live(thing, -1) } else { Ok(()) }
    }

    fn live(&mut self, thing: &Thing, sign: i64) -> Result<()> {
        let life = self.get::<i64>(thing, LIFE).unwrap_or(0).saturating_abs().saturating_add(1);
        self.put(thing, LIFE, ScalarValue::Int(sign * life), true)
    }

    /// Takes steps back whose values nobody wrote over since.
    pub(super) fn take_back(&mut self, steps: &[UndoStep]) -> Result<()> {
        for step in steps {
            if !step.stands(self.am) {
                continue;
            }
            match &step.prior {
                Some(prior) => self.am.put(&step.obj, step.key.as_str(), prior.clone()),
                None => self.am.delete(&step.obj, step.key.as_str()),
            }
            .map_err(refused)?;
            self.wrote = true;
        }
        Ok(())
    }

    fn put(&mut self, thing: &Thing, key: &str, value: ScalarValue, remember: bool) -> Result<()> {
        let prior = self.current(thing, key);
        self.am.put(&thing.obj, key, value).map_err(refused)?;
        self.wrote = true;
        if remember {
            self.undo.extend(UndoStep::written(self.am, &thing.obj, key, prior));
        }
        Ok(())
    }

    fn current(&self, thing: &Thing, key: &str) -> Option<ScalarValue> {
        match self.am.get(&thing.obj, key) {
            Ok(Some((Value::Scalar(value), _))) => Some(value.into_owned()),
            _ => None,
        }
    }
}
