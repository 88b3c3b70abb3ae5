//! What somebody shared, newest first: a few at once, the rest when it is asked for.

use leptos::prelude::*;
use trellis_api_types::circle::Entry;

use crate::components::{Show, part};
use crate::i18n::t;
use crate::pages::sharing::item;

/// As many as are shown at first.
const FIRST: usize = 8;

/// The section.
#[component]
pub fn Shared(entries: Signal<Vec<Entry>>, name: Signal<String>) -> impl IntoView {
    let all = RwSignal::new(false);
    let rest = part(entries, |entries| entries.len().saturating_sub(FIRST));
    let seen = move || {
        entries.with(|entries| {
            let count = if all.get() { entries.len() } else { FIRST };
            entries.iter().take(count).map(|entry| item(entry.what.clone(), false)).collect_view()
        })
    };
    let none = || view! { <p class="second ask">{t::coach::shared_none()}</p> };
    view! {
        <section class="block" aria-labelledby="shared">
            <div class="head"><h2 id="shared">{move || t::coach::shared(name.get())}</h2></div>
            <Show when=move || !entries.with(Vec::is_empty) fallback=none><ul class="list">{seen}</ul></Show>
            <Show when=move || !all.get() && rest.get() != 0>
                <button id="show-rest" class="btn add" type="button" on:click=move |_| all.set(true)>{move || t::coach::show_all(rest.get())}</button>
            </Show>
        </section>
    }
}
