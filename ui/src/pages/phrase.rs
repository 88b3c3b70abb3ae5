//! The place `phrase`.

use leptos::prelude::*;

use crate::components::{Page, TopBar};
use crate::i18n::t;

/// The page.
#[component]
pub fn Phrase() -> impl IntoView {
    view! {
        <Page title=t::phrase::title()>
            <TopBar />
            <div class="title"><h1>{t::phrase::title()}</h1></div>
        </Page>
    }
}
