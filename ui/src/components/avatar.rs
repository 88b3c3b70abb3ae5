//! A person's letter on one of five hues.

use leptos::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

const HUES: [&str; 5] = ["avatar", "avatar clay", "avatar dusk", "avatar plum", "avatar lit"];

/// A letter; `seed` chooses the hue, so that somebody keeps it under another name. Words stand beside it.
pub fn avatar(seed: &str, name: &str) -> impl IntoView + use<> {
    let sum = seed.bytes().fold(0_usize, |sum, b| sum + usize::from(b));
    let hue = HUES.get(sum % HUES.len()).copied().unwrap_or("avatar");
    view! { <span class=hue aria-hidden="true">{initial(name)}</span> }
}

/// The first letter, large: all of what a reader sees as one, as a flag or a letter with its accent.
pub fn initial(name: &str) -> String {
    name.trim_start_matches('\u{2068}').graphemes(true).next().map(str::to_uppercase).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::initial;

    #[test]
    fn the_first_letter_is_whole() {
        for (name, first) in [
            ("ana", "A"),
            ("ñu", "Ñ"),
            ("n\u{303}u", "N\u{303}"),
            ("🇲🇽 Lupe", "🇲🇽"),
            ("👨\u{200d}👩\u{200d}👧 home", "👨\u{200d}👩\u{200d}👧"),
            ("🏽", "🏽"),
            ("\u{2068}דנה\u{2069}", "ד"),
            ("", ""),
        ] {
            assert_eq!(initial(name), first);
        }
    }
}
