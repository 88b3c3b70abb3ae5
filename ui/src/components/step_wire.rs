//! The steps of a goal as nodes on a wire. Words with the count stand beside it.

use leptos::prelude::*;
use trellis_api_types::plan::StepState;

/// More nodes than this say nothing to the eye.
const MOST: usize = 10;

/// A node for each step; nothing for none or very many.
#[component]
pub fn StepWire(states: Vec<StepState>) -> impl IntoView {
    let node = |state: StepState| view! { <i class:done=state == StepState::Done class:doing=state == StepState::Doing></i> };
    (1..=MOST)
        .contains(&states.len())
        .then(|| view! { <span class="steps" aria-hidden="true">{states.into_iter().map(node).collect_view()}</span> })
}
