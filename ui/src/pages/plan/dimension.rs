//! Dimensions: icon, hue and word always go together.

use leptos::prelude::*;
use trellis_api_types::plan::Dimension;

use crate::components::{Icon, icon};
use crate::i18n::t;

/// A dimension's word.
pub fn dimension_words(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Health => t::plan::dim_health(),
        Dimension::Home => t::plan::dim_home(),
        Dimension::Purpose => t::plan::dim_purpose(),
        Dimension::Community => t::plan::dim_community(),
    }
}

/// A dimension's icon in its hue. Its word stands beside it.
pub fn dimension_mark(dimension: Dimension) -> impl IntoView {
    let (class, mark) = match dimension {
        Dimension::Health => ("mark", Icon::HEARTBEAT),
        Dimension::Home => ("mark clay", Icon::HOUSE_SIMPLE),
        Dimension::Purpose => ("mark dusk", Icon::COMPASS),
        Dimension::Community => ("mark plum", Icon::USERS_THREE),
    };
    view! { <span class=class>{icon(mark)}</span> }
}
