//! The engine: says which call comes next, and takes in what came back. It keeps nothing that a restart may not lose.

use chrono::{NaiveDate, TimeDelta};
use trellis_api_types::Millis;
use trellis_api_types::sync::{RelayChoice, SyncState};
use trellis_protocol::ErrorCode;
use trellis_protocol::wire::SyncResponse;

use super::Ground;
use super::folding::{Folding, Limit};
use super::known::{Kept, Known};
use super::patience::Patience;
use super::wanted::{News, Next, Pause, Purpose, Sent};
use super::{
    Call, NetError, Reply, ask, folding, inviting, keys, meeting, pairing, repair, round, status, take, trim,
};
use crate::error::Result;
use crate::fault;

use crate::crdt::Docs;
use crate::space::SpaceId;
use crate::store::{SpaceTx, Store, Tx};

/// Between two looks at the relay while it would tell of news, milliseconds.
const LOOK: i64 = 15 * 60_000;
/// Longest wait before the next line to the relay, after lines that broke, milliseconds.
const LINE_WAIT: i64 = 60_000;
/// After so many answers in a row that name another history the relay is left alone for a while.
const RESTLESS: u32 = 20;
/// How far the relay's clock may be from this device's, milliseconds.
pub const CLOCK_SLACK: i64 = 24 * 3_600_000;

/// What exchange knows while the app runs.
pub struct Engine {
    patience: Patience,
    /// When the mailboxes are looked at next.
    look_at: Millis,
    /// Lines to the relay that broke.
    line: Patience,
    /// When the line of the moment was wanted.
    line_since: Millis,
    busy: bool,
    /// Everything was read once since the start. Before that nothing is signed: an older copy of the database must
    /// first see what it has forgotten.
    looked: bool,
    /// Everything was read and no call has failed since: what is shared may follow what is private.
    current: bool,
    /// Something private, or what may be shared of it, changed since it was shared, or the day did.
    unshared: Option<NaiveDate>,
    /// The relay's clock minus this one, milliseconds.
    clock: i64,
    /// Answers in a row that named another history.
    restless: u32,
    /// What the items say about who may write.
    known: Kept,
    /// Making snapshots.
    pub(super) folding: Folding,
    /// What changed since it was last asked.
    news: News,
}

impl Default for Engine {
    fn default() -> Self {
        let patience = Patience::default();
        Self {
            patience,
            look_at: 0,
            line: Patience::up_to(LINE_WAIT),
            line_since: 0,
            busy: false,
            looked: false,
            current: false,
            unshared: None,
            clock: 0,
            restless: 0,
            known: Kept::default(),
            folding: Folding::new(Limit::default()),
            news: News::default(),
        }
    }
}

impl Engine {
    /// What to do next.
    pub fn next(&mut self, store: &mut Store, docs: &mut Docs, host: &impl Ground) -> Result<Next> {
        let now = host.now_ms();
        let chosen = store.read(|tx| if keys::signed_out(tx)? { Ok(None) } else { status::relay(tx) })?;
        let Some(relay) = chosen else { return Ok(self.idle(Pause::default())) };
        if let Some(until) = self.patience.wait_until(now) {
            return Ok(self.idle(Pause { until: Some(until), listen: None }));
        }
        let found = match self.meet(store, now)? {
            Some(found) => Some(found),
            None => self.exchange(store, docs, host, &relay)?,
        };
        let Some((call, purpose)) = found else {
            let pause = self.pause(store, now, relay)?;
            self.line_since = now;
            return Ok(self.idle(pause));
        };
        self.news.sync |= !std::mem::replace(&mut self.busy, true);
        Ok(Next::Call(Box::new(Sent { relay, call, purpose })))
    }

    /// Takes in the outcome of a call.
    pub fn done(
        &mut self,
        store: &mut Store,
        docs: &mut Docs,
        host: &impl Ground,
        sent: Sent,
        outcome: Result<Reply, NetError>,
    ) -> Result<()> {
        self.news.sync = true;
        match outcome {
            Err(error) => self.failed(store, host, &sent, error),
            Ok(reply) => {
                self.patience.worked();
                self.answered(store, docs, host, sent, reply)
            }
        }
    }

    /// People who wait at a rendezvous come first.
    fn meet(&self, store: &mut Store, now: Millis) -> Result<Option<(Call, Purpose)>> {
        let now = now + self.clock;
        if let Some(call) = store.tx(|tx| pairing::call(tx, now))? {
            return Ok(Some((call, Purpose::Pairing)));
        }
        Ok(store.read(|tx| meeting::call(tx, now))?.map(|call| (call, Purpose::Meeting)))
    }

    fn exchange(
        &mut self,
        store: &mut Store,
        docs: &mut Docs,
        host: &impl Ground,
        relay: &RelayChoice,
    ) -> Result<Option<(Call, Purpose)>> {
        let now = host.now_ms();
        if self.looked {
            round::prepare(store, docs, host, &mut self.known, &mut self.folding, now)?;
            self.share(store, docs, host)?;
        }
        let asked = store.read(|tx| ask::next(tx, relay, now, now >= self.look_at))?;
        // With a wrong clock a month may pass in a moment.
        let trims = self.looked && self.clock.abs() <= CLOCK_SLACK;
        match asked {
            None if trims => {
                Ok(store.read(|tx| trim::next(tx, now))?.map(|(call, id, to)| (call, Purpose::Trim(id, to))))
            }
            asked => Ok(asked),
        }
    }

    /// Lets what is shared follow what is private, at most once for each change and day, and never before a look that is
    /// due: a consent may have ended on another device.
    fn share(&mut self, store: &mut Store, docs: &mut Docs, host: &impl Ground) -> Result<()> {
        // Of a wrong clock and the relay's the later one counts: sharing ends early rather than late.
        let ahead = TimeDelta::milliseconds(self.clock.max(0));
        let today = host.local().checked_add_signed(ahead).unwrap_or_else(|| host.local()).date();
        let due = host.now_ms() >= self.look_at;
        if !self.current || due || self.unshared == Some(today) {
            return Ok(());
        }
        if round::share(store, docs, &mut self.known, today, host.now_ms())? {
            self.unshared = Some(today);
        }
        Ok(())
    }

    /// Something private, or what may be shared of it, was changed.
    pub fn touch(&mut self) {
        self.unshared = None;
    }

    /// What is known of a space, brought up to the rows of now.
    pub fn known(&mut self, tx: &SpaceTx<'_>) -> Result<&mut Known> {
        self.known.current(tx)
    }

    /// A transaction about a space failed: what it taught is not true.
    pub fn forget(&mut self, space: &SpaceId) {
        self.known.forget(space);
    }

    fn answered(
        &mut self,
        store: &mut Store,
        docs: &mut Docs,
        host: &impl Ground,
        sent: Sent,
        reply: Reply,
    ) -> Result<()> {
        let now = host.now_ms();
        match (sent.purpose, reply) {
            (Purpose::Pairing, reply) => {
                if let Reply::Sync(answer) = &reply {
                    self.hear_clock(answer, now);
                }
                self.news.pairing = true;
                let joined =
                    store.tx(|tx| pairing::answered(tx, host, &sent.call, &reply, now + self.clock))?;
                self.look_at = if joined { 0 } else { self.look_at };
                Ok(())
            }
            (Purpose::Meeting, reply) => {
                if let Reply::Sync(answer) = &reply {
                    self.hear_clock(answer, now);
                }
                self.news.data = true;
                let now = now + self.clock;
                let entered = store.tx(|tx| meeting::answered(tx, docs, &sent.call, &reply, now));
                if entered.is_err() {
                    docs.forget_all();
                }
                self.look_at = if entered? { 0 } else { self.look_at };
                Ok(())
            }
            (Purpose::Create(id), _) => store.tx(|tx| {
                keys::made(tx, id)?;
                folding::created(&keys::personal(tx)?, id)
            }),
            (Purpose::Trim(id, to), _) => store.tx(|tx| tx.set_trimmed(id, to)),
            (Purpose::Exchange(visits), Reply::Sync(answer)) => {
                self.hear_clock(&answer, now);
                self.taken(store, docs, host, &visits, answer)
            }
            (Purpose::Exchange(_), Reply::Done) => Ok(()),
        }
    }

    fn taken(
        &mut self,
        store: &mut Store,
        docs: &mut Docs,
        host: &impl Ground,
        visits: &[ask::Visit],
        answer: SyncResponse,
    ) -> Result<()> {
        let now = host.now_ms();
        let (mut more, mut changed) = (false, answer.mailboxes.len() != visits.len());
        for (visit, result) in visits.iter().zip(answer.mailboxes) {
            fault::point()?;
            let taken = store.tx(|tx| take::result(tx, host, visit, result, now))?;
            more |= taken.more;
            changed |= taken.changed;
        }
        self.restless = if changed { self.restless + 1 } else { 0 };
        if self.restless > RESTLESS {
            self.patience.failed(NetError::Status(0), now, u32::MAX);
        }
        let change = round::weigh(store, docs, host, &mut self.known, now)?;
        if change.data {
            self.touch();
        }
        self.news.data |= change.data;
        self.news.help |= change.help;
        self.news.signed_out |= change.signed_out;
        more |= change.epochs || store.read(|tx| ask::is_unread(tx, now))?;
        self.look_at = if more { 0 } else { now + LOOK };
        if !more {
            self.looked = true;
            self.current = true;
            store.tx(|tx| inviting::watch_all(tx, docs, now + self.clock))?;
            self.news.pairing |= store.tx(|tx| {
                status::exchanged(tx, now)?;
                pairing::fetched(tx)
            })?;
        }
        Ok(())
    }

    fn failed(&mut self, store: &mut Store, host: &impl Ground, sent: &Sent, error: NetError) -> Result<()> {
        self.current &= matches!(error, NetError::Refused(_));
        if sent.purpose == Purpose::Meeting
            && store.tx(|tx| meeting::failed(tx, &sent.call, &error, host.now_ms() + self.clock))?
        {
            return Ok(());
        }
        if let (Purpose::Create(id), NetError::Refused(ErrorCode::Conflict)) = (&sent.purpose, &error) {
            // Another device of the account made it, under an older owner secret.
            return store.tx(|tx| tx.set_created(*id, true));
        }
        if let (Purpose::Create(id), NetError::Refused(_)) = (&sent.purpose, &error)
            && store.tx(|tx| folding::refused(&keys::personal(tx)?, *id, host.now_ms()))?
        {
            return Ok(());
        }
        if let (Purpose::Trim(id, to), NetError::Refused(_)) = (&sent.purpose, &error) {
            // Made under an owner secret that is not known here: whoever knows it trims it.
            return store.tx(|tx| tx.set_trimmed(*id, *to));
        }
        if sent.purpose == Purpose::Pairing {
            self.news.pairing |= store.tx(|tx| pairing::failed(tx, &sent.call, &error))?;
            if matches!((&sent.call, &error), (Call::Delete(..), NetError::Refused(_))) {
                // The rendezvous is gone already: nothing to wait for.
                return Ok(());
            }
        }
        self.patience.failed(error, host.now_ms(), luck(host));
        Ok(())
    }

    fn hear_clock(&mut self, answer: &SyncResponse, now: Millis) {
        let relay = i64::try_from(answer.now).unwrap_or(i64::MAX / 1000).saturating_mul(1000);
        self.clock = if answer.now == 0 { 0 } else { relay.saturating_sub(now) };
    }

    fn idle(&mut self, pause: Pause) -> Next {
        self.news.sync |= std::mem::replace(&mut self.busy, false);
        Next::Idle(pause)
    }

    fn pause(&self, store: &mut Store, now: Millis, relay: RelayChoice) -> Result<Pause> {
        let deaf = self.line.wait_until(now);
        let listen =
            if deaf.is_some() { None } else { store.read(ask::listen)?.map(|listen| (relay, listen)) };
        let due = store.read(|tx| tx.next_outgoing())?;
        let pairing = store.read(pairing::next_time)?;
        let meeting = store.read(meeting::next_time)?;
        let repair = store.read(|tx| due_next(tx, now))?;
        let until = [Some(self.look_at), deaf, due, pairing, meeting, repair]
            .into_iter()
            .flatten()
            .filter(|at| *at > now)
            .min();
        Ok(Pause { until, listen })
    }

    /// Looks at the relay now, also in the middle of a back-off.
    pub fn hurry(&mut self, store: &mut Store) -> Result<()> {
        self.patience.hurry();
        self.look_at = 0;
        self.line.hurry();
        store.tx(hurry_meetings)
    }

    /// The line to the relay told of something, or broke: then there is a look before the next line, as soon as lines
    /// that break at once allow.
    pub fn woken(
        &mut self,
        store: &mut Store,
        host: &impl Ground,
        outcome: Result<(), NetError>,
    ) -> Result<()> {
        let now = host.now_ms();
        if !(0..LINE_WAIT).contains(&(now - self.line_since)) {
            self.line.worked();
        }
        match outcome {
            Ok(()) => {
                self.line.worked();
                self.look_at = 0;
                store.tx(hurry_meetings)
            }
            Err(error) => {
                self.current = false;
                self.line.failed(error, now, luck(host));
                self.look_at = self.look_at.min(self.line.wait_until(now).unwrap_or(now));
                Ok(())
            }
        }
    }

    /// The time that devices agree on best: the relay's, where it was heard.
    pub fn shared_now(&self, host: &impl Ground) -> Millis {
        host.now_ms() + self.clock
    }

    /// What the sync line says of the exchange itself.
    pub fn state(&self) -> SyncState {
        if let Some(state) = self.patience.state() {
            return state;
        }
        if self.clock.abs() > CLOCK_SLACK {
            return SyncState::Failed { code: "clock-wrong".to_owned(), retry_at: self.look_at };
        }
        if self.busy { SyncState::Busy } else { SyncState::Idle }
    }

    /// What changed since this was last asked.
    pub fn news(&mut self) -> News {
        std::mem::take(&mut self.news)
    }
}

fn hurry_meetings(tx: &Tx<'_>) -> Result<()> {
    pairing::hurry(tx)?;
    tx.hurry_rendezvous()
}

/// When something of a space is due, if anything is.
fn due_next(tx: &Tx<'_>, now: Millis) -> Result<Option<Millis>> {
    let spaces = keys::spaces(tx)?;
    let due = spaces.iter().map(|space| repair::next_time(&tx.within(space.0), now));
    Ok(due.collect::<Result<Vec<_>>>()?.into_iter().flatten().min())
}

fn luck(host: &impl Ground) -> u32 {
    u32::from_le_bytes(host.bytes())
}
