//! What an invitation says, before anything is sent.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::joining::{JoinAsk, Terms};
use trellis_api_types::limits::NAME;
use trellis_api_types::people::SpaceKind;
use trellis_api_types::sharing::GoalChoice;
use trellis_api_types::{ApiError, Id};

use super::drop_button;
use crate::components::{Field, FormProblem, SaveButton, StepHeading};
use crate::pages::people::names::{field_words, role_words};
use crate::state::state;
use crate::{fmt, i18n::t, ipc};

#[component]
pub fn Offered(
    id: Id,
    terms: Terms,
    /// The server that comes with it.
    server: Option<String>,
) -> impl IntoView {
    view! {
        <StepHeading title=title(&terms) lead=t::join::before() />
        <dl class="panel terms">{facts(&terms).into_iter().map(fact).collect_view()}</dl>
        <Ask id server />
    }
}

/// Who invites to what.
fn title(terms: &Terms) -> String {
    match terms.kind {
        SpaceKind::Group if !terms.name.is_empty() => t::join::to_group(&terms.inviter, &terms.name),
        _ => t::join::to_pair(&terms.inviter),
    }
}

type Fact = (&'static str, String, Option<&'static str>);

/// Question, answer, and a line under it.
fn facts(terms: &Terms) -> Vec<Fact> {
    let see = match terms.kind {
        SpaceKind::Pair => t::join::you_see_pair(&terms.inviter),
        SpaceKind::Group => t::join::you_see_group().to_owned(),
    };
    let purpose = terms.purpose.trim();
    let why = (!purpose.is_empty()).then(|| (t::join::why(), format!("“{purpose}”"), None));
    let first = [
        (t::join::you_are(), role_words(terms.role).to_owned(), None),
        (t::join::you_see(), see, None),
        asked(terms),
    ];
    let until = (t::join::until(), fmt::date_of(terms.expires_at), None);
    first.into_iter().chain(why).chain([until]).collect()
}

fn asked(terms: &Terms) -> Fact {
    let goals = (terms.goals != GoalChoice::None).then(t::invite::goals);
    let names: Vec<_> = terms.fields.iter().map(|field| field_words(*field)).chain(goals).collect();
    if names.is_empty() {
        return (t::join::asked(), t::join::asked_nothing().to_owned(), None);
    }
    (t::join::asked(), names.join(", "), Some(t::join::asked_note()))
}

fn fact((question, answer, note): Fact) -> impl IntoView {
    view! {
        <div>
            <dt class="hint">{question}</dt>
            <dd>{answer}</dd>
            {note.map(|note| view! { <dd class="second">{note}</dd> })}
        </div>
    }
}

#[component]
fn Ask(id: Id, server: Option<String>) -> impl IntoView {
    let state = state();
    let name = RwSignal::new(
        state.settings.with_untracked(|s| s.as_ref().map(|s| s.name.clone())).unwrap_or_default(),
    );
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<ApiError>);
    let join = id.clone();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = name.get_untracked().trim().to_owned();
        error.set(typed.is_empty().then(|| t::errors::empty_text().to_owned()));
        if typed.is_empty() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        let ask = JoinAsk { id: join.clone(), name: typed };
        spawn_local(async move {
            match ipc::call(ask).await {
                Ok(()) => {
                    state.data_changed();
                    state.say(t::join::said_asked(), None);
                }
                Err(refused) => drop(problem.try_set(Some(refused))),
            }
            busy.try_set(false);
        });
    };
    view! {
        <form class="block asks-close" novalidate on:submit=submit>
            <Field id="my-name" label=t::join::your_name() hint=t::join::your_name_hint() value=name error max=NAME />
            {server.map(|host| view! { <p class="second server-note">{t::join::server_note(host)}</p> })}
            <FormProblem problem />
            <div class="acts even">
                <SaveButton id="ask" words=t::join::ask() busy />
                {drop_button(id, t::join::not_now())}
            </div>
        </form>
    }
}
