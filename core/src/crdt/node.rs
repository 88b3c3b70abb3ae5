use automerge::{AutoCommit, ObjId, ObjType, ReadDoc, Value};

use super::field::Field;

/// Above zero while a thing is there, below once it was taken away. Each edit writes it again and further from zero,
/// because an equal value would not be written at all: so an edit outweighs a removal made elsewhere meanwhile.
pub const LIFE: &str = "life";

/// One map of a document, for reading.
#[derive(Clone)]
pub struct Node<'a> {
    am: &'a AutoCommit,
    obj: ObjId,
}

impl<'a> Node<'a> {
    /// The document itself.
    pub fn root(am: &'a AutoCommit) -> Self {
        Self { am, obj: automerge::ROOT }
    }

    /// The map `obj`.
    pub fn at(am: &'a AutoCommit, obj: &ObjId) -> Self {
        Self { am, obj: obj.clone() }
    }

    /// The map of that name.
    pub fn child(&self, key: &str) -> Option<Self> {
        map_at(self.am, &self.obj, key).map(|obj| Self { am: self.am, obj })
    }

    /// Things of the map of that name which are not gone, with their ids.
    pub fn things(&self, key: &str) -> Vec<(String, Self)> {
        let mut things = self.all(key);
        things.retain(|(_, node)| node.present());
        things
    }

    /// Ids of the things of that name which were taken away.
    pub fn gone(&self, key: &str) -> Vec<String> {
        self.all(key).into_iter().filter(|(_, node)| !node.present()).map(|(id, _)| id).collect()
    }

    /// All things of the map of that name, gone or not, with their ids.
    pub fn all(&self, key: &str) -> Vec<(String, Self)> {
        let Some(all) = self.child(key) else { return Vec::new() };
        let ids = self.am.keys(&all.obj);
        ids.filter_map(|id| all.child(&id).map(|node| (id, node))).collect()
    }

    /// Values of the map of that name which are of this type, with their names.
    pub fn values<T: Field>(&self, key: &str) -> Vec<(String, T)> {
        let Some(all) = self.child(key) else { return Vec::new() };
        let names = self.am.keys(&all.obj);
        names.filter_map(|name| all.get(&name).map(|value| (name, value))).collect()
    }

    /// A value, or none where it is missing or unknown to this version.
    pub fn get<T: Field>(&self, key: &str) -> Option<T> {
        scalar(self.am, &self.obj, key)
    }

    /// A value, or the default.
    pub fn or_default<T: Field + Default>(&self, key: &str) -> T {
        self.get(key).unwrap_or_default()
    }

    /// Values of this map itself whose names begin so, with the rest of the name.
    pub fn named<T: Field>(&self, start: &str) -> Vec<(String, T)> {
        let names = self.am.keys(&self.obj);
        let rest = names.filter_map(|name| name.strip_prefix(start).map(str::to_owned));
        rest.filter_map(|rest| self.get(&format!("{start}{rest}")).map(|value| (rest, value))).collect()
    }

    /// Whether a value is true; true too where devices disagree, as what one of them keeps back must not go out.
    pub fn any(&self, key: &str) -> bool {
        let values = self.am.get_all(&self.obj, key).unwrap_or_default();
        values.iter().any(|(value, _)| value.as_bool() == Some(true))
    }

    /// Not taken away, or edited elsewhere while it was taken away.
    pub fn present(&self) -> bool {
        let lives = self.am.get_all(&self.obj, LIFE).unwrap_or_default();
        lives.is_empty() || lives.iter().any(|(value, _)| value.as_i64().is_none_or(|life| life > 0))
    }
}

/// The map at a key.
pub fn map_at(am: &AutoCommit, obj: &ObjId, key: &str) -> Option<ObjId> {
    match am.get(obj, key) {
        Ok(Some((Value::Object(ObjType::Map), child))) => Some(child),
        _ => None,
    }
}

/// The scalar at a key, as the type asked for.
pub fn scalar<T: Field>(am: &AutoCommit, obj: &ObjId, key: &str) -> Option<T> {
    match am.get(obj, key) {
        Ok(Some((Value::Scalar(value), _))) => T::read(&value),
        _ => None,
    }
}
