//! A container image, written without a container engine: an archive that `docker load` and `podman load` take. The same
//! program gives the same bytes.

use std::env::consts::ARCH;

use anyhow::Result;
use serde_json::json;
use sha2::{Digest, Sha256};
use tar::{Builder, EntryType, Header};

use super::{EPOCH, VERSION};

/// Owner of what the relay writes.
const USER: u64 = 65532;
const STATE: &str = "/var/lib/trellis-relay";
/// No registry can answer for a name like this: an image that is not loaded is missing, not fetched from somebody.
const NAME: &str = "localhost/trellis-relay";

/// Returns an image of a static program.
pub fn image(program: &[u8]) -> Result<Vec<u8>> {
    let layer = layer(program)?;
    let config = config(&digest(&layer)).to_string();
    let file = format!("{}.json", digest(config.as_bytes()));
    let tags = [format!("{NAME}:{VERSION}"), format!("{NAME}:latest")];
    let manifest = json!([{ "Config": file, "RepoTags": tags, "Layers": ["layer.tar"] }]).to_string();
    let mut archive = Builder::new(Vec::new());
    add(&mut archive, &file, 0o644, config.as_bytes())?;
    add(&mut archive, "layer.tar", 0o644, &layer)?;
    add(&mut archive, "manifest.json", 0o644, manifest.as_bytes())?;
    Ok(archive.into_inner()?)
}

fn layer(program: &[u8]) -> Result<Vec<u8>> {
    let mut layer = Builder::new(Vec::new());
    for (path, owner) in [("etc/", 0), ("usr/", 0), ("usr/bin/", 0), ("var/", 0), ("var/lib/", 0)] {
        folder(&mut layer, path, 0o755, owner)?;
    }
    folder(&mut layer, "var/lib/trellis-relay/", 0o700, USER)?;
    let passwd = format!("trellis-relay:x:{USER}:{USER}::{STATE}:/nonexistent\n");
    add(&mut layer, "etc/passwd", 0o644, passwd.as_bytes())?;
    add(&mut layer, "etc/group", 0o644, format!("trellis-relay:x:{USER}:\n").as_bytes())?;
    add(&mut layer, "usr/bin/trellis-relay", 0o755, program)?;
    Ok(layer.into_inner()?)
}

fn config(layer: &str) -> serde_json::Value {
    let architecture = if ARCH == "aarch64" { "arm64" } else { "amd64" };
    // Nothing but the network of the container reaches the address.
    let environment = [
        "PATH=/usr/bin",
        "TRELLIS_RELAY_LISTEN=0.0.0.0:8787",
        "TRELLIS_RELAY_CREATION=token",
        "TRELLIS_RELAY_DATABASE=/var/lib/trellis-relay/relay.db",
    ];
    let second = 1_000_000_000_u64;
    json!({
        "architecture": architecture, "os": "linux",
        "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{layer}")] },
        "config": {
            "User": format!("{USER}:{USER}"), "Env": environment, "WorkingDir": STATE, "Volumes": { STATE: {} },
            "Entrypoint": ["/usr/bin/trellis-relay"], "Cmd": ["serve"], "ExposedPorts": { "8787/tcp": {} },
            "Healthcheck": {
                "Test": ["CMD", "/usr/bin/trellis-relay", "ready"],
                "Interval": 60 * second, "Timeout": 10 * second, "StartPeriod": 30 * second, "Retries": 3,
            },
        },
    })
}

fn folder(archive: &mut Builder<Vec<u8>>, path: &str, mode: u32, owner: u64) -> Result<()> {
    let mut header = header(mode, owner);
    header.set_entry_type(EntryType::Directory);
    Ok(archive.append_data(&mut header, path, &[][..])?)
}

fn add(archive: &mut Builder<Vec<u8>>, path: &str, mode: u32, bytes: &[u8]) -> Result<()> {
    let mut header = header(mode, 0);
    header.set_size(bytes.len() as u64);
    Ok(archive.append_data(&mut header, path, bytes)?)
}

fn header(mode: u32, owner: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_mode(mode);
    header.set_uid(owner);
    header.set_gid(owner);
    header.set_mtime(*EPOCH);
    header.set_size(0);
    header
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_program_gives_the_same_image_and_another_gives_another() {
        let once = image(b"program").unwrap();
        assert_eq!(once, image(b"program").unwrap());
        assert_ne!(once, image(b"another").unwrap());
    }
}
