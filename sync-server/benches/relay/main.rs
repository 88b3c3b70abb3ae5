//! Measures the relay on loopback and prints a table; `--json PATH` also writes the figures to a file.
//!
//! `cargo bench -p sync-server --bench relay -- --json /absolute/path/relay.json [--seconds 12]`
//! (cargo runs it inside `sync-server/`, so a relative path would land there).
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]

mod appends;
mod attacks;
mod baseline;
mod client;
mod delivery;
mod listeners;
mod process;
mod watch;

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use serde_json::{Value, json};

/// Measures the relay.
#[derive(Parser)]
struct Arguments {
    /// Where to write the figures.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Seconds each server is measured for each size of call.
    #[arg(long, default_value_t = 12)]
    seconds: u64,
    /// Measure only appends, one a call.
    #[arg(long)]
    quick: bool,
    /// Measure only the attacks.
    #[arg(long)]
    attacks: bool,
    /// Serve the bare append log on this file instead of measuring.
    #[arg(long)]
    baseline: Option<PathBuf>,
    /// What cargo passes to benchmarks.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main(worker_threads = 2)]
async fn main() {
    let arguments = Arguments::parse();
    if let Some(path) = arguments.baseline {
        return baseline::serve(path).await;
    }
    rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let rows = if arguments.attacks {
        attacks::measure().await
    } else {
        measure(Duration::from_secs(arguments.seconds), arguments.quick).await
    };
    if let Some(path) = arguments.json {
        path.parent().map(std::fs::create_dir_all).transpose().unwrap();
        std::fs::write(path, serde_json::to_vec_pretty(&rows).unwrap()).unwrap();
    }
}

async fn measure(time: Duration, quick: bool) -> Vec<Value> {
    let mut rows = appends::measure(1, 64, time).await;
    rows.extend(appends::measure(1, 20_000, time).await);
    if quick {
        return rows;
    }
    rows.extend(appends::measure(100, 64, time).await);
    for idle in [0, 10_000] {
        rows.extend(delivery::measure(Duration::from_secs(5), idle).await);
    }
    rows.extend(listeners::measure(&[1_000, 10_000]).await);
    rows.extend(attacks::measure().await);
    rows
}

/// A line of the table, said as soon as it is known.
fn row(what: String, figure: f64, unit: &str) -> Value {
    println!("{what:<52} {figure:>10.2} {unit}");
    json!({ "what": what, "figure": figure, "unit": unit })
}
