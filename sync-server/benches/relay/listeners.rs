//! Memory of idle event streams.

use std::time::Duration;

use serde_json::Value;

use crate::client::{Connection, token};
use crate::figures::row;
use crate::process::Server;

/// Measures resident memory for each idle stream, at each of `counts` streams.
pub(crate) async fn measure(counts: &[usize]) -> Vec<Value> {
    let server = Server::relay();
    Connection::open(server.addr).await.create(&token(0)).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let (before, mut open, mut report) = (server.rss(), Vec::new(), Vec::new());
    for &count in counts {
        fill(&server, &mut open, count, 0).await;
        let each = memory_of_each(&server, before, count);
        report.push(row(format!("memory of each of {count} idle listeners"), each, "KiB (aim: 14 or less)"));
    }
    report
}

/// Opens streams until there are so many, each for a mailbox of its own from the number `first` on.
pub(crate) async fn fill(server: &Server, open: &mut Vec<Connection>, count: usize, first: u64) {
    while open.len() < count {
        let mut connection = Connection::open(server.addr).await;
        connection.listen(&token(first + open.len() as u64), 0).await;
        open.push(connection);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
}

/// KiB that each of so many streams takes beside what was there before.
pub(crate) fn memory_of_each(server: &Server, before: u64, count: usize) -> f64 {
    server.rss().saturating_sub(before) as f64 / count as f64 / 1024.0
}
