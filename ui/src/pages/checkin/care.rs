//! After a return to use: what keeps a person safe, by what may have been taken. Nothing is asked and nothing kept.
//!
//! These words need a clinician's review before each release: `docs/clinical-review.md` lists them.

use leptos::prelude::*;

use crate::components::danger_number;
use crate::i18n::t;
use crate::state::state;

/// A card: its heading and its sentences.
type Card = (&'static str, Vec<String>);

/// The cards, with the number to call in danger.
fn cards(danger: &str) -> [Card; 3] {
    use t::care as c;
    let own = str::to_owned;
    [
        (
            c::opioids(),
            vec![
                c::opioids_naloxone(danger),
                own(c::opioids_again()),
                own(c::opioids_breaths()),
                own(c::opioids_side()),
                own(c::opioids_stay()),
                own(c::opioids_alone()),
            ],
        ),
        (
            c::drinking(),
            vec![
                own(c::drinking_stop()),
                c::drinking_danger(danger),
                own(c::drinking_mix()),
                own(c::drinking_sleep()),
            ],
        ),
        (
            c::stimulants(),
            vec![
                own(c::stimulants_fentanyl()),
                c::stimulants_heat(danger),
                c::stimulants_chest(danger),
                own(c::stimulants_rest()),
            ],
        ),
    ]
}

/// All cards, each folded away under its name.
#[component]
pub fn CareCards() -> impl IntoView {
    let danger = danger_number(state());
    let card = |(name, sentences): Card| {
        let sentences = sentences.into_iter().map(|sentence| view! { <li>{sentence}</li> });
        view! {
            <details class="more care">
                <summary>{name}</summary>
                <ul>{sentences.collect_view()}</ul>
            </details>
        }
    };
    view! {
        <section class="cares" aria-labelledby="care">
            <h3 id="care">{t::care::title()}</h3>
            <p class="second">{t::care::lead()}</p>
            {move || cards(&danger.get()).map(card).into_iter().collect_view()}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::set_language;
    use std::collections::BTreeSet;
    use trellis_api_types::settings::Language;

    const LIST: &str = include_str!("../../../../docs/clinical-review.md");
    const ENGLISH: &str = include_str!("../../../locales/en/care.json");
    /// Texts with medical advice outside of the cards.
    const ELSEWHERE: [&str; 5] = [
        "checkin.safety_less_used",
        "checkin.safety_not_alone",
        "checkin.safety_naloxone",
        "help.danger_naloxone",
        "lines.emergency_when",
    ];

    /// Keys that the list names in backticks, such as `care.opioids_again`.
    fn listed() -> BTreeSet<String> {
        LIST.split('`')
            .skip(1)
            .step_by(2)
            .filter(|key| key.contains('.'))
            .filter(|key| !key.contains('/'))
            .map(str::to_owned)
            .collect()
    }

    fn exists(key: &str) -> bool {
        let (file, key) = key.split_once('.').unwrap();
        ["en", "es"].iter().all(|language| {
            let path = format!("{}/locales/{language}/{file}.json", env!("CARGO_MANIFEST_DIR"));
            std::fs::read_to_string(path).is_ok_and(|text| text.contains(&format!("\"{key}\":")))
        })
    }

    #[test]
    fn a_clinician_finds_every_text_and_no_other_in_the_list() {
        let cards = ENGLISH.lines().filter_map(|line| line.trim().strip_prefix('"')?.split('"').next());
        let cards = cards.map(|key| format!("care.{key}"));
        let all: BTreeSet<_> = cards.chain(ELSEWHERE.map(str::to_owned)).collect();
        assert!(all.len() > 15, "{all:?}");
        assert_eq!(listed(), all);
        assert!(all.iter().all(|key| exists(key)));
    }

    #[test]
    fn every_sentence_of_the_catalogue_is_on_a_card_in_both_languages() {
        for language in [Language::En, Language::Es] {
            set_language(language);
            let shown: usize = cards("911").iter().map(|(_, sentences)| sentences.len() + 1).sum();
            let keys = ENGLISH.lines().filter(|line| line.trim().starts_with('"')).count();
            assert_eq!(shown + 2, keys, "title and lead stand above the cards");
            let sentences: Vec<_> = cards("112").into_iter().flat_map(|(_, all)| all).collect();
            assert_eq!(sentences.iter().filter(|sentence| sentence.contains("112")).count(), 4);
        }
        set_language(Language::En);
    }
}
