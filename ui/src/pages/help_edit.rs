//! Changing the safety plan: each part with its entries, in the person's order.

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::safety::{SafetyEdit, SafetyEntry, SafetyGet, SafetyPart, SafetyPlan, SafetySave};

use super::help::entry_sheet::{EntryEditor, EntrySheet};
use super::help::{of_part, part_ask, part_id, part_words};
use crate::components::{Icon, MoveButtons, Mover, Page, Show, TopBar, icon, icon_class, part, rows, shown};
use crate::i18n::t;
use crate::state::{load, state};

/// The page.
#[component]
pub fn HelpEdit() -> impl IntoView {
    let editor = EntryEditor::default();
    let plan = load(|| SafetyGet {});
    let state = state();
    let mover = Mover::new(move |id, before| {
        state.send(SafetySave { edit: SafetyEdit::Move { id, before } }, t::help::said_moved());
    });
    view! {
        <Page title=t::help::edit() narrow=true>
            <TopBar back="/help" />
            <div class="title">
                <h1>{t::help::edit()}</h1>
                <p>{t::help::edit_lead()}</p>
            </div>
            {shown(plan, move |plan| parts(plan, editor, mover))}
            <EntrySheet editor />
        </Page>
    }
}

fn parts(plan: Signal<SafetyPlan>, editor: EntryEditor, mover: Mover) -> impl IntoView {
    let one = |of: SafetyPart| view! { <Part of entries=of_part(plan, of) editor mover /> };
    SafetyPart::ALL.map(one).into_iter().collect_view()
}

#[component]
fn Part(
    of: SafetyPart,
    entries: Signal<Vec<SafetyEntry>>,
    editor: EntryEditor,
    mover: Mover,
) -> impl IntoView {
    let ids = part(entries, |entries| entries.iter().map(|entry| entry.id.clone()).collect::<Vec<_>>());
    let one = move |entry| row(entry, ids, editor, mover);
    let question = move || view! { <p class="second ask">{part_ask(of)}</p> };
    view! {
        <section class="block part" aria-labelledby=part_id(of)>
            <div class="head"><h2 id=part_id(of)><span class="n">{of as u8 + 1}</span>{part_words(of)}</h2></div>
            <Show when=move || !ids.with(Vec::is_empty) fallback=question>
                <ul class="list">{rows(entries, |entry| entry.id.clone(), one)}</ul>
            </Show>
            <button id=format!("add-{}", of as u8) class="btn add" type="button" aria-haspopup="dialog" aria-label=t::help::add_to(part_words(of)) on:click=move |_| editor.add(of)>
                {icon(Icon::PLUS_BOLD)}
                {t::help::add()}
            </button>
        </section>
    }
}

fn row(entry: Signal<SafetyEntry>, ids: Signal<Vec<Id>>, editor: EntryEditor, mover: Mover) -> impl IntoView {
    let id = entry.with_untracked(|entry| entry.id.clone());
    let name = part(entry, |entry| entry.text.clone());
    view! {
        <li class="row">
            <button class="opens body" type="button" aria-haspopup="dialog" on:click=move |_| editor.edit(entry.get_untracked())>
                <span><span class="unseen">{t::common::edit()}": "</span>{name}</span>
                {move || entry.with(more)}
                {icon_class(Icon::PENCIL_SIMPLE, "icon pencil")}
            </button>
            <Show when=move || ids.with(|ids| ids.len() > 1)>
                <MoveButtons mover id=id.clone() ids name />
            </Show>
        </li>
    }
}

fn more(entry: &SafetyEntry) -> impl IntoView + use<> {
    let said = [&entry.detail, &entry.phone].into_iter().filter(|words| !words.is_empty()).cloned();
    said.map(|words| view! { <span class="sub">{words}</span> }).collect_view()
}
