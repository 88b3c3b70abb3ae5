//! Whose words the screens use.

use leptos::prelude::*;
use trellis_api_types::settings::Pathway;

use crate::i18n::t;

const ALL: [Pathway; 7] = [
    Pathway::Own,
    Pathway::TwelveStep,
    Pathway::Skills,
    Pathway::Secular,
    Pathway::Faith,
    Pathway::Medication,
    Pathway::Family,
];

/// One pathway of all.
#[component]
pub fn PathwayField(
    /// The chosen one.
    value: RwSignal<Pathway>,
    /// A line under it.
    hint: &'static str,
) -> impl IntoView {
    let chosen = move |event| {
        let at: usize = event_target_value(&event).parse().unwrap_or(0);
        value.set(ALL.get(at).copied().unwrap_or_default());
    };
    let options = ALL.into_iter().enumerate().map(|(at, pathway)| {
        view! { <option value=at.to_string() prop:selected=move || value.get() == pathway>{pathway_words(pathway)}</option> }
    });
    view! {
        <div class="field">
            <label for="pathway">{t::settings::pathway()}</label>
            <select id="pathway" class="input" aria-describedby="pathway-hint" on:change=chosen>{options.collect_view()}</select>
            <p class="hint" id="pathway-hint">{hint}</p>
        </div>
    }
}

/// The pathway's words.
pub fn pathway_words(pathway: Pathway) -> &'static str {
    match pathway {
        Pathway::Own => t::settings::own(),
        Pathway::TwelveStep => t::settings::twelve(),
        Pathway::Skills => t::settings::skills(),
        Pathway::Secular => t::settings::secular(),
        Pathway::Faith => t::settings::faith(),
        Pathway::Medication => t::settings::medication(),
        Pathway::Family => t::settings::family(),
    }
}
