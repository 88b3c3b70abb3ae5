//! A proxy with a certificate that speaks HTTP/2 to devices, as those before a relay do, and counts their connections.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper::{Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertifiedKey, KeyPair};
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

type ToRelay = Client<HttpConnector, Incoming>;

/// A listener on loopback.
pub struct Proxy {
    at: SocketAddr,
    connections: Arc<AtomicU64>,
}

impl Proxy {
    /// Opens one before the relay at `relay`, with this certificate. Needs a running tokio runtime.
    pub async fn before(relay: SocketAddr, certificate: &CertifiedKey<KeyPair>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (at, connections) = (listener.local_addr()?, Arc::new(AtomicU64::new(0)));
        let (tls, counted) = (TlsAcceptor::from(Arc::new(config(certificate)?)), connections.clone());
        tokio::spawn(async move {
            let relay_is = Client::builder(TokioExecutor::new()).build_http();
            while let Ok((line, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(serve(line, tls.clone(), relay, relay_is.clone()));
            }
        });
        Ok(Self { at, connections })
    }

    /// Its address.
    pub fn https(&self) -> String {
        format!("https://{}", self.at)
    }

    /// Connections that devices opened.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }
}

/// It takes nothing but HTTP/2.
fn config(certificate: &CertifiedKey<KeyPair>) -> Result<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = certificate.signing_key.serialize_der().try_into().map_err(anyhow::Error::msg)?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.cert.der().clone()], key)?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}

async fn serve(line: TcpStream, tls: TlsAcceptor, relay: SocketAddr, to_relay: ToRelay) -> Result<()> {
    let line = TokioIo::new(tls.accept(line).await?);
    let forward = service_fn(move |request| forward(request, relay, to_relay.clone()));
    Ok(http2::Builder::new(TokioExecutor::new()).serve_connection(line, forward).await?)
}

async fn forward(
    mut request: Request<Incoming>,
    relay: SocketAddr,
    to_relay: ToRelay,
) -> Result<Response<Incoming>> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = format!("http://{relay}{path}").parse::<Uri>()?;
    *request.version_mut() = hyper::Version::HTTP_11;
    Ok(to_relay.request(request).await?)
}
