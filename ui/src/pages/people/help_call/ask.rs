//! Asking: whom, perhaps a few words, one large button.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::circle::{CircleEdit, CircleSave, HelpCall};
use trellis_api_types::people::SpaceKind;
use trellis_api_types::{ApiError, Id};

use super::{Here, offline, own_lines};
use crate::components::{Area, Chip, FormProblem, Icon, Show, icon, new_id, part};
use crate::i18n::t;
use crate::ipc;
use crate::pages::people::place::{others, save};
use crate::state::{focus_heading, state};

/// What is chosen and typed.
#[derive(Clone, Copy)]
struct Draft {
    id: StoredValue<Id>,
    space: StoredValue<Id>,
    helpers: RwSignal<Vec<Id>>,
    /// Whom it goes to so far, as it is stored.
    before: RwSignal<Vec<Id>>,
    text: RwSignal<String>,
    missing: RwSignal<bool>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<ApiError>>,
}

impl Draft {
    fn new(here: Here) -> Self {
        let pair = here.space.with_untracked(|space| space.row.kind == SpaceKind::Pair);
        let before: Vec<Id> =
            if pair { everyone(here) } else { here.space.with_untracked(|space| space.helpers.clone()) };
        Self {
            id: StoredValue::new(new_id()),
            space: here.id,
            helpers: RwSignal::new(before.clone()),
            before: RwSignal::new(before),
            text: RwSignal::new(String::new()),
            missing: RwSignal::new(false),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
        }
    }

    /// Keeps whom it goes to, where that changed, then asks.
    async fn send(self) -> Result<(), ApiError> {
        let (space, helpers) = (self.space.get_value(), self.helpers.get_untracked());
        if self.before.get_untracked() != helpers {
            let edit = CircleEdit::Helpers(helpers);
            ipc::call(CircleSave { space: space.clone(), edit }).await?;
        }
        let text = self.text.get_untracked().trim().to_owned();
        let edit = CircleEdit::AskHelp { id: self.id.get_value(), text };
        ipc::call(CircleSave { space, edit }).await.map(drop)
    }
}

/// The form, or why nothing can be sent from here; folded away under somebody else's call.
pub fn ask(here: Here, theirs: Signal<Vec<HelpCall>>) -> AnyView {
    let first = move || theirs.with(Vec::is_empty);
    let folded = move || {
        view! {
            <details class="more block">
                <summary id="i-need-too">{t::need::title()}</summary>
                {body(here)}
            </details>
        }
    };
    let heading = || view! { <div class="title"><h1>{t::need::title()}</h1><p>{t::need::lead()}</p></div> };
    view! { <Show when=first fallback=folded>{heading()}{body(here)}</Show> }.into_any()
}

/// Without a network the phone comes first.
fn body(here: Here) -> AnyView {
    let alone = part(here.people, |people| people.len() < 2);
    let closed = part(here.space, |space| space.row.ended || space.row.read_only);
    let cut = offline();
    view! {
        {move || cut.get().then(|| view! { <p class="banner lit">{icon(Icon::CLOUD_SLASH)}<span>{t::need::offline()}</span></p> {own_lines()} })}
        {move || match (closed.get(), alone.get()) {
            (true, _) => no_way(t::need::over()),
            (_, true) => no_way(t::need::alone()),
            _ => form(here),
        }}
        {move || (!cut.get()).then(own_lines)}
    }
    .into_any()
}

fn no_way(words: &'static str) -> AnyView {
    view! { <p class="sync">{icon(Icon::INFO)}<span>{words}</span></p> }.into_any()
}

fn form(here: Here) -> AnyView {
    let (state, draft) = (state(), Draft::new(here));
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
                    state.data_changed();
                    state.say(t::need::said_sent(), None);
                    focus_heading();
                }
                Err(problem) => drop(draft.problem.try_set(Some(problem))),
            }
            draft.busy.try_set(false);
        });
    };
    view! {
        <form class="asks-close" novalidate on:submit=submit>
            {whom(here, draft)}
            <Area id="need-words" label=t::need::words() hint=t::need::words_hint() value=draft.text rows=2 max=500 />
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

/// Whom it goes to can be chosen on a calm day too.
fn keep(draft: Draft) -> impl IntoView {
    let state = state();
    let press = move |_| {
        let (space, edit) = (draft.space.get_value(), CircleEdit::Helpers(draft.helpers.get_untracked()));
        spawn_local(async move {
            if save(state, space, edit, t::need::said_kept()).await {
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

fn whom(here: Here, draft: Draft) -> AnyView {
    let others = here.people.with_untracked(|people| others(people));
    let all = everyone(here);
    let several = all.len() > 1;
    let all_button = several.then(|| {
        view! { <button id="everyone" class="btn plain" type="button" on:click=move |_| choose(draft, all.clone())>{t::need::everyone()}</button> }
    });
    let missing =
        move || view! { <p class="error">{icon(Icon::WARNING_CIRCLE)}<span>{t::need::choose()}</span></p> };
    view! {
        <fieldset class="help-from">
            <legend class="field-name">{t::need::who()}</legend>
            <div class="chips">{others.into_iter().map(|(account, name)| chip(draft, account, name)).collect_view()}</div>
            {all_button}
            {several.then(|| view! { <p class="hint">{t::need::who_hint()}</p> })}
            <div role="alert"><Show when=move || draft.missing.get()>{missing()}</Show></div>
        </fieldset>
    }
    .into_any()
}

fn everyone(here: Here) -> Vec<Id> {
    here.people.with_untracked(|people| others(people)).into_iter().map(|(account, _)| account).collect()
}

fn choose(draft: Draft, helpers: Vec<Id>) {
    draft.missing.set(false);
    draft.helpers.set(helpers);
}

fn chip(draft: Draft, account: Id, words: String) -> impl IntoView {
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
