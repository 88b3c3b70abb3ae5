//! The relay and the exchange with it. The shell makes the calls; see [`crate::sync::driver`].

use std::panic::{AssertUnwindSafe, catch_unwind};

use trellis_api_types::app::Event;
use trellis_api_types::sync::{RelayChoice, RelayGet, RelaySave, SyncGet, SyncLine, SyncNow};

use super::App;
use super::lockfile::LockFile;
use crate::error::{Error, Result};
use crate::net::address;
use crate::platform::Host;
use crate::sync::watch::Watch;
use crate::sync::{Next, Pause, Sent};
use crate::sync::{devices, relay_choice, status};
use crate::transport::{NetError, Reply};

impl<H: Host> App<H> {
    /// The sync line.
    pub fn sync_get(&mut self, SyncGet {}: SyncGet) -> Result<SyncLine> {
        let (session, host) = self.parts()?;
        let engine = &session.exchange;
        session.store.read(|tx| status::line(tx, engine, host))
    }

    /// Exchanges now: the shell goes on with [`crate::sync::driver::run`] when it is told.
    pub fn sync_now(&mut self, SyncNow {}: SyncNow) -> Result<()> {
        let session = self.session()?;
        session.exchange.hurry(&mut session.store)
    }

    /// The chosen relay; one that a link lends is not chosen.
    pub fn relay_get(&mut self, RelayGet {}: RelayGet) -> Result<RelayChoice> {
        self.session()?.read(|tx, _| relay_choice::own_choice(tx))
    }

    /// Chooses a relay, or none. Without an address one that is lent stays lent. Errors: `bad-address`, `plain-http`,
    /// `bad-proxy`.
    pub fn relay_save(&mut self, RelaySave { relay }: RelaySave) -> Result<()> {
        let relay = address::checked(&relay).map_err(|e| Error::new(e.code(), e))?;
        let session = self.session()?;
        let moved = session.store.tx(|tx| {
            if relay.address.is_empty() && relay_choice::is_lent(tx)? {
                return relay_choice::set_own_way(tx, &relay).map(|()| false);
            }
            relay_choice::set_choice(tx, &relay)
        })?;
        if moved {
            session.exchange.moved(&mut session.store)
        } else {
            session.exchange.hurry(&mut session.store)
        }
    }

    /// What exchange wants done next. While locked it only looks whether somebody knocks.
    pub fn exchange_next(&mut self) -> Result<Next> {
        self.guarded(Self::next_step).unwrap_or_else(|| self.next_step())
    }

    fn next_step(&mut self) -> Result<Next> {
        if !self.is_open() {
            let now = self.host.running_ms();
            let ahead = self.host.now_ms() - now;
            let next = |watch: &Watch| watch.next(now, ahead);
            return Ok(self.watch.as_ref().map_or(Next::Idle(Pause::default()), next));
        }
        if !self.is_writable() {
            return Ok(Next::Idle(Pause::default()));
        }
        let (session, host) = self.parts()?;
        session.exchange.next(&mut session.store, &mut session.docs, host)
    }

    /// Takes in the outcome of a call. What was asked before locking or opening, or of another relay than the one of now, is
    /// dropped: it is asked for again.
    pub fn exchange_done(&mut self, sent: Sent, outcome: Result<Reply, NetError>) -> Result<()> {
        self.guarded(|app| app.done_step(sent, outcome)).unwrap_or(Ok(()))
    }

    /// Runs a step of the exchange. A panic ends the step and not the exchange: what memory held of it is dropped, and the
    /// store has rolled back what was begun. `None` after one.
    fn guarded<T>(&mut self, step: impl FnOnce(&mut Self) -> Result<T>) -> Option<Result<T>> {
        let done = catch_unwind(AssertUnwindSafe(|| step(self))).ok();
        if done.is_none() {
            tracing::error!("a step of the exchange panicked");
            if let Some(session) = &mut self.session {
                session.docs.forget_all();
                session.exchange.broke(&self.host);
                if let Err(error) = session.follow_writer() {
                    tracing::warn!(code = error.code, "the writer after a panic");
                }
            }
        }
        done
    }

    fn done_step(&mut self, sent: Sent, outcome: Result<Reply, NetError>) -> Result<()> {
        if sent.is_watch() {
            let (now, luck) = (self.host.running_ms(), luck(&self.host));
            self.watch.iter_mut().for_each(|watch| watch.done(outcome.clone(), now, luck));
        }
        if sent.is_watch() || !self.is_open() {
            return Ok(());
        }
        let (session, host) = self.parts()?;
        if session.store.read(relay_choice::choice)?.address != sent.relay.address {
            return Ok(());
        }
        // Refusals have the same form wherever they come from: the wrong path of a relay, or another service altogether.
        let heard = matches!(outcome, Ok(Reply::Sync(_)));
        if heard && session.store.read(relay_choice::is_unheard)? {
            session.store.tx(relay_choice::heard)?;
        }
        let done = session.exchange.done(&mut session.store, &mut session.docs, host, sent, outcome);
        session.follow_writer()?;
        done
    }

    /// The line to the relay told of something, or broke.
    pub fn exchange_woken(&mut self, outcome: Result<(), NetError>) -> Result<()> {
        if !self.is_open() {
            let (now, luck) = (self.host.running_ms(), luck(&self.host));
            self.watch.iter_mut().for_each(|watch| watch.woken(outcome.clone(), now, luck));
            return Ok(());
        }
        let (session, host) = self.parts()?;
        session.exchange.woken(&mut session.store, host, outcome)
    }

    /// What the screens have to be told since this was last asked; also does what being let in or signed out asks for.
    pub fn exchange_news(&mut self) -> Result<Vec<Event>> {
        let now = self.host.running_ms();
        let Some(session) = &mut self.session else {
            let tells = self.watch.as_mut().is_some_and(|watch| watch.tells(now));
            return Ok(tells.then_some(Event::Waiting).into_iter().collect());
        };
        let news = session.exchange.news();
        let mut events = Vec::new();
        if news.pairing && self.finish_joining()? {
            events.push(Event::Status);
        }
        let told = [
            (news.data, Event::Data),
            (news.help, Event::Help),
            (news.sync, Event::Sync),
            (news.pairing, Event::Pairing),
        ];
        events.extend(told.into_iter().filter(|(is, _)| *is).map(|(_, event)| event));
        if news.signed_out {
            self.seal_away()?;
            events.push(Event::Status);
        }
        Ok(events)
    }

    /// What is watched once this locks. Locking itself waits for nothing and never fails for it.
    pub(super) fn begin_watch(&mut self) -> Option<Watch> {
        let session = self.session.as_mut()?;
        if session.is_joining().unwrap_or(true) {
            return None;
        }
        let begun = Watch::begin(&mut session.store, &mut session.docs, &mut session.exchange, &self.host);
        begun.unwrap_or_else(|error| {
            tracing::warn!(code = error.code, "nothing is watched while locked");
            None
        })
    }

    /// A device that was let in counts from now on. True if it has just happened.
    fn finish_joining(&mut self) -> Result<bool> {
        if self.session()?.is_joining()? {
            return Ok(false);
        }
        let Some(mut file) = LockFile::read(&self.host)?.filter(|file| !file.ready) else { return Ok(false) };
        file.ready = true;
        file.write(&self.host)?;
        Ok(true)
    }
}

fn luck(host: &impl Host) -> u32 {
    u32::from_le_bytes(host.bytes())
}

impl super::Session {
    /// Whether this device still waits to be let in.
    pub fn is_joining(&mut self) -> Result<bool> {
        self.store.read(|tx| Ok(!devices::exists(tx)?))
    }

    /// Writes as the writer that the store names: a pull may have shown that this copy is an older one.
    fn follow_writer(&mut self) -> Result<()> {
        let writer = self.store.read(super::session::writer)?;
        if writer != self.docs.writer() {
            self.docs.set_writer(writer);
        }
        Ok(())
    }
}
