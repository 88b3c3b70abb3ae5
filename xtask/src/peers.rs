//! Other servers that the relay is measured beside, installed into the build directory and nowhere else.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;

use crate::setup::newer;
use crate::sh::{Run, cargo, cmd, root, target};

/// The version of atuin's server whose calls our load program speaks.
const ATUIN: &str = "=18.24.4";
/// What starts and loads the servers that run on Node.
const SOURCES: &str = "sync-server/benches/peers";

/// Which servers, and how long.
#[derive(Args)]
pub struct Options {
    /// Build atuin's server too, which takes a quarter of an hour. Without this it is measured only where it is there.
    #[arg(long)]
    atuin: bool,
    /// Fewer and shorter rounds.
    #[arg(long)]
    quick: bool,
}

/// Installs the servers and measures all of them in one go; the rows go to `file`.
pub fn bench(options: &Options, file: &Path) -> Result<()> {
    let folder = target().join("peers");
    install(&folder)?;
    if options.atuin {
        atuin(&folder)?;
    }
    let quick = options.quick.then_some("--quick");
    cargo("bench --locked -p sync-server --bench relay -- --json")
        .arg(file)
        .arg("--peers")
        .arg(&folder)
        .args(quick)
        .go()
}

/// npm packages at the versions of the lock, beside the programs that need them.
fn install(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    let sources = root().join(SOURCES);
    for file in fs::read_dir(&sources).with_context(|| SOURCES)? {
        let file = file?;
        fs::copy(file.path(), folder.join(file.file_name()))?;
    }
    let installed = folder.join("node_modules/.package-lock.json");
    if newer(&sources.join("package-lock.json"), &installed) {
        // `ci` wants builds for other systems in the lock, and not every registry has them.
        cmd("npm", ["install", "--no-audit", "--no-fund"]).current_dir(folder).go()?;
    }
    Ok(())
}

/// Built at low priority: whoever works on the machine meanwhile comes first.
fn atuin(folder: &Path) -> Result<()> {
    if folder.join("bin/atuin-server").exists() {
        return Ok(());
    }
    let install = ["cargo", "install", "--locked", "atuin-server", "--version", ATUIN, "--root"];
    cmd("nice", ["-n", "10"]).args(install).arg(folder).go()
}
