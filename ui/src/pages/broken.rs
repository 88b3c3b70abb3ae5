//! What is stored cannot be opened.

use leptos::prelude::*;
use trellis_api_types::ApiError;

use crate::components::{DoorPage, Problem};
use crate::{i18n::t, state::state};

/// Why, in kind words, and another try.
#[component]
pub fn Broken(problem: ApiError) -> impl IntoView {
    let state = state();
    view! {
        <DoorPage title=t::broken::title()>
            <div class="page-in narrow">
                <div class="title">
                    <h1>{t::broken::title()}</h1>
                    <p>{t::broken::kept()}</p>
                </div>
                <Problem problem again=Callback::new(move |()| state.reload_status()) />
            </div>
        </DoorPage>
    }
}
