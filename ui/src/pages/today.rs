//! The place `today`.

use leptos::prelude::*;

use crate::components::{Page, TopBar};
use crate::i18n::t;

/// The page.
#[component]
pub fn Today() -> impl IntoView {
    view! {
        <Page title=t::today::title()>
            <TopBar />
            <div class="title"><h1>{t::today::title()}</h1></div>
        </Page>
    }
}
