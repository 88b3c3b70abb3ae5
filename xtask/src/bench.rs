//! Measurements, as a table and as JSON.

use std::fs;
use std::io::Write;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::sh::root;
use crate::{setup, ui};

/// Measures everything in release.
pub fn bench() -> Result<()> {
    setup::setup(setup::Needs::Window)?;
    ui::build(&ui::Options::default())?;
    println!("{:#}", bundle()?);
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
