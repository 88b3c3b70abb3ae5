//! A name that somebody chose, wherever it is shown.

use leptos::prelude::*;

/// The name, kept apart from what stands around it: it may be written from right to left.
#[component]
pub fn Name(
    /// The name.
    #[prop(into)]
    of: Signal<String>,
) -> impl IntoView {
    view! { <bdi>{of}</bdi> }
}

/// A name as part of a sentence: one that is written from right to left is kept together.
pub fn isolated(name: &str) -> String {
    if name.chars().any(from_the_right) { format!("\u{2068}{name}\u{2069}") } else { name.to_owned() }
}

/// Letters of Hebrew, Arabic and their neighbours.
fn from_the_right(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_the_right_is_kept_together() {
        assert_eq!(isolated("Ana Núñez"), "Ana Núñez");
        assert_eq!(isolated("نازنین"), "\u{2068}نازنین\u{2069}");
        assert_eq!(isolated("דנה 2"), "\u{2068}דנה 2\u{2069}");
    }

    #[test]
    fn a_name_stands_in_an_element_of_its_own() {
        let owner = Owner::new();
        owner.set();
        let shown = view! { <Name of="דנה".to_owned() /> }.to_html();
        assert!(shown.starts_with("<bdi>") && shown.contains("דנה"), "{shown}");
    }
}
