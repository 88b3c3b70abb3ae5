//! What is accepted from a screen. Lengths are those of the fields; one edit fits one exchanged change with room to spare.

mod people;
mod shared;

use chrono::{Datelike, NaiveDate};
use trellis_api_types::app::Lock;
use trellis_api_types::checkin::CheckIn;
use trellis_api_types::code::is_weak;
use trellis_api_types::limits::{FIRST_YEAR, LAST_YEAR, LINE, NAME, NOTE, TEXT, length};
use trellis_api_types::plan::{LineList, PlanEdit};
use trellis_api_types::safety::{SafetyEdit, SafetyEntry};
use trellis_api_types::settings::{LineChoices, MAX_MEETINGS, MAX_TAGS, SettingsEdit};
use trellis_api_types::typed;
use unicode_normalization::UnicodeNormalization;

pub use people::{called, consent, invite, made_id, space};
pub use shared::{case, circle, help, helpers, person, supervision, work};

use crate::error::{Error, Result};

/// Days of one span.
const MOST_DAYS: i64 = 400;
/// Tags of one check-in.
const TAGS: usize = 30;
/// Lines hidden or moved; no country has as many.
const LINES: usize = 100;
/// What Trellis is for, each once.
const MOST_AIMS: u32 = 4;

/// Refuses spans that run backwards or are longer than 400 days. Error: `bad-span`.
pub fn span(from: NaiveDate, to: NaiveDate) -> Result<()> {
    let days = (to - from).num_days() + 1;
    if (1..=MOST_DAYS).contains(&days) { Ok(()) } else { Err(Error::new("bad-span", format!("{days} days"))) }
}

/// A check-in as a screen sends it. Errors: `bad-id`, `bad-urge`, `bad-date`, `too-long`.
pub fn checkin(checkin: &CheckIn, today: NaiveDate) -> Result<()> {
    id(&checkin.id)?;
    past(checkin.date, today)?;
    if checkin.urge.is_some_and(|urge| urge > 10) {
        return Err(Error::new("bad-urge", "0 to 10"));
    }
    tags(&checkin.tags, TAGS)?;
    within(&checkin.note, NOTE)?;
    within(&checkin.learned, NOTE)
}

/// A change of the plan. Errors: `bad-id`, `bad-date`, `empty-text`, `too-long`.
pub fn plan(edit: &PlanEdit) -> Result<()> {
    match edit {
        PlanEdit::OwnWords(words) => within(words, TEXT),
        PlanEdit::PutLine { list, line } => {
            line_list(list)?;
            id(&line.id)?;
            required(&line.text, LINE)
        }
        PlanEdit::PutNeed(need) => {
            id(&need.id)?;
            required(&need.text, LINE)?;
            within(&need.detail, TEXT)?;
            due(need.due)
        }
        PlanEdit::PutGoal { id: goal, text } => {
            id(goal)?;
            required(&text.title, LINE)?;
            within(&text.reason, TEXT)
        }
        PlanEdit::PutStep { goal, step } => {
            id(goal)?;
            id(&step.id)?;
            required(&step.text, LINE)?;
            within(&step.detail, TEXT)?;
            due(step.due)
        }
        PlanEdit::RemoveLine { list, id: line } => line_list(list).and_then(|()| id(line)),
        PlanEdit::RemoveNeed(one) | PlanEdit::RemoveGoal(one) => id(one),
        PlanEdit::RemoveStep { goal, id: step } => id(goal).and_then(|()| id(step)),
        PlanEdit::MoveGoal { id: goal, before } => {
            id(goal)?;
            before.as_deref().map_or(Ok(()), id)
        }
        PlanEdit::MoveStep { goal, id: step, before } => {
            [Some(goal), Some(step), before.as_ref()].into_iter().flatten().try_for_each(|one| id(one))
        }
    }
}

fn line_list(list: &LineList) -> Result<()> {
    match list {
        LineList::Strengths => Ok(()),
        LineList::Helps(goal) | LineList::Supporters(goal) => id(goal),
    }
}

/// A change of the safety plan. Errors: `bad-id`, `empty-text`, `too-long`.
pub fn safety(edit: &SafetyEdit) -> Result<()> {
    match edit {
        SafetyEdit::Put(entry) => safety_entry(entry),
        SafetyEdit::Remove(one) => id(one),
        SafetyEdit::Move { id: one, before } => {
            id(one)?;
            before.as_deref().map_or(Ok(()), id)
        }
        SafetyEdit::Reviewed => Ok(()),
    }
}

fn safety_entry(entry: &SafetyEntry) -> Result<()> {
    id(&entry.id)?;
    required(&entry.text, LINE)?;
    within(&entry.detail, LINE)?;
    within(&entry.phone, NAME)
}

/// Empty, or a number that can be dialed is in it. Errors: `bad-number`, `too-long`.
fn phone(phone: &str) -> Result<()> {
    within(phone, NAME)?;
    let fits = phone.is_empty() || trellis_lines::dialed(phone).is_some();
    if fits { Ok(()) } else { Err(Error::new("bad-number", "nothing to dial")) }
}

fn lines(choices: &LineChoices) -> Result<()> {
    let all = [&choices.hidden, &choices.order];
    if all.iter().any(|ids| ids.len() > LINES) {
        return Err(Error::new("too-long", LINES));
    }
    all.into_iter().flatten().try_for_each(|id| required(id, NAME))
}

/// A country as the screens name it. Error: `bad-country`.
pub fn country(country: &str) -> Result<()> {
    let fits = country.len() == 2 && country.chars().all(|c| c.is_ascii_uppercase());
    if fits { Ok(()) } else { Err(Error::new("bad-country", "two capital letters")) }
}

/// A change of settings, with names as they are kept.
pub fn tidy(edit: SettingsEdit) -> SettingsEdit {
    match edit {
        SettingsEdit::Name(name) => SettingsEdit::Name(typed::name(&name)),
        SettingsEdit::DeviceName(name) => SettingsEdit::DeviceName(typed::name(&name)),
        other => other,
    }
}

/// A change of settings. Errors: `bad-date`, `bad-number`, `too-long`, `empty-text`.
pub fn settings(edit: &SettingsEdit, today: NaiveDate) -> Result<()> {
    match edit {
        SettingsEdit::Name(name) => within(name, NAME),
        SettingsEdit::MyPhone(phone) => within(phone, NAME),
        SettingsEdit::DeviceName(name) => required(name, NAME),
        SettingsEdit::EmergencyNumber(number) => phone(number),
        SettingsEdit::Lines(choices) => lines(choices),
        SettingsEdit::RecoveryStart(start) => start.map_or(Ok(()), |start| past(start, today)),
        SettingsEdit::Tags(all) => tags(all, MAX_TAGS),
        SettingsEdit::Meetings(all) => tags(all, MAX_MEETINGS),
        SettingsEdit::TextSize(percent) => number(*percent, 90, 200),
        SettingsEdit::AutoLock(minutes) => number(*minutes, 0, 24 * 60),
        SettingsEdit::Aims(aims) => number(u32::try_from(aims.len()).unwrap_or(u32::MAX), 0, MOST_AIMS),
        SettingsEdit::Pathway(_)
        | SettingsEdit::TracksMedication(_)
        | SettingsEdit::Language(_)
        | SettingsEdit::Theme(_)
        | SettingsEdit::HideLocks(_)
        | SettingsEdit::SafetyPlanOnLock(_)
        | SettingsEdit::DaysOnToday(_)
        | SettingsEdit::Stays(_)
        | SettingsEdit::StartsWithSystem(_)
        | SettingsEdit::Reminder(_) => Ok(()),
    }
}

/// A new lock. Errors: `weak-passphrase` (shorter than eight characters), `weak-code`, `too-long`.
pub fn lock(lock: &Lock) -> Result<()> {
    match lock {
        Lock::Keychain => Ok(()),
        Lock::Passphrase(passphrase) => {
            within(passphrase, LINE)?;
            let long_enough = passphrase.trim().nfc().count() >= 8;
            if long_enough { Ok(()) } else { Err(Error::new("weak-passphrase", "at least eight characters")) }
        }
        Lock::Code(code) => {
            within(code, LINE)?;
            if is_weak(code) { Err(Error::new("weak-code", "one of the first guesses")) } else { Ok(()) }
        }
    }
}

/// Ids become keys of documents: short, and of plain characters.
fn id(id: &str) -> Result<()> {
    let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if plain && (1..=64).contains(&id.len()) { Ok(()) } else { Err(Error::new("bad-id", id.len())) }
}

fn past(date: NaiveDate, today: NaiveDate) -> Result<()> {
    if date > today { Err(Error::new("bad-date", "in the future")) } else { due(Some(date)) }
}

fn due(date: Option<NaiveDate>) -> Result<()> {
    let known = date.is_none_or(|date| (FIRST_YEAR..=LAST_YEAR).contains(&date.year()));
    if known { Ok(()) } else { Err(Error::new("bad-date", "no such year")) }
}

fn number(value: impl Into<u32>, least: u32, most: u32) -> Result<()> {
    let value = value.into();
    let fits = (least..=most).contains(&value);
    if fits { Ok(()) } else { Err(Error::new("bad-number", format!("{least} to {most}"))) }
}

fn tags(tags: &[String], most: usize) -> Result<()> {
    if tags.len() > most {
        return Err(Error::new("too-long", format!("at most {most} tags")));
    }
    tags.iter().try_for_each(|tag| required(tag, NAME))
}

fn required(text: &str, most: usize) -> Result<()> {
    if typed::has_something(text) {
        within(text, most)
    } else {
        Err(Error::new("empty-text", "words are needed"))
    }
}

fn within(text: &str, most: usize) -> Result<()> {
    let length = length(text);
    if length <= most {
        Ok(())
    } else {
        Err(Error::new("too-long", format!("{length} of {most} characters")))
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;
    use trellis_api_types::checkin::{Kept, Mood};
    use trellis_api_types::plan::Need;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn sample() -> CheckIn {
        CheckIn {
            id: "a-1".into(),
            date: day("2026-03-01"),
            time: NaiveTime::MIN,
            mood: Mood::Okay,
            urge: Some(10),
            halt: vec![],
            used: None,
            medication: None,
            tags: vec!["work".into()],
            note: "ñ".repeat(NOTE),
            learned: String::new(),
            kept: Kept::default(),
            edited_at: 0,
        }
    }

    fn code(checkin: CheckIn) -> &'static str {
        super::checkin(&checkin, day("2026-03-01")).err().map_or("ok", |e| e.code)
    }

    #[test]
    fn checkins_are_refused_by_code() {
        assert_eq!(code(sample()), "ok");
        assert_eq!(code(CheckIn { urge: Some(11), ..sample() }), "bad-urge");
        assert_eq!(code(CheckIn { date: day("2026-03-02"), ..sample() }), "bad-date");
        assert_eq!(code(CheckIn { date: day("0201-03-02"), ..sample() }), "bad-date");
        assert_eq!(code(CheckIn { note: "x".repeat(NOTE + 1), ..sample() }), "too-long");
        assert_eq!(code(CheckIn { tags: vec!["x".into(); TAGS + 1], ..sample() }), "too-long");
        assert_eq!(code(CheckIn { tags: vec![" ".into()], ..sample() }), "empty-text");
        assert_eq!(code(CheckIn { id: String::new(), ..sample() }), "bad-id");
        assert_eq!(code(CheckIn { id: "a/b".into(), ..sample() }), "bad-id");
    }

    #[test]
    fn lengths_count_as_the_fields_of_a_page_do() {
        // A plant takes two units in a field, and one character.
        assert_eq!(code(CheckIn { note: "🌱".repeat(NOTE / 2), ..sample() }), "ok");
        assert_eq!(code(CheckIn { note: "🌱".repeat(NOTE / 2 + 1), ..sample() }), "too-long");
    }

    #[test]
    fn a_name_that_shows_nothing_is_no_name() {
        for nothing in ["", " ", "\u{200b}\u{200d}", "\u{202e}"] {
            assert_eq!(called(nothing).unwrap_err().code, "empty-text", "{nothing:?}");
        }
        assert!(called("🌱").is_ok());
    }

    #[test]
    fn words_are_needed_where_a_thing_is_nothing_without_them() {
        let need = Need { id: "n".into(), text: "  ".into(), detail: String::new(), due: None, done: false };
        assert_eq!(plan(&PlanEdit::PutNeed(need)).unwrap_err().code, "empty-text");
        assert!(plan(&PlanEdit::OwnWords(String::new())).is_ok());
    }

    #[test]
    fn settings_have_bounds() {
        let refused = |edit| settings(&edit, day("2026-03-01")).err().map(|e| e.code);
        assert_eq!(refused(SettingsEdit::TextSize(201)), Some("bad-number"));
        assert_eq!(refused(SettingsEdit::TextSize(90)), None);
        assert_eq!(refused(SettingsEdit::RecoveryStart(Some(day("2026-03-02")))), Some("bad-date"));
    }

    #[test]
    fn a_passphrase_has_eight_letters_however_their_bytes_come() {
        let long = |text: &str| lock(&Lock::Passphrase(text.into())).is_ok();
        assert!(long("seven 77") && !long("seven77"));
        assert!(!long("man\u{303}ana7"), "n and tilde are one letter");
    }
}
