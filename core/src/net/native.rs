//! The client outside the browser: rustls with ring, SOCKS5, no redirects, no system proxy.

use std::time::Duration;

use reqwest::{Certificate, Client, Proxy, redirect};

use super::address;
use crate::transport::NetError;

/// Longest silence on a line: event streams send a heartbeat well within it.
const SILENCE: Duration = Duration::from_secs(75);
/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(15);

/// A line that carries several calls at once is asked so often whether it is still there, and has so long to answer: all of them
/// would wait for one that is gone.
const PING: (Duration, Duration) = (Duration::from_secs(20), Duration::from_secs(15));

/// A client that goes through `proxy` (`host:port`) if it is not empty, and also trusts `roots` (DER).
pub fn client(proxy: &str, roots: &[Vec<u8>]) -> Result<Client, NetError> {
    #[cfg(feature = "bundled")]
    install_provider();
    let mut builder = Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .http2_keep_alive_interval(PING.0)
        .http2_keep_alive_timeout(PING.1)
        .user_agent("trellis");
    if !proxy.is_empty() {
        let url = address::socks(proxy).map_err(|_| NetError::Unreachable)?;
        builder = builder.proxy(Proxy::all(url).map_err(|_| NetError::Unreachable)?);
    }
    if !roots.is_empty() {
        let trusted = roots.iter().map(|der| Certificate::from_der(der)).collect::<Result<Vec<_>, _>>();
        builder = builder.tls_certs_merge(trusted.map_err(|_| NetError::Certificate)?);
    }
    builder.build().map_err(|_| NetError::Unreachable)
}

#[cfg(feature = "bundled")]
fn install_provider() {
    static PROVIDER: std::sync::Once = std::sync::Once::new();
    PROVIDER.call_once(|| {
        // Err means that the shell installed one already.
        let _already = rustls::crypto::ring::default_provider().install_default();
    });
}
