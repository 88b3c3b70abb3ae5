//! Tags offered in a check-in until the person chooses their own.

use trellis_api_types::settings::Language;

/// The first offer, in the language of the first start; from then on the words are the person's.
pub fn offered(language: Language) -> Vec<String> {
    let words = match language {
        Language::En => ["sleep", "work", "family", "money", "health", "meeting"],
        Language::Es => ["sueño", "trabajo", "familia", "dinero", "salud", "reunión"],
    };
    words.map(str::to_owned).to_vec()
}

/// Whether a tag says that a day had a meeting, in either language.
pub fn is_meeting(tag: &str) -> bool {
    let tag = tag.trim().to_lowercase();
    ["meeting", "reunión", "reunion"].iter().any(|word| tag.starts_with(word))
}
