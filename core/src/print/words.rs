//! The words of papers, in each language.

use serde::Deserialize;
use trellis_api_types::settings::Language;

use crate::error::{Error, Result};

const ENGLISH: &str = include_str!("../../locales/en.json");
const SPANISH: &str = include_str!("../../locales/es.json");

/// What papers say, by its name in the catalogue.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Words {
    pub language: String,
    pub months: [String; 12],
    pub date: String,
    pub foot: String,
    pub moods: [String; 5],
    pub halts: [String; 4],
    pub uses: [String; 3],
    pub medications: [String; 3],
    pub dimensions: [String; 4],
    pub goal_states: [String; 3],
    pub step_states: [String; 3],
    pub step_by: String,
    pub fields: [String; 8],
    pub goals_all: String,
    pub goals_in: String,
    pub goals_these: String,
    pub goals_single: String,
    pub shares_nothing: String,
    pub unreadable: String,
    pub consent_title: String,
    pub consent_intro: String,
    pub state: String,
    pub state_stands: String,
    pub state_over: String,
    pub retracts: String,
    pub patient: String,
    pub discloser: String,
    pub discloser_self: String,
    pub what: String,
    pub recipients: String,
    pub recipient_person: String,
    pub recipient_group: String,
    pub recipient_coach: String,
    pub recipient_programme: String,
    pub purpose: String,
    pub no_purpose: String,
    pub from: String,
    pub from_text: String,
    pub until: String,
    pub until_stopped: String,
    pub until_date: String,
    pub until_event: String,
    pub revoking: String,
    pub revoking_self: String,
    pub signed: String,
    pub signed_text: String,
    pub version: String,
    pub by_hand: String,
    pub by_hand_line: String,
    pub shared_title: String,
    pub shared_by: String,
    pub shared_with: String,
    pub saved_on: String,
    pub notice: String,
    pub notice_intro: String,
    pub scope: String,
    pub scope_none: String,
    pub signed_on: String,
    pub entries: String,
    pub entries_none: String,
    pub checkin: String,
    pub mood: String,
    pub urge: String,
    pub of_ten: String,
    #[serde(rename = "use")]
    pub use_: String,
    pub medication: String,
    pub meeting: String,
    pub note: String,
    pub milestone: String,
    pub days: String,
    pub in_months: String,
    pub in_year: String,
    pub in_years: String,
    pub goal: String,
    pub weekly: String,
    pub week_of: String,
    pub victory: String,
    pub setback: String,
    pub work: String,
}

impl Words {
    /// In the person's language. Error: `words-broken`.
    pub fn of(language: Language) -> Result<Self> {
        let text = match language {
            Language::En => ENGLISH,
            Language::Es => SPANISH,
        };
        serde_json::from_str(text).map_err(|e| Error::new("words-broken", e.line()))
    }

    /// A word of a list, by its place.
    pub fn at<const N: usize>(list: &[String; N], place: usize) -> &str {
        list.get(place).map_or("", String::as_str)
    }
}
