//! What is edited together: meetings, the agreement, and what is good to know.

use chrono::{NaiveDate, NaiveTime};
use leptos::prelude::*;
use trellis_api_types::circle::{Circle, Meeting, Resource};

use super::Here;
use super::edit::Edit;
use crate::components::{Icon, Show, icon, icon_class, new_id, part, rows};
use crate::{fmt, i18n::t, zone};

/// Meetings, and in a group the agreement.
pub fn meetings(here: Here) -> AnyView {
    let meetings = part(here.circle, |circle| circle.meetings.clone());
    let none = move || view! { <p class="second ask">{t::together::meetings_none()}</p> };
    let one = move |meeting: Signal<Meeting>| view! { <li>{meeting_row(here, meeting)}</li> };
    view! {
        <section class="block" aria-labelledby="meetings">
            <div class="head"><h2 id="meetings">{t::together::meetings()}</h2>{add(here, "add-meeting", move || new_meeting(here))}</div>
            <Show when=move || !meetings.with(Vec::is_empty) fallback=none>
                <ul class="list">{rows(meetings, |meeting| meeting.id.clone(), one)}</ul>
            </Show>
            {here.group().then(|| agreement(here))}
        </section>
    }
    .into_any()
}

fn add(
    here: Here,
    id: &'static str,
    what: impl Fn() -> Edit + Copy + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <Show when=move || here.writes.get()>
            <button id=id class="btn plain edge" type="button" aria-haspopup="dialog" on:click=move |_| here.editor.edit(what())>{icon(Icon::PLUS_BOLD)}{t::together::add()}</button>
        </Show>
    }
}

fn new_meeting(here: Here) -> Edit {
    let meeting = Meeting {
        id: new_id(),
        title: here.space.with_untracked(|space| space.row.name.clone()),
        date: fmt::today(),
        time: NaiveTime::from_hms_opt(19, 0, 0).unwrap_or_default(),
        place: String::new(),
        every_days: 7,
        every_month: None,
        zone: zone::here(),
        at: None,
    };
    Edit::Meeting { meeting, new: true }
}

/// When it is here. Without a zone it is the same everywhere.
pub fn local(meeting: &Meeting) -> (NaiveDate, NaiveTime) {
    match meeting.at.map(zone::of) {
        Some(at) => (at.date(), at.time()),
        None => (meeting.date, meeting.time),
    }
}

/// "In Denver it is 7:00 pm", where the clock shows another time than here.
fn there(meeting: &Meeting) -> Option<String> {
    let differs = local(meeting) != (meeting.date, meeting.time);
    differs.then(|| t::together::meeting_there(zone::city(&meeting.zone), fmt::time(meeting.time)))
}

fn meeting_row(here: Here, meeting: Signal<Meeting>) -> impl IntoView {
    let inside = move || {
        let when = meeting.with(|m| {
            let (day, time) = local(m);
            format!("{}, {}", fmt::date_long(day), fmt::time(time))
        });
        let sub = meeting.with(|m| {
            let parts = [m.title.clone(), m.place.clone(), there(m).unwrap_or_default()];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ")
        });
        words(Icon::CALENDAR_BLANK, "mark dusk", when, sub)
    };
    line(here, move || Edit::Meeting { meeting: meeting.get_untracked(), new: false }, inside)
}

/// Opens the sheet where something can be written, else only says it.
fn line<V: IntoView + 'static>(
    here: Here,
    edit: impl Fn() -> Edit + Copy + Send + Sync + 'static,
    inside: impl Fn() -> V + Copy + Send + Sync + 'static,
) -> impl IntoView {
    move || {
        if !here.writes.get() {
            return view! { <div class="row">{inside()}</div> }.into_any();
        }
        view! {
            <button class="row" type="button" aria-haspopup="dialog" on:click=move |_| here.editor.edit(edit())>
                {inside}
                {icon_class(Icon::CARET_RIGHT_BOLD, "icon go")}
            </button>
        }
        .into_any()
    }
}

fn words(mark: Icon, class: &'static str, name: String, sub: String) -> impl IntoView {
    let sub = (!sub.is_empty()).then(|| view! { <span class="sub">{sub}</span> });
    view! {
        <span class=class>{icon(mark)}</span>
        <span class="body"><span class="name">{name}</span>{sub}</span>
    }
}

fn agreement(here: Here) -> impl IntoView {
    let all = part(here.people, |people| people.len());
    let sub = move || here.circle.with(|circle| signed(circle, all.get()));
    view! {
        <div class="list after-list">
            <a id="agreement" class="row" href=here.place("agreement")>
                {move || words(Icon::HANDSHAKE, "mark plum", t::together::agreement().to_owned(), sub())}
                {icon_class(Icon::CARET_RIGHT_BOLD, "icon go")}
            </a>
        </div>
    }
}

fn signed(circle: &Circle, all: usize) -> String {
    match circle.agreement.signed.len() {
        _ if circle.agreement.text.is_empty() => t::together::agreement_none().to_owned(),
        done if done >= all => t::together::agreement_all(all),
        done => t::together::agreement_signed(all, done),
    }
}

/// What is good to know.
pub fn resources(here: Here) -> AnyView {
    let resources = part(here.circle, |circle| circle.resources.clone());
    let none = move || view! { <p class="second ask">{t::together::resources_none()}</p> };
    let new = || Edit::Resource {
        resource: Resource { id: new_id(), title: String::new(), detail: String::new() },
        new: true,
    };
    let one = move |resource: Signal<Resource>| {
        let inside = move || {
            words(
                Icon::BOOKMARK_SIMPLE,
                "mark bare",
                resource.with(|r| r.title.clone()),
                resource.with(|r| r.detail.clone()),
            )
        };
        view! { <li>{line(here, move || Edit::Resource { resource: resource.get_untracked(), new: false }, inside)}</li> }
    };
    view! {
        <section class="block" aria-labelledby="resources">
            <div class="head"><h2 id="resources">{t::together::resources()}</h2>{add(here, "add-resource", new)}</div>
            <Show when=move || !resources.with(Vec::is_empty) fallback=none>
                <ul class="list">{rows(resources, |resource| resource.id.clone(), one)}</ul>
            </Show>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{Circle, signed, t};
    use trellis_api_types::circle::Agreement;

    fn with(text: &str, signed: usize) -> Circle {
        let agreement = Agreement { text: text.into(), signed: vec!["a".into(); signed] };
        Circle { agreement, ..Circle::default() }
    }

    #[test]
    fn an_agreement_says_how_many_signed_and_an_empty_one_that_there_is_none() {
        assert_eq!(signed(&with("", 0), 3), t::together::agreement_none());
        assert_eq!(signed(&with("We call.", 2), 3), "2 of 3 signed");
        assert_eq!(signed(&with("We call.", 3), 3), "All 3 signed");
    }
}
