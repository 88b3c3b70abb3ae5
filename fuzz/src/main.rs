//! Runs targets as long as asked for: `cargo xtask fuzz`.

use anyhow::{Context, Result, anyhow};
use clap::Parser;
use trellis_fuzz::driver::{Figures, Until, drive};
use trellis_fuzz::{TARGETS, Target, target};

/// Runs targets on damaged inputs and prints what it took.
#[derive(Parser)]
struct Cli {
    /// Only this one.
    #[arg(long)]
    target: Option<String>,
    /// How many inputs for each target.
    #[arg(long, default_value_t = 10_000_000)]
    executions: u64,
    /// Where the numbers begin.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    let chosen = match &cli.target {
        Some(name) => std::slice::from_ref(
            target(name).with_context(|| format!("no target {name}; there are: {}", names()))?,
        ),
        None => TARGETS,
    };
    for target in chosen {
        let figures =
            drive(target, cli.seed, Until::Executions(cli.executions)).map_err(|why| anyhow!(why))?;
        println!("{}", line(target, &figures));
    }
    Ok(())
}

fn names() -> String {
    TARGETS.iter().map(|target| target.name).collect::<Vec<_>>().join(", ")
}

fn line(target: &Target, figures: &Figures) -> String {
    let (slowest, input) = &figures.slowest;
    format!(
        "{:<10} {:>10} inputs {:>8.0}/s {:>9.2} MiB at most, slowest {:.1} ms: {} bytes {}",
        target.name,
        figures.executions,
        figures.executions as f64 / figures.elapsed.as_secs_f64(),
        figures.peak as f64 / (1024.0 * 1024.0),
        slowest.as_secs_f64() * 1000.0,
        input.len(),
        hex::encode(input.get(..64).unwrap_or(input)),
    )
}
