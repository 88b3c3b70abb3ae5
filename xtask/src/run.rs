//! The app on this machine, with a relay beside it.

use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;

use crate::sh::{Run, cargo, cmd, programs, root, target};
use crate::{setup, ui};

/// What is opened.
#[derive(Args)]
pub struct Options {
    /// Opens a second device beside the first, with its own data folder.
    #[arg(long)]
    second_device: bool,
    /// Where the relay listens, on this machine only.
    #[arg(long, default_value_t = 8787)]
    relay_port: u16,
    /// Walks the main job on a virtual display, as happens by itself where there is none.
    #[arg(long)]
    walk: bool,
}

/// Sets up, builds, starts the relay and opens the app.
pub fn run(options: &Options) -> Result<()> {
    let walk = options.walk || !has_display();
    setup::setup(if walk { setup::Needs::VirtualWindow } else { setup::Needs::Window })?;
    ui::build(&ui::Options::default())?;
    if walk { self::walk() } else { open(options) }
}

fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

fn walk() -> Result<()> {
    eprintln!("No display: the main job is walked on a virtual one, and pictures of it are kept.");
    programs()?;
    let pictures = target().join("screenshots");
    cmd(&built("walk").to_string_lossy(), [&pictures]).go()
}

fn open(options: &Options) -> Result<()> {
    cargo("build --locked -p trellis-app -p sync-server --bins").go()?;
    let _relay = relay(options.relay_port)?;
    let address = format!("http://127.0.0.1:{}", options.relay_port);
    eprintln!("The relay listens on {address}; data of this run is in {}.", data("").display());
    let names = if options.second_device { &["device-1", "device-2"][..] } else { &["device-1"] };
    let mut devices = names.iter().map(|name| device(name, &address)).collect::<Result<Vec<_>>>()?;
    for device in &mut devices {
        device.wait()?;
    }
    Ok(())
}

/// A relay that ends with the run.
struct Relay(Child);

impl Drop for Relay {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.0.kill().and_then(|()| self.0.wait());
    }
}

/// Starts the relay, or uses the one that a run beside this one has started.
fn relay(port: u16) -> Result<Option<Relay>> {
    if TcpStream::connect(("127.0.0.1", port)).is_ok() {
        eprintln!("Something listens on port {port} already and is taken for the relay.");
        return Ok(None);
    }
    let mut command = Command::new(built("trellis-relay"));
    std::fs::create_dir_all(data(""))?;
    command.arg("serve").args(["--listen", &format!("127.0.0.1:{port}"), "--log", "warn"]);
    command.arg("--database").arg(data("relay.db"));
    let relay = Relay(command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?);
    let until = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if Instant::now() > until {
            bail!("the relay did not start on port {port}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(Some(relay))
}

fn device(name: &str, relay: &str) -> Result<Child> {
    let mut command = Command::new(built("trellis"));
    Ok(command.env("TRELLIS_HOME", data(name)).env("TRELLIS_RELAY", relay).spawn()?)
}

/// What a run keeps between runs.
fn data(name: &str) -> PathBuf {
    root().join(".data").join(name)
}

/// A program that was just built.
fn built(name: &str) -> PathBuf {
    target().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
