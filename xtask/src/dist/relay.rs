//! The relay: one static program as a tarball, as a .deb with a service, and in an image with a compose file.

use std::env::consts::ARCH;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{EPOCH, MAINTAINER, VERSION, built_deb, image, licences, put, tarball, write};
use crate::sh::{Run, cargo, cmd, root, target};

/// Guides for whoever runs a relay.
const GUIDES: [&str; 3] = ["docs/relay.md", "docs/relay/install.md", "docs/relay/operate.md"];

/// Builds the relay with the C library inside, so that it runs on any Linux of this processor, and packs it.
pub fn relay(out: &Path) -> Result<()> {
    let program = program()?;
    plain(out, &program)?;
    compose(out, &program)?;
    if cmd("dpkg-deb", ["--version"]).works() {
        deb(out, &program)?;
    }
    Ok(())
}

fn program() -> Result<PathBuf> {
    let triple = format!("{ARCH}-unknown-linux-gnu");
    cargo("build --locked --release -p sync-server --bin trellis-relay --target")
        .arg(&triple)
        .env("RUSTFLAGS", "-C target-feature=+crt-static -C strip=symbols")
        .go()?;
    Ok(target().join(triple).join("release/trellis-relay"))
}

fn plain(out: &Path, program: &Path) -> Result<()> {
    let tree = out.join(format!("trellis-relay-{VERSION}-{ARCH}"));
    put(program, &tree.join("trellis-relay"), 0o755)?;
    put(&packaging("trellis-relay.toml"), &tree.join("trellis-relay.toml"), 0o644)?;
    guides(&tree)?;
    licences(&tree)?;
    tarball(&tree)?;
    Ok(fs::remove_dir_all(tree)?)
}

/// What `docker compose` needs: the image, the compose file, and the settings of Caddy.
fn compose(out: &Path, program: &Path) -> Result<()> {
    let tree = out.join(format!("trellis-relay-compose-{VERSION}-{ARCH}"));
    for file in ["compose.yaml", "Caddyfile"] {
        put(&packaging(file), &tree.join(file), 0o644)?;
    }
    fs::write(tree.join("trellis-relay-image.tar"), image::image(&fs::read(program)?)?)?;
    guides(&tree)?;
    licences(&tree)?;
    tarball(&tree)?;
    Ok(fs::remove_dir_all(tree)?)
}

fn deb(out: &Path, program: &Path) -> Result<()> {
    let tree = out.join("deb");
    let share = tree.join("usr/share/doc/trellis-relay");
    put(program, &tree.join("usr/bin/trellis-relay"), 0o755)?;
    put(&packaging("trellis-relay.toml"), &tree.join("etc/trellis-relay.toml"), 0o644)?;
    put(
        &packaging("trellis-relay.service"),
        &tree.join("usr/lib/systemd/system/trellis-relay.service"),
        0o644,
    )?;
    put(&packaging("debian/sysusers.conf"), &tree.join("usr/lib/sysusers.d/trellis-relay.conf"), 0o644)?;
    for file in ["alerts.yaml", "dashboard.json"] {
        put(&packaging(file), &share.join("examples").join(file), 0o644)?;
    }
    guides(&share)?;
    licences(&share)?;
    put(&packaging("debian/copyright"), &share.join("copyright"), 0o644)?;
    changes(&share.join("changelog.gz"))?;
    about(&tree)?;
    built_deb(&tree, &out.join(format!("trellis-relay_{VERSION}_{}.deb", architecture()?)))?;
    Ok(fs::remove_dir_all(tree)?)
}

/// What dpkg reads.
fn about(tree: &Path) -> Result<()> {
    let about = tree.join("DEBIAN");
    for script in ["postinst", "prerm", "postrm"] {
        put(&packaging("debian").join(script), &about.join(script), 0o755)?;
    }
    write(&about.join("conffiles"), "/etc/trellis-relay.toml\n")?;
    let control = fs::read_to_string(packaging("debian/control"))?;
    let control = control
        .replace("@version@", VERSION)
        .replace("@maintainer@", MAINTAINER)
        .replace("@architecture@", &architecture()?);
    write(&about.join("control"), &control)
}

/// Writes the list of changes that Debian wants in each package: which version it is, and since when.
fn changes(file: &Path) -> Result<()> {
    let text = file.with_extension("");
    let day = cmd("date", ["--utc", "--rfc-email", &format!("--date=@{}", *EPOCH)]).read()?;
    let entry = format!("trellis-relay ({VERSION}) unstable; urgency=medium\n\n  * Version {VERSION}.\n\n");
    write(&text, &format!("{entry} -- {MAINTAINER}  {day}"))?;
    cmd("gzip", ["-9", "--no-name"]).arg(text).go()
}

fn architecture() -> Result<String> {
    Ok(cmd("dpkg", ["--print-architecture"]).read()?.trim().to_owned())
}

fn guides(folder: &Path) -> Result<()> {
    let beside = |guide: &&str| guide.trim_start_matches("docs/").to_owned();
    GUIDES.iter().try_for_each(|guide| put(&root().join(guide), &folder.join(beside(guide)), 0o644))
}

fn packaging(file: &str) -> PathBuf {
    root().join("packaging").join(file)
}
