//! Copying a link.

use leptos::{prelude::*, task::spawn_local};

use super::{Icon, icon};
use crate::i18n::t;
use crate::state::state;

/// Copies `link` and says so.
#[component]
pub fn CopyLink(
    /// What is copied.
    link: String,
    /// Said once it was copied.
    copied: &'static str,
) -> impl IntoView {
    let state = state();
    let copy = move |_| {
        let copying = window().navigator().clipboard().write_text(&link);
        spawn_local(async move {
            let words = match wasm_bindgen_futures::JsFuture::from(copying).await {
                Ok(_) => copied,
                Err(_) => t::devices::copy_failed(),
            };
            state.say(words, None);
        });
    };
    view! { <button id="copy-link" class="btn" type="button" on:click=copy>{icon(Icon::LINK)}{t::devices::copy()}</button> }
}
