//! The table of countries and their lines, as it stands in `lines.json`.

use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveDateTime};
use serde::Deserialize;

use crate::hours::{Span, opens};

/// Any country that has no row of its own.
pub const ELSEWHERE: &str = "ZZ";
/// A country of the European Union that has no row of its own.
pub const UNION: &str = "EU";
/// Countries of the European Union, without those that have a row.
const MEMBERS: &[&str] = &[
    "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IT", "LV", "LT", "LU",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

static TABLE: LazyLock<Vec<Country>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../lines.json")).unwrap_or_default());
static NONE: LazyLock<Country> = LazyLock::new(Country::default);

/// All rows, in the table's order: the last two are [`UNION`] and [`ELSEWHERE`].
pub fn countries() -> &'static [Country] {
    &TABLE
}

/// The row for a country; that of [`ELSEWHERE`] where none is known.
pub fn country(code: Option<&str>) -> &'static Country {
    let code = code.unwrap_or(ELSEWHERE);
    let row = |code: &str| TABLE.iter().find(|row| row.code == code);
    let union = || MEMBERS.contains(&code).then(|| row(UNION)).flatten();
    row(code).or_else(union).or_else(|| row(ELSEWHERE)).unwrap_or(&NONE)
}

/// Words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// English.
    pub en: String,
    /// Spanish.
    pub es: String,
}

/// A country: numbers for danger, lines in their order, and which of them come first where.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Country {
    /// Two capital letters of ISO 3166, or [`UNION`], or [`ELSEWHERE`].
    pub code: String,
    /// Its name.
    pub name: Words,
    /// Numbers for danger, the first one first.
    pub emergency: Vec<Emergency>,
    /// Lines.
    pub lines: Vec<Line>,
    /// Which come first where.
    pub first_for: FirstFor,
    /// Day it was checked.
    pub reviewed: NaiveDate,
    /// Day by which it has to be checked again.
    pub review_by: NaiveDate,
}

/// A number for danger.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Emergency {
    /// Number.
    pub call: String,
    /// Who comes.
    pub what: Service,
    /// What it is.
    pub name: Words,
    /// How sure the number is.
    pub confidence: Confidence,
    /// Other numbers that a source of this country names for cell phones.
    #[serde(default)]
    pub also: Vec<String>,
}

/// Who comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// All of them.
    All,
    /// An ambulance.
    Ambulance,
    /// Firefighters.
    Fire,
    /// Police.
    Police,
}

/// A line to call or to text.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// As it names itself.
    pub name: Words,
    /// What it is for.
    pub purpose: Purpose,
    /// What happens when one calls.
    pub note: Words,
    /// Number to call.
    pub call: Option<String>,
    /// Keys that choose something after the call.
    #[serde(default)]
    pub press: Vec<Press>,
    /// Another number.
    pub alt: Option<Alt>,
    /// Number to text.
    pub text: Option<Text>,
    /// When it answers; empty for always.
    #[serde(default)]
    pub open: Vec<Span>,
    /// Sources differ about its hours, or do not say them.
    #[serde(default)]
    pub hours_unsure: bool,
    /// Languages spoken, by their codes.
    pub languages: Vec<String>,
    /// Others too, perhaps through an interpreter.
    #[serde(default)]
    pub more_languages: bool,
    /// Whether the call is free, where that is known.
    pub free: Option<bool>,
    /// How sure the number is.
    pub confidence: Confidence,
    /// Day it was checked.
    pub reviewed: NaiveDate,
    /// Day by which it has to be checked again.
    pub review_by: NaiveDate,
    /// Day somebody last called it to see that it works.
    pub tested: Option<NaiveDate>,
    /// What to watch.
    #[serde(default)]
    pub flags: Vec<Flag>,
}

/// What a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Any hard moment.
    Crisis,
    /// Thoughts of suicide.
    SuicidePrevention,
    /// Drugs and drinking, and finding treatment.
    Treatment,
    /// Somebody stays on the phone with a person who uses alone.
    OverdoseCompanion,
    /// Poisoning.
    Poison,
    /// Veterans.
    Veterans,
    /// By text only.
    CrisisText,
    /// Violence at home.
    DomesticViolence,
    /// Children and young people.
    Youth,
    /// Indigenous people.
    Indigenous,
}

/// A key that chooses something after the call.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Press {
    /// The key; absent where a voice offers the choice.
    pub key: Option<String>,
    /// What it chooses.
    pub what: Words,
}

/// Another number of a line.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alt {
    /// Number.
    pub call: String,
    /// When to use it, if that is not plain.
    pub what: Option<Words>,
}

/// Where to text, and what.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Number.
    pub number: String,
    /// First word; absent where any word does.
    #[serde(default)]
    pub word: TextWord,
}

/// The first word of a text, by the language that is answered.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextWord {
    /// For English.
    pub en: Option<String>,
    /// For Spanish.
    pub es: Option<String>,
}

/// How sure a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Two publishers, one of them official, and nothing against it.
    High,
    /// Older, about to change, or from nobody official: said beside the number.
    Medium,
}

/// What to watch about a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Somebody has to call it before it is shown to anyone.
    TestCallBeforeRelease,
    /// To be taken out if that call fails.
    HideIfTestFails,
    /// Some phones do not take its number from a link.
    StarCodeNoTelLinkOnIos,
    /// Its note names a code that is dialed by hand.
    UssdShowOnlyNoLink,
    /// A new short number takes over: to be looked at for each release.
    #[serde(rename = "recheck_811_each_release")]
    Recheck811EachRelease,
}

/// Ids of lines and numbers for danger that come first, in their order.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstFor {
    /// On the lock screen.
    pub lock: Vec<String>,
    /// When the urge is strong.
    pub urge: Vec<String>,
    /// After a return to use.
    pub after_use: Vec<String>,
}

impl Line {
    /// Whether it waits for a test call: until somebody called it and wrote down the day, nobody is sent there.
    pub fn is_held_back(&self) -> bool {
        self.flags.contains(&Flag::TestCallBeforeRelease) && self.tested.is_none()
    }

    /// When it opens next; None while it answers.
    pub fn opens(&self, now: NaiveDateTime) -> Option<NaiveDateTime> {
        opens(&self.open, now)
    }
}

#[cfg(test)]
mod tests;
