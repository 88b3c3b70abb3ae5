//! When somebody needs this person: how they can be reached.

use leptos::{ev::SubmitEvent, prelude::*};
use trellis_api_types::limits::NAME;
use trellis_api_types::settings::SettingsEdit;

use super::{change, setting};
use crate::components::{Field, SaveButton, keepable};
use crate::i18n::t;
use crate::state::state;

#[component]
pub fn Reach() -> impl IntoView {
    view! {
        <section class="block">
            <div class="head"><h2>{t::settings::reach()}</h2></div>
            <div class="panel"><MyPhone /></div>
        </section>
    }
}

#[component]
fn MyPhone() -> impl IntoView {
    let state = state();
    let kept = setting(|settings| settings.my_phone.clone());
    let phone = RwSignal::new(kept.get_untracked());
    Effect::new(move || phone.set(kept.get()));
    let error = RwSignal::new(None::<String>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = phone.get_untracked().trim().to_owned();
        let odd = !keepable(&typed);
        error.set(odd.then(|| t::person::phone_bad().to_owned()));
        if !odd {
            change(state, SettingsEdit::MyPhone(typed));
        }
    };
    view! {
        <form novalidate on:submit=submit>
            <Field id="my-phone" label=t::settings::my_phone() hint=t::settings::my_phone_hint() value=phone error kind="tel" max=NAME />
            <SaveButton id="save-my-phone" words=t::settings::my_phone_save() />
        </form>
    }
}
