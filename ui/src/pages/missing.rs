//! A place that does not exist.

use leptos::prelude::*;

use crate::components::{Page, TopBar};
use crate::i18n::t;

/// Says so, with a way to Today.
#[component]
pub fn Missing() -> impl IntoView {
    view! {
        <Page title=t::missing::title() narrow=true>
            <TopBar back="/" />
            <div class="title">
                <h1>{t::missing::title()}</h1>
                <p>{t::missing::text()}</p>
            </div>
            <a class="btn main" href="/">{t::missing::go()}</a>
        </Page>
    }
}
