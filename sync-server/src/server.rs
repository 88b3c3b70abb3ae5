//! Accepts connections, drops the ones that stall, and stops without losing anything.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinHandle;
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::app::App;
use crate::caller::Peer;
use crate::config::Config;
use crate::household::Proxies;
use crate::hub::Hub;
use crate::metrics::Metrics;
use crate::router::{operator, router};
use crate::shares::Share;
use crate::store::{Commits, Grown, MemoryStore, SqliteStore, Store};

/// How long a connection of a proxy may stay idle between calls; longer than proxies keep theirs.
const KEEP_ALIVE: Duration = Duration::from_secs(120);
/// Bytes that a connection reads ahead: nobody counts them.
const BUFFER: usize = 16 * 1024;
/// How often quiet callers are forgotten.
const FORGET: Duration = Duration::from_secs(60);
/// Pause after the system refused a connection (out of file handles).
const BREATH: Duration = Duration::from_millis(100);

/// A relay running in this process. Dropping it stops it without waiting.
pub struct Running {
    addr: SocketAddr,
    metrics_addr: Option<SocketAddr>,
    stop: CancellationToken,
    serving: Option<JoinHandle<()>>,
}

impl Running {
    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Where it shows its metrics, if it does.
    pub fn metrics_addr(&self) -> Option<SocketAddr> {
        self.metrics_addr
    }

    /// Its address as clients write it, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Stops: no new connections, event streams end, running calls finish, everything accepted is committed.
    pub async fn shutdown(mut self) {
        self.stop.cancel();
        if let Some(serving) = self.serving.take() {
            let _ = serving.await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Starts a relay; it listens once this returns.
pub async fn start(config: Config) -> anyhow::Result<Running> {
    config.check()?;
    let proxies = Proxies::new(config.trusted_proxies, &config.trusted_networks);
    let proxies = proxies.context("trusted-networks is not a list of addresses or networks")?;
    let listener = listen(config.listen).await?;
    let metrics = match config.metrics_listen {
        Some(at) => Some(listen(at).await?),
        None => None,
    };
    let (addr, hub) = (listener.local_addr()?, Arc::new(Hub::default()));
    let (heard, figures) = (hub.clone(), Metrics::default());
    let grown = Arc::new(move |mailbox, seq| heard.grown(mailbox, seq));
    let store = open(&config, grown, figures.commits.clone())?;
    let app = Arc::new(App::new(config, proxies, store, hub, figures));
    let stop = app.stop.clone();
    let metrics_addr = metrics.as_ref().map(TcpListener::local_addr).transpose()?;
    if let Some(metrics) = metrics {
        tokio::spawn(show_metrics(metrics, app.clone()));
    }
    Ok(Running { addr, metrics_addr, stop, serving: Some(tokio::spawn(serve(listener, app))) })
}

fn open(config: &Config, grown: Grown, commits: Commits) -> anyhow::Result<Arc<dyn Store>> {
    if config.database == Config::MEMORY {
        return Ok(Arc::new(MemoryStore::new(config.mailbox_limits(), grown)));
    }
    let store = SqliteStore::open(Path::new(&config.database), &config.keeping(commits), grown);
    Ok(Arc::new(store.with_context(|| format!("cannot open the database {}", config.database))?))
}

async fn listen(at: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(at).await.with_context(|| format!("cannot listen on {at}"))
}

/// Metrics for whoever runs the relay, until it stops.
async fn show_metrics(listener: TcpListener, app: Arc<App>) {
    let stop = app.stop.clone().cancelled_owned();
    if let Err(error) = axum::serve(listener, operator(app)).with_graceful_shutdown(stop).await {
        tracing::error!(%error, "metrics are not shown any more");
    }
}

async fn serve(listener: TcpListener, app: Arc<App>) {
    let forget = tokio::spawn(forget_quiet(app.clone()));
    let graceful = GracefulShutdown::new();
    accept(listener, &app, &graceful).await;
    let limit = Duration::from_secs(app.config.shutdown_seconds);
    if tokio::time::timeout(limit, graceful.shutdown()).await.is_err() {
        tracing::warn!("some calls did not finish in time");
    }
    app.store.close().await;
    forget.abort();
}

async fn forget_quiet(app: Arc<App>) {
    loop {
        tokio::time::sleep(FORGET).await;
        app.limiter.forget_quiet();
    }
}

async fn accept(listener: TcpListener, app: &Arc<App>, graceful: &GracefulShutdown) {
    let router = router(app.clone());
    let stopped = app.stop.cancelled();
    tokio::pin!(stopped);
    loop {
        let next = async { (app.connections.clone().acquire_owned().await, listener.accept().await) };
        let (slot, accepted) = tokio::select! {
            () = &mut stopped => return,
            next = next => next,
        };
        match (slot, accepted) {
            (Ok(slot), Ok((stream, peer))) => begin(app, stream, peer.ip(), slot, (&router, graceful)),
            _ => tokio::time::sleep(BREATH).await,
        }
    }
}

/// Serves a connection, unless its household has as many as it may.
fn begin(
    app: &Arc<App>,
    stream: TcpStream,
    address: IpAddr,
    slot: OwnedSemaphorePermit,
    (router, graceful): (&Router, &GracefulShutdown),
) {
    let trusted = app.proxies.trusts(address);
    let share = if trusted { None } else { app.limiter.connection(address) };
    if share.is_none() && !trusted {
        return;
    }
    let peer = Peer { address, cut: CancellationToken::new() };
    // A proxy keeps its connections for many callers; anybody else may be idle for no longer than stall.
    let idle = if trusted { KEEP_ALIVE } else { app.config.patience() };
    let connection = Connection { stream, peer, idle, held: (slot, share), watcher: graceful.watcher() };
    tokio::spawn(connection.serve(router.clone(), app.config.patience()));
}

/// A phone that lost its network never says so; the system drops it once what was sent stays unacknowledged.
#[cfg(target_os = "linux")]
fn give_up_on_silence(stream: &TcpStream, patience: Duration) {
    let _ = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(patience));
}

#[cfg(not(target_os = "linux"))]
fn give_up_on_silence(_: &TcpStream, _: Duration) {}

struct Connection {
    stream: TcpStream,
    peer: Peer,
    /// How long it may wait for the next call.
    idle: Duration,
    held: (OwnedSemaphorePermit, Option<Share>),
    watcher: Watcher,
}

impl Connection {
    /// Answers calls until the peer leaves. A peer that takes nothing is dropped by the stream's own deadline: an
    /// answer's body is not asked again while the socket is full, so no deadline inside it would ever be seen.
    async fn serve(self, router: Router, patience: Duration) {
        let Self { stream, peer, idle, held, watcher } = self;
        let _ = stream.set_nodelay(true);
        give_up_on_silence(&stream, patience);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(patience));
        let cut = peer.cut.clone();
        let service =
            hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
                request.extensions_mut().insert(peer.clone());
                router.clone().oneshot(request)
            });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(idle).max_buf_size(BUFFER);
        let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), service);
        // Whatever a peer did wrong on its connection concerns nobody else.
        tokio::select! {
            _ = watcher.watch(connection) => {}
            () = cut.cancelled() => {}
        }
        drop(held);
    }
}
