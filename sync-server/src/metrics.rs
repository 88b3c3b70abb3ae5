//! Figures for the operator. No label ever names a mailbox, a token or an address.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::http::StatusCode;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use trellis_protocol::ErrorCode;

use crate::store::Figures;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    route: &'static str,
    status: u16,
    code: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: &'static str,
}

/// Transactions of a store: how long they took, and how many calls each of them settled.
#[derive(Clone, Debug)]
pub struct Commits {
    seconds: Histogram,
    calls: Histogram,
}

impl Default for Commits {
    fn default() -> Self {
        Self { seconds: seconds(), calls: Histogram::new(exponential_buckets(1.0, 2.0, 10)) }
    }
}

impl Commits {
    /// Notes a transaction.
    pub(crate) fn note(&self, calls: usize, time: Duration) {
        self.seconds.observe(time.as_secs_f64());
        self.calls.observe(calls as f64);
    }
}

/// From half a millisecond to sixteen seconds.
fn seconds() -> Histogram {
    Histogram::new(exponential_buckets(0.0005, 2.0, 16))
}

/// How the relay is when somebody looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    /// Its store.
    pub(crate) store: Figures,
    /// Whether it takes calls.
    pub(crate) ready: bool,
    /// Connections that are open.
    pub(crate) connections: usize,
    /// Bytes that running calls hold.
    pub(crate) held: usize,
}

/// Figures of one moment.
#[derive(Default)]
struct Gauges {
    ready: Gauge<u64, AtomicU64>,
    streams: Gauge<u64, AtomicU64>,
    connections: Gauge<u64, AtomicU64>,
    held: Gauge<u64, AtomicU64>,
    waiting: Gauge<u64, AtomicU64>,
    mailboxes: Gauge<u64, AtomicU64>,
    database: Gauge<u64, AtomicU64>,
    log: Gauge<u64, AtomicU64>,
    free: Gauge<u64, AtomicU64>,
}

/// What the relay counts.
pub(crate) struct Metrics {
    registry: Registry,
    calls: Family<Call, Counter>,
    seconds: Family<Route, Histogram>,
    gauges: Gauges,
    /// Transactions of the store.
    pub(crate) commits: Commits,
    /// Envelopes stored or recognised.
    pub(crate) stored: Counter,
    /// Envelopes refused one by one.
    pub(crate) refused: Counter,
    /// Envelopes handed to readers.
    pub(crate) returned: Counter,
    /// Mailboxes made.
    pub(crate) created: Counter,
    /// Event streams opened.
    pub(crate) opened: Counter,
    /// Event streams ended.
    pub(crate) closed: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("trellis_relay");
        let version = vec![("version", env!("CARGO_PKG_VERSION"))];
        registry.register("build", "Version of the relay", Info::new(version));
        let (calls, seconds) =
            (Family::default(), Family::new_with_constructor(seconds as fn() -> Histogram));
        registry.register("calls", "Calls by route, status and error code", calls.clone());
        registry.register_with_unit("call", "Time to an answer by route", Unit::Seconds, seconds.clone());
        let commits = Commits::default();
        let time = commits.seconds.clone();
        registry.register_with_unit("commit", "Time of a transaction", Unit::Seconds, time);
        registry.register("commit_calls", "Calls settled by one transaction", commits.calls.clone());
        let gauges = Gauges::default();
        gauges.register(&mut registry);
        let mut counter = |name: &str, help: &str| {
            let counter = Counter::default();
            registry.register(name, help, counter.clone());
            counter
        };
        let stored = counter("envelopes_stored", "Envelopes acknowledged as durable");
        let refused = counter("envelopes_refused", "Envelopes refused one by one");
        let returned = counter("envelopes_returned", "Envelopes handed to readers");
        let created = counter("mailboxes_created", "Mailboxes made");
        let opened = counter("event_streams_opened", "Event streams opened");
        let closed = counter("event_streams_closed", "Event streams ended");
        Self { registry, calls, seconds, gauges, commits, stored, refused, returned, created, opened, closed }
    }
}

impl Gauges {
    fn register(&self, registry: &mut Registry) {
        let all = [
            ("ready", "Whether it takes calls", &self.ready),
            ("event_streams", "Event streams that are open", &self.streams),
            ("connections", "Connections that are open", &self.connections),
            ("bytes_in_flight", "Bytes that running calls hold in memory", &self.held),
            ("writer_queue", "Calls that wait for a transaction", &self.waiting),
            ("mailboxes", "Mailboxes", &self.mailboxes),
            ("database_bytes", "Bytes of the database file", &self.database),
            ("wal_bytes", "Bytes of the write-ahead log beside it", &self.log),
            ("disk_free_bytes", "Bytes of the disk that are free", &self.free),
        ];
        for (name, help, gauge) in all {
            registry.register(name, help, gauge.clone());
        }
    }

    fn set(&self, now: &Now) {
        let Now { store, ready, connections, held } = now;
        self.ready.set(u64::from(*ready));
        self.connections.set(*connections as u64);
        self.held.set(*held as u64);
        self.waiting.set(store.waiting);
        self.mailboxes.set(store.mailboxes);
        self.database.set(store.database);
        self.log.set(store.log);
        self.free.set(store.free);
    }
}

impl Metrics {
    /// Counts an answered call. `route` is the pattern (`/v1/mailboxes/{id}`), not the path.
    pub(crate) fn call(
        &self,
        route: &'static str,
        status: StatusCode,
        code: Option<ErrorCode>,
        time: Duration,
    ) {
        let code = code.map_or("", ErrorCode::as_str);
        let call = Call { route, status: status.as_u16(), code };
        self.calls.get_or_create(&call).inc();
        self.seconds.get_or_create(&Route { route }).observe(time.as_secs_f64());
    }

    /// All figures in Prometheus' text format.
    pub(crate) fn render(&self, now: &Now) -> Result<String, std::fmt::Error> {
        self.gauges.set(now);
        self.gauges.streams.set(self.opened.get().saturating_sub(self.closed.get()));
        let mut text = String::new();
        encode(&mut text, &self.registry).map(|()| text)
    }
}
