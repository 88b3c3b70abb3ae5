//! Fields with their labels, hints and troubles.

use leptos::prelude::*;
use trellis_api_types::limits;

use super::{Icon, icon};
use crate::fmt;
use crate::i18n::t;

/// Fields for a few digits or one word end without a sentence.
const SHORTEST: usize = 40;

/// One line of text (or a date, time, password ... by `kind`).
#[component]
pub fn Field(
    /// Stable id.
    id: &'static str,
    /// Label.
    label: &'static str,
    /// What is typed.
    value: RwSignal<String>,
    /// Type of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// A line under the label.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// What is wrong, in words.
    #[prop(into, optional)]
    error: Signal<Option<String>>,
    /// Longest text.
    #[prop(default = limits::LINE)]
    max: usize,
    /// As in HTML; off unless said, nothing here is for a browser's memory.
    #[prop(default = "off")]
    autocomplete: &'static str,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {hint_line(id, hint)}
            <input
                id=id
                class="input"
                type=kind
                maxlength=max.to_string()
                autocomplete=autocomplete
                aria-describedby=described(id, hint, error)
                aria-invalid=move || error.get().map(|_| "true")
                bind:value=value
            />
            {in_words(kind, value)}
            {full_line(value, max)}
            {error_line(id, error)}
        </div>
    }
}

/// Several lines of text.
#[component]
pub fn Area(
    /// Stable id.
    id: &'static str,
    /// Label.
    label: &'static str,
    /// What is typed.
    value: RwSignal<String>,
    /// A line under the label.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// What is wrong, in words.
    #[prop(into, optional)]
    error: Signal<Option<String>>,
    /// Height in lines.
    #[prop(default = 4)]
    rows: u8,
    /// Longest text.
    #[prop(default = limits::NOTE)]
    max: usize,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {hint_line(id, hint)}
            <textarea
                id=id
                class="input"
                rows=rows.to_string()
                maxlength=max.to_string()
                aria-describedby=described(id, hint, error)
                aria-invalid=move || error.get().map(|_| "true")
                bind:value=value
            ></textarea>
            {full_line(value, max)}
            {error_line(id, error)}
        </div>
    }
}

fn hint_line(id: &'static str, hint: Option<&'static str>) -> impl IntoView {
    hint.map(|hint| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })
}

/// A day or a time as it is read here: the box itself goes by the system's order.
fn in_words(kind: &'static str, value: RwSignal<String>) -> impl IntoView {
    let said = move |text: &String| match kind {
        "date" => text.parse().ok().map(fmt::date_full),
        "time" => text.get(..5).and_then(|text| text.parse().ok()).map(fmt::time),
        _ => None,
    };
    move || value.with(said).map(|words| view! { <p class="hint">{words}</p> })
}

/// Says that nothing more goes in, where a text ends because of its field.
fn full_line(value: RwSignal<String>, max: usize) -> impl IntoView {
    let full = Memo::new(move |_| max >= SHORTEST && value.with(|text| limits::length(text) >= max));
    view! {
        <div role="status">
            {move || full.get().then(|| view! { <p class="hint">{t::common::field_full(max)}</p> })}
        </div>
    }
}

fn error_line(id: &'static str, error: Signal<Option<String>>) -> impl IntoView {
    move || {
        error.get().map(|words| {
            view! {
                <p class="error" id=format!("{id}-error") role="alert">
                    {icon(Icon::WARNING_CIRCLE)}
                    <span>{words}</span>
                </p>
            }
        })
    }
}

fn described(
    id: &'static str,
    hint: Option<&'static str>,
    error: Signal<Option<String>>,
) -> impl Fn() -> Option<String> {
    move || {
        let parts: Vec<_> =
            [hint.map(|_| "hint"), error.get().map(|_| "error")].into_iter().flatten().collect();
        (!parts.is_empty())
            .then(|| parts.iter().map(|part| format!("{id}-{part}")).collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let owner = Owner::new();
        owner.set();
        let value = RwSignal::new(text.to_owned());
        view! { <Field id="name" label="Name" value max=limits::NAME /> }.to_html()
    }

    #[test]
    fn a_field_ends_where_the_core_does_and_says_so() {
        assert!(shown("").contains("maxlength=\"60\""));
        let full = t::common::field_full(limits::NAME);
        assert!(!shown(&"x".repeat(59)).contains(&full));
        assert!(shown(&"x".repeat(60)).contains(&full));
        // A plant counts as two, here and in the core.
        assert!(shown(&"🌱".repeat(30)).contains(&full));
    }
}
