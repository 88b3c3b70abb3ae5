//! What is accepted about spaces, step work and a coach's notes. Limits are those of the records that come of it.

use chrono::{Datelike, NaiveDate, Weekday};
use trellis_api_types::circle::{CircleEdit, Meeting};
use trellis_api_types::coach::{CallLog, CaseEdit, Supervision, SupervisionEdit};
use trellis_api_types::limits::{LINE, LIST, NAME, NOTE, SUPERVISION_MINUTES, TEXT};
use trellis_api_types::work::WorkEdit;

use super::{due, id, number, past, required, within};
use crate::error::{Error, Result};

/// Most people who are asked for help at once.
const HELPERS: usize = 256;
/// Most days without anything before somebody has gone quiet.
const QUIET: u32 = 60;

/// What is kept of somebody. Errors: `bad-id`, `too-long`.
pub fn person(account: &str, phone: &str) -> Result<()> {
    id(account)?;
    within(phone, NAME)
}

/// A change of the step work. Errors: `bad-id`, `empty-text`, `too-long`.
pub fn work(edit: &WorkEdit) -> Result<()> {
    match edit {
        WorkEdit::PutSheet { id: sheet, title } => id(sheet).and_then(|()| required(title, LINE)),
        WorkEdit::RemoveSheet(sheet) => id(sheet),
        WorkEdit::PutAnswer { sheet, id: answer, question, text } => {
            all_ids([sheet, answer])?;
            required(question, LINE)?;
            within(text, NOTE)
        }
        WorkEdit::RemoveAnswer { sheet, id: answer } => all_ids([sheet, answer]),
        WorkEdit::Share { sheet, id: answer, space, .. } => all_ids([sheet, answer, space]),
    }
}

/// A change of what a coach keeps about somebody. Errors: `bad-id`, `bad-date`, `bad-number`, `empty-text`, `too-long`.
pub fn case(edit: &CaseEdit) -> Result<()> {
    match edit {
        CaseEdit::PutCall(call) => self::call(call),
        CaseEdit::PutNote(note) => {
            id(&note.id)?;
            due(Some(note.on))?;
            required(&note.text, NOTE)
        }
        CaseEdit::RemoveCall(one) | CaseEdit::RemoveNote(one) => id(one),
        CaseEdit::QuietAfter(days) => number(*days, 1, QUIET),
        CaseEdit::Weekly(_) => Ok(()),
    }
}

fn call(call: &CallLog) -> Result<()> {
    id(&call.id)?;
    within(&call.need, TEXT)?;
    due(call.next)
}

/// A change of the log of supervision. Errors: `bad-id`, `bad-date`, `bad-number`, `too-long`.
pub fn supervision(edit: &SupervisionEdit, today: NaiveDate) -> Result<()> {
    let Supervision { id: entry, on, minutes, text, .. } = match edit {
        SupervisionEdit::Put(entry) => entry,
        SupervisionEdit::Remove(one) => return id(one),
    };
    id(entry)?;
    past(*on, today)?;
    number(*minutes, 1, SUPERVISION_MINUTES)?;
    within(text, NOTE)
}

/// A change of what a space shows. Errors: `bad-id`, `bad-date`, `empty-text`, `too-long`.
pub fn circle(edit: &CircleEdit) -> Result<()> {
    match edit {
        CircleEdit::Post { id: one, text, .. } => id(one).and_then(|()| required(text, NOTE)),
        CircleEdit::React { account, key, .. } => all_ids([account, key]),
        CircleEdit::Reply { id: one, account, key, text } => {
            all_ids([one, account, key])?;
            required(text, NOTE)
        }
        CircleEdit::Remove { key } | CircleEdit::Okay { key } => id(key),
        CircleEdit::AskFocus { question } => required(question, LINE),
        CircleEdit::AnswerFocus { text } => required(text, NOTE),
        CircleEdit::Commit { id: one, text, by, witness, .. } => {
            all_ids([one].into_iter().chain(witness))?;
            due(Some(*by))?;
            required(text, LINE)
        }
        CircleEdit::PutMeeting(meeting) => self::meeting(meeting),
        CircleEdit::PutResource(resource) => {
            id(&resource.id)?;
            required(&resource.title, LINE)?;
            within(&resource.detail, TEXT)
        }
        CircleEdit::RemoveMeeting(one) | CircleEdit::RemoveResource(one) => id(one),
        CircleEdit::SetAgreement(text) => within(text, NOTE),
        CircleEdit::SignAgreement => Ok(()),
        CircleEdit::Call { id: one, with, .. } => all_ids([one, with]),
        CircleEdit::Weekly { week, fields } => weekly(*week, fields),
        CircleEdit::AskHelp { id: one, to, text } => help(one, to, text),
        CircleEdit::AnswerHelp { account, key, text, phone, .. } => {
            all_ids([account, key])?;
            within(text, TEXT)?;
            within(phone, NAME)
        }
    }
}

/// Longest name of a zone, characters; the longest known ones have half of that.
const ZONE: usize = 64;

/// A call for help, and who is asked. Errors: `bad-id`, `too-long`.
pub fn help(one: &str, to: &[String], text: &str) -> Result<()> {
    id(one)?;
    helpers(to)?;
    within(text, TEXT)
}

/// Who is asked for help, in all spaces together. Errors: `bad-id`, `too-long`.
pub fn helpers(to: &[String]) -> Result<()> {
    if to.len() > HELPERS {
        return Err(Error::new("too-long", format!("{} of {HELPERS} people", to.len())));
    }
    all_ids(to)
}

fn meeting(meeting: &Meeting) -> Result<()> {
    id(&meeting.id)?;
    required(&meeting.title, LINE)?;
    within(&meeting.place, LINE)?;
    within(&meeting.zone, ZONE)?;
    due(Some(meeting.date))
}

fn weekly(week: NaiveDate, fields: &[(String, String)]) -> Result<()> {
    if week.weekday() != Weekday::Mon {
        return Err(Error::new("bad-date", "not a Monday"));
    }
    due(Some(week))?;
    few(fields.len())?;
    fields.iter().try_for_each(|(label, text)| required(label, LINE).and_then(|()| within(text, TEXT)))?;
    let says_something = fields.iter().any(|(_, text)| !text.trim().is_empty());
    if says_something { Ok(()) } else { Err(Error::new("empty-text", "words are needed")) }
}

fn few(count: usize) -> Result<()> {
    if count > LIST { Err(Error::new("too-long", format!("{count} of {LIST} entries"))) } else { Ok(()) }
}

fn all_ids<'a>(ids: impl IntoIterator<Item = &'a String>) -> Result<()> {
    ids.into_iter().try_for_each(|one| id(one))
}

#[cfg(test)]
mod tests {
    use trellis_api_types::circle::{PostKind, Resource};
    use trellis_api_types::coach::SupervisionKind;

    use super::*;

    fn refused(edit: &CircleEdit) -> Option<&'static str> {
        circle(edit).err().map(|e| e.code)
    }

    fn post(text: String) -> CircleEdit {
        CircleEdit::Post { id: "p".into(), kind: PostKind::Victory, text }
    }

    fn ask(to: Vec<String>) -> CircleEdit {
        CircleEdit::AskHelp { id: "h".into(), to, text: String::new() }
    }

    #[test]
    fn what_is_said_in_a_space_has_bounds() {
        assert_eq!(refused(&post("ñ".repeat(NOTE))), None);
        assert_eq!(refused(&post("ñ".repeat(NOTE + 1))), Some("too-long"));
        assert_eq!(refused(&post(" ".into())), Some("empty-text"));
        assert_eq!(refused(&CircleEdit::Remove { key: "a/b".into() }), Some("bad-id"));
        let resource = Resource { id: "r".into(), title: String::new(), detail: "x".into() };
        assert_eq!(refused(&CircleEdit::PutResource(resource)), Some("empty-text"));
        assert_eq!(refused(&ask(vec!["a".into(); HELPERS + 1])), Some("too-long"));
        assert_eq!(refused(&ask(vec!["a".into()])), None);
    }

    #[test]
    fn a_weekly_update_is_of_a_monday_and_says_something() {
        let week = |day: &str, text: &str| CircleEdit::Weekly {
            week: day.parse().unwrap(),
            fields: vec![("What helped?".into(), text.into())],
        };
        assert_eq!(refused(&week("2026-03-02", "Walking")), None);
        assert_eq!(refused(&week("2026-03-03", "Walking")), Some("bad-date"));
        assert_eq!(refused(&week("2026-03-02", " ")), Some("empty-text"));
    }

    #[test]
    fn step_work_and_a_coachs_notes_have_bounds() {
        let put = |question: &str| WorkEdit::PutAnswer {
            sheet: "s".into(),
            id: "a".into(),
            question: question.into(),
            text: String::new(),
        };
        assert!(work(&put("Who?")).is_ok());
        assert_eq!(work(&put("")).unwrap_err().code, "empty-text");
        assert_eq!(case(&CaseEdit::QuietAfter(0)).unwrap_err().code, "bad-number");
        assert!(case(&CaseEdit::QuietAfter(QUIET)).is_ok());
        let entry = |on: &str, minutes| {
            let (kind, text) = (SupervisionKind::Training, String::new());
            let entry = Supervision { id: "e".into(), on: on.parse().unwrap(), kind, minutes, text };
            let today = "2026-03-01".parse().unwrap();
            supervision(&SupervisionEdit::Put(entry), today).err().map(|e| e.code)
        };
        assert_eq!(entry("2026-03-01", 60), None);
        assert_eq!((entry("2026-03-02", 60), entry("2026-03-01", 0)), (Some("bad-date"), Some("bad-number")));
    }
}
