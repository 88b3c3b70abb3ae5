//! The place `add_device`.

use leptos::prelude::*;

use crate::components::{Page, TopBar};
use crate::i18n::t;

/// The page.
#[component]
pub fn AddDevice() -> impl IntoView {
    view! {
        <Page title=t::add_device::title()>
            <TopBar />
            <div class="title"><h1>{t::add_device::title()}</h1></div>
        </Page>
    }
}
