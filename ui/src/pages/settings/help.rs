//! The country whose lines are shown, and a number of one's own to call in danger.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::limits::NAME;
use trellis_api_types::settings::{SettingsEdit, SettingsSave};

use super::setting;
use crate::components::{
    CountryField, DialHint, Field, Icon, RowWords, SaveButton, Sheet, danger_number, keepable, open_row,
};
use crate::i18n::t;
use crate::state::state;

#[component]
pub fn Help() -> impl IntoView {
    let open = RwSignal::new(false);
    let number = setting(|settings| settings.emergency_number.clone());
    let danger = danger_number(state());
    let value = move || Some(number.get()).filter(|n| !n.is_empty()).unwrap_or_else(|| danger.get());
    view! {
        <section class="block">
            <div class="head"><h2>{t::settings::help()}</h2></div>
            <div class="panel"><CountryField id="settings-country" /></div>
            <div class="list">
                {move || open_row("emergency", open, RowWords::new(Icon::PHONE, t::settings::emergency()).value(value()))}
            </div>
            <Sheet open title=t::settings::emergency().to_owned()>
                <Form open />
            </Sheet>
        </section>
    }
}

#[component]
fn Form(open: RwSignal<bool>) -> impl IntoView {
    let state = state();
    let number = RwSignal::new(
        state.settings.with_untracked(|s| s.as_ref().map(|s| s.emergency_number.clone())).unwrap_or_default(),
    );
    let error = RwSignal::new(None::<String>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = number.get_untracked().trim().to_owned();
        if !keepable(&typed) {
            return error.set(Some(t::settings::emergency_bad().to_owned()));
        }
        spawn_local(async move {
            let command = SettingsSave { edit: SettingsEdit::EmergencyNumber(typed) };
            if state.save(command, t::common::saved()).await.is_ok() {
                open.try_set(false);
            }
        });
    };
    view! {
        <form class="asks-close" novalidate on:submit=submit>
            <Field id="emergency-number" label=t::settings::emergency_label() hint=t::settings::emergency_hint() value=number kind="tel" max=NAME error />
            <DialHint phone=number />
            <SaveButton words=t::common::save() />
        </form>
    }
}
