//! What just happened, with Undo, for ten seconds; it stays while it is touched or focused.

use std::time::Duration;

use leptos::prelude::*;

use super::problem::details;
use crate::i18n::t;
use crate::state::{Toast, state};

const STAYS: Duration = Duration::from_secs(10);

/// The place where toasts show. A polite live region that is always there.
#[component]
pub fn ToastLine() -> impl IntoView {
    let toast = state().toast;
    let held = RwSignal::new(false);
    Effect::new(move |before: Option<Option<TimeoutHandle>>| {
        if let Some(Some(timer)) = before {
            timer.clear();
        }
        let wait = toast.with(Option::is_some) && !held.get();
        wait.then(|| set_timeout_with_handle(move || toast.set(None), STAYS).ok()).flatten()
    });
    view! {
        <div
            role="status"
            on:mouseenter=move |_| held.set(true)
            on:mouseleave=move |_| held.set(false)
            on:focusin=move |_| held.set(true)
            on:focusout=move |_| held.set(false)
        >
            {move || toast.get().map(one)}
        </div>
    }
}

fn one(toast: Toast) -> impl IntoView {
    let state = state();
    let undo = toast.undo.map(|id| {
        let take_back = move |_| state.undo(id.clone());
        view! { <button id="undo" class="btn" type="button" on:click=take_back>{t::common::undo()}</button> }
    });
    view! {
        <div class="toast">
            <span>{toast.text}</span>
            {toast.problem.map(|problem| details(&problem))}
            {undo}
        </div>
    }
}
