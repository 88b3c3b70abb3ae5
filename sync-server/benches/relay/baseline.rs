//! The yardstick: bare axum over a SQLite append log with group commit, and nothing else.

use std::path::PathBuf;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use tokio::sync::{mpsc, oneshot};

use crate::appends::ENVELOPE;

type Job = (Bytes, oneshot::Sender<()>);

/// Serves `POST /append`: 32 bytes of mailbox, then envelopes of 400 bytes; answered once they are durable.
pub(crate) async fn serve(path: PathBuf) {
    let (jobs, inbox) = mpsc::channel(4096);
    std::thread::spawn(move || write(open(path), inbox));
    let router = Router::new().route("/append", post(append)).with_state(jobs);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("listening on http://{}", listener.local_addr().unwrap());
    axum::serve(listener, router).await.unwrap();
}

async fn append(State(jobs): State<mpsc::Sender<Job>>, body: Bytes) -> &'static str {
    let (reply, done) = oneshot::channel();
    jobs.send((body, reply)).await.unwrap();
    done.await.unwrap();
    "stored"
}

fn open(path: PathBuf) -> Connection {
    let db = Connection::open(path).unwrap();
    db.pragma_update(None, "journal_mode", "wal").unwrap();
    db.pragma_update(None, "synchronous", "full").unwrap();
    // As the relay does: it saves half of the writing.
    db.pragma_update(None, "wal_autocheckpoint", 4000).unwrap();
    db.execute_batch(
        "CREATE TABLE log (n INTEGER PRIMARY KEY, mailbox BLOB, id BLOB, body BLOB);
         CREATE UNIQUE INDEX log_id ON log (mailbox, id);",
    )
    .unwrap();
    db
}

fn write(mut db: Connection, mut inbox: mpsc::Receiver<Job>) {
    let mut group = Vec::new();
    while inbox.blocking_recv_many(&mut group, 512) > 0 {
        let transaction = db.transaction().unwrap();
        let sql = "INSERT INTO log (mailbox, id, body) VALUES (?1, ?2, ?3)";
        let mut insert = transaction.prepare_cached(sql).unwrap();
        for (body, _) in &group {
            let (mailbox, envelopes) = body.split_at(32);
            for envelope in envelopes.chunks(ENVELOPE) {
                let id: [u8; 32] = Sha256::digest(envelope).into();
                insert.execute(params![mailbox, id, envelope]).unwrap();
            }
        }
        drop(insert);
        transaction.commit().unwrap();
        for (_, reply) in group.drain(..) {
            let _ = reply.send(());
        }
    }
}
