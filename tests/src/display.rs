//! A virtual screen of its own for each device, so that windows cannot take each other's focus.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::process::Running;

/// A virtual screen.
pub struct Display {
    /// As `DISPLAY` names it.
    pub name: String,
    _server: Running,
}

impl Display {
    /// Starts one; the server chooses a free number and says it.
    pub fn start() -> Result<Self> {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]);
        let mut server =
            Running::spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()))?;
        let output = server.child().stdout.take().context("no output from Xvfb")?;
        let mut number = String::new();
        BufReader::new(output).read_line(&mut number)?;
        Ok(Self { name: format!(":{}", number.trim()), _server: server })
    }
}
