//! The cheapest HTTP client that will do, so that the figures are the server's.

use std::net::SocketAddr;

use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use trellis_protocol::wire::{
    CreateMailbox, Listen, ListenMailbox, MailboxSync, SyncRequest, SyncResponse, TrimMailbox,
};
use trellis_protocol::{Cursor, Token};

const CBOR: &str = "content-type: application/cbor\r\n";

/// One connection kept alive.
pub(crate) struct Connection {
    stream: TcpStream,
    input: Vec<u8>,
    /// Lines that go with every call.
    pub(crate) headers: String,
}

impl Connection {
    pub(crate) async fn open(addr: SocketAddr) -> Self {
        let stream = TcpStream::connect(addr).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, input: Vec::new(), headers: CBOR.into() }
    }

    /// Opens one that holds little of what comes: the rest stays with the server.
    pub(crate) async fn open_narrow(addr: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        Self { stream: socket.connect(addr).await.unwrap(), input: Vec::new(), headers: CBOR.into() }
    }

    /// Sends a call and returns the body of a successful answer.
    pub(crate) async fn call(&mut self, method: &str, path: &str, body: &[u8]) -> Vec<u8> {
        let (head, body) = self.try_call(method, path, body).await;
        assert!(is_success(&head), "{head}");
        body
    }

    /// Sends a call and returns the head and the body of the answer.
    pub(crate) async fn try_call(&mut self, method: &str, path: &str, body: &[u8]) -> (String, Vec<u8>) {
        self.send(method, path, body).await;
        self.answer().await
    }

    async fn answer(&mut self) -> (String, Vec<u8>) {
        let head = self.head().await;
        let length = head
            .to_ascii_lowercase()
            .split_once("content-length: ")
            .map_or(0, |(_, rest)| rest.split("\r\n").next().unwrap().parse().unwrap());
        while self.input.len() < length {
            self.fill().await;
        }
        let body = self.input.drain(..length).collect();
        (head, body)
    }

    /// Sends a call and leaves its answer where it is.
    pub(crate) async fn send(&mut self, method: &str, path: &str, body: &[u8]) {
        let mut request = head(method, path, &self.headers, body.len()).into_bytes();
        request.extend_from_slice(body);
        self.stream.write_all(&request).await.unwrap();
    }

    /// Sends a call of which the last byte is missing, as far as the server takes it.
    pub(crate) async fn send_all_but_one(&mut self, path: &str, body: &[u8]) {
        let head = head("POST", path, &self.headers, body.len() + 1);
        let _refused = self.stream.write_all(&[head.as_bytes(), body].concat()).await;
    }

    async fn head(&mut self) -> String {
        loop {
            if let Some(end) = self.input.windows(4).position(|four| four == b"\r\n\r\n") {
                return String::from_utf8(self.input.drain(..end + 4).collect()).unwrap();
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

    /// Drops what lies at or below `before`.
    pub(crate) async fn trim(&mut self, token: &Token, before: u64) {
        let body = TrimMailbox { owner_token: token.clone(), before, keep: Vec::new() };
        let path = format!("/v1/mailboxes/{}/trim", token.mailbox().to_hex());
        self.call("POST", &path, &minicbor::to_vec(body).unwrap()).await;
    }

    /// Makes a call that the server may have no room for. Returns whether it had.
    pub(crate) async fn try_sync(&mut self, one: MailboxSync) -> bool {
        let body = minicbor::to_vec(SyncRequest { mailboxes: vec![one], max_bytes: None }).unwrap();
        self.send("POST", "/v1/sync", &body).await;
        let (head, body) = self.answer().await;
        assert!(head.starts_with("HTTP/1.1 200") || head.starts_with("HTTP/1.1 503"), "{head}");
        head.starts_with("HTTP/1.1 200") && !body.is_empty()
    }

    /// Opens an event stream; [`Connection::notice`] waits for what it tells.
    pub(crate) async fn listen(&mut self, token: &Token, after: u64) {
        self.listen_often(token, after, 1).await;
    }

    /// Opens an event stream that names the mailbox so many times.
    pub(crate) async fn listen_often(&mut self, token: &Token, after: u64, times: usize) {
        let body = Listen { mailboxes: vec![ListenMailbox { token: token.clone(), after }; times] };
        self.send("POST", "/v1/events", &minicbor::to_vec(body).unwrap()).await;
        let head = self.head().await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    }

    pub(crate) async fn notice(&mut self) {
        while !self.input.windows(5).any(|five| five == b"data:") {
            self.input.clear();
            self.fill().await;
        }
        self.input.clear();
    }
}

fn head(method: &str, path: &str, headers: &str, length: usize) -> String {
    format!("{method} {path} HTTP/1.1\r\nhost: bench\r\n{headers}content-length: {length}\r\n\r\n")
}

/// Whether an answer with this head is what was asked for.
pub(crate) fn is_success(head: &str) -> bool {
    head.starts_with("HTTP/1.1 2")
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
