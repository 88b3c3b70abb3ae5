#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use super::*;

/// Lines that must not be shown before somebody called them.
const HELD_BACK: [&str; 4] = ["us-safespot", "us-nua", "pr-safespot", "ca-nors"];

fn lines() -> impl Iterator<Item = (&'static Country, &'static Line)> {
    countries().iter().flat_map(|country| country.lines.iter().map(move |line| (country, line)))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_file_is_read_whole() {
    let strict: Vec<Country> = serde_json::from_str(include_str!("../../lines.json")).unwrap();
    assert_eq!(strict, countries());
    assert_eq!((countries().len(), lines().count()), (22, 72));
    let ids: BTreeSet<_> = lines().map(|(_, line)| &line.id).collect();
    assert_eq!(ids.len(), 72, "an id stands twice");
}

#[test]
fn every_number_can_be_dialed_as_it_stands() {
    let dials =
        |number: &str| crate::dialed(number).is_some_and(|read| read.dial == number && read.then.is_empty());
    for country in countries() {
        assert!(!country.emergency.is_empty(), "{}", country.code);
        for number in country.emergency.iter().flat_map(|e| e.also.iter().chain([&e.call])) {
            assert!(dials(number) && number.len() <= 5, "{} {number}", country.code);
        }
    }
    for (_, line) in lines() {
        let text = line.text.as_ref().map(|text| &text.number);
        let alt = line.alt.as_ref().map(|alt| &alt.call);
        assert!(line.call.is_some() || text.is_some(), "{}", line.id);
        for number in [line.call.as_ref(), text, alt].into_iter().flatten() {
            assert!(dials(number), "{} {number}", line.id);
        }
    }
}

#[test]
fn every_word_is_there_in_both_languages() {
    let both = |words: &Words| !words.en.trim().is_empty() && !words.es.trim().is_empty();
    for country in countries() {
        assert!(both(&country.name) && country.emergency.iter().all(|e| both(&e.name)), "{}", country.code);
    }
    for (_, line) in lines() {
        assert!(both(&line.name) && both(&line.note) && line.note.en != line.note.es, "{}", line.id);
        assert!(line.press.iter().all(|press| both(&press.what)), "{}", line.id);
        assert!(line.alt.iter().filter_map(|alt| alt.what.as_ref()).all(both), "{}", line.id);
    }
}

#[test]
fn what_comes_first_is_in_the_same_row() {
    for country in countries() {
        let ids: BTreeSet<_> = country
            .lines
            .iter()
            .map(|line| &line.id)
            .chain(country.emergency.iter().map(|e| &e.call))
            .collect();
        let first = &country.first_for;
        for id in first.lock.iter().chain(&first.urge).chain(&first.after_use) {
            assert!(ids.contains(id), "{} {id}", country.code);
        }
        assert_eq!(first.lock.first(), country.emergency.first().map(|e| &e.call), "{}", country.code);
        assert!(first.lock.len() <= 2, "the lock screen has two buttons: {}", country.code);
    }
}

#[test]
fn every_row_was_checked_and_has_to_be_checked_again() {
    for (country, line) in lines() {
        assert!(country.reviewed < country.review_by, "{}", country.code);
        let days = (line.review_by - line.reviewed).num_days();
        assert!((1..=90).contains(&days), "{} {days}", line.id);
        assert!(line.tested.is_none_or(|tested| tested >= day("2026-01-01")), "{}", line.id);
    }
    for id in
        ["us-safespot", "us-nua", "pr-safespot", "ec-171", "cr-iafa", "cr-aquiestoy", "do-salud", "do-vida"]
    {
        let (_, line) = lines().find(|(_, line)| line.id == id).unwrap();
        assert!((line.review_by - line.reviewed).num_days() <= 30, "{id} changes often");
    }
}

#[test]
fn what_nobody_called_yet_is_held_back() {
    let held: Vec<_> =
        lines().filter(|(_, line)| line.is_held_back()).map(|(_, line)| line.id.as_str()).collect();
    let untested =
        HELD_BACK.iter().filter(|id| lines().any(|(_, line)| line.id == **id && line.tested.is_none()));
    assert_eq!(held, untested.copied().collect::<Vec<_>>());
    let mut line = lines().find(|(_, line)| line.id == "ca-nors").unwrap().1.clone();
    line.tested = Some(day("2026-12-01"));
    assert!(!line.is_held_back(), "a day of a test call lets it through");
}

#[test]
fn a_closed_or_doubtful_hour_is_not_called_any_hour() {
    for (id, always) in [("us-988", true), ("ie-hse", false), ("ec-171", false), ("in-14446", false)] {
        let (_, line) = lines().find(|(_, line)| line.id == id).unwrap();
        assert_eq!(line.open.is_empty() && !line.hours_unsure, always, "{id}");
    }
}

#[test]
fn a_code_finds_its_row() {
    for (code, row) in [
        (Some("US"), "US"),
        (Some("MX"), "MX"),
        (Some("ES"), "ES"),
        (Some("DE"), UNION),
        (Some("FR"), UNION),
        (Some("CH"), ELSEWHERE),
        (Some("JP"), ELSEWHERE),
        (Some("?"), ELSEWHERE),
        (None, ELSEWHERE),
    ] {
        assert_eq!(country(code).code, row, "{code:?}");
    }
    let named: Vec<_> =
        MEMBERS.iter().filter(|code| countries().iter().any(|row| row.code == **code)).collect();
    assert!(named.is_empty(), "have a row of their own: {named:?}");
}
