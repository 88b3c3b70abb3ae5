//! Measures the relay on loopback and prints a table; `--json PATH` also writes the figures to a file.
//!
//! `cargo bench -p sync-server --bench relay -- --json /absolute/path/relay.json [--seconds 4]`
//! (cargo runs it inside `sync-server/`, so a relative path would land there).
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]

mod appends;
mod baseline;
mod client;
mod delivery;
mod listeners;
mod process;

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
    #[arg(long, default_value_t = 4)]
    seconds: u64,
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
    let report = measure(Duration::from_secs(arguments.seconds)).await;
    if let Some(path) = arguments.json {
        path.parent().map(std::fs::create_dir_all).transpose().unwrap();
        std::fs::write(path, serde_json::to_vec_pretty(&report).unwrap()).unwrap();
    }
}

async fn measure(time: Duration) -> Value {
    println!(
        "{:<52} {:>12} {:>12} {:>7}",
        "durable 400-byte appends, 64 connections", "relay /s", "bare /s", "ratio"
    );
    let single = appends::measure(1, time).await;
    let hundred = appends::measure(100, time).await;
    let delivery = delivery::measure(Duration::from_secs(5)).await;
    let listeners = listeners::measure(&[1_000, 10_000]).await;
    json!({ "appends": [single, hundred], "delivery": delivery, "listeners": listeners })
}
