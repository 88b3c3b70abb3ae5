//! Kill -9 at any moment: a test starts itself again as a process that works and says what it has done, and ends it.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};

const FOLDER: &str = "TRELLIS_KILL_FOLDER";
const FROM: &str = "TRELLIS_KILL_FROM";

/// What the process was told to do: where, and from which number on.
pub fn asked() -> Result<(PathBuf, u32)> {
    let folder = env::var_os(FOLDER).context("started by the test that kills it")?;
    Ok((folder.into(), env::var(FROM)?.parse()?))
}

/// Says something that counts from now on. A line that is cut off says nothing.
pub fn tell(words: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{words}.")?;
    Ok(out.flush()?)
}

/// The last numbers that were said to be saved and sent before the kill.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told {
    /// Saved.
    pub saved: Option<u32>,
    /// Acknowledged by the relay.
    pub sent: Option<u32>,
}

impl Told {
    fn hear(&mut self, line: &str) {
        let number = |what: &str| line.strip_prefix(what)?.strip_suffix('.')?.parse().ok();
        self.saved = number("saved ").or(self.saved);
        self.sent = number("sent ").or(self.sent);
    }
}

/// Runs the ignored test of that name until it said so many lines and then a little longer, kills it, and gives what
/// it said.
pub fn run_and_kill(test: &str, folder: &Path, from: u32, lines: u32, longer: Duration) -> Result<Told> {
    let mut child = start(test, folder, from)?;
    let output = child.stdout.take().context("no output")?;
    let mut said = BufReader::new(output).lines().map_while(Result::ok);
    said.find(|line| line.ends_with("ready.")).context("it never began")?;
    let mut told = Told::default();
    for _ in 0..lines {
        told.hear(&said.next().context("it ended by itself")?);
    }
    std::thread::sleep(longer);
    child.kill()?;
    child.wait()?;
    said.for_each(|line| told.hear(&line));
    Ok(told)
}

fn start(test: &str, folder: &Path, from: u32) -> Result<Child> {
    let mut command = Command::new(env::current_exe()?);
    command
        .args([test, "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .env(FROM, from.to_string());
    Ok(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?)
}
