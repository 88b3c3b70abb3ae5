//! The place `day`.

use leptos::prelude::*;

use crate::components::{Page, TopBar};
use crate::i18n::t;

/// The page.
#[component]
pub fn Day() -> impl IntoView {
    view! {
        <Page title=t::day::title()>
            <TopBar />
            <div class="title"><h1>{t::day::title()}</h1></div>
        </Page>
    }
}
