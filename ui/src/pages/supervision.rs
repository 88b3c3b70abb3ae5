//! A coach's own log of supervision and training, without anybody's name in it.

mod entry;
mod hours;
mod names;

use chrono::Datelike;
use leptos::prelude::*;
use trellis_api_types::coach::{Supervision as Entry, SupervisionGet, SupervisionKind, SupervisionLog};

use crate::components::{Empty, Icon, Page, Show, TopBar, icon, icon_class, part, rows, shown};
use crate::state::load;
use crate::{fmt, i18n::t};
use entry::{EntrySheet, Writer};
use hours::{in_words, year_in_words};

/// `/coach/supervision`.
#[component]
pub fn Supervision() -> impl IntoView {
    let log = load(|| SupervisionGet {});
    let writer = Writer::default();
    view! {
        <Page title=t::supervision::page().to_owned() narrow=true class="supervision">
            <TopBar back="/coach" />
            <div class="title"><h1>{t::supervision::page()}</h1><p>{t::supervision::lead()}</p></div>
            {shown(log, move |log| whole(log, writer))}
        </Page>
    }
}

fn whole(log: Signal<SupervisionLog>, writer: Writer) -> impl IntoView {
    let entries = part(log, |log| log.entries.clone());
    let total = move || entries.with(|entries| year_in_words(entries, fmt::today().year()));
    let add = move || {
        view! {
            <button id="add-entry" class="btn main" type="button" aria-haspopup="dialog" on:click=move |_| writer.add()>
                {icon(Icon::PLUS_BOLD)}
                {t::supervision::add()}
            </button>
        }
    };
    let none = move || {
        view! { <div class="panel"><Empty title=t::supervision::empty() text=t::supervision::empty_text()>{add()}</Empty></div> }
    };
    view! {
        <Show when=move || !entries.with(Vec::is_empty) fallback=none>
            <div class="total">{total}{add()}</div>
            <ul class="list">{rows(entries, |entry| entry.id.clone(), move |entry| row(entry, writer))}</ul>
        </Show>
        <EntrySheet writer names=part(log, |log| log.names.clone()) />
    }
}

fn row(entry: Signal<Entry>, writer: Writer) -> impl IntoView {
    view! {
        <li>
            <button class="row topped" type="button" aria-haspopup="dialog" on:click=move |_| writer.edit(entry.get_untracked())>
                {move || entry.with(inside)}
                {icon_class(Icon::PENCIL_SIMPLE, "icon pencil")}
            </button>
        </li>
    }
}

fn inside(entry: &Entry) -> impl IntoView + use<> {
    let (class, mark) = match entry.kind {
        SupervisionKind::Supervision => ("mark dusk", Icon::USERS),
        SupervisionKind::Training => ("mark", Icon::NOTEBOOK),
    };
    view! {
        <span class=class>{icon(mark)}</span>
        <span class="body">
            <span class="name">{kind_words(entry.kind)}", "{in_words(entry.minutes)}</span>
            <span class="sub">{fmt::capital(&fmt::date(entry.on))}</span>
            <span class="own-text">{entry.text.clone()}</span>
        </span>
    }
}

/// What it is.
fn kind_words(kind: SupervisionKind) -> &'static str {
    match kind {
        SupervisionKind::Supervision => t::supervision::supervision(),
        SupervisionKind::Training => t::supervision::training(),
    }
}
