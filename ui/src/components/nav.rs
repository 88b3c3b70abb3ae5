//! One `<nav>`: a bar under the thumb, or a rail at the side.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{Icon, SyncStatus, icon, icon_class};
use crate::i18n::t;

/// Skips the navigation.
#[component]
pub fn SkipLink() -> impl IntoView {
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        crate::state::focus_heading();
    };
    view! { <a class="skip" href="#main" rel="external" on:click=skip>{t::common::skip()}</a> }
}

/// Today, Plan, Journey, People, Help.
#[component]
pub fn Nav() -> impl IntoView {
    let place = use_location().pathname;
    let entry = move |href: &'static str, off: Icon, on: Icon, words: &'static str| {
        view! {
            <li>
                <a href=href aria-current=move || here(href, &place.get()).then_some("page")>
                    {icon_class(off, "icon off")}
                    {icon_class(on, "icon on")}
                    <span>{words}</span>
                </a>
            </li>
        }
    };
    view! {
        <nav class="nav" aria-label=t::common::main_nav()>
            <div class="brand">
                <Mark />
                <span>"Trellis"</span>
            </div>
            <ul>
                {entry("/", Icon::SUN_HORIZON, Icon::SUN_HORIZON_FILL, t::common::today())}
                {entry("/plan", Icon::LIST_CHECKS, Icon::LIST_CHECKS_FILL, t::common::plan())}
                {entry("/journey", Icon::PATH, Icon::PATH_FILL, t::common::journey())}
                {entry("/people", Icon::USERS_THREE, Icon::USERS_THREE_FILL, t::common::people())}
                <li>
                    <a
                        class="help"
                        id="nav-help"
                        href="/help"
                        aria-current=move || here("/help", &place.get()).then_some("page")
                    >
                        {icon(Icon::LIFEBUOY_BOLD)}
                        <span>{t::common::help()}</span>
                    </a>
                </li>
            </ul>
            <div class="foot">
                <SyncStatus />
            </div>
        </nav>
    }
}

/// Whether an entry holds this place.
fn here(entry: &str, place: &str) -> bool {
    match entry {
        "/" => place == "/" || place == "/index.html",
        "/people" if here("/coach", place) || place == "/need" => true,
        _ => place == entry || place.strip_prefix(entry).is_some_and(|rest| rest.starts_with('/')),
    }
}

/// The app's own mark.
#[component]
pub fn Mark() -> impl IntoView {
    view! { <svg class="brand-mark" viewBox="0 0 64 64" aria-hidden="true"><use href="#brand"></use></svg> }
}

#[cfg(test)]
mod tests {
    use super::here;

    #[test]
    fn an_entry_holds_its_own_places_only() {
        assert!(here("/", "/"));
        assert!(!here("/", "/plan"));
        assert!(here("/plan", "/plan/goal/7"));
        assert!(!here("/plan", "/planet"));
        assert!(here("/people", "/coach/7") && here("/people", "/people"));
    }
}
