//! What a locked device still asks its relay: whether somebody knocks.
//!
//! It is made when the app locks and dropped when it opens, and is only ever in memory. It holds where the mailboxes are, how
//! to read their ciphertext, and what opens a knock. It holds nothing that opens an item, and nothing of the database.
//! All times are running time.

use std::collections::{BTreeMap, BTreeSet};

use trellis_api_types::Millis;
use trellis_api_types::sync::RelayChoice;
use trellis_protocol::Cursor;
use trellis_protocol::ids::EnvelopeId;
use trellis_protocol::limits::{MAX_MAILBOXES, MAX_PAGE};
use trellis_protocol::wire::{
    Listen, ListenMailbox, MailboxResult, MailboxStatus, MailboxSync, SyncRequest, SyncResponse,
};

use crate::crdt::{DocId, Docs, read_people};
use crate::domain::help;
use crate::error::Result;
use crate::space::knock::{BellKeys, Knock};
use crate::space::{AccountId, DeviceId};
use crate::store::{SpaceTx, Store};
use crate::sync::engine::Engine;
use crate::sync::engine::backoff::Patience;
use crate::sync::engine::effects::{Next, Pause, Purpose, Sent};
use crate::sync::space_state::Known;
use crate::sync::{Ground, engine, keys, relay_choice, shared};
use crate::transport::{Call, NetError, Reply};

/// Between two looks at the relay while it would tell of news, milliseconds.
const LOOK: Millis = 15 * 60_000;
/// Longest wait before the next line to the relay, after lines that broke, milliseconds.
const LINE_WAIT: Millis = 60_000;
/// Between two notices, milliseconds: whoever calls often is no louder than who calls once.
const QUIET: Millis = 10 * 60_000;

/// What is watched while the app is locked.
pub struct Watch {
    relay: RelayChoice,
    bells: Vec<Bell>,
    /// The relay's clock minus running time, milliseconds.
    clock: Millis,
    look_at: i64,
    patience: Patience,
    line: Patience,
    rung: bool,
    told_at: Option<i64>,
}

/// The mailbox of one space, read on from where the open app stopped.
struct Bell {
    keys: BellKeys,
    cursor: Cursor,
    me: AccountId,
    /// Whose knocks are heard: the devices of the other members, without those who are blocked.
    callers: BTreeMap<DeviceId, AccountId>,
    /// Knocks that rang: a relay that repeats one rings no more.
    rang: BTreeSet<EnvelopeId>,
}

impl Watch {
    /// What is watched once this locks; nothing without a relay, a pair or a group, or after a sign-out.
    pub fn begin(
        store: &mut Store,
        docs: &mut Docs,
        engine: &mut Engine,
        host: &impl Ground,
    ) -> Result<Option<Self>> {
        let now = host.running_ms();
        let chosen =
            store.read(|tx| if keys::signed_out(tx)? { Ok(None) } else { relay_choice::relay(tx) })?;
        let Some(relay) = chosen else { return Ok(None) };
        let mut bells = Vec::new();
        for space in store.read(shared::list)?.into_iter().take(MAX_MAILBOXES) {
            bells.extend(store.read(|tx| {
                let here = &tx.within(space.0);
                bell(here, docs, engine.known(here)?)
            })?);
        }
        let (patience, line) = (Patience::default(), Patience::up_to(LINE_WAIT));
        let clock = engine.shared_now(host) - now;
        let watch = Self { relay, bells, clock, look_at: now, patience, line, rung: false, told_at: None };
        Ok((!watch.bells.is_empty()).then_some(watch))
    }

    /// What to do next. Pauses end by the device's clock, which is `ahead` of running time.
    pub fn next(&self, now: i64, ahead: i64) -> Next {
        if let Some(until) = self.patience.wait_until(now) {
            return Next::Idle(Pause { until: Some(until + ahead), listen: None });
        }
        if now >= self.look_at {
            let mailboxes = self.bells.iter().map(Bell::ask).collect();
            let (relay, call) = (self.relay.clone(), Call::Sync(SyncRequest { mailboxes, max_bytes: None }));
            return Next::Call(Box::new(Sent { relay, call, purpose: Purpose::Watch }));
        }
        let deaf = self.line.wait_until(now);
        let listen = || Listen { mailboxes: self.bells.iter().map(Bell::listen).collect() };
        let until = deaf.map_or(self.look_at, |deaf| deaf.min(self.look_at));
        Next::Idle(Pause {
            until: Some(until + ahead),
            listen: deaf.is_none().then(|| (self.relay.clone(), listen())),
        })
    }

    /// Takes in the outcome of a look. `luck` is random.
    pub fn done(&mut self, outcome: Result<Reply, NetError>, now: i64, luck: u32) {
        match outcome {
            Err(error) => self.patience.failed(error, now, luck),
            Ok(Reply::Done) => self.look_at = now + LOOK,
            Ok(Reply::Sync(answer)) => {
                self.patience.worked();
                self.heard(answer, now);
            }
        }
    }

    fn heard(&mut self, answer: SyncResponse, now: i64) {
        self.clock = if answer.now == 0 { self.clock } else { engine::told(answer.now) - now };
        let (mut more, at) = (false, now + self.clock);
        for (bell, result) in self.bells.iter_mut().zip(answer.mailboxes) {
            // A relay that says there is more and gives nothing is not asked again at once.
            more |= result.more && !result.envelopes.is_empty();
            self.rung |= bell.rings(&result, at);
        }
        self.look_at = if more { now } else { now + LOOK };
    }

    /// The line to the relay told of something, or broke.
    pub fn woken(&mut self, outcome: Result<(), NetError>, now: i64, luck: u32) {
        match outcome {
            Ok(()) => {
                self.line.worked();
                self.look_at = now;
            }
            Err(error) => {
                self.line.failed(error, now, luck);
                self.look_at = self.look_at.min(self.line.wait_until(now).unwrap_or(now));
            }
        }
    }

    /// Whether somebody knocked and it is time for a notice.
    pub fn tells(&mut self, now: i64) -> bool {
        let quiet = self.told_at.is_some_and(|at| (0..QUIET).contains(&(now - at)));
        let tells = self.rung && !quiet;
        self.rung = false;
        self.told_at = if tells { Some(now) } else { self.told_at };
        tells
    }
}

impl Bell {
    fn ask(&self) -> MailboxSync {
        let (token, cursor) = (self.keys.token(), self.cursor);
        MailboxSync { token, cursor, append: Vec::new(), max: MAX_PAGE, ids_only: false }
    }

    fn listen(&self) -> ListenMailbox {
        ListenMailbox { token: self.keys.token(), after: self.cursor.seq }
    }

    /// Reads on. True if one of those who may knocks now.
    fn rings(&mut self, result: &MailboxResult, now: Millis) -> bool {
        if result.mailbox != self.keys.mailbox() || result.status == MailboxStatus::Missing {
            return false;
        }
        // The open app compares and refills; here it is enough to hear what comes next.
        if result.status == MailboxStatus::Resync {
            self.cursor = result.head;
            return false;
        }
        let mut rung = false;
        let before = self.cursor.seq;
        for stored in result.envelopes.iter().filter(|stored| stored.seq > before) {
            let id = EnvelopeId::of(&stored.envelope);
            self.cursor = Cursor { seq: stored.seq, ..self.cursor.then(id) };
            let rings = self.keys.open(&stored.envelope).is_ok_and(|knock| self.is_for_me(&knock, now));
            rung |= rings && self.rang.insert(id);
        }
        self.cursor = if result.at.seq >= self.cursor.seq { result.at } else { self.cursor };
        rung
    }

    fn is_for_me(&self, knock: &Knock, now: Millis) -> bool {
        let may = self.callers.get(&knock.device) == Some(&knock.account);
        may && (knock.to.is_empty() || knock.to.contains(&self.me))
            && help::is_news(help::asked_at(knock.at, now), now)
    }
}

/// The bell of a space that this person is in.
fn bell(tx: &SpaceTx<'_>, docs: &mut Docs, known: &Known) -> Result<Option<Bell>> {
    let (members, me) = (known.members()?, keys::account(tx)?);
    let state = members.state();
    let Some(epoch) = keys::write_epoch(tx)?.filter(|_| !state.ended && state.members.contains_key(&me))
    else {
        return Ok(None);
    };
    let bell = keys::bell(tx, &epoch)?;
    let Some(row) = tx.mailbox(bell.mailbox())?.filter(|row| row.created) else { return Ok(None) };
    let notes = read_people(docs.get(tx, DocId::People)?);
    let heard = state.members.keys().filter(|id| **id != me && !notes.of(&id.to_string()).blocked);
    let callers =
        heard.flat_map(|id| members.devices_of(id).into_iter().map(move |device| (device.id, *id))).collect();
    Ok(Some(Bell { keys: bell, cursor: row.cursor, me, callers, rang: BTreeSet::new() }))
}
