//! Escape: closes the top sheet, else hides the screen.

use leptos::{ev, leptos_dom::helpers::window_event_listener, task::spawn_local};
use trellis_api_types::app::AppHide;

use crate::{ipc, state::State};

/// Hears Escape everywhere.
pub fn hear_escape(state: State) {
    let handle = window_event_listener(ev::keydown, move |event| {
        // While a word is put together the key is for whatever helps to write it.
        if event.key() == "Escape" && !event.is_composing() && !event.default_prevented() {
            event.prevent_default();
            if !state.sheets.close_top() {
                hide(state);
            }
        }
    });
    leptos::prelude::on_cleanup(move || handle.remove());
}

/// Hides the screen at once; what was just typed is kept first, as hiding may lock.
pub fn hide(state: State) {
    spawn_local(async move {
        state.flush_drafts().await;
        if let Err(problem) = ipc::call(AppHide {}).await {
            state.fail(problem);
        }
    });
}
