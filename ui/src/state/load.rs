//! Loading what a screen shows, again whenever stored data changed.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::{ApiError, Command};

use super::{Turn, put, state};
use crate::ipc;

/// What was loaded: nothing yet, an answer, or why not.
pub type Load<T> = RwSignal<Option<Result<T, ApiError>>>;

/// Loads now and after each change of stored data. The old answer stays until the new one is here.
pub fn load<C>(make: impl Fn() -> C + 'static) -> Load<C::Out>
where
    C: Command + 'static,
    C::Out: PartialEq + Send + Sync + 'static,
{
    load_when(move || Some(make()))
}

/// As [`load`], but nothing is asked while `make` gives nothing. Signals read in `make` are followed.
pub fn load_when<C>(make: impl Fn() -> Option<C> + 'static) -> Load<C::Out>
where
    C: Command + 'static,
    C::Out: PartialEq + Send + Sync + 'static,
{
    let loaded = RwSignal::new(None);
    fill(loaded, make);
    loaded
}

/// As [`load`], for what is typed over: asked until there is an answer, and then no more.
pub fn load_once<C>(make: impl Fn() -> C + 'static) -> Load<C::Out>
where
    C: Command + 'static,
    C::Out: PartialEq + Send + Sync + 'static,
{
    let loaded = RwSignal::new(None);
    let there = move || loaded.with_untracked(|loaded| matches!(loaded, Some(Ok(_))));
    fill(loaded, move || (!there()).then(&make));
    loaded
}

fn fill<C>(loaded: Load<C::Out>, make: impl Fn() -> Option<C> + 'static)
where
    C: Command + 'static,
    C::Out: PartialEq + Send + Sync + 'static,
{
    let state = state();
    let turn = Turn::new();
    Effect::new(move || {
        state.data.track();
        let Some(command) = make() else { return };
        let last = turn.next();
        spawn_local(async move {
            let answer = ipc::call(command).await;
            if last() {
                put(loaded, Some(answer));
            }
        });
    });
}
