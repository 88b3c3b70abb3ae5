//! A list of lines in the person's own words.

use leptos::prelude::*;
use trellis_api_types::plan::{Line, LineList};

use crate::components::{Icon, Show, icon, icon_class, part, rows};
use crate::i18n::t;
use crate::pages::plan::edit::{Edit, Editor};

/// The section: its lines, a kind question while there are none, and a way to add one.
#[component]
pub fn Lines(
    /// Which list.
    list: LineList,
    /// What is in it.
    lines: Signal<Vec<Line>>,
    /// Heading.
    title: &'static str,
    /// Question while it is empty.
    ask: &'static str,
    /// Words of the button.
    add: &'static str,
    /// Opens the sheet.
    editor: Editor,
) -> impl IntoView {
    let id = match list {
        LineList::Strengths => "strengths",
        LineList::Helps(_) => "helps",
        LineList::Supporters(_) => "supporters",
    };
    let list = StoredValue::new(list);
    let one = move |line| row(list, line, editor);
    let question = move || view! { <p class="second ask">{ask}</p> };
    view! {
        <section class="block" aria-labelledby=id>
            <div class="head"><h2 id=id>{title}</h2></div>
            <Show when=move || !lines.with(Vec::is_empty) fallback=question>
                <ul class="list">{rows(lines, |line| line.id.clone(), one)}</ul>
            </Show>
            <button id=format!("add-{id}") class="btn add" type="button" aria-haspopup="dialog" on:click=move |_| editor.edit(Edit::new_line(list.get_value()))>
                {icon(Icon::PLUS_BOLD)}
                {add}
            </button>
        </section>
    }
}

fn row(list: StoredValue<LineList>, line: Signal<Line>, editor: Editor) -> impl IntoView {
    let edit =
        move |_| editor.edit(Edit::Line { list: list.get_value(), line: line.get_untracked(), new: false });
    view! {
        <li>
            <button class="row" type="button" aria-haspopup="dialog" on:click=edit>
                <span class="body"><span class="unseen">{t::common::edit()}": "</span>{part(line, |line| line.text.clone())}</span>
                {icon_class(Icon::PENCIL_SIMPLE, "icon pencil")}
            </button>
        </li>
    }
}
