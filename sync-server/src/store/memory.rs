//! Mailboxes in a process's memory: for trying out and for tests. Gone when the process ends.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use trellis_protocol::{Cursor, EnvelopeId, ErrorCode, MailboxId};

use super::{
    Admission, Answer, Budget, Created, Done, Entry, Figures, Grown, MailboxLimits, NewEnvelope, Store,
    StoreError, Verdict, Want, Work, owned_by,
};

/// A [`Store`] that forgets when dropped.
pub struct MemoryStore {
    limits: MailboxLimits,
    grown: Grown,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    mailboxes: HashMap<MailboxId, Mailbox>,
    tokens: HashMap<[u8; 32], u32>,
    closed: bool,
}

struct Mailbox {
    owner: [u8; 32],
    head: Cursor,
    trimmed: Cursor,
    bytes: u64,
    kept: BTreeMap<u64, Kept>,
    places: HashMap<EnvelopeId, u64>,
}

struct Kept {
    id: EnvelopeId,
    hash: [u8; 32],
    bytes: Box<[u8]>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new(limits: MailboxLimits, grown: Grown) -> Self {
        Self { limits, grown, state: Mutex::default() }
    }

    fn answer<T: Send + 'static>(&self, act: impl FnOnce(&mut State) -> T) -> Answer<'static, T> {
        let mut state = self.lock();
        let answer = if state.closed { Err(StoreError::Closed) } else { Ok(act(&mut state)) };
        ready(answer).boxed()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn sync(&self, work: Vec<Work>, budget: usize) -> Answer<'_, Vec<Option<Done>>> {
        let mut budget = Budget::new(budget);
        self.answer(|state| {
            let mut one = |work: Work| {
                let (id, mailbox) = (work.mailbox, state.mailboxes.get_mut(&work.mailbox)?);
                let before = mailbox.head;
                let done = mailbox.work(work, self.limits, &mut budget);
                if done.head != before {
                    (self.grown)(id, done.head.seq);
                }
                Some(done)
            };
            work.into_iter().map(&mut one).collect()
        })
    }

    fn heads(&self, mailboxes: Vec<MailboxId>) -> Answer<'_, Vec<Option<u64>>> {
        self.answer(|state| mailboxes.iter().map(|id| state.mailboxes.get(id).map(|m| m.head.seq)).collect())
    }

    fn create(&self, id: MailboxId, owner: [u8; 32], admission: Admission) -> Answer<'_, Verdict<Created>> {
        self.answer(|state| state.create(id, owner, admission))
    }

    fn trim(
        &self,
        id: MailboxId,
        owner: [u8; 32],
        before: u64,
        keep: Vec<EnvelopeId>,
    ) -> Answer<'_, Verdict<()>> {
        self.answer(|state| {
            state.owned(id, &owner)?.trim(before, &keep.into_iter().collect());
            Ok(())
        })
    }

    fn delete(&self, id: MailboxId, owner: [u8; 32]) -> Answer<'_, Verdict<()>> {
        self.answer(|state| {
            state.owned(id, &owner)?;
            state.mailboxes.remove(&id);
            Ok(())
        })
    }

    fn grant(&self, hash: [u8; 32], uses: u32) -> Answer<'_, ()> {
        self.answer(|state| {
            let left = state.tokens.entry(hash).or_default();
            *left = left.saturating_add(uses);
        })
    }

    fn ready(&self) -> Answer<'_, ()> {
        self.answer(|_| ())
    }

    fn figures(&self) -> Answer<'_, Figures> {
        self.answer(|state| Figures { mailboxes: state.mailboxes.len() as u64, ..Figures::default() })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.lock().closed = true;
        ready(()).boxed()
    }
}

impl State {
    fn create(&mut self, id: MailboxId, owner: [u8; 32], admission: Admission) -> Verdict<Created> {
        if let Some(there) = self.mailboxes.get(&id) {
            return owned_by(&there.owner, &owner)
                .map(|()| Created::Already)
                .map_err(|_| ErrorCode::Conflict);
        }
        self.charge(admission)?;
        self.mailboxes.insert(id, Mailbox::new(owner));
        Ok(Created::New)
    }

    fn charge(&mut self, admission: Admission) -> Verdict<()> {
        match admission {
            Admission::Open => Ok(()),
            Admission::Closed => Err(ErrorCode::CreationClosed),
            Admission::Token(hash) => {
                let left =
                    self.tokens.get_mut(&hash).filter(|left| **left > 0).ok_or(ErrorCode::CreationClosed)?;
                *left -= 1;
                Ok(())
            }
        }
    }

    fn owned(&mut self, id: MailboxId, owner: &[u8; 32]) -> Verdict<&mut Mailbox> {
        let mailbox = self.mailboxes.get_mut(&id).ok_or(ErrorCode::NotFound)?;
        owned_by(&mailbox.owner, owner).map(|()| mailbox)
    }
}

impl Mailbox {
    fn new(owner: [u8; 32]) -> Self {
        let (head, trimmed) = Default::default();
        Self { owner, head, trimmed, bytes: 0, kept: BTreeMap::new(), places: HashMap::new() }
    }

    fn work(&mut self, work: Work, limits: MailboxLimits, budget: &mut Budget) -> Done {
        let appended = work.append.into_iter().map(|envelope| self.append(envelope, limits)).collect();
        let stands = self.stands(work.cursor);
        let (most, bodies) = match work.want {
            Want::Envelopes(most) if stands => (most, true),
            Want::Ids(most) => (most, false),
            Want::Envelopes(_) | Want::Nothing => (0, false),
        };
        let (entries, reached) = self.page(work.cursor, most, bodies, budget);
        let more = most > 0 && reached.seq < self.last();
        let at = if most > 0 && !more { self.head } else { reached };
        Done { appended, stands, entries, more, at, head: self.head }
    }

    fn append(&mut self, new: NewEnvelope, limits: MailboxLimits) -> Verdict<u64> {
        if let Some(seq) = self.places.get(&new.id) {
            return Ok(*seq);
        }
        if !limits.admit(self.kept.len() as u64, self.bytes, new.bytes.len()) {
            return Err(ErrorCode::MailboxFull);
        }
        self.head = self.head.then(new.id);
        self.bytes += new.bytes.len() as u64;
        self.places.insert(new.id, self.head.seq);
        self.kept.insert(self.head.seq, Kept { id: new.id, hash: self.head.hash, bytes: new.bytes });
        Ok(self.head.seq)
    }

    fn stands(&self, cursor: Cursor) -> bool {
        cursor.seq == 0
            || cursor == self.head
            || cursor == self.trimmed
            || self.kept.get(&cursor.seq).is_some_and(|kept| kept.hash == cursor.hash)
    }

    fn last(&self) -> u64 {
        self.kept.last_key_value().map_or(0, |(seq, _)| *seq)
    }

    fn page(&self, from: Cursor, most: u32, bodies: bool, budget: &mut Budget) -> (Vec<Entry>, Cursor) {
        let (mut entries, mut at) = (Vec::new(), from);
        for (seq, kept) in self.kept.range(from.seq.saturating_add(1)..).take(most as usize) {
            let bytes = bodies.then(|| kept.bytes.to_vec());
            if !budget.take(bytes.as_ref().map_or(0, Vec::len)) {
                break;
            }
            at = Cursor { seq: *seq, hash: kept.hash };
            entries.push(Entry { seq: *seq, id: kept.id, bytes });
        }
        (entries, at)
    }

    fn trim(&mut self, before: u64, keep: &HashSet<EnvelopeId>) {
        if before >= self.head.seq {
            self.trimmed = self.head;
        } else if before > self.trimmed.seq
            && let Some(last) = self.kept.get(&before)
        {
            self.trimmed = Cursor { seq: before, hash: last.hash };
        }
        self.kept.retain(|seq, kept| *seq > before || keep.contains(&kept.id));
        self.places.retain(|_, seq| self.kept.contains_key(seq));
        self.bytes = self.kept.values().map(|kept| kept.bytes.len() as u64).sum();
    }
}
