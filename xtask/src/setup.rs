//! Installing what is missing, after saying what.

use std::path::Path;

use anyhow::{Result, bail};

use crate::sh::{Run, cmd, root};

/// Debian packages that the build needs.
const BUILD_PACKAGES: &[&str] = &[
    "build-essential",
    "clang",
    "llvm",
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "librsvg2-dev",
    "libayatana-appindicator3-dev",
    "libssl-dev",
    "nodejs",
    "npm",
];

/// Debian packages for driving the window where there is no display, and for tests.
const TEST_PACKAGES: &[&str] =
    &["webkit2gtk-driver", "xvfb", "dbus-daemon", "gnome-keyring", "procps", "fonts-noto-color-emoji"];

const TARGETS: &[&str] = &["wasm32-unknown-unknown", "aarch64-linux-android"];
const TOOLS: &[&str] = &["cargo-nextest", "cargo-deny"];

/// How much of it is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Build the app and open it.
    Window,
    /// And drive it without a display.
    VirtualWindow,
    /// And run every check.
    Everything,
}

/// Installs what is missing.
pub fn setup(needs: Needs) -> Result<()> {
    debian(needs)?;
    targets()?;
    crates()?;
    npm()?;
    if needs == Needs::Everything { tools() } else { Ok(()) }
}

fn debian(needs: Needs) -> Result<()> {
    let wanted = BUILD_PACKAGES.iter().chain(TEST_PACKAGES.iter().filter(|_| needs != Needs::Window));
    if !cmd("dpkg-query", ["--version"]).works() {
        return elsewhere(&wanted.copied().collect::<Vec<_>>());
    }
    let missing: Vec<_> = wanted.copied().filter(|package| !installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    eprintln!("These Debian packages are missing and will be installed: {}", missing.join(" "));
    apt(&["update", "--quiet"])?;
    apt(&[&["install", "--yes", "--quiet", "--no-install-recommends"], missing.as_slice()].concat())
}

/// A package, or one that takes its place (`npm` comes inside some `nodejs` packages).
fn installed(package: &str) -> bool {
    match package {
        "nodejs" => cmd("node", ["--version"]).works(),
        "npm" => cmd("npm", ["--version"]).works(),
        _ => cmd("dpkg-query", ["--show", "--showformat=${db:Status-Status}", package])
            .stderr(std::process::Stdio::null())
            .output()
            .is_ok_and(|output| output.stdout == b"installed"),
    }
}

fn apt(args: &[&str]) -> Result<()> {
    let root_user = cmd("id", ["-u"]).read()?.trim() == "0";
    let mut command =
        if root_user { cmd("apt-get", args) } else { cmd("sudo", [&["apt-get"], args].concat()) };
    command.env("DEBIAN_FRONTEND", "noninteractive").go()
}

/// On other systems the names differ: say what is needed and go on if it seems to be there.
fn elsewhere(wanted: &[&str]) -> Result<()> {
    eprintln!(
        "This is not a Debian system, so nothing is installed for you. Needed, by their Debian names:\n  {}",
        wanted.join(" ")
    );
    if cfg!(target_os = "linux") && !cmd("pkg-config", ["--exists", "webkit2gtk-4.1"]).works() {
        bail!("webkit2gtk-4.1 was not found by pkg-config; install the packages above and try again");
    }
    Ok(())
}

fn targets() -> Result<()> {
    let there = cmd("rustup", ["target", "list", "--installed"]).read()?;
    for target in TARGETS.iter().filter(|target| !there.lines().any(|line| line == **target)) {
        eprintln!("The Rust target {target} is missing and will be added.");
        cmd("rustup", ["target", "add", target]).go()?;
    }
    Ok(())
}

/// All crates of the lock file, those of other platforms too: what runs offline later reads their licences.
fn crates() -> Result<()> {
    cmd("cargo", ["fetch", "--locked"]).go()
}

fn tools() -> Result<()> {
    for tool in TOOLS.iter().filter(|tool| !cmd(tool, ["--version"]).works()) {
        eprintln!("{tool} is missing and will be built from source.");
        // Without optimisation: building them takes longer than they ever run.
        cmd("cargo", ["install", "--locked", "--debug", tool]).go()?;
    }
    Ok(())
}

/// npm packages at the versions of the lock: what optimises the screens and what checks them.
fn npm() -> Result<()> {
    if newer(&root().join("package-lock.json"), &root().join("node_modules/.package-lock.json")) {
        cmd("npm", ["ci", "--no-audit", "--no-fund"]).go()?;
    }
    Ok(())
}

/// Returns whether `a` was changed after `b`, or `b` is not there.
pub fn newer(a: &Path, b: &Path) -> bool {
    let time = |path: &Path| path.metadata().and_then(|meta| meta.modified()).ok();
    time(b).is_none_or(|b| time(a).is_some_and(|a| a > b))
}
