//! How adding a device ended.

use leptos::prelude::*;
use trellis_api_types::checkin::Mood;

use super::Pairing;
use crate::components::{Icon, StepHeading, code_words, icon, sprout};
use crate::i18n::t;

/// The other device is in and fetches.
#[component]
pub fn Sending() -> impl IntoView {
    view! {
        <StepHeading title=t::devices::sending_title() lead=t::devices::sending_lead() />
        <p class="sync" role="status">{icon(Icon::ARROWS_CLOCKWISE)}<span>{t::devices::sending()}</span></p>
    }
}

/// Both have the same.
#[component]
pub fn Done(pairing: Pairing) -> impl IntoView {
    view! {
        <div class="done-sprout">{sprout(Mood::Great)}</div>
        <StepHeading title=t::devices::done_title() lead=t::devices::done_lead() />
        <a id="done" class="btn main large wide" href="/settings/devices" on:click=move |_| pairing.begin_anew()>
            {t::devices::done_do()}
        </a>
    }
}

/// Nobody was let in: why, and what to do.
#[component]
pub fn Failed(pairing: Pairing, code: String) -> impl IntoView {
    let words =
        if code == "pairing-wrong-words" { t::devices::fail_words() } else { code_words(&code, true) };
    view! {
        <StepHeading title=t::devices::fail_title() lead=t::devices::fail_kept() />
        <div class="panel">
            <p role="alert">{words}</p>
            <button id="new-code" class="btn main" type="button" on:click=move |_| pairing.begin_anew()>{t::devices::new_code()}</button>
            <details><summary>{t::common::details()}</summary><p class="hint">{code}</p></details>
        </div>
    }
}
