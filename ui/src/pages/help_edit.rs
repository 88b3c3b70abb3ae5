//! Changing the safety plan: each part with its entries, in the person's order.

use leptos::prelude::*;
use trellis_api_types::safety::{SafetyEdit, SafetyEntry, SafetyGet, SafetyPart, SafetyPlan, SafetySave};

use super::help::entry_sheet::{EntryEditor, EntrySheet};
use super::help::{part_ask, part_words};
use crate::components::{Icon, MoveButtons, Mover, Page, TopBar, icon, icon_class, shown};
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

fn parts(plan: SafetyPlan, editor: EntryEditor, mover: Mover) -> impl IntoView {
    mover.shown();
    let part = |part: SafetyPart| {
        let entries = plan.entries.iter().filter(|e| e.part == part).cloned().collect::<Vec<_>>();
        view! { <Part part entries editor mover /> }
    };
    SafetyPart::ALL.map(part).into_iter().collect_view()
}

#[component]
fn Part(part: SafetyPart, entries: Vec<SafetyEntry>, editor: EntryEditor, mover: Mover) -> impl IntoView {
    let id = format!("part-{}", part as u8);
    let label = id.clone();
    let ids: Vec<_> = entries.iter().map(|e| e.id.clone()).collect();
    let none = entries.is_empty();
    let rows = entries
        .into_iter()
        .enumerate()
        .map(|(at, entry)| row(entry, at, ids.clone(), editor, mover))
        .collect_view();
    view! {
        <section class="block part" aria-labelledby=label>
            <div class="head"><h2 id=id><span class="n">{part as u8 + 1}</span>{part_words(part)}</h2></div>
            {none.then(|| view! { <p class="second ask">{part_ask(part)}</p> })}
            {(!none).then(|| view! { <ul class="list">{rows}</ul> })}
            <button id=format!("add-{}", part as u8) class="btn add" type="button" aria-haspopup="dialog" aria-label=t::help::add_to(part_words(part)) on:click=move |_| editor.add(part)>
                {icon(Icon::PLUS_BOLD)}
                {t::help::add()}
            </button>
        </section>
    }
}

fn row(entry: SafetyEntry, at: usize, ids: Vec<String>, editor: EntryEditor, mover: Mover) -> impl IntoView {
    let name = entry.text.clone();
    let sub: Vec<_> = [&entry.detail, &entry.phone].into_iter().filter(|s| !s.is_empty()).cloned().collect();
    let several = ids.len() > 1;
    view! {
        <li class="row">
            <button class="opens body" type="button" aria-haspopup="dialog" on:click=move |_| editor.edit(entry.clone())>
                <span><span class="unseen">{t::common::edit()}": "</span>{name.clone()}</span>
                {sub.into_iter().map(|sub| view! { <span class="sub">{sub}</span> }).collect_view()}
                {icon_class(Icon::PENCIL_SIMPLE, "icon pencil")}
            </button>
            {several.then(|| view! { <MoveButtons mover ids at name /> })}
        </li>
    }
}
