//! Who one is here: name, what Trellis is for, pathway, a day the recovery began.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::limits::NAME;
use trellis_api_types::settings::{Settings, SettingsEdit, SettingsSave, for_family};

use super::setting;
use crate::components::{
    AimsField, DayField, DayInput, Field, Icon, Name, PathwayField, SaveButton, Sheet, Show, icon_class,
    initial, pathway_words,
};
use crate::i18n::t;
use crate::state::{State, state};
use crate::{fmt, ipc};

/// The row, and the sheet that changes it.
#[component]
pub fn You() -> impl IntoView {
    let (state, open) = (state(), RwSignal::new(false));
    let name = setting(|settings| settings.name.clone());
    let pathway = setting(|settings| settings.pathway);
    let began = setting(|settings| settings.recovery_start);
    let shown_name = move || Some(name.get()).filter(|name| !name.is_empty());
    let initial = move || shown_name().map(|name| initial(&name));
    let sub = move || {
        let day = began.get().filter(|_| !state.for_family());
        let since = day.map(|day| t::settings::since(fmt::date(day))).unwrap_or_default();
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
                        <span class="name big-n"><Name of=Signal::derive(move || shown_name().unwrap_or_else(|| t::settings::no_name().to_owned())) /></span>
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
    let aims = RwSignal::new(before.as_ref().map(|s| s.aims.clone()).unwrap_or_default());
    let began = DayInput::new(before.as_ref().and_then(|s| s.recovery_start));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Ok(day) = began.finish(fmt::today()) else { return };
        let edits = state.settings.with_untracked(|now| {
            now.as_ref()
                .map(|now| {
                    let settings = Settings {
                        name: name.get_untracked().trim().to_owned(),
                        aims: aims.get_untracked(),
                        pathway: pathway.get_untracked(),
                        recovery_start: day,
                        ..now.clone()
                    };
                    edits(now, settings)
                })
                .unwrap_or_default()
        });
        spawn_local(save(state, edits, open));
    };
    view! {
        <form class="asks-close" novalidate on:submit=submit>
            <Field id="name" label=t::settings::name() hint=t::settings::name_hint() value=name max=NAME />
            <AimsField value=aims hint=t::settings::aims_hint() />
            <PathwayField value=pathway hint=t::settings::pathway_hint() />
            <Show when=move || aims.with(|aims| !for_family(aims))>
                <DayField id="began" label=t::settings::began() hint=t::settings::began_hint() value=began />
            </Show>
            <SaveButton words=t::common::save() />
        </form>
    }
}

/// Only what is different.
fn edits(now: &Settings, new: Settings) -> Vec<SettingsEdit> {
    let name = (now.name != new.name).then_some(SettingsEdit::Name(new.name));
    let aims = (now.aims != new.aims).then_some(SettingsEdit::Aims(new.aims));
    let pathway = (now.pathway != new.pathway).then_some(SettingsEdit::Pathway(new.pathway));
    let began =
        (now.recovery_start != new.recovery_start).then_some(SettingsEdit::RecoveryStart(new.recovery_start));
    [name, aims, pathway, began].into_iter().flatten().collect()
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
