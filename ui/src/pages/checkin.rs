//! A check-in: a new one for now or a past day, or one to change.

mod answers;
mod draft;
mod form;
mod when;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use trellis_api_types::checkin::CheckInGet;

use crate::components::{Page, TopBar, shown};
use crate::state::{load_when, state};
use crate::{fmt, i18n::t};
pub use draft::Answers;
use draft::Draft;
use form::Form;

/// Which check-in the place is about: `/checkin`, `/checkin/:id` or `/day/:date/add`.
#[component]
pub fn CheckInPage() -> impl IntoView {
    let params = use_params_map().get_untracked();
    let state = state();
    if let Some(id) = params.get("id") {
        let checkin = load_when(move || Some(CheckInGet { id: id.clone() }));
        // Later changes of stored data must not overwrite what is being typed.
        let once = Memo::new(move |old: Option<&Option<_>>| old.cloned().flatten().or_else(|| checkin.get()));
        let loaded = RwSignal::new(None);
        Effect::new(move || loaded.set(once.get()));
        return shown(loaded, |checkin| {
            let back = format!("/day/{}", checkin.date);
            view! { <Framed draft=Draft::of(checkin, false) back /> }
        })
        .into_any();
    }
    let draft = match params.get("date").and_then(|date| date.parse().ok()) {
        Some(date) if date < fmt::today() => Draft::of(draft::blank(date), true),
        _ => Draft::of(state.draft.get_untracked().unwrap_or_else(|| draft::blank(fmt::today())), true),
    };
    let back = params.get("date").map_or_else(|| "/".to_owned(), |date| format!("/day/{date}"));
    view! { <Framed draft back /> }.into_any()
}

#[component]
fn Framed(draft: Draft, back: String) -> impl IntoView {
    let state = state();
    let title = if draft.new { t::checkin::title() } else { t::checkin::title_edit() };
    draft::keep_while_away(state, draft);
    let leave = back.clone();
    view! {
        <Page title=title narrow=true class="checkin">
            <div on:click=move |event| draft::forget_on_close(state, &event)>
                <TopBar back=back close=true help=true />
            </div>
            <div class="title">
                <h1>{title}</h1>
                <when::When draft />
            </div>
            <Form draft leave />
        </Page>
    }
}
