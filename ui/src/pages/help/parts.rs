//! The six parts, to read and to call from.

use leptos::prelude::*;
use trellis_api_types::safety::{SafetyEntry, SafetyKind, SafetyPart};

use super::entry_sheet::EntryEditor;
use crate::components::{Icon, Show, avatar, dial_icons, icon, number_line, rows};
use crate::i18n::t;

/// One part. Empty ones ask a kind question, or stay away where nothing can be added.
#[component]
pub fn Part(
    part: SafetyPart,
    entries: Signal<Vec<SafetyEntry>>,
    editor: Option<EntryEditor>,
) -> impl IntoView {
    let none = move || entries.with(Vec::is_empty);
    view! {
        <Show when=move || editor.is_some() || !none()>
            <section class="block part" aria-labelledby=part_id(part)>
                <div class="head"><h2 id=part_id(part)><span class="n">{part as u8 + 1}</span>{part_words(part)}</h2></div>
                <Show when=move || !none() fallback=move || editor.map(|editor| ask(part, editor))>
                    <ul class="list leads">{rows(entries, |entry| entry.id.clone(), row)}</ul>
                </Show>
            </section>
        </Show>
    }
}

/// Id of a part's heading.
pub fn part_id(part: SafetyPart) -> String {
    format!("part-{}", part as u8)
}

fn ask(part: SafetyPart, editor: EntryEditor) -> impl IntoView {
    view! {
        <p class="second ask">{part_ask(part)}</p>
        <button id=format!("add-{}", part as u8) class="btn add" type="button" aria-haspopup="dialog" aria-label=t::help::add_to(part_words(part)) on:click=move |_| editor.add(part)>
            {icon(Icon::PLUS_BOLD)}
            {t::help::add()}
        </button>
    }
}

fn row(entry: Signal<SafetyEntry>) -> impl IntoView {
    view! { <li class="row">{move || entry.with(inside)}</li> }
}

fn inside(entry: &SafetyEntry) -> impl IntoView + use<> {
    let plain = entry.kind == SafetyKind::Text && entry.detail.is_empty();
    let body = if plain {
        view! { <span class="body">{entry.text.clone()}</span> }.into_any()
    } else {
        view! { <span class="body"><span class="name">{entry.text.clone()}</span>{sub(entry)}</span> }
            .into_any()
    };
    view! { {entry_mark(entry)}{body}{buttons(entry)} }
}

fn sub(entry: &SafetyEntry) -> impl IntoView + use<> {
    let detail =
        (!entry.detail.is_empty()).then(|| view! { <span class="sub">{entry.detail.clone()}</span> });
    view! { {detail}{number_line(&entry.phone)} }
}

fn buttons(entry: &SafetyEntry) -> Option<AnyView> {
    let text = entry.texts.then(|| t::help::text(&entry.text));
    dial_icons(&entry.phone, t::help::call(&entry.text), text)
}

/// A person's letter, or the mark of a place or a line; nothing for words.
pub fn entry_mark(entry: &SafetyEntry) -> Option<AnyView> {
    let mark = match entry.kind {
        SafetyKind::Text => return None,
        SafetyKind::Person => return Some(avatar(&entry.text, &entry.text).into_any()),
        SafetyKind::Place => view! { <span class="mark">{icon(Icon::MAP_PIN)}</span> }.into_any(),
        SafetyKind::Line => view! { <span class="mark dusk">{icon(Icon::PHONE_CALL)}</span> }.into_any(),
    };
    Some(mark)
}

/// A part's heading.
pub fn part_words(part: SafetyPart) -> &'static str {
    match part {
        SafetyPart::WarningSigns => t::help::part_signs(),
        SafetyPart::Alone => t::help::part_alone(),
        SafetyPart::Distract => t::help::part_distract(),
        SafetyPart::People => t::help::part_people(),
        SafetyPart::Professionals => t::help::part_professionals(),
        SafetyPart::Safer => t::help::part_safer(),
    }
}

/// The question of a part that is empty.
pub fn part_ask(part: SafetyPart) -> &'static str {
    match part {
        SafetyPart::WarningSigns => t::help::ask_signs(),
        SafetyPart::Alone => t::help::ask_alone(),
        SafetyPart::Distract => t::help::ask_distract(),
        SafetyPart::People => t::help::ask_people(),
        SafetyPart::Professionals => t::help::ask_professionals(),
        SafetyPart::Safer => t::help::ask_safer(),
    }
}
