//! Check-ins, Today and the journey.

use chrono::{Days, NaiveDate};
use trellis_api_types::Command;
use trellis_api_types::checkin::{CheckInDelete, CheckInGet, CheckInList, CheckInSave, Use};
use trellis_api_types::journey::{Figures, Journey, JourneyGet, Milestone};
use trellis_api_types::plan::StepState;
use trellis_api_types::today::{DayMark, Today, TodayGet, TodayStep};
use wasm_bindgen::JsValue;

use super::{Answer, World, change, need, on, put, read, refuse};
use crate::fmt;

pub(super) fn answer(name: &str, args: &JsValue) -> Option<Answer> {
    Some(match name {
        TodayGet::NAME => read(today),
        CheckInGet::NAME => on::<CheckInGet>(args, |w, get| {
            w.checkins.iter().find(|c| c.id == get.id).cloned().ok_or_else(|| refuse("not-found"))
        }),
        CheckInList::NAME => on::<CheckInList>(args, |w, list| {
            let mut found: Vec<_> =
                w.checkins.iter().filter(|c| (list.from..=list.to).contains(&c.date)).cloned().collect();
            found.sort_by_key(|c| std::cmp::Reverse((c.date, c.time)));
            Ok(found)
        }),
        CheckInSave::NAME => change::<CheckInSave>(args, |w, save| {
            let there = w.checkins.iter().any(|c| c.id == save.checkin.id && c.date == save.checkin.date);
            if save.checkin.date > fmt::today() && !there {
                return Err(refuse("bad-date"));
            }
            let id = save.checkin.id.clone();
            put(&mut w.checkins, save.checkin, |c| c.id == id);
            Ok(())
        }),
        CheckInDelete::NAME => change::<CheckInDelete>(args, |w, delete| {
            w.checkins.retain(|c| c.id != delete.id);
            Ok(())
        }),
        JourneyGet::NAME => on::<JourneyGet>(args, |w, get| Ok(journey(w, get.from, get.to))),
        _ => return None,
    })
}

fn mark(w: &World, date: NaiveDate) -> DayMark {
    let mut of_day: Vec<_> = w.checkins.iter().filter(|c| c.date == date).collect();
    of_day.sort_by_key(|c| c.time);
    DayMark {
        date,
        mood: of_day.last().map(|c| c.mood),
        urge: of_day.iter().filter_map(|c| c.urge).max(),
        returned: of_day.iter().any(|c| c.used == Some(Use::Used)),
        count: u16::try_from(of_day.len()).unwrap_or(u16::MAX),
    }
}

fn today(w: &World) -> Today {
    let date = fmt::today();
    let steps = w.plan.goals.iter().flat_map(|goal| {
        goal.steps.iter().filter(move |s| s.due.is_none_or(|due| due <= date)).map(|step| TodayStep {
            goal: goal.id.clone(),
            goal_title: goal.text.title.clone(),
            dimension: goal.text.dimension,
            step: step.clone(),
        })
    });
    Today {
        own_call: need::need(w).call,
        calls: need::calls(w),
        date,
        hour: 8,
        name: w.settings.name.clone(),
        week: (0..7)
            .rev()
            .filter_map(|back| date.checked_sub_days(Days::new(back)))
            .map(|d| mark(w, d))
            .collect(),
        checked_in: w.checkins.iter().filter(|c| c.date == date).map(|c| (c.id.clone(), c.time)).collect(),
        steps: steps
            .filter(|s| s.step.state != StepState::Done || s.step.due == Some(date))
            .take(7)
            .collect(),
        needs: w.plan.needs.iter().filter(|n| !n.done).take(7).cloned().collect(),
        has_plan: !(w.plan.goals.is_empty() && w.plan.needs.is_empty() && w.plan.own_words.is_empty()),
        days: journey(w, date, date).figures.map(|it| it.total_days).filter(|_| w.settings.days_on_today),
        own_words: w
            .plan
            .own_words_on
            .map(|on| (w.plan.own_words.clone(), on))
            .filter(|(words, _)| !words.is_empty()),
        phrase_pending: w.phrase_pending,
        call_first: w
            .safety
            .entries
            .iter()
            .find(|e| e.part == trellis_api_types::safety::SafetyPart::People && !e.phone.is_empty())
            .cloned(),
    }
}

fn journey(w: &World, from: NaiveDate, to: NaiveDate) -> Journey {
    let today = fmt::today();
    let days_since = |d: NaiveDate| u32::try_from((today - d).num_days()).unwrap_or(0);
    let last_use = w.checkins.iter().filter(|c| c.used == Some(Use::Used)).map(|c| c.date).max();
    let figures = w.settings.recovery_start.map(|start| Figures {
        start,
        total_days: days_since(start).saturating_sub(3),
        current_run: days_since(last_use.unwrap_or(start)),
        best_run: 412,
    });
    let milestones = w.settings.recovery_start.map_or(Vec::new(), |start| {
        [30_u32, 90, 365, 730, 1000]
            .into_iter()
            .filter_map(|days| {
                let date = start.checked_add_days(Days::new(days.into()))?;
                Some(Milestone { days, date, reached: date <= today })
            })
            .collect()
    });
    Journey {
        figures,
        days: from.iter_days().take_while(|d| *d <= to).take(400).map(|d| mark(w, d)).collect(),
        milestones,
        first_checkin: w.checkins.iter().map(|c| c.date).min(),
        today,
    }
}
