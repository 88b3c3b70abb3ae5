//! The plan and the safety plan.

use trellis_api_types::plan::{Goal, Line, LineList, Plan, PlanEdit, PlanGet, PlanSave};
use trellis_api_types::safety::{SafetyEdit, SafetyGet, SafetySave};
use trellis_api_types::{ApiError, Command};
use wasm_bindgen::JsValue;

use super::{Answer, change, put, read, refuse};
use crate::fmt;

pub(super) fn answer(name: &str, args: &JsValue) -> Option<Answer> {
    Some(match name {
        PlanGet::NAME => read(|w| w.plan.clone()),
        PlanSave::NAME => change::<PlanSave>(args, |w, save| edit(&mut w.plan, save.edit)),
        SafetyGet::NAME => read(|w| w.safety.clone()),
        SafetySave::NAME => change::<SafetySave>(args, |w, save| {
            let entries = &mut w.safety.entries;
            match save.edit {
                SafetyEdit::Put(entry) if entry.text.trim().is_empty() => return Err(refuse("empty-text")),
                SafetyEdit::Put(entry) => {
                    let id = entry.id.clone();
                    put(entries, entry, |e| e.id == id);
                }
                SafetyEdit::Remove(id) => entries.retain(|e| e.id != id),
                SafetyEdit::Move { id, before } => shift(entries, |e| &e.id, &id, before.as_deref()),
                SafetyEdit::Reviewed => w.safety.reviewed_on = Some(fmt::today()),
            }
            Ok(())
        }),
        _ => return None,
    })
}

fn edit(plan: &mut Plan, edit: PlanEdit) -> Result<(), ApiError> {
    match edit {
        PlanEdit::OwnWords(words) => {
            plan.own_words = words;
            plan.own_words_on = Some(fmt::today());
        }
        PlanEdit::PutLine { list, line } => {
            let id = line.id.clone();
            put(lines(plan, &list)?, line, |l| l.id == id);
        }
        PlanEdit::RemoveLine { list, id } => lines(plan, &list)?.retain(|l| l.id != id),
        PlanEdit::PutNeed(need) => {
            let id = need.id.clone();
            put(&mut plan.needs, need, |n| n.id == id);
            plan.needs.sort_by_key(|n| (n.done, n.due));
        }
        PlanEdit::RemoveNeed(id) => plan.needs.retain(|n| n.id != id),
        PlanEdit::PutGoal { id, text } => match plan.goals.iter_mut().find(|g| g.id == id) {
            Some(goal) => goal.text = text,
            None => plan.goals.push(Goal { id, text, steps: vec![], helps: vec![], supporters: vec![] }),
        },
        PlanEdit::RemoveGoal(id) => plan.goals.retain(|g| g.id != id),
        PlanEdit::MoveGoal { id, before } => shift(&mut plan.goals, |g| &g.id, &id, before.as_deref()),
        PlanEdit::PutStep { goal, step } => {
            let id = step.id.clone();
            put(&mut find(plan, &goal)?.steps, step, |s| s.id == id);
        }
        PlanEdit::RemoveStep { goal, id } => find(plan, &goal)?.steps.retain(|s| s.id != id),
        PlanEdit::MoveStep { goal, id, before } => {
            shift(&mut find(plan, &goal)?.steps, |s| &s.id, &id, before.as_deref());
        }
    }
    Ok(())
}

fn find<'a>(plan: &'a mut Plan, id: &str) -> Result<&'a mut Goal, ApiError> {
    plan.goals.iter_mut().find(|g| g.id == id).ok_or_else(|| refuse("not-found"))
}

fn lines<'a>(plan: &'a mut Plan, list: &LineList) -> Result<&'a mut Vec<Line>, ApiError> {
    Ok(match list {
        LineList::Strengths => &mut plan.strengths,
        LineList::Helps(id) => &mut find(plan, id)?.helps,
        LineList::Supporters(id) => &mut find(plan, id)?.supporters,
    })
}

fn shift<T>(list: &mut Vec<T>, name: impl Fn(&T) -> &String, id: &str, before: Option<&str>) {
    let Some(from) = list.iter().position(|item| name(item) == id) else { return };
    let item = list.remove(from);
    let to = before.and_then(|b| list.iter().position(|item| name(item) == b)).unwrap_or(list.len());
    list.insert(to, item);
}
