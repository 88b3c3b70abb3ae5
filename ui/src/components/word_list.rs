//! Words to read off or to write down, with their numbers.

use leptos::prelude::*;

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
