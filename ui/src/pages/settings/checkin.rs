//! What a check-in asks: medication, and words of one's own.

use leptos::prelude::*;
use trellis_api_types::settings::{MAX_TAGS, SettingsEdit};

use super::{change, setting};
use crate::components::{AddWord, Chip, Icon, Show, SwitchRow, icon};
use crate::i18n::t;
use crate::state::state;

#[component]
pub fn CheckIn() -> impl IntoView {
    let state = state();
    let medication = setting(|settings| settings.tracks_medication);
    view! {
        <section class="block">
            <div class="head"><h2>{t::settings::checkin()}</h2></div>
            <div class="list">
                <SwitchRow
                    id="medication"
                    mark=Icon::FIRST_AID_KIT
                    name=t::settings::medication_row()
                    sub=t::settings::medication_sub()
                    checked=medication
                    on_change=move |on| change(state, SettingsEdit::TracksMedication(on))
                />
                <Tags />
            </div>
        </section>
    }
}

/// Words offered in a check-in: each can be taken out, new ones added at the end.
#[component]
fn Tags() -> impl IntoView {
    let state = state();
    let tags = setting(|settings| settings.tags.clone());
    let add = move |word: String| {
        let mut all = tags.get_untracked();
        if all.iter().any(|tag| tag.to_lowercase() == word.to_lowercase()) {
            return state.say(t::settings::tag_twice(), None);
        }
        if all.len() >= MAX_TAGS {
            return state.say(&t::settings::tags_full(MAX_TAGS), None);
        }
        all.push(word);
        change(state, SettingsEdit::Tags(all));
    };
    let remove = move |word: &str| {
        let rest = tags.get_untracked().into_iter().filter(|tag| tag != word).collect();
        change(state, SettingsEdit::Tags(rest));
    };
    let one = move |word: String| {
        let label = t::settings::tag_remove(&word);
        let gone = word.clone();
        view! {
            <li>
                <button class="chip removable" type="button" aria-label=label on:click=move |_| remove(&gone)>{word}{icon(Icon::X)}</button>
            </li>
        }
    };
    view! {
        <div class="row topped own-tags" role="group" aria-labelledby="tags-name">
            <span class="mark bare">{icon(Icon::CHAT_CIRCLE_TEXT)}</span>
            <div class="body">
                <span class="name light" id="tags-name">{t::settings::tags()}</span>
                <span class="sub">{t::settings::tags_sub()}</span>
                <ul class="chips">
                    <For each=move || tags.get() key=String::clone children=one />
                    <li><AddWord on_add=add /></li>
                </ul>
                <Show when=move || !tags.with(Vec::is_empty)><Meetings tags=tags.into() /></Show>
            </div>
        </div>
    }
}

/// Which of the words stand for a meeting: those and no others are shared as one.
#[component]
fn Meetings(tags: Signal<Vec<String>>) -> impl IntoView {
    let state = state();
    let meetings = setting(|settings| settings.meetings.clone());
    let one = move |word: String| {
        let (own, id, words) = (word.clone(), format!("meeting-{word}"), word.clone());
        let checked = Signal::derive(move || meetings.with(|all| all.contains(&own)));
        let mark = move |on: bool| {
            let mut all = meetings.get_untracked();
            all.retain(|other| *other != word);
            if on {
                all.push(word.clone());
            }
            change(state, SettingsEdit::Meetings(all));
        };
        view! { <Chip id words checked on_change=mark /> }
    };
    view! {
        <fieldset class="meetings">
            <legend class="field-name">{t::settings::meetings()}</legend>
            <p class="sub">{t::settings::meetings_sub()}</p>
            <div class="chips"><For each=move || tags.get() key=String::clone children=one /></div>
        </fieldset>
    }
}
