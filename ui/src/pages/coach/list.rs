//! Everyone under the heading of their first reason, or those to call today.

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::coach::CaseRow;

use super::reasons::{Group, next_words, why};
use super::strip::strip;
use crate::components::{Name, Show, avatar, part, rows as rows_of};
use crate::i18n::t;
use crate::pages::sharing::called;

/// A list under each heading that has somebody.
#[component]
pub fn Groups(
    rows: Signal<Vec<CaseRow>>,
    shown: Memo<Option<Id>>,
    picked: RwSignal<Option<Id>>,
) -> impl IntoView {
    let group = move |group: Group| {
        let mine = part(rows, move |rows| {
            rows.iter().filter(|row| Group::of(row) == group).cloned().collect::<Vec<_>>()
        });
        let id = format!("group-{}", group as u8);
        let labelled = id.clone();
        let list = move || view! { <ul class="list">{people(mine, shown, picked)}</ul> };
        view! {
            <section class="block sec" aria-labelledby=labelled hidden=move || mine.with(Vec::is_empty)>
                <div class="head"><h2 id=id>{group.mark()}{group.words()}</h2><p>{move || mine.with(Vec::len)}</p></div>
                {list()}
            </section>
        }
        .into_any()
    };
    Group::ALL.map(group).into_iter().collect_view()
}

/// Those to call today, the longest due first.
#[component]
pub fn CallQueue(
    rows: Signal<Vec<CaseRow>>,
    shown: Memo<Option<Id>>,
    picked: RwSignal<Option<Id>>,
) -> impl IntoView {
    let none = || view! { <p class="second ask">{t::coach::calls_none()}</p> };
    view! {
        <section class="block sec" aria-labelledby="calls">
            <h2 id="calls" class="unseen">{t::coach::calls_title()}</h2>
            <Show when=move || !rows.with(Vec::is_empty) fallback=none>
                <ul class="list">{people(rows, shown, picked)}</ul>
            </Show>
        </section>
    }
}

fn people(
    rows: Signal<Vec<CaseRow>>,
    shown: Memo<Option<Id>>,
    picked: RwSignal<Option<Id>>,
) -> impl IntoView {
    rows_of(rows, |row| row.space.clone(), move |row| person(row, shown, picked))
}

/// Where there is room, the first touch shows somebody beside the list, the next opens their page.
fn person(row: Signal<CaseRow>, shown: Memo<Option<Id>>, picked: RwSignal<Option<Id>>) -> impl IntoView {
    let space = StoredValue::new(row.with_untracked(|row| row.space.clone()));
    let place = format!("/coach/{}", space.get_value());
    let here = move || space.with_value(|space| shown.with(|shown| shown.as_ref() == Some(space)));
    let pick = move |event: leptos::ev::MouseEvent| {
        let elsewhere = event.ctrl_key() || event.meta_key() || untrack(here);
        if has_room() && !elsewhere {
            event.prevent_default();
            picked.set(Some(space.get_value()));
        }
    };
    view! {
        <li>
            <a class="row p-row" href=place class:chosen=here aria-current=move || here().then_some("true") on:click=pick>
                {move || row.with(inside)}
            </a>
        </li>
    }
}

/// Beside the list there is room for the person.
fn has_room() -> bool {
    document().document_element().is_some_and(|root| root.has_attribute("data-laptop"))
}

fn inside(row: &CaseRow) -> impl IntoView + use<> {
    let name = called(&row.person);
    let why = why(row);
    view! {
        {avatar(&row.person.account, &name)}
        <span class="body">
            <span class="name"><Name of=name /></span>
            {(!why.is_empty()).then(|| view! { <span class="sub">{why}</span> })}
        </span>
        {strip(row)}
        {row.next_call.map(|day| view! { <span class="nx"><span class="l">{t::coach::next()}</span>" "{next_words(day)}</span> })}
    }
}
