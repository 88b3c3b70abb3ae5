//! What is said about a line.

use chrono::NaiveDateTime;
use trellis_api_types::settings::Language;
use trellis_lines::{Line, Press, Purpose, Text, Words};

use crate::fmt;
use crate::i18n::{language, t};

/// In the language of the screens.
pub fn say(words: &Words) -> &str {
    match language() {
        Language::En => &words.en,
        Language::Es => &words.es,
    }
}

/// What it is for.
pub fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Crisis | Purpose::SuicidePrevention => t::lines::talk(),
        Purpose::Treatment => t::lines::treatment(),
        Purpose::OverdoseCompanion => t::lines::companion(),
        Purpose::Poison => t::lines::poison(),
        Purpose::Veterans => t::lines::veterans(),
        Purpose::CrisisText => t::lines::by_text(),
        Purpose::DomesticViolence => t::lines::violence(),
        Purpose::Youth => t::lines::youth(),
        Purpose::Indigenous => t::lines::indigenous(),
    }
}

/// "Any hour · Free · English, Spanish". What is not known is not said.
pub fn facts(line: &Line) -> String {
    let always = line.open.is_empty() && !line.hours_unsure;
    let spoken = line.languages.iter().filter_map(|code| spoken(code));
    let spoken =
        spoken.chain(line.more_languages.then(t::lines::more_languages)).collect::<Vec<_>>().join(", ");
    let facts = [
        always.then(|| t::lines::any_hour().to_owned()),
        (line.free == Some(true)).then(|| t::lines::free().to_owned()),
        (!spoken.is_empty()).then_some(spoken),
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn spoken(code: &str) -> Option<&'static str> {
    Some(match code {
        "en" => t::lines::english(),
        "es" => t::lines::spanish(),
        "fr" => t::lines::french(),
        "qu" => t::lines::quechua(),
        "ay" => t::lines::aymara(),
        _ => return None,
    })
}

/// What to press once it answers.
pub fn press(press: &Press) -> String {
    match &press.key {
        Some(key) => t::lines::press(key, say(&press.what)),
        None => fmt::capital(say(&press.what)),
    }
}

/// "Text HOME to 741741".
pub fn text(text: &Text) -> String {
    let word = match language() {
        Language::En => &text.word.en,
        Language::Es => &text.word.es,
    };
    match word {
        Some(word) => t::lines::text_word(&text.number, word),
        None => t::lines::text_any(&text.number),
    }
}

/// "Closed now. Opens at 9:30 am.", with the day where that is not today.
pub fn closed(opens: NaiveDateTime, now: NaiveDateTime) -> String {
    let time = fmt::time(opens.time());
    if opens.date() == now.date() {
        t::lines::closed(time)
    } else {
        t::lines::closed_day(fmt::weekday_inside(opens.date()), time)
    }
}
