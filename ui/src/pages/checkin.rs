//! The place `checkin`.

use leptos::prelude::*;

use crate::components::{Page, TopBar};
use crate::i18n::t;

/// The page.
#[component]
pub fn CheckInPage() -> impl IntoView {
    view! {
        <Page title=t::checkin::title()>
            <TopBar />
            <div class="title"><h1>{t::checkin::title()}</h1></div>
        </Page>
    }
}
