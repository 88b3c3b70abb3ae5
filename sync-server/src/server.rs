//! Accepts connections, drops the ones that stall, and stops without losing anything.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::app::{App, Peer};
use crate::config::Config;
use crate::router::router;
use crate::store::{MemoryStore, SqliteStore, Store};

/// How long a connection may stay idle between calls; longer than clients keep theirs.
const KEEP_ALIVE: Duration = Duration::from_secs(120);
/// How often quiet callers are forgotten.
const FORGET: Duration = Duration::from_secs(60);
/// Pause after the system refused a connection (out of file handles).
const BREATH: Duration = Duration::from_millis(100);

/// A relay running in this process. Dropping it stops it without waiting.
pub struct Running {
    addr: SocketAddr,
    stop: CancellationToken,
    serving: Option<JoinHandle<()>>,
}

impl Running {
    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
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
    let store = open(&config)?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let addr = listener.local_addr()?;
    let app = Arc::new(App::new(config, store));
    let stop = app.stop.clone();
    Ok(Running { addr, stop, serving: Some(tokio::spawn(serve(listener, app))) })
}

fn open(config: &Config) -> anyhow::Result<Arc<dyn Store>> {
    let limits = config.mailbox_limits();
    if config.database == Config::MEMORY {
        return Ok(Arc::new(MemoryStore::new(limits)));
    }
    let store = SqliteStore::open(Path::new(&config.database), limits, config.max_database);
    Ok(Arc::new(store.with_context(|| format!("cannot open the database {}", config.database))?))
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
    let slots = Arc::new(Semaphore::new(app.config.max_connections));
    let stopped = app.stop.cancelled();
    tokio::pin!(stopped);
    loop {
        let next = async { (slots.clone().acquire_owned().await, listener.accept().await) };
        let (slot, accepted) = tokio::select! {
            () = &mut stopped => return,
            next = next => next,
        };
        match (slot, accepted) {
            (Ok(slot), Ok((stream, peer))) => {
                let connection =
                    Connection { stream, peer: Peer(peer.ip()), slot, watcher: graceful.watcher() };
                tokio::spawn(connection.serve(router.clone(), app.config.patience()));
            }
            _ => tokio::time::sleep(BREATH).await,
        }
    }
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
    slot: OwnedSemaphorePermit,
    watcher: Watcher,
}

impl Connection {
    /// Answers calls until the peer leaves. A peer that takes nothing is dropped by the stream's own deadline: an
    /// answer's body is not asked again while the socket is full, so no deadline inside it would ever be seen.
    async fn serve(self, router: Router, patience: Duration) {
        let Self { stream, peer, slot, watcher } = self;
        let _ = stream.set_nodelay(true);
        give_up_on_silence(&stream, patience);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(patience));
        let service =
            hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
                request.extensions_mut().insert(peer);
                router.clone().oneshot(request)
            });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(KEEP_ALIVE);
        let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), service);
        // Whatever a peer did wrong on its connection concerns nobody else.
        let _ = watcher.watch(connection).await;
        drop(slot);
    }
}
