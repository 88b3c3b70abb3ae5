//! A person's letter on one of five hues.

use leptos::prelude::*;

const HUES: [&str; 5] = ["avatar", "avatar clay", "avatar dusk", "avatar plum", "avatar lit"];

/// A letter; `seed` chooses the hue, so that somebody keeps it under another name. Words stand beside it.
pub fn avatar(seed: &str, name: &str) -> impl IntoView + use<> {
    let sum = seed.bytes().fold(0_usize, |sum, b| sum + usize::from(b));
    let hue = HUES.get(sum % HUES.len()).copied().unwrap_or("avatar");
    view! { <span class=hue aria-hidden="true">{initial(name)}</span> }
}

/// The first letter, large.
fn initial(name: &str) -> String {
    name.chars().take(1).flat_map(char::to_uppercase).collect()
}
