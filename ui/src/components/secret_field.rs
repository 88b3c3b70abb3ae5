//! A field for a passphrase or a code.

use leptos::prelude::*;

use super::{Icon, icon};
use crate::i18n::t;

/// A passphrase or a code, hidden until the person wants to see it.
#[component]
pub fn SecretField(
    /// Unique on the screen.
    id: &'static str,
    /// What is asked for.
    label: &'static str,
    /// What was typed.
    value: RwSignal<String>,
    /// Said under the field, in the calm voice.
    #[prop(into, optional)]
    hint: Signal<Option<String>>,
    /// Said under the field, in place of the hint.
    #[prop(into, optional)]
    error: Signal<Option<String>>,
    /// Takes the focus when it comes.
    #[prop(optional)]
    focus: bool,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let field = NodeRef::<leptos::html::Input>::new();
    if focus {
        field.on_load(|input| {
            let _focused = input.focus();
        });
    }
    let said = move || error.get().is_some() || hint.get().is_some();
    let note = format!("{id}-note");
    let described = note.clone();
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <div class="secret">
                <input
                    class="input"
                    id=id
                    node_ref=field
                    type=move || if shown.get() { "text" } else { "password" }
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    prop:value=value
                    on:input=move |event| value.set(event_target_value(&event))
                    aria-invalid=move || error.get().is_some().then_some("true")
                    aria-describedby=move || said().then(|| described.clone())
                />
                <SeeButton shown controls=id />
            </div>
            <div id=note aria-live="polite">
                {move || match (error.get(), hint.get()) {
                    (Some(error), _) => view! { <p class="error">{icon(Icon::WARNING_CIRCLE)}<span>{error}</span></p> }.into_any(),
                    (None, Some(hint)) => view! { <p class="hint">{hint}</p> }.into_any(),
                    (None, None) => ().into_any(),
                }}
            </div>
        </div>
    }
}

/// Shows and hides what was typed.
#[component]
fn SeeButton(shown: RwSignal<bool>, controls: &'static str) -> impl IntoView {
    view! {
        <button
            class="icon-btn"
            type="button"
            aria-controls=controls
            aria-pressed=move || shown.get().to_string()
            aria-label=t::lock::show()
            title=move || if shown.get() { t::lock::hide() } else { t::lock::show() }
            on:click=move |_| shown.update(|shown| *shown = !*shown)
        >
            {move || icon(if shown.get() { Icon::EYE_SLASH } else { Icon::EYE })}
        </button>
    }
}
