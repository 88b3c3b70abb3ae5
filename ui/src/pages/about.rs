//! The place `about`.

use leptos::prelude::*;

use crate::components::{Page, TopBar};
use crate::i18n::t;

/// The page.
#[component]
pub fn About() -> impl IntoView {
    view! {
        <Page title=t::about::title()>
            <TopBar />
            <div class="title"><h1>{t::about::title()}</h1></div>
        </Page>
    }
}
