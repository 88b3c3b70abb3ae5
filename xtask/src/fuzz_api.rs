//! Calls made up from the relay's own document, by schemathesis, against a relay of its own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use anyhow::{Context, Result, ensure};

use crate::setup::newer;
use crate::sh::{Run, cargo, cmd, root, target};

const SOURCES: &str = "sync-server/tests/schemathesis";
/// Small limits, so that calls meet them; no rates, or most calls would be refused before they reach anything.
const LIMITS: [(&str, &str); 9] = [
    ("max-body", "65536"),
    ("max-envelope", "400"),
    ("mailbox-envelopes", "20"),
    ("mailbox-bytes", "4000"),
    ("stall-seconds", "5"),
    ("heartbeat-seconds", "1"),
    ("address-rate", "0"),
    ("address-creations", "0"),
    ("address-streams", "0"),
];

/// Installs schemathesis into the build directory, runs it over all calls with all checks, and fails on a finding.
pub fn fuzz(examples: u32) -> Result<()> {
    let folder = target().join("fuzz-api");
    let tools = install(&folder)?;
    let relay = Relay::start(&folder)?;
    let sources = root().join(SOURCES);
    let tested = cmd(&tools.join("schemathesis").to_string_lossy(), ["--config-file"])
        .arg(sources.join("schemathesis.toml"))
        .args(["run", "--checks", "all", "--url", &relay.url])
        .args(["--continue-on-failure", "--generation-database", "none"])
        .args(["--max-examples", &examples.to_string()])
        .arg(root().join("sync-server/openapi.json"))
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("PYTHONPATH", &sources)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(&folder)
        .go();
    relay.stop()?;
    tested
}

/// Returns where the programs of the virtual environment are.
fn install(folder: &Path) -> Result<PathBuf> {
    let (wanted, done) = (root().join(SOURCES).join("requirements.txt"), folder.join("installed"));
    let environment = folder.join("venv");
    if newer(&wanted, &done) {
        fs::create_dir_all(folder)?;
        cmd("python3", ["-m", "venv"]).arg(&environment).go().context("needs Debian's python3-venv")?;
        let pip = environment.join("bin/pip");
        cmd(&pip.to_string_lossy(), ["install", "--quiet", "--requirement"]).arg(&wanted).go()?;
        fs::write(done, "")?;
    }
    Ok(environment.join("bin"))
}

/// A relay on a free port.
struct Relay {
    child: Child,
    url: String,
}

impl Relay {
    fn start(folder: &Path) -> Result<Self> {
        cargo("build --locked -p sync-server --bins").go()?;
        let limits = LIMITS.map(|(name, value)| [format!("--{name}"), value.to_owned()]);
        let program = target().join("debug/trellis-relay");
        let mut child = cmd(&program.to_string_lossy(), ["serve", "--listen", "127.0.0.1:0", "--database"])
            .arg(fresh(&folder.join("relay"))?.join("relay.db"))
            .args(limits.as_flattened())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let url = line.trim().strip_prefix("listening on ").unwrap_or_default().to_owned();
        Ok(Self { child, url })
    }

    /// Ends it. It may have ended by itself.
    fn stop(mut self) -> Result<()> {
        ensure!(self.child.try_wait()?.is_none(), "the relay has ended");
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

fn fresh(folder: &Path) -> Result<&Path> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    Ok(folder)
}
