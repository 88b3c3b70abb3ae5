//! What cannot wait. Met with one touch; met ones stay folded below.

use leptos::prelude::*;
use trellis_api_types::plan::{Need, PlanEdit, PlanSave};

use super::due::days_left;
use super::edit::{Edit, Editor};
use crate::components::{Icon, Tick, icon};
use crate::i18n::t;
use crate::state::state;

/// The section.
#[component]
pub fn Needs(needs: Vec<Need>, editor: Editor) -> impl IntoView {
    let (met, open): (Vec<_>, Vec<_>) = needs.into_iter().partition(|n| n.done);
    let none = open.is_empty();
    view! {
        <section class="panel warm" aria-labelledby="needs">
            <div class="panel-head">
                <h2 id="needs">{t::plan::needs()}</h2>
                <button id="add-need" class="btn plain" type="button" on:click=move |_| editor.edit(Edit::new_need())>
                    {icon(Icon::PLUS_BOLD)}
                    {t::plan::add_need()}
                </button>
            </div>
            {none.then(|| view! { <p class="hint">{t::plan::needs_empty()}</p> })}
            <List needs=open editor />
            <Met needs=met editor />
        </section>
    }
}

#[component]
fn Met(needs: Vec<Need>, editor: Editor) -> impl IntoView {
    (!needs.is_empty()).then(|| {
        view! {
            <details>
                <summary>{t::plan::needs_met(needs.len())}</summary>
                <List needs editor />
            </details>
        }
    })
}

#[component]
fn List(needs: Vec<Need>, editor: Editor) -> impl IntoView {
    let rows = needs.into_iter().map(|need| row(need, editor)).collect_view();
    view! { <ul class="needs">{rows}</ul> }
}

fn row(need: Need, editor: Editor) -> impl IntoView {
    let id = format!("need-{}", need.id);
    let label = format!("{id}-l");
    let due = need.due.filter(|_| !need.done).map(days_left);
    let edited = need.clone();
    view! {
        <li>
            <Tick id checked=need.done on_change=meet(need.clone()) />
            <button class="opens" type="button" aria-haspopup="dialog" on:click=move |_| editor.edit(Edit::need(edited.clone()))>
                <span class="name" id=label>{need.text}</span>
                {(!need.detail.is_empty()).then(|| view! { <span class="second">{need.detail}</span> })}
            </button>
            {due.map(|due| view! { <span class="tag clay due">{due}</span> })}
        </li>
    }
}

fn meet(need: Need) -> impl Fn(bool) + Send + Sync + 'static {
    let state = state();
    move |done| {
        let said = if done { t::plan::said_need_met() } else { t::plan::said_need_open() };
        state.send(PlanSave { edit: PlanEdit::PutNeed(Need { done, ..need.clone() }) }, said);
    }
}
