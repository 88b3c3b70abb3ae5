//! Damaged messages for every reader of what comes from others, as many as asked for.

use anyhow::Result;
use clap::Args;

use crate::sh::{Run, cargo};

/// Which readers, and how many messages.
#[derive(Args)]
pub struct Options {
    /// Only this one.
    #[arg(long)]
    target: Option<String>,
    /// How many messages for each.
    #[arg(long, default_value_t = 10_000_000)]
    executions: u64,
}

/// Runs them in release and prints how many a second, the most memory and the slowest message.
pub fn fuzz(options: &Options) -> Result<()> {
    let target = options.target.iter().flat_map(|name| ["--target", name]);
    cargo("run --locked --release -p trellis-fuzz --")
        .args(["--executions", &options.executions.to_string()])
        .args(target)
        .go()
}
