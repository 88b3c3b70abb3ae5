//! The architecture's arrows: which package may use which, and which part of the core may use which.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::sh::{Run, cargo, root};

/// A package and those of the workspace that it may use. The tests may use all.
const PACKAGES: &[(&str, &[&str])] = &[
    ("trellis-protocol", &[]),
    ("trellis-api-types", &[]),
    ("trellis-lines", &[]),
    ("trellis-core", &["trellis-protocol", "trellis-api-types", "trellis-lines"]),
    ("trellis-app", &["trellis-core", "trellis-api-types", "trellis-lines"]),
    ("trellis-ui", &["trellis-api-types", "trellis-lines"]),
    ("sync-server", &["trellis-protocol"]),
    ("trellis-fuzz", &["trellis-core", "trellis-protocol", "trellis-api-types"]),
    ("xtask", &[]),
];

/// What a package must never use, beside what the compiler would notice.
const NEVER: &[(&str, &[&str])] = &[
    ("trellis-core", &["tauri", "leptos", "axum", "tokio"]),
    ("trellis-ui", &["tauri", "rusqlite", "automerge"]),
    ("trellis-api-types", &["tauri", "leptos", "rusqlite"]),
    ("trellis-lines", &["tauri", "leptos", "rusqlite"]),
    ("trellis-protocol", &["tokio", "reqwest", "rusqlite", "axum"]),
];

/// A part of the core and what it may not use: arrows point from the use cases to the domain.
const CORE: &[(&str, &[&str])] = &[
    ("domain", &["app", "sync", "space", "store", "crypto", "crdt", "net"]),
    ("crypto", &["app", "sync", "space", "store", "crdt", "net"]),
    ("crdt", &["app", "sync", "space", "net"]),
    ("store", &["app", "sync", "crdt", "net"]),
    ("space", &["app", "sync", "net"]),
    ("sync", &["app"]),
    ("net", &["app", "store"]),
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
    path: Option<PathBuf>,
}

/// Fails with every arrow that points the wrong way.
pub fn check() -> Result<()> {
    let metadata = cargo("metadata --no-deps --format-version 1 --locked").read()?;
    let metadata: Metadata = serde_json::from_str(&metadata)?;
    let mut wrong: Vec<String> = metadata.packages.iter().flat_map(wrong_packages).collect();
    for (part, never) in CORE {
        wrong.extend(wrong_parts(part, never)?);
    }
    ensure!(wrong.is_empty(), "arrows that point the wrong way:\n  {}", wrong.join("\n  "));
    eprintln!("The architecture's arrows hold.");
    Ok(())
}

fn wrong_packages(package: &Package) -> Vec<String> {
    let rules: BTreeMap<_, _> = PACKAGES.iter().copied().collect();
    let never: BTreeMap<_, _> = NEVER.iter().copied().collect();
    let allowed = rules.get(package.name.as_str());
    let banned = never.get(package.name.as_str()).copied().unwrap_or_default();
    let used = package.dependencies.iter().filter(|used| used.kind.as_deref() != Some("dev"));
    used.filter(|used| {
        let outside = used.path.is_some() && allowed.is_some_and(|some| !some.contains(&used.name.as_str()));
        outside || banned.contains(&used.name.as_str())
    })
    .map(|used| format!("{} -> {}", package.name, used.name))
    .collect()
}

fn wrong_parts(part: &str, never: &[&str]) -> Result<Vec<String>> {
    let folder = root().join("core/src").join(part);
    let single = folder.with_extension("rs");
    let files = if folder.is_dir() { rust_files(&folder)? } else { Vec::from([single]) };
    let files = files.iter().filter(|file| file.is_file());
    let wrong = files.map(|file| wrong_lines(file, never)).collect::<Result<Vec<_>>>()?;
    Ok(wrong.concat())
}

fn wrong_lines(file: &Path, never: &[&str]) -> Result<Vec<String>> {
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    // Tests at a file's end may reach further than the code above them.
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let uses = |part: &&&str| code.contains(&format!("crate::{part}::"));
    let name = file.strip_prefix(root()).unwrap_or(file).display();
    Ok(never.iter().filter(uses).map(|part| format!("{name} -> {part}")).collect())
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            files.push(path);
        }
    }
    Ok(files)
}
