//! A small device for tests: speaks CBOR to a relay.

use reqwest::{Client, Method, Response, StatusCode};
use sha2::{Digest, Sha256};
use sync_server::{Config, Running, start};
use trellis_protocol::wire::*;
use trellis_protocol::{Cursor, MailboxId, Token};

/// A device that talks to one relay.
#[derive(Clone)]
pub struct Device {
    pub url: String,
    pub http: Client,
}

/// Starts a relay that keeps everything in memory unless told otherwise.
pub async fn relay(change: impl FnOnce(&mut Config)) -> (Running, Device) {
    let mut config = Config::for_tests();
    change(&mut config);
    let running = start(config).await.unwrap();
    let device = Device::new(running.url());
    (running, device)
}

pub fn token(n: u8) -> Token {
    Token([n; 32])
}

pub fn owner_token(n: u8) -> Token {
    Token([n ^ 0x80; 32])
}

pub fn mailbox(token: &Token, cursor: Cursor, append: Vec<Vec<u8>>, max: u32) -> MailboxSync {
    let append = append.into_iter().map(Into::into).collect();
    MailboxSync { token: token.clone(), cursor, append, max, ids_only: false }
}

impl Device {
    pub fn new(url: String) -> Self {
        // Built beside the app, the client has no TLS of its own choosing. Err: another test chose already.
        let _already = rustls::crypto::ring::default_provider().install_default();
        Self { url, http: Client::builder().no_proxy().build().unwrap() }
    }

    pub async fn call(&self, method: Method, path: &str, body: Vec<u8>) -> Response {
        let request = self.http.request(method, format!("{}{path}", self.url));
        request.header("content-type", "application/cbor").body(body).send().await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Response {
        self.http.get(format!("{}{path}", self.url)).send().await.unwrap()
    }

    pub async fn create(&self, token: &Token, owner: &Token, creation: Option<&str>) -> Response {
        let owner = Sha256::digest(owner.0).into();
        let body = CreateMailbox { owner, creation_token: creation.map(Into::into) };
        let body = minicbor::to_vec(body).unwrap();
        self.call(Method::PUT, &path(token.mailbox(), ""), body).await
    }

    pub async fn made(&self, n: u8) -> Token {
        let token = token(n);
        assert_eq!(self.create(&token, &owner_token(n), None).await.status(), StatusCode::CREATED);
        token
    }

    pub async fn trim(&self, token: &Token, owner: Token, before: u64) -> Response {
        let body = minicbor::to_vec(TrimMailbox { owner_token: owner, before, keep: vec![] }).unwrap();
        self.call(Method::POST, &path(token.mailbox(), "/trim"), body).await
    }

    pub async fn delete(&self, token: &Token, owner: Token) -> Response {
        let body = minicbor::to_vec(DeleteMailbox { owner_token: owner }).unwrap();
        self.call(Method::DELETE, &path(token.mailbox(), ""), body).await
    }

    pub async fn try_sync(&self, mailboxes: Vec<MailboxSync>) -> Response {
        self.call(
            Method::POST,
            "/v1/sync",
            minicbor::to_vec(SyncRequest { mailboxes, max_bytes: None }).unwrap(),
        )
        .await
    }

    pub async fn sync_many(&self, mailboxes: Vec<MailboxSync>) -> Vec<MailboxResult> {
        let response = self.try_sync(mailboxes).await;
        assert_eq!(response.status(), StatusCode::OK);
        let bytes = response.bytes().await.unwrap();
        minicbor::decode::<SyncResponse>(&bytes).unwrap().mailboxes
    }

    pub async fn sync(&self, one: MailboxSync) -> MailboxResult {
        self.sync_many(vec![one]).await.remove(0)
    }

    pub async fn append(&self, token: &Token, envelopes: Vec<Vec<u8>>) -> Vec<Appended> {
        self.sync(mailbox(token, Cursor::default(), envelopes, 0)).await.appended
    }

    pub async fn all(&self, token: &Token) -> Vec<Vec<u8>> {
        let (mut cursor, mut all) = (Cursor::default(), Vec::new());
        loop {
            let result = self.sync(mailbox(token, cursor, vec![], 2048)).await;
            all.extend(result.envelopes.into_iter().map(|stored| stored.envelope.to_vec()));
            cursor = result.at;
            if !result.more {
                return all;
            }
        }
    }

    pub async fn listen(&self, mailboxes: &[(&Token, u64)]) -> Events {
        let one = |(token, after): &(&Token, u64)| ListenMailbox { token: (*token).clone(), after: *after };
        let body = minicbor::to_vec(Listen { mailboxes: mailboxes.iter().map(one).collect() }).unwrap();
        let response = self.call(Method::POST, "/v1/events", body).await;
        assert_eq!(response.status(), StatusCode::OK);
        Events { response, text: String::new() }
    }
}

pub fn path(id: MailboxId, rest: &str) -> String {
    format!("/v1/mailboxes/{}{rest}", id.to_hex())
}

/// An open event stream.
pub struct Events {
    pub response: Response,
    text: String,
}

impl Events {
    /// The next block of lines, `None` at the end of the stream.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let block = block.to_owned();
                self.text = rest.to_owned();
                return Some(block);
            }
            let chunk = self.response.chunk().await.ok()??;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The next notice: mailbox id and newest place.
    pub async fn notice(&mut self) -> Option<(String, u64)> {
        loop {
            let block = self.next().await?;
            let Some(rest) = block.strip_prefix("event: mailbox\ndata: ") else { continue };
            let (id, seq) = rest.split_once(' ').unwrap();
            return Some((id.to_owned(), seq.parse().unwrap()));
        }
    }
}

/// The stable code of a refusal, which must be problem+json.
pub async fn code(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let problem: serde_json::Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert_eq!(problem["status"], status);
    (status, problem["code"].as_str().unwrap().to_owned())
}
