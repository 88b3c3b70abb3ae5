use automerge::{AutoCommit, ObjId, ReadDoc, ScalarValue};

use super::node::LIFE;

/// How to take one written value back, as long as it still stands as it was written.
#[derive(Clone, Debug)]
pub struct UndoStep {
    pub(super) obj: ObjId,
    pub(super) key: String,
    pub(super) prior: Option<ScalarValue>,
    wrote: ObjId,
}

impl UndoStep {
    /// Notes the operation that was just written. Taking back the making of a thing takes it away.
    pub(super) fn written(
        am: &AutoCommit,
        obj: &ObjId,
        key: &str,
        prior: Option<ScalarValue>,
    ) -> Option<Self> {
        let (_, wrote) = am.get(obj, key).ok().flatten()?;
        let prior = prior.or_else(|| (key == LIFE).then_some(ScalarValue::Int(-1)));
        Some(Self { obj: obj.clone(), key: key.to_owned(), prior, wrote })
    }

    /// Whether the value is still the one operation that was written, alone.
    pub(super) fn stands(&self, am: &AutoCommit) -> bool {
        let all = am.get_all(&self.obj, self.key.as_str()).unwrap_or_default();
        matches!(all.as_slice(), [(_, only)] if *only == self.wrote)
    }
}
