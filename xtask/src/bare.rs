//! Both README commands in a fresh Debian: no crates, no tools, no packages, no builds of earlier runs.
//!
//! Needs root, `debootstrap`, about 30 GB and, cold, the time of a first build. The toolchain is a copy of this machine's
//! without its added targets; everything else comes from the registries, as on a new machine.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::sh::{Run, cmd, root, target};

/// What the README asks for beside rustup: a linker, and the certificates that downloads need.
const ASKED_FOR: &str = "gcc,libc6-dev,ca-certificates";

/// What is run inside, one after the other.
const COMMANDS: [&str; 2] = ["cargo xtask run --walk", "cargo xtask test"];

/// Makes the root, runs both commands in it and says how long each took.
pub fn bare() -> Result<()> {
    ensure!(cmd("id", ["-u"]).read()?.trim() == "0", "a Debian root can only be made by root");
    ensure!(cmd("debootstrap", ["--version"]).works(), "debootstrap is missing: apt-get install debootstrap");
    let debian = target().join("bare");
    if debian.exists() {
        fs::remove_dir_all(&debian)?;
    }
    install(&debian)?;
    toolchain(&debian)?;
    let inside = debian.join("root/trellis");
    cmd("git", ["clone", "--quiet"]).arg(root()).arg(&inside).go()?;
    fs::write(debian.join("root/bare.sh"), script())?;
    cmd("unshare", ["--mount", "--pid", "--fork", "sh", "-c", ENTER, "sh"]).arg(&debian).go()
}

/// Mounts what programs expect and enters the root with an empty environment.
const ENTER: &str = "mount -t proc proc $1/proc && mount --rbind /dev $1/dev && mount --rbind /sys $1/sys && \
    exec chroot $1 /usr/bin/env -i HOME=/root LANG=C.UTF-8 CI=true \
    PATH=/root/.cargo/bin:/usr/sbin:/usr/bin:/sbin:/bin sh -e /root/bare.sh";

fn script() -> String {
    let timed =
        |command: &&str| format!("date +'%T before {command}'\n{command}\ndate +'%T after {command}'\n");
    format!("cd /root/trellis\n{}", COMMANDS.iter().map(timed).collect::<String>())
}

/// A minimal Debian of this machine's release, with its way to the network.
fn install(debian: &Path) -> Result<()> {
    let release = fs::read_to_string("/etc/os-release").context("/etc/os-release")?;
    let suite =
        release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME=")).context("no release")?;
    cmd("debootstrap", ["--variant=minbase", "--include", ASKED_FOR, suite]).arg(debian).go()?;
    for file in ["etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt"] {
        fs::copy(Path::new("/").join(file), debian.join(file)).context(file)?;
    }
    Ok(())
}

/// rustup and the stable toolchain, as its installer leaves them.
fn toolchain(debian: &Path) -> Result<()> {
    let home = PathBuf::from(std::env::var_os("HOME").context("HOME")?);
    fs::create_dir_all(debian.join("root/.cargo/bin"))?;
    let rustup = home.join(".cargo/bin/.");
    cmd("cp", ["--archive"]).arg(rustup).arg(debian.join("root/.cargo/bin")).go()?;
    let sysroot = cmd("rustc", ["--print", "sysroot"]).read()?;
    let toolchains = debian.join("root/.rustup/toolchains");
    fs::create_dir_all(&toolchains)?;
    cmd("cp", ["--archive", sysroot.trim()]).arg(&toolchains).go()?;
    fs::copy(home.join(".rustup/settings.toml"), debian.join("root/.rustup/settings.toml"))?;
    for added in ["wasm32-unknown-unknown", "aarch64-linux-android"] {
        let there = cmd("chroot", [debian.as_os_str()])
            .args(["/usr/bin/env", "HOME=/root", "/root/.cargo/bin/rustup", "target", "remove", added])
            .works();
        eprintln!("target {added}: {}", if there { "taken out" } else { "was not there" });
    }
    Ok(())
}
