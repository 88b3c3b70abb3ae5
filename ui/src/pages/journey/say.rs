//! The sentences under the pictures.

use chrono::Weekday;
use trellis_api_types::today::DayMark;

use super::span::mood_points;
use super::trend::{self, Course, MOOD, URGE, course, hardest_weekday};
use crate::i18n::t;

/// What these days say about mood and urge.
pub fn mood_and_urge(days: &[DayMark]) -> String {
    let mood = mood_course(course(&values(days, |d| d.mood.map(mood_points)), MOOD));
    let said: Vec<_> = [mood].into_iter().chain(urge_sentences(days)).flatten().collect();
    if said.is_empty() { t::journey::say_few().to_owned() } else { said.join(" ") }
}

/// What these days say about urge alone.
pub fn urge(days: &[DayMark]) -> String {
    urge_sentences(days).into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn urge_sentences(days: &[DayMark]) -> [Option<String>; 2] {
    let urge = urge_course(course(&values(days, |d| d.urge.map(f64::from)), URGE));
    [urge, hardest_weekday(days).map(|day| t::journey::say_hardest(weekdays(day)))]
}

fn values(days: &[DayMark], value: impl Fn(&DayMark) -> Option<f64>) -> Vec<Option<f64>> {
    days.iter().map(value).collect()
}

fn mood_course(course: trend::Course) -> Option<String> {
    let said = match course {
        Course::TooFew => return None,
        Course::Steady => t::journey::say_mood_steady(),
        Course::UpLittle => t::journey::say_mood_up_little(),
        Course::Up => t::journey::say_mood_up(),
        Course::DownLittle => t::journey::say_mood_down_little(),
        Course::Down => t::journey::say_mood_down(),
    };
    Some(said.to_owned())
}

fn urge_course(course: trend::Course) -> Option<String> {
    let said = match course {
        Course::TooFew => return None,
        Course::Steady => t::journey::say_urge_steady(),
        Course::UpLittle => t::journey::say_urge_up_little(),
        Course::Up => t::journey::say_urge_up(),
        Course::DownLittle => t::journey::say_urge_down_little(),
        Course::Down => t::journey::say_urge_down(),
    };
    Some(said.to_owned())
}

/// "Fridays", as a sentence needs it.
fn weekdays(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => t::journey::mondays(),
        Weekday::Tue => t::journey::tuesdays(),
        Weekday::Wed => t::journey::wednesdays(),
        Weekday::Thu => t::journey::thursdays(),
        Weekday::Fri => t::journey::fridays(),
        Weekday::Sat => t::journey::saturdays(),
        Weekday::Sun => t::journey::sundays(),
    }
}
