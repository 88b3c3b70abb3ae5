//! The screens: wasm, its JavaScript, one stylesheet, and what they show, in `ui/dist`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use serde_json::Value;
use wasm_bindgen_cli_support::Bindgen;

use crate::sh::{Run, cargo, cmd, root};

/// What rustc uses and every web view of the last years reads; more than these and WebKit refuses the file.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// How the screens are built.
#[derive(Args, Clone, Copy, Default)]
pub struct Options {
    /// Builds faster and much larger.
    #[arg(long)]
    pub dev: bool,
}

/// Builds `ui/dist` from scratch.
pub fn build(options: &Options) -> Result<()> {
    let wasm = compile(if options.dev { "dev" } else { "web" })?;
    let dist = root().join("ui/dist");
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    fs::create_dir_all(&dist)?;
    bind(&wasm, &dist)?;
    if !options.dev {
        optimise(&dist.join("trellis-ui_bg.wasm"))?;
    }
    let ui = root().join("ui");
    fs::write(dist.join("styles.css"), styles(&ui.join("styles"))?)?;
    fs::copy(ui.join("index.html"), dist.join("index.html")).context("ui/index.html")?;
    copy_tree(&ui.join("assets"), &dist.join("assets"))
}

/// Compiles the screens and gives the path of the wasm file, as cargo states it.
fn compile(profile: &str) -> Result<PathBuf> {
    let messages = cargo("build --package trellis-ui --target wasm32-unknown-unknown")
        .args(["--message-format", "json-render-diagnostics", "--profile", profile])
        .read()?;
    messages.lines().filter_map(wasm_of).next_back().context("cargo named no wasm file")
}

fn wasm_of(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let files = message.get("filenames")?.as_array()?;
    files.iter().filter_map(Value::as_str).find(|file| file.ends_with(".wasm")).map(PathBuf::from)
}

fn bind(wasm: &Path, dist: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name("trellis-ui").web(true)?.typescript(false);
    bindgen.generate(dist)
}

fn optimise(wasm: &Path) -> Result<()> {
    let tool = root().join("node_modules/.bin/wasm-opt");
    if !tool.exists() {
        eprintln!("wasm-opt is not there (npm ci brings it): the bundle stays a little larger.");
        return Ok(());
    }
    cmd(&tool.to_string_lossy(), ["-Oz"]).args(WASM_FEATURES).arg(wasm).arg("-o").arg(wasm).go()
}

/// All stylesheets as one, by name: the numbers in their names state the order.
fn styles(folder: &Path) -> Result<String> {
    let mut files = files_in(folder)?;
    files.sort();
    files.iter().map(|path| Ok(fs::read_to_string(path)? + "\n")).collect()
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

fn copy_tree(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for path in files_in(from)? {
        let target = to.join(path.file_name().context("a file without a name")?);
        if path.is_dir() {
            copy_tree(&path, &target)?;
        } else {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}
