//! The form of something that can be stored and taken away.

use leptos::prelude::*;

use super::{Icon, SaveButton, icon};
use crate::i18n::t;

/// Fields, save, and remove where there is something to remove.
#[component]
pub fn EditForm(
    /// Stores it.
    #[prop(into)]
    on_save: Callback<()>,
    /// Takes it away.
    #[prop(into)]
    on_remove: Callback<()>,
    /// Words of the button that takes it away; none where nothing is there yet.
    remove_words: Option<&'static str>,
    /// Fields.
    children: Children,
) -> impl IntoView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        on_save.run(());
    };
    view! {
        <form class="asks" novalidate on:submit=submit>
            {children()}
            <div class="form-acts">
                <SaveButton words=t::common::save() />
                {remove_words
                    .map(|words| {
                        view! {
                            <button id="remove" class="btn stop" type="button" on:click=move |_| on_remove.run(())>
                                {icon(Icon::TRASH)}
                                {words}
                            </button>
                        }
                    })}
            </div>
        </form>
    }
}

/// Words that have to be there.
#[derive(Clone, Copy)]
pub struct Words {
    /// What is typed.
    pub value: RwSignal<String>,
    /// What is wrong, in words.
    pub error: RwSignal<Option<String>>,
}

impl Words {
    /// Starts with `text`.
    pub fn new(text: &str) -> Self {
        Self { value: RwSignal::new(text.to_owned()), error: RwSignal::new(None) }
    }

    /// What was typed; says so if that is nothing.
    pub fn given(self) -> Option<String> {
        let text = typed(self.value);
        self.error.set(text.is_empty().then(|| t::errors::empty_text().to_owned()));
        (!text.is_empty()).then_some(text)
    }
}

/// What was typed, without spaces round it.
pub fn typed(value: RwSignal<String>) -> String {
    value.get_untracked().trim().to_owned()
}
