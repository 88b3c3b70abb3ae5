//! Packages: the app as a .deb and a tarball, the relay as one static program.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::sh::{Run, cargo, cmd, root, target};
use crate::{setup, ui};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const RELAY_TARGET: &str = "x86_64-unknown-linux-gnu";

const DESKTOP: &str = "[Desktop Entry]
Type=Application
Name=Trellis
Comment=Your plan and check-ins, private and offline first
Comment[es]=Tu plan y tus registros, privados y sin depender de la red
Exec=trellis %u
Icon=trellis
Categories=Utility;
MimeType=x-scheme-handler/trellis;
Terminal=false
";

const SIZES: [u32; 6] = [16, 32, 64, 128, 256, 512];

/// Builds everything in release and packs it into `target/dist`.
pub fn dist() -> Result<()> {
    setup::setup(setup::Needs::Window)?;
    ui::build(&ui::Options::default())?;
    let out = target().join("dist");
    fs::create_dir_all(&out)?;
    cargo("build --locked --release -p trellis-app --bins").go()?;
    let tree = tree(&out)?;
    tarball(&out, &tree)?;
    deb(&out, &tree)?;
    relay(&out)?;
    eprintln!("\nIn {}:", out.display());
    cmd("ls", ["-l", "-h"]).arg(&out).go()
}

/// The files of the app as they lie on a system.
fn tree(out: &Path) -> Result<PathBuf> {
    let tree = out.join(format!("trellis-{VERSION}"));
    if tree.exists() {
        fs::remove_dir_all(&tree)?;
    }
    put(&target().join("release/trellis"), &tree.join("usr/bin/trellis"), 0o755)?;
    let share = tree.join("usr/share");
    for size in SIZES {
        let icon = share.join(format!("icons/hicolor/{size}x{size}/apps/trellis.png"));
        put(&root().join(format!("icons/{size}.png")), &icon, 0o644)?;
    }
    put(&root().join("icons/icon.svg"), &share.join("icons/hicolor/scalable/apps/trellis.svg"), 0o644)?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        put(&root().join(licence), &share.join("doc/trellis").join(licence), 0o644)?;
    }
    write(&share.join("applications/trellis.desktop"), DESKTOP)?;
    Ok(tree)
}

fn tarball(out: &Path, tree: &Path) -> Result<()> {
    let name = tree.file_name().context("a folder without a name")?;
    let file = out.join(format!("trellis-{VERSION}-{}.tar.gz", std::env::consts::ARCH));
    let mut tar = cmd("tar", ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "-czf"]);
    tar.arg(file).arg("-C").arg(out).arg(name).go()
}

fn deb(out: &Path, tree: &Path) -> Result<()> {
    let architecture = cmd("dpkg", ["--print-architecture"]).read()?;
    let architecture = architecture.trim();
    write(&tree.join("DEBIAN/control"), &control(architecture, &needed(tree)?))?;
    let file = out.join(format!("trellis_{VERSION}_{architecture}.deb"));
    cmd("dpkg-deb", ["--root-owner-group", "--build"]).arg(tree).arg(file).go()?;
    Ok(fs::remove_dir_all(tree)?)
}

fn control(architecture: &str, needed: &str) -> String {
    format!(
        "Package: trellis\nVersion: {VERSION}\nArchitecture: {architecture}\nSection: utils\nPriority: optional\n\
         Maintainer: The Trellis project <trellis@localhost>\nDepends: {needed}\n\
         Recommends: gnome-keyring | libsecret-1-0\n\
         Description: Your plan and check-ins, private and offline first\n \
         A recovery plan, check-ins and a safety plan that stay on your own devices,\n \
         encrypted, and reach your other devices through a relay that cannot read them.\n"
    )
}

/// What the program links against, as packages of the system that built it.
fn needed(tree: &Path) -> Result<String> {
    let listed = cmd("ldd", [tree.join("usr/bin/trellis")]).read()?;
    let direct = ["libwebkit2gtk-4.1", "libgtk-3", "libcrypto.so", "libc.so", "libgcc_s"];
    let libraries = listed.lines().filter(|line| direct.iter().any(|name| line.contains(name)));
    let mut packages = vec!["libayatana-appindicator3-1".to_owned()];
    for path in libraries.filter_map(|line| line.split_whitespace().nth(2)) {
        let real = fs::canonicalize(path)?;
        let owner = cmd("dpkg-query", ["--search"]).arg(real).read()?;
        packages.extend(owner.split(':').next().map(str::to_owned));
    }
    packages.sort();
    packages.dedup();
    Ok(packages.join(", "))
}

/// The relay with the C library inside: it runs on any Linux of this processor.
fn relay(out: &Path) -> Result<()> {
    cargo("build --locked --release -p sync-server --bin trellis-relay --target")
        .arg(RELAY_TARGET)
        .env("RUSTFLAGS", "-C target-feature=+crt-static")
        .go()?;
    let built = target().join(RELAY_TARGET).join("release/trellis-relay");
    put(&built, &out.join(format!("trellis-relay-{VERSION}-{}", std::env::consts::ARCH)), 0o755)
}

fn put(from: &Path, to: &Path, mode: u32) -> Result<()> {
    fs::create_dir_all(to.parent().context("a path without a folder")?)?;
    fs::copy(from, to).with_context(|| from.display().to_string())?;
    Ok(fs::set_permissions(to, fs::Permissions::from_mode(mode))?)
}

fn write(to: &Path, text: &str) -> Result<()> {
    fs::create_dir_all(to.parent().context("a path without a folder")?)?;
    Ok(fs::write(to, text)?)
}
