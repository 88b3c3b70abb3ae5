//! The place `plan`.

use leptos::prelude::*;

use crate::components::{Page, TopBar};
use crate::i18n::t;

/// The page.
#[component]
pub fn Plan() -> impl IntoView {
    view! {
        <Page title=t::plan::title()>
            <TopBar />
            <div class="title"><h1>{t::plan::title()}</h1></div>
        </Page>
    }
}
