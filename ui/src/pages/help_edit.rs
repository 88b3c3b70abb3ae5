//! The place `help_edit`.

use leptos::prelude::*;

use crate::components::{Page, TopBar};
use crate::i18n::t;

/// The page.
#[component]
pub fn HelpEdit() -> impl IntoView {
    view! {
        <Page title=t::help_edit::title()>
            <TopBar />
            <div class="title"><h1>{t::help_edit::title()}</h1></div>
        </Page>
    }
}
