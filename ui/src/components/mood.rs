//! Five sprouts to choose from.

use leptos::prelude::*;
use trellis_api_types::checkin::Mood;

use super::{mood_words, sprout};

const ALL: [Mood; 5] = [Mood::VeryLow, Mood::Low, Mood::Okay, Mood::Good, Mood::Great];

/// Radio buttons as sprouts with words.
#[component]
pub fn Moods(value: RwSignal<Option<Mood>>) -> impl IntoView {
    let one = move |mood: Mood| {
        view! {
            <label>
                <input
                    type="radio"
                    name="mood"
                    id=format!("mood-{}", mood as u8 + 1)
                    prop:checked=move || value.get() == Some(mood)
                    on:change=move |_| value.set(Some(mood))
                />
                <span>{sprout(mood)}{mood_words(mood)}</span>
            </label>
        }
    };
    view! { <div class="moods">{ALL.map(one)}</div> }
}
