//! Ways on from the plan: safety plan, strengths, own words, step work.

use leptos::prelude::*;
use trellis_api_types::plan::{Line, Plan};
use trellis_api_types::safety::SafetyPlan;

use super::edit::{Edit, Editor};
use crate::components::{Icon, icon, icon_class, part};
use crate::state::Load;
use crate::{fmt, i18n::t};

/// The list.
#[component]
pub fn Leads(plan: Signal<Plan>, safety: Load<SafetyPlan>, editor: Editor) -> impl IntoView {
    let own_words = part(plan, |plan| plan.own_words.clone());
    let why = move || {
        own_words.with(|own| if own.is_empty() { t::plan::why_sub().to_owned() } else { t::plan::said(own) })
    };
    view! {
        <div class="list leads">
            <a class="row" href="/help">
                <span class="mark lit">{icon(Icon::LIFEBUOY)}</span>
                {body(t::plan::safety(), move || reviewed(safety))}
                {go()}
            </a>
            <a class="row" id="strengths" href="/plan/strengths">
                <span class="mark">{icon(Icon::SPARKLE)}</span>
                {body(t::plan::strengths(), move || plan.with(|plan| in_a_row(&plan.strengths)))}
                {go()}
            </a>
            <button class="row" id="own-words" type="button" aria-haspopup="dialog" on:click=move |_| editor.edit(Edit::OwnWords(own_words.get_untracked()))>
                <span class="mark plum">{icon(Icon::HEART)}</span>
                {body(t::plan::why(), why)}
                {go()}
            </button>
            <a class="row" id="step-work" href="/plan/work">
                <span class="mark dusk">{icon(Icon::NOTEBOOK)}</span>
                {body(t::work::page(), t::work::row_sub())}
                {go()}
            </a>
        </div>
    }
}

fn body(name: &'static str, sub: impl IntoView) -> impl IntoView {
    view! { <span class="body"><span class="name">{name}</span><span class="sub">{sub}</span></span> }
}

fn go() -> impl IntoView {
    icon_class(Icon::CARET_RIGHT_BOLD, "icon go")
}

fn reviewed(safety: Load<SafetyPlan>) -> String {
    let day = safety.get().and_then(Result::ok).and_then(|plan| plan.reviewed_on);
    day.map_or_else(|| t::plan::safety_sub().to_owned(), |day| t::plan::safety_read(fmt::date(day)))
}

fn in_a_row(strengths: &[Line]) -> String {
    if strengths.is_empty() {
        return t::plan::strengths_sub().to_owned();
    }
    strengths.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" · ")
}
