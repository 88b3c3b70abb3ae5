//! The modules of a package and which of them uses which, read from its source: `use`, paths in code and in macros, `super::`
//! and re-exports, but not what only tests use.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Item, ItemMod, UseTree, Visibility};

/// Names from the package's root down.
pub type Name = Vec<String>;

/// Most re-exports that are followed for one path.
const MOST_STEPS: u8 = 16;

/// One module: a file, or a block inside one.
#[derive(Default)]
struct Module {
    /// What it declares or brings in, by the name that others see, and where that comes from.
    names: BTreeMap<String, Name>,
    /// Modules of which it brings everything in.
    globs: Vec<Name>,
    /// Paths that it uses, from the root.
    uses: BTreeSet<Name>,
}

/// All modules of a package.
#[derive(Default)]
pub struct Modules(BTreeMap<Name, Module>);

impl Modules {
    /// Reads a package from its `lib.rs` or `main.rs`.
    pub fn read(root: &Path) -> Result<Self> {
        let mut modules = Self::default();
        let folder = root.parent().context("a file at the root of the disk")?;
        modules.file(root, folder, Name::new())?;
        Ok(modules)
    }

    /// Returns every arrow once: a module, and the module that declares what it uses.
    pub fn arrows(&self) -> BTreeSet<(Name, Name)> {
        let from = |(name, module): (&Name, &Module)| {
            let used = module.uses.iter().filter_map(|path| self.owner(path, 0));
            used.filter(|owner| owner != name).map(|owner| (name.clone(), owner)).collect::<Vec<_>>()
        };
        self.0.iter().flat_map(from).collect()
    }

    /// Returns the module in which a path's item is declared, re-exports followed.
    fn owner(&self, path: &[String], depth: u8) -> Option<Name> {
        let (name, module, rest) = self.innermost(path)?;
        let Some((first, below)) = rest.split_first().filter(|_| depth < MOST_STEPS) else {
            return Some(name.to_vec());
        };
        match module.names.get(first) {
            Some(from) if !from.starts_with(name) || from.len() != name.len() + 1 => {
                self.owner(&[from, below].concat(), depth + 1)
            }
            Some(_) => Some(name.to_vec()),
            None => self.through_a_glob(module, rest, depth).or_else(|| Some(name.to_vec())),
        }
    }

    /// Returns the innermost module on a path, with its name and what follows it.
    fn innermost<'a>(&self, path: &'a [String]) -> Option<(&'a [String], &Module, &'a [String])> {
        (0..=path.len()).rev().find_map(|len| {
            let (name, rest) = path.split_at_checked(len)?;
            Some((name, self.0.get(name)?, rest))
        })
    }

    /// Returns the owner of what a module brings in with everything else of another one.
    fn through_a_glob(&self, module: &Module, rest: &[String], depth: u8) -> Option<Name> {
        let first = rest.first()?;
        let sources = module.globs.iter().filter_map(|glob| self.owner(glob, depth + 1));
        let mut declaring =
            sources.filter(|from| self.0.get(from).is_some_and(|it| it.names.contains_key(first)));
        let from = declaring.next()?;
        self.owner(&[&from, rest].concat(), depth + 1)
    }

    fn file(&mut self, file: &Path, folder: &Path, name: Name) -> Result<()> {
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let parsed = syn::parse_file(&text).with_context(|| file.display().to_string())?;
        self.items(parsed.items, folder, name)
    }

    fn items(&mut self, items: Vec<Item>, folder: &Path, name: Name) -> Result<()> {
        let mut module = Module::default();
        let (inner, items): (Vec<Item>, Vec<Item>) =
            items.into_iter().filter(|item| !is_test(item)).partition(|item| matches!(item, Item::Mod(_)));
        for item in inner.iter().filter_map(|item| if let Item::Mod(item) = item { Some(item) } else { None })
        {
            let path = [&name[..], &[item.ident.to_string()]].concat();
            module.names.insert(item.ident.to_string(), path);
        }
        items.iter().for_each(|item| module.take(item, &name));
        self.0.insert(name.clone(), module);
        for item in inner {
            if let Item::Mod(item) = item {
                self.inner(item, folder, &name)?;
            }
        }
        Ok(())
    }

    fn inner(&mut self, item: ItemMod, folder: &Path, name: &Name) -> Result<()> {
        let own = item.ident.to_string();
        let (path, below) = ([&name[..], std::slice::from_ref(&own)].concat(), folder.join(&own));
        match item.content {
            Some((_, items)) => self.items(items, &below, path),
            None => self.file(&found(folder, &own), &below, path),
        }
    }
}

impl Module {
    fn take(&mut self, item: &Item, name: &Name) {
        match item {
            Item::Use(item) => {
                let public = !matches!(item.vis, Visibility::Inherited);
                self.brings(&item.tree, &Name::new(), name, public);
            }
            item => {
                declared(item).map(|own| self.names.insert(own.clone(), [&name[..], &[own]].concat()));
                self.scan(item.to_token_stream(), name);
            }
        }
    }

    fn brings(&mut self, tree: &UseTree, before: &Name, name: &Name, public: bool) {
        match tree {
            UseTree::Path(path) => {
                let before = [&before[..], &[path.ident.to_string()]].concat();
                self.brings(&path.tree, &before, name, public);
            }
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.brings(tree, before, name, public));
            }
            UseTree::Name(used) => self.bring(used.ident.to_string(), used.ident.to_string(), before, name),
            UseTree::Rename(used) => {
                self.bring(used.rename.to_string(), used.ident.to_string(), before, name)
            }
            UseTree::Glob(_) => {
                let path = self.absolute(before, name);
                self.globs.extend(path.clone().filter(|_| public));
                self.uses.extend(path.filter(|_| !public));
            }
        }
    }

    fn bring(&mut self, own: String, used: String, before: &Name, name: &Name) {
        let path = if used == "self" { before.clone() } else { [&before[..], &[used]].concat() };
        let own = if own == "self" { before.last().cloned().unwrap_or_default() } else { own };
        if let Some(path) = self.absolute(&path, name) {
            self.names.insert(own, path.clone());
            self.uses.insert(path);
        }
    }

    /// Returns a path from the package's root; none if it leads elsewhere.
    fn absolute(&self, path: &[String], name: &Name) -> Option<Name> {
        let (first, rest) = path.split_first()?;
        let from = match first.as_str() {
            "crate" => Name::new(),
            "self" => name.clone(),
            "super" => name.split_last()?.1.to_vec(),
            first => self.names.get(first)?.clone(),
        };
        let up = rest.iter().take_while(|part| *part == "super").count();
        let from = from.get(..from.len().checked_sub(up)?)?;
        Some([from, rest.get(up..)?].concat())
    }

    /// Paths in code, and in what macros are given.
    fn scan(&mut self, tokens: TokenStream, name: &Name) {
        let (mut path, mut colons) = (Name::new(), 0);
        for token in tokens {
            match token {
                TokenTree::Ident(part) if path.is_empty() || colons == 2 => {
                    path.push(part.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() && colons < 2 => {
                    colons += 1
                }
                other => {
                    self.note(&std::mem::take(&mut path), name);
                    colons = 0;
                    match other {
                        TokenTree::Group(group) => self.scan(group.stream(), name),
                        TokenTree::Ident(part) => path.push(part.to_string()),
                        _ => {}
                    }
                }
            }
        }
        self.note(&path, name);
    }

    fn note(&mut self, path: &[String], name: &Name) {
        if path.len() > 1 {
            self.uses.extend(self.absolute(path, name));
        }
    }
}

fn found(folder: &Path, name: &str) -> PathBuf {
    let file = folder.join(format!("{name}.rs"));
    if file.is_file() { file } else { folder.join(name).join("mod.rs") }
}

fn is_test(item: &Item) -> bool {
    let attributes = match item {
        Item::Mod(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Const(item) => &item.attrs,
        _ => return false,
    };
    attributes.iter().any(|it| it.path().is_ident("cfg") && it.to_token_stream().to_string().contains("test"))
}

fn declared(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        _ => return None,
    };
    Some(name.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &str); 6] = [
        ("lib.rs", "mod low; mod high;"),
        ("low/mod.rs", "mod deep; pub use deep::{Thing, Other as Renamed}; pub use self::deep::inner::*;"),
        ("low/deep.rs", "pub struct Thing; pub struct Other; pub mod inner { pub fn call() {} }"),
        ("high/mod.rs", "mod by_name; mod by_path; #[cfg(test)] mod tests { use crate::low::Thing; }"),
        ("high/by_name.rs", "use super::super::{low::{Renamed, call}}; fn f(_: Renamed) { call() }"),
        ("high/by_path.rs", "fn f() { format!(\"{}\", g(crate::low::Thing)) } fn g(_: super::by_name::X) {}"),
    ];

    /// `super`, nested `use`, new names, everything of a module, paths in a macro: each leads to where the thing is declared.
    #[test]
    fn an_arrow_points_to_where_a_thing_is_declared_however_it_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in FILES {
            let file = folder.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let modules = Modules::read(&folder.path().join("lib.rs")).unwrap();
        let arrows = modules.arrows().into_iter().map(|(from, to)| (from.join("::"), to.join("::")));
        let of_high: Vec<_> = arrows.filter(|(from, _)| from.starts_with("high")).collect();
        let expected = [
            ("high::by_name", "low::deep"),
            ("high::by_name", "low::deep::inner"),
            ("high::by_path", "high::by_name"),
            ("high::by_path", "low::deep"),
        ];
        assert_eq!(of_high, expected.map(|(from, to)| (from.to_owned(), to.to_owned())));
    }
}
