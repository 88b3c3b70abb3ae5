//! Exchange: how it stands, and which relay is used.

mod choose;
mod standing;

use leptos::prelude::*;
use trellis_api_types::sync::RelayGet;

use crate::components::{Page, TopBar, shown};
use crate::i18n::t;
use crate::state::load_once;

/// The page.
#[component]
pub fn Relay() -> impl IntoView {
    let relay = load_once(|| RelayGet {});
    view! {
        <Page title=t::relay::title().to_owned()>
            <TopBar back="/settings" bare=true />
            <div class="title">
                <h1>{t::relay::title()}</h1>
                <p>{t::relay::lead()}</p>
            </div>
            <div class="cols even">
                <standing::Standing />
                {shown(relay, |relay| view! { <choose::Choose relay=relay.get_untracked() /> })}
            </div>
        </Page>
    }
}
