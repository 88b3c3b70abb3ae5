//! The small asynchronous rim around the engine: makes the calls it wants, and waits between them.

use std::pin::pin;

use futures_util::future::{Either, select};
use trellis_api_types::Millis;
use trellis_api_types::sync::RelayChoice;
use trellis_protocol::wire::SyncRequest;

use crate::error::{Error, Result};
use crate::net::address;
use crate::sync::engine::effects::{Next, Pause, Sent};
use crate::transport::{Call, NetError, Reply, Transport};

/// Whoever owns the engine. The door is never held across an await, so the screens stay alive meanwhile.
pub trait Door {
    /// What the engine wants done next.
    fn next(&self) -> Result<Next>;
    /// The outcome of a call.
    fn done(&self, sent: Sent, outcome: Result<Reply, NetError>) -> Result<()>;
    /// The line to the relay told of something new (`Ok`), or broke.
    fn woken(&self, outcome: Result<(), NetError>);
}

/// Time between rounds.
#[allow(async_fn_in_trait)]
pub trait Rest {
    /// Returns at `until` (for ever if none), or earlier when something was saved or asked for here.
    async fn rest(&self, until: Option<Millis>);
}

/// Tries a relay without choosing it. Errors: `bad-address`, `plain-http`, `bad-proxy`, and the codes of [`NetError`].
pub async fn test_relay(transport: &impl Transport, relay: &RelayChoice) -> Result<()> {
    let relay = address::checked(relay).map_err(|e| Error::new(e.code(), e))?;
    let outcome = transport.call(&relay, &Call::Sync(SyncRequest::default())).await;
    outcome.map(drop).map_err(|e| Error::new(e.code(), e).retry())
}

/// Exchanges until there is nothing more to do now.
pub async fn run_until_idle(door: &impl Door, transport: &impl Transport) -> Result<Pause> {
    loop {
        match door.next()? {
            Next::Idle(pause) => return Ok(pause),
            Next::Call(sent) => {
                let outcome = transport.call(&sent.relay, &sent.call).await;
                door.done(*sent, outcome)?;
            }
        }
    }
}

/// Waits out a pause: until its time, until something changed here, or until the relay tells of news.
pub async fn wait(door: &impl Door, transport: &impl Transport, rest: &impl Rest, pause: Pause) {
    let Some((relay, listen)) = pause.listen else { return rest.rest(pause.until).await };
    let told = pin!(transport.wake(&relay, &listen));
    let rested = pin!(rest.rest(pause.until));
    if let Either::Left((outcome, _)) = select(told, rested).await {
        door.woken(outcome);
    }
}

/// Exchanges for as long as the future is polled. A failing store ends the round, not the loop.
pub async fn run(door: &impl Door, transport: &impl Transport, rest: &impl Rest) {
    loop {
        match run_until_idle(door, transport).await {
            Ok(pause) => wait(door, transport, rest, pause).await,
            Err(error) => {
                tracing::warn!(code = error.code, "exchange stopped");
                rest.rest(None).await;
            }
        }
    }
}
