//! The place `journey`.

use leptos::prelude::*;

use crate::components::{Page, TopBar};
use crate::i18n::t;

/// The page.
#[component]
pub fn Journey() -> impl IntoView {
    view! {
        <Page title=t::journey::title()>
            <TopBar />
            <div class="title"><h1>{t::journey::title()}</h1></div>
        </Page>
    }
}
