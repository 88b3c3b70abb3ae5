//! The relay and the exchange with it. The shell makes the calls; see [`crate::sync::driver`].

use trellis_api_types::app::Event;
use trellis_api_types::sync::{RelayChoice, RelayGet, RelaySave, SyncGet, SyncLine, SyncNow};

use super::App;
use super::lockfile::LockFile;
use crate::error::{Error, Result};
use crate::net::address;
use crate::platform::Host;
use crate::sync::{NetError, Next, Pause, Reply, Sent, account, status};

impl<H: Host> App<H> {
    /// The sync line.
    pub fn sync_get(&mut self, SyncGet {}: SyncGet) -> Result<SyncLine> {
        let session = self.session()?;
        let engine = &session.exchange;
        session.store.read(|tx| status::line(tx, engine))
    }

    /// Exchanges now: the shell goes on with [`crate::sync::driver::run`] when it is told.
    pub fn sync_now(&mut self, SyncNow {}: SyncNow) -> Result<()> {
        let session = self.session()?;
        session.exchange.hurry(&mut session.store)
    }

    /// The chosen relay.
    pub fn relay_get(&mut self, RelayGet {}: RelayGet) -> Result<RelayChoice> {
        self.session()?.read(|tx, _| status::choice(tx))
    }

    /// Chooses a relay, or none. Errors: `bad-address`, `plain-http`, `bad-proxy`.
    pub fn relay_save(&mut self, RelaySave { relay }: RelaySave) -> Result<()> {
        let relay = address::checked(&relay).map_err(|e| Error::new(e.code(), e))?;
        let session = self.session()?;
        session.store.tx(|tx| status::set_choice(tx, &relay))?;
        session.exchange.hurry(&mut session.store)
    }

    /// What exchange wants done next. While locked, nothing.
    pub fn exchange_next(&mut self) -> Result<Next> {
        if !self.is_open() {
            return Ok(Next::Idle(Pause::default()));
        }
        let (session, host) = self.parts()?;
        session.exchange.next(&mut session.store, &mut session.docs, host)
    }

    /// Takes in the outcome of a call. What comes after locking is dropped: it is asked for again.
    pub fn exchange_done(&mut self, sent: Sent, outcome: Result<Reply, NetError>) -> Result<()> {
        if !self.is_open() {
            return Ok(());
        }
        let (session, host) = self.parts()?;
        let done = session.exchange.done(&mut session.store, &mut session.docs, host, sent, outcome);
        session.follow_writer()?;
        done
    }

    /// The line to the relay told of something, or broke.
    pub fn exchange_woken(&mut self, outcome: Result<(), NetError>) -> Result<()> {
        if !self.is_open() {
            return Ok(());
        }
        let (session, host) = self.parts()?;
        session.exchange.woken(&mut session.store, host, outcome)
    }

    /// What the screens have to be told since this was last asked; also does what being let in or signed out asks for.
    pub fn exchange_news(&mut self) -> Result<Vec<Event>> {
        let Some(session) = &mut self.session else { return Ok(Vec::new()) };
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

impl super::Session {
    /// Whether this device still waits to be let in.
    pub fn is_joining(&mut self) -> Result<bool> {
        self.store.read(|tx| Ok(!account::exists(tx)?))
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
