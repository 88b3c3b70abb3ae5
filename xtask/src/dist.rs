//! Packages: the app as a .deb and a tarball, the relay as one static program, a .deb, and an image with a compose file.

mod image;
mod relay;

use std::env::consts::ARCH;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result};
use clap::Args;

use crate::sh::{Run, cargo, cmd, root, target};
use crate::{setup, ui};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Whoever publishes packages writes an address here that answers.
const MAINTAINER: &str = "The Trellis project <trellis@trellis.invalid>";

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

/// What `dist` may leave out.
#[derive(Args)]
pub struct Options {
    /// Only the relay; the app is not built.
    #[arg(long)]
    relay: bool,
}

/// Builds everything in release and packs it into `target/dist`.
pub fn dist(options: &Options) -> Result<()> {
    let out = target().join("dist");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    if !options.relay {
        setup::setup(setup::Needs::Window)?;
        ui::build(&ui::Options::default())?;
        app(&out)?;
    }
    relay::relay(&out)?;
    eprintln!("\nIn {}:", out.display());
    cmd("ls", ["-l", "-h"]).arg(&out).go()
}

fn app(out: &Path) -> Result<()> {
    cargo("build --locked --release -p trellis-app --bins").go()?;
    let tree = tree(out)?;
    tarball(&tree)?;
    if cmd("dpkg-deb", ["--version"]).works() {
        deb(out, &tree)?;
    }
    Ok(fs::remove_dir_all(tree)?)
}

/// The files of the app as they lie on a system.
fn tree(out: &Path) -> Result<PathBuf> {
    let tree = out.join(format!("trellis-{VERSION}-{ARCH}"));
    put(&target().join("release/trellis"), &tree.join("usr/bin/trellis"), 0o755)?;
    let share = tree.join("usr/share");
    for size in SIZES {
        let icon = share.join(format!("icons/hicolor/{size}x{size}/apps/trellis.png"));
        put(&root().join(format!("icons/{size}.png")), &icon, 0o644)?;
    }
    put(&root().join("icons/icon.svg"), &share.join("icons/hicolor/scalable/apps/trellis.svg"), 0o644)?;
    licences(&share.join("doc/trellis"))?;
    write(&share.join("applications/trellis.desktop"), DESKTOP)?;
    Ok(tree)
}

fn licences(folder: &Path) -> Result<()> {
    let files = ["LICENSE-MIT", "LICENSE-APACHE", "NOTICE.md"];
    files.iter().try_for_each(|file| put(&root().join(file), &folder.join(file), 0o644))
}

/// Packs a folder into a tarball of its name beside it.
fn tarball(tree: &Path) -> Result<()> {
    let (out, name) = (tree.parent().context("no folder")?, tree.file_name().context("no name")?);
    let file = out.join(format!("{}.tar.gz", name.display()));
    let mut tar = cmd("tar", ["--sort=name", "--owner=0", "--group=0", "--numeric-owner"]);
    tar.arg(format!("--mtime=@{}", *EPOCH)).arg("-czf").arg(file).arg("-C").arg(out).arg(name).go()
}

/// The time that packages give to what is in them, so that the same sources give the same package.
static EPOCH: LazyLock<u64> = LazyLock::new(|| {
    let named = std::env::var("SOURCE_DATE_EPOCH").ok();
    let committed = || cmd("git", ["log", "-1", "--format=%ct"]).read().ok();
    named.or_else(committed).and_then(|seconds| seconds.trim().parse().ok()).unwrap_or(0)
});

/// Packs a folder, DEBIAN in it, into a .deb.
fn built_deb(tree: &Path, file: &Path) -> Result<()> {
    let mut build = cmd("dpkg-deb", ["--root-owner-group", "--build"]);
    build.arg(tree).arg(file).env("SOURCE_DATE_EPOCH", EPOCH.to_string()).go()
}

fn deb(out: &Path, tree: &Path) -> Result<()> {
    let architecture = cmd("dpkg", ["--print-architecture"]).read()?;
    let architecture = architecture.trim();
    write(&tree.join("DEBIAN/control"), &control(architecture, &needed(out, tree)?))?;
    built_deb(tree, &out.join(format!("trellis_{VERSION}_{architecture}.deb")))
}

fn control(architecture: &str, needed: &str) -> String {
    format!(
        "Package: trellis\nVersion: {VERSION}\nArchitecture: {architecture}\nSection: utils\nPriority: optional\n\
         Maintainer: {MAINTAINER}\nDepends: {needed}\n\
         Recommends: gnome-keyring | libsecret-1-0\n\
         Description: Your plan and check-ins, private and offline first\n \
         A recovery plan, check-ins and a safety plan that stay on your own devices,\n \
         encrypted, and reach your other devices through a relay that cannot read them.\n"
    )
}

/// What the program links against, as packages of the system that built it, and what it opens when it runs.
fn needed(out: &Path, tree: &Path) -> Result<String> {
    // The tool asks for a source package around it.
    let source = out.join("source");
    write(&source.join("debian/control"), "Source: trellis\n\nPackage: trellis\nArchitecture: any\n")?;
    let program = tree.join("usr/bin/trellis");
    let listed = cmd("dpkg-shlibdeps", ["-O"]).arg(program).current_dir(&source).read()?;
    fs::remove_dir_all(source)?;
    let linked = listed.trim().strip_prefix("shlibs:Depends=").context("dpkg-shlibdeps named nothing")?;
    Ok(format!("{linked}, libayatana-appindicator3-1"))
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
