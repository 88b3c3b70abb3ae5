//! The gate. Every piece can be run alone; together they are what a change must pass.

use std::panic;
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};

use crate::sh::{Run, cargo};
use crate::{arrows, bare, setup, ui};

/// Pieces of the gate.
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

/// Quick ones.
const FIRST: [Piece; 3] = [Piece::Fmt, Piece::Arrows, Piece::Deny];
/// What needs no bundle of the screens. Optimising the bundle keeps one core busy, these keep the other.
const BESIDE_UI: [Piece; 3] = [Piece::ClippyScreens, Piece::ClippyBrowser, Piece::Screens];
/// What needs the bundle.
const WITH_UI: [Piece; 4] = [Piece::Clippy, Piece::Android, Piece::Docs, Piece::Tests];
/// What one runs before a commit.
const BEFORE_COMMIT: [Piece; 5] =
    [Piece::Fmt, Piece::Arrows, Piece::Clippy, Piece::ClippyScreens, Piece::Screens];

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
    let times = Times::default();
    times.all(&FIRST)?;
    thread::scope(|scope| {
        let bundle = scope.spawn(|| times.all(&[Piece::Ui]));
        let beside = times.all(&BESIDE_UI);
        bundle.join().unwrap_or_else(|panic| panic::resume_unwind(panic)).and(beside)
    })?;
    times.all(&WITH_UI)?;
    eprintln!("\nAll passed: {}", times.words());
    Ok(())
}

/// What one runs before a commit: quick once the build directory is warm.
pub fn check() -> Result<()> {
    let times = Times::default();
    times.all(&BEFORE_COMMIT)?;
    eprintln!("\nChecked: {}", times.words());
    Ok(())
}

/// How long each piece took.
#[derive(Default)]
struct Times(Mutex<Vec<String>>);

impl Times {
    /// Runs pieces one after the other, up to the first that fails.
    fn all(&self, pieces: &[Piece]) -> Result<()> {
        pieces.iter().try_for_each(|each| self.one(*each))
    }

    fn one(&self, each: Piece) -> Result<()> {
        let start = Instant::now();
        let done = piece(each);
        self.list().push(format!("{each:?} {} s", start.elapsed().as_secs()));
        done.inspect_err(|_| eprintln!("\n{each:?} failed. So far: {}", self.words()))
    }

    fn words(&self) -> String {
        self.list().join(", ")
    }

    fn list(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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

/// The same packages as the lints, so that what those checked is not checked again.
fn docs() -> Result<()> {
    cargo("doc --locked --workspace --no-deps --document-private-items --exclude trellis-ui")
        .env("RUSTDOCFLAGS", "-D warnings")
        .go()
}

/// A build of their own, so that the features of what the screens use do not reach the app.
const SCREENS: &str = "--locked -p trellis-ui --lib";
/// Everything else, in one build.
const PACKAGES: &str = "--locked --workspace --exclude trellis-ui --exclude xtask";
/// What a person types, in a build of its own as well.
const TOOLS: &str = "--locked -p xtask";
/// What nextest ends with when no test was to be run.
const NO_TESTS: i32 = 4;

fn nextest(packages: &str) -> Command {
    cargo(&format!("nextest run {packages}"))
}

/// One build of all programs and tests, then all tests; the journeys need the app's and the relay's programs.
fn tests() -> Result<()> {
    build()?;
    nextest(PACKAGES).go()?;
    nextest(TOOLS).go()
}

fn build() -> Result<()> {
    cargo(&format!("build {PACKAGES} --lib --bins --tests")).go()
}

/// Tests by a part of their names, wherever they are; none at all is a mistake.
fn chosen(filter: &str) -> Result<()> {
    build()?;
    let mut found = false;
    let named = format!("test(~{filter}) | binary(~{filter})");
    for packages in [SCREENS, PACKAGES, TOOLS] {
        let code = nextest(packages).args(["-E", &named]).status()?.code();
        ensure!(matches!(code, Some(0 | NO_TESTS)), "tests failed");
        found |= code == Some(0);
    }
    ensure!(found, "no test, and no file of tests, has “{filter}” in its name");
    Ok(())
}
