//! The place `lock_change`.

use leptos::prelude::*;

use crate::components::{Page, TopBar};
use crate::i18n::t;

/// The page.
#[component]
pub fn LockChange() -> impl IntoView {
    view! {
        <Page title=t::lock_change::title()>
            <TopBar />
            <div class="title"><h1>{t::lock_change::title()}</h1></div>
        </Page>
    }
}
