//! A client of atuin's server: a series of records of a person of its own.

use std::net::SocketAddr;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Client;
use crate::client::{Connection, is_success};

/// What atuin's own client asks for at once.
const PAGE: usize = 100;

/// A series of records, and a line to the server.
pub(crate) struct Series {
    connection: Connection,
    host: String,
    next: u64,
}

impl Client for Series {
    async fn open(addr: SocketAddr, document: String) -> Self {
        let mut connection = Connection::open(addr).await;
        connection.headers = "content-type: application/json\r\n".into();
        let session = session(&mut connection, &document).await;
        connection.headers += &format!("authorization: Token {session}\r\n");
        Self { connection, host: uuid(&document), next: 0 }
    }

    async fn append(&mut self, values: Vec<Vec<u8>>) {
        let records: Vec<_> = values.into_iter().map(|value| self.record(&value)).collect();
        let body = serde_json::to_vec(&records).unwrap();
        self.connection.call("POST", "/api/v0/record", &body).await;
    }

    async fn read(&mut self) -> (usize, usize) {
        let (mut values, mut bytes) = (0, 0);
        loop {
            let host = &self.host;
            let path = format!("/api/v0/record/next?host={host}&tag=history&start={values}&count={PAGE}");
            let body = self.connection.call("GET", &path, &[]).await;
            let found = serde_json::from_slice::<Vec<Value>>(&body).unwrap().len();
            (values, bytes) = (values + found, bytes + body.len());
            if found < PAGE {
                return (values, bytes);
            }
        }
    }
}

impl Series {
    /// Returns a record of as many characters as the value has bytes.
    fn record(&mut self, value: &[u8]) -> Value {
        let index = self.next;
        self.next += 1;
        json!({
            "id": uuid(&format!("{} {index}", self.host)),
            "idx": index,
            "host": { "id": self.host, "name": "" },
            "timestamp": index,
            "version": "v0",
            "tag": "history",
            "data": { "data": hex::encode(&value[..value.len() / 2]), "content_encryption_key": "" },
        })
    }
}

/// Registers a person, or signs in one that is there.
async fn session(connection: &mut Connection, name: &str) -> String {
    let email = format!("{name}@example.org");
    let person = json!({ "username": name, "email": email, "password": "measured" });
    let body = serde_json::to_vec(&person).unwrap();
    let (head, mut answer) = connection.try_call("POST", "/register", &body).await;
    if !is_success(&head) {
        answer = connection.call("POST", "/login", &body).await;
    }
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    answer["session"].as_str().unwrap().to_owned()
}

/// Returns an id in the form of a UUID, the same for the same name.
fn uuid(name: &str) -> String {
    let hex = hex::encode(&Sha256::digest(name)[..16]);
    let parts =
        [&hex[..8], &hex[8..12], &format!("4{}", &hex[13..16]), &format!("8{}", &hex[17..20]), &hex[20..]];
    parts.join("-")
}
