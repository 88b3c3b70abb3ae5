//! What every call can reach.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use trellis_protocol::ErrorCode;

use crate::caller::Sending;
use crate::config::Config;
use crate::household::Proxies;
use crate::hub::Hub;
use crate::inflight::InFlight;
use crate::limiter::Limiter;
use crate::metrics::Metrics;
use crate::problem::{Problem, Reply};
use crate::store::{Done, Store, Work};

/// One running relay.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) proxies: Proxies,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) hub: Arc<Hub>,
    pub(crate) limiter: Limiter,
    pub(crate) inflight: InFlight,
    /// Places for connections.
    pub(crate) connections: Arc<Semaphore>,
    /// Places for event streams: a quarter of all connections is kept for calls.
    pub(crate) streams: Arc<Semaphore>,
    pub(crate) metrics: Metrics,
    pub(crate) stop: CancellationToken,
}

impl App {
    pub(crate) fn new(
        config: Config,
        proxies: Proxies,
        store: Arc<dyn Store>,
        hub: Arc<Hub>,
        metrics: Metrics,
    ) -> Self {
        let (limiter, inflight) = (Limiter::new(&config), InFlight::new(config.memory));
        let streams = Arc::new(Semaphore::new((config.max_connections / 4 * 3).max(1)));
        let connections = Arc::new(Semaphore::new(config.max_connections));
        let stop = CancellationToken::new();
        Self { config, proxies, store, hub, limiter, inflight, connections, streams, metrics, stop }
    }

    /// Works to the end even if the caller hangs up meanwhile, and holds what the call holds for as long.
    pub(crate) async fn exchange(
        self: &Arc<Self>,
        work: Vec<Work>,
        budget: usize,
        sending: Sending,
    ) -> Reply<(Vec<Option<Done>>, Sending)> {
        let app = self.clone();
        let exchange = async move { Ok((app.store.sync(work, budget).await?, sending)) };
        tokio::spawn(exchange).await.map_err(|_| Problem::from(ErrorCode::Internal))?
    }
}
