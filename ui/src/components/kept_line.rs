//! Says that what was typed before is there again.

use leptos::prelude::*;

use super::{Icon, Show, icon};
use crate::i18n::t;
use crate::state::Kept;

/// A line above the fields, with a way to begin again; nothing where nothing was kept.
#[component]
pub fn KeptLine(kept: Kept) -> impl IntoView {
    let Kept { back, afresh } = kept;
    view! {
        <div role="status">
            <Show when=move || back.get()>
                <p class="kept-line">
                    {icon(Icon::INFO)}
                    <span>{t::common::draft_back()}</span>
                    <button id="start-over" class="btn plain edge" type="button" on:click=move |_| afresh.run(())>{t::common::draft_afresh()}</button>
                </p>
            </Show>
        </div>
    }
}
