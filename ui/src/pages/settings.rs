//! The place `settings`.

use leptos::prelude::*;

use crate::components::{Page, TopBar};
use crate::i18n::t;

/// The page.
#[component]
pub fn Settings() -> impl IntoView {
    view! {
        <Page title=t::settings::title()>
            <TopBar />
            <div class="title"><h1>{t::settings::title()}</h1></div>
        </Page>
    }
}
