use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use trellis_api_types::plan::Dimension;
use trellis_api_types::sharing::{
    ConsentTerms, ConsentVersion, Field, GoalChoice, Part2, Recipient, Sharing, Until,
};

use super::{End, Form, Which};
use crate::fmt;
use crate::pages::sharing::stands::{Stands, in_force};

fn terms(fields: &[Field]) -> ConsentTerms {
    ConsentTerms {
        fields: fields.to_vec(),
        goals: GoalChoice::None,
        purpose: String::new(),
        recipient: Recipient::Coach,
        from: fmt::today(),
        until: Until::Stopped,
        part2: None,
    }
}

fn version(id: &str, terms: ConsentTerms) -> ConsentVersion {
    let signed = terms.from;
    ConsentVersion {
        id: id.into(),
        terms: Some(terms),
        signed,
        stands: true,
        retracts: false,
        only_here: false,
    }
}

fn sharing(versions: Vec<ConsentVersion>) -> Sharing {
    Sharing { draft: terms(&[]), asked: vec![], versions, sent: vec![], sent_at: None, others: vec![] }
}

fn back(days: u64) -> NaiveDate {
    fmt::today().checked_sub_days(Days::new(days)).unwrap()
}

fn with_form(draft: &ConsentTerms, check: impl FnOnce(Form)) {
    let owner = Owner::new();
    owner.with(|| check(Form::new(draft)));
}

#[test]
fn what_was_asked_for_is_not_on_before_the_person_turns_it_on() {
    with_form(&terms(&[]), |form| {
        assert!(form.terms().fields.is_empty());
        assert_eq!(form.finish(), None);
        assert!(form.nothing_trouble().is_some());
    });
}

#[test]
fn a_consent_in_force_changes_only_when_something_is_changed() {
    let before = ConsentTerms { from: back(40), ..terms(&[Field::Mood]) };
    with_form(&before, |form| {
        assert!(!form.changes(&before));
        form.fields.update(|fields| fields.push(Field::Urge));
        assert!(form.changes(&before));
        assert_eq!(form.terms().from, fmt::today());
    });
}

#[test]
fn earlier_days_are_meant_only_where_the_person_says_so() {
    with_form(&ConsentTerms { from: back(40), ..terms(&[Field::Mood]) }, |form| {
        assert_eq!(
            form.finish().map(|(terms, backwards)| (terms.from, backwards)),
            Some((fmt::today(), false))
        );
        form.backwards.set(true);
        assert_eq!(form.finish(), None);
        form.since.set(Some(back(10)));
        assert_eq!(form.finish().map(|(terms, backwards)| (terms.from, backwards)), Some((back(10), true)));
        form.since.set(Some(fmt::today()));
        assert_eq!(form.finish(), None);
    });
}

#[test]
fn it_does_not_end_before_it_begins_and_an_event_has_words() {
    with_form(&terms(&[Field::Mood]), |form| {
        form.end.set(End::Date);
        assert!(form.finish().is_none() && form.last_trouble().is_some());
        form.last.set(Some(back(1)));
        assert_eq!(form.finish(), None);
        form.last.set(Some(fmt::today()));
        assert!(form.finish().is_some());
        form.end.set(End::Event);
        assert!(form.finish().is_none() && form.event_trouble().is_some());
    });
}

#[test]
fn the_law_asks_for_all_its_elements_and_makes_it_a_programme() {
    with_form(&terms(&[Field::Mood]), |form| {
        form.law.set(true);
        assert_eq!((form.recipient(), form.finish()), (Recipient::Programme, None));
        let words = |text: &str| text.to_owned();
        form.elements.fill(&Part2 {
            patient: words("M"),
            discloser: words("M"),
            recipients: words("D"),
            ..Part2::default()
        });
        form.purpose.set("support".into());
        assert_eq!(form.finish(), None, "the signature is missing");
    });
}

#[test]
fn goals_are_all_or_some_or_none() {
    with_form(&terms(&[]), |form| {
        form.which.set(Which::Some);
        assert_eq!(form.finish(), None);
        form.dimensions.set(vec![Dimension::Home]);
        assert!(form.finish().is_some());
        form.which.set(Which::None);
        assert_eq!(form.finish(), None);
    });
}

#[test]
fn what_holds_is_told_from_what_is_only_chosen() {
    let given = version("a", terms(&[Field::Mood]));
    let stopped = version("b", terms(&[]));
    let of = |versions: &[&ConsentVersion], draft: &ConsentTerms| {
        let mut found = None;
        let all = versions.iter().map(|version| (*version).clone()).collect();
        with_form(draft, |form| found = Some(Stands::of(&sharing(all), form)));
        found.unwrap()
    };
    assert_eq!(of(&[], &terms(&[])), Stands::Nothing);
    assert_eq!(of(&[], &terms(&[Field::Mood])), Stands::Chosen);
    assert_eq!(of(&[&given], &terms(&[Field::Mood])), Stands::Holds(given.clone()));
    assert_eq!(of(&[&given], &terms(&[Field::Urge])), Stands::Chosen);
    assert_eq!(of(&[&stopped], &terms(&[])), Stands::Stopped(stopped.clone()));
    assert_eq!(of(&[&given, &stopped], &terms(&[])), Stands::Several);
    assert!(in_force(&given) && !in_force(&stopped));
}
