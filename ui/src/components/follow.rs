//! Following what is stored: elements stay, with focus and scroll; only what differs is changed.

use std::sync::Arc;

use leptos::prelude::*;

/// A part of a value. Who shows it is told only when that part changed.
pub fn part<T, U>(whole: Signal<T>, get: impl Fn(&T) -> U + Send + Sync + 'static) -> Signal<U>
where
    T: Send + Sync + 'static,
    U: PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| whole.with(&get)).into()
}

/// What `find` gives; what it gave last, where it gives nothing: what shows that is about to go.
pub fn latest<T>(first: T, find: impl Fn() -> Option<T> + Send + Sync + 'static) -> Signal<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    Memo::new(move |before: Option<&T>| find().or_else(|| before.cloned()).unwrap_or_else(|| first.clone()))
        .into()
}

/// Rows that stay with their things: a thing that changed changes its row, one that moved takes its row along.
pub fn rows<T, V>(
    all: Signal<Vec<T>>,
    key: fn(&T) -> String,
    row: impl Fn(Signal<T>) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let keys = part(all, move |all| all.iter().map(key).collect());
    let one = move |id: String| {
        let find = move || all.with(|all| all.iter().find(|thing| key(thing) == id).cloned());
        untrack(&find).map(|first| row(latest(first, find))).into_any()
    };
    keyed(keys, Arc::new(one))
}

/// The one list for all kinds of things, as a list for each kind weighs much.
fn keyed(keys: Signal<Vec<String>>, row: Arc<dyn Fn(String) -> AnyView + Send + Sync>) -> impl IntoView {
    view! { <For each=move || keys.get() key=String::clone children=move |id| row(id) /> }
}

/// Shows its children while `when` holds, made again each time it begins to; what it shows is of one type, as a type
/// for each place weighs much.
#[component]
pub fn Show(
    /// Whether they are shown.
    #[prop(into)]
    when: Signal<bool>,
    /// Shown instead.
    #[prop(into, optional)]
    fallback: ViewFn,
    /// What is shown.
    children: ChildrenFn,
) -> impl IntoView {
    let when = Memo::new(move |_| when.get());
    move || if when.get() { children() } else { fallback.run() }
}
