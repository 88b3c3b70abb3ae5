//! What the first screen picks from the plan and the safety plan.

use chrono::{Days, NaiveDate};
use trellis_api_types::Id;
use trellis_api_types::plan::{Goal, GoalState, Need, Plan, Step, StepState};
use trellis_api_types::safety::{SafetyEntry, SafetyKind, SafetyPart, SafetyPlan};
use trellis_api_types::today::TodayStep;

const MOST_STEPS: usize = 7;
const MOST_NEEDS: usize = 7;
/// Needs are shown this many days ahead.
const AHEAD: Days = Days::new(14);

/// Steps of open goals that are due, begun, without a date, or done today: due ones first, oldest first, done ones last.
pub fn steps(plan: &Plan, done_today: &[Id], today: NaiveDate) -> Vec<TodayStep> {
    let open = plan.goals.iter().filter(|goal| goal.text.state == GoalState::Open);
    let all = open.flat_map(|goal| goal.steps.iter().map(move |step| (goal, step)));
    let mut picked: Vec<_> =
        all.filter_map(|(goal, step)| Some((rank(step, done_today, today)?, goal, step))).collect();
    picked.sort_by_key(|(rank, ..)| *rank);
    picked.truncate(MOST_STEPS);
    picked.into_iter().map(|(_, goal, step)| today_step(goal, step)).collect()
}

/// Where a step stands on Today, or none if it does not.
fn rank(step: &Step, done_today: &[Id], today: NaiveDate) -> Option<(u8, Option<NaiveDate>)> {
    let due = step.due.filter(|due| *due <= today);
    match step.state {
        StepState::Done => done_today.contains(&step.id).then_some((3, None)),
        _ if due.is_some() => Some((0, due)),
        StepState::Doing => Some((1, step.due)),
        StepState::ToDo => step.due.is_none().then_some((2, None)),
    }
}

fn today_step(goal: &Goal, step: &Step) -> TodayStep {
    TodayStep {
        goal: goal.id.clone(),
        goal_title: goal.text.title.clone(),
        dimension: goal.text.dimension,
        step: step.clone(),
    }
}

/// Unmet needs that are due soon, overdue or without a date, in the plan's order: by date, those without one last.
pub fn needs(plan: &Plan, today: NaiveDate) -> Vec<Need> {
    let until = today.checked_add_days(AHEAD).unwrap_or(today);
    let soon = |need: &&Need| !need.done && need.due.is_none_or(|due| due <= until);
    plan.needs.iter().filter(soon).take(MOST_NEEDS).cloned().collect()
}

/// Whether anything is in the plan.
pub fn has_plan(plan: &Plan) -> bool {
    let Plan { own_words, strengths, needs, goals, .. } = plan;
    !(own_words.is_empty() && strengths.is_empty() && needs.is_empty() && goals.is_empty())
}

/// The first person with a number: among those who can help, else anywhere in the safety plan.
pub fn call_first(safety: &SafetyPlan) -> Option<SafetyEntry> {
    let with_number = || safety.entries.iter().filter(|entry| trellis_lines::dialed(&entry.phone).is_some());
    with_number()
        .find(|entry| entry.part == SafetyPart::People)
        .or_else(|| with_number().find(|entry| entry.kind == SafetyKind::Person))
        .cloned()
}
