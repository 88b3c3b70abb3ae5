//! One of a few large choices: a radio button as a card.

use leptos::prelude::*;

/// A radio button with room for a mark and words.
#[component]
pub fn OptionCard(
    /// Name of the group of radio buttons.
    group: &'static str,
    /// Whether it is the chosen one.
    checked: Signal<bool>,
    /// Called when it is chosen.
    on_choose: impl Fn() + 'static,
    /// What it says.
    children: Children,
) -> impl IntoView {
    view! {
        <label class="opt">
            <input type="radio" name=group prop:checked=checked on:change=move |_| on_choose() />
            <span>{children()}<span class="rd"></span></span>
        </label>
    }
}
