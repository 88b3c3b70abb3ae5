//! What cannot wait. Met with one touch; met ones stay folded below.

use leptos::prelude::*;
use trellis_api_types::plan::{Need, PlanEdit, PlanSave};

use super::due::days_left;
use super::edit::{Edit, Editor};
use crate::components::{Icon, Show, Tick, icon, part, rows};
use crate::i18n::t;
use crate::state::state;

/// The section.
#[component]
pub fn Needs(needs: Signal<Vec<Need>>, editor: Editor) -> impl IntoView {
    let of = move |done: bool| {
        part(needs, move |needs| needs.iter().filter(|need| need.done == done).cloned().collect::<Vec<_>>())
    };
    let (open, met) = (of(false), of(true));
    view! {
        <section class="panel warm" aria-labelledby="needs">
            <div class="panel-head">
                <h2 id="needs">{t::plan::needs()}</h2>
                <button id="add-need" class="btn plain" type="button" on:click=move |_| editor.edit(Edit::new_need())>
                    {icon(Icon::PLUS_BOLD)}
                    {t::plan::add_need()}
                </button>
            </div>
            <Show when=move || open.with(Vec::is_empty)>
                <p class="hint">{t::plan::needs_empty()}</p>
            </Show>
            <List needs=open editor />
            <Show when=move || !met.with(Vec::is_empty)>
                <details>
                    <summary>{move || t::plan::needs_met(met.with(Vec::len))}</summary>
                    <List needs=met editor />
                </details>
            </Show>
        </section>
    }
}

#[component]
fn List(needs: Signal<Vec<Need>>, editor: Editor) -> impl IntoView {
    view! { <ul class="needs">{rows(needs, |need| need.id.clone(), move |need| row(need, editor))}</ul> }
}

fn row(need: Signal<Need>, editor: Editor) -> impl IntoView {
    let id = need.with_untracked(|need| format!("need-{}", need.id));
    let label = format!("{id}-l");
    let due = move || need.with(|need| need.due.filter(|_| !need.done)).map(days_left);
    view! {
        <li>
            <Tick id checked=part(need, |need| need.done) on_change=meet(need) />
            <button class="opens" type="button" aria-haspopup="dialog" on:click=move |_| editor.edit(Edit::need(need.get_untracked()))>
                <span class="name" id=label>{part(need, |need| need.text.clone())}</span>
                {move || detail(need.with(|need| need.detail.clone()))}
            </button>
            {move || due().map(|due| view! { <span class="tag clay due">{due}</span> })}
        </li>
    }
}

fn detail(detail: String) -> impl IntoView {
    (!detail.is_empty()).then(|| view! { <span class="second">{detail}</span> })
}

fn meet(need: Signal<Need>) -> impl Fn(bool) + Send + Sync + 'static {
    let state = state();
    move |done| {
        let said = if done { t::plan::said_need_met() } else { t::plan::said_need_open() };
        let edit = PlanEdit::PutNeed(Need { done, ..need.get_untracked() });
        state.send(PlanSave { edit }, said);
    }
}
