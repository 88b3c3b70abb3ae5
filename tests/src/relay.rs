//! A real relay process with its own folder.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::process::{Running, built, free_port};

/// How long it may take until something comes to it.
const PATIENCE: Duration = Duration::from_secs(15);

/// A relay on loopback.
pub struct Relay {
    /// Its address, `http://127.0.0.1:PORT`.
    pub address: String,
    folder: TempDir,
    process: Running,
    /// Where it listens, and where it shows its counters.
    ports: (u16, u16),
}

impl Relay {
    /// Starts one with an empty store.
    pub fn start() -> Result<Self> {
        let (folder, ports) = (TempDir::new()?, (free_port()?, free_port()?));
        let (process, address) = serve(folder.path(), ports)?;
        Ok(Self { address, folder, process, ports })
    }

    /// Takes it off the network, as a power cut would.
    pub fn stop(&mut self) {
        self.process.kill();
    }

    /// Brings it back at the same address with what it had stored.
    pub fn restart(&mut self) -> Result<()> {
        self.process.kill();
        self.process = serve(self.folder.path(), self.ports)?.0;
        Ok(())
    }

    /// How many envelopes it has taken since it was started, as it counts them itself.
    pub fn stored(&self) -> Result<u64> {
        let mut line = TcpStream::connect(("127.0.0.1", self.ports.1))?;
        line.write_all(b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        line.read_to_string(&mut answer)?;
        let count =
            answer.lines().find_map(|line| line.strip_prefix("trellis_relay_envelopes_stored_total "));
        Ok(count.context("the relay counts nothing")?.trim().parse()?)
    }

    /// Waits until it has taken more than this; answers when that was.
    pub async fn stores_more_than(&self, before: u64) -> Result<Instant> {
        let end = Instant::now() + PATIENCE;
        while self.stored()? <= before {
            ensure!(Instant::now() < end, "nothing more came to the relay");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(Instant::now())
    }

    /// Where it stores.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

fn serve(folder: &Path, (port, metrics): (u16, u16)) -> Result<(Running, String)> {
    let mut command = Command::new(built("trellis-relay")?);
    command.arg("serve").args(["--listen", &format!("127.0.0.1:{port}")]);
    command.args(["--metrics-listen", &format!("127.0.0.1:{metrics}"), "--min-free", "0"]).arg("--database");
    command.arg(folder.join("relay.db")).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = Running::spawn(&mut command)?;
    let mut lines = BufReader::new(process.child().stdout.take().context("no output from the relay")?);
    let mut line = String::new();
    lines.read_line(&mut line)?;
    // The pipe is read on, so that the relay never waits for its words to be taken.
    std::thread::spawn(move || lines.lines().for_each(drop));
    let address = line.trim().strip_prefix("listening on ").context("the relay did not say its address")?;
    Ok((process, address.to_owned()))
}
