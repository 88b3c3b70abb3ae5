//! How a queue of 4 MB goes over a line of 50 kbit a second, both ways: a table, and the same as JSON in the file that is named.
//! The bare line alone takes eleven minutes each way; both run at once.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use trellis_tests::drip::{Through, fetched, sent};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let file = std::env::args_os().nth(1).context("usage: drip FILE")?;
    let (up, down) = tokio::join!(sent(), fetched());
    let rows = [rows("sent", up?), rows("fetched", down?)].concat();
    Ok(std::fs::write(file, serde_json::to_vec_pretty(&rows)?)?)
}

fn rows(how: &str, through: Through) -> Vec<Value> {
    let what = format!("4 MB at 50 kbit/s, {how}");
    let Through { time, all, traffic } = through;
    let bytes = traffic.request_bodies + traffic.response_bodies;
    vec![
        row(&format!("{what}: all went through"), f64::from(u8::from(all)), "(aim: 1)"),
        row(&format!("{what}: time"), time.as_secs_f64(), "s (aim: under 900; the bare line takes 670)"),
        row(&format!("{what}: calls"), traffic.calls as f64, ""),
        row(&format!("{what}: bodies"), bytes as f64 / 1e6, "MB"),
    ]
}

/// A line of the table.
fn row(what: &str, figure: f64, unit: &str) -> Value {
    println!("{what:<52} {figure:>10.2} {unit}");
    json!({ "what": what, "figure": figure, "unit": unit })
}
