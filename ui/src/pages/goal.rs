//! The place `goal`.

use leptos::prelude::*;

use crate::components::{Page, TopBar};
use crate::i18n::t;

/// The page.
#[component]
pub fn Goal() -> impl IntoView {
    view! {
        <Page title=t::goal::title()>
            <TopBar />
            <div class="title"><h1>{t::goal::title()}</h1></div>
        </Page>
    }
}
