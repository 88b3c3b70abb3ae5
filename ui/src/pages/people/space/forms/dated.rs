//! Forms with a day and a time: meetings, and calls agreed on.

use chrono::{DateTime, Local, NaiveDate, NaiveTime, TimeZone};
use leptos::prelude::*;
use trellis_api_types::Millis;
use trellis_api_types::circle::{AgreedCall, CircleEdit, Meeting};

use super::super::edit::Editor;
use crate::components::{EditForm, Field, Words, typed};
use crate::i18n::t;

/// A day and a time that are typed.
#[derive(Clone, Copy)]
struct When {
    day: Words,
    time: Words,
}

impl When {
    fn new(day: NaiveDate, time: NaiveTime) -> Self {
        Self { day: Words::new(&day.to_string()), time: Words::new(&time.format("%H:%M").to_string()) }
    }

    /// Both, or nothing where one is missing; the field then says so.
    fn given(self) -> Option<(NaiveDate, NaiveTime)> {
        let day = self.day.value.with_untracked(|day| day.parse().ok());
        let time =
            self.time.value.with_untracked(|time| NaiveTime::parse_from_str(time.get(..5)?, "%H:%M").ok());
        self.day.error.set(day.is_none().then(|| t::together::day_missing().to_owned()));
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
    let every = RwSignal::new(meeting.every_days);
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
            every_days: every.get_untracked(),
        };
        editor.save(CircleEdit::PutMeeting(meeting), t::space::said_saved());
    };
    let remove = move || editor.save(CircleEdit::RemoveMeeting(removed.clone()), t::space::said_removed());
    view! {
        <EditForm on_save=save on_remove=remove remove_words=(!new).then(t::together::remove) draft>
            <Field id="edit-text" label=t::together::meeting_title() value=title.value error=title.error max=200 />
            <div class="two-fields">
                <Field id="edit-day" label=t::together::meeting_date() value=when.day.value error=when.day.error kind="date" />
                <Field id="edit-time" label=t::together::meeting_time() value=when.time.value error=when.time.error kind="time" />
            </div>
            <Field id="edit-place" label=t::together::meeting_place() hint=t::together::meeting_place_hint() value=place max=300 />
            {how_often(every)}
        </EditForm>
    }
}

fn how_often(every: RwSignal<u8>) -> impl IntoView {
    let choices = [
        (0_u8, t::together::every_0()),
        (7, t::together::every_7()),
        (14, t::together::every_14()),
        (28, t::together::every_28()),
    ];
    let one = move |(days, words): (u8, &'static str)| {
        view! { <option value=days.to_string() prop:selected=move || every.get() == days>{words}</option> }
    };
    view! {
        <div class="field">
            <label for="edit-every">{t::together::meeting_every()}</label>
            <select class="input" id="edit-every" on:change=move |event| every.set(event_target_value(&event).parse().unwrap_or(0))>
                {choices.map(one).into_iter().collect_view()}
            </select>
        </div>
    }
}

/// A call agreed on: when.
#[component]
pub fn CallForm(call: AgreedCall, new: bool, editor: Editor) -> impl IntoView {
    let at = local(call.at);
    let when = When::new(at.date_naive(), at.time());
    let removed = call.key.clone();
    let draft = editor.draft("call", new, &removed);
    let save = move || {
        let Some(at) = when.given().and_then(|(day, time)| instant(day, time)) else { return };
        let AgreedCall { key, with, kept, .. } = call.clone();
        editor.save(CircleEdit::Call { id: key, with, at, kept }, t::together::said_call());
    };
    let remove = move || editor.save(CircleEdit::Remove { key: removed.clone() }, t::space::said_removed());
    view! {
        <EditForm on_save=save on_remove=remove remove_words=(!new).then(t::together::remove) draft>
            <div class="two-fields">
                <Field id="edit-day" label=t::together::call_day() value=when.day.value error=when.day.error kind="date" />
                <Field id="edit-time" label=t::together::call_time() value=when.time.value error=when.time.error kind="time" />
            </div>
        </EditForm>
    }
}

fn local(at: Millis) -> DateTime<Local> {
    DateTime::from_timestamp_millis(at).unwrap_or_default().with_timezone(&Local)
}

fn instant(day: NaiveDate, time: NaiveTime) -> Option<Millis> {
    Local.from_local_datetime(&day.and_time(time)).earliest().map(|at| at.timestamp_millis())
}
