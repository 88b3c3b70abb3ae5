//! The engine: says which call comes next, and takes in what came back. It keeps nothing that a restart may not lose.

pub mod backoff;
pub mod effects;
pub mod pace;
pub mod request;
pub mod turns;

use chrono::TimeDelta;
use trellis_api_types::Millis;
use trellis_api_types::sync::{RelayChoice, SyncState};
use trellis_protocol::ErrorCode;
use trellis_protocol::wire::{Appended, MailboxResult, MailboxStatus, SyncResponse};

use crate::error::Result;
use crate::fault;
use crate::sync::compaction::job::{Folding, Limit};
use crate::sync::compaction::{job, trim};
use crate::sync::engine::backoff::Patience;
use crate::sync::engine::effects::{News, Next, Pause, Purpose, Sent, Visit};
use crate::sync::engine::pace::Pace;
use crate::sync::engine::turns::Turns;
use crate::sync::ingest::{apply, response};
use crate::sync::joining::{invites, pairing, rendezvous};
use crate::sync::shared::sharing::Days;
use crate::sync::space_state::{Kept, Known};
use crate::sync::{Ground, anti_entropy, keys, relay_choice};
use crate::transport::{Call, NetError, Reply};

use crate::crdt::Docs;
use crate::space::SpaceId;
use crate::store::{SpaceTx, Store, Tx};

/// Between two looks at the relay while it would tell of news, milliseconds.
const LOOK: i64 = 15 * 60_000;
/// Longest wait before the next line to the relay, after lines that broke, milliseconds.
const LINE_WAIT: i64 = 60_000;
/// After so many answers in a row that name another history the relay is left alone for a while.
const RESTLESS: u32 = 20;
/// The end of the year 9999, seconds.
const LATEST: u64 = 253_402_300_799;
/// How far the relay's clock may be from this device's, milliseconds.
pub const CLOCK_SLACK: i64 = 24 * 3_600_000;

/// What exchange knows while the app runs.
pub struct Engine {
    patience: Patience,
    /// Steps that panicked.
    breaks: Patience,
    /// How much goes in one call.
    pace: Pace,
    /// When the last call began.
    called_at: i64,
    /// When the mailboxes are looked at next, in running time.
    look_at: i64,
    /// Whose turn it is.
    turns: Turns,
    /// Lines to the relay that broke.
    line: Patience,
    /// When the current line to the relay was asked for, in running time.
    line_since: i64,
    busy: bool,
    /// Everything was read once since the start. Before that nothing is signed: an older copy of the database must
    /// first see what it has forgotten.
    looked: bool,
    /// Everything was read and no call has failed since: what is shared may follow what is private.
    current: bool,
    /// Something private, or what may be shared of it, changed since it was shared, or the day did.
    unshared: Option<Days>,
    /// The relay's clock as it was heard.
    clock: Clock,
    /// Answers in a row that named another history.
    restless: u32,
    /// What the items say about who may write.
    known: Kept,
    /// Making snapshots.
    pub(in crate::sync) folding: Folding,
    /// What changed since it was last asked.
    news: News,
}

/// What is known of the relay's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clock {
    /// Nothing yet since the start.
    Unheard,
    /// It tells no time.
    Silent,
    /// So far ahead of running time, milliseconds: setting this device's clock does not move it.
    Ahead(i64),
}

impl Default for Engine {
    fn default() -> Self {
        let patience = Patience::default();
        Self {
            patience,
            breaks: Patience::default(),
            pace: Pace::default(),
            called_at: 0,
            look_at: 0,
            turns: Turns::default(),
            line: Patience::up_to(LINE_WAIT),
            line_since: 0,
            busy: false,
            looked: false,
            current: false,
            unshared: None,
            clock: Clock::Unheard,
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
        let now = host.running_ms();
        let place =
            store.read(|tx| if keys::signed_out(tx)? { Ok(None) } else { relay_choice::place(tx) })?;
        let Some(relay) = place else { return Ok(self.idle(Pause::default())) };
        if let Some(until) = self.patience.wait_until(now).max(self.breaks.wait_until(now)) {
            return Ok(self.idle(Pause { until: Some(until + ahead(host)), listen: None }));
        }
        let Some((call, purpose)) = self.find(store, docs, host, &relay)? else {
            let pause = self.pause(store, host, relay)?;
            self.line_since = now;
            return Ok(self.idle(pause));
        };
        self.called_at = now;
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
                let carried = sent.call.brings().max(reply.brings());
                self.pace.worked(carried, host.running_ms() - self.called_at);
                self.answered(store, docs, host, sent, reply)
            }
        }
    }

    /// The next call. A relay that is only lent hears of no mailbox but those of the invitations.
    fn find(
        &mut self,
        store: &mut Store,
        docs: &mut Docs,
        host: &impl Ground,
        relay: &RelayChoice,
    ) -> Result<Option<(Call, Purpose)>> {
        if store.read(relay_choice::is_lent)? {
            let look = store.read(|tx| rendezvous::look(tx, self.shared_now(host)))?;
            return Ok(look.map(|call| (call, Purpose::Meeting)));
        }
        match self.meet(store, host)? {
            Some(found) => Ok(Some(found)),
            None => self.exchange(store, docs, host, relay),
        }
    }

    /// People who wait at a rendezvous come first. What says how long it stands waits for the relay's clock: this device's
    /// may be wrong.
    fn meet(&self, store: &mut Store, host: &impl Ground) -> Result<Option<(Call, Purpose)>> {
        if self.clock == Clock::Unheard && store.read(waits_for_clock)? {
            return Ok(None);
        }
        let now = self.shared_now(host);
        if let Some(call) = store.tx(|tx| pairing::call(tx, now))? {
            return Ok(Some((call, Purpose::Pairing)));
        }
        Ok(store.read(|tx| rendezvous::call(tx, now))?.map(|call| (call, Purpose::Meeting)))
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
            apply::prepare(store, docs, host, &mut self.known, &mut self.folding, now)?;
            self.share(store, docs, host)?;
            self.breaks.worked();
        }
        let running = host.running_ms();
        let (look, pace) = (running >= self.look_at, self.pace);
        let when = request::When { now, running, look, pace, turns: &self.turns };
        let asked = store.read(|tx| request::next(tx, relay, &when))?;
        // What is left is said to be missing and cannot be made: that holds nothing else up.
        let over = asked.is_none() && when.look && self.turns.has_visited();
        if over && !store.read(|tx| request::is_left(tx, &self.turns, now))? {
            self.end_look(store, docs, host)?;
            return self.exchange(store, docs, host, relay);
        }
        // With a wrong clock a month may pass in a moment.
        let trims = self.looked && self.clock_error(host).abs() <= CLOCK_SLACK;
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
        let days = self.days(host);
        let due = host.running_ms() >= self.look_at;
        if !self.current || due || self.unshared == Some(days) {
            return Ok(());
        }
        if apply::share(store, docs, &mut self.known, days, host.now_ms())? {
            self.unshared = Some(days);
        }
        Ok(())
    }

    /// The local day by this device's clock and by the relay's: either may be wrong.
    pub fn days(&self, host: &impl Ground) -> Days {
        let (local, error) = (host.local(), self.clock_error(host));
        let day =
            |error: i64| local.checked_add_signed(TimeDelta::milliseconds(error)).unwrap_or(local).date();
        Days { latest: day(error.max(0)), earliest: day(error.min(0)) }
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
        if let Reply::Sync(answer) = &reply {
            self.hear_clock(store, docs, host, answer)?;
        }
        match (sent.purpose, reply) {
            (Purpose::Pairing, reply) => {
                self.news.pairing = true;
                let now = self.shared_now(host);
                let joined = store.tx(|tx| pairing::answered(tx, host, &sent.call, &reply, now))?;
                self.look_at = if joined { 0 } else { self.look_at };
                Ok(())
            }
            (Purpose::Meeting, reply) => {
                self.news.data = true;
                let now = self.shared_now(host);
                let entered = store.tx(|tx| rendezvous::answered(tx, docs, &sent.call, &reply, now));
                if entered.is_err() {
                    docs.forget_all();
                }
                self.look_at = if entered? { 0 } else { self.look_at };
                Ok(())
            }
            (Purpose::Create(id), _) => {
                self.turns.made(id);
                store.tx(|tx| {
                    keys::made(tx, id)?;
                    job::created(&keys::personal(tx)?, id)
                })
            }
            (Purpose::Trim(id, to), _) => store.tx(|tx| tx.set_trimmed(id, to)),
            (Purpose::Exchange(visits), Reply::Sync(answer)) => {
                self.taken(store, docs, host, &visits, answer)
            }
            (Purpose::Exchange(_), Reply::Done) | (Purpose::Watch, _) => Ok(()),
        }
    }

    fn taken(
        &mut self,
        store: &mut Store,
        docs: &mut Docs,
        host: &impl Ground,
        visits: &[Visit],
        answer: SyncResponse,
    ) -> Result<()> {
        let now = host.now_ms();
        let (mut more, mut changed) = (false, answer.mailboxes.len() != visits.len());
        let gave = |one: &MailboxResult| !one.envelopes.is_empty() || !one.ids.is_empty();
        let beside = answer.mailboxes.iter().any(gave);
        let visits = visits.iter().map(|visit| Visit { beside, ..visit.clone() });
        for (visit, result) in visits.zip(answer.mailboxes) {
            fault::point()?;
            // What was only on this device is so no longer, and the screens say which is which.
            self.news.data |= result.appended.iter().any(|one| matches!(one, Appended::Stored(_)));
            if result.status == MailboxStatus::Missing {
                self.turns.missing(visit.mailbox, host.running_ms(), luck(host));
            }
            let taken = store.tx(|tx| response::result(tx, host, &visit, result, now))?;
            if !taken.more {
                self.turns.visited(visit.mailbox);
            }
            more |= taken.more;
            changed |= taken.changed;
        }
        self.restless = if changed { self.restless + 1 } else { 0 };
        if self.restless > RESTLESS {
            self.patience.failed(NetError::Status(0), host.running_ms(), u32::MAX);
        }
        let clocks = (now, self.shared_now(host));
        let change = apply::weigh(store, docs, host, &mut self.known, clocks)?;
        if change.data {
            self.touch();
        }
        self.news.data |= change.data;
        self.news.help |= change.help;
        self.news.signed_out |= change.signed_out;
        more |= change.epochs || store.read(|tx| request::is_left(tx, &self.turns, now))?;
        self.look_at = 0;
        if more { Ok(()) } else { self.end_look(store, docs, host) }
    }

    /// Everything was read that the relay gives now.
    fn end_look(&mut self, store: &mut Store, docs: &mut Docs, host: &impl Ground) -> Result<()> {
        self.look_at = host.running_ms() + LOOK;
        self.turns.begin_look();
        if !self.looked {
            apply::end_first_look(store, docs, host, &mut self.known)?;
            self.looked = true;
        }
        self.current = true;
        let (now, shared) = (host.now_ms(), self.shared_now(host));
        store.tx(|tx| invites::watch_all(tx, docs, shared))?;
        self.news.pairing |= store.tx(|tx| {
            relay_choice::exchanged(tx, now)?;
            pairing::fetched(tx)
        })?;
        Ok(())
    }

    fn failed(&mut self, store: &mut Store, host: &impl Ground, sent: &Sent, error: NetError) -> Result<()> {
        if matches!(sent.purpose, Purpose::Exchange(_)) && !matches!(error, NetError::RateLimited { .. }) {
            self.pace.failed();
        }
        self.current &= matches!(error, NetError::Refused(_));
        if sent.purpose == Purpose::Meeting
            && store.tx(|tx| rendezvous::failed(tx, &sent.call, &error, self.shared_now(host)))?
        {
            return Ok(());
        }
        if let (Purpose::Create(id), NetError::Refused(ErrorCode::Conflict)) = (&sent.purpose, &error) {
            // Another device of the account made it, under an older owner secret.
            self.turns.made(*id);
            return store.tx(|tx| tx.set_created(*id, true));
        }
        if let Purpose::Create(id) = sent.purpose
            && error.is_answer()
        {
            return self.not_made(store, host, id, error);
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
        self.patience.failed(error, host.running_ms(), luck(host));
        Ok(())
    }

    /// The relay answered, and does not make a mailbox now: all others go on.
    fn not_made(
        &mut self,
        store: &mut Store,
        host: &impl Ground,
        id: trellis_protocol::ids::MailboxId,
        error: NetError,
    ) -> Result<()> {
        let refused = matches!(error, NetError::Refused(_));
        if refused && store.tx(|tx| job::refused(&keys::personal(tx)?, id, host.now_ms()))? {
            return Ok(());
        }
        self.turns.refused(id, error, host.running_ms(), luck(host));
        Ok(())
    }

    fn hear_clock(
        &mut self,
        store: &mut Store,
        docs: &mut Docs,
        host: &impl Ground,
        answer: &SyncResponse,
    ) -> Result<()> {
        let told = told(answer.now) - host.running_ms();
        let heard = if answer.now == 0 { Clock::Silent } else { Clock::Ahead(told) };
        if std::mem::replace(&mut self.clock, heard) != Clock::Unheard {
            return Ok(());
        }
        let dated = store.tx(|tx| {
            pairing::date(tx, host, self.shared_now(host))?;
            invites::date(tx, docs, host, self.shared_now(host))
        });
        if dated.is_err() {
            docs.forget_all();
        }
        dated
    }

    fn idle(&mut self, pause: Pause) -> Next {
        self.news.sync |= std::mem::replace(&mut self.busy, false);
        Next::Idle(pause)
    }

    fn pause(&self, store: &mut Store, host: &impl Ground, relay: RelayChoice) -> Result<Pause> {
        let (now, running, shared) = (host.now_ms(), host.running_ms(), self.shared_now(host));
        let deaf = self.line.wait_until(running);
        let listen =
            if deaf.is_some() { None } else { store.read(request::listen)?.map(|listen| (relay, listen)) };
        // Each by its own clock: how long until then is what counts.
        let by = |clock: i64| move |at: i64| at.saturating_sub(clock);
        let due = store.read(|tx| tx.next_outgoing(now))?.map(by(now));
        let pairing = store.read(pairing::next_time)?.map(by(shared));
        let meeting = store.read(|tx| rendezvous::next_time(tx, shared))?.map(by(shared));
        let repair = store.read(|tx| due_next(tx, now))?.map(by(now));
        let look = Some(self.look_at).map(by(running));
        let make = self.turns.next_try(running).map(by(running));
        let waits = [look, deaf.map(by(running)), make, due, pairing, meeting, repair];
        let shortest = waits.into_iter().flatten().filter(|wait| *wait > 0).min();
        Ok(Pause { until: shortest.map(|wait| now.saturating_add(wait)), listen })
    }

    /// Looks at the relay now, also in the middle of a back-off, and tries again what it refused.
    pub fn hurry(&mut self, store: &mut Store) -> Result<()> {
        self.patience.hurry();
        self.breaks.hurry();
        self.begin_look();
        self.turns.hurry();
        self.line.hurry();
        store.tx(|tx| {
            tx.hurry_outgoing()?;
            hurry_meetings(tx)
        })
    }

    /// Another relay was chosen: what the one before said of its clock, and how long it asked to wait, is nothing to it.
    pub fn moved(&mut self, store: &mut Store) -> Result<()> {
        self.patience.worked();
        self.line.worked();
        self.restless = 0;
        self.clock = Clock::Unheard;
        store.tx(|tx| if keys::has_account(tx)? { job::hurry(&keys::personal(tx)?) } else { Ok(()) })?;
        self.hurry(store)
    }

    /// A step panicked: nothing that memory held of the exchange is believed, and it goes on after a wait.
    pub fn broke(&mut self, host: &impl Ground) {
        let (patience, breaks) = (std::mem::take(&mut self.patience), std::mem::take(&mut self.breaks));
        let news = std::mem::take(&mut self.news);
        *self = Self { patience, breaks, news, ..Self::default() };
        self.breaks.failed(NetError::Broken, host.running_ms(), luck(host));
        self.news.sync = true;
    }

    /// The line to the relay told of something, or broke: then there is a look before the next line, as soon as lines
    /// that break at once allow.
    pub fn woken(
        &mut self,
        store: &mut Store,
        host: &impl Ground,
        outcome: Result<(), NetError>,
    ) -> Result<()> {
        let now = host.running_ms();
        if !(0..LINE_WAIT).contains(&(now - self.line_since)) {
            self.line.worked();
        }
        match outcome {
            Ok(()) => {
                self.line.worked();
                self.begin_look();
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

    /// All mailboxes are looked at now.
    fn begin_look(&mut self) {
        self.turns.begin_look();
        self.look_at = 0;
    }

    /// The time that devices agree on best: the relay's, where it was heard.
    pub fn shared_now(&self, host: &impl Ground) -> Millis {
        match self.clock {
            Clock::Unheard | Clock::Silent => host.now_ms(),
            Clock::Ahead(ahead) => host.running_ms().saturating_add(ahead),
        }
    }

    /// The relay's clock minus this one, milliseconds.
    pub fn clock_error(&self, host: &impl Ground) -> i64 {
        self.shared_now(host).saturating_sub(host.now_ms())
    }

    /// Whether the relay's clock was heard since the start.
    pub fn heard_clock(&self) -> bool {
        self.clock != Clock::Unheard
    }

    /// What the sync line says of the exchange itself.
    pub fn state(&self, host: &impl Ground) -> SyncState {
        let ahead = ahead(host);
        if let Some(state) = self.patience.state(ahead).or_else(|| self.breaks.state(ahead)) {
            return state;
        }
        if self.clock_error(host).abs() > CLOCK_SLACK {
            let retry_at = self.look_at + ahead;
            return SyncState::Failed { code: "clock-wrong".to_owned(), retry_at };
        }
        match self.turns.state(ahead) {
            _ if self.busy => SyncState::Busy,
            Some(refused) => refused,
            None => SyncState::Idle,
        }
    }

    /// What changed since this was last asked.
    pub fn news(&mut self) -> News {
        std::mem::take(&mut self.news)
    }
}

/// What a relay says of its clock, in milliseconds; no later than there are dates, so that adding to it is safe.
pub(in crate::sync) fn told(seconds: u64) -> Millis {
    i64::try_from(seconds.min(LATEST)).unwrap_or(0) * 1000
}

/// How far this device's clock is ahead of running time, milliseconds.
fn ahead(host: &impl Ground) -> i64 {
    host.now_ms() - host.running_ms()
}

/// Whether something was offered here that nobody can have seen, and that ends after a time.
fn waits_for_clock(tx: &Tx<'_>) -> Result<bool> {
    Ok(pairing::is_undated(tx)? || invites::is_undated(tx)?)
}

fn hurry_meetings(tx: &Tx<'_>) -> Result<()> {
    pairing::hurry(tx)?;
    tx.hurry_rendezvous()
}

/// When something of a space is due, if anything is.
fn due_next(tx: &Tx<'_>, now: Millis) -> Result<Option<Millis>> {
    let spaces = keys::spaces(tx)?;
    let due = spaces.iter().map(|space| anti_entropy::next_time(&tx.within(space.0), now));
    Ok(due.collect::<Result<Vec<_>>>()?.into_iter().flatten().min())
}

fn luck(host: &impl Ground) -> u32 {
    u32::from_le_bytes(host.bytes())
}
