//! A relay in memory: what a real one promises, and nothing more.

use std::collections::BTreeMap;

use minicbor::bytes::ByteVec;
use sha2::{Digest, Sha256};
use trellis_protocol::ids::{EnvelopeId, MailboxId};
use trellis_protocol::wire::{
    Appended, MailboxResult, MailboxStatus, MailboxSync, Stored, StoredId, SyncResponse, TrimMailbox,
};
use trellis_protocol::{Cursor, ErrorCode, limits};

use super::refusing::{Mood, Refusing};
use crate::transport::{Call, NetError, Reply};

/// What one mailbox holds.
#[derive(Clone, Default)]
pub struct Mailbox {
    owner: [u8; 32],
    rows: Vec<(u64, EnvelopeId, Vec<u8>)>,
    /// The prefix hash after each number ever given, from 0.
    hashes: Vec<[u8; 32]>,
    /// Up to where it was trimmed.
    trimmed: u64,
}

/// All mailboxes, and how the relay answers.
#[derive(Clone, Default)]
pub struct SimRelay {
    pub boxes: BTreeMap<MailboxId, Mailbox>,
    /// Clock of the relay, seconds.
    pub now: u64,
    /// Envelopes in one page.
    pub page: usize,
    /// Envelopes in all pages of one answer, for whoever comes first.
    pub budget: usize,
    /// Envelopes over this are refused.
    pub largest: usize,
    /// No new mailboxes are made.
    pub closed: bool,
    /// Nobody may make a mailbox for a while.
    pub limited: bool,
    /// What is to be appended is neither kept nor mentioned.
    pub silent: bool,
    /// What it refuses beside that.
    pub refusing: Option<Refusing>,
    /// Every request body it was sent.
    pub heard: Vec<Vec<u8>>,
}

impl SimRelay {
    pub fn new() -> Self {
        Self {
            page: 50,
            budget: usize::MAX,
            largest: limits::MAX_ENVELOPE,
            now: 1_800_000_000,
            ..Self::default()
        }
    }

    /// How many envelopes a mailbox was ever given.
    pub fn given(&self, id: MailboxId) -> usize {
        self.boxes[&id].hashes.len() - 1
    }

    /// A mailbox is put back to the copy of when it was given so many.
    pub fn put_back(&mut self, id: MailboxId, given: usize) {
        let kept = self.boxes.get_mut(&id).expect("a mailbox that is there");
        kept.rows.retain(|(seq, ..)| *seq <= given as u64);
        kept.hashes.truncate(given + 1);
    }

    pub fn answer(&mut self, call: &Call) -> Result<Reply, NetError> {
        if let Some(error) = self.refusing.as_mut().and_then(|refusing| refusing.error(call)) {
            return Err(error);
        }
        match call {
            Call::Create(id, body) => {
                self.heard.push(minicbor::to_vec(body).unwrap());
                if self.limited {
                    return Err(NetError::RateLimited { retry_after: Some(3600) });
                }
                if self.closed && !self.boxes.contains_key(id) {
                    return refused(ErrorCode::CreationClosed);
                }
                let kept = self.boxes.entry(*id).or_insert_with(|| Mailbox {
                    owner: body.owner,
                    rows: Vec::new(),
                    hashes: vec![[0; 32]],
                    trimmed: 0,
                });
                if kept.owner == body.owner { Ok(Reply::Done) } else { refused(ErrorCode::Conflict) }
            }
            Call::Sync(body) => {
                self.heard.push(minicbor::to_vec(body).unwrap());
                let mut left = self.budget;
                let page = self.page;
                let mut visit = |ask| {
                    self.page = page.min(left);
                    let result = self.visit(ask);
                    left -= result.envelopes.len() + result.ids.len();
                    result
                };
                let mailboxes = body.mailboxes.iter().map(&mut visit).collect();
                self.page = page;
                Ok(Reply::Sync(SyncResponse { now: self.now, mailboxes }))
            }
            Call::Trim(id, body) => self.trim(*id, body),
            Call::Delete(id, body) => {
                let kept = self.boxes.get(id).ok_or(NetError::Refused(ErrorCode::NotFound))?;
                if owner(&body.owner_token.0) != kept.owner {
                    return refused(ErrorCode::Forbidden);
                }
                self.boxes.remove(id);
                Ok(Reply::Done)
            }
        }
    }

    fn visit(&mut self, ask: &MailboxSync) -> MailboxResult {
        let id = ask.token.mailbox();
        let mood = self.refusing.as_mut().map_or(Mood::default(), |refusing| refusing.mood(id));
        let (page, largest) = (mood.page.min(self.page).min(ask.max as usize), self.largest);
        let Some(kept) = self.boxes.get_mut(&id).filter(|_| !mood.missing) else { return missing(id) };
        let heard = if self.silent { &[] } else { &ask.append[..] };
        let appended = heard.iter().map(|envelope| match mood.append {
            Some(code) => Appended::Refused(code.as_str().to_owned()),
            None => kept.append(envelope, largest),
        });
        let appended = appended.collect();
        let stands = kept.stands(ask.cursor);
        let mut result = MailboxResult {
            mailbox: id,
            status: if stands || ask.ids_only { MailboxStatus::Ok } else { MailboxStatus::Resync },
            appended,
            envelopes: Vec::new(),
            ids: Vec::new(),
            more: false,
            head: kept.at(kept.hashes.len() as u64 - 1),
            at: ask.cursor,
        };
        if result.status == MailboxStatus::Ok {
            kept.read(ask, page, &mut result);
        }
        if mood.more {
            (result.envelopes, result.ids, result.more, result.at) =
                (Vec::new(), Vec::new(), true, ask.cursor);
        }
        result
    }

    fn trim(&mut self, id: MailboxId, body: &TrimMailbox) -> Result<Reply, NetError> {
        let kept = self.boxes.get_mut(&id).ok_or(NetError::Refused(ErrorCode::NotFound))?;
        if owner(&body.owner_token.0) != kept.owner {
            return refused(ErrorCode::Forbidden);
        }
        kept.rows.retain(|(seq, id, _)| *seq > body.before || body.keep.contains(id));
        kept.trimmed = body.before.min(kept.hashes.len() as u64 - 1).max(kept.trimmed);
        Ok(Reply::Done)
    }

    /// Something that no device of the account sent.
    pub fn plant(&mut self, mailbox: MailboxId, envelope: Vec<u8>) {
        self.boxes.get_mut(&mailbox).unwrap().append(&envelope, usize::MAX);
    }

    /// An envelope is no longer there, and the relay does not say so.
    pub fn lose(&mut self, mailbox: MailboxId, envelope: EnvelopeId) {
        self.boxes.get_mut(&mailbox).unwrap().rows.retain(|(_, id, _)| *id != envelope);
    }

    /// The oldest envelope of a mailbox.
    pub fn first(&self, mailbox: MailboxId) -> Vec<u8> {
        self.boxes[&mailbox].rows[0].2.clone()
    }

    /// All envelopes of a mailbox.
    pub fn envelopes(&self, mailbox: MailboxId) -> Vec<Vec<u8>> {
        self.boxes[&mailbox].rows.iter().map(|(_, _, bytes)| bytes.clone()).collect()
    }

    /// How many envelopes a mailbox holds.
    pub fn count(&self, mailbox: MailboxId) -> usize {
        self.boxes.get(&mailbox).map_or(0, |kept| kept.rows.len())
    }

    /// Bytes held, in all mailboxes.
    pub fn held(&self) -> usize {
        self.boxes.values().flat_map(|kept| &kept.rows).map(|(_, _, bytes)| bytes.len()).sum()
    }
}

impl Mailbox {
    /// One that nobody has written to.
    pub fn empty() -> Self {
        Self { hashes: vec![[0; 32]], ..Self::default() }
    }

    fn at(&self, seq: u64) -> Cursor {
        Cursor { seq, hash: self.hashes[seq as usize] }
    }

    /// A place that was trimmed is known no more, except the last one.
    fn stands(&self, cursor: Cursor) -> bool {
        let known = cursor.seq == self.trimmed || self.rows.iter().any(|(seq, ..)| *seq == cursor.seq);
        let last = cursor.seq == self.hashes.len() as u64 - 1;
        cursor.seq == 0 || (known || last) && self.hashes.get(cursor.seq as usize) == Some(&cursor.hash)
    }

    fn append(&mut self, envelope: &[u8], largest: usize) -> Appended {
        if envelope.len() > largest {
            return Appended::Refused(ErrorCode::EnvelopeTooLarge.as_str().to_owned());
        }
        let id = EnvelopeId::of(envelope);
        if let Some((seq, _, _)) = self.rows.iter().find(|(_, known, _)| *known == id) {
            return Appended::Stored(*seq);
        }
        let next = self.at(self.hashes.len() as u64 - 1).then(id);
        self.hashes.push(next.hash);
        self.rows.push((next.seq, id, envelope.to_vec()));
        Appended::Stored(next.seq)
    }

    fn read(&self, ask: &MailboxSync, page: usize, result: &mut MailboxResult) {
        let after: Vec<_> = self.rows.iter().filter(|(seq, _, _)| *seq > ask.cursor.seq).collect();
        let taken = &after[..page.min(after.len())];
        result.more = taken.len() < after.len();
        result.at = match taken.last() {
            _ if !result.more => self.at(self.hashes.len() as u64 - 1),
            Some((seq, _, _)) => self.at(*seq),
            None => ask.cursor,
        };
        if ask.ids_only {
            result.ids = taken.iter().map(|(seq, id, _)| StoredId { seq: *seq, id: *id }).collect();
        } else {
            let stored = |(seq, _, bytes): &&(u64, EnvelopeId, Vec<u8>)| Stored {
                seq: *seq,
                envelope: ByteVec::from(bytes.clone()),
            };
            result.envelopes = taken.iter().map(stored).collect();
        }
    }
}

fn missing(id: MailboxId) -> MailboxResult {
    MailboxResult {
        mailbox: id,
        status: MailboxStatus::Missing,
        appended: Vec::new(),
        envelopes: Vec::new(),
        ids: Vec::new(),
        more: false,
        head: Cursor::default(),
        at: Cursor::default(),
    }
}

fn owner(token: &[u8; 32]) -> [u8; 32] {
    Sha256::digest(token).into()
}

fn refused(code: ErrorCode) -> Result<Reply, NetError> {
    Err(NetError::Refused(code))
}
