//! A task that can be done in place.

use leptos::prelude::*;

use super::{Icon, icon};

/// A round check box; `id-l` is the id of its words.
#[component]
pub fn Tick(
    /// Stable id.
    id: String,
    /// Whether it is done.
    #[prop(into)]
    checked: Signal<bool>,
    /// Told when it changes.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    let words = format!("{id}-l");
    view! {
        <span class="tick">
            <input
                id=id
                type="checkbox"
                aria-labelledby=words
                prop:checked=checked
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <span>{icon(Icon::CHECK_BOLD)}</span>
        </span>
    }
}
