//! Every text that a person can read, of the screens, the papers and the shell.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A text by its key: `file.key`, with the form or place after it where there are several.
pub type Texts = BTreeMap<String, String>;

/// The repository's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All texts in one language; those of papers stand under `paper`, the shell's under `shell`.
pub fn texts(language: &str) -> Texts {
    let mut texts = Texts::new();
    for entry in fs::read_dir(root().join("ui/locales").join(language)).unwrap() {
        let path = entry.unwrap().path();
        add(&mut texts, path.file_stem().unwrap().to_str().unwrap(), &read(&path));
    }
    for (name, folder) in [("paper", "core"), ("shell", "src-tauri")] {
        add(&mut texts, name, &read(&root().join(folder).join(format!("locales/{language}.json"))));
    }
    texts
}

/// A file of JSON.
pub fn read(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The key as the catalogue has it, without form or place.
pub fn key(name: &str) -> String {
    name.splitn(3, '.').take(2).collect::<Vec<_>>().join(".")
}

fn add(texts: &mut Texts, name: &str, value: &Value) {
    match value {
        Value::String(text) => drop(texts.insert(name.to_owned(), text.clone())),
        Value::Object(parts) => {
            parts.iter().for_each(|(key, part)| add(texts, &format!("{name}.{key}"), part))
        }
        Value::Array(parts) => {
            parts.iter().enumerate().for_each(|(at, part)| add(texts, &format!("{name}.{at}"), part));
        }
        other => panic!("{name} is no text: {other}"),
    }
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_gaps() {
    let (en, es) = (texts("en"), texts("es"));
    let gaps = |text: &String| {
        let mut gaps: Vec<_> = text.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
        gaps.sort_unstable();
        gaps.join(" ")
    };
    let of = |texts: &Texts| -> BTreeMap<_, _> {
        texts.iter().map(|(key, text)| (key.clone(), gaps(text))).collect()
    };
    let (en, es) = (of(&en), of(&es));
    let differ: Vec<_> = en.keys().chain(es.keys()).filter(|key| en.get(*key) != es.get(*key)).collect();
    assert!(differ.is_empty(), "the languages differ in {differ:?}");
    assert!(en.len() > 1_500, "only {} texts were found", en.len());
}
