//! The place `help`.

use leptos::prelude::*;

use crate::components::{Page, TopBar};
use crate::i18n::t;

/// The page.
#[component]
pub fn Help() -> impl IntoView {
    view! {
        <Page title=t::help::title()>
            <TopBar />
            <div class="title"><h1>{t::help::title()}</h1></div>
        </Page>
    }
}
