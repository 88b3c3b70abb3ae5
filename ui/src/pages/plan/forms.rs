//! The forms inside the sheet.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use trellis_api_types::Id;
use trellis_api_types::audience::About;
use trellis_api_types::limits::{LINE, TEXT};
use trellis_api_types::plan::{Dimension, GoalText, Line, LineList, Need, PlanEdit, Step, StepState};

use super::dimension::dimension_words;
use super::edit::Editor;
use super::ideas::GoalIdeas;
use crate::components::{Area, DayField, DayInput, EditForm, Field, Seg, Words, draft_name, typed};
use crate::i18n::t;
use crate::pages::audience::SeenBy;

/// A need: what, more, by when.
#[component]
pub fn NeedForm(need: Need, new: bool, editor: Editor) -> impl IntoView {
    let text = Words::new(&need.text);
    let detail = RwSignal::new(need.detail.clone());
    let due = DayInput::new(need.due);
    let id = need.id.clone();
    let draft = draft_name("need", new, &id);
    let save = move || {
        let Some((text, due)) = text.given().zip(due.finish_any().ok()) else { return };
        let put = Need { text, detail: typed(detail), due, ..need.clone() };
        let said = if new { t::plan::said_need_added() } else { t::plan::saved() };
        editor.save(PlanEdit::PutNeed(put), said, || ());
    };
    let remove = move || editor.save(PlanEdit::RemoveNeed(id.clone()), t::plan::said_removed(), || ());
    view! {
        <EditForm on_save=save on_remove=remove remove_words=removable(new, t::plan::need_remove()) draft>
            <Field id="edit-text" label=t::plan::need_text() value=text.value error=text.error max=LINE />
            <Field id="edit-detail" label=t::plan::detail() hint=t::plan::optional() value=detail max=TEXT />
            <DayField id="edit-due" label=t::plan::due() hint=t::plan::optional() value=due />
        </EditForm>
    }
}

/// A goal: what, why, and its part of life. A new goal is opened at once, for its first step.
#[component]
pub fn GoalForm(id: Id, text: GoalText, new: bool, editor: Editor) -> impl IntoView {
    let title = Words::new(&text.title);
    let reason = RwSignal::new(text.reason.clone());
    let dimension = RwSignal::new(text.dimension);
    let navigate = StoredValue::new(use_navigate());
    let go = move |place: String| navigate.with_value(|go| go(&place, Default::default()));
    let removed = id.clone();
    let draft = draft_name("goal", new, &id);
    let seen = StoredValue::new(id.clone());
    let save = move || {
        let Some(title) = title.given() else { return };
        let text = GoalText { dimension: dimension.get(), title, reason: typed(reason), state: text.state };
        let said = if new { t::plan::said_goal_added() } else { t::plan::saved() };
        let place = format!("/plan/goal/{id}");
        let put = PlanEdit::PutGoal { id: id.clone(), text };
        editor.save(put, said, move || {
            if new {
                go(place)
            }
        });
    };
    let remove = move || {
        let remove = PlanEdit::RemoveGoal(removed.clone());
        editor.save(remove, t::plan::said_goal_removed(), move || go("/plan".to_owned()));
    };
    let dimensions = Dimension::ALL.map(|d| (d, dimension_words(d))).to_vec();
    let about = Signal::derive(move || About::Goal { id: seen.get_value(), dimension: dimension.get() });
    view! {
        <EditForm on_save=save on_remove=remove remove_words=removable(new, t::plan::goal_remove()) draft>
            <SeenBy about />
            <Field id="edit-text" label=t::plan::goal_title() hint=t::plan::goal_title_hint() value=title.value error=title.error max=LINE />
            {new.then(|| view! { <GoalIdeas title=title.value dimension /> })}
            <Area id="edit-reason" label=t::plan::goal_reason() hint=t::plan::optional() value=reason rows=2 max=TEXT />
            <fieldset class="two-by-two">
                <legend class="field-name">{t::plan::goal_dimension()}</legend>
                <Seg name="edit-dimension" options=dimensions value=Signal::derive(move || Some(dimension.get())) on_change=move |d| dimension.set(d) />
            </fieldset>
        </EditForm>
    }
}

/// A step: what, more, by when, and how it stands.
#[component]
pub fn StepForm(goal: Id, step: Step, new: bool, editor: Editor) -> impl IntoView {
    let text = Words::new(&step.text);
    let detail = RwSignal::new(step.detail.clone());
    let due = DayInput::new(step.due);
    let stands = RwSignal::new(step.state);
    let draft = draft_name(&format!("step/{goal}"), new, &step.id);
    let removed = PlanEdit::RemoveStep { goal: goal.clone(), id: step.id.clone() };
    let save = move || {
        let Some((text, due)) = text.given().zip(due.finish_any().ok()) else { return };
        let step = Step { text, detail: typed(detail), due, state: stands.get(), ..step.clone() };
        let said = if new { t::plan::said_step_added() } else { t::plan::saved() };
        editor.save(PlanEdit::PutStep { goal: goal.clone(), step }, said, || ());
    };
    let remove = move || editor.save(removed.clone(), t::plan::said_step_removed(), || ());
    let states = vec![
        (StepState::ToDo, t::plan::step_todo()),
        (StepState::Doing, t::plan::step_doing()),
        (StepState::Done, t::plan::step_done()),
    ];
    view! {
        <EditForm on_save=save on_remove=remove remove_words=removable(new, t::plan::step_remove()) draft>
            <Field id="edit-text" label=t::plan::step_text() value=text.value error=text.error max=LINE />
            <Field id="edit-detail" label=t::plan::detail() hint=t::plan::optional() value=detail max=TEXT />
            <DayField id="edit-due" label=t::plan::due() hint=t::plan::optional() value=due />
            <fieldset>
                <legend class="field-name">{t::plan::step_state()}</legend>
                <Seg name="edit-state" options=states value=Signal::derive(move || Some(stands.get())) on_change=move |s| stands.set(s) />
            </fieldset>
        </EditForm>
    }
}

/// One line: a strength, what helps, or who helps.
#[component]
pub fn LineForm(list: LineList, line: Line, new: bool, editor: Editor) -> impl IntoView {
    let text = Words::new(&line.text);
    let (label, hint) = match list {
        LineList::Strengths => (t::plan::strength_text(), t::plan::strengths_ask()),
        LineList::Helps(_) => (t::plan::help_text(), t::plan::helps_empty()),
        LineList::Supporters(_) => (t::plan::supporter_text(), t::plan::supporters_note()),
    };
    let draft = draft_name(&format!("line/{list:?}"), new, &line.id);
    let removed = PlanEdit::RemoveLine { list: list.clone(), id: line.id.clone() };
    let save = move || {
        let Some(text) = text.given() else { return };
        let put = PlanEdit::PutLine { list: list.clone(), line: Line { text, ..line.clone() } };
        editor.save(put, if new { t::plan::said_added() } else { t::plan::saved() }, || ());
    };
    let remove = move || editor.save(removed.clone(), t::plan::said_removed(), || ());
    view! {
        <EditForm on_save=save on_remove=remove remove_words=removable(new, t::plan::line_remove()) draft>
            <Field id="edit-text" label hint value=text.value error=text.error max=LINE />
        </EditForm>
    }
}

/// Why, in own words; may be emptied.
#[component]
pub fn OwnWordsForm(words: String, editor: Editor) -> impl IntoView {
    let words = RwSignal::new(words);
    let save = move || editor.save(PlanEdit::OwnWords(typed(words)), t::plan::saved(), || ());
    view! {
        <EditForm on_save=save on_remove=|| () remove_words=None draft="own-words".to_owned()>
            <Area id="edit-text" label=t::plan::why_label() hint=t::plan::why_ask() value=words max=TEXT />
        </EditForm>
    }
}

fn removable(new: bool, words: &'static str) -> Option<&'static str> {
    (!new).then_some(words)
}
