//! Keys of shared spaces, so that one's other devices can enter them, and invitations, so that each of them can answer.

use super::edit::{Edit, Thing};
use super::{Doc, node::Node};
use crate::error::Result;

const SPACES: &str = "spaces";
const EPOCHS: &str = "epochs";
const INVITES: &str = "invites";

/// What one's devices know of a shared space, beside what lies in it. Ids and secrets are hex.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownSpace {
    /// Space.
    pub id: String,
    /// Id that the screen made it with; empty if it was joined.
    pub made_by: String,
    /// What the invitation asked to share, as bits.
    pub asked: i64,
    /// What for.
    pub purpose: String,
}

/// An epoch's secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownEpoch {
    /// Epoch.
    pub id: String,
    /// Space.
    pub space: String,
    /// Secret.
    pub secret: String,
    /// Device that opened it; empty for one of an earlier version.
    pub opener: String,
}

/// An invitation of this person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownInvite {
    /// Made by the screen.
    pub id: String,
    /// Space.
    pub space: String,
    /// What opens the rendezvous.
    pub code: String,
    /// Secret behind the offer.
    pub secret: String,
    /// The offer as sent.
    pub offer: String,
    /// Not usable after, milliseconds since 1970.
    pub expires_at: i64,
    /// Taken back.
    pub withdrawn: bool,
    /// Requests that were let in.
    pub let_in: Vec<String>,
    /// Requests that were declined.
    pub declined: Vec<String>,
}

/// Keeps what is known of a space.
pub fn write_space(edit: &mut Edit<'_>, space: &KnownSpace) -> Result<()> {
    let thing = put(edit, SPACES, &space.id)?;
    edit.set(&thing, "made_by", &space.made_by)?;
    edit.set(&thing, "asked", &space.asked)?;
    edit.set(&thing, "purpose", &space.purpose)?;
    edit.keep(&thing)
}

/// A space is not wanted on one's devices any more.
pub fn remove_space(edit: &mut Edit<'_>, id: &str) -> Result<()> {
    let root = edit.root();
    let thing = edit.find(&root, SPACES, id)?;
    edit.remove(&thing)
}

/// Keeps an epoch's secret.
pub fn write_epoch(edit: &mut Edit<'_>, epoch: &KnownEpoch) -> Result<()> {
    let thing = put(edit, EPOCHS, &epoch.id)?;
    edit.set(&thing, "space", &epoch.space)?;
    edit.set(&thing, "secret", &epoch.secret)?;
    edit.set(&thing, "opener", &epoch.opener)?;
    edit.keep(&thing)
}

/// Keeps an invitation as it is now.
pub fn write_invite(edit: &mut Edit<'_>, invite: &KnownInvite) -> Result<()> {
    let thing = put(edit, INVITES, &invite.id)?;
    edit.set(&thing, "space", &invite.space)?;
    edit.set(&thing, "code", &invite.code)?;
    edit.set(&thing, "secret", &invite.secret)?;
    edit.set(&thing, "offer", &invite.offer)?;
    edit.set(&thing, "expires_at", &invite.expires_at)?;
    edit.set(&thing, "withdrawn", &invite.withdrawn)?;
    edit.set(&thing, "let_in", &invite.let_in)?;
    edit.set(&thing, "declined", &invite.declined)?;
    edit.keep(&thing)
}

fn put(edit: &mut Edit<'_>, collection: &str, id: &str) -> Result<Thing> {
    let root = edit.root();
    edit.find_or_make(&root, collection, id, &[])
}

/// The spaces that are wanted.
pub fn read_spaces(doc: &Doc) -> Vec<KnownSpace> {
    let space = |(id, node): (String, Node<'_>)| KnownSpace {
        id,
        made_by: node.or_default("made_by"),
        asked: node.or_default("asked"),
        purpose: node.or_default("purpose"),
    };
    doc.root().things(SPACES).into_iter().map(space).collect()
}

/// All secrets.
pub fn read_epochs(doc: &Doc) -> Vec<KnownEpoch> {
    let epoch = |(id, node): (String, Node<'_>)| KnownEpoch {
        id,
        space: node.or_default("space"),
        secret: node.or_default("secret"),
        opener: node.or_default("opener"),
    };
    doc.root().things(EPOCHS).into_iter().map(epoch).collect()
}

/// All invitations.
pub fn read_invites(doc: &Doc) -> Vec<KnownInvite> {
    let invite = |(id, node): (String, Node<'_>)| KnownInvite {
        id,
        space: node.or_default("space"),
        code: node.or_default("code"),
        secret: node.or_default("secret"),
        offer: node.or_default("offer"),
        expires_at: node.or_default("expires_at"),
        withdrawn: node.or_default("withdrawn"),
        let_in: node.or_default("let_in"),
        declined: node.or_default("declined"),
    };
    doc.root().things(INVITES).into_iter().map(invite).collect()
}
