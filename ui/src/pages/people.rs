//! People: the spaces that are shared with others, and what waits for an answer.

pub mod agreement;
pub mod help_call;
pub mod invite;
pub mod join;
mod lists;
pub mod members;
pub mod names;
pub mod need;
pub mod new;
pub mod person_sheet;
mod place;
pub mod space;

use leptos::prelude::*;
use trellis_api_types::people::{People as Shown, PeopleGet};
use trellis_api_types::settings::Aim;

use crate::components::{Banner, Empty, Icon, Page, Show, TopBar, icon, part, shown};
use crate::i18n::t;
use crate::state::{State, load, state};

/// The page.
#[component]
pub fn People() -> impl IntoView {
    let people = load(|| PeopleGet {});
    view! {
        <Page title=t::people::title()>
            <TopBar />
            <div class="title">
                <h1>{t::people::title()}</h1>
                <p>{t::people::lead()}</p>
            </div>
            {shown(people, body)}
        </Page>
    }
}

fn body(people: Signal<Shown>) -> impl IntoView {
    let relay = part(people, |people| people.relay);
    let state = state();
    let coaches = part(people, |people| people.coaches);
    let caseload = Signal::derive(move || coaches.get() || coaches_here(state));
    let none = part(people, |people| people.spaces.is_empty() && people.joining.is_empty());
    view! {
        <Show when=move || !relay.get()>{no_relay()}</Show>
        <div class="cols">
            <div>
                {lists::now(people)}
                <Show when=move || none.get() fallback=move || lists::spaces(people)>
                    {empty()}
                </Show>
            </div>
            <div>
                {lists::caseload(caseload)}
                {ways(none)}
            </div>
        </div>
    }
    .into_any()
}

/// Who said that they coach has their list at hand before the first person is in it.
fn coaches_here(state: State) -> bool {
    state.settings.with(|settings| settings.as_ref().is_some_and(|it| it.aims.contains(&Aim::Coach)))
}

fn no_relay() -> impl IntoView {
    view! {
        <section class="block" aria-label=t::people::no_relay()>
            <Banner
                mark=Icon::CLOUD_SLASH
                title=t::people::no_relay()
                text=t::people::no_relay_text()
                href="/settings/relay"
                action=t::people::no_relay_do()
            />
        </section>
    }
}

fn empty() -> impl IntoView {
    view! {
        <section class="block">
            <div class="panel">
                <Empty title=t::people::empty() text=t::people::empty_text()>
                    <a id="new-space" class="btn main" href="/people/new">{icon(Icon::PLUS_BOLD)}{t::people::new()}</a>
                </Empty>
            </div>
        </section>
    }
}

/// Making a space, and answering an invitation.
fn ways(none: Signal<bool>) -> impl IntoView {
    let new = || view! { <a id="new-space" class="btn main large" href="/people/new">{icon(Icon::PLUS_BOLD)}{t::people::new()}</a> };
    view! {
        <section class="block acts even">
            <Show when=move || !none.get()>{new()}</Show>
            <a id="have-invite" class="btn large" href="/people/join">{t::people::have_invite()}</a>
        </section>
    }
}
