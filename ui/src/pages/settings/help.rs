//! The number to call in danger.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::settings::{SettingsEdit, SettingsSave};

use super::setting;
use crate::components::{Field, Icon, RowWords, SaveButton, Sheet, open_row};
use crate::i18n::t;
use crate::state::state;

#[component]
pub fn Help() -> impl IntoView {
    let open = RwSignal::new(false);
    let number = setting(|settings| settings.emergency_number.clone());
    let value = move || {
        Some(number.get())
            .filter(|n| !n.is_empty())
            .unwrap_or_else(|| t::settings::emergency_none().to_owned())
    };
    view! {
        <section class="block">
            <div class="head"><h2>{t::settings::help()}</h2></div>
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
        let typed: String = number.get_untracked().split_whitespace().collect();
        if !callable(&typed) {
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
            <Field id="emergency-number" label=t::settings::emergency_label() hint=t::settings::emergency_hint() value=number kind="tel" max=20 error />
            <SaveButton words=t::common::save() />
        </form>
    }
}

/// What a phone can dial.
fn callable(number: &str) -> bool {
    !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || "+*#-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::callable;

    #[test]
    fn a_number_is_what_a_phone_can_dial() {
        assert!(callable("911") && callable("+52-55-1234"));
        assert!(!callable("") && !callable("nine") && !callable("911;911"));
    }
}
