//! Measurements, as a table and as JSON.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::sh::{Run, cargo, cmd, programs, root, target};
use crate::{peers, setup, ui};

/// The parts, each a file of rows.
const PARTS: [&str; 6] = ["relay", "app", "people", "records", "bytes", "bundle"];

/// What to measure.
#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    part: Option<Part>,
}

/// What is measured only where it is asked for.
#[derive(Subcommand)]
enum Part {
    /// The relay beside hocuspocus, automerge-repo-sync-server and atuin-server, which are installed into target/peers.
    Peers(peers::Options),
}

/// Measures everything of ours, or the part that is asked for.
pub fn bench(options: &Options) -> Result<()> {
    let Some(Part::Peers(options)) = &options.part else { return everything() };
    let out = target().join("bench");
    fs::create_dir_all(&out)?;
    let file = out.join("peers.json");
    peers::bench(options, &file)?;
    println!();
    table(&file)
}

/// Each part leaves its own JSON file, and all of them together are the table.
fn everything() -> Result<()> {
    setup::setup(setup::Needs::Window)?;
    ui::build(&ui::Options::default())?;
    let out = target().join("bench");
    fs::create_dir_all(&out)?;
    let file = |part: &str| out.join(format!("{part}.json"));
    let benches = ["app", "people", "records"].map(|bench| ("trellis-core", bench));
    for (package, bench) in [("sync-server", "relay")].into_iter().chain(benches) {
        cargo(&format!("bench --locked -p {package} --bench {bench} -- --json")).arg(file(bench)).go()?;
    }
    programs()?;
    cmd(&target().join("debug/bytes").to_string_lossy(), [file("bytes")]).go()?;
    fs::write(file("bundle"), format!("{:#}", bundle()?))?;
    println!();
    PARTS.iter().try_for_each(|part| table(&file(part)))?;
    println!("\nThese figures as JSON: {}", out.display());
    Ok(())
}

fn table(file: &Path) -> Result<()> {
    let rows: Vec<Value> = serde_json::from_slice(&fs::read(file)?)?;
    rows.iter().for_each(|row| println!("{}", line(row)));
    Ok(())
}

fn line(row: &Value) -> String {
    let text = |name| row.get(name).and_then(Value::as_str).unwrap_or_default();
    let spread = row.get("middle_half").and_then(Value::as_array).map(|half| {
        let ends: Vec<_> = half.iter().filter_map(Value::as_f64).map(|end| format!("{end:.2}")).collect();
        format!("half of the rounds lie between {}", ends.join(" and "))
    });
    let figure = match row.get("figure") {
        Some(Value::Number(whole)) if whole.is_u64() => whole.to_string(),
        other => format!("{:.2}", other.and_then(Value::as_f64).unwrap_or(f64::NAN)),
    };
    format!("{:<80} {figure:>10} {} {}", text("what"), text("unit"), spread.unwrap_or_default())
}

/// What a first visit of the screens costs, compressed as the app and web servers would.
fn bundle() -> Result<Value> {
    let sizes = ["trellis-ui_bg.wasm", "trellis-ui.js", "styles.css"].map(|name| {
        let bytes = fs::read(root().join("ui/dist").join(name)).with_context(|| name.to_owned())?;
        Ok((bytes.len(), compressed(&bytes)?))
    });
    let sizes = sizes.into_iter().collect::<Result<Vec<_>>>()?;
    let sum = |of: fn(&(usize, usize)) -> usize| sizes.iter().map(of).sum::<usize>() as f64 / 1024.0;
    Ok(json!([
        { "what": "screens: wasm, JavaScript and styles", "figure": sum(|size| size.0), "unit": "KiB" },
        { "what": "screens: the same, Brotli", "figure": sum(|size| size.1), "unit": "KiB" },
    ]))
}

fn compressed(bytes: &[u8]) -> Result<usize> {
    let mut out = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 11, 22);
    out.write_all(bytes)?;
    out.flush()?;
    Ok(out.into_inner().len())
}
