//! What this person shares in a space: the plain sentence first, then what changes it, then what was sent.

mod choices;
mod form;
mod item;
mod law;
mod others;
mod sent;
mod sentence;
mod sign;
mod span;
mod stands;
mod versions;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use trellis_api_types::Id;
use trellis_api_types::people::{Person, Space, SpaceGet, SpaceKind};
use trellis_api_types::plan::{Goal, Plan, PlanGet};
use trellis_api_types::sharing::{Sharing as Stored, SharingGet};

use crate::components::{Page, Show, TopBar, avatar, part, shown};
use crate::i18n::t;
use crate::state::{Load, load};
use choices::{FromCheckIns, FromPlan};
use form::Form;
use law::Law;
use others::Others;
use sent::Now;
use sign::Sign;
use span::Span;
use stands::{PlainSentence, Stands};
use versions::Versions;

pub(super) use item::item;
pub(super) use others::called;
pub(super) use sentence::{Reader, listed, thing};
pub(super) use versions::{folded, said};

/// `/people/{space}/sharing`.
#[component]
pub fn Sharing() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("space").unwrap_or_default()));
    let space = load(move || SpaceGet { space: id.get() });
    let sharing = load(move || SharingGet { space: id.get() });
    let plan = load(|| PlanGet {});
    view! {
        <Page title=t::sharing::page().to_owned() class="sharing">
            {move || view! { <TopBar back=format!("/people/{}", id.get()) /> }}
            {shown(space, move |space| shown(sharing, move |sharing| whole(space, sharing, plan)))}
        </Page>
    }
}

/// Everyone but this person.
fn others_in(space: &Space) -> Vec<Person> {
    space.row.people.iter().filter(|person| !person.me).cloned().collect()
}

/// Whom the sentences name: the other of a pair, or the group.
fn reader(space: &Space) -> Reader {
    match space.row.kind {
        SpaceKind::Group => Reader::Group(space.row.name.clone()),
        SpaceKind::Pair => {
            let other = others_in(space).first().map(called);
            Reader::One(other.unwrap_or_else(|| t::sharing::someone().to_owned()))
        }
    }
}

fn name(reader: &Reader) -> String {
    match reader {
        Reader::One(name) | Reader::Group(name) | Reader::Me(name) => name.clone(),
    }
}

fn whole(space: Signal<Space>, sharing: Signal<Stored>, plan: Load<Plan>) -> impl IntoView {
    let reader = part(space, reader);
    let goals = Memo::new(move |_| {
        plan.with(|plan| plan.as_ref()?.as_ref().ok().map(|plan| plan.goals.clone())).unwrap_or_default()
    });
    let form = Form::new(&sharing.with_untracked(|sharing| sharing.draft.clone()));
    begin_anew(form, sharing);
    let stands = Memo::new(move |_| sharing.with(|sharing| Stands::of(sharing, form)));
    let ended = || view! { <p class="second">{t::sharing::ended()}</p> };
    view! {
        {heading(space, reader)}
        <Show when=move || !space.with(|space| space.row.ended) fallback=ended>
            <PlainSentence form stands reader goals=goals.into() />
        </Show>
        {columns(space, sharing, reader, goals.into(), form, stands)}
    }
}

/// What is chosen begins again when another version is in force: it was just signed or stopped, here or on another device.
fn begin_anew(form: Form, sharing: Signal<Stored>) {
    let stands = part(sharing, |sharing| sharing.versions.iter().find(|v| v.stands).map(|v| v.id.clone()));
    Effect::new(move |before: Option<Option<Id>>| {
        let now = stands.get();
        if before.is_some_and(|before| before != now) {
            form.fill(&sharing.with_untracked(|sharing| sharing.draft.clone()));
        }
        now
    });
}

fn heading(space: Signal<Space>, reader: Signal<Reader>) -> impl IntoView {
    let seed = space.with_untracked(|space| space.row.id.clone());
    let letter = move || avatar(&seed, &name(&reader.get()));
    let title = move || match reader.get() {
        Reader::One(name) | Reader::Me(name) => t::sharing::title_one(name),
        Reader::Group(_) => t::sharing::title_group().to_owned(),
    };
    let group = move || match reader.get() {
        Reader::Group(name) => Some(view! { <p>{name}</p> }),
        Reader::One(_) | Reader::Me(_) => None,
    };
    view! { <div class="title who">{letter}<div><h1>{title}</h1>{group}</div></div> }
}

fn columns(
    space: Signal<Space>,
    sharing: Signal<Stored>,
    reader: Signal<Reader>,
    goals: Signal<Vec<Goal>>,
    form: Form,
    stands: Memo<Stands>,
) -> impl IntoView {
    let id = space.with_untracked(|space| space.row.id.clone());
    let asked = part(sharing, |sharing| sharing.asked.clone());
    let open = part(space, |space| !space.row.ended);
    let who = part(reader, name);
    let now = part(reader, |reader| match reader {
        Reader::One(name) | Reader::Me(name) => t::sharing::now_one(name),
        Reader::Group(_) => t::sharing::now_group().to_owned(),
    });
    let sign = {
        let id = id.clone();
        move || view! { <Sign space=id.clone() who sharing form stands /> }.into_any()
    };
    view! {
        <div class="cols">
            <div>
                <Show when=open>
                    <FromCheckIns form asked />
                    <FromPlan form asked goals />
                    <Span form />
                    <Law form />
                </Show>
            </div>
            <div>
                <Show when=open>{sign()}</Show>
                <Now title=now sharing />
                <Versions space=id.clone() reader versions=part(sharing, |sharing| sharing.versions.clone()) goals />
                <Others space=id people=part(space, others_in) others=part(sharing, |sharing| sharing.others.clone()) />
            </div>
        </div>
    }
}
