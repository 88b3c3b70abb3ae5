//! The recovery plan as a document.

use chrono::NaiveDate;
use trellis_api_types::Id;
use trellis_api_types::plan::{
    Dimension, Goal, GoalText, Line, LineList, Need, Plan, PlanEdit, Step, StepState,
};

use super::edit::{Edit, Thing};
use super::node::Node;
use super::{Doc, order};
use crate::error::Result;

const GOALS: &str = "goals";
const NEEDS: &str = "needs";
const STRENGTHS: &str = "strengths";
const STEPS: &str = "steps";
const HELPS: &str = "helps";
const SUPPORTERS: &str = "supporters";

/// Makes one change of the plan on the day `today`. Error: `not-found`.
pub fn write_plan(edit: &mut Edit<'_>, change: &PlanEdit, today: NaiveDate) -> Result<()> {
    let root = edit.root();
    match change {
        PlanEdit::OwnWords(words) => write_own_words(edit, words, today),
        PlanEdit::PutLine { list, line } => write_line(edit, list, line),
        PlanEdit::RemoveLine { list, id } => remove_line(edit, list, id),
        PlanEdit::PutNeed(need) => write_need(edit, need),
        PlanEdit::RemoveNeed(id) => remove(edit, &root, NEEDS, id),
        PlanEdit::PutGoal { id, text } => write_goal(edit, id, text),
        PlanEdit::RemoveGoal(id) => remove(edit, &root, GOALS, id),
        PlanEdit::MoveGoal { id, before } => move_goal(edit, id, before.as_deref()),
        PlanEdit::PutStep { goal, step } => write_step(edit, goal, step, today),
        PlanEdit::RemoveStep { goal, id } => {
            let goal = edit.find_present(&root, GOALS, goal)?;
            remove(edit, &goal, STEPS, id)
        }
        PlanEdit::MoveStep { goal, id, before } => move_step(edit, goal, id, before.as_deref()),
    }
}

fn write_own_words(edit: &mut Edit<'_>, words: &String, today: NaiveDate) -> Result<()> {
    let root = edit.root();
    edit.set(&root, "own_words", words)?;
    if edit.wrote() { edit.set(&root, "own_words_on", &today) } else { Ok(()) }
}

/// The thing a list belongs to, and the list's name.
fn holder(edit: &Edit<'_>, list: &LineList) -> Result<(Thing, &'static str)> {
    let root = edit.root();
    match list {
        LineList::Strengths => Ok((root, STRENGTHS)),
        LineList::Helps(goal) => Ok((edit.find_present(&root, GOALS, goal)?, HELPS)),
        LineList::Supporters(goal) => Ok((edit.find_present(&root, GOALS, goal)?, SUPPORTERS)),
    }
}

fn write_line(edit: &mut Edit<'_>, list: &LineList, line: &Line) -> Result<()> {
    let (parent, name) = holder(edit, list)?;
    let thing = put(edit, &parent, name, &line.id, &[])?;
    edit.set(&thing, "text", &line.text)?;
    keep(edit, &thing, &parent, name)
}

fn remove_line(edit: &mut Edit<'_>, list: &LineList, id: &str) -> Result<()> {
    let (parent, name) = holder(edit, list)?;
    remove(edit, &parent, name, id)
}

fn write_need(edit: &mut Edit<'_>, need: &Need) -> Result<()> {
    let root = edit.root();
    let thing = put(edit, &root, NEEDS, &need.id, &[])?;
    edit.set(&thing, "text", &need.text)?;
    edit.set(&thing, "detail", &need.detail)?;
    edit.set(&thing, "due", &need.due)?;
    edit.set(&thing, "done", &need.done)?;
    edit.keep(&thing)
}

fn write_goal(edit: &mut Edit<'_>, id: &str, text: &GoalText) -> Result<()> {
    let root = edit.root();
    let thing = put(edit, &root, GOALS, id, &[STEPS, HELPS, SUPPORTERS])?;
    edit.set(&thing, "dimension", &text.dimension)?;
    edit.set(&thing, "title", &text.title)?;
    edit.set(&thing, "reason", &text.reason)?;
    edit.set(&thing, "state", &text.state)?;
    edit.keep(&thing)
}

/// The day a step was done is kept beside it, so that Today can show what was done today.
fn write_step(edit: &mut Edit<'_>, goal: &str, step: &Step, today: NaiveDate) -> Result<()> {
    let goal = edit.find_present(&edit.root(), GOALS, goal)?;
    let thing = put(edit, &goal, STEPS, &step.id, &[])?;
    let was_done = edit.get(&thing, "state") == Some(StepState::Done);
    edit.set(&thing, "text", &step.text)?;
    edit.set(&thing, "detail", &step.detail)?;
    edit.set(&thing, "due", &step.due)?;
    edit.set(&thing, "state", &step.state)?;
    match (was_done, step.state == StepState::Done) {
        (false, true) => edit.set(&thing, "done_on", &Some(today))?,
        (true, false) => edit.set(&thing, "done_on", &None::<NaiveDate>)?,
        _ => {}
    }
    keep(edit, &thing, &goal, STEPS)
}

fn move_goal(edit: &mut Edit<'_>, id: &str, before: Option<&str>) -> Result<()> {
    let root = edit.root();
    let goal = edit.find_present(&root, GOALS, id)?;
    order::move_before(edit, &root, GOALS, (id, before), |_| true)?;
    edit.keep(&goal)
}

fn move_step(edit: &mut Edit<'_>, goal: &str, id: &str, before: Option<&str>) -> Result<()> {
    let goal = edit.find_present(&edit.root(), GOALS, goal)?;
    let step = edit.find_present(&goal, STEPS, id)?;
    order::move_before(edit, &goal, STEPS, (id, before), |_| true)?;
    keep(edit, &step, &goal, STEPS)
}

/// The thing of that id; a new one goes to the end.
fn put(edit: &mut Edit<'_>, parent: &Thing, collection: &str, id: &str, inner: &[&str]) -> Result<Thing> {
    let thing = edit.find_or_make(parent, collection, id, inner)?;
    if thing.fresh() {
        order::append(edit, parent, collection, &thing)?;
    }
    Ok(thing)
}

/// An edit inside a goal keeps the goal too. Strengths belong to the document, which is always there.
fn keep(edit: &mut Edit<'_>, thing: &Thing, parent: &Thing, collection: &str) -> Result<()> {
    edit.keep(thing)?;
    if collection == STRENGTHS { Ok(()) } else { edit.keep(parent) }
}

fn remove(edit: &mut Edit<'_>, parent: &Thing, collection: &str, id: &str) -> Result<()> {
    let thing = edit.find(parent, collection, id)?;
    edit.remove(&thing)
}

/// The whole plan, each list in the person's order.
pub fn read_plan(doc: &Doc) -> Plan {
    let root = doc.root();
    Plan {
        own_words: root.or_default("own_words"),
        own_words_on: root.or_default("own_words_on"),
        strengths: lines(&root, STRENGTHS),
        needs: order::sorted(&root, NEEDS).into_iter().map(need).collect(),
        goals: order::sorted(&root, GOALS).into_iter().map(goal).collect(),
    }
}

/// Ids of the goals that were taken away.
pub fn gone_goals(doc: &Doc) -> Vec<Id> {
    doc.root().gone(GOALS)
}

/// Ids of the steps that were done on `day`.
pub fn read_steps_done(doc: &Doc, day: NaiveDate) -> Vec<Id> {
    let goals = doc.root().things(GOALS);
    let steps = goals.iter().flat_map(|(_, goal)| goal.things(STEPS));
    steps.filter(|(_, step)| step.get("done_on") == Some(Some(day))).map(|(id, _)| id).collect()
}

fn lines(node: &Node<'_>, collection: &str) -> Vec<Line> {
    let sorted = order::sorted(node, collection).into_iter();
    sorted.map(|(id, line)| Line { id, text: line.or_default("text") }).collect()
}

fn need((id, node): (String, Node<'_>)) -> Need {
    Need {
        id,
        text: node.or_default("text"),
        detail: node.or_default("detail"),
        due: node.or_default("due"),
        done: node.or_default("done"),
    }
}

fn goal((id, node): (String, Node<'_>)) -> Goal {
    let text = GoalText {
        dimension: node.get("dimension").unwrap_or(Dimension::Health),
        title: node.or_default("title"),
        reason: node.or_default("reason"),
        state: node.or_default("state"),
    };
    Goal {
        id,
        text,
        steps: order::sorted(&node, STEPS).into_iter().map(step).collect(),
        helps: lines(&node, HELPS),
        supporters: lines(&node, SUPPORTERS),
    }
}

fn step((id, node): (String, Node<'_>)) -> Step {
    Step {
        id,
        text: node.or_default("text"),
        detail: node.or_default("detail"),
        due: node.or_default("due"),
        state: node.or_default("state"),
    }
}
