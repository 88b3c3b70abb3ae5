//! The smallest SOCKS5 proxy: it leads everybody to one place and notes where they wanted to go.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A proxy on loopback, gone when dropped.
pub struct Socks {
    at: SocketAddr,
    wanted: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
}

impl Socks {
    /// Starts one that leads to `goal`. Needs a running tokio runtime.
    pub async fn to(goal: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (at, wanted) = (listener.local_addr()?, Arc::default());
        let noted = Arc::clone(&wanted);
        let serving = tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                let noted = Arc::clone(&noted);
                // A line that breaks is the caller's to notice.
                tokio::spawn(async move { lead(line, goal, &noted).await.ok() });
            }
        });
        Ok(Self { at, wanted, serving })
    }

    /// Its address, `host:port`.
    pub fn address(&self) -> String {
        self.at.to_string()
    }

    /// Where callers wanted to go, `name:port`; addresses in numbers are named `numbers`.
    pub fn wanted(&self) -> Vec<String> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Socks {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// RFC 1928 without authentication, CONNECT only.
async fn lead(mut line: TcpStream, goal: SocketAddr, noted: &Mutex<Vec<String>>) -> Result<()> {
    let [version, methods] = [line.read_u8().await?, line.read_u8().await?];
    line.read_exact(&mut vec![0; usize::from(methods)]).await?;
    line.write_all(&[version, 0]).await?;
    let [_, command, _, kind] = line.read_u32().await?.to_be_bytes();
    if (version, command) != (5, 1) {
        bail!("not a SOCKS5 CONNECT");
    }
    let host = host(&mut line, kind).await?;
    let port = line.read_u16().await?;
    noted.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{host}:{port}"));
    line.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
    copy_bidirectional(&mut line, &mut TcpStream::connect(goal).await?).await?;
    Ok(())
}

async fn host(line: &mut TcpStream, kind: u8) -> Result<String> {
    let length = match kind {
        1 => 4,
        3 => usize::from(line.read_u8().await?),
        _ => 16,
    };
    let mut bytes = vec![0; length];
    line.read_exact(&mut bytes).await?;
    Ok(if kind == 3 { String::from_utf8(bytes)? } else { "numbers".to_owned() })
}
