//! A check-in: a new one for now or a past day, or one to change.

mod answers;
mod care;
mod draft;
mod form;
mod seen;
mod when;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use trellis_api_types::checkin::{CheckInGet, Use};

use crate::components::{KeptLine, Page, TopBar, shown};
use crate::state::{keep_draft, load_once};
use crate::{fmt, i18n::t};
use draft::Draft;
use form::Form;

/// Which check-in the place is about: `/checkin`, `/checkin/:id` or `/day/:date/add`. With `?returned` the person
/// came to write down a return to use.
#[component]
pub fn CheckInPage() -> impl IntoView {
    let params = use_params_map().get_untracked();
    if let Some(id) = params.get("id") {
        let checkin = load_once(move || CheckInGet { id: id.clone() });
        return shown(checkin, |checkin| {
            let checkin = checkin.get_untracked();
            let back = format!("/day/{}", checkin.date);
            view! { <Framed draft=Draft::of(checkin, false) back returned=false /> }
        })
        .into_any();
    }
    let draft = match params.get("date").and_then(|date| date.parse().ok()) {
        Some(date) if date < fmt::today() => Draft::of(draft::blank(date), true),
        _ => Draft::of(draft::blank(fmt::today()), true),
    };
    let returned = use_query_map().with_untracked(|query| query.get("returned").is_some());
    if returned {
        draft.used.set(Some(Use::Used));
    }
    let back = params.get("date").map_or_else(|| "/".to_owned(), |date| format!("/day/{date}"));
    view! { <Framed draft back returned /> }.into_any()
}

#[component]
fn Framed(draft: Draft, back: String, returned: bool) -> impl IntoView {
    let form = draft::form(draft);
    let kept = keep_draft(
        form.clone(),
        move || Some(draft.answers()),
        move |answers| {
            draft.fill(answers);
            if returned {
                draft.used.set(Some(Use::Used));
            }
        },
    );
    let title = if draft.new { t::checkin::title() } else { t::checkin::title_edit() };
    let leave = back.clone();
    view! {
        <Page title=title narrow=true class="checkin">
            <TopBar back=back close=true help=true />
            <div class="title">
                <h1>{title}</h1>
                <when::When draft />
            </div>
            <KeptLine kept />
            <Form draft leave form />
        </Page>
    }
}
