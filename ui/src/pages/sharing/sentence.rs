//! What a consent says, as sentences made from its terms: who, what exactly, what for, from when, until when, and what not.

use chrono::{Datelike, NaiveDate};
use leptos::prelude::*;
use trellis_api_types::plan::{Dimension, Goal};
use trellis_api_types::sharing::{ConsentTerms, Field, GoalChoice, Until};

use crate::i18n::t;

/// Whom the sentences are about.
#[derive(Clone, Debug, PartialEq)]
pub enum Reader {
    /// This person shares with somebody.
    One(String),
    /// This person shares with a group.
    Group(String),
    /// Somebody shares with this person.
    Me(String),
}

/// What can be seen and what not, each thing once.
#[derive(Debug, PartialEq)]
pub struct Scope {
    /// What can be seen.
    pub can: Vec<String>,
    /// What cannot be seen.
    pub cannot: Vec<String>,
}

/// A part of the sentences; things that can be seen stand out.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Words.
    Plain(String),
    /// A thing that can be seen.
    Seen(String),
}

/// Sorts all that can be shared into what these terms let be seen and what not.
pub fn scope(terms: &ConsentTerms, reader: &Reader, goals: &[Goal]) -> Scope {
    let mine = !matches!(reader, Reader::Me(_));
    let (can, cannot): (Vec<_>, Vec<_>) = Field::ALL.iter().partition(|field| terms.fields.contains(field));
    let words =
        |fields: Vec<&Field>| fields.into_iter().map(|field| thing(*field, mine).to_owned()).collect();
    let mut scope = Scope { can: words(can), cannot: words(cannot) };
    let (seen, unseen) = if mine { my_goals(&terms.goals, goals) } else { their_goals(&terms.goals) };
    scope.can.extend(seen);
    scope.cannot.extend(unseen);
    scope
}

/// The sentences.
pub fn sentences(terms: &ConsentTerms, reader: &Reader, goals: &[Goal]) -> Vec<Piece> {
    let Scope { can, cannot } = scope(terms, reader, goals);
    if can.is_empty() {
        return vec![Piece::Plain(nothing(reader))];
    }
    let mut pieces = vec![Piece::Plain(opening(terms, reader))];
    pieces.extend(
        pieces_of(can, t::sharing::and())
            .flat_map(|(thing, after)| [Piece::Seen(thing), Piece::Plain(after)]),
    );
    let mut rest = vec![String::new()];
    if !cannot.is_empty() {
        let all: String = pieces_of(cannot, t::sharing::or()).map(|(thing, after)| thing + &after).collect();
        rest.push(not_seen(reader) + &all);
    }
    rest.extend(because(&terms.purpose));
    pieces.push(Piece::Plain(rest.join(" ")));
    pieces
}

/// The sentences in one.
#[cfg(test)]
pub fn text(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Plain(words) | Piece::Seen(words) => words.as_str(),
        })
        .collect()
}

/// The sentences with what can be seen standing out.
pub fn drawn(pieces: Vec<Piece>) -> AnyView {
    let piece = |piece| match piece {
        Piece::Plain(words) => words.into_any(),
        Piece::Seen(words) => view! { <mark>{words}</mark> }.into_any(),
    };
    pieces.into_iter().map(piece).collect_view().into_any()
}

/// "October 12, 2026", the same on every system, as it is what somebody signs.
pub fn day_words(day: NaiveDate) -> String {
    use t::sharing as s;
    let month = match day.month() {
        1 => s::month_1(),
        2 => s::month_2(),
        3 => s::month_3(),
        4 => s::month_4(),
        5 => s::month_5(),
        6 => s::month_6(),
        7 => s::month_7(),
        8 => s::month_8(),
        9 => s::month_9(),
        10 => s::month_10(),
        11 => s::month_11(),
        _ => s::month_12(),
    };
    s::day_words(day.day(), month, day.year())
}

fn opening(terms: &ConsentTerms, reader: &Reader) -> String {
    let from = day_words(terms.from);
    let span = match &terms.until {
        Until::Stopped if matches!(reader, Reader::Me(_)) => t::sharing::span_stop_theirs(from),
        Until::Stopped => t::sharing::span_stop(from),
        Until::Date(to) => t::sharing::span_date(from, day_words(*to)),
        Until::Event(event) => t::sharing::span_event(event.trim(), from),
    };
    match reader {
        Reader::One(who) => t::sharing::can_one(span, who),
        Reader::Group(who) => t::sharing::can_group(span, who),
        Reader::Me(who) => t::sharing::can_me(span, who),
    }
}

fn not_seen(reader: &Reader) -> String {
    match reader {
        Reader::One(who) => t::sharing::cannot_one(who),
        Reader::Group(_) => t::sharing::cannot_group().to_owned(),
        Reader::Me(_) => t::sharing::cannot_me().to_owned(),
    }
}

fn nothing(reader: &Reader) -> String {
    match reader {
        Reader::One(who) => t::sharing::nothing_one(who),
        Reader::Group(who) => t::sharing::nothing_group(who),
        Reader::Me(who) => t::sharing::nothing_me(who),
    }
}

fn because(purpose: &str) -> Option<String> {
    let purpose = purpose.trim().trim_end_matches('.');
    (!purpose.is_empty()).then(|| t::sharing::because(purpose))
}

/// Each thing with what stands after it: a comma, `and`, or the full stop.
/// "a, b and c".
pub fn listed(things: Vec<String>) -> String {
    let pieces: String =
        pieces_of(things, t::sharing::and()).flat_map(|(thing, after)| [thing, after]).collect();
    pieces.trim_end_matches('.').to_owned()
}

fn pieces_of(things: Vec<String>, and: &'static str) -> impl Iterator<Item = (String, String)> {
    let last = things.len().saturating_sub(1);
    things.into_iter().enumerate().map(move |(at, thing)| {
        let after = match last - at {
            0 => ".",
            1 => and,
            _ => ", ",
        };
        (thing, after.to_owned())
    })
}

/// A field, as the sentences call it.
pub fn thing(field: Field, mine: bool) -> &'static str {
    use t::sharing as s;
    match (field, mine) {
        (Field::Mood, true) => s::my_mood(),
        (Field::Mood, false) => s::their_mood(),
        (Field::Urge, true) => s::my_urge(),
        (Field::Urge, false) => s::their_urge(),
        (Field::Halt, true) => s::my_halt(),
        (Field::Halt, false) => s::their_halt(),
        (Field::Use, true) => s::my_use(),
        (Field::Use, false) => s::their_use(),
        (Field::Medication, true) => s::my_medication(),
        (Field::Medication, false) => s::their_medication(),
        (Field::Note, true) => s::my_note(),
        (Field::Note, false) => s::their_note(),
        (Field::Meetings, true) => s::my_meetings(),
        (Field::Meetings, false) => s::their_meetings(),
        (Field::Milestones, true) => s::my_milestones(),
        (Field::Milestones, false) => s::their_milestones(),
    }
}

/// What can be seen of one's own goals, by their names, and what not. A goal that is gone is not named.
fn my_goals(choice: &GoalChoice, all: &[Goal]) -> (Vec<String>, Vec<String>) {
    use t::sharing as s;
    let GoalChoice::Some { dimensions, goals } = choice else {
        return of_all(choice, s::my_goals_all(), s::my_goals());
    };
    let parts = in_order(dimensions).map(|dimension| s::my_goals_of(inside(dimension)));
    let single =
        all.iter().filter(|goal| goals.contains(&goal.id) && !dimensions.contains(&goal.text.dimension));
    let seen: Vec<_> = parts.chain(single.map(|goal| s::my_goal(&goal.text.title))).collect();
    let unseen = if seen.is_empty() { s::my_goals() } else { s::my_goals_other() };
    (seen, vec![unseen.to_owned()])
}

/// As [`my_goals`], for somebody else's: their names are not known here.
fn their_goals(choice: &GoalChoice) -> (Vec<String>, Vec<String>) {
    use t::sharing as s;
    let GoalChoice::Some { dimensions, goals } = choice else {
        return of_all(choice, s::their_goals_all(), s::their_goals());
    };
    let parts = in_order(dimensions).map(|dimension| s::their_goals_of(inside(dimension)));
    let single = (!goals.is_empty()).then(|| s::their_goals_some(goals.len()));
    let seen: Vec<_> = parts.chain(single).collect();
    let unseen = if seen.is_empty() { s::their_goals() } else { s::their_goals_other() };
    (seen, vec![unseen.to_owned()])
}

fn of_all(choice: &GoalChoice, all: &'static str, none: &'static str) -> (Vec<String>, Vec<String>) {
    if *choice == GoalChoice::All { (vec![all.to_owned()], vec![]) } else { (vec![], vec![none.to_owned()]) }
}

fn in_order(dimensions: &[Dimension]) -> impl Iterator<Item = Dimension> {
    Dimension::ALL.into_iter().filter(|dimension| dimensions.contains(dimension))
}

fn inside(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Health => t::sharing::dim_health(),
        Dimension::Home => t::sharing::dim_home(),
        Dimension::Purpose => t::sharing::dim_purpose(),
        Dimension::Community => t::sharing::dim_community(),
    }
}

#[cfg(test)]
mod tests;
