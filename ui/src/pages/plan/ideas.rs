//! First ideas for a goal, by what brings the person here and by pathway. They are offered by name, never put in unasked.

use leptos::prelude::*;
use trellis_api_types::plan::Dimension;
use trellis_api_types::settings::{Aim, Pathway, for_family};

use crate::i18n::t;
use crate::state::state;

type Idea = (&'static str, Dimension);

/// Ideas under a new goal; touching one fills the fields.
#[component]
pub fn GoalIdeas(title: RwSignal<String>, dimension: RwSignal<Dimension>) -> impl IntoView {
    let state = state();
    let chip = move |(words, of): Idea| {
        let fill = move |_| {
            title.set(words.to_owned());
            dimension.set(of);
        };
        view! { <li><button class="chip" type="button" on:click=fill>{words}</button></li> }
    };
    let offered = move || {
        state.settings.with(|settings| {
            settings.as_ref().map_or_else(Vec::new, |it| ideas(it.pathway, &it.aims).to_vec())
        })
    };
    view! {
        <div class="ideas">
            <p class="hint">{t::plan::ideas()}</p>
            <ul class="chips">{move || offered().into_iter().map(chip).collect_view()}</ul>
        </div>
    }
}

fn ideas(pathway: Pathway, aims: &[Aim]) -> [Idea; 3] {
    use Dimension::{Community, Health, Home, Purpose};
    use t::plan as p;
    if for_family(aims) {
        return [(p::idea_family_1(), Home), (p::idea_family_2(), Health), (p::idea_family_3(), Community)];
    }
    match pathway {
        Pathway::Own => [(p::idea_own_1(), Home), (p::idea_own_2(), Health), (p::idea_own_3(), Community)],
        Pathway::TwelveStep => {
            [(p::idea_steps_1(), Community), (p::idea_steps_2(), Community), (p::idea_steps_3(), Purpose)]
        }
        Pathway::Skills => {
            [(p::idea_skills_1(), Health), (p::idea_skills_2(), Purpose), (p::idea_skills_3(), Health)]
        }
        Pathway::Secular => {
            [(p::idea_secular_1(), Home), (p::idea_secular_2(), Community), (p::idea_secular_3(), Purpose)]
        }
        Pathway::Faith => {
            [(p::idea_faith_1(), Community), (p::idea_faith_2(), Purpose), (p::idea_faith_3(), Community)]
        }
        Pathway::Medication => [
            (p::idea_medication_1(), Health),
            (p::idea_medication_2(), Health),
            (p::idea_medication_3(), Community),
        ],
    }
}

#[cfg(test)]
mod tests {
    use trellis_api_types::settings::{Aim, Pathway};

    use super::ideas;

    #[test]
    fn every_pathway_and_family_has_ideas_of_its_own() {
        use Pathway::{Faith, Medication, Own, Secular, Skills, TwelveStep};
        let ways = [Own, TwelveStep, Skills, Secular, Faith, Medication];
        let mut words: Vec<_> =
            ways.iter().flat_map(|way| ideas(*way, &[Aim::Me])).map(|idea| idea.0).collect();
        words.extend(ideas(TwelveStep, &[Aim::Loved]).map(|idea| idea.0));
        let all = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!((words.len(), all), (21, 21));
    }
}
