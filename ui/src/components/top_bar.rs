//! The line on top of a place: back, quick exit, settings.

use leptos::prelude::*;

use super::{Icon, icon};
use crate::{app::hide, i18n::t, state::state};

/// Back (or close) at the left; quick exit and settings at the right.
#[component]
pub fn TopBar(
    /// Where "back" leads; none on a first place.
    #[prop(into, optional)]
    back: Option<String>,
    /// A cross instead of an arrow, for a place that is left without saving.
    #[prop(optional)]
    close: bool,
    /// Without settings, where the place is settings.
    #[prop(optional)]
    bare: bool,
    /// Help at the right, where the bar below is hidden.
    #[prop(optional)]
    help: bool,
    /// Words at the left instead of "back".
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (mark, label) =
        if close { (Icon::X, t::common::close_unsaved()) } else { (Icon::ARROW_LEFT, t::common::back()) };
    view! {
        <div class="top">
            {back.map(|href| view! { <a id="back" class="icon-btn" href=href aria-label=label>{icon(mark)}</a> })}
            {children.map(|children| children())}
            <span class="space"></span>
            <QuickExit />
            {(!bare && !help)
                .then(|| {
                    view! {
                        <a class="icon-btn" href="/settings" aria-label=t::common::settings()>{icon(Icon::GEAR_SIX)}</a>
                    }
                })}
            {help
                .then(|| {
                    view! { <a class="btn lantern" href="/help">{icon(Icon::LIFEBUOY_BOLD)}{t::common::help()}</a> }
                })}
        </div>
    }
}

/// The eye: hides the screen at once, as Escape does.
#[component]
pub fn QuickExit() -> impl IntoView {
    let state = state();
    view! {
        <button id="hide" class="icon-btn" type="button" aria-label=t::common::hide() on:click=move |_| hide(state)>
            {icon(Icon::EYE_SLASH)}
        </button>
    }
}
