//! Words to read off or to write down, with their numbers.

use leptos::prelude::*;
use trellis_api_types::devices::MatchWords;

use crate::i18n::t;

/// Numbered words.
#[component]
pub fn WordList(
    /// What the list is, for screen readers.
    #[prop(into)]
    label: String,
    /// The words in order.
    words: Vec<String>,
) -> impl IntoView {
    let numbered = words.into_iter().zip(1_u8..);
    let rows = numbered.map(|(word, n)| view! { <li><span class="tnum">{n}</span>" "{word}</li> });
    view! { <ol class="word-list" aria-label=label translate="no">{rows.collect_view()}</ol> }
}

/// Words that another screen shows too, and their numbers for two screens in different languages.
#[component]
pub fn MatchList(
    /// What the list is, for screen readers.
    #[prop(into)]
    label: String,
    /// The words in order, and their numbers.
    words: MatchWords,
    /// How the words stand.
    class: &'static str,
) -> impl IntoView {
    let numbers = match_numbers(&words);
    view! {
        <div class=class><WordList label words=words.words /></div>
        <p class="hint note">{t::common::match_numbers()}" "<span class="match-numbers tnum" translate="no">{numbers}</span></p>
    }
}

/// "0889 1204": the numbers, each with four digits.
pub fn match_numbers(words: &MatchWords) -> String {
    words.numbers.iter().map(|number| format!("{number:04}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_to_compare_have_four_digits_and_stand_beside_the_words() {
        let words = MatchWords { words: vec!["zona".into(), "bien".into()], numbers: vec![2045, 7] };
        assert_eq!(match_numbers(&words), "2045 0007");
        let owner = Owner::new();
        owner.set();
        let shown = view! { <MatchList label="x" words class="six" /> }.to_html();
        assert!(shown.contains("zona") && shown.contains("2045 0007"), "{shown}");
    }
}
