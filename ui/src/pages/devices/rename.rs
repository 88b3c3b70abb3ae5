//! This device's name.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::limits::NAME;
use trellis_api_types::settings::{SettingsEdit, SettingsSave};

use crate::components::{Field, SaveButton, Sheet};
use crate::i18n::t;
use crate::state::state;

/// The sheet that changes it.
#[component]
pub fn Rename(open: RwSignal<bool>, name: Signal<String>) -> impl IntoView {
    view! {
        <Sheet open title=t::devices::rename().to_owned()>
            <Form open name />
        </Sheet>
    }
}

#[component]
fn Form(open: RwSignal<bool>, name: Signal<String>) -> impl IntoView {
    let state = state();
    let typed = RwSignal::new(name.get_untracked());
    let error = RwSignal::new(None::<String>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let name = typed.get_untracked().trim().to_owned();
        if name.is_empty() {
            return error.set(Some(t::devices::rename_empty().to_owned()));
        }
        spawn_local(async move {
            let command = SettingsSave { edit: SettingsEdit::DeviceName(name) };
            if state.save(command, t::common::saved()).await.is_ok() {
                open.try_set(false);
            }
        });
    };
    view! {
        <form class="asks-close" novalidate on:submit=submit>
            <Field id="device-name" label=t::devices::rename_title() hint=t::devices::rename_hint() value=typed max=NAME error />
            <SaveButton words=t::common::save() />
        </form>
    }
}
