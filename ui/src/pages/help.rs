//! Help: the safety plan, two touches away from everywhere.

pub(super) mod calls;
pub(super) mod entry_sheet;
mod ideas;
mod parts;

use chrono::NaiveDate;
use leptos::prelude::*;
use trellis_api_types::safety::{SafetyEdit, SafetyEntry, SafetyGet, SafetyPart, SafetyPlan, SafetySave};
use trellis_lines::Place;

use crate::components::{Arrange, Empty, Icon, Lines, Page, Show, TopBar, icon, part, shown};
use crate::pages::{from_here, way_back};
use crate::state::{load, state};
use crate::{fmt, i18n::t};
use calls::Calls;
use entry_sheet::{EntryEditor, EntrySheet};
use parts::Part;

pub(super) use parts::{part_ask, part_id, part_words};

/// The page.
#[component]
pub fn Help() -> impl IntoView {
    let editor = EntryEditor::default();
    let plan = load(|| SafetyGet {});
    view! {
        <Page title=t::help::title() class="help-page">
            <TopBar back=way_back("/") />
            {shown(plan, move |plan| view! { <SafetyPlanView plan editor=Some(editor) /> })}
            <EntrySheet editor />
        </Page>
    }
}

/// The safety plan to read and to call from. Without an editor it only reads, as on the lock screen.
#[component]
pub fn SafetyPlanView(#[prop(into)] plan: Signal<SafetyPlan>, editor: Option<EntryEditor>) -> impl IntoView {
    let locked = editor.is_none();
    let none = part(plan, |plan| plan.entries.is_empty());
    let lead = move || match (locked, none.get()) {
        (true, _) => t::help::lead_locked(),
        (false, true) => t::help::lead_empty(),
        (false, false) => t::help::lead(),
    };
    let view = move |of: &SafetyPart| view! { <Part part=*of entries=of_part(plan, *of) editor /> };
    let (left, right) = SafetyPart::ALL.split_at(3);
    view! {
        <div class="title">
            <h1>{t::help::title()}</h1>
            <p>{lead}</p>
        </div>
        <Calls plan />
        {(!locked).then(need_someone)}
        {move || (!locked && none.get()).then(|| lines(editor))}
        {move || editor.filter(|_| none.get()).map(begin)}
        <div class="cols even parts">
            <div>{left.iter().map(view).collect_view()}</div>
            <div>{right.iter().map(view).collect_view()}</div>
        </div>
        {move || (locked || !none.get()).then(|| lines(editor))}
        <Show when=move || !locked && !none.get()>{foot(plan)}</Show>
    }
}

/// The entries of one part.
pub fn of_part(plan: Signal<SafetyPlan>, of: SafetyPart) -> Signal<Vec<SafetyEntry>> {
    part(plan, move |plan| plan.entries.iter().filter(|entry| entry.part == of).cloned().collect())
}

/// The country's lines. Where the plan can be changed, so can they, and one's own can be added.
fn lines(editor: Option<EntryEditor>) -> AnyView {
    let Some(editor) = editor else { return view! { <Lines place=Place::Help /> }.into_any() };
    view! {
        <Lines place=Place::Help />
        <div class="acts lines-acts">
            <button id="add-line" class="btn" type="button" aria-haspopup="dialog" on:click=move |_| editor.add(SafetyPart::Professionals)>
                {icon(Icon::PLUS_BOLD)}{t::lines::add_own()}
            </button>
            <Arrange />
        </div>
    }
    .into_any()
}

/// The way to one's people.
fn need_someone() -> impl IntoView {
    view! { <a id="need" class="btn line large wide" href=from_here("/need")>{icon(Icon::HAND_HEART_BOLD)}{t::space::need()}</a> }
}

fn begin(editor: EntryEditor) -> impl IntoView {
    view! {
        <div class="panel begin">
            <Empty title=t::help::begin() text=t::help::begin_ask()>
                <button id="begin" class="btn" type="button" aria-haspopup="dialog" on:click=move |_| editor.add(SafetyPart::People)>
                    {icon(Icon::PLUS_BOLD)}
                    {t::help::begin_add()}
                </button>
            </Empty>
        </div>
    }
}

fn foot(plan: Signal<SafetyPlan>) -> impl IntoView {
    view! {
        {reviewed(part(plan, |plan| plan.reviewed_on))}
        <div class="acts foot">
            <a id="edit-plan" class="btn" href="/help/edit">{icon(Icon::PENCIL_SIMPLE)}{t::help::edit()}</a>
            <button id="print" class="btn plain" type="button" on:click=|_| print()>
                {icon(Icon::PRINTER)}
                {t::help::print()}
            </button>
        </div>
    }
}

fn reviewed(on: Signal<Option<NaiveDate>>) -> impl IntoView {
    let state = state();
    let read = move |_| state.send(SafetySave { edit: SafetyEdit::Reviewed }, t::help::said_reviewed());
    let words = move || match on.get() {
        None => t::help::reviewed_never().to_owned(),
        Some(day) => t::help::reviewed_on(fmt::date(day)),
    };
    view! {
        <div class="reviewed">
            <p class="second">{words}</p>
            <Show when=move || on.get() != Some(fmt::today())>
                <button id="reviewed" class="btn" type="button" on:click=read>
                    {icon(Icon::CHECK)}
                    {t::help::reviewed()}
                </button>
            </Show>
        </div>
    }
}

fn print() {
    // Where the system cannot print there is nothing to take back and nothing to say.
    let _printed = window().print();
}
