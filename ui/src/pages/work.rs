//! Step work: worksheets of one's own. They stay on one's own devices, but for an answer that was shared.

mod forms;
mod share;
mod sheet;

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::work::{WorkGet, Worksheet};

use crate::components::{Empty, Icon, Page, Show, TopBar, icon, icon_class, part, rows, shown};
use crate::i18n::t;
use crate::state::load;
use forms::{Edit, Editor, WorkSheet};

pub use sheet::OneSheet;

/// `/plan/work`.
#[component]
pub fn Work() -> impl IntoView {
    let work = load(|| WorkGet {});
    let editor = Editor::default();
    view! {
        <Page title=t::work::page().to_owned() class="work">
            <TopBar back="/plan" />
            <div class="title"><h1>{t::work::page()}</h1><p>{t::work::lead()}</p></div>
            {shown(work, move |work| whole(work, editor))}
            <WorkSheet editor />
        </Page>
    }
}

fn whole(work: Signal<Vec<Worksheet>>, editor: Editor) -> impl IntoView {
    let add = move |class: &'static str| {
        view! {
            <button id="add-sheet" class=class type="button" aria-haspopup="dialog" on:click=move |_| editor.edit(Edit::new_sheet())>
                {icon(Icon::PLUS_BOLD)}
                {t::work::add_sheet()}
            </button>
        }
    };
    let none = move || {
        view! { <div class="panel"><Empty title=t::work::empty() text=t::work::empty_text()>{add("btn main")}</Empty></div> }
    };
    view! {
        <Show when=move || !work.with(Vec::is_empty) fallback=none>
            <div class="cols">
                {list(work, None)}
                <div>{add("btn add")}</div>
            </div>
        </Show>
    }
}

/// All worksheets; `chosen` is the one that the page is about.
fn list(work: Signal<Vec<Worksheet>>, chosen: Option<Memo<Id>>) -> impl IntoView {
    view! { <ul class="list">{rows(work, |sheet| sheet.id.clone(), move |sheet| row(sheet, chosen))}</ul> }
}

fn row(sheet: Signal<Worksheet>, chosen: Option<Memo<Id>>) -> impl IntoView {
    let id = sheet.with_untracked(|sheet| sheet.id.clone());
    let place = format!("/plan/work/{id}");
    let here = move || chosen.filter(|chosen| chosen.with(|chosen| *chosen == id)).map(|_| "page");
    view! {
        <li>
            <a class="row" href=place aria-current=here>
                <span class="mark dusk">{icon(Icon::NOTEBOOK)}</span>
                <span class="body">
                    <span class="name">{part(sheet, |sheet| sheet.title.clone())}</span>
                    <span class="sub">{move || sheet.with(how_far)}</span>
                </span>
                {icon_class(Icon::CARET_RIGHT_BOLD, "icon go")}
            </a>
        </li>
    }
}

/// "2 of 3 questions answered. 1 answer shared."
fn how_far(sheet: &Worksheet) -> String {
    let done = sheet.answers.iter().filter(|answer| !answer.text.trim().is_empty()).count();
    let shared = sheet.answers.iter().filter(|answer| !answer.shared.is_empty()).count();
    let far = match sheet.answers.len() {
        0 => t::work::no_questions().to_owned(),
        all => t::work::answered(all, done),
    };
    let shared = (shared > 0).then(|| t::work::shared_n(shared));
    std::iter::once(far).chain(shared).collect::<Vec<_>>().join(" · ")
}
