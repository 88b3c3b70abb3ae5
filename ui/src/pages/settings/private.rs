//! Lock, hiding, and the safety plan on the lock screen.

use leptos::prelude::*;
use trellis_api_types::settings::SettingsEdit;

use super::{change, setting};
use crate::components::{Icon, RowWords, SwitchRow, link_row};
use crate::i18n::t;
use crate::state::state;

#[component]
pub fn Private() -> impl IntoView {
    let state = state();
    let minutes = setting(|settings| settings.auto_lock_minutes);
    let hide_locks = setting(|settings| settings.hide_locks);
    let on_lock = setting(|settings| settings.safety_plan_on_lock);
    let lock = move || RowWords::new(Icon::LOCK_KEY, t::settings::lock()).value(after(minutes.get()));
    view! {
        <section class="block">
            <div class="head"><h2>{t::settings::private()}</h2></div>
            <div class="list">
                {move || link_row("lock", "/settings/lock", lock())}
                <SwitchRow
                    id="hide-locks"
                    mark=Icon::LIGHTNING
                    name=t::settings::hide_locks()
                    sub=t::settings::hide_locks_sub()
                    checked=hide_locks
                    on_change=move |on| change(state, SettingsEdit::HideLocks(on))
                />
                <SwitchRow
                    id="safety-on-lock"
                    mark=Icon::LIFEBUOY
                    name=t::settings::safety()
                    sub=t::settings::safety_sub()
                    checked=on_lock
                    on_change=move |on| change(state, SettingsEdit::SafetyPlanOnLock(on))
                />
            </div>
        </section>
    }
}

/// When it locks by itself.
pub fn after(minutes: u16) -> String {
    match minutes {
        0 => t::settings::never().to_owned(),
        n => t::settings::after(usize::from(n)),
    }
}
