//! The gate. Every piece can be run alone; together they are what a change must pass.

use std::time::Instant;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::sh::{Run, cargo};
use crate::{arrows, setup, ui};

/// Pieces of the gate, in the order in which they run: quick ones first.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Piece {
    /// rustfmt.
    Fmt,
    /// Which package and part may use which.
    Arrows,
    /// Licences, banned and foreign crates; needs no network.
    Deny,
    /// The screens, as the app holds them.
    Ui,
    /// Lints on this machine, warnings denied.
    Clippy,
    /// Lints of the screens and of the core for the browser, warnings denied.
    ClippyWasm,
    /// Lints of the shell for Android, without the C parts, warnings denied.
    Android,
    /// Documentation, warnings denied.
    Docs,
    /// Tests of what the screens work out by themselves.
    Screens,
    /// All other tests: packages, relay, several cores, the real window.
    Tests,
}

/// What `test` may leave out.
#[derive(Args)]
pub struct TestOptions {
    /// Only tests whose name contains this, without the other checks.
    filter: Option<String>,
}

/// Runs the gate.
pub fn test(options: &TestOptions) -> Result<()> {
    setup::setup(setup::Needs::Everything)?;
    if let Some(filter) = &options.filter {
        ui::build(&ui::Options::default())?;
        screens(Some(filter))?;
        return tests(Some(filter));
    }
    let mut times = Vec::new();
    for each in Piece::value_variants() {
        if matches!(each, Piece::Tests) {
            eprintln!("\nChecks passed: {}", times.join(", "));
        }
        let start = Instant::now();
        piece(*each)?;
        times.push(format!("{each:?} {} s", start.elapsed().as_secs()));
    }
    Ok(())
}

/// Runs one piece of the gate.
pub fn piece(piece: Piece) -> Result<()> {
    match piece {
        Piece::Fmt => cargo("fmt --all --check").go(),
        Piece::Arrows => arrows::check(),
        Piece::Deny => cargo("deny --offline --all-features check licenses bans sources").go(),
        Piece::Ui => ui::build(&ui::Options::default()),
        Piece::Clippy => {
            cargo("clippy --locked --workspace --exclude trellis-ui --all-targets -- -D warnings").go()
        }
        Piece::ClippyWasm => clippy_wasm(),
        Piece::Android => cargo("clippy --locked -p trellis-app --lib --target aarch64-linux-android")
            .args(["--no-default-features", "--features", "custom-protocol", "--", "-D", "warnings"])
            .go(),
        Piece::Docs => docs(),
        Piece::Screens => screens(None),
        Piece::Tests => tests(None),
    }
}

fn clippy_wasm() -> Result<()> {
    cargo("clippy --locked -p trellis-ui --all-targets --target wasm32-unknown-unknown -- -D warnings")
        .go()?;
    cargo("clippy --locked -p trellis-core --lib --target wasm32-unknown-unknown -- -D warnings").go()
}

fn docs() -> Result<()> {
    cargo("doc --locked --workspace --no-deps --document-private-items --exclude trellis-ui --exclude xtask")
        .env("RUSTDOCFLAGS", "-D warnings")
        .go()
}

/// A build of their own, so that the features of what the screens use do not reach the app.
fn screens(filter: Option<&str>) -> Result<()> {
    cargo("nextest run --locked -p trellis-ui --lib").args(chosen(filter)).go()
}

/// One build of all programs and tests, then all tests; the journeys need the app's and the relay's programs.
fn tests(filter: Option<&str>) -> Result<()> {
    let packages = "--locked --workspace --exclude trellis-ui --exclude xtask";
    cargo(&format!("build {packages} --lib --bins --tests")).go()?;
    cargo(&format!("nextest run {packages}")).args(chosen(filter)).go()
}

/// Chooses tests by a part of their name; all that fit may be in other packages.
fn chosen(filter: Option<&str>) -> impl Iterator<Item = &str> {
    filter.into_iter().flat_map(|part| ["--no-tests", "pass", part])
}
