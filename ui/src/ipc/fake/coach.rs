//! A coach's view: 40 made-up people.

use chrono::NaiveDate;
use trellis_api_types::circle::{Entry, What};
use trellis_api_types::coach::*;
use trellis_api_types::people::{Person, Role};
use trellis_api_types::plan::Dimension;
use trellis_api_types::sharing::{ConsentTerms, Field, GoalChoice, Recipient, Until};
use trellis_api_types::{ApiError, Command, Id};
use wasm_bindgen::JsValue;

use super::sample::{days_ago, days_on, id};
use super::{Answer, World, change, on, put, read, refuse, sharing};
use crate::fmt;

/// What the made-up coach has.
#[derive(Clone, Default)]
pub(super) struct Desk {
    cases: Vec<Case>,
    supervision: Vec<Supervision>,
}

const NAMES: &str = "Amara Jonas Wren Tomas Ilse Maya Curtis Samira Beto Hollis Nadia Pim Rosa Dmitri Lupe Farid Gwen Hugo Imani \
    Jae Kofi Lena Mateo Nia Omar Paz Quinn Rafa Sol Tess Uma Vic Willa Xavi Yara Zane Ada Bo Cleo Dov";

const DAY: i64 = 86_400_000;

pub(super) fn answer(name: &str, args: &JsValue) -> Option<Answer> {
    Some(match name {
        CaseloadGet::NAME => read(|w| caseload(&w.desk)),
        CaseGet::NAME => on::<CaseGet>(args, |w, get| Ok(find(w, &get.space)?.clone())),
        CaseSave::NAME => change::<CaseSave>(args, |w, save| {
            let case = find(w, &save.space)?;
            edit(case, save.edit)
        }),
        SupervisionGet::NAME => read(log),
        SupervisionSave::NAME => change::<SupervisionSave>(args, |w, save| match save.edit {
            SupervisionEdit::Put(entry) => {
                let id = entry.id.clone();
                put(&mut w.desk.supervision, entry, |other| other.id == id);
                w.desk.supervision.sort_by_key(|entry| std::cmp::Reverse(entry.on));
                Ok(())
            }
            SupervisionEdit::Remove(id) => {
                w.desk.supervision.retain(|entry| entry.id != id);
                Ok(())
            }
        }),
        _ => return None,
    })
}

fn caseload(desk: &Desk) -> Caseload {
    let rows: Vec<_> = desk.cases.iter().map(|case| case.row.clone()).collect();
    let mut due: Vec<_> =
        rows.iter().filter(|row| row.next_call.is_some_and(|day| day <= fmt::today())).collect();
    due.sort_by_key(|row| row.next_call);
    let calls = due.into_iter().map(|row| row.space.clone()).collect();
    Caseload { rows, calls }
}

fn names(w: &World) -> Vec<String> {
    w.desk.cases.iter().map(|case| case.row.person.name.clone()).collect()
}

fn log(w: &World) -> SupervisionLog {
    SupervisionLog { entries: w.desk.supervision.clone(), names: names(w) }
}

fn find<'w>(w: &'w mut World, space: &Id) -> Result<&'w mut Case, ApiError> {
    w.desk.cases.iter_mut().find(|case| case.row.space == *space).ok_or_else(|| refuse("not-found"))
}

fn edit(case: &mut Case, edit: CaseEdit) -> Result<(), ApiError> {
    match edit {
        CaseEdit::PutCall(call) => {
            (case.row.next_call, case.row.tries) =
                (call.next, case.row.tries + u32::from(call.outcome != Outcome::Reached));
            let id = call.id.clone();
            put(&mut case.calls, call, |other| other.id == id);
            case.calls.sort_by_key(|call| std::cmp::Reverse(call.at));
        }
        CaseEdit::RemoveCall(id) => case.calls.retain(|call| call.id != id),
        CaseEdit::PutNote(note) if note.text.trim().is_empty() => return Err(refuse("empty-text")),
        CaseEdit::PutNote(note) => {
            let id = note.id.clone();
            put(&mut case.notes, note, |other| other.id == id);
            case.notes.sort_by_key(|note| std::cmp::Reverse(note.on));
        }
        CaseEdit::RemoveNote(id) => case.notes.retain(|note| note.id != id),
        CaseEdit::QuietAfter(days) => case.quiet_after = days,
        CaseEdit::Weekly(on) => case.weekly = on,
    }
    Ok(())
}

pub(super) fn sample() -> Desk {
    let cases = NAMES.split_whitespace().zip(0_u32..).map(|(name, n)| case(name, n)).collect();
    Desk { cases, supervision: supervision() }
}

fn reasons(n: u32) -> Vec<Reason> {
    use Reason::{AskedForHelp, CallDue, GoneQuiet, Steady, StepDue, UpdateMissed, UrgeRising};
    match n {
        0 => vec![AskedForHelp, UrgeRising, CallDue],
        1 => vec![GoneQuiet, CallDue],
        2 => vec![GoneQuiet],
        3 => vec![UrgeRising, StepDue],
        4 => vec![UrgeRising],
        5 => vec![CallDue, StepDue],
        6 => vec![CallDue, UpdateMissed],
        7 => vec![StepDue],
        8 => vec![UpdateMissed],
        _ => vec![Steady],
    }
}

/// Two weeks, oldest first: rising, gone silent, or low.
fn urges(n: u32) -> Vec<Option<u8>> {
    let day = |d: u32| match n {
        0 | 3 | 4 if d % 6 != 4 => u8::try_from(1 + d / 2 + (d * n) % 2).ok(),
        1 | 2 if d < 8 => u8::try_from(3 + d % 3).ok(),
        0..=4 => None,
        _ if (d + n).is_multiple_of(6) => None,
        _ => u8::try_from((d * 3 + n) % 4).ok(),
    };
    (0..14).map(day).collect()
}

fn row(name: &str, n: u32) -> CaseRow {
    let reasons = reasons(n);
    let no_consent = n == 12;
    let urges = if no_consent { vec![None; 14] } else { urges(n) };
    let due = |reason| reasons.contains(&reason);
    let quiet = if due(Reason::GoneQuiet) { 6 - 2 * (n - 1) } else { n % 3 };
    CaseRow {
        space: id(4000 + n),
        person: person(name),
        last_checkin: days_ago(quiet.into()).filter(|_| !no_consent),
        quiet_days: Some(quiet).filter(|_| !no_consent),
        checked_in: urges.iter().map(|urge| urge.is_some() || (n == 13)).collect(),
        urges,
        next_call: if due(Reason::CallDue) {
            days_ago(u64::from(n % 4))
        } else {
            days_on(u64::from(n % 9 + 1))
        }
        .filter(|_| n % 10 != 9),
        tries: if n == 1 { 2 } else { 0 },
        steps_due: u32::from(due(Reason::StepDue)),
        keep_calling: n == 6 || n == 1,
        no_consent,
        reasons,
    }
}

fn person(name: &str) -> Person {
    Person {
        account: name.to_lowercase(),
        name: name.into(),
        role: Role::Participant,
        leads: false,
        me: false,
        blocked: false,
        phone: if name.len() % 2 == 1 { "555 0177".into() } else { String::new() },
        may_remove: false,
        may_promote: false,
        may_demote: false,
    }
}

fn case(name: &str, n: u32) -> Case {
    let row = row(name, n);
    let shares = !row.no_consent;
    Case {
        consents: if shares { consents(n) } else { vec![] },
        entries: if shares { entries(&row, n) } else { vec![] },
        calls: calls(n),
        notes: if n < 3 { vec![note(n)] } else { vec![] },
        quiet_after: 4,
        weekly: row.reasons.contains(&Reason::UpdateMissed) || n.is_multiple_of(2),
        row,
    }
}

fn consents(n: u32) -> Vec<trellis_api_types::sharing::ConsentVersion> {
    let terms = ConsentTerms {
        fields: vec![Field::Mood, Field::Urge, Field::Note],
        goals: GoalChoice::All,
        purpose: "support by phone each week".into(),
        recipient: Recipient::Coach,
        from: days_ago(80).unwrap_or_default(),
        until: days_on(190).map_or(Until::Stopped, Until::Date),
        part2: None,
    };
    let before = ConsentTerms {
        fields: vec![Field::Mood],
        goals: GoalChoice::None,
        from: days_ago(100).unwrap_or_default(),
        ..terms.clone()
    };
    vec![sharing::version(5000 + n, terms, true), sharing::version(5100 + n, before, false)]
}

fn entries(row: &CaseRow, n: u32) -> Vec<Entry> {
    let quiet = row.quiet_days.unwrap_or_default();
    let checkins = (quiet..quiet + 16).map(sharing::checkin);
    let goal = sharing::goal("An ID card", Dimension::Home);
    let milestone = What::Milestone {
        on: days_ago(9).unwrap_or_default(),
        days: 90,
        text: Some("My sister came.".into()),
    };
    let fields =
        [("How was the week?", "Slow, but I slept."), ("What is next?", "The county office on Thursday.")];
    let weekly = What::Weekly {
        week: days_ago(13).unwrap_or_default(),
        fields: fields.map(|(question, answer)| (question.to_owned(), answer.to_owned())).to_vec(),
    };
    let all = checkins.chain([goal, milestone, weekly]).zip(0_u32..);
    all.map(|(what, at)| entry(row, 6000 + n * 40 + at, what)).collect()
}

fn entry(row: &CaseRow, key: u32, what: What) -> Entry {
    Entry {
        key: id(key),
        account: row.person.account.clone(),
        at: chrono::Utc::now().timestamp_millis(),
        what,
        reactions: vec![],
        replies: vec![],
        only_here: false,
    }
}

fn calls(n: u32) -> Vec<CallLog> {
    let call = |back: i64, outcome, need: &str| CallLog {
        id: id(8000 + n * 10 + u32::try_from(back).unwrap_or(0)),
        at: chrono::Utc::now().timestamp_millis() - back * DAY,
        outcome,
        need: need.into(),
        role: ContactRole::Coach,
        next: None,
    };
    match n {
        1 => vec![
            call(1, Outcome::NoAnswer, ""),
            call(3, Outcome::Message, ""),
            call(9, Outcome::Reached, "A ride to the clinic"),
        ],
        _ if n.is_multiple_of(5) => vec![],
        _ => vec![call(4, Outcome::Reached, "A ride to the clinic"), call(11, Outcome::Message, "")],
    }
}

fn note(n: u32) -> Note {
    Note {
        id: id(8900 + n),
        on: days_ago(4).unwrap_or_default(),
        text: "Likes a text first. Sister is Efe.".into(),
    }
}

fn supervision() -> Vec<Supervision> {
    let entry = |n: u32, back: u64, kind, minutes, text: &str| Supervision {
        id: id(8950 + n),
        on: days_ago(back).unwrap_or_else(NaiveDate::default),
        kind,
        minutes,
        text: text.into(),
    };
    use SupervisionKind::{Supervision as With, Training};
    vec![
        entry(0, 5, With, 60, "When a participant goes quiet: how long to wait, whom to ask."),
        entry(1, 19, Training, 150, "Motivational interviewing, part 2."),
        entry(2, 33, With, 45, "Keeping my own evenings free."),
        entry(3, 400, Training, 480, "Recovery Coach Academy, day 1."),
    ]
}
