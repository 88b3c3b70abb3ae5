//! "I need someone now": one place that asks people in all pairs and groups, and shows what came back.

mod ask;
mod mine;

use leptos::prelude::*;
use trellis_api_types::need::{Need, NeedGet};
use trellis_api_types::people::Person;
use trellis_api_types::safety::SafetyGet;
use trellis_lines::Place;

use super::person_sheet::{PersonSheet, PersonSheetView};
use crate::components::{Icon, Lines, Page, Show, TopBar, icon, part, shown};
use crate::i18n::t;
use crate::pages::help::calls::Calls;
use crate::pages::way_back;
use crate::state::load;

/// What every part of the page needs.
#[derive(Clone, Copy)]
struct Here {
    need: Signal<Need>,
    people: Signal<Vec<Person>>,
    sheet: PersonSheet,
}

/// The page.
#[component]
pub fn NeedPage() -> impl IntoView {
    let need = load(|| NeedGet {});
    view! {
        <Page title=t::need::title() narrow=true>
            <TopBar back=way_back("/people") />
            {shown(need, whole)}
        </Page>
    }
}

fn whole(need: Signal<Need>) -> AnyView {
    let people = part(need, |need| need.people.iter().map(|one| one.person.clone()).collect::<Vec<_>>());
    let here = Here { need, people, sheet: PersonSheet::default() };
    let sent = part(need, |need| need.call.is_some());
    view! {
        <Show when=move || sent.get() fallback=move || ask::ask(here)>{mine::mine(here)}</Show>
        <PersonSheetView sheet=here.sheet />
    }
    .into_any()
}

/// The first person of the safety plan, and the number for danger: a call or a text comes first.
fn first_call() -> AnyView {
    let plan = load(|| SafetyGet {});
    view! { <section class="block">{shown(plan, |plan| view! { <Calls plan /> })}</section> }.into_any()
}

/// Lines to call, and the way to the safety plan.
fn own_lines() -> AnyView {
    view! {
        <section class="block">
            <Lines place=Place::Urge />
            <div class="acts"><a id="safety-plan" class="btn" href="/help">{icon(Icon::LIFEBUOY)}{t::need::plan()}</a></div>
        </section>
    }
    .into_any()
}
