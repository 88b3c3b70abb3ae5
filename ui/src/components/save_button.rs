//! The main button of a form.

use leptos::prelude::*;

/// Submits its form; quiet while the shell is busy, so that nothing is sent twice.
#[component]
pub fn SaveButton(
    /// Stable id.
    #[prop(default = "save")]
    id: &'static str,
    /// Its words: a verb.
    words: &'static str,
    /// Waiting for the shell.
    #[prop(into, optional)]
    busy: Signal<bool>,
) -> impl IntoView {
    view! {
        <button id=id class="btn main large wide" type="submit" aria-disabled=move || busy.get().then_some("true")>
            {words}
        </button>
    }
}
