//! Other programs: said aloud, run from the workspace's root, checked.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// The workspace's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Where builds go.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A program to run from the workspace's root.
pub fn cmd<S: AsRef<OsStr>>(program: &str, args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root());
    command
}

/// `cargo` with these words, separated by spaces.
pub fn cargo(words: &str) -> Command {
    cmd("cargo", words.split_whitespace())
}

/// Builds the app, the relay and the programs that drive them.
pub fn programs() -> Result<()> {
    cargo("build --locked -p trellis-app -p sync-server -p trellis-tests --bins").go()
}

/// Running a program to its end.
pub trait Run {
    /// Says the line, runs it, and fails with it.
    fn go(&mut self) -> Result<()>;
    /// Runs quietly and gives what it printed.
    fn read(&mut self) -> Result<String>;
    /// Whether it can be run and ends well; its output is dropped.
    fn works(&mut self) -> bool;
}

impl Run for Command {
    fn go(&mut self) -> Result<()> {
        eprintln!("\n$ {}", line(self));
        let status = self.status().with_context(|| line(self))?;
        ensure!(status.success(), "{} ended with {status}", line(self));
        Ok(())
    }

    fn read(&mut self) -> Result<String> {
        let output = self.stderr(Stdio::inherit()).output().with_context(|| line(self))?;
        ensure!(output.status.success(), "{} ended with {}", line(self), output.status);
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn works(&mut self) -> bool {
        self.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }
}

fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}
