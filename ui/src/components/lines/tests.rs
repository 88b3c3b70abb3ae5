#![allow(clippy::unwrap_used)]

use chrono::NaiveDateTime;
use trellis_api_types::safety::SafetyKind;
use trellis_api_types::settings::Language;

use super::*;
use crate::i18n::set_language;

fn entry(part: SafetyPart, phone: &str) -> SafetyEntry {
    SafetyEntry {
        id: phone.into(),
        part,
        kind: SafetyKind::Person,
        text: "Ruth".into(),
        detail: String::new(),
        phone: phone.into(),
        texts: false,
    }
}

fn line(country: &str, id: &str) -> &'static trellis_lines::Line {
    row_of(Some(country)).lines.iter().find(|line| line.id == id).unwrap()
}

#[test]
fn ones_own_people_come_before_ones_own_lines_and_nobody_twice() {
    let entries = vec![
        entry(SafetyPart::Professionals, "988"),
        entry(SafetyPart::Distract, "555 0117"),
        entry(SafetyPart::People, "555 0142"),
        entry(SafetyPart::People, ""),
    ];
    let plan = SafetyPlan { entries, ..SafetyPlan::default() };
    let numbers =
        |called| own_numbers(&plan, called).into_iter().map(|entry| entry.phone).collect::<Vec<_>>();
    assert_eq!(numbers(None), ["555 0142", "555 0117", "988"]);
    assert_eq!(numbers(Some("555 0142")), ["555 0117", "988"]);
}

#[test]
fn what_to_text_is_said_in_the_language_that_answers() {
    let said = |id: &str| words::text(line("US", id).text.as_ref().unwrap());
    set_language(Language::Es);
    assert_eq!(said("us-ctl"), "Enviar HOLA al 741741");
    assert_eq!(said("us-988"), "Enviar AYUDA al 988");
    set_language(Language::En);
    assert_eq!(said("us-ctl"), "Text HOME to 741741");
    assert_eq!(said("us-988"), "Text 988");
    assert_eq!(said("us-samhsa"), "Text your ZIP code to 435748");
}

#[test]
fn what_is_not_known_about_a_line_is_not_said() {
    set_language(Language::En);
    assert_eq!(words::facts(line("MX", "mx-vida")), "Any hour · Free · Spanish");
    assert_eq!(words::facts(line("GB", "gb-frank")), "Any hour · English, other languages");
    assert_eq!(words::facts(line("ES", "es-esperanza")), "Any hour · Spanish");
    assert_eq!(words::facts(line("EC", "ec-171")), "Free · Spanish");
    assert_eq!(words::facts(line("IE", "ie-hse")), "Free · English");
}

#[test]
fn keys_are_said_as_they_are_pressed() {
    set_language(Language::En);
    let keys = |country, id| line(country, id).press.iter().map(words::press).collect::<Vec<_>>();
    assert_eq!(keys("US", "us-988"), ["Press 1: Veterans", "Press 2: Spanish"]);
    assert_eq!(keys("PE", "pe-113"), ["Press 5: mental health"]);
}

/// Each screen names its place, and no screen leaves its lines out.
#[test]
fn every_screen_where_help_may_be_needed_shows_lines() {
    for (source, shows) in [
        (include_str!("../../pages/help.rs"), "<Lines place=Place::Help />"),
        (include_str!("../../pages/lock/safety.rs"), "<LockLines />"),
        (include_str!("../../pages/checkin/answers.rs"), "<Lines place=Place::Urge called=call />"),
        (include_str!("../../pages/checkin/answers.rs"), "<Lines place=Place::AfterUse called=call />"),
        (include_str!("../../pages/people/need.rs"), "<Lines place=Place::Urge />"),
        (include_str!("../../pages/start/frame.rs"), "<DoorLines />"),
        (include_str!("../../pages/broken.rs"), "<Lines place=Place::Door />"),
    ] {
        assert!(source.contains(shows), "{shows}");
    }
}

#[test]
fn each_place_has_a_number_for_each_country_and_where_none_is_known() {
    let noon: NaiveDateTime = "2026-11-27T12:00:00".parse().unwrap();
    for (country, danger) in
        [(Some("US"), "911"), (Some("MX"), "911"), (Some("GB"), "999"), (Some("ES"), "112"), (None, "112")]
    {
        let row = row_of(country);
        for place in [Place::Help, Place::Lock, Place::AfterUse, Place::Door] {
            let shown = row.shown(place, noon, &Choices::default());
            assert_eq!(shown.first().map(|item| item.id()), Some(danger), "{country:?} {place:?}");
        }
        let urge = row.shown(Place::Urge, noon, &Choices::default());
        assert!(!urge.is_empty(), "{country:?}");
    }
}
