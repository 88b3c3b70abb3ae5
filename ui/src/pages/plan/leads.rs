//! Ways on from the plan: safety plan, strengths, own words, step work.

use leptos::prelude::*;
use trellis_api_types::plan::{Line, Plan};
use trellis_api_types::safety::SafetyPlan;
use trellis_api_types::settings::{Aim, Pathway};
use trellis_api_types::work::WorkGet;

use super::edit::{Edit, Editor};
use crate::components::{Icon, Show, icon, icon_class, part};
use crate::state::{Load, load, state};
use crate::{fmt, i18n::t};

/// The list.
#[component]
pub fn Leads(plan: Signal<Plan>, safety: Load<SafetyPlan>, editor: Editor) -> impl IntoView {
    let own_words = part(plan, |plan| plan.own_words.clone());
    let work = step_work();
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
            <Show when=move || work.get()>
                <a class="row" id="step-work" href="/plan/work">
                    <span class="mark dusk">{icon(Icon::NOTEBOOK)}</span>
                    {body(t::work::page(), t::work::row_sub())}
                    {go()}
                </a>
            </Show>
        </div>
    }
}

/// Whether the way to step work is shown: some pathways do without, but what was written stays within reach.
fn step_work() -> Memo<bool> {
    let (state, sheets) = (state(), load(|| WorkGet {}));
    Memo::new(move |_| {
        let written = matches!(sheets.get(), Some(Ok(sheets)) if !sheets.is_empty());
        let settings = state.settings.get();
        written || settings.is_none_or(|settings| works_in_steps(settings.pathway, &settings.aims))
    })
}

/// Not on the pathways that have no steps, unless the person sponsors somebody.
fn works_in_steps(pathway: Pathway, aims: &[Aim]) -> bool {
    !matches!(pathway, Pathway::Skills | Pathway::Secular) || aims.contains(&Aim::Sponsor)
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

#[cfg(test)]
mod tests {
    use trellis_api_types::settings::{Aim, Pathway};

    use super::works_in_steps;

    #[test]
    fn pathways_without_steps_leave_step_work_out() {
        assert!(works_in_steps(Pathway::Own, &[]) && works_in_steps(Pathway::TwelveStep, &[Aim::Me]));
        assert!(!works_in_steps(Pathway::Skills, &[Aim::Me]) && !works_in_steps(Pathway::Secular, &[]));
        assert!(works_in_steps(Pathway::Secular, &[Aim::Sponsor]));
    }
}
