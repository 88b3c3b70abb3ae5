//! The place `devices`.

use leptos::prelude::*;

use crate::components::{Page, TopBar};
use crate::i18n::t;

/// The page.
#[component]
pub fn Devices() -> impl IntoView {
    view! {
        <Page title=t::devices::title()>
            <TopBar />
            <div class="title"><h1>{t::devices::title()}</h1></div>
        </Page>
    }
}
