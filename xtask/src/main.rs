//! What a person types to run, test, measure and package Trellis: `cargo xtask <command>`.

mod arrows;
mod bare;
mod bench;
mod ci;
mod dist;
mod fuzz;
mod fuzz_api;
mod peers;
mod run;
mod screenshots;
mod setup;
mod sh;
mod simulate;
mod ui;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Runs, tests, measures and packages Trellis.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Installs what is missing (Debian packages, Rust targets, cargo tools, npm packages), after saying what.
    Setup,
    /// Builds the screens into ui/dist.
    Ui(ui::Options),
    /// Starts a relay on this machine and opens the app on it; without a display, walks the main job and leaves pictures.
    Run(run::Options),
    /// Everything: format, lints, architecture, other targets, docs, licences, and all tests with the real window.
    Test(ci::TestOptions),
    /// What one runs before a commit: format, architecture, lints of host and screens, the quick tests.
    Check,
    /// One piece of `test`, or `bare`: both README commands in an empty Debian.
    Ci {
        /// Which.
        #[arg(value_enum)]
        piece: ci::Piece,
    },
    /// Measures relay, app and bundle in release; a table, and JSON in target/bench. `bench peers` sets the relay beside others.
    Bench(bench::Options),
    /// Pictures of every screen from the real window into target/screenshots.
    Screenshots(screenshots::Options),
    /// Many devices of many people through months, from many seeds; the tests try the first 2,000.
    Simulate(simulate::Options),
    /// Damaged messages for every reader of what comes from others; the tests try each reader for five seconds. `--api`: calls to the relay.
    Fuzz(fuzz::Options),
    /// Packages into target/dist: a .deb and a tarball of the app; a tarball, a .deb, and an image with a compose file of the relay.
    Dist(dist::Options),
}

fn main() -> Result<()> {
    match Cli::parse().task {
        Task::Setup => setup::setup(setup::Needs::Everything),
        Task::Ui(options) => ui::build(&options),
        Task::Run(options) => run::run(&options),
        Task::Test(options) => ci::test(&options),
        Task::Check => ci::check(),
        Task::Ci { piece } => ci::piece(piece),
        Task::Bench(options) => bench::bench(&options),
        Task::Screenshots(options) => screenshots::screenshots(&options),
        Task::Simulate(options) => simulate::simulate(&options),
        Task::Fuzz(options) => fuzz::fuzz(&options),
        Task::Dist(options) => dist::dist(&options),
    }
}
