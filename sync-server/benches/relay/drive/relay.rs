//! A client of the relay.

use std::net::SocketAddr;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use trellis_protocol::wire::{MailboxSync, SyncRequest, SyncResponse};
use trellis_protocol::{Cursor, Token, limits};

use super::Client;
use crate::client::{Connection, append, token};

/// A mailbox, and a line to the relay.
pub(crate) struct Mailbox {
    connection: Connection,
    token: Token,
}

impl Client for Mailbox {
    async fn open(addr: SocketAddr, document: String) -> Self {
        let (mut connection, token) = (Connection::open(addr).await, named(&document));
        connection.create(&token).await;
        Self { connection, token }
    }

    async fn append(&mut self, values: Vec<Vec<u8>>) {
        self.connection.sync(append(&self.token, values)).await;
    }

    async fn read(&mut self) -> (usize, usize) {
        let (mut cursor, mut values, mut bytes) = (Cursor::default(), 0, 0);
        loop {
            let body = self.page(cursor).await;
            bytes += body.len();
            let result = minicbor::decode::<SyncResponse>(&body).unwrap().mailboxes.remove(0);
            values += result.envelopes.len();
            cursor = result.at;
            if !result.more {
                return (values, bytes);
            }
        }
    }
}

impl Mailbox {
    async fn page(&mut self, cursor: Cursor) -> Vec<u8> {
        let token = self.token.clone();
        let one = MailboxSync { token, cursor, append: vec![], max: limits::MAX_PAGE, ids_only: false };
        let body = SyncRequest { mailboxes: vec![one], max_bytes: None };
        self.connection.call("POST", "/v1/sync", &minicbor::to_vec(body).unwrap()).await
    }
}

/// Returns the token of a mailbox with this name.
pub(crate) fn named(name: &str) -> Token {
    Token(Sha256::digest(name).into())
}

/// Opens idle clients with mailboxes of their own.
pub(crate) async fn listen(at: SocketAddr, idle: &mut Vec<Connection>, count: u64) -> Value {
    for _ in 0..count {
        let (mut connection, token) = (Connection::open(at).await, token(idle.len() as u64));
        connection.create(&token).await;
        connection.listen(&token, 0).await;
        idle.push(connection);
    }
    json!({})
}
