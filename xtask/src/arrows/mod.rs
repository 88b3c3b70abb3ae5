//! The architecture's arrows: which package may use which, and which part of the core may use which.

mod modules;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use serde::Deserialize;

use modules::{Modules, Name};

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
    ("net", &["app", "store", "sync"]),
    ("transport", &["app", "sync", "space", "store", "crypto", "crdt", "net", "domain"]),
];

/// Where a package begins, and how many circles of modules that use each other it may hold.
const CIRCLES: &[(&str, usize)] = &[
    ("api-types/src/lib.rs", 0),
    ("core/src/lib.rs", 0),
    ("src-tauri/src/lib.rs", 1),
    ("sync-server/src/lib.rs", 2),
    ("ui/src/lib.rs", 5),
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
    wrong.extend(wrong_parts(&Modules::read(&root().join("core/src/lib.rs"))?));
    for (package, most) in CIRCLES {
        let circles = circles(&Modules::read(&root().join(package))?);
        if circles.len() > *most {
            wrong.extend(circles.iter().map(|circle| format!("{package}, in a circle: {circle}")));
        }
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

/// The part of the core that a module belongs to.
fn part(name: &Name) -> Option<&str> {
    name.first().map(String::as_str)
}

fn wrong_parts(modules: &Modules) -> Vec<String> {
    let rules: BTreeMap<_, _> = CORE.iter().copied().collect();
    let is_wrong = |(from, to): &(Name, Name)| {
        let never = part(from).and_then(|part| rules.get(part)).copied().unwrap_or_default();
        part(to).is_some_and(|part| never.contains(&part))
    };
    let wrong = modules.arrows().into_iter().filter(is_wrong);
    wrong.map(|(from, to)| format!("{} -> {}", from.join("::"), to.join("::"))).collect()
}

/// Groups of modules that use each other.
fn circles(modules: &Modules) -> Vec<String> {
    let arrows = modules.arrows();
    // What a folder's own file declares is for those inside it: that is no arrow up.
    let beside = arrows.iter().filter(|(from, to)| !from.starts_with(to));
    let graph: DiGraphMap<&Name, ()> = beside.map(|(from, to)| (from, to)).collect();
    let circles = tarjan_scc(&graph).into_iter().filter(|circle| circle.len() > 1);
    circles.map(|circle| circle.iter().map(|name| name.join("::")).collect::<Vec<_>>().join(", ")).collect()
}
