//! The place `start`.

use leptos::prelude::*;

use crate::components::DoorPage;
use crate::i18n::t;

/// The page.
#[component]
pub fn Start() -> impl IntoView {
    view! { <DoorPage title=t::start::title()><h1>{t::start::title()}</h1></DoorPage> }
}
