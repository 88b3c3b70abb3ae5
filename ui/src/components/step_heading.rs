//! The heading of a step within a place.

use leptos::{html::H1, prelude::*};

/// Heading and lead; the heading takes the focus when the step comes, so that a screen reader says it.
#[component]
pub fn StepHeading(
    /// The heading.
    #[prop(into)]
    title: String,
    /// A sentence under it.
    lead: &'static str,
) -> impl IntoView {
    let heading = NodeRef::<H1>::new();
    heading.on_load(|heading| {
        let _focused = heading.focus();
    });
    view! {
        <div class="title">
            <h1 tabindex="-1" node_ref=heading>{title}</h1>
            <p>{lead}</p>
        </div>
    }
}
