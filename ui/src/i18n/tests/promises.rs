//! A sentence on a screen that promises stands in `locales/promises.json`, with the test that would fail if it were
//! broken, or with the reason why it is no promise.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::catalogue::{key, read, root, texts};

const ENGLISH: &[&str] = &[
    "only you",
    "nobody",
    "no one",
    "never",
    "always",
    "brings back",
    "bring back",
    "get everything back",
    "private",
    "cannot see",
    "can’t see",
    "can’t read",
    "cannot read",
    "not even",
    "won’t know",
    "nothing new",
    "nothing more is",
    "nothing you wrote",
    "share nothing in",
    "not sent from here",
    "milestones are not sent",
    "won’t see",
    "stopped sharing with",
];

const SPANISH: &[&str] = &[
    "solo tú",
    "solo para ti",
    "nadie",
    "nunca",
    "jamás",
    "siempre",
    "recuperar todo",
    "privad",
    "no puede ver",
    "no pueden ver",
    "no puede leer",
    "no pueden leer",
    "ni siquiera",
    "no se entera",
    "nada nuevo",
    "no se envía nada más",
    "nada de lo que escrib",
    "no compartes nada en",
    "no se envían desde aquí",
    "no verás",
    "no se comparte con",
];

/// Before a reason, where no test is named.
const NONE: &str = "not a promise: ";

/// Where tests are.
const ROOMS: [&str; 7] = ["api-types", "core", "protocol", "src-tauri", "sync-server", "tests", "ui"];

fn list() -> BTreeMap<String, String> {
    serde_json::from_value(read(&root().join("ui/locales/promises.json"))).unwrap()
}

/// Keys of texts that promise, in either language.
fn promising() -> BTreeMap<String, String> {
    let in_one = |language, words: &'static [&str]| {
        let says = move |text: &str| words.iter().any(|word| text.to_lowercase().contains(word));
        texts(language).into_iter().filter(move |(_, text)| says(text)).map(|(name, text)| (key(&name), text))
    };
    in_one("es", SPANISH).chain(in_one("en", ENGLISH)).collect()
}

/// Names of all tests in the repository.
fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    ROOMS.iter().for_each(|room| collect(&root().join(room), &mut names));
    names
}

fn collect(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.extension().and_then(|e| e.to_str()) {
            Some("rs") => names.extend(tests_in(&fs::read_to_string(path).unwrap())),
            None if path.is_dir() && !path.ends_with("node_modules") => collect(&path, names),
            _ => {}
        }
    }
}

/// The functions that stand under a `test` attribute.
fn tests_in(source: &str) -> Vec<String> {
    let mut under = false;
    let mut found = Vec::new();
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[") {
            under |= line.contains("test") && !line.contains("cfg(");
        } else if let Some((_, rest)) = line.split_once("fn ") {
            let name = rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
            found.extend(under.then(|| name.to_owned()));
            under = false;
        }
    }
    found
}

#[test]
fn every_promise_on_a_screen_has_its_line() {
    let (list, promising) = (list(), promising());
    let missing: String = promising
        .iter()
        .filter(|(key, _)| !list.contains_key(*key))
        .map(|(key, text)| format!("\n  \"{key}\": {text}"))
        .collect();
    assert!(missing.is_empty(), "say in locales/promises.json which test shows:{missing}");
    let idle: Vec<_> = list.keys().filter(|key| !promising.contains_key(*key)).collect();
    assert!(idle.is_empty(), "these texts promise nothing any more: {idle:?}");
}

#[test]
fn every_test_that_a_promise_names_is_there() {
    let tests = tests();
    for (key, line) in list() {
        if let Some(why) = line.strip_prefix(NONE) {
            assert!(why.len() > 10, "{key}: say why");
        } else {
            for name in line.split(", ") {
                assert!(tests.contains(name), "{key}: no test is called {name}");
            }
        }
    }
}

#[test]
fn tests_are_told_from_other_functions() {
    let source = "#[cfg(test)]\nfn helper() {}\n#[tokio::test]\n#[ignore]\nasync fn one() {}\nfn two() {}\n#[test]\nfn three() {}";
    assert_eq!(tests_in(source), ["one", "three"]);
}
