//! The first change of each document, the same on every device, so that no device hides another's root.

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, ObjType, ROOT};

use super::{DocId, refused};
use crate::error::Result;

/// Fixed author of every genesis change. No device ever writes with it.
pub const ACTOR: [u8; 16] = *b"trellis genesis1";

/// An empty document: its collections and nothing else. Frozen: changing it parts old devices from new ones.
pub fn document(id: DocId) -> Result<AutoCommit> {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(ACTOR));
    doc.put(ROOT, "v", 1).map_err(refused)?;
    for name in collections(id) {
        doc.put_object(ROOT, *name, ObjType::Map).map_err(refused)?;
    }
    doc.commit_with(CommitOptions::default().with_time(0));
    Ok(doc)
}

/// Maps at the root of a document.
fn collections(id: DocId) -> &'static [&'static str] {
    match id {
        DocId::Plan => &["goals", "needs", "strengths"],
        DocId::Safety => &["entries"],
        DocId::Settings => &[],
        DocId::Journal(_) => &["entries"],
        DocId::Spaces => &["spaces", "epochs", "invites"],
        DocId::People => &["people", "spaces"],
        DocId::Work => &["sheets"],
        DocId::Coach => &["cases", "calls", "notes", "supervision"],
        DocId::Board(_) => &["meetings", "resources"],
    }
}
