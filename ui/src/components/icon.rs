//! Icons: symbols compiled into the page, so that they are there before anything is fetched.

use leptos::prelude::*;

/// Name of an icon; only those in `icons/names.txt` exist.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Icon(&'static str);

include!(concat!(env!("OUT_DIR"), "/icons.rs"));

const SYMBOLS: &str = concat!(include_str!("../../icons/icons.svg"), include_str!("../../icons/sprouts.svg"));

/// All symbols, hidden; once in the page.
#[component]
pub fn Sprites() -> impl IntoView {
    view! { <svg width="0" height="0" style="position:absolute" aria-hidden="true" inner_html=SYMBOLS></svg> }
}

/// An icon. Words stand beside it, or its button has a label.
pub fn icon(icon: Icon) -> impl IntoView {
    icon_class(icon, "icon")
}

/// An icon with other classes.
pub fn icon_class(icon: Icon, class: &'static str) -> impl IntoView {
    view! { <svg class=class aria-hidden="true"><use href=icon.0></use></svg> }
}
