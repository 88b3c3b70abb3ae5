use chrono::NaiveDate;
use trellis_api_types::plan::{Dimension, Goal, GoalState, GoalText};
use trellis_api_types::settings::Language;
use trellis_api_types::sharing::{ConsentTerms, Field, GoalChoice, Recipient, Until};

use super::{Piece, Reader, day_words, scope, sentences, text, thing};
use crate::i18n::set_language;

const LANGUAGES: [Language; 2] = [Language::En, Language::Es];

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn terms(fields: &[Field], goals: GoalChoice) -> ConsentTerms {
    ConsentTerms {
        fields: fields.to_vec(),
        goals,
        purpose: "support by phone.".into(),
        recipient: Recipient::Coach,
        from: day(2026, 10, 12),
        until: Until::Stopped,
        part2: None,
    }
}

fn readers() -> [Reader; 3] {
    [Reader::One("Dele".into()), Reader::Group("Tuesday".into()), Reader::Me("Dele".into())]
}

fn goal(id: &str, dimension: Dimension, title: &str) -> Goal {
    let text = GoalText { dimension, title: title.into(), reason: String::new(), state: GoalState::Open };
    Goal { id: id.into(), text, steps: vec![], helps: vec![], supporters: vec![] }
}

fn said(terms: &ConsentTerms, reader: &Reader, goals: &[Goal]) -> String {
    text(&sentences(terms, reader, goals))
}

#[test]
fn every_field_is_either_seen_or_not_whatever_is_chosen() {
    for language in LANGUAGES {
        set_language(language);
        for chosen in 0..256_u32 {
            let fields: Vec<_> = Field::ALL
                .into_iter()
                .enumerate()
                .filter(|(at, _)| chosen >> at & 1 == 1)
                .map(|(_, f)| f)
                .collect();
            for reader in readers() {
                let scope = scope(&terms(&fields, GoalChoice::None), &reader, &[]);
                for field in Field::ALL {
                    let words = thing(field, !matches!(reader, Reader::Me(_))).to_owned();
                    let count = |list: &[String]| list.iter().filter(|said| **said == words).count();
                    let seen = usize::from(fields.contains(&field));
                    assert_eq!((count(&scope.can), count(&scope.cannot)), (seen, 1 - seen), "{field:?}");
                }
            }
        }
    }
}

#[test]
fn no_two_fields_share_their_words() {
    for language in LANGUAGES {
        set_language(language);
        for mine in [true, false] {
            let words: std::collections::BTreeSet<_> = Field::ALL.map(|field| thing(field, mine)).into();
            assert_eq!(words.len(), Field::ALL.len());
        }
    }
}

#[test]
fn the_sentences_say_who_what_why_and_until_when() {
    let mut terms = terms(&[Field::Mood, Field::Urge], GoalChoice::All);
    terms.until = Until::Date(day(2027, 5, 31));
    set_language(Language::En);
    assert_eq!(
        said(&terms, &Reader::One("Dele".into()), &[]),
        "From October 12, 2026 to May 31, 2027, Dele can see your mood, your urge and all your goals and steps. \
         Dele cannot see if you felt hungry, angry, lonely or tired, if you used, your medication, your notes, \
         your meetings or your milestones. Why: support by phone."
    );
    set_language(Language::Es);
    assert_eq!(
        said(&terms, &Reader::One("Dele".into()), &[]),
        "Del 12 de octubre de 2026 al 31 de mayo de 2027, Dele puede ver tu ánimo, tus ganas de consumir y todas \
         tus metas y pasos. Dele no puede ver si sentiste hambre, enojo, soledad o cansancio, tu consumo, \
         tu medicamento, tus notas, tus reuniones ni tus logros. Para qué: support by phone."
    );
}

#[test]
fn where_nothing_is_chosen_nothing_is_said_to_be_seen() {
    for language in LANGUAGES {
        set_language(language);
        for reader in readers() {
            let pieces = sentences(&terms(&[], GoalChoice::None), &reader, &[]);
            assert!(matches!(pieces.as_slice(), [Piece::Plain(_)]), "{pieces:?}");
            let none = GoalChoice::Some { dimensions: vec![], goals: vec![] };
            assert_eq!(sentences(&terms(&[], none), &reader, &[]), pieces);
        }
    }
}

#[test]
fn where_all_is_chosen_nothing_is_left_out() {
    set_language(Language::En);
    for reader in readers() {
        let all = terms(&Field::ALL, GoalChoice::All);
        assert!(scope(&all, &reader, &[]).cannot.is_empty());
        assert!(!said(&all, &reader, &[]).contains("cannot"));
    }
}

#[test]
fn goals_are_named_once_and_the_others_are_not_seen() {
    set_language(Language::En);
    let goals = [
        goal("a", Dimension::Home, "A key"),
        goal("b", Dimension::Health, "Sleep"),
        goal("c", Dimension::Purpose, "Work"),
    ];
    let choice = GoalChoice::Some {
        dimensions: vec![Dimension::Home],
        goals: vec!["a".into(), "b".into(), "gone".into()],
    };
    let terms = terms(&[], choice);
    let mine = scope(&terms, &Reader::One("Dele".into()), &goals);
    assert_eq!(mine.can, ["your goals for home", "your goal “Sleep”"]);
    assert_eq!(mine.cannot.last().unwrap(), "your other goals");
    let theirs = scope(&terms, &Reader::Me("Dele".into()), &[]);
    assert_eq!(theirs.can, ["their goals for home", "3 goals that they chose"]);
}

#[test]
fn all_months_have_names_and_the_year_is_said() {
    for language in LANGUAGES {
        set_language(language);
        let names: std::collections::BTreeSet<_> =
            (1..=12).map(|month| day_words(day(2026, month, 3))).collect();
        assert_eq!(names.len(), 12);
        assert!(names.iter().all(|name| name.contains("2026")));
    }
    assert_eq!(day_words(day(2026, 1, 3)), "3 de enero de 2026");
}

#[test]
fn an_event_is_said_in_the_persons_words() {
    let mut terms = terms(&[Field::Mood], GoalChoice::None);
    terms.until = Until::Event(" I finish the program ".into());
    terms.purpose = " ".into();
    set_language(Language::En);
    let said = said(&terms, &Reader::Group("Tuesday circle".into()), &[]);
    assert!(said.starts_with(
        "From October 12, 2026 until this happens: “I finish the program”, everyone in Tuesday circle can see your mood. They cannot"
    ));
    assert!(!said.contains("Why"));
}
