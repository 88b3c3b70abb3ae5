//! The recovery plan: what cannot wait, what is strong, and goals in four parts of life.

mod dimension;
mod due;
pub(super) mod edit;
mod forms;
mod goals;
mod ideas;
mod leads;
mod needs;

use leptos::prelude::*;
use trellis_api_types::plan::{Dimension, Goal, Plan as Stored, PlanGet};
use trellis_api_types::safety::{SafetyGet, SafetyPlan};

use crate::components::{Icon, Page, TopBar, icon, part, shown};
use crate::i18n::t;
use crate::state::{Load, load};
use edit::{Edit, EditSheet, Editor};
use goals::Goals;
use leads::Leads;
use needs::Needs;

pub(super) use dimension::{dimension_mark, dimension_words};
pub(super) use due::by_when;

/// The page.
#[component]
pub fn Plan() -> impl IntoView {
    let editor = Editor::default();
    let plan = load(|| PlanGet {});
    let safety = load(|| SafetyGet {});
    view! {
        <Page title=t::plan::title()>
            <TopBar />
            <div class="title with-act">
                <div>
                    <h1>{t::plan::title()}</h1>
                    <p>{t::plan::lead()}</p>
                </div>
                <button id="add-goal" class="btn" type="button" on:click=move |_| editor.edit(Edit::new_goal(Dimension::Health))>
                    {icon(Icon::PLUS_BOLD)}
                    {t::plan::add_goal()}
                </button>
            </div>
            {shown(plan, move |plan| whole(plan, safety, editor))}
            <EditSheet editor />
        </Page>
    }
}

fn whole(plan: Signal<Stored>, safety: Load<SafetyPlan>, editor: Editor) -> impl IntoView {
    let of = move |dimension: Dimension| {
        let goals = part(plan, move |plan| in_order(&plan.goals, dimension));
        view! { <Goals dimension goals editor /> }
    };
    view! {
        <div class="plan-top">
            <Needs needs=part(plan, |plan| plan.needs.clone()) editor />
            <Leads plan safety editor />
        </div>
        <div class="dims">{Dimension::ALL.map(of).into_iter().collect_view()}</div>
    }
}

/// Open goals first, then resting ones, then those reached.
fn in_order(goals: &[Goal], dimension: Dimension) -> Vec<Goal> {
    let mut goals: Vec<_> = goals.iter().filter(|goal| goal.text.dimension == dimension).cloned().collect();
    goals.sort_by_key(|goal| goal.text.state as u8);
    goals
}
