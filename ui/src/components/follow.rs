//! Following what is stored: elements stay, with focus and scroll; only what differs is changed.

use std::hash::Hash;

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
pub fn rows<T, K, V>(
    all: Signal<Vec<T>>,
    key: fn(&T) -> K,
    row: impl Fn(Signal<T>) -> V + Clone + Send + 'static,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    K: Eq + Hash + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let one = move |first: T| {
        let id = key(&first);
        let find = move || all.with(|all| all.iter().find(|thing| key(thing) == id).cloned());
        row(latest(first, find))
    };
    view! { <For each=move || all.get() key=key children=one /> }
}
