//! What just happened, with Undo. It goes after ten seconds, a little later while it is touched or focused, and with the page
//! it is about; what happened on the way to another page stays there for a moment.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use trellis_api_types::Millis;

use super::problem::details;
use crate::i18n::t;
use crate::state::{Toast, state};

/// How long it stays.
const STAYS: Millis = 10_000;
/// How long at most, however long it is touched.
const HELD: Millis = 30_000;
/// How long it stays on the page that one came to with it.
const CARRIED: Millis = 6_000;
/// What is older when the page changes belongs to the page before.
const FRESH: Millis = 1_500;

/// How much longer it stays at this age; nothing if it goes now.
fn stays(age: Millis, held: bool, carried: bool) -> Option<Duration> {
    let most = match (held, carried) {
        (true, _) => HELD,
        (false, true) => CARRIED,
        (false, false) => STAYS,
    };
    let left = u64::try_from(most - age).ok().filter(|left| *left > 0)?;
    Some(Duration::from_millis(left))
}

/// The place where toasts show. A polite live region that is always there.
#[component]
pub fn ToastLine() -> impl IntoView {
    let toast = state().toast;
    let (held, carried) = (RwSignal::new(false), RwSignal::new(None));
    ends(toast, held, carried);
    goes_with_the_page(toast, carried);
    view! {
        <div
            role="status"
            on:mouseenter=move |_| held.set(true)
            on:mouseleave=move |_| held.set(false)
            on:focusin=move |_| held.set(true)
            on:focusout=move |_| held.set(false)
        >
            {move || toast.get().map(one)}
        </div>
    }
}

/// Takes it away when its time is over.
fn ends(toast: RwSignal<Option<Toast>>, held: RwSignal<bool>, carried: RwSignal<Option<Millis>>) {
    Effect::new(move |before: Option<Option<TimeoutHandle>>| {
        before.flatten().iter().for_each(TimeoutHandle::clear);
        let at = toast.with(|toast| toast.as_ref().map(|toast| toast.at))?;
        match stays(now() - at, held.get(), carried.get() == Some(at)) {
            Some(left) => set_timeout_with_handle(move || toast.set(None), left).ok(),
            None => {
                toast.set(None);
                None
            }
        }
    });
}

/// On another page only what has just happened stays.
fn goes_with_the_page(toast: RwSignal<Option<Toast>>, carried: RwSignal<Option<Millis>>) {
    let place = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let here = place.get();
        if before.is_some_and(|before| before != here)
            && let Some(at) = toast.with_untracked(|toast| toast.as_ref().map(|toast| toast.at))
        {
            if now() - at > FRESH { toast.set(None) } else { carried.set(Some(at)) }
        }
        here
    });
}

fn now() -> Millis {
    chrono::Utc::now().timestamp_millis()
}

fn one(toast: Toast) -> impl IntoView {
    let state = state();
    let undo = toast.undo.map(|id| {
        let take_back = move |_| state.undo(id.clone());
        view! { <button id="undo" class="btn" type="button" on:click=take_back>{t::common::undo()}</button> }
    });
    view! {
        <div class="toast">
            <span>{toast.text}</span>
            {toast.problem.map(|problem| details(&problem))}
            {undo}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::{CARRIED, Duration, HELD, STAYS, stays};

    #[test]
    fn it_goes_on_its_time_also_under_the_pointer() {
        assert_eq!(stays(0, false, false), Some(Duration::from_secs(10)));
        assert_eq!(stays(STAYS, false, false), None);
        assert_eq!(stays(STAYS, true, false), Some(Duration::from_secs(20)));
        assert_eq!(stays(HELD, true, true), None);
    }

    #[test]
    fn on_another_page_it_is_short() {
        assert_eq!(stays(1_000, false, true), Some(Duration::from_secs(5)));
        assert_eq!(stays(CARRIED, false, true), None);
    }
}
