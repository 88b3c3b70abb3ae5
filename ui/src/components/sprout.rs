//! The sprout: its leaves are low or high as the mood is. Words go with it.

use leptos::prelude::*;
use trellis_api_types::checkin::Mood;

use crate::i18n::t;

/// A mood's sprout.
pub fn sprout(mood: Mood) -> impl IntoView {
    let n = mood as u8 + 1;
    view! { <svg class=format!("sprout m{n}") aria-hidden="true"><use href=format!("#s{n}")></use></svg> }
}

/// A mood's word.
pub fn mood_words(mood: Mood) -> &'static str {
    match mood {
        Mood::VeryLow => t::common::mood_very_low(),
        Mood::Low => t::common::mood_low(),
        Mood::Okay => t::common::mood_okay(),
        Mood::Good => t::common::mood_good(),
        Mood::Great => t::common::mood_great(),
    }
}
