//! Two to four short answers, one of them.

use leptos::prelude::*;

/// Radio buttons side by side. `name` makes the group and the ids `name-0`, `name-1`, ...
#[component]
pub fn Seg<T>(
    /// Name of the group, unique on the screen.
    name: &'static str,
    /// Answers and their words.
    options: Vec<(T, &'static str)>,
    /// The chosen answer.
    #[prop(into)]
    value: Signal<Option<T>>,
    /// Told of a new choice.
    #[prop(into)]
    on_change: Callback<T>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let one = move |(at, (answer, words)): (usize, (T, &'static str))| {
        view! {
            <label>
                <input
                    type="radio"
                    name=name
                    id=format!("{name}-{at}")
                    prop:checked=move || value.get() == Some(answer)
                    on:change=move |_| on_change.run(answer)
                />
                <span>{words}</span>
            </label>
        }
    };
    view! { <div class="seg">{options.into_iter().enumerate().map(one).collect_view()}</div> }
}
