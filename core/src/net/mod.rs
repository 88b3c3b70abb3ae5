//! The way to the relay over HTTP. It talks to the chosen relay and to nobody else: redirects are
//! not followed, and no system proxy is asked.

pub mod address;
mod answer;
mod failure;
mod lines;
#[cfg(not(target_arch = "wasm32"))]
mod native;

use futures_util::StreamExt;
use lines::{Lines, Notice, Notices};
use minicbor::Encode;
use reqwest::{Client, Method, RequestBuilder, Response, Url};
use sse_stream::SseByteStream;
use trellis_api_types::sync::RelayChoice;
use trellis_protocol::ids::MailboxId;
use trellis_protocol::limits::{CBOR, MAX_MAILBOXES};
use trellis_protocol::wire::Listen;

use crate::transport::{Call, NetError, Reply, Transport};

/// Reaches relays with reqwest. Keeps one client for the proxy last used.
#[derive(Default)]
pub struct HttpTransport {
    client: std::sync::Mutex<Option<(String, Client)>>,
    lines: Lines,
    #[cfg(not(target_arch = "wasm32"))]
    roots: Vec<Vec<u8>>,
}

impl HttpTransport {
    /// Trusts these DER certificates besides the system's, for a relay with a certificate of its own.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn trusting(roots: Vec<Vec<u8>>) -> Self {
        Self { roots, ..Self::default() }
    }

    fn client(&self, proxy: &str) -> Result<Client, NetError> {
        let mut kept = self.client.lock().map_err(|_| NetError::Unreachable)?;
        if let Some((of, client)) = kept.as_ref()
            && of == proxy
        {
            return Ok(client.clone());
        }
        let client = self.build(proxy)?;
        *kept = Some((proxy.to_owned(), client.clone()));
        Ok(client)
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn build(&self, proxy: &str) -> Result<Client, NetError> {
        native::client(proxy, &self.roots)
    }

    #[cfg(target_arch = "wasm32")]
    fn build(&self, _proxy: &str) -> Result<Client, NetError> {
        Client::builder().build().map_err(|_| NetError::Unreachable)
    }

    fn request(&self, relay: &RelayChoice, method: Method, path: &str) -> Result<RequestBuilder, NetError> {
        let base = address::base(&relay.address).map_err(|_| NetError::Unreachable)?;
        let url: Url = base.join(path).map_err(|_| NetError::Unreachable)?;
        Ok(self.client(relay.socks_proxy.trim())?.request(method, url))
    }

    async fn send<T: Encode<()>>(
        &self,
        relay: &RelayChoice,
        method: Method,
        path: &str,
        body: &T,
    ) -> Result<Response, NetError> {
        let body = minicbor::to_vec(body).map_err(|_| NetError::NotARelay)?;
        let request = self.request(relay, method, path)?.header("content-type", CBOR).body(body);
        answer::sent(request.timeout(answer::WHOLE_CALL).send().await)
    }
}

impl Transport for HttpTransport {
    async fn call(&self, relay: &RelayChoice, call: &Call) -> Result<Reply, NetError> {
        match call {
            Call::Sync(body) => answer::sync(self.send(relay, Method::POST, "v1/sync", body).await?).await,
            Call::Create(id, body) => {
                let path = format!("v1/mailboxes/{}", id.to_hex());
                answer::done(self.send(relay, Method::PUT, &path, body).await?).await
            }
            Call::Trim(id, body) => {
                let path = format!("v1/mailboxes/{}/trim", id.to_hex());
                answer::done(self.send(relay, Method::POST, &path, body).await?).await
            }
            Call::Delete(id, body) => {
                let path = format!("v1/mailboxes/{}", id.to_hex());
                answer::done(self.send(relay, Method::DELETE, &path, body).await?).await
            }
        }
    }

    async fn wake(&self, relay: &RelayChoice, listen: &Listen) -> Result<(), NetError> {
        let mut lines = self.lines.take(relay, listen);
        if lines.is_closed() {
            let mut streams = Vec::new();
            for part in listen.mailboxes.chunks(MAX_MAILBOXES) {
                streams.push(self.line(relay, Listen { mailboxes: part.to_vec() }).await?);
            }
            lines.open(relay, listen, streams);
        }
        lines.hear(listen).await
    }
}

impl HttpTransport {
    /// Opens one line to the relay.
    async fn line(&self, relay: &RelayChoice, listen: Listen) -> Result<Notices, NetError> {
        let body = minicbor::to_vec(listen).map_err(|_| NetError::NotARelay)?;
        let request = self.request(relay, Method::POST, "v1/events")?.header("content-type", CBOR).body(body);
        let response = answer::events(answer::sent(request.send().await)?).await?;
        let events = SseByteStream::new(response.bytes_stream()).filter_map(async |event| match event {
            Ok(event) if event.event.as_deref() == Some("mailbox") => Some(Ok(notice(event.data.as_deref()))),
            Ok(_) => None,
            Err(_) => Some(Err(NetError::Unreachable)),
        });
        Ok(Box::pin(events))
    }
}

/// `<mailbox id> <newest place>`.
fn notice(data: Option<&str>) -> Notice {
    let (mailbox, seq) = data?.trim().split_once(' ')?;
    Some((MailboxId::from_hex(mailbox)?, seq.parse().ok()?))
}
