//! Several answers at once.

use leptos::prelude::*;
use trellis_api_types::limits;

use super::{Icon, Show, icon, icon_class};
use crate::i18n::t;

/// One answer of several; a check box in a rounded shape.
#[component]
pub fn Chip(
    /// Stable id.
    id: String,
    /// Its words.
    words: String,
    /// Shown while not chosen.
    #[prop(optional)]
    own: Option<Icon>,
    /// Whether it is chosen.
    #[prop(into)]
    checked: Signal<bool>,
    /// Told when it changes.
    #[prop(into)]
    on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <label class="chip">
            <input
                type="checkbox"
                id=id
                prop:checked=checked
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <span>
                {own.map(|own| icon_class(own, "icon own"))}
                {icon_class(Icon::CHECK_BOLD, "icon check")}
                {words}
            </span>
        </label>
    }
}

/// "Add a word": a button that becomes a field; Enter or the button adds it.
#[component]
pub fn AddWord(
    /// Told of a word that is not empty.
    #[prop(into)]
    on_add: Callback<String>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let word = RwSignal::new(String::new());
    let field = NodeRef::<leptos::html::Input>::new();
    Effect::new(move || {
        if open.get()
            && let Some(field) = field.get()
        {
            let _focusable = field.focus();
        }
    });
    let add = move || {
        let typed = word.get_untracked().trim().to_owned();
        word.set(String::new());
        open.set(false);
        if !typed.is_empty() {
            on_add.run(typed);
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            add();
        }
    };
    view! {
        <Show
            when=move || open.get()
            fallback=move || {
                view! {
                    <button id="add-word" class="chip add" type="button" on:click=move |_| open.set(true)>
                        {icon(Icon::PLUS)}
                        {t::common::add_word()}
                    </button>
                }
            }
        >
            <span class="add-word">
                <input
                    id="new-word"
                    class="input"
                    node_ref=field
                    maxlength=limits::NAME.to_string()
                    aria-label=t::common::new_word()
                    placeholder=t::common::new_word()
                    bind:value=word
                    on:keydown=on_key
                />
                <button class="btn" type="button" on:click=move |_| add()>
                    {t::common::add()}
                </button>
            </span>
        </Show>
    }
}
