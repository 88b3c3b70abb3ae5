//! Whether it goes on without a window, and starts with the computer: each only where this device can.

use leptos::prelude::*;
use trellis_api_types::settings::SettingsEdit;

use super::{change, setting};
use crate::components::{Icon, Show, SwitchRow};
use crate::i18n::t;
use crate::state::state;

#[component]
pub fn Background() -> impl IntoView {
    let state = state();
    let tray =
        Memo::new(move |_| state.status.with(|status| matches!(status, Some(Ok(status)) if status.tray)));
    let starts = setting(|settings| settings.starts_with_system);
    view! {
        <Show when=move || tray.get() || starts.get().is_some()>
            <section class="block">
                <div class="head"><h2>{t::settings::background()}</h2></div>
                <div class="list">
                    <Show when=move || tray.get()><Stays /></Show>
                    <Show when=move || starts.get().is_some()><Starts /></Show>
                </div>
                <p class="hint note">{t::settings::background_note()}</p>
            </section>
        </Show>
    }
}

#[component]
fn Stays() -> impl IntoView {
    let state = state();
    let stays = setting(|settings| settings.stays);
    view! {
        <SwitchRow
            id="stays"
            mark=Icon::MOON
            name=t::settings::stays()
            sub=t::settings::stays_sub()
            checked=Signal::derive(move || stays.get() == Some(true))
            on_change=move |on| change(state, SettingsEdit::Stays(Some(on)))
        />
    }
}

#[component]
fn Starts() -> impl IntoView {
    let state = state();
    let starts = setting(|settings| settings.starts_with_system);
    view! {
        <SwitchRow
            id="starts"
            mark=Icon::SUN_HORIZON
            name=t::settings::starts()
            sub=t::settings::starts_sub()
            checked=Signal::derive(move || starts.get() == Some(true))
            on_change=move |on| change(state, SettingsEdit::StartsWithSystem(on))
        />
    }
}
