//! What the person is good at: comes first in a plan, has a page of its own.

use leptos::prelude::*;
use trellis_api_types::plan::{LineList, PlanGet};

use super::goal::Lines;
use super::plan::edit::{EditSheet, Editor};
use crate::components::{Page, TopBar, part, shown};
use crate::i18n::t;
use crate::state::load;

/// The page.
#[component]
pub fn Strengths() -> impl IntoView {
    let editor = Editor::default();
    let plan = load(|| PlanGet {});
    view! {
        <Page title=t::plan::strengths() narrow=true>
            <TopBar back="/plan" />
            <div class="title">
                <h1>{t::plan::strengths()}</h1>
                <p>{t::plan::strengths_lead()}</p>
            </div>
            {shown(plan, move |plan| {
                view! {
                    <Lines
                        list=LineList::Strengths
                        lines=part(plan, |plan| plan.strengths.clone())
                        title=t::plan::strengths_list()
                        ask=t::plan::strengths_ask()
                        add=t::plan::add_strength()
                        editor
                    />
                }
            })}
            <EditSheet editor />
        </Page>
    }
}
