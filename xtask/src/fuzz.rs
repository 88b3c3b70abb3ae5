//! Damaged messages for every reader of what comes from others, as many as asked for.

use anyhow::Result;
use clap::Args;

use crate::fuzz_api;
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
    /// Instead, calls to a running relay, made up by schemathesis from the relay's own document; it is installed from PyPI
    /// into target/fuzz-api.
    #[arg(long, conflicts_with_all = ["target", "executions"])]
    api: bool,
    /// How many calls of each kind and phase.
    #[arg(long, default_value_t = 100, requires = "api")]
    examples: u32,
}

/// Runs them in release and prints how many a second, the most memory and the slowest message.
pub fn fuzz(options: &Options) -> Result<()> {
    if options.api {
        return fuzz_api::fuzz(options.examples);
    }
    let target = options.target.iter().flat_map(|name| ["--target", name]);
    cargo("run --locked --release -p trellis-fuzz --")
        .args(["--executions", &options.executions.to_string()])
        .args(target)
        .go()
}
