//! The words of the screens and of the shell (`tray`), from the same files that they are built with.

use serde_json::Value;

/// The catalogue in one language.
#[derive(Clone, Debug)]
pub struct Words {
    language: String,
}

impl Words {
    /// `en` or `es`.
    pub fn new(language: &str) -> Self {
        Self { language: language.to_owned() }
    }

    /// The words under `file.key`; of a counted text, those for one. Something without a dot, or unknown, stands for itself.
    pub fn say(&self, key: &str) -> String {
        self.find(key).unwrap_or_else(|| key.to_owned())
    }

    /// The words under `file.key` with `{name}` filled in.
    pub fn fill(&self, key: &str, name: &str, value: &str) -> String {
        self.say(key).replace(&format!("{{{name}}}"), value)
    }

    fn find(&self, key: &str) -> Option<String> {
        let (file, key) = key.split_once('.')?;
        let (here, language) = (env!("CARGO_MANIFEST_DIR"), &self.language);
        let path = match file {
            "tray" => format!("{here}/../src-tauri/locales/{language}.json"),
            _ => format!("{here}/../ui/locales/{language}/{file}.json"),
        };
        let text = std::fs::read_to_string(path).ok()?;
        let words: Value = serde_json::from_str(&text).ok()?;
        let found = words.get(key)?;
        Some(found.as_str().or_else(|| found.get("one")?.as_str())?.to_owned())
    }
}
