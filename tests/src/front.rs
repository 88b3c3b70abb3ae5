//! A door before a relay: counts every byte, and speaks TLS with whatever certificate it is given.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use rcgen::{CertificateParams, CertifiedKey, KeyPair};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;
use tokio_util::io::{InspectReader, InspectWriter};

/// A listener on loopback that hands everything on to a relay.
pub struct Front {
    at: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    up: AtomicU64,
    down: AtomicU64,
    tls: Mutex<Option<Arc<ServerConfig>>>,
    lines: Mutex<Vec<AbortHandle>>,
}

impl Front {
    /// Opens one before the relay at `relay`. Needs a running tokio runtime.
    pub async fn before(relay: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let front = Self { at: listener.local_addr()?, shared: Arc::default() };
        let shared = front.shared.clone();
        tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                let (all, own) = (shared.clone(), shared.clone());
                // A line that breaks is the caller's to notice.
                let task = tokio::spawn(async move { hand_on(line, relay, &own).await.ok() });
                all.lines.lock().unwrap_or_else(PoisonError::into_inner).push(task.abort_handle());
            }
        });
        Ok(front)
    }

    /// Where it listens.
    pub fn at(&self) -> SocketAddr {
        self.at
    }

    /// Its address in the clear.
    pub fn http(&self) -> String {
        format!("http://{}", self.at)
    }

    /// Its address once it shows a certificate.
    pub fn https(&self) -> String {
        format!("https://{}", self.at)
    }

    /// Cuts all lines; new ones are met with this certificate.
    pub fn show(&self, certificate: &CertifiedKey<KeyPair>) -> Result<()> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key = certificate.signing_key.serialize_der().try_into().map_err(anyhow::Error::msg)?;
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.cert.der().clone()], key)?;
        let mut tls = self.shared.tls.lock().unwrap_or_else(PoisonError::into_inner);
        *tls = Some(Arc::new(config));
        let mut lines = self.shared.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.drain(..).for_each(|line| line.abort());
        Ok(())
    }

    /// Bytes to the relay and back since the last time, headers and all.
    pub fn take(&self) -> (u64, u64) {
        (self.shared.up.swap(0, Ordering::Relaxed), self.shared.down.swap(0, Ordering::Relaxed))
    }
}

/// A certificate for loopback that vouches for itself, changed by `change`.
pub fn certificate(change: impl FnOnce(&mut CertificateParams)) -> Result<CertifiedKey<KeyPair>> {
    let mut params = CertificateParams::new(["127.0.0.1".to_owned()])?;
    change(&mut params);
    let signing_key = KeyPair::generate()?;
    Ok(CertifiedKey { cert: params.self_signed(&signing_key)?, signing_key })
}

async fn hand_on(line: TcpStream, relay: SocketAddr, shared: &Shared) -> Result<()> {
    let tls = shared.tls.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match tls {
        Some(config) => both_ways(TlsAcceptor::from(config).accept(line).await?, relay, shared).await,
        None => both_ways(line, relay, shared).await,
    }
}

async fn both_ways(line: impl AsyncRead + AsyncWrite, relay: SocketAddr, shared: &Shared) -> Result<()> {
    tokio::pin!(line);
    let relay = TcpStream::connect(relay).await?;
    let relay = InspectReader::new(relay, |bytes| count(&shared.down, bytes));
    let mut inner = InspectWriter::new(relay, |bytes| count(&shared.up, bytes));
    copy_bidirectional(&mut line, &mut inner).await?;
    Ok(())
}

fn count(counter: &AtomicU64, bytes: &[u8]) {
    counter.fetch_add(bytes.len() as u64, Ordering::Relaxed);
}
