//! A place with nothing in it yet: a sprout, a kind question, one way on.

use leptos::prelude::*;
use trellis_api_types::checkin::Mood;

use super::sprout;

/// Words in an empty place.
#[component]
pub fn Empty(
    /// The question.
    title: &'static str,
    /// One more line.
    #[prop(optional)]
    text: Option<&'static str>,
    /// One button or link.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            {sprout(Mood::Good)}
            <h2>{title}</h2>
            {text.map(|text| view! { <p>{text}</p> })}
            {children.map(|children| children())}
        </div>
    }
}
