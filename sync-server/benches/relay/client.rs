//! The cheapest HTTP client that will do, so that the figures are the server's.

use std::net::SocketAddr;

use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use trellis_protocol::wire::{CreateMailbox, Listen, ListenMailbox, MailboxSync, SyncRequest, SyncResponse};
use trellis_protocol::{Cursor, Token};

/// One connection kept alive.
pub(crate) struct Connection {
    stream: TcpStream,
    input: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(addr: SocketAddr) -> Self {
        let stream = TcpStream::connect(addr).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, input: Vec::new() }
    }

    /// Sends a call and returns the body of a successful answer.
    pub(crate) async fn call(&mut self, method: &str, path: &str, body: &[u8]) -> Vec<u8> {
        self.send(method, path, body).await;
        let head = self.head().await;
        let length = head
            .to_ascii_lowercase()
            .split_once("content-length: ")
            .map_or(0, |(_, rest)| rest.split("\r\n").next().unwrap().parse().unwrap());
        while self.input.len() < length {
            self.fill().await;
        }
        self.input.drain(..length).collect()
    }

    async fn send(&mut self, method: &str, path: &str, body: &[u8]) {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/cbor\r\ncontent-length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.stream.write_all(&request).await.unwrap();
    }

    async fn head(&mut self) -> String {
        loop {
            if let Some(end) = self.input.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8(self.input.drain(..end + 4).collect()).unwrap();
                assert!(head.starts_with("HTTP/1.1 2"), "{head}");
                return head;
            }
            self.fill().await;
        }
    }

    async fn fill(&mut self) {
        assert!(self.stream.read_buf(&mut self.input).await.unwrap() > 0, "the server closed the connection");
    }

    pub(crate) async fn create(&mut self, token: &Token) {
        let owner = Sha256::digest(token.0).into();
        let body = minicbor::to_vec(CreateMailbox { owner, creation_token: None }).unwrap();
        self.call("PUT", &format!("/v1/mailboxes/{}", token.mailbox().to_hex()), &body).await;
    }

    pub(crate) async fn sync(&mut self, one: MailboxSync) -> SyncResponse {
        let body = minicbor::to_vec(SyncRequest { mailboxes: vec![one], max_bytes: None }).unwrap();
        minicbor::decode(&self.call("POST", "/v1/sync", &body).await).unwrap()
    }

    /// Opens an event stream; [`Connection::notice`] waits for what it tells.
    pub(crate) async fn listen(&mut self, token: &Token, after: u64) {
        let body = Listen { mailboxes: vec![ListenMailbox { token: token.clone(), after }] };
        self.send("POST", "/v1/events", &minicbor::to_vec(body).unwrap()).await;
        self.head().await;
    }

    pub(crate) async fn notice(&mut self) {
        while !self.input.windows(5).any(|five| five == b"data:") {
            self.input.clear();
            self.fill().await;
        }
        self.input.clear();
    }
}

/// A token of its own for each number.
pub(crate) fn token(n: u64) -> Token {
    Token(Sha256::digest(n.to_be_bytes()).into())
}

/// A call that appends `envelopes` and wants nothing back.
pub(crate) fn append(token: &Token, envelopes: Vec<Vec<u8>>) -> MailboxSync {
    let append = envelopes.into_iter().map(Into::into).collect();
    MailboxSync { token: token.clone(), cursor: Cursor::default(), append, max: 0, ids_only: false }
}
