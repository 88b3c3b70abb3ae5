//! Counters for the operator. No label ever names a mailbox, a token or an address.

use axum::http::StatusCode;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use trellis_protocol::ErrorCode;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Call {
    route: &'static str,
    status: u16,
    code: &'static str,
}

/// What the relay counts.
pub(crate) struct Metrics {
    registry: Registry,
    calls: Family<Call, Counter>,
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
        let calls = Family::default();
        registry.register("calls", "Calls by route, status and error code", calls.clone());
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
        Self { registry, calls, stored, refused, returned, created, opened, closed }
    }
}

impl Metrics {
    /// Counts an answered call. `route` is the pattern (`/v1/mailboxes/{id}`), not the path.
    pub(crate) fn call(&self, route: &'static str, status: StatusCode, code: Option<ErrorCode>) {
        let code = code.map_or("", ErrorCode::as_str);
        let call = Call { route, status: status.as_u16(), code };
        self.calls.get_or_create(&call).inc();
    }

    /// All counters in Prometheus' text format.
    pub(crate) fn render(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry).map(|()| text)
    }
}
