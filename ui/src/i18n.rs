//! Words in the person's language: `t::today::check_in()`.
//!
//! Functions are made from `locales/*.json` when building. The language is read without tracking:
//! the whole view is built again when it changes, which is rare, and costs nothing the rest of the time.

use std::cell::Cell;

use trellis_api_types::settings::Language;

thread_local! {
    static LANGUAGE: Cell<Language> = const { Cell::new(Language::En) };
}

/// Language of the words.
pub fn language() -> Language {
    LANGUAGE.get()
}

/// Changes the language of words asked for from now on.
pub fn set_language(language: Language) {
    LANGUAGE.set(language);
}

/// Language tag for `lang` attributes and number and date formats.
pub fn tag() -> &'static str {
    match language() {
        Language::En => "en",
        Language::Es => "es",
    }
}

/// All words, by area.
#[rustfmt::skip]
pub mod t {
    use super::language;
    include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));
}

#[cfg(test)]
mod tests;
