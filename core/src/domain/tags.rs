//! Tags offered in a check-in until the person chooses their own, and those that stand for a meeting.

use trellis_api_types::settings::Language;

/// The first offer, in the language of the first start; from then on the words are the person's.
pub fn offered(language: Language) -> Vec<String> {
    let words = match language {
        Language::En => ["sleep", "work", "family", "money", "health", "meeting"],
        Language::Es => ["sueño", "trabajo", "familia", "dinero", "salud", "reunión"],
    };
    words.map(str::to_owned).to_vec()
}

/// Tags that stand for a meeting until the person marks others: the two that the first offers call so.
pub fn first_meetings() -> Vec<String> {
    ["meeting", "reunión"].map(str::to_owned).to_vec()
}

/// The first of a check-in's tags that stands for a meeting; empty if there is none.
pub fn meeting(tags: &[String], meetings: &[String]) -> String {
    tags.iter().find(|tag| meetings.contains(tag)).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_a_meeting_because_the_person_said_so_and_not_by_how_it_begins() {
        let tags = ["meeting with my boss", "AA"].map(str::to_owned);
        assert_eq!(meeting(&tags, &first_meetings()), "");
        assert_eq!(meeting(&tags, &["AA".to_owned()]), "AA");
        assert_eq!(meeting(&["meeting".to_owned()], &first_meetings()), "meeting");
    }

    #[test]
    fn what_the_first_offers_call_a_meeting_is_one() {
        for language in [Language::En, Language::Es] {
            assert!(!meeting(&offered(language), &first_meetings()).is_empty(), "{language:?}");
        }
    }
}
