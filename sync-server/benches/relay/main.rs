//! Measures the relay on loopback and prints a table; `--json PATH` also writes the figures to a file. With `--peers` it is
//! measured beside other servers.
//!
//! `cargo bench -p sync-server --bench relay -- --json /absolute/path/relay.json [--seconds 12]`
//! (cargo runs it inside `sync-server/`, so a relative path would land there).
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]

mod appends;
mod attacks;
mod baseline;
mod client;
mod delivery;
mod drive;
mod figures;
mod listeners;
mod peers;
mod process;
mod watch;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use serde_json::Value;

/// Measures the relay.
#[derive(Parser)]
struct Arguments {
    /// Where to write the figures.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Seconds each server is measured for each size of call.
    #[arg(long, default_value_t = 12)]
    seconds: u64,
    /// Measure only appends, one a call; with `--peers`, fewer and shorter rounds.
    #[arg(long)]
    quick: bool,
    /// Measure only the attacks.
    #[arg(long)]
    attacks: bool,
    /// Measure the relay beside the servers that are installed in this folder.
    #[arg(long)]
    peers: Option<PathBuf>,
    /// Put load on a server of this kind at `--at` instead of measuring.
    #[arg(long, requires = "at")]
    drive: Option<drive::Kind>,
    /// Where that server listens.
    #[arg(long)]
    at: Option<SocketAddr>,
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
    if let (Some(kind), Some(at)) = (arguments.drive, arguments.at) {
        return drive::drive(kind, at).await;
    }
    let rows = match &arguments.peers {
        Some(folder) => peers::measure(folder, arguments.quick),
        None if arguments.attacks => attacks::measure().await,
        None => measure(Duration::from_secs(arguments.seconds), arguments.quick).await,
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
