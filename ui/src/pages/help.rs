//! Help: the safety plan, two touches away from everywhere.

mod calls;
pub(super) mod entry_sheet;
mod ideas;
mod parts;

use leptos::prelude::*;
use trellis_api_types::safety::{SafetyEdit, SafetyGet, SafetyPart, SafetyPlan, SafetySave};

use crate::components::{Empty, Icon, Page, TopBar, icon, shown};
use crate::state::{load, state};
use crate::{fmt, i18n::t};
use calls::Calls;
use entry_sheet::{EntryEditor, EntrySheet};
use parts::Part;

pub(super) use parts::{part_ask, part_words};

/// The page.
#[component]
pub fn Help() -> impl IntoView {
    let editor = EntryEditor::default();
    let plan = load(|| SafetyGet {});
    view! {
        <Page title=t::help::title() class="help-page">
            <TopBar back="/" />
            {shown(plan, move |plan| view! { <SafetyPlanView plan editor=Some(editor) /> })}
            <EntrySheet editor />
        </Page>
    }
}

/// The safety plan to read and to call from. Without an editor it only reads, as on the lock screen.
#[component]
pub fn SafetyPlanView(plan: SafetyPlan, editor: Option<EntryEditor>) -> impl IntoView {
    let locked = editor.is_none();
    let lead = if locked { t::help::lead_locked() } else { t::help::lead() };
    let part = |part: SafetyPart| {
        let entries = plan.entries.iter().filter(|e| e.part == part).cloned().collect::<Vec<_>>();
        view! { <Part part entries editor /> }
    };
    let (left, right) = SafetyPart::ALL.split_at(3);
    let left = left.iter().map(|p| part(*p)).collect_view();
    let right = right.iter().map(|p| part(*p)).collect_view();
    view! {
        <div class="title">
            <h1>{t::help::title()}</h1>
            <p>{lead}</p>
        </div>
        <Calls plan=plan.clone() locked />
        {editor.filter(|_| plan.entries.is_empty()).map(begin)}
        <div class="cols even parts">
            <div>{left}</div>
            <div>{right}</div>
        </div>
        {(!locked).then(|| foot(&plan))}
    }
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

fn foot(plan: &SafetyPlan) -> impl IntoView + use<> {
    let none = plan.entries.is_empty();
    (!none).then(|| {
        view! {
            {reviewed(plan)}
            <div class="acts foot">
                <a id="edit-plan" class="btn" href="/help/edit">{icon(Icon::PENCIL_SIMPLE)}{t::help::edit()}</a>
                <button id="print" class="btn plain" type="button" on:click=|_| print()>
                    {icon(Icon::PRINTER)}
                    {t::help::print()}
                </button>
            </div>
        }
    })
}

fn reviewed(plan: &SafetyPlan) -> impl IntoView + use<> {
    let state = state();
    let read = move |_| state.send(SafetySave { edit: SafetyEdit::Reviewed }, t::help::said_reviewed());
    let words = plan
        .reviewed_on
        .map_or_else(|| t::help::reviewed_never().to_owned(), |day| t::help::reviewed_on(fmt::date(day)));
    let today = plan.reviewed_on == Some(fmt::today());
    view! {
        <div class="reviewed">
            <p class="second">{words}</p>
            {(!today)
                .then(|| {
                    view! {
                        <button id="reviewed" class="btn" type="button" on:click=read>
                            {icon(Icon::CHECK)}
                            {t::help::reviewed()}
                        </button>
                    }
                })}
        </div>
    }
}

fn print() {
    // Where the system cannot print there is nothing to take back and nothing to say.
    let _printed = window().print();
}
