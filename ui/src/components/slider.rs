//! 0 to 10: drag, tap, arrow keys, or the two buttons.

use leptos::prelude::*;

use super::{Icon, icon};
use crate::i18n::t;

/// A native range with minus and plus beside it. Nothing is chosen before the first touch.
#[component]
pub fn Slider(
    /// Stable id of the range; its label points there.
    id: &'static str,
    /// What was chosen.
    value: RwSignal<Option<u8>>,
    /// Words at 0.
    least: &'static str,
    /// Words at 10.
    most: &'static str,
    /// What a screen reader says for a value.
    #[prop(into)]
    spoken: Callback<Option<u8>, String>,
) -> impl IntoView {
    let now = move || value.get().unwrap_or(0);
    let step = move |by: i8| value.update(|v| *v = Some(v.unwrap_or(0).saturating_add_signed(by).min(10)));
    view! {
        <div class="slider">
            <button id=format!("{id}-less") class="icon-btn" type="button" aria-label=t::common::less() on:click=move |_| step(-1)>
                {icon(Icon::MINUS_BOLD)}
            </button>
            <input
                id=id
                type="range"
                min="0"
                max="10"
                class:untouched=move || value.get().is_none()
                style=move || format!("--v:{}", now())
                prop:value=move || now().to_string()
                aria-valuetext=move || spoken.run(value.get())
                on:input=move |event| value.set(event_target_value(&event).parse().ok())
            />
            <button id=format!("{id}-more") class="icon-btn" type="button" aria-label=t::common::more() on:click=move |_| step(1)>
                {icon(Icon::PLUS_BOLD)}
            </button>
            <div class="ends" aria-hidden="true">
                <span>{least}</span>
                <span>{most}</span>
            </div>
        </div>
    }
}
