//! Choosing the day the journey began.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::settings::{SettingsEdit, SettingsSave};

use crate::components::{DayField, DayInput, SaveButton, Sheet};
use crate::i18n::t;
use crate::{fmt, state::state};

/// The sheet.
#[component]
pub fn StartSheet(open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Sheet open title=t::journey::start_sheet()>
            <StartForm open />
        </Sheet>
    }
}

#[component]
fn StartForm(open: RwSignal<bool>) -> impl IntoView {
    let state = state();
    let day = DayInput::new(None);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(start) = day.finish(fmt::today()) else { return };
        let Some(start) = start else { return day.refuse(t::journey::start_future()) };
        spawn_local(async move {
            let change = SettingsSave { edit: SettingsEdit::RecoveryStart(Some(start)) };
            if state.save(change, t::journey::said_start()).await.is_ok() {
                open.set(false);
            }
        });
    };
    view! {
        <form class="asks" on:submit=submit>
            <p class="second">{t::journey::invite_sub()}</p>
            <DayField id="start-day" label=t::journey::start_label() value=day />
            <SaveButton words=t::common::save() />
        </form>
    }
}
