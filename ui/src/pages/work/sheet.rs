//! One worksheet: its questions and answers, and where each answer is shared.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use trellis_api_types::Id;
use trellis_api_types::people::{People, PeopleGet};
use trellis_api_types::work::{Answer, WorkGet, Worksheet};

use super::forms::{Edit, Editor, WorkSheet};
use super::share::{ShareSheet, Sharer, names};
use crate::components::{Empty, Icon, Page, Show, TopBar, icon, icon_class, latest, part, rows, shown};
use crate::i18n::t;
use crate::state::{Load, load};

/// What the rows need beside their answers.
#[derive(Clone, Copy)]
struct Row {
    sheet: StoredValue<Id>,
    editor: Editor,
    sharer: Sharer,
    people: Load<People>,
}

/// `/plan/work/{id}`.
#[component]
pub fn OneSheet() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
    let work = load(|| WorkGet {});
    let people = load(|| PeopleGet {});
    let (editor, sharer) = (Editor::default(), Sharer::default());
    view! {
        <Page title=t::work::page().to_owned() class="work">
            <TopBar back="/plan/work" />
            {shown(work, move |work| beside_list(work, id, people, editor, sharer))}
            <WorkSheet editor />
            <ShareSheet sharer work people />
        </Page>
    }
}

/// The worksheet, beside all of them where there is room.
fn beside_list(
    work: Signal<Vec<Worksheet>>,
    id: Memo<Id>,
    people: Load<People>,
    editor: Editor,
    sharer: Sharer,
) -> impl IntoView {
    view! {
        <div class="cols first-small">
            <nav class="beside" aria-label=t::work::page()>{super::list(work, Some(id))}</nav>
            <div>{found(work, id, people, editor, sharer)}</div>
        </div>
    }
}

/// The worksheet, followed as long as it is there.
fn found(
    work: Signal<Vec<Worksheet>>,
    id: Memo<Id>,
    people: Load<People>,
    editor: Editor,
    sharer: Sharer,
) -> impl IntoView {
    let find = move || work.with(|work| work.iter().find(|sheet| sheet.id == id.get()).cloned());
    let there = Memo::new(move |_| find().map(|sheet| sheet.id));
    move || {
        let _made_anew_for = there.get();
        match untrack(find) {
            Some(sheet) => {
                let row = Row { sheet: StoredValue::new(sheet.id.clone()), editor, sharer, people };
                whole(latest(sheet, find), row).into_any()
            }
            None => gone().into_any(),
        }
    }
}

fn gone() -> impl IntoView {
    view! {
        <h1 class="unseen">{t::work::gone()}</h1>
        <div class="panel">
            <Empty title=t::work::gone() text=t::work::gone_text()><a class="btn" href="/plan/work">{t::work::back()}</a></Empty>
        </div>
    }
}

fn whole(sheet: Signal<Worksheet>, one: Row) -> impl IntoView {
    let answers = part(sheet, |sheet| sheet.answers.clone());
    let edit = move |_| one.editor.edit(sheet.with_untracked(Edit::sheet));
    let ask = || view! { <p class="second ask">{t::work::questions_empty()}</p> };
    view! {
        <div class="title">
            <h1>{part(sheet, |sheet| sheet.title.clone())}</h1>
            <p>{t::work::private()}</p>
            <button id="edit-sheet" class="btn plain" type="button" aria-haspopup="dialog" on:click=edit>{icon(Icon::PENCIL_SIMPLE)}{t::work::sheet_edit()}</button>
        </div>
        <Show when=move || !answers.with(Vec::is_empty) fallback=ask>
            <ol class="answers">{rows(answers, |answer| answer.id.clone(), move |answer| card(answer, one))}</ol>
        </Show>
        <button id="add-question" class="btn add" type="button" aria-haspopup="dialog" on:click=move |_| one.editor.edit(Edit::new_answer(one.sheet.get_value()))>
            {icon(Icon::PLUS_BOLD)}
            {t::work::add_question()}
        </button>
    }
}

fn card(answer: Signal<Answer>, one: Row) -> impl IntoView {
    let Row { sheet, editor, sharer, people } = one;
    let id = answer.with_untracked(|answer| answer.id.clone());
    let edit = move |_| {
        editor.edit(Edit::Answer { sheet: sheet.get_value(), answer: answer.get_untracked(), new: false })
    };
    let share = {
        let id = id.clone();
        move |_| sharer.share(sheet.get_value(), id.clone())
    };
    let shared = move || answer.with(|answer| where_shared(answer, people));
    view! {
        <li class="panel">
            <button class="opens" type="button" aria-haspopup="dialog" on:click=edit>
                <span class="name">{part(answer, |answer| answer.question.clone())}</span>
                {move || answer.with(words)}
                {icon_class(Icon::PENCIL_SIMPLE, "icon pencil")}
            </button>
            <div class="shared-line">
                {shared}
                <button id=format!("share-{id}") class="btn plain edge" type="button" aria-haspopup="dialog" on:click=share>{t::work::share_short()}<span class="unseen">": "{part(answer, |answer| answer.question.clone())}</span></button>
            </div>
        </li>
    }
}

fn words(answer: &Answer) -> impl IntoView + use<> {
    match answer.text.trim() {
        "" => view! { <span class="hint">{t::work::not_answered()}</span> }.into_any(),
        text => view! { <span class="own-text">{text.to_owned()}</span> }.into_any(),
    }
}

/// "Only you", or with whom.
fn where_shared(answer: &Answer, people: Load<People>) -> impl IntoView + use<> {
    if answer.shared.is_empty() {
        return view! { <span class="tag">{icon(Icon::LOCK_KEY)}{t::work::only_you()}</span> }.into_any();
    }
    let Some(who) = people.with(|people| Some(names(people.as_ref()?.as_ref().ok()?, &answer.shared))) else {
        return ().into_any();
    };
    view! { <span class="tag dusk">{icon(Icon::USERS)}{t::work::shared_with(who)}</span> }.into_any()
}
