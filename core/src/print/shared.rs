//! What somebody shared, on paper, with the scope of their consent and the notice of 42 CFR 2.32.

use chrono::NaiveDate;
use trellis_api_types::circle::{PostKind, SharedStep, What};
use trellis_api_types::journey::Length;
use trellis_api_types::settings::Language;
use trellis_api_types::sharing::ConsentVersion;

use super::sheet::{Sheet, Style};
use super::size::PaperSize;
use super::words::Words;
use crate::error::Result;

/// Statement 1 of 42 CFR 2.32(a), word for word.
const NOTICE: [&str; 5] = [
    "This record which has been disclosed to you is protected by Federal confidentiality rules (42 CFR part 2). These \
     rules prohibit you from using or disclosing this record, or testimony that describes the information contained in \
     this record, in any civil, criminal, administrative, or legislative proceedings by any Federal, State, or local \
     authority, against the patient, unless authorized by the consent of the patient, except as provided at 42 CFR \
     2.12(c)(5) or as authorized by a court in accordance with 42 CFR 2.64 or 2.65. In addition, the Federal rules \
     prohibit you from making any other use or disclosure of this record unless at least one of the following applies:",
    "(i) Further use or disclosure is expressly permitted by the written consent of the individual whose information is \
     being disclosed in this record or as otherwise permitted by 42 CFR part 2.",
    "(ii) You are a covered entity or business associate and have received the record for treatment, payment, or health \
     care operations, or",
    "(iii) You have received the record from a covered entity or business associate as permitted by 45 CFR part 164, \
     subparts A and E.",
    "A general authorization for the release of medical or other information is NOT sufficient to meet the required \
     elements of written consent to further use or redisclose the record (see 42 CFR 2.31).",
];

/// What somebody shared, and with whom.
pub struct SharedPaper<'a> {
    /// What they are called.
    pub author: &'a str,
    /// What the one who saves it is called.
    pub reader: &'a str,
    /// The day.
    pub today: NaiveDate,
    /// What they agreed to.
    pub consents: &'a [ConsentVersion],
    /// Entries, newest first.
    pub entries: &'a [What],
    /// Letters that no font has are printed as `?`.
    pub anyway: bool,
}

/// The PDF. Errors: `paper-refused`, `font-broken`, `words-broken`, `letters-missing`.
pub fn shared(paper: &SharedPaper<'_>, language: Language, size: PaperSize) -> Result<Vec<u8>> {
    let words = Words::of(language)?;
    let mut sheet = words.sheet(&words.shared_title, size);
    sheet.field(&words.shared_by, paper.author);
    sheet.field(&words.shared_with, paper.reader);
    sheet.field(&words.saved_on, words.day(paper.today));
    sheet.add(Style::Heading, &words.notice);
    sheet.add(Style::Text, &words.notice_intro);
    NOTICE.iter().for_each(|part| sheet.add(Style::Text, *part));
    words.agreed(&mut sheet, paper.consents);
    sheet.add(Style::Heading, &words.entries);
    if paper.entries.is_empty() {
        sheet.add(Style::Text, &words.entries_none);
    }
    paper.entries.iter().for_each(|entry| words.entry(&mut sheet, entry));
    sheet.finish(paper.anyway)
}

impl Words {
    fn agreed(&self, sheet: &mut Sheet, consents: &[ConsentVersion]) {
        sheet.add(Style::Heading, &self.scope);
        let standing: Vec<&ConsentVersion> = consents.iter().filter(|version| version.stands).collect();
        if standing.is_empty() {
            sheet.add(Style::Text, &self.scope_none);
        }
        for version in standing {
            let label = self.signed_on.replace("{date}", &self.day(version.signed));
            let Some(terms) = &version.terms else {
                sheet.field(&label, &self.unreadable);
                continue;
            };
            sheet.field(&label, self.scope_of(terms));
        }
    }

    fn scope_of(&self, terms: &trellis_api_types::sharing::ConsentTerms) -> String {
        let from = self.from_text.replace("{date}", &self.day(terms.from));
        let mut lines = vec![self.scope(terms, &[])];
        lines.push(format!("{}: {from}", self.from));
        lines.push(format!("{}: {}", self.until, self.until(&terms.until)));
        if !terms.purpose.trim().is_empty() {
            lines.push(format!("{}: {}", self.purpose, terms.purpose));
        }
        lines.join("\n")
    }

    /// What a milestone stands for.
    fn length(&self, days: u32) -> String {
        let (words, n) = match Length::of(days) {
            Length::Days(days) => (&self.days, days),
            Length::Months(months) => (&self.in_months, months),
            Length::Years(1) => (&self.in_year, 1),
            Length::Years(years) => (&self.in_years, years),
        };
        words.replace("{n}", &n.to_string())
    }

    fn entry(&self, sheet: &mut Sheet, what: &What) {
        let (label, lines) = match what {
            What::CheckIn { date, time, .. } => {
                (format!("{} · {}, {}", self.checkin, self.day(*date), Self::time(*time)), self.checkin(what))
            }
            What::Milestone { on, days, text } => {
                let length = self.length(*days);
                (format!("{} · {}", self.milestone, self.day(*on)), joined([Some(length), text.clone()]))
            }
            What::Goal { .. } => self.goal_entry(what),
            What::Weekly { week, fields } => {
                let week = self.week_of.replace("{date}", &self.day(*week));
                let lines = fields.iter().map(|(label, text)| format!("{label}\n{text}"));
                (format!("{} · {week}", self.weekly), lines.collect())
            }
            What::Post { kind, text } => {
                let kind = if *kind == PostKind::Victory { &self.victory } else { &self.setback };
                (kind.clone(), vec![text.clone()])
            }
            What::Work { worksheet, question, text } => {
                (format!("{} · {worksheet}", self.work), vec![question.clone(), text.clone()])
            }
        };
        sheet.field(&label, lines.join("\n"));
    }

    /// What was not shared is not mentioned.
    fn checkin(&self, what: &What) -> Vec<String> {
        let What::CheckIn { mood, urge, halt, used, medication, note, meeting, .. } = what else {
            return Vec::new();
        };
        let said = |label: &str, text: String| format!("{label}: {text}");
        let list: Vec<&str> = halt.iter().map(|one| Self::at(&self.halts, *one as usize)).collect();
        joined([
            mood.map(|mood| said(&self.mood, Self::at(&self.moods, mood as usize).to_owned())),
            urge.map(|urge| said(&self.urge, self.of_ten.replace("{n}", &urge.to_string()))),
            (!list.is_empty()).then(|| list.join(", ")),
            used.map(|used| said(&self.use_, Self::at(&self.uses, used as usize).to_owned())),
            medication.map(|it| said(&self.medication, Self::at(&self.medications, it as usize).to_owned())),
            meeting.clone().map(|meeting| said(&self.meeting, meeting)),
            note.clone().map(|note| said(&self.note, note)),
        ])
    }

    fn goal_entry(&self, what: &What) -> (String, Vec<String>) {
        let What::Goal { dimension, title, reason, state, steps } = what else { return Default::default() };
        let dimension = Self::at(&self.dimensions, *dimension as usize);
        let state = Self::at(&self.goal_states, *state as usize);
        let mut lines = joined([Some(format!("{title} ({state})")), reason.clone()]);
        lines.extend(steps.iter().map(|step| self.step(step)));
        (format!("{} · {dimension}", self.goal), lines)
    }

    fn step(&self, step: &SharedStep) -> String {
        let state = Self::at(&self.step_states, step.state as usize).to_owned();
        let due = step.due.map(|due| self.step_by.replace("{date}", &self.day(due)));
        format!("• {} ({})", step.text, joined([Some(state), due]).join(", "))
    }
}

fn joined<const N: usize>(parts: [Option<String>; N]) -> Vec<String> {
    parts.into_iter().flatten().collect()
}
