//! One thing that was shared, exactly as it was sent.

use leptos::prelude::*;
use trellis_api_types::checkin::{Halt, Medication, Use};
use trellis_api_types::circle::{PostKind, SharedStep, What};
use trellis_api_types::plan::StepState;

use super::sentence::day_words;
use crate::components::{Icon, icon, mood_words, sprout};
use crate::pages::journey::length_words;
use crate::pages::plan::{dimension_mark, dimension_words};
use crate::{fmt, i18n::t};

/// A row without anything to touch.
pub fn item(what: What, only_here: bool) -> AnyView {
    let tag = only_here.then(|| view! { <span class="tag lit">{t::sharing::only_here()}</span> });
    let said = said(&what);
    let lines = said.lines.into_iter().filter(|line| !line.is_empty());
    let own = said.own.into_iter().filter(|words| !words.is_empty());
    view! {
        <li class="row topped">
            {mark(&what)}
            <span class="body">
                <span class="name">{said.name}</span>
                {lines.map(|line| view! { <span class="sub">{line}</span> }).collect_view()}
                {own.map(|words| view! { <span class="second own-text">{words}</span> }).collect_view()}
            </span>
            {tag}
        </li>
    }
    .into_any()
}

/// What a row says: a name, our words under it, and the person's own.
#[derive(Default)]
struct Said {
    name: String,
    lines: Vec<String>,
    own: Vec<String>,
}

fn mark(what: &What) -> AnyView {
    let plain = |class: &'static str, mark: Icon| view! { <span class=class>{icon(mark)}</span> }.into_any();
    match what {
        What::CheckIn { mood: Some(mood), .. } => {
            view! { <span class="mark sprouted">{sprout(*mood)}</span> }.into_any()
        }
        What::CheckIn { mood: None, .. } => plain("mark", Icon::NOTE_PENCIL),
        What::Goal { dimension, .. } => dimension_mark(*dimension).into_any(),
        What::Milestone { .. } => plain("mark plum", Icon::PATH),
        What::Post { .. } => plain("mark dusk", Icon::CHAT_CIRCLE_TEXT),
        What::Work { .. } => plain("mark dusk", Icon::NOTEBOOK),
        What::Weekly { .. } => plain("mark clay", Icon::LIST_CHECKS),
    }
}

fn said(what: &What) -> Said {
    match what {
        What::CheckIn { .. } => checkin(what),
        What::Milestone { on, days, text } => Said {
            name: length_words(*days),
            lines: vec![t::sharing::milestone_reached(day_words(*on))],
            own: text.iter().cloned().collect(),
        },
        What::Goal { dimension, title, reason, steps, .. } => Said {
            name: title.clone(),
            lines: std::iter::once(dimension_words(*dimension).to_owned())
                .chain(steps.iter().map(step))
                .collect(),
            own: reason.iter().cloned().collect(),
        },
        What::Post { kind, text } => {
            Said { name: post(*kind).to_owned(), own: vec![text.clone()], ..Said::default() }
        }
        What::Work { worksheet, question, text } => {
            Said { name: question.clone(), lines: vec![worksheet.clone()], own: vec![text.clone()] }
        }
        What::Weekly { week, fields } => Said {
            name: t::sharing::week_of(fmt::date(*week)),
            own: fields.iter().map(|(question, answer)| format!("{question} {answer}")).collect(),
            ..Said::default()
        },
    }
}

fn post(kind: PostKind) -> &'static str {
    match kind {
        PostKind::Victory => t::sharing::victory(),
        PostKind::Setback => t::sharing::setback(),
    }
}

fn step(step: &SharedStep) -> String {
    let state = match step.state {
        StepState::ToDo => None,
        StepState::Doing => Some(t::sharing::step_doing().to_owned()),
        StepState::Done => Some(t::sharing::step_done().to_owned()),
    };
    let due =
        step.due.filter(|_| step.state != StepState::Done).map(|due| t::sharing::step_by(fmt::date(due)));
    std::iter::once(step.text.clone()).chain(state).chain(due).collect::<Vec<_>>().join(" · ")
}

fn checkin(what: &What) -> Said {
    let What::CheckIn { date, time, mood, note, meeting, .. } = what else { return Said::default() };
    let mood = mood.map(|mood| mood_words(mood).to_owned());
    let facts: Vec<_> = mood.into_iter().chain(facts(what)).collect();
    let meeting = meeting.as_ref().map(t::sharing::meeting);
    Said {
        name: t::sharing::checkin_on(fmt::date(*date), fmt::time(*time)),
        lines: std::iter::once(facts.join(" · ")).chain(meeting).collect(),
        own: note.iter().cloned().collect(),
    }
}

/// Short answers of a check-in, those that were sent.
fn facts(what: &What) -> Vec<String> {
    let What::CheckIn { urge, halt, used, medication, .. } = what else { return vec![] };
    let urge = urge.map(|urge| t::day::urge(urge.into()));
    let halt = halt.iter().map(|halt| match halt {
        Halt::Hungry => t::checkin::hungry(),
        Halt::Angry => t::checkin::angry(),
        Halt::Lonely => t::checkin::lonely(),
        Halt::Tired => t::checkin::tired(),
    });
    let used = used.map(|used| match used {
        Use::NotUsed => t::day::not_used(),
        Use::Used => t::day::used(),
        Use::RatherNotSay => t::checkin::rather_not_say(),
    });
    let medication = medication.map(|taken| match taken {
        Medication::Taken => t::day::medication_taken(),
        Medication::NotYet => t::day::medication_not_yet(),
        Medication::Skipped => t::day::medication_skipped(),
    });
    urge.into_iter().chain(halt.chain(used).chain(medication).map(str::to_owned)).collect()
}
