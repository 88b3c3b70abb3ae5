//! A list of lines in the person's own words.

use leptos::prelude::*;
use trellis_api_types::plan::{Line, LineList};

use crate::components::{Icon, icon, icon_class};
use crate::i18n::t;
use crate::pages::plan::edit::{Edit, Editor};

/// The section: its lines, a kind question while there are none, and a way to add one.
#[component]
pub fn Lines(
    /// Which list.
    list: LineList,
    /// What is in it.
    lines: Vec<Line>,
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
    let none = lines.is_empty();
    let new = Edit::new_line(list.clone());
    let rows = lines.into_iter().map(|line| row(list.clone(), line, editor)).collect_view();
    view! {
        <section class="block" aria-labelledby=id>
            <div class="head"><h2 id=id>{title}</h2></div>
            {none.then(|| view! { <p class="second ask">{ask}</p> })}
            {(!none).then(|| view! { <ul class="list">{rows}</ul> })}
            <button id=format!("add-{id}") class="btn add" type="button" aria-haspopup="dialog" on:click=move |_| editor.edit(new.clone())>
                {icon(Icon::PLUS_BOLD)}
                {add}
            </button>
        </section>
    }
}

fn row(list: LineList, line: Line, editor: Editor) -> impl IntoView {
    let words = line.text.clone();
    let edit = Edit::Line { list, line, new: false };
    view! {
        <li>
            <button class="row" type="button" aria-haspopup="dialog" on:click=move |_| editor.edit(edit.clone())>
                <span class="body"><span class="unseen">{t::common::edit()}": "</span>{words}</span>
                {icon_class(Icon::PENCIL_SIMPLE, "icon pencil")}
            </button>
        </li>
    }
}
