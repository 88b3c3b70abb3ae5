//! The gate. Every piece can be run alone; together they are what a change must pass.

use std::process::Command;
use std::time::Instant;

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};

use crate::sh::{Run, cargo};
use crate::{arrows, bare, setup, ui};

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
    /// Lints of the screens, warnings denied.
    ClippyScreens,
    /// Lints of the core for the browser, warnings denied.
    ClippyBrowser,
    /// Lints of the shell for Android, without the C parts, warnings denied.
    Android,
    /// Documentation, warnings denied.
    Docs,
    /// Tests of what the screens work out by themselves.
    Screens,
    /// All other tests: packages, relay, several cores, the real window.
    Tests,
    /// Not part of the gate: the README's commands in a fresh Debian root, without crates, tools, packages or builds.
    Bare,
}

impl Piece {
    /// The gate, in its order.
    fn gate() -> impl Iterator<Item = Self> {
        Self::value_variants().iter().copied().filter(|piece| !matches!(piece, Self::Bare))
    }
}

/// What `test` may leave out.
#[derive(Args)]
pub struct TestOptions {
    /// Only tests whose name, or whose file's name, contains this, without the other checks.
    filter: Option<String>,
}

/// Runs the gate.
pub fn test(options: &TestOptions) -> Result<()> {
    setup::setup(setup::Needs::Everything)?;
    if let Some(filter) = &options.filter {
        ui::build(&ui::Options::default())?;
        return chosen(filter);
    }
    let mut times = Vec::new();
    for each in Piece::gate() {
        timed(each, &mut times)?;
    }
    eprintln!("\nAll passed: {}", times.join(", "));
    Ok(())
}

/// What one runs before a commit: quick once the build directory is warm.
pub fn check() -> Result<()> {
    let mut times = Vec::new();
    for each in [Piece::Fmt, Piece::Arrows, Piece::Clippy, Piece::ClippyScreens, Piece::Screens] {
        timed(each, &mut times)?;
    }
    eprintln!("\nChecked: {}", times.join(", "));
    Ok(())
}

fn timed(each: Piece, times: &mut Vec<String>) -> Result<()> {
    let start = Instant::now();
    let done = piece(each);
    times.push(format!("{each:?} {} s", start.elapsed().as_secs()));
    done.inspect_err(|_| eprintln!("\n{each:?} failed. So far: {}", times.join(", ")))
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
        Piece::ClippyScreens => cargo(
            "clippy --locked -p trellis-ui --all-targets --target wasm32-unknown-unknown -- -D warnings",
        )
        .go(),
        Piece::ClippyBrowser => {
            cargo("clippy --locked -p trellis-core --lib --target wasm32-unknown-unknown -- -D warnings").go()
        }
        Piece::Android => cargo("clippy --locked -p trellis-app --lib --target aarch64-linux-android")
            .args(["--no-default-features", "--features", "custom-protocol", "--", "-D", "warnings"])
            .go(),
        Piece::Docs => docs(),
        Piece::Screens => nextest(SCREENS).go(),
        Piece::Tests => tests(),
        Piece::Bare => bare::bare(),
    }
}

fn docs() -> Result<()> {
    cargo("doc --locked --workspace --no-deps --document-private-items --exclude trellis-ui --exclude xtask")
        .env("RUSTDOCFLAGS", "-D warnings")
        .go()
}

/// A build of their own, so that the features of what the screens use do not reach the app.
const SCREENS: &str = "--locked -p trellis-ui --lib";
/// Everything else, in one build.
const PACKAGES: &str = "--locked --workspace --exclude trellis-ui --exclude xtask";
/// What nextest ends with when no test was to be run.
const NO_TESTS: i32 = 4;

fn nextest(packages: &str) -> Command {
    cargo(&format!("nextest run {packages}"))
}

/// One build of all programs and tests, then all tests; the journeys need the app's and the relay's programs.
fn tests() -> Result<()> {
    build()?;
    nextest(PACKAGES).go()
}

fn build() -> Result<()> {
    cargo(&format!("build {PACKAGES} --lib --bins --tests")).go()
}

/// Tests by a part of their names, wherever they are; none at all is a mistake.
fn chosen(filter: &str) -> Result<()> {
    build()?;
    let mut found = false;
    let named = format!("test(~{filter}) | binary(~{filter})");
    for packages in [SCREENS, PACKAGES] {
        let code = nextest(packages).args(["-E", &named]).status()?.code();
        ensure!(matches!(code, Some(0 | NO_TESTS)), "tests failed");
        found |= code == Some(0);
    }
    ensure!(found, "no test, and no file of tests, has “{filter}” in its name");
    Ok(())
}
