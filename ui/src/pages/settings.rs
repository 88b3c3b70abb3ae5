//! Settings: only rows that do something.

mod background;
mod checkin;
mod help;
mod look;
mod private;
mod reach;
mod reminder;
mod safe;
mod you;

use leptos::prelude::*;
use trellis_api_types::settings::{Settings, SettingsEdit, SettingsSave};

use crate::components::{Icon, Page, RowWords, Show, TopBar, link_row};
use crate::i18n::t;
use crate::state::{State, state};

/// The page.
#[component]
pub fn Settings() -> impl IntoView {
    let state = state();
    view! {
        <Page title=t::settings::title().to_owned()>
            <TopBar back="/" bare=true />
            <div class="title"><h1>{t::settings::title()}</h1></div>
            <Show when=move || state.settings.with(Option::is_some)>
                <All />
            </Show>
        </Page>
    }
}

#[component]
fn All() -> impl IntoView {
    view! {
        <div class="cols even settings">
            <div>
                <you::You />
                <private::Private />
                <safe::Safe />
                <checkin::CheckIn />
            </div>
            <div>
                <look::Look />
                <reminder::Reminder />
                <reach::Reach />
                <background::Background />
                <help::Help />
                <safe::Exchange />
                <section class="block">
                    <div class="list">{link_row("about", "/settings/about", RowWords::new(Icon::INFO, t::settings::about()))}</div>
                </section>
            </div>
        </div>
    }
}

/// One setting, followed.
fn setting<T>(get: fn(&Settings) -> T) -> Memo<T>
where
    T: Clone + Default + PartialEq + Send + Sync + 'static,
{
    let settings = state().settings;
    Memo::new(move |_| settings.with(|settings| settings.as_ref().map(get).unwrap_or_default()))
}

/// Saves one change.
fn change(state: State, edit: SettingsEdit) {
    state.send(SettingsSave { edit }, t::common::saved());
}

/// Saves one change that the page's look depends on.
fn change_look(state: State, edit: SettingsEdit) {
    leptos::task::spawn_local(async move {
        if state.save(SettingsSave { edit }, t::common::saved()).await.is_ok() {
            state.reload_status();
        }
    });
}
