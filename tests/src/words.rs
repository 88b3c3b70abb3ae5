//! The words of the screens, from the same catalogue that the screens are built with.

use std::path::PathBuf;

use serde_json::Value;

/// The catalogue in one language.
#[derive(Clone, Debug)]
pub struct Words {
    folder: PathBuf,
}

impl Words {
    /// `en` or `es`.
    pub fn new(language: &str) -> Self {
        let locales = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/locales");
        Self { folder: PathBuf::from(locales).join(language) }
    }

    /// The words under `file.key`. Something without a dot, or unknown, stands for itself.
    pub fn say(&self, key: &str) -> String {
        self.find(key).unwrap_or_else(|| key.to_owned())
    }

    /// The words under `file.key` with `{name}` filled in.
    pub fn fill(&self, key: &str, name: &str, value: &str) -> String {
        self.say(key).replace(&format!("{{{name}}}"), value)
    }

    fn find(&self, key: &str) -> Option<String> {
        let (file, key) = key.split_once('.')?;
        let text = std::fs::read_to_string(self.folder.join(format!("{file}.json"))).ok()?;
        let words: Value = serde_json::from_str(&text).ok()?;
        Some(words.get(key)?.as_str()?.to_owned())
    }
}
