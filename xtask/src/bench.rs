//! Measurements, as a table and as JSON.

use std::fs;
use std::io::Write;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::sh::{Run, cargo, root, target};
use crate::{setup, ui};

/// Measures everything in release; each part leaves its own JSON file beside the table.
pub fn bench() -> Result<()> {
    setup::setup(setup::Needs::Window)?;
    ui::build(&ui::Options::default())?;
    let out = target().join("bench");
    fs::create_dir_all(&out)?;
    for (package, bench) in [("sync-server", "relay"), ("trellis-core", "app")] {
        cargo(&format!("bench --locked -p {package} --bench {bench} -- --json"))
            .arg(out.join(format!("{bench}.json")))
            .go()?;
    }
    let bundle = bundle()?;
    for (name, bytes) in bundle.as_object().into_iter().flatten() {
        println!("{name:<30} {bytes:>9}");
    }
    fs::write(out.join("bundle.json"), format!("{bundle:#}"))?;
    eprintln!("Figures are in {}.", out.display());
    Ok(())
}

/// What a first visit of the screens costs, compressed as the app and web servers would.
fn bundle() -> Result<Value> {
    let sizes = ["trellis-ui_bg.wasm", "trellis-ui.js", "styles.css"].map(|name| {
        let bytes = fs::read(root().join("ui/dist").join(name)).with_context(|| name.to_owned())?;
        Ok((name, bytes.len(), compressed(&bytes)?))
    });
    let sizes = sizes.into_iter().collect::<Result<Vec<_>>>()?;
    let sum = |of: fn(&(&str, usize, usize)) -> usize| sizes.iter().map(of).sum::<usize>();
    Ok(json!({ "bundle_bytes": sum(|size| size.1), "bundle_brotli_bytes": sum(|size| size.2) }))
}

fn compressed(bytes: &[u8]) -> Result<usize> {
    let mut out = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 11, 22);
    out.write_all(bytes)?;
    out.flush()?;
    Ok(out.into_inner().len())
}
