//! Something that can wait; at most one a screen.

use leptos::prelude::*;

use super::{Icon, icon};

/// A quiet box with a way on.
#[component]
pub fn Banner(
    /// Its icon.
    mark: Icon,
    /// What it is.
    title: &'static str,
    /// One more line.
    text: &'static str,
    /// Amber instead of blue.
    #[prop(optional)]
    lit: bool,
    /// Where it leads.
    href: &'static str,
    /// Words of the way on.
    action: &'static str,
) -> impl IntoView {
    view! {
        <div class="banner" class:lit=lit>
            {icon(mark)}
            <div class="body">
                <p><strong>{title}</strong></p>
                <p>{text}</p>
                <a class="btn" href=href>{action}</a>
            </div>
        </div>
    }
}
