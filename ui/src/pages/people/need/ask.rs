//! Asking: who, perhaps a few words, one large button.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::limits::TEXT;
use trellis_api_types::need::{Need, NeedAsk, NeedKeep};
use trellis_api_types::people::Person;
use trellis_api_types::sync::SyncState;
use trellis_api_types::{ApiError, Id};

use super::{Here, first_call, own_lines};
use crate::components::{Area, Chip, FormProblem, Icon, KeptLine, Show, icon, new_id, part};
use crate::i18n::t;
use crate::ipc;
use crate::pages::people::names::called;
use crate::state::{focus_heading, keep_draft, state};

/// Names the few words while they are not sent.
const DRAFT: &str = "need/words";

/// What is chosen and typed.
#[derive(Clone, Copy)]
struct Draft {
    id: StoredValue<Id>,
    helpers: RwSignal<Vec<Id>>,
    /// Who was chosen so far, as it is stored.
    before: RwSignal<Vec<Id>>,
    text: RwSignal<String>,
    missing: RwSignal<bool>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<ApiError>>,
}

impl Draft {
    fn new(here: Here) -> Self {
        let before = here.need.with_untracked(chosen);
        Self {
            id: StoredValue::new(new_id()),
            helpers: RwSignal::new(before.clone()),
            before: RwSignal::new(before),
            text: RwSignal::new(String::new()),
            missing: RwSignal::new(false),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
        }
    }

    async fn send(self) -> Result<(), ApiError> {
        let text = self.text.get_untracked().trim().to_owned();
        ipc::call(NeedAsk { id: self.id.get_value(), to: self.helpers.get_untracked(), text }).await
    }
}

fn chosen(need: &Need) -> Vec<Id> {
    need.people.iter().filter(|one| one.chosen).map(|one| one.person.account.clone()).collect()
}

/// The first person to call and the number for danger, then the form, then lines; or why nobody can be asked from here.
pub fn ask(here: Here) -> AnyView {
    let alone = part(here.people, Vec::is_empty);
    let cut = offline();
    let title = move || if alone.get() { t::need::alone() } else { t::need::lead() };
    let banner = move || (cut.get() && !alone.get()).then(offline_line);
    view! {
        <div class="title"><h1>{t::need::title()}</h1><p>{title}</p></div>
        {banner}
        {first_call()}
        {move || (!alone.get()).then(|| form(here))}
        {own_lines()}
    }
    .into_any()
}

/// No way to the relay now, as far as is known.
fn offline() -> Memo<bool> {
    let sync = state().sync;
    let cut =
        |state: &SyncState| matches!(state, SyncState::Off | SyncState::Offline | SyncState::Failed { .. });
    Memo::new(move |_| sync.with(|line| line.as_ref().is_some_and(|line| cut(&line.state))))
}

fn offline_line() -> impl IntoView {
    view! { <p class="banner lit">{icon(Icon::CLOUD_SLASH)}<span>{t::need::offline()}</span></p> }
}

fn form(here: Here) -> AnyView {
    let (state, draft) = (state(), Draft::new(here));
    let kept = keep_draft(DRAFT.to_owned(), move || Some(draft.text.get()), move |text| draft.text.set(text));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        draft.missing.set(draft.helpers.with_untracked(Vec::is_empty));
        if draft.missing.get_untracked() || draft.busy.get_untracked() {
            return;
        }
        draft.busy.set(true);
        spawn_local(async move {
            match draft.send().await {
                Ok(()) => {
                    state.draft_stored(DRAFT);
                    state.data_changed();
                    focus_heading();
                }
                Err(problem) => drop(draft.problem.try_set(Some(problem))),
            }
            draft.busy.try_set(false);
        });
    };
    view! {
        <form class="asks-close" novalidate on:submit=submit>
            {who(here, draft)}
            <KeptLine kept />
            <Area id="need-words" label=t::need::words() hint=t::need::words_hint() value=draft.text rows=2 max=TEXT />
            <FormProblem problem=draft.problem />
            <button id="send-help" class="btn lantern large wide" type="submit" aria-disabled=move || draft.busy.get().then_some("true")>
                {icon(Icon::HAND_HEART_BOLD)}{t::need::send()}
            </button>
            <p class="hint">{t::need::not_emergency()}</p>
            {keep(draft)}
        </form>
    }
    .into_any()
}

/// Who is asked can be chosen on a calm day too.
fn keep(draft: Draft) -> impl IntoView {
    let state = state();
    let press = move |_| {
        let keep = NeedKeep { to: draft.helpers.get_untracked() };
        spawn_local(async move {
            if state.act(keep, t::need::said_kept()).await.is_ok() {
                draft.before.try_set(draft.helpers.get_untracked());
            }
        });
    };
    let changed = move || draft.before.with(|before| draft.helpers.with(|helpers| helpers != before));
    view! {
        <Show when=changed>
            <button id="keep-helpers" class="btn plain wide" type="button" on:click=press>{t::need::keep()}</button>
        </Show>
    }
}

fn who(here: Here, draft: Draft) -> AnyView {
    let people = here.people.get_untracked();
    let all: Vec<Id> = people.iter().map(|person| person.account.clone()).collect();
    let several = all.len() > 1;
    let all_button = several.then(|| {
        view! { <button id="everyone" class="btn plain" type="button" on:click=move |_| choose(draft, all.clone())>{t::need::everyone()}</button> }
    });
    let missing =
        move || view! { <p class="error">{icon(Icon::WARNING_CIRCLE)}<span>{t::need::choose()}</span></p> };
    view! {
        <fieldset class="help-from">
            <legend class="field-name">{t::need::who()}</legend>
            <div class="chips">{people.into_iter().map(|person| chip(draft, person)).collect_view()}</div>
            {all_button}
            {several.then(|| view! { <p class="hint">{t::need::who_hint()}</p> })}
            <div role="alert"><Show when=move || draft.missing.get()>{missing()}</Show></div>
        </fieldset>
    }
    .into_any()
}

fn choose(draft: Draft, helpers: Vec<Id>) {
    draft.missing.set(false);
    draft.helpers.set(helpers);
}

fn chip(draft: Draft, person: Person) -> impl IntoView {
    let (account, words) = (person.account.clone(), called(&person));
    let chosen = account.clone();
    let checked = Signal::derive(move || draft.helpers.with(|helpers| helpers.contains(&chosen)));
    let id = format!("helper-{account}");
    let turn = move |on: bool| {
        let mut helpers = draft.helpers.get_untracked();
        helpers.retain(|other| *other != account);
        helpers.extend(on.then(|| account.clone()));
        choose(draft, helpers);
    };
    view! { <Chip id words checked on_change=turn /> }
}
