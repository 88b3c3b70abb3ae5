//! The place `relay`.

use leptos::prelude::*;

use crate::components::{Page, TopBar};
use crate::i18n::t;

/// The page.
#[component]
pub fn Relay() -> impl IntoView {
    view! {
        <Page title=t::relay::title()>
            <TopBar />
            <div class="title"><h1>{t::relay::title()}</h1></div>
        </Page>
    }
}
