//! Forms with a day and a time: meetings, and calls agreed on.

use chrono::{NaiveDate, NaiveTime};
use leptos::prelude::*;
use trellis_api_types::circle::{AgreedCall, CircleEdit, Meeting, MonthWeek};
use trellis_api_types::limits::LINE;

use super::super::edit::Editor;
use crate::components::{DayField, DayInput, EditForm, Field, Words, typed};
use crate::{fmt, i18n::t, zone};

/// A day and a time that are typed.
#[derive(Clone, Copy)]
struct When {
    day: DayInput,
    time: Words,
}

impl When {
    fn new(day: NaiveDate, time: NaiveTime) -> Self {
        Self { day: DayInput::new(Some(day)), time: Words::new(&time.format("%H:%M").to_string()) }
    }

    /// Both, or nothing where one is missing; the field then says so.
    fn given(self) -> Option<(NaiveDate, NaiveTime)> {
        let day = self.day.needed(t::together::day_missing());
        let time =
            self.time.value.with_untracked(|time| NaiveTime::parse_from_str(time.get(..5)?, "%H:%M").ok());
        self.time.error.set(time.is_none().then(|| t::together::time_missing().to_owned()));
        day.zip(time)
    }
}

/// A meeting: what, when, where, how often.
#[component]
pub fn MeetingForm(meeting: Meeting, new: bool, editor: Editor) -> impl IntoView {
    let title = Words::new(&meeting.title);
    let when = When::new(meeting.date, meeting.time);
    let place = RwSignal::new(meeting.place.clone());
    let again = RwSignal::new(Again::of(&meeting));
    // The day and the time stay those of the place where it was written down.
    let zone = if meeting.zone.is_empty() { zone::here() } else { meeting.zone.clone() };
    let elsewhere = (zone != zone::here()).then(|| t::together::meeting_zone(zone::city(&zone)));
    let (id, removed) = (meeting.id.clone(), meeting.id);
    let draft = editor.draft("meeting", new, &id);
    let save = move || {
        let Some((title, (date, time))) = title.given().zip(when.given()) else { return };
        let meeting = Meeting {
            id: id.clone(),
            title,
            date,
            time,
            place: typed(place),
            every_days: again.get_untracked().days(),
            every_month: again.get_untracked().month(),
            zone: zone.clone(),
            at: None,
        };
        editor.save(CircleEdit::PutMeeting(meeting), t::space::said_saved());
    };
    let remove = move || editor.save(CircleEdit::RemoveMeeting(removed.clone()), t::space::said_removed());
    view! {
        <EditForm on_save=save on_remove=remove remove_words=(!new).then(t::together::remove) draft>
            <Field id="edit-text" label=t::together::meeting_title() value=title.value error=title.error max=LINE />
            <div class="two-fields">
                <DayField id="edit-day" label=t::together::meeting_date() value=when.day />
                <Field id="edit-time" label=t::together::meeting_time() value=when.time.value error=when.time.error kind="time" />
            </div>
            {elsewhere.map(|words| view! { <p class="hint">{words}</p> })}
            <Field id="edit-place" label=t::together::meeting_place() hint=t::together::meeting_place_hint() value=place max=LINE />
            {how_often(again, when.day)}
        </EditForm>
    }
}

/// How often a meeting comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Again {
    Days(u8),
    Month(MonthWeek),
}

impl Again {
    fn of(meeting: &Meeting) -> Self {
        meeting.every_month.map_or(Self::Days(meeting.every_days), Self::Month)
    }

    fn days(self) -> u8 {
        if let Self::Days(days) = self { days } else { 0 }
    }

    fn month(self) -> Option<MonthWeek> {
        if let Self::Month(week) = self { Some(week) } else { None }
    }

    /// What can be chosen for a meeting on that day. What was chosen for another day becomes what that day is.
    fn choices(day: Option<NaiveDate>) -> Vec<Self> {
        let weeks = day.map(MonthWeek::of).unwrap_or_default();
        [0, 7, 14, 28].map(Self::Days).into_iter().chain(weeks.into_iter().map(Self::Month)).collect()
    }

    fn fitting(self, day: Option<NaiveDate>) -> Self {
        let choices = Self::choices(day);
        let month = choices.iter().rfind(|choice| matches!(choice, Self::Month(_)));
        match self {
            Self::Month(_) if !choices.contains(&self) => month.copied().unwrap_or(self),
            _ => self,
        }
    }

    fn words(self, day: Option<NaiveDate>) -> String {
        let weekday = day.map(fmt::weekday_inside).unwrap_or_default();
        match self {
            Self::Days(7) => t::together::every_7().to_owned(),
            Self::Days(14) => t::together::every_14().to_owned(),
            Self::Days(28) => t::together::every_28().to_owned(),
            Self::Days(_) => t::together::every_0().to_owned(),
            Self::Month(MonthWeek::First) => t::together::month_first(weekday),
            Self::Month(MonthWeek::Second) => t::together::month_second(weekday),
            Self::Month(MonthWeek::Third) => t::together::month_third(weekday),
            Self::Month(MonthWeek::Fourth) => t::together::month_fourth(weekday),
            Self::Month(MonthWeek::Last) => t::together::month_last(weekday),
        }
    }
}

fn how_often(again: RwSignal<Again>, day: DayInput) -> impl IntoView {
    let day = Memo::new(move |_| day.read().ok().flatten());
    Effect::new(move || {
        let fitting = again.get().fitting(day.get());
        if fitting != again.get_untracked() {
            again.set(fitting);
        }
    });
    let one = move |choice: Again| {
        let chosen = move || again.get() == choice;
        view! { <option value=format!("{choice:?}") prop:selected=chosen>{move || choice.words(day.get())}</option> }
    };
    let choose = move |event| {
        let chosen = event_target_value(&event);
        if let Some(choice) =
            Again::choices(day.get_untracked()).into_iter().find(|one| format!("{one:?}") == chosen)
        {
            again.set(choice);
        }
    };
    view! {
        <div class="field">
            <label for="edit-every">{t::together::meeting_every()}</label>
            <select class="input" id="edit-every" on:change=choose>
                {move || Again::choices(day.get()).into_iter().map(one).collect_view()}
            </select>
        </div>
    }
}

/// A call agreed on: when.
#[component]
pub fn CallForm(call: AgreedCall, new: bool, editor: Editor) -> impl IntoView {
    let at = zone::of(call.at);
    let when = When::new(at.date(), at.time());
    let removed = call.key.clone();
    let draft = editor.draft("call", new, &removed);
    let save = move || {
        let Some(at) = when.given().and_then(|(day, time)| zone::instant(day, time)) else { return };
        let AgreedCall { key, with, kept, .. } = call.clone();
        editor.save(CircleEdit::Call { id: key, with, at, kept }, t::together::said_call());
    };
    let remove = move || editor.save(CircleEdit::Remove { key: removed.clone() }, t::space::said_removed());
    view! {
        <EditForm on_save=save on_remove=remove remove_words=(!new).then(t::together::remove) draft>
            <div class="two-fields">
                <DayField id="edit-day" label=t::together::call_day() value=when.day />
                <Field id="edit-time" label=t::together::call_time() value=when.time.value error=when.time.error kind="time" />
            </div>
        </EditForm>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_for_another_day_becomes_what_the_day_is() {
        let day = |text: &str| Some(text.parse().unwrap());
        let first = Again::Month(MonthWeek::First);
        assert_eq!(first.fitting(day("2026-01-05")), first);
        assert_eq!(first.fitting(day("2026-01-12")), Again::Month(MonthWeek::Second));
        assert_eq!(first.fitting(day("2026-01-30")), Again::Month(MonthWeek::Last));
        assert_eq!(first.fitting(None), first);
        assert_eq!(Again::Days(7).fitting(day("2026-01-12")), Again::Days(7));
        assert_eq!(Again::choices(day("2026-02-27")).len(), 6, "the fourth Friday is the last one too");
    }
}
