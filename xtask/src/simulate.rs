//! Many devices of many people, from as many seeds as asked for.

use anyhow::Result;
use clap::Args;

use crate::sh::{Run, cargo};

/// Which seeds.
#[derive(Args)]
pub struct Options {
    /// How many, of honest people, and as many with a hostile member.
    #[arg(long, default_value_t = 20_000)]
    seeds: u64,
    /// The first one; one that failed is tried alone with `--from SEED --seeds 1`.
    #[arg(long, default_value_t = 2_000)]
    from: u64,
}

/// Runs the simulation in release, which is several times as fast.
pub fn simulate(options: &Options) -> Result<()> {
    cargo("nextest run --locked --release -p trellis-core --lib --no-fail-fast sync::tests::sim::")
        .env("TRELLIS_SEEDS", options.seeds.to_string())
        .env("TRELLIS_FIRST_SEED", options.from.to_string())
        .env("TRELLIS_HOSTILE_SEEDS", options.seeds.to_string())
        .env("TRELLIS_FIRST_HOSTILE_SEED", options.from.to_string())
        .env("TRELLIS_DEVICES", "30")
        .args(["--config", "profile.default.slow-timeout=\"1h\""])
        .go()
}
