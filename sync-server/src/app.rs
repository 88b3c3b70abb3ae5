//! What every call can reach.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use tokio_util::sync::CancellationToken;
use trellis_protocol::ErrorCode;

use crate::config::Config;
use crate::hub::Hub;
use crate::limiter::{Limiter, Stream, Wait};
use crate::metrics::Metrics;
use crate::problem::{Problem, Reply};
use crate::store::{Done, Store, Work};

/// One running relay.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) limiter: Limiter,
    pub(crate) metrics: Metrics,
    pub(crate) stop: CancellationToken,
}

impl App {
    pub(crate) fn new(config: Config, store: Arc<dyn Store>) -> Self {
        let limiter = Limiter::new(&config);
        Self {
            config,
            store,
            hub: Arc::default(),
            limiter,
            metrics: Metrics::default(),
            stop: CancellationToken::new(),
        }
    }
}

impl App {
    /// Works to the end even if the caller hangs up meanwhile: whoever listens must hear of what was stored.
    pub(crate) async fn exchange(
        self: Arc<Self>,
        work: Vec<Work>,
        budget: usize,
    ) -> Reply<Vec<Option<Done>>> {
        let exchange = async move {
            let mailboxes: Vec<_> = work.iter().map(|work| work.mailbox).collect();
            let done = self.store.sync(work, budget).await?;
            for (mailbox, done) in mailboxes.into_iter().zip(&done) {
                if let Some(done) = done.as_ref().filter(|done| done.grew) {
                    self.hub.grown(mailbox, done.head.seq);
                }
            }
            Ok(done)
        };
        tokio::spawn(exchange).await.map_err(|_| Problem::from(ErrorCode::Internal))?
    }
}

impl From<Wait> for Problem {
    fn from(wait: Wait) -> Self {
        Self::rate_limited(wait.0)
    }
}

/// Address at the other end of the connection.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Who calls, charged for the call itself. Never logged, never stored.
pub(crate) struct Caller(IpAddr);

impl Caller {
    /// Charges the caller for the mailboxes that the call names.
    pub(crate) fn names(&self, app: &App, mailboxes: usize) -> Reply<()> {
        Ok(app.limiter.call(self.0, mailboxes)?)
    }

    /// Counts the event stream that the caller opens.
    pub(crate) fn listens(&self, app: &App) -> Reply<Stream> {
        Ok(app.limiter.stream(self.0)?)
    }

    /// Charges the caller for creating a mailbox.
    pub(crate) fn creates(&self, app: &App) -> Reply<()> {
        Ok(app.limiter.create(self.0)?)
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Reply<Self> {
        let peer = parts.extensions.get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0);
        let address = forwarded(parts, app.config.trusted_proxies).unwrap_or(peer);
        app.limiter.call(address, 1)?;
        Ok(Self(address))
    }
}

/// The address that the outermost trusted proxy saw; whatever stands before it in the header is hearsay.
fn forwarded(parts: &Parts, proxies: usize) -> Option<IpAddr> {
    let back = proxies.checked_sub(1)?;
    let headers = parts.headers.get_all("x-forwarded-for").iter();
    let hops: Vec<_> =
        headers.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
    hops.iter().rev().nth(back)?.trim().parse().ok()
}
