#![allow(clippy::unwrap_used)]

use super::*;
use crate::table::{Flag, countries, country};

fn at(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

/// A Friday morning, when offices are open.
fn friday() -> NaiveDateTime {
    at("2026-11-27T10:00:00")
}

fn ids(code: &str, place: Place, now: NaiveDateTime, choices: &Choices) -> Vec<&'static str> {
    country(Some(code)).shown(place, now, choices).into_iter().map(Item::id).collect()
}

fn plain(code: &str, place: Place) -> Vec<&'static str> {
    ids(code, place, friday(), &Choices::default())
}

#[test]
fn each_place_begins_with_its_own_numbers() {
    for (code, lock, urge, after) in [
        (
            "US",
            vec!["911", "us-988"],
            vec!["us-988", "us-ctl", "us-samhsa"],
            vec!["911", "us-988", "us-samhsa"],
        ),
        ("MX", vec!["911", "mx-vida"], vec!["mx-vida"], vec!["911", "mx-vida"]),
        (
            "GB",
            vec!["999", "gb-samaritans"],
            vec!["gb-samaritans", "gb-shout", "gb-frank"],
            vec!["999", "gb-frank", "gb-samaritans"],
        ),
        (
            "ES",
            vec!["112", "es-024"],
            vec!["es-esperanza", "es-024"],
            vec!["112", "es-toxicologia", "es-024"],
        ),
        ("EU", vec!["112"], vec!["112"], vec!["112"]),
        ("ZZ", vec!["112", "911"], vec!["112", "911"], vec!["112", "911"]),
    ] {
        assert_eq!(plain(code, Place::Lock), lock, "{code}");
        assert_eq!(plain(code, Place::Urge), urge, "{code}");
        assert_eq!(plain(code, Place::AfterUse), after, "{code}");
    }
    assert_eq!(plain("ES", Place::Door), ["112", "es-esperanza", "es-024"]);
    assert_eq!(plain("ZZ", Place::Door), ["112", "911"]);
    assert_eq!(plain("ZZ", Place::Help), ["112", "911"]);
}

#[test]
fn help_shows_all_that_is_not_held_back() {
    for country in countries() {
        let shown = country.shown(Place::Help, friday(), &Choices::default()).len();
        let held =
            country.lines.iter().filter(|line| line.flags.contains(&Flag::TestCallBeforeRelease)).count();
        assert!(shown >= country.emergency.len() + country.lines.len() - held, "{}", country.code);
    }
}

#[test]
fn nobody_is_sent_to_a_line_that_is_held_back() {
    for country in countries() {
        for place in [Place::Help, Place::Lock, Place::Urge, Place::AfterUse, Place::Door] {
            let shown = country.shown(place, friday(), &Choices::default());
            assert!(lines(&shown).all(|line| !line.is_held_back()), "{} {place:?}", country.code);
        }
    }
}

#[test]
fn a_closed_line_comes_after_those_that_answer() {
    let none = Choices::default();
    assert_eq!(ids("IE", Place::AfterUse, friday(), &none), ["112", "ie-hse", "ie-samaritans"]);
    let night = at("2026-11-27T23:00:00");
    assert_eq!(ids("IE", Place::AfterUse, night, &none), ["112", "ie-samaritans", "ie-hse"]);
    assert_eq!(ids("IE", Place::Help, night, &none), ids("IE", Place::Help, friday(), &none));
}

#[test]
fn what_the_person_hides_or_moves_holds_everywhere_but_danger_stays_first() {
    let choices = Choices {
        hidden: ["us-988", "911"].map(str::to_owned).to_vec(),
        order: ["us-samhsa", "us-veterans"].map(str::to_owned).to_vec(),
    };
    assert_eq!(ids("US", Place::Urge, friday(), &choices), ["us-samhsa", "us-ctl"]);
    let shown = ids("US", Place::Help, friday(), &Choices { hidden: vec![], ..choices });
    assert_eq!(shown.get(..4).unwrap(), ["911", "us-samhsa", "us-veterans", "us-988"]);
}

#[test]
fn the_table_says_when_it_has_to_be_checked_again() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    for (code, still, past) in [("US", "2027-02-25", "2027-02-26"), ("DO", "2026-12-27", "2026-12-28")] {
        let row = country(Some(code));
        let shown = row.shown(Place::Help, friday(), &Choices::default());
        assert_eq!(row.checked(&shown), day("2026-11-27"));
        assert!(!row.is_past_review(&shown, day(still)), "{code}");
        assert!(row.is_past_review(&shown, day(past)), "{code}");
    }
    let none = country(Some("GT"));
    assert!(none.is_past_review(&[], day("2027-02-26")) && !none.is_past_review(&[], day("2027-02-25")));
}
