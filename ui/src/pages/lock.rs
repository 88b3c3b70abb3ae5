//! The place `lock`.

use leptos::prelude::*;

use crate::components::DoorPage;
use crate::i18n::t;

/// The page.
#[component]
pub fn Lock() -> impl IntoView {
    view! { <DoorPage title=t::lock::title()><h1>{t::lock::title()}</h1></DoorPage> }
}
