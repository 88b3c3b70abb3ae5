//! The few words that the shell itself says, in each language.

use serde::Deserialize;
use trellis_api_types::settings::Language;

const ENGLISH: &str = include_str!("../locales/en.json");
const SPANISH: &str = include_str!("../locales/es.json");

/// Entries of the tray's menu, and the daily notice. All say nothing to a stranger.
#[derive(Debug, Default, Deserialize)]
pub struct Words {
    /// Shows the window.
    #[cfg(desktop)]
    pub open: String,
    /// Locks.
    #[cfg(desktop)]
    pub lock: String,
    /// Ends the app.
    #[cfg(desktop)]
    pub quit: String,
    /// The daily notice.
    pub notice: String,
    /// Somebody waits for this person.
    pub waiting: String,
}

impl Words {
    /// In the person's language.
    pub fn of(language: Language) -> Self {
        let text = match language {
            Language::En => ENGLISH,
            Language::Es => SPANISH,
        };
        serde_json::from_str(text).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_them_all() {
        for language in [Language::En, Language::Es] {
            let Words { open, lock, quit, notice, waiting } = Words::of(language);
            assert_ne!(notice, waiting);
            assert!([&open, &lock, &quit, &notice, &waiting].iter().all(|words| !words.is_empty()));
        }
    }
}
