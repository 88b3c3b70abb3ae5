//! What the newcomer is to be, what they are asked to share, and how long the code is good.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::joining::InviteMake;
use trellis_api_types::limits::TEXT;
use trellis_api_types::people::{Role, Space, SpaceKind};
use trellis_api_types::sharing::{Field as Shared, GoalChoice};
use trellis_api_types::{ApiError, Id};

use crate::components::{Area, FormProblem, SaveButton, Seg, SwitchRow, new_id};
use crate::i18n::t;
use crate::ipc;
use crate::pages::people::names::{field_words, role_words};
use crate::state::{State, state};

/// What is chosen and typed.
#[derive(Clone, Copy)]
struct Draft {
    space: StoredValue<Id>,
    group: bool,
    role: RwSignal<Role>,
    fields: RwSignal<Vec<Shared>>,
    goals: RwSignal<bool>,
    purpose: RwSignal<String>,
    single: RwSignal<bool>,
    days: RwSignal<u32>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<ApiError>>,
}

impl Draft {
    fn new(space: &Space) -> Self {
        let mine = space.row.people.iter().find(|person| person.me).map(|person| person.role);
        let group = space.row.kind == SpaceKind::Group;
        Self {
            space: StoredValue::new(space.row.id.clone()),
            group,
            role: RwSignal::new(mine.map_or(Role::Peer, |mine| across(mine, group))),
            fields: RwSignal::new(vec![]),
            goals: RwSignal::new(false),
            purpose: RwSignal::new(String::new()),
            single: RwSignal::new(true),
            days: RwSignal::new(7),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
        }
    }

    fn make(self) -> InviteMake {
        InviteMake {
            id: new_id(),
            space: self.space.get_value(),
            role: self.role.get_untracked(),
            fields: self.fields.get_untracked(),
            goals: if self.goals.get_untracked() { GoalChoice::All } else { GoalChoice::None },
            purpose: self.purpose.get_untracked().trim().to_owned(),
            single: self.single.get_untracked(),
            days: self.days.get_untracked(),
        }
    }

    async fn save(self, state: State, making: RwSignal<bool>) {
        match ipc::call(self.make()).await {
            Ok(_) => {
                state.data_changed();
                state.say(t::invite::said_made(), None);
                making.try_set(false);
            }
            Err(problem) => drop(self.problem.try_set(Some(problem))),
        }
        self.busy.try_set(false);
    }
}

/// What the other one is, seen from this person's role.
fn across(mine: Role, group: bool) -> Role {
    match mine {
        _ if group => Role::Peer,
        Role::Sponsor => Role::Sponsee,
        Role::Sponsee => Role::Sponsor,
        Role::Coach => Role::Participant,
        Role::Participant => Role::Coach,
        Role::Peer | Role::Facilitator => Role::Peer,
    }
}

/// The form.
#[component]
pub fn Form(space: Signal<Space>, making: RwSignal<bool>) -> impl IntoView {
    let (state, draft) = (state(), space.with_untracked(Draft::new));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !draft.busy.get_untracked() {
            draft.busy.set(true);
            spawn_local(draft.save(state, making));
        }
    };
    view! {
        <form class="panel asks-close" novalidate on:submit=submit>
            {roles(draft)}
            {draft.group.then(|| who(draft))}
            {days(draft)}
            <Area id="purpose" label=t::invite::purpose() hint=t::invite::purpose_hint() value=draft.purpose rows=2 max=TEXT />
            {share(draft)}
            <FormProblem problem=draft.problem />
            <SaveButton id="invite" words=t::invite::make() busy=draft.busy />
        </form>
    }
}

fn roles(draft: Draft) -> AnyView {
    if !draft.group {
        return view! { <p><strong>{t::invite::as_role(role_words(draft.role.get_untracked()))}</strong></p> }.into_any();
    }
    let options =
        [Role::Peer, Role::Participant, Role::Coach, Role::Facilitator].map(|role| (role, role_words(role)));
    view! {
        <fieldset class="two-by-two">
            <legend class="field-name">{t::invite::come_as()}</legend>
            <Seg name="as" options=options.to_vec() value=Signal::derive(move || Some(draft.role.get())) on_change=move |role| draft.role.set(role) />
        </fieldset>
    }
    .into_any()
}

fn who(draft: Draft) -> AnyView {
    let options = vec![(true, t::invite::who_one()), (false, t::invite::who_all())];
    view! {
        <fieldset>
            <legend class="field-name">{t::invite::who()}</legend>
            <Seg name="who" options value=Signal::derive(move || Some(draft.single.get())) on_change=move |one| draft.single.set(one) />
        </fieldset>
    }
    .into_any()
}

fn days(draft: Draft) -> AnyView {
    let one = move |days: u32| {
        view! { <option value=days.to_string() prop:selected=move || draft.days.get() == days>{t::invite::days_of(days as usize)}</option> }
    };
    let choose = move |event| draft.days.set(event_target_value(&event).parse().unwrap_or(7));
    view! {
        <div class="field">
            <label for="days">{t::invite::days()}</label>
            <select class="input" id="days" on:change=choose>{[1, 3, 7, 14, 30].map(one).into_iter().collect_view()}</select>
        </div>
    }
    .into_any()
}

/// What the newcomer is asked for; all off, and folded away.
fn share(draft: Draft) -> AnyView {
    let one = move |field: Shared| {
        let turn = move |on: bool| {
            draft.fields.update(|fields| {
                fields.retain(|other| *other != field);
                fields.extend(on.then_some(field));
                fields.sort();
            });
        };
        view! { <SwitchRow id=switch_id(field) name=field_words(field) checked=Signal::derive(move || draft.fields.with(|fields| fields.contains(&field))) on_change=turn /> }
    };
    view! {
        <details class="more">
            <summary id="ask-more">{t::invite::ask_share()}</summary>
            <p class="hint">{t::invite::ask_share_hint()}</p>
            <div class="switches">
                {Shared::ALL.map(one).into_iter().collect_view()}
                <SwitchRow id="ask-goals" name=t::invite::goals() checked=draft.goals on_change=move |on| draft.goals.set(on) />
            </div>
        </details>
    }
    .into_any()
}

fn switch_id(field: Shared) -> &'static str {
    match field {
        Shared::Mood => "ask-mood",
        Shared::Urge => "ask-urge",
        Shared::Halt => "ask-halt",
        Shared::Use => "ask-use",
        Shared::Medication => "ask-medication",
        Shared::Note => "ask-note",
        Shared::Meetings => "ask-meetings",
        Shared::Milestones => "ask-milestones",
    }
}
