//! How entries join the graph, and which ones are refused.

use super::evaluate::{self, Right};
use super::{Bits, Entry, MAX_PAST, Members, Named, Node, Op, Refusal, State, roster};
use crate::space::EntryId;

impl Members {
    pub(super) fn has_parents(&self, entry: &Entry) -> bool {
        entry.parents().iter().all(|parent| self.knows(parent))
    }

    fn is_from_someone(&self, entry: &Entry, past: &Bits, named: &Named) -> bool {
        let brought =
            |at: usize| self.nodes.get(at).is_some_and(|node| node.entry.added() == Some(entry.account()));
        let active = self.devices_at(&entry.account(), named).active.contains_key(&entry.device());
        active && (entry.is_genesis() || past.iter().any(brought))
    }

    /// An entry with what its past says about it. Who had no right to it by their own past never will: it is refused, so that nobody
    /// makes the others keep it. Errors: `not-entitled`, `oversized`.
    pub(super) fn node_of(&self, entry: Entry) -> Result<Node, Refusal> {
        let (past, named) = self.past_of(entry.parents(), entry.added()).ok_or(Refusal::NotEntitled)?;
        if !self.is_from_someone(&entry, &past, &named) {
            return Err(Refusal::NotEntitled);
        }
        let before = self.judge_at(&past, &named);
        let right = evaluate::right(&before, &entry);
        let right = right.filter(|_| self.request_holds(&entry, &past, &named, &before.state));
        let right = right.ok_or(Refusal::NotEntitled)?;
        self.check_room(&entry, &past, &right)?;
        let subject = entry.added().or(entry.departed()).map(|account| self.devices_at(&account, &named));
        let (holders, lost) = subject.map(|state| (roster::keys_of(&state), state.gone)).unwrap_or_default();
        let log_of = |id: &EntryId| Some((self.log_of(id)?, *id));
        let logs = entry.parents().iter().filter_map(log_of).collect();
        Ok(Node { entry, past, logs, right: Some(right), holders, lost })
    }

    /// Whether an entry that lets somebody in may count, by what it follows but for the newcomer's own device log: only then that is read.
    pub fn may_let_in(&self, entry: &Entry) -> bool {
        if entry.is_genesis() {
            return true;
        }
        let heads: Vec<EntryId> = entry.parents().iter().filter(|id| self.knows(id)).copied().collect();
        let Some((past, named)) = self.past_of(&heads, None) else { return false };
        self.is_from_someone(entry, &past, &named)
            && evaluate::right(&self.judge_at(&past, &named), entry).is_some()
    }

    /// Whether a member's device has room for more. Who leads is trusted with more than room, and to leave is always possible.
    fn check_room(&self, entry: &Entry, past: &Bits, right: &Right) -> Result<(), Refusal> {
        let own = past.iter().filter_map(|at| self.nodes.get(at)).map(|node| &node.entry);
        let own = own.filter(|other| other.device() == entry.device());
        let bytes: usize = own.map(|other| other.bytes().len()).sum();
        let free = right.rank.is_facilitator() || entry.op() == Some(&Op::Leave);
        if bytes <= MAX_PAST || free { Ok(()) } else { Err(Refusal::Oversized) }
    }

    pub(super) fn connect(&mut self, node: Node) {
        self.forget_judged();
        self.added.extend(node.entry.added());
        self.index.insert(node.entry.id(), self.nodes.len());
        self.nodes.push(node);
    }

    /// Whether an add is of somebody who asked: by a device of theirs, not used before, and not of a member.
    fn request_holds(&self, entry: &Entry, past: &Bits, named: &Named, before: &State) -> bool {
        let Some(Op::Add { request, .. }) = entry.op() else { return true };
        let used =
            |node: &Node| matches!(node.entry.op(), Some(Op::Add { request: other, .. }) if other == request);
        let fresh = !past.iter().filter_map(|at| self.nodes.get(at)).any(used);
        let here = before.members.contains_key(&request.account);
        let active = self.devices_at(&request.account, named).active.contains_key(&request.device);
        fresh && active && !here
    }

    pub(super) fn connect_waiting(&mut self) {
        let ready = |it: &Self| it.waiting.values().find(|entry| it.has_parents(entry)).map(Entry::id);
        while let Some(id) = ready(self) {
            let node = self.waiting.remove(&id).and_then(|entry| self.node_of(entry).ok());
            node.into_iter().for_each(|node| self.connect(node));
        }
    }
}
