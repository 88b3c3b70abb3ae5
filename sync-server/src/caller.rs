//! Who calls, counted before anything is done. Addresses are never logged and never stored.

use std::net::IpAddr;
use std::sync::{Arc, Once};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::inflight::Held;
use crate::limiter::Wait;
use crate::problem::{Problem, Reply};
use crate::shares::Share;

/// The other end of a connection.
#[derive(Clone)]
pub(crate) struct Peer {
    /// Its address.
    pub(crate) address: IpAddr,
    /// Cuts the connection.
    pub(crate) cut: CancellationToken,
}

/// One running call: charged to the household, and what it holds there.
pub(crate) struct Caller {
    address: IpAddr,
    cut: CancellationToken,
    running: Share,
}

impl Caller {
    /// Where the call comes from.
    pub(crate) fn address(&self) -> IpAddr {
        self.address
    }

    /// Charges the caller for the mailboxes that the call names.
    pub(crate) fn names(&self, app: &App, mailboxes: usize) -> Reply<()> {
        Ok(app.limiter.call(self.address, mailboxes)?)
    }

    /// Counts the event stream that the caller opens.
    pub(crate) fn listens(&self, app: &App) -> Reply<Share> {
        Ok(app.limiter.stream(self.address)?)
    }

    /// Charges the caller for creating a mailbox.
    pub(crate) fn creates(&self, app: &App) -> Reply<()> {
        Ok(app.limiter.create(self.address)?)
    }

    /// What goes with the answer until it is sent.
    pub(crate) fn answers(self, held: Held) -> Sending {
        Sending { cut: self.cut, _running: self.running, held }
    }
}

/// What an answer holds until its last byte has left.
pub(crate) struct Sending {
    /// Cuts the connection of a peer that takes its answer too slowly.
    pub(crate) cut: CancellationToken,
    /// The bytes.
    pub(crate) held: Held,
    _running: Share,
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Reply<Self> {
        let peer = parts.extensions.get::<Peer>().cloned();
        let Peer { address, cut } = peer.unwrap_or_else(nobody);
        let address = app.proxies.caller(address, &parts.headers).unwrap_or_else(|| {
            warn_of_proxy();
            address
        });
        app.limiter.call(address, 1)?;
        let running = app.limiter.run(address)?;
        // Whoever reads the body counts its bytes.
        parts.extensions.insert(Arriving(address));
        Ok(Self { address, cut, running })
    }
}

/// Marks a request with who it comes from, for the reader of its body.
#[derive(Clone, Copy)]
pub(crate) struct Arriving(pub(crate) IpAddr);

fn nobody() -> Peer {
    Peer { address: IpAddr::from([0, 0, 0, 0]), cut: CancellationToken::new() }
}

fn warn_of_proxy() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing::warn!("the proxy does not say who calls (X-Forwarded-For): all callers share one rate");
    });
}

impl From<Wait> for Problem {
    fn from(wait: Wait) -> Self {
        Self::rate_limited(wait.0)
    }
}
