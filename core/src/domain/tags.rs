//! Tags offered in a check-in until the person chooses their own, and those that stand for a meeting.

use trellis_api_types::settings::{Aim, Language, Pathway, for_family};

/// The first offer, in the language of the first start; from then on the words are the person's.
pub fn offered(language: Language, pathway: Pathway, aims: &[Aim]) -> Vec<String> {
    let words = match language {
        Language::En if for_family(aims) => {
            ["boundaries", "worry", "money", "sleep", "time for me", "support group"]
        }
        Language::Es if for_family(aims) => {
            ["límites", "preocupación", "dinero", "sueño", "tiempo para mí", "grupo de apoyo"]
        }
        Language::En => english(pathway),
        Language::Es => spanish(pathway),
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

fn english(pathway: Pathway) -> [&'static str; 6] {
    match pathway {
        Pathway::Own => ["sleep", "work", "family", "money", "health", "meeting"],
        Pathway::TwelveStep => ["meeting", "sponsor", "step work", "service", "family", "sleep"],
        Pathway::Skills => ["trigger", "coping skill", "balance", "work", "sleep", "meeting"],
        Pathway::Secular => ["home", "work", "friends", "health", "sleep", "meeting"],
        Pathway::Faith => ["prayer", "worship", "fellowship", "family", "work", "meeting"],
        Pathway::Medication => ["clinic visit", "side effects", "sleep", "work", "family", "meeting"],
    }
}

fn spanish(pathway: Pathway) -> [&'static str; 6] {
    match pathway {
        Pathway::Own => ["sueño", "trabajo", "familia", "dinero", "salud", "reunión"],
        Pathway::TwelveStep => ["reunión", "padrino o madrina", "pasos", "servicio", "familia", "sueño"],
        Pathway::Skills => ["detonante", "lo que me ayuda", "equilibrio", "trabajo", "sueño", "reunión"],
        Pathway::Secular => ["casa", "trabajo", "amistades", "salud", "sueño", "reunión"],
        Pathway::Faith => ["oración", "culto", "comunidad", "familia", "trabajo", "reunión"],
        Pathway::Medication => {
            ["visita a la clínica", "efectos secundarios", "sueño", "trabajo", "familia", "reunión"]
        }
    }
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
            let all = offered(language, Pathway::Own, &[Aim::Me]);
            assert!(!meeting(&all, &first_meetings()).is_empty(), "{language:?}");
        }
    }

    #[test]
    fn each_pathway_and_who_loves_someone_begin_with_words_of_their_own() {
        use Pathway::{Faith, Medication, Own, Secular, Skills, TwelveStep};
        for language in [Language::En, Language::Es] {
            let ways = [Own, TwelveStep, Skills, Secular, Faith, Medication];
            let mut firsts: Vec<_> = ways.map(|way| offered(language, way, &[Aim::Me])).to_vec();
            firsts.push(offered(language, TwelveStep, &[Aim::Loved]));
            let all = firsts.len();
            firsts.sort();
            firsts.dedup();
            assert_eq!(firsts.len(), all);
        }
        assert_eq!(meeting(&offered(Language::En, TwelveStep, &[Aim::Loved]), &first_meetings()), "");
    }
}
