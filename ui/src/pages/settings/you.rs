//! Who one is here: name, a day the recovery began, pathway.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::settings::{Pathway, Settings, SettingsEdit, SettingsSave};

use super::setting;
use crate::components::{
    DayField, DayInput, Field, Icon, PathwayField, SaveButton, Sheet, icon_class, pathway_words,
};
use crate::i18n::t;
use crate::state::{State, state};
use crate::{fmt, ipc};

/// The row, and the sheet that changes it.
#[component]
pub fn You() -> impl IntoView {
    let open = RwSignal::new(false);
    let name = setting(|settings| settings.name.clone());
    let pathway = setting(|settings| settings.pathway);
    let began = setting(|settings| settings.recovery_start);
    let shown_name = move || Some(name.get()).filter(|name| !name.is_empty());
    let initial =
        move || shown_name().and_then(|name| name.chars().next()).map(|c| c.to_uppercase().to_string());
    let sub = move || {
        let since = began.get().map(|day| t::settings::since(fmt::date(day))).unwrap_or_default();
        format!("{}. {since}", pathway_words(pathway.get()))
    };
    view! {
        <section class="block">
            <div class="list">
                <button id="you" class="row me" type="button" aria-haspopup="dialog" on:click=move |_| open.set(true)>
                    <span class="avatar leaf big" aria-hidden="true">
                        {move || initial().map_or_else(|| icon_class(Icon::USER, "icon").into_any(), IntoAny::into_any)}
                    </span>
                    <span class="body">
                        <span class="name big-n">{move || shown_name().unwrap_or_else(|| t::settings::no_name().to_owned())}</span>
                        <span class="sub">{sub}</span>
                    </span>
                    {icon_class(Icon::CARET_RIGHT_BOLD, "icon go")}
                </button>
            </div>
            <Sheet open title=t::settings::edit_you().to_owned()>
                <Form open />
            </Sheet>
        </section>
    }
}

#[component]
fn Form(open: RwSignal<bool>) -> impl IntoView {
    let state = state();
    let before = state.settings.get_untracked();
    let name = RwSignal::new(before.as_ref().map(|s| s.name.clone()).unwrap_or_default());
    let pathway = RwSignal::new(before.as_ref().map(|s| s.pathway).unwrap_or_default());
    let began = DayInput::new(before.as_ref().and_then(|s| s.recovery_start));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Ok(day) = began.finish(fmt::today()) else { return };
        let edits = state.settings.with_untracked(|now| {
            now.as_ref()
                .map(|now| edits(now, name.get_untracked().trim(), pathway.get_untracked(), day))
                .unwrap_or_default()
        });
        spawn_local(save(state, edits, open));
    };
    view! {
        <form class="asks-close" novalidate on:submit=submit>
            <Field id="name" label=t::settings::name() hint=t::settings::name_hint() value=name max=60 />
            <PathwayField value=pathway hint=t::settings::pathway_hint() />
            <DayField id="began" label=t::settings::began() hint=t::settings::began_hint() value=began />
            <SaveButton words=t::common::save() />
        </form>
    }
}

/// Only what is different.
fn edits(
    now: &Settings,
    name: &str,
    pathway: Pathway,
    began: Option<chrono::NaiveDate>,
) -> Vec<SettingsEdit> {
    let name = (now.name != name).then(|| SettingsEdit::Name(name.to_owned()));
    let pathway = (now.pathway != pathway).then_some(SettingsEdit::Pathway(pathway));
    let began = (now.recovery_start != began).then_some(SettingsEdit::RecoveryStart(began));
    [name, pathway, began].into_iter().flatten().collect()
}

/// One change can be taken back from the toast; of several, each is a change of its own.
async fn save(state: State, mut edits: Vec<SettingsEdit>, open: RwSignal<bool>) {
    let last = edits.pop();
    for edit in edits {
        if let Err(problem) = ipc::call(SettingsSave { edit }).await {
            return state.fail(problem);
        }
    }
    let saved = match last {
        Some(edit) => state.save(SettingsSave { edit }, t::common::saved()).await,
        None => Ok(()),
    };
    if saved.is_ok() {
        open.try_set(false);
    }
}
