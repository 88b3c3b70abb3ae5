//! On or off, at once.

use leptos::prelude::*;

use super::{Icon, icon};

/// A list row with a switch at its end.
#[component]
pub fn SwitchRow(
    /// Stable id.
    id: &'static str,
    /// Its icon.
    #[prop(optional)]
    mark: Option<Icon>,
    /// Its name.
    name: &'static str,
    /// A line under it.
    #[prop(optional)]
    sub: Option<&'static str>,
    /// Whether it is on.
    #[prop(into)]
    checked: Signal<bool>,
    /// Told when it changes.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <div class="row">
            {mark.map(|mark| view! { <span class="mark bare">{icon(mark)}</span> })}
            <span class="body">
                <label class="name" for=id>{name}</label>
                {sub.map(|sub| view! { <span class="sub" id=format!("{id}-sub")>{sub}</span> })}
            </span>
            <span class="switch">
                <input
                    id=id
                    type="checkbox"
                    role="switch"
                    aria-describedby=sub.map(|_| format!("{id}-sub"))
                    prop:checked=checked
                    on:change=move |event| on_change.run(event_target_checked(&event))
                />
                <span></span>
            </span>
        </div>
    }
}
