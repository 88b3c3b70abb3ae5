//! The caseload: everyone who agreed to be followed, by what they may need today.

mod beside;
mod contact;
mod list;
mod reasons;
mod strip;

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::coach::{CaseRow, Caseload, CaseloadGet};

use crate::components::{Empty, Icon, Page, RowWords, Show, TopBar, link_row, part, shown};
use crate::i18n::t;
use crate::{fmt, state::load};
use beside::Beside;
use list::{CallQueue, Groups};

pub(super) use beside::{asks_help, reach};
pub(super) use contact::{Paper, Pen, PenSheet, outcome_words, role_words};
pub(super) use reasons::why;
pub(super) use strip::strip;

/// `/coach`.
#[component]
pub fn Coach() -> impl IntoView {
    let caseload = load(|| CaseloadGet {});
    let pen = Pen::default();
    view! {
        <Page title=t::coach::page().to_owned() class="caseload">
            <TopBar back="/people" />
            {shown(caseload, move |caseload| whole(caseload, pen))}
            <PenSheet pen />
        </Page>
    }
}

fn whole(caseload: Signal<Caseload>, pen: Pen) -> impl IntoView {
    let rows = part(caseload, |caseload| caseload.rows.clone());
    let calls = part(caseload, queue);
    let people = move || t::coach::share_with_you(rows.with(Vec::len), fmt::date_long(fmt::today()));
    let filled = move || body(rows, calls, pen).into_any();
    let none = || {
        view! {
            <div class="panel">
                <Empty title=t::coach::empty() text=t::coach::empty_text()>
                    <a class="btn" href="/people">{t::coach::to_people()}</a>
                </Empty>
            </div>
            {supervision()}
        }
    };
    view! {
        <div class="title">
            <h1>{t::coach::title()}</h1>
            <Show when=move || !rows.with(Vec::is_empty)><p>{people}</p></Show>
        </div>
        <Show when=move || !rows.with(Vec::is_empty) fallback=none>{filled()}</Show>
    }
}

/// Whom to call today, in the order of the queue.
fn queue(caseload: &Caseload) -> Vec<CaseRow> {
    let find = |space: &Id| caseload.rows.iter().find(|row| row.space == *space).cloned();
    caseload.calls.iter().filter_map(find).collect()
}

fn body(rows: Signal<Vec<CaseRow>>, calls: Signal<Vec<CaseRow>>, pen: Pen) -> impl IntoView {
    let calling = RwSignal::new(false);
    let picked = RwSignal::new(None::<Id>);
    let shown = Memo::new(move |_| {
        let listed = if calling.get() { calls } else { rows };
        picked.get().or_else(|| listed.with(|listed| listed.first().map(|row| row.space.clone())))
    });
    view! {
        <div class="cl">
            <div>
                {filter(rows, calls, calling)}
                <Show when=move || calling.get() fallback=move || view! { <Groups rows shown picked /> }>
                    <CallQueue rows=calls shown picked />
                </Show>
                {strip::key()}
                {supervision()}
            </div>
            <Beside rows shown pen />
        </div>
    }
}

fn filter(rows: Signal<Vec<CaseRow>>, calls: Signal<Vec<CaseRow>>, calling: RwSignal<bool>) -> impl IntoView {
    let chip = move |id: &'static str, on: bool, words: Signal<String>| {
        let pressed = move || (calling.get() == on).to_string();
        view! { <button id=id class="chip" type="button" aria-pressed=pressed on:click=move |_| calling.set(on)>{words}</button> }
    };
    view! {
        <div class="chips" role="group" aria-label=t::coach::show()>
            {chip("show-all", false, Signal::derive(move || t::coach::all(rows.with(Vec::len))))}
            {chip("show-calls", true, Signal::derive(move || t::coach::calls(calls.with(Vec::len))))}
        </div>
    }
}

fn supervision() -> impl IntoView {
    let words = RowWords::new(Icon::NOTEBOOK, t::coach::supervision()).sub(t::coach::supervision_sub());
    view! { <section class="block"><div class="list">{link_row("supervision", "/coach/supervision", words)}</div></section> }
}
