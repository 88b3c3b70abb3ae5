//! The frame of a place: title, width, and what is shown while it loads.

use leptos::prelude::*;
use trellis_api_types::{ApiError, Id};

use super::{Problem, latest};
use crate::state::{Load, state};

/// A place beside the navigation. Its first heading is an `h1`.
#[component]
pub fn Page(
    /// Title of the document.
    #[prop(into)]
    title: Signal<String>,
    /// One narrow column.
    #[prop(optional)]
    narrow: bool,
    /// A class of one's own.
    #[prop(default = "")]
    class: &'static str,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    name_document(title);
    let width = if narrow { "narrow" } else { "" };
    view! { <div class=format!("page-in {width} {class}")>{children()}</div> }
}

/// A place without navigation: start, lock, trouble.
#[component]
pub fn DoorPage(
    /// Title of the document.
    #[prop(into)]
    title: Signal<String>,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    name_document(title);
    view! { <main id="main" class="door" tabindex="-1">{children()}</main> }
}

/// "Place · Trellis" in the window's title: neutral words only.
pub fn name_document(title: Signal<String>) {
    Effect::new(move || document().set_title(&format!("{} · Trellis", title.get())));
}

/// How a loading stands.
#[derive(Clone, PartialEq)]
enum Stands {
    Waiting,
    Here,
    Refused(ApiError),
}

impl Stands {
    fn of<T>(loaded: &Option<Result<T, ApiError>>) -> Self {
        match loaded {
            None => Self::Waiting,
            Some(Ok(_)) => Self::Here,
            Some(Err(problem)) => Self::Refused(problem.clone()),
        }
    }
}

/// What was loaded, or why not; nothing while waiting. The view is made once and follows what is loaded later.
pub fn shown<T, V>(loaded: Load<T>, view: impl Fn(Signal<T>) -> V + Send + 'static) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let state = state();
    let stands = Memo::new(move |_| loaded.with(Stands::of));
    move || match stands.get() {
        Stands::Waiting => ().into_any(),
        Stands::Here => {
            let now = move || loaded.get().and_then(Result::ok);
            untrack(now).map(|first| view(latest(first, now))).into_any()
        }
        Stands::Refused(problem) => {
            view! { <Problem problem again=Callback::new(move |()| state.data_changed()) /> }.into_any()
        }
    }
}

/// A new name for a stored thing.
pub fn new_id() -> Id {
    uuid::Uuid::now_v7().to_string()
}
