//! Light or dark, language, and size of text.

use leptos::prelude::*;
use trellis_api_types::settings::{Language, SettingsEdit, Theme};

use super::{change, change_look, setting};
use crate::components::{Icon, Seg, SwitchRow, icon};
use crate::i18n::t;
use crate::state::state;

const SMALLEST: u16 = 90;
const LARGEST: u16 = 200;
const STEP: u16 = 10;

#[component]
pub fn Look() -> impl IntoView {
    let state = state();
    let theme = setting(|settings| settings.theme);
    let language = setting(|settings| settings.language);
    let days = setting(|settings| settings.days_on_today);
    let themes = vec![
        (Theme::Light, t::settings::light()),
        (Theme::Dark, t::settings::dark()),
        (Theme::Auto, t::settings::auto()),
    ];
    let languages = vec![(Language::En, "English"), (Language::Es, "Español")];
    view! {
        <section class="block">
            <div class="head"><h2>{t::settings::look()}</h2></div>
            <div class="panel look">
                <fieldset>
                    <legend class="legend l-s"><span>{t::settings::theme()}</span></legend>
                    <Seg
                        name="theme"
                        options=themes
                        value=Signal::derive(move || Some(theme.get()))
                        on_change=move |theme| change_look(state, SettingsEdit::Theme(theme))
                    />
                </fieldset>
                <fieldset>
                    <legend class="legend l-s"><span>{t::settings::which_language()}</span></legend>
                    <Seg
                        name="language"
                        options=languages
                        value=Signal::derive(move || Some(language.get()))
                        on_change=move |language| change_look(state, SettingsEdit::Language(language))
                    />
                </fieldset>
                <TextSize />
                <SwitchRow id="days-on-today" name=t::settings::days_on_today() checked=days on_change=move |on| change(state, SettingsEdit::DaysOnToday(on)) />
            </div>
        </section>
    }
}

#[component]
fn TextSize() -> impl IntoView {
    let state = state();
    let size = setting(|settings| settings.text_size);
    let set =
        move |percent: u16| change_look(state, SettingsEdit::TextSize(percent.clamp(SMALLEST, LARGEST)));
    // Where the thumb stands, 0 to 10.
    let place = move || f32::from(size.get().saturating_sub(SMALLEST)) * 10.0 / f32::from(LARGEST - SMALLEST);
    let words = move || t::settings::percent(usize::from(size.get()));
    view! {
        <div>
            <div class="legend l-s">
                <label for="text-size">{t::settings::text_size()}</label>
                <output class="hint" for="text-size">{words}</output>
            </div>
            <div class="slider leafy">
                <button id="text-smaller" class="icon-btn" type="button" aria-label=t::settings::smaller() on:click=move |_| set(size.get_untracked().saturating_sub(STEP))>
                    {icon(Icon::MINUS_BOLD)}
                </button>
                <input
                    id="text-size"
                    type="range"
                    min=SMALLEST.to_string()
                    max=LARGEST.to_string()
                    step=STEP.to_string()
                    style=move || format!("--v:{}", place())
                    prop:value=move || size.get().to_string()
                    aria-valuetext=words
                    on:change=move |event| set(event_target_value(&event).parse().unwrap_or(100))
                />
                <button id="text-larger" class="icon-btn" type="button" aria-label=t::settings::larger() on:click=move |_| set(size.get_untracked() + STEP)>
                    {icon(Icon::PLUS_BOLD)}
                </button>
            </div>
        </div>
    }
}
