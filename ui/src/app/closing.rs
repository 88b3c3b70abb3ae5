//! The question when the window is closed for the first time: whether Trellis goes on without it.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::app::AppClose;

use crate::components::Sheet;
use crate::i18n::t;
use crate::ipc;
use crate::state::{State, state};

/// Asks over whatever is shown, also while locked. Closed without an answer, the window stays.
#[component]
pub fn AskClosing() -> impl IntoView {
    let state = state();
    view! {
        <Sheet open=state.closing title=t::settings::close_ask().to_owned()>
            <p>{t::settings::close_later()}</p>
            <div class="acts even">
                <button id="close-stay" class="btn main" type="button" autofocus=true on:click=move |_| close(state, true)>
                    {t::settings::close_stay()}
                </button>
                <button id="close-end" class="btn" type="button" on:click=move |_| close(state, false)>
                    {t::settings::close_end()}
                </button>
            </div>
        </Sheet>
    }
}

/// Closes as answered; what was just typed is kept first.
fn close(state: State, stays: bool) {
    state.closing.set(false);
    spawn_local(async move {
        state.flush_drafts().await;
        if let Err(problem) = ipc::call(AppClose { stays }).await {
            state.fail(problem);
        }
    });
}
