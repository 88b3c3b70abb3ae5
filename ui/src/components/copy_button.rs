//! Copying a link.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::app::LinkCopy;

use super::{Icon, icon};
use crate::i18n::t;
use crate::ipc;
use crate::state::state;

/// Copies `link` and says so, and whether it leaves the clipboard again.
#[component]
pub fn CopyLink(
    /// What is copied.
    link: String,
    /// Said once it was copied.
    copied: &'static str,
) -> impl IntoView {
    let state = state();
    let copy = move |_| {
        let link = link.clone();
        spawn_local(async move {
            match ipc::call(LinkCopy { link: link.clone() }).await {
                Ok(true) => state.say(&format!("{copied} {}", t::devices::copy_leaves()), None),
                Ok(false) => {
                    state.say(if here(&link).await { copied } else { t::devices::copy_failed() }, None)
                }
                Err(problem) => state.fail(problem),
            }
        });
    };
    view! { <button id="copy-link" class="btn" type="button" on:click=copy>{icon(Icon::LINK)}{t::devices::copy()}</button> }
}

/// Copies where the shell has no clipboard. Tells whether it did.
async fn here(link: &str) -> bool {
    let copying = window().navigator().clipboard().write_text(link);
    wasm_bindgen_futures::JsFuture::from(copying).await.is_ok()
}
