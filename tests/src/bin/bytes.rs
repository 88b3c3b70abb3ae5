//! What one check-in costs on the wire: a table, and the same as JSON in the file that is named.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use trellis_tests::bytes::{Side, one_checkin};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let file = std::env::args_os().nth(1).context("usage: bytes FILE")?;
    let cost = one_checkin().await?;
    let rows = [rows("sender", cost.sender), rows("receiver", cost.receiver)].concat();
    Ok(std::fs::write(file, serde_json::to_vec_pretty(&rows)?)?)
}

fn rows(who: &str, side: Side) -> Vec<Value> {
    let figures = [
        ("calls", side.calls, ""),
        ("to the relay", side.to_relay, "bytes"),
        ("bodies to the relay", side.request_bodies, "bytes"),
        ("from the relay", side.from_relay, "bytes"),
        ("bodies from the relay", side.response_bodies, "bytes"),
    ];
    figures
        .into_iter()
        .map(|(what, figure, unit)| row(&format!("one check-in, {who}: {what}"), figure, unit))
        .collect()
}

/// A line of the table.
fn row(what: &str, figure: u64, unit: &str) -> Value {
    println!("{what:<52} {figure:>10} {unit}");
    json!({ "what": what, "figure": figure, "unit": unit })
}
