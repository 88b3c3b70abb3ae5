//! What an entry says, as far as its author shared it.

use chrono::{NaiveDate, NaiveTime};
use leptos::prelude::*;
use trellis_api_types::Millis;
use trellis_api_types::checkin::Mood;
use trellis_api_types::circle::{PostKind, SharedStep, What};
use trellis_api_types::plan::StepState;

use crate::components::{Icon, icon, mood_words, sprout};
use crate::pages::day::facts_of;
use crate::pages::journey::length_words;
use crate::{fmt, i18n::t};

/// When it was: what is about an hour says that hour by its author's clock, which a reader far away does not share.
pub fn when(what: &What, at: Millis) -> String {
    match by_own_clock(what) {
        Some((date, Some(time))) => format!("{}, {}", fmt::date(date), fmt::time(time)),
        Some((date, None)) => fmt::date(date),
        None => fmt::ago(at),
    }
}

/// Day and hour that it is about, by its author's clock; none where only the moment of writing is known.
fn by_own_clock(what: &What) -> Option<(NaiveDate, Option<NaiveTime>)> {
    match what {
        What::CheckIn { date, time, .. } => Some((*date, Some(*time))),
        What::Milestone { on, .. } => Some((*on, None)),
        _ => None,
    }
}

/// A line of facts, then own words.
pub fn said(what: &What) -> AnyView {
    match what {
        What::CheckIn { mood, urge, halt, used, medication, note, meeting, .. } => {
            let facts = facts_of(*urge, halt, *used, *medication);
            view! { {facts_line(*mood, facts, meeting.iter().cloned().collect())}{own(note.as_deref())} }.into_any()
        }
        What::Milestone { days, text, .. } => {
            let tag = view! { <span class="tag leaf">{icon(Icon::CHECK)}{t::space::milestone(length_words(*days))}</span> };
            view! { <p class="e-line">{tag}</p>{own(text.as_deref())} }.into_any()
        }
        What::Goal { title, reason, steps, .. } => goal(title, reason.as_deref(), steps),
        What::Post { kind, text } => view! { <p class="e-line">{post_tag(*kind)}</p>{own(Some(text))} }.into_any(),
        What::Work { worksheet, question, text } => {
            view! { <p class="e-line"><span class="tag plum">{worksheet.clone()}</span></p><p class="second">{question.clone()}</p>{own(Some(text))} }
                .into_any()
        }
        What::Weekly { week, fields } => weekly(*week, fields),
    }
}

fn facts_line(mood: Option<Mood>, facts: Vec<String>, tags: Vec<String>) -> Option<AnyView> {
    let mood = mood.map(|mood| view! { {sprout(mood)} <span>{mood_words(mood)}</span> });
    let any = mood.is_some() || !facts.is_empty() || !tags.is_empty();
    let facts = facts.into_iter().map(|fact| view! { <span class="u">{fact}</span> }).collect_view();
    let tags = tags.into_iter().map(|tag| view! { <span class="tag">{tag}</span> }).collect_view();
    any.then(|| view! { <p class="e-line">{mood}{facts}{tags}</p> }.into_any())
}

/// Own words, as they were written.
fn own(text: Option<&str>) -> Option<AnyView> {
    text.map(|text| view! { <p class="e-own">{text.to_owned()}</p> }.into_any())
}

fn goal(title: &str, reason: Option<&str>, steps: &[SharedStep]) -> AnyView {
    let done = steps.iter().filter(|step| step.state == StepState::Done).count();
    let steps = (!steps.is_empty())
        .then(|| view! { <span class="u">{t::space::steps_done(steps.len(), done)}</span> });
    view! {
        <p class="e-line"><span class="tag">{icon(Icon::LIST_CHECKS)}{t::common::plan()}</span>{steps}</p>
        <p class="e-own">{title.to_owned()}</p>
        {reason.map(|reason| view! { <p class="second">{reason.to_owned()}</p> })}
    }
    .into_any()
}

fn post_tag(kind: PostKind) -> AnyView {
    match kind {
        PostKind::Victory => {
            view! { <span class="tag leaf">{icon(Icon::SPARKLE)}{t::space::victory()}</span> }.into_any()
        }
        PostKind::Setback => {
            view! { <span class="tag dusk">{icon(Icon::CHAT_CIRCLE_TEXT)}{t::space::setback()}</span> }
                .into_any()
        }
    }
}

fn weekly(week: NaiveDate, fields: &[(String, String)]) -> AnyView {
    let one = |(question, text): &(String, String)| view! { <div><dt class="hint">{question.clone()}</dt><dd>{text.clone()}</dd></div> };
    view! {
        <p class="e-line"><span class="tag">{icon(Icon::CLIPBOARD_TEXT)}{t::space::weekly_of(fmt::date(week))}</span></p>
        <dl class="e-fields">{fields.iter().map(one).collect_view()}</dl>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_in_and_a_milestone_go_by_the_clock_of_who_wrote_them() {
        let (date, time) = (NaiveDate::MIN, NaiveTime::MIN);
        let checkin = What::CheckIn {
            date,
            time,
            mood: None,
            urge: None,
            halt: Vec::new(),
            used: None,
            medication: None,
            note: None,
            meeting: None,
        };
        assert_eq!(by_own_clock(&checkin), Some((date, Some(time))));
        let milestone = What::Milestone { on: date, days: 30, text: None };
        assert_eq!(by_own_clock(&milestone), Some((date, None)));
        let post = What::Post { kind: PostKind::Victory, text: "Ten days".to_owned() };
        assert_eq!(by_own_clock(&post), None);
    }
}
