//! A consent on paper: every element of 42 CFR 2.31 that it holds.

use trellis_api_types::plan::Dimension;
use trellis_api_types::settings::Language;
use trellis_api_types::sharing::{ConsentTerms, ConsentVersion, Field, GoalChoice, Recipient, Until};

use super::sheet::{Sheet, Style};
use super::size::PaperSize;
use super::words::Words;
use crate::error::Result;

/// One version of a consent, and who is meant by it.
pub struct ConsentPaper<'a> {
    /// The version.
    pub version: &'a ConsentVersion,
    /// What its author is called.
    pub author: &'a str,
    /// What the others in the space are called.
    pub others: &'a [String],
    /// Titles of the single goals, as far as they are known.
    pub goals: &'a [String],
    /// Letters that no font has are printed as `?`.
    pub anyway: bool,
}

/// The PDF. Errors: `paper-refused`, `font-broken`, `words-broken`, `letters-missing`.
pub fn consent(paper: &ConsentPaper<'_>, language: Language, size: PaperSize) -> Result<Vec<u8>> {
    let words = Words::of(language)?;
    let mut sheet = words.sheet(&words.consent_title, size);
    sheet.add(Style::Text, &words.consent_intro);
    let stands = if paper.version.stands { &words.state_stands } else { &words.state_over };
    sheet.field(&words.state, stands);
    match &paper.version.terms {
        Some(terms) => words.terms(&mut sheet, paper, terms),
        None => sheet.add(Style::Text, &words.unreadable),
    }
    if paper.version.retracts {
        sheet.add(Style::Text, &words.retracts);
    }
    sheet.field(&words.version, &paper.version.id);
    sheet.field(&words.by_hand, format!("\n{}", words.by_hand_line));
    sheet.finish(paper.anyway)
}

impl Words {
    /// An empty paper in this language.
    pub(super) fn sheet(&self, title: &str, size: PaperSize) -> Sheet {
        let language = if self.language == "es" { "es" } else { "en" };
        Sheet::new(title, language, &format!("Trellis · {title} · {}", self.foot), size)
    }

    fn terms(&self, sheet: &mut Sheet, paper: &ConsentPaper<'_>, terms: &ConsentTerms) {
        let part2 = terms.part2.clone().unwrap_or_default();
        let patient = or(&part2.patient, paper.author);
        sheet.field(&self.patient, &patient);
        let own = self.discloser_self.replace("{name}", &patient);
        sheet.field(&self.discloser, or(&part2.discloser, &own));
        sheet.field(&self.what, self.scope(terms, paper.goals));
        sheet.field(&self.recipients, self.receives(terms, &part2.recipients, paper.others));
        sheet.field(&self.purpose, or(&terms.purpose, &self.no_purpose));
        sheet.field(&self.from, self.from_text.replace("{date}", &self.day(terms.from)));
        sheet.field(&self.until, self.until(&terms.until));
        sheet.field(&self.revoking, or(&part2.revoking, &self.revoking_self));
        let signed = self.signed_text.replace("{name}", &or(&part2.signature, &patient));
        sheet.field(&self.signed, signed.replace("{date}", &self.day(paper.version.signed)));
    }

    /// What may be shared, one thing on a line.
    pub(super) fn scope(&self, terms: &ConsentTerms, goals: &[String]) -> String {
        let mut lines: Vec<String> = Field::ALL
            .iter()
            .zip(&self.fields)
            .filter(|(field, _)| terms.fields.contains(field))
            .map(|(_, name)| name.clone())
            .collect();
        lines.extend(self.goals(&terms.goals, goals));
        if lines.is_empty() {
            return self.shares_nothing.clone();
        }
        let listed: Vec<String> = lines.into_iter().map(|line| format!("• {line}")).collect();
        listed.join("\n")
    }

    fn goals(&self, choice: &GoalChoice, titles: &[String]) -> Vec<String> {
        let GoalChoice::Some { dimensions, goals } = choice else {
            return (*choice == GoalChoice::All).then(|| self.goals_all.clone()).into_iter().collect();
        };
        let chosen = Dimension::ALL.iter().zip(&self.dimensions);
        let names: Vec<&str> =
            chosen.filter(|(it, _)| dimensions.contains(it)).map(|(_, name)| name.as_str()).collect();
        let parts = (!names.is_empty()).then(|| self.goals_in.replace("{list}", &names.join(", ")));
        let unknown = goals.len().saturating_sub(titles.len());
        let known = (!titles.is_empty()).then(|| self.goals_these.replace("{list}", &titles.join("; ")));
        let others = (unknown > 0).then(|| self.goals_single.replace("{n}", &unknown.to_string()));
        [parts, known, others].into_iter().flatten().collect()
    }

    fn receives(&self, terms: &ConsentTerms, named: &str, others: &[String]) -> String {
        let kind = match terms.recipient {
            Recipient::Person => &self.recipient_person,
            Recipient::Group => &self.recipient_group,
            Recipient::Coach => &self.recipient_coach,
            Recipient::Programme => &self.recipient_programme,
        };
        let names = or(named, &others.join(", "));
        if names.is_empty() { kind.clone() } else { format!("{kind}: {names}") }
    }

    pub(super) fn until(&self, until: &Until) -> String {
        match until {
            Until::Stopped => self.until_stopped.clone(),
            Until::Date(day) => self.until_date.replace("{date}", &self.day(*day)),
            Until::Event(event) => self.until_event.replace("{event}", event),
        }
    }
}

/// What was written, or else what it means without that.
fn or(written: &str, otherwise: &str) -> String {
    if written.trim().is_empty() { otherwise.to_owned() } else { written.to_owned() }
}
