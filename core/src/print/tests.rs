//! Papers: what they say, that everybody can read them, and that they end.

use trellis_api_types::circle::{PostKind, What};
use trellis_api_types::plan::Dimension;
use trellis_api_types::settings::Language;
use trellis_api_types::sharing::*;
use unicode_normalization::UnicodeNormalization;

use super::face::Face;
use super::words::Words;
use super::*;
use crate::error::Result;

fn terms() -> ConsentTerms {
    ConsentTerms {
        fields: vec![Field::Mood, Field::Urge],
        goals: GoalChoice::Some { dimensions: vec![Dimension::Home], goals: vec!["g".into(), "h".into()] },
        purpose: "A call each week".into(),
        recipient: Recipient::Programme,
        from: "2026-03-05".parse().unwrap(),
        until: Until::Date("2026-06-05".parse().unwrap()),
        part2: Some(Part2 {
            patient: "Ana Núñez".into(),
            discloser: "River House".into(),
            recipients: "Ben Ortiz".into(),
            revoking: "By a word to River House".into(),
            signature: "Ana N.".into(),
        }),
    }
}

fn version(terms: Option<ConsentTerms>) -> ConsentVersion {
    ConsentVersion {
        id: "ab".repeat(32),
        terms,
        signed: "2026-03-05".parse().unwrap(),
        stands: true,
        retracts: false,
        only_here: false,
    }
}

fn paper(version: &ConsentVersion, language: Language) -> Vec<u8> {
    paper_of("Ana", version, language, false).unwrap()
}

fn paper_of(author: &str, version: &ConsentVersion, language: Language, anyway: bool) -> Result<Vec<u8>> {
    let (others, goals) = (&["Ben".to_owned()], &["A room".to_owned()]);
    consent(&ConsentPaper { version, author, others, goals, anyway }, language, PaperSize::Letter)
}

fn is_pdf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF-1.") && bytes.trim_ascii_end().ends_with(b"%%EOF")
}

fn pages(bytes: &[u8]) -> usize {
    String::from_utf8_lossy(bytes).matches("/Type/Page/").count()
}

#[test]
fn every_language_has_all_words_of_papers() {
    for language in [Language::En, Language::Es] {
        let words = Words::of(language).unwrap();
        assert!(words.months.iter().chain(&words.fields).all(|word| !word.is_empty()));
        let day = words.day("2026-03-05".parse().unwrap());
        assert!(["March 5, 2026", "5 de marzo de 2026"].contains(&day.as_str()), "{day}");
    }
}

#[test]
fn a_consent_is_a_paper_that_a_screen_reader_can_read() {
    for language in [Language::En, Language::Es] {
        let bytes = paper(&version(Some(terms())), language);
        assert!(is_pdf(&bytes));
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("pdfuaid:part"), "it says that it is accessible");
        assert!(is_pdf(&paper(&version(None), language)));
        let bare = ConsentTerms { fields: vec![], goals: GoalChoice::None, part2: None, ..terms() };
        assert!(is_pdf(&paper(&version(Some(bare)), language)));
    }
}

#[test]
fn what_a_consent_covers_is_said_in_words() {
    let words = Words::of(Language::En).unwrap();
    let scope = words.scope(&terms(), &["A room".into()]);
    let expected =
        "• Mood\n• Urge\n• Goals about: Home\n• These goals: A room\n• Single goals that the person chose: 1";
    assert_eq!(scope, expected);
    let nothing = ConsentTerms { fields: vec![], goals: GoalChoice::None, ..terms() };
    assert_eq!(words.scope(&nothing, &[]), words.shares_nothing);
    assert_eq!(words.until(&Until::Event("I graduate".into())), "This happens: I graduate");
}

fn export(entries: &[What]) -> Vec<u8> {
    let consents = [version(Some(terms())), version(None)];
    let today = "2026-03-05".parse().unwrap();
    let paper =
        SharedPaper { author: "Ana", reader: "Ben", today, consents: &consents, entries, anyway: true };
    shared(&paper, Language::Es, PaperSize::A4).unwrap()
}

#[test]
fn an_export_has_as_many_pages_as_it_needs() {
    let post = |text: &str| What::Post { kind: PostKind::Setback, text: text.into() };
    let weekly =
        What::Weekly { week: "2026-03-02".parse().unwrap(), fields: vec![("a".into(), "b\n\nc".into())] };
    let short = export(&[weekly]);
    assert!(is_pdf(&short) && pages(&short) == 2, "{}", pages(&short));
    let odd = post("\u{0}\u{7}e\u{301} 👩🏽‍🚀 \u{202e}abc\tλ\r\nx");
    let long: Vec<What> =
        (0..60).map(|n| post(&format!("{n} {}", "long words ".repeat(60)))).chain([odd]).collect();
    let long = export(&long);
    assert!(is_pdf(&long) && pages(&long) > 8);
}

#[test]
fn lines_fit_and_lose_nothing() {
    let face = Face::new(400.0).unwrap();
    let text = format!("One two three\n\n{} end", "x".repeat(300));
    let lines = face.lines(&text, 11.0, 100.0);
    assert!(lines.iter().all(|line| face.width(line, 11.0) <= 100.0));
    assert_eq!(lines[0..3], ["One two three", "", &"x".repeat(lines[2].len())]);
    assert_eq!(lines.concat().matches('x').count(), 300);
    assert_eq!(face.readable("n\u{303}ñ¿ 😀 \u{1f3fd}ё"), "ññ¿ ? ё");
    assert!(face.width("mmm", 11.0) > face.width("iii", 11.0));
    assert!(Face::new(700.0).unwrap().width("mmm", 11.0) > face.width("mmm", 11.0));
}

#[test]
fn a_paper_has_the_size_that_is_usual_in_the_country() {
    let size = |country| PaperSize::of(country);
    assert_eq!(["US", "MX", "CO", "CL"].map(|country| size(Some(country))), [PaperSize::Letter; 4]);
    assert_eq!(["ES", "GB", "AR", "EU", "ZZ"].map(|country| size(Some(country))), [PaperSize::A4; 5]);
    assert_eq!(size(None), PaperSize::Letter);
    let version = version(Some(terms()));
    let boxes = |size| {
        let paper = ConsentPaper { version: &version, author: "Ana", others: &[], goals: &[], anyway: false };
        let bytes = consent(&paper, Language::En, size).unwrap();
        ["[0 0 612 792]", "[0 0 595 842]"].map(|wanted| String::from_utf8_lossy(&bytes).contains(wanted))
    };
    assert_eq!((boxes(PaperSize::Letter), boxes(PaperSize::A4)), ([true, false], [false, true]));
}

#[test]
fn names_are_printed_as_they_are_written() {
    let (face, plain) = (Face::new(400.0).unwrap(), version(Some(ConsentTerms { part2: None, ..terms() })));
    for name in
        ["Łukasz Żółć", "Nguyễn Thị Hồng", "Ольга Їжак", "Ελένη Ώρα", "Șerban Şafak İnci Ğ", "Ana Núñez"]
    {
        assert_eq!(face.readable(name), name);
        assert!(
            face.missing(name).is_empty() && Face::new(650.0).unwrap().missing(name).is_empty(),
            "{name}"
        );
        let decomposed: String = name.nfd().collect();
        assert_eq!(face.readable(&decomposed), name);
        assert!(is_pdf(&paper_of(name, &plain, Language::En, false).unwrap()));
    }
}

#[test]
fn a_word_is_of_one_font_and_what_follows_stands_behind_it() {
    let face = Face::new(400.0).unwrap();
    let runs = face.runs("Signed by Łukasz Żółć today", 11.0);
    let texts: Vec<&str> = runs.iter().map(|run| run.text).collect();
    assert_eq!(texts, ["Signed by ", "Łukasz Żółć ", "today"]);
    for (run, before) in runs.iter().zip(["", "Signed by ", "Signed by Łukasz Żółć "]) {
        assert!((run.at - face.width(before, 11.0)).abs() < 0.01);
    }
    assert!(runs[1].at > 0.0 && runs[2].at > runs[1].at);
    assert!(face.runs("", 11.0).is_empty());
}

#[test]
fn letters_that_cannot_be_printed_are_said_before() {
    let plain = version(Some(ConsentTerms { part2: None, ..terms() }));
    let refused = paper_of("李小龍 🌱 Ana 李", &plain, Language::Es, false).err().unwrap();
    assert_eq!((refused.code, refused.detail.as_str()), ("letters-missing", "李 小 龍 🌱"));
    assert!(is_pdf(&paper_of("李小龍", &plain, Language::Es, true).unwrap()));
}
