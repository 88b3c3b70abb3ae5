//! Taking back what was said or taken away in a space: what stood before is said again under the same key.
//!
//! Others may have erased it meanwhile, so it goes out once more; what they said to it stands by its key.

use trellis_api_types::Millis;

use super::super::App;
use super::super::undo::{Kept, Said, Undo};
use super::board_of;
use crate::crdt::{DocId, read_people};
use crate::error::Result;
use crate::platform::Host;
use crate::space::SpaceId;
use crate::space::members::Members;
use crate::space::record::{Content, Slots};
use crate::store::SpaceTx;
use crate::sync::shared;
use crate::sync::shared::{board, records};

impl Said {
    /// Says `content`, or takes back what stands. Returns how to undo that.
    pub(super) fn put(
        tx: &SpaceTx<'_>,
        members: &Members,
        key: Vec<u8>,
        content: Option<Content>,
        now: Millis,
    ) -> Result<Undo> {
        let before = standing(tx, members, &key)?;
        write(tx, members, &key, content.clone(), now)?;
        Ok(Undo::Said(Box::new(Self { space: SpaceId(tx.space), key, before, after: content })))
    }

    /// Brings back what stood before, except where something else was said since.
    fn undo(&self, tx: &SpaceTx<'_>, members: &Members, now: Millis) -> Result<()> {
        if standing(tx, members, &self.key)? != self.after {
            return Ok(());
        }
        write(tx, members, &self.key, self.before.clone(), now)
    }
}

fn standing(tx: &SpaceTx<'_>, members: &Members, key: &[u8]) -> Result<Option<Content>> {
    Ok(records::one(tx, members, &shared::account(tx)?, key)?.map(|one| one.content))
}

fn write(
    tx: &SpaceTx<'_>,
    members: &Members,
    key: &[u8],
    content: Option<Content>,
    now: Millis,
) -> Result<()> {
    match content {
        Some(content) => shared::put(tx, members, key.to_vec(), content, now),
        None => shared::take_back(tx, members, key.to_vec(), now),
    }
}

impl<H: Host> App<H> {
    /// Takes back what was said in a space. Errors: `not-found`, `not-entitled`, `space-ended`, `space-read-only`.
    pub(in crate::app) fn unsay(&mut self, said: &Said) -> Result<()> {
        let now = self.host.now_ms();
        let (session, host) = self.parts()?;
        session.speak(host, &said.space, |tx, _, known| said.undo(tx, known.members()?, now))
    }

    /// Takes back a change of what the members keep together. Errors: as for what was said.
    pub(in crate::app) fn put_back(&mut self, kept: &Kept) -> Result<()> {
        let now = self.host.now_ms();
        let (session, host) = self.parts()?;
        session.speak(host, &kept.space, |tx, docs, known| {
            let (members, notes) = (known.members()?, read_people(docs.get(tx, DocId::People)?));
            let shown = board_of(tx, members, &notes)?;
            board::put_back(tx, members, &Slots::of(&shown), (&kept.before, &kept.after), now)
        })
    }
}
