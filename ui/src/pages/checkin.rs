//! A check-in: a new one for now or a past day, or one to change.

mod answers;
mod draft;
mod form;
mod seen;
mod when;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use trellis_api_types::checkin::{CheckInGet, Use};

use crate::components::{Page, TopBar, shown};
use crate::state::{load_once, state};
use crate::{fmt, i18n::t};
pub use draft::Answers;
use draft::Draft;
use form::Form;

/// Which check-in the place is about: `/checkin`, `/checkin/:id` or `/day/:date/add`. With `?returned` the person
/// came to write down a return to use.
#[component]
pub fn CheckInPage() -> impl IntoView {
    let params = use_params_map().get_untracked();
    let state = state();
    if let Some(id) = params.get("id") {
        let checkin = load_once(move || CheckInGet { id: id.clone() });
        return shown(checkin, |checkin| {
            let checkin = checkin.get_untracked();
            let back = format!("/day/{}", checkin.date);
            view! { <Framed draft=Draft::of(checkin, false) back /> }
        })
        .into_any();
    }
    let draft = match params.get("date").and_then(|date| date.parse().ok()) {
        Some(date) if date < fmt::today() => Draft::of(draft::blank(date), true),
        _ => Draft::of(state.draft.get_untracked().unwrap_or_else(|| draft::blank(fmt::today())), true),
    };
    if use_query_map().with_untracked(|query| query.get("returned").is_some()) {
        draft.used.set(Some(Use::Used));
    }
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
