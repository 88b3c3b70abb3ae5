//! A new group or pair: two touches, a name, and then whom to invite.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use trellis_api_types::limits::NAME;
use trellis_api_types::people::{People, PeopleGet, Role, SpaceKind, SpaceMake};
use trellis_api_types::{ApiError, Id};

use crate::components::{
    Field, FormProblem, Icon, OptionCard, Page, SaveButton, Show, TopBar, icon, new_id, shown,
};
use crate::i18n::t;
use crate::ipc;
use crate::state::{load_once, state};

/// The page.
#[component]
pub fn NewSpace() -> impl IntoView {
    let people = load_once(|| PeopleGet {});
    view! {
        <Page title=t::people::new() narrow=true>
            <TopBar back="/people" />
            <div class="title">
                <h1>{t::people::new()}</h1>
                <p>{t::people::new_lead()}</p>
            </div>
            {shown(people, |people| view! { <Form draft=Draft::new(&people.get_untracked()) /> })}
        </Page>
    }
}

/// What is chosen and typed.
#[derive(Clone, Copy)]
struct Draft {
    id: StoredValue<Id>,
    kind: RwSignal<Option<SpaceKind>>,
    role: RwSignal<Option<Role>>,
    name: RwSignal<String>,
    my_name: RwSignal<String>,
    tried: RwSignal<bool>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<ApiError>>,
}

impl Draft {
    fn new(people: &People) -> Self {
        Self {
            id: StoredValue::new(new_id()),
            kind: RwSignal::new(None),
            role: RwSignal::new(None),
            name: RwSignal::new(String::new()),
            my_name: RwSignal::new(people.my_name.clone()),
            tried: RwSignal::new(false),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
        }
    }

    fn group(self) -> bool {
        self.kind.get() == Some(SpaceKind::Group)
    }

    /// What is made, once everything is there.
    fn whole(self) -> Option<SpaceMake> {
        let trimmed = |value: RwSignal<String>| value.with_untracked(|value| value.trim().to_owned());
        let (kind, role) = self.kind.get_untracked().zip(self.role.get_untracked())?;
        let name = if kind == SpaceKind::Group { trimmed(self.name) } else { String::new() };
        let my_name = trimmed(self.my_name);
        let named = kind == SpaceKind::Pair || !name.is_empty();
        (named && !my_name.is_empty()).then(|| SpaceMake {
            id: self.id.get_value(),
            kind,
            name,
            role,
            my_name,
        })
    }

    fn missing(self, value: RwSignal<String>) -> Signal<Option<String>> {
        let empty = move || self.tried.get() && value.with(|value| value.trim().is_empty());
        Signal::derive(move || empty().then(|| t::errors::empty_text().to_owned()))
    }
}

#[component]
fn Form(draft: Draft) -> impl IntoView {
    let (state, go) = (state(), use_navigate());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        draft.tried.set(true);
        let Some(make) = draft.whole().filter(|_| !draft.busy.get_untracked()) else { return };
        draft.busy.set(true);
        let go = go.clone();
        spawn_local(async move {
            match ipc::call(make).await {
                Ok(space) => {
                    state.data_changed();
                    state.say(t::people::made(), None);
                    go(&format!("/people/{space}/invite"), Default::default());
                }
                Err(problem) => draft.problem.set(Some(problem)),
            }
            draft.busy.try_set(false);
        });
    };
    let group_name = move || view! { <Field id="group-name" label=t::people::group_name() hint=t::people::group_name_hint() value=draft.name error=draft.missing(draft.name) max=NAME /> };
    view! {
        <form class="asks" novalidate on:submit=submit>
            {kinds(draft)}
            <Show when=move || draft.kind.get().is_some()>{roles(draft)}</Show>
            <Show when=move || draft.group()>{group_name()}</Show>
            <Field id="my-name" label=t::people::my_name() hint=t::people::my_name_hint() value=draft.my_name error=draft.missing(draft.my_name) max=NAME />
            <FormProblem problem=draft.problem />
            <SaveButton id="make" words=t::people::make() busy=draft.busy />
        </form>
    }
}

fn kinds(draft: Draft) -> impl IntoView {
    let card = move |kind: SpaceKind, mark: Icon, name: &'static str, sub: &'static str| {
        let choose = move || {
            draft.kind.set(Some(kind));
            draft.role.set(None);
        };
        option("kind", Signal::derive(move || draft.kind.get() == Some(kind)), choose, mark, name, sub)
    };
    view! {
        <fieldset>
            <legend class="legend">{t::people::kind()}</legend>
            <div class="opts">
                {card(SpaceKind::Pair, Icon::USERS, t::people::kind_pair(), t::people::kind_pair_sub())}
                {card(SpaceKind::Group, Icon::USERS_THREE, t::people::kind_group(), t::people::kind_group_sub())}
            </div>
            {missing(draft, move || draft.kind.get().is_none(), t::people::choose_kind())}
        </fieldset>
    }
}

fn roles(draft: Draft) -> impl IntoView {
    let (title, roles) = if draft.group() {
        (t::people::role_group(), group_roles())
    } else {
        (t::people::role(), pair_roles())
    };
    let card = move |(role, mark, name, sub): RoleCard| {
        let checked = Signal::derive(move || draft.role.get() == Some(role));
        option("role", checked, move || draft.role.set(Some(role)), mark, name, sub)
    };
    view! {
        <fieldset>
            <legend class="legend">{title}</legend>
            <div class="opts">{roles.into_iter().map(card).collect_view()}</div>
            {missing(draft, move || draft.role.get().is_none(), t::people::choose_role())}
        </fieldset>
    }
}

type RoleCard = (Role, Icon, &'static str, &'static str);

/// The role is this person's; the words say who the other one is.
fn pair_roles() -> Vec<RoleCard> {
    vec![
        (Role::Peer, Icon::HEART, t::people::as_peer(), t::people::as_peer_sub()),
        (Role::Sponsee, Icon::COMPASS, t::people::as_sponsee(), t::people::as_sponsee_sub()),
        (Role::Sponsor, Icon::HANDSHAKE, t::people::as_sponsor(), t::people::as_sponsor_sub()),
        (Role::Participant, Icon::PATH, t::people::as_participant(), t::people::as_participant_sub()),
        (Role::Coach, Icon::CLIPBOARD_TEXT, t::people::as_coach(), t::people::as_coach_sub()),
    ]
}

fn group_roles() -> Vec<RoleCard> {
    vec![
        (Role::Peer, Icon::USERS, t::people::in_peer(), t::people::in_peer_sub()),
        (Role::Facilitator, Icon::CHATS_CIRCLE, t::people::in_facilitator(), t::people::in_facilitator_sub()),
    ]
}

fn option(
    group: &'static str,
    checked: Signal<bool>,
    choose: impl Fn() + 'static,
    mark: Icon,
    name: &'static str,
    sub: &'static str,
) -> AnyView {
    view! {
        <OptionCard group checked on_choose=choose>
            <span class="mark">{icon(mark)}</span>
            <span class="ob"><strong>{name}</strong><span class="sub">{sub}</span></span>
        </OptionCard>
    }
    .into_any()
}

/// Said when the form was sent without it.
fn missing(
    draft: Draft,
    is: impl Fn() -> bool + Send + Sync + 'static,
    words: &'static str,
) -> impl IntoView {
    let said = move || view! { <p class="error">{icon(Icon::WARNING_CIRCLE)}<span>{words}</span></p> };
    view! { <div role="alert"><Show when=move || draft.tried.get() && is()>{said()}</Show></div> }
}
