//! What went wrong with a form, said inside it.

use leptos::prelude::*;
use trellis_api_types::ApiError;

use super::{Icon, details, icon, problem_words};

/// Kind words where the person looks, the code folded away. Empty while all is well.
#[component]
pub fn FormProblem(
    /// What went wrong.
    #[prop(into)]
    problem: Signal<Option<ApiError>>,
) -> impl IntoView {
    let said = |problem: ApiError| {
        view! {
            <p class="error">{icon(Icon::WARNING_CIRCLE)}<span>{problem_words(&problem)}</span></p>
            {details(&problem)}
        }
    };
    view! { <div class="form-problem" role="alert">{move || problem.get().map(said)}</div> }
}
