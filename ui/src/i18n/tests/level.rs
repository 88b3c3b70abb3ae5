//! How hard the words are to read. English: the school grade of Flesch and Kincaid, with syllables from the CMU
//! dictionary. Spanish: INFLESZ, the scale of Szigriszt-Pazos, on which 65 to 80 is "fairly easy" and more is "very easy".

use super::catalogue::{Texts, texts};

/// Shorter texts are names and labels.
const WORDS: usize = 6;

/// Names of laws and of licenses.
const LAW: [&str; 4] =
    ["sharing.part2", "settings.licence_", "paper.notice_intro", "paper.recipient_programme"];

/// What the gaps of a text hold; all others hold a name.
const NUMBERS: [&str; 8] = ["n", "done", "of", "all", "count", "urge", "page", "pages"];
const DAYS: [&str; 10] = ["date", "day", "when", "from", "to", "time", "week", "on", "month", "span"];

struct Counts {
    words: f64,
    sentences: f64,
    syllables: f64,
}

fn counts(text: &str, syllables: fn(&str) -> usize) -> Counts {
    let words: Vec<_> = words(text).collect();
    let ends = text.split(['.', '!', '?', '…', ':', '>', '\n']).filter(|part| words_in(part) > 0).count();
    let syllables = words.iter().map(|word| syllables(word).max(1)).sum::<usize>();
    Counts { words: words.len() as f64, sentences: ends as f64, syllables: syllables as f64 }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let inside = |c: char| c.is_alphanumeric() || c == '’';
    text.split(move |c| !inside(c)).map(|word| word.trim_matches('’')).filter(|word| !word.is_empty())
}

fn words_in(text: &str) -> usize {
    words(text).count()
}

/// A number is read as one short word.
fn english(word: &str) -> usize {
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        1
    } else {
        syllarust::count_syllables(&word.replace('’', "'"))
    }
}

/// Spanish is written as it is spoken: each strong vowel, and each weak one with an accent, makes a syllable; weak
/// vowels among themselves make one. The `u` of "que" and "gui" is not spoken.
fn spanish(word: &str) -> usize {
    let word = word.to_lowercase();
    let spoken = ["que", "qui", "qué", "quí", "gue", "gui", "gué", "guí"]
        .iter()
        .fold(word, |word, silent| word.replace(silent, &silent.replace('u', "")));
    let vowel = |c: char| "aeiouáéíóúü".contains(c);
    let strong = |c: char| "aeoáéóíú".contains(c);
    let runs = spoken.split(|c| !vowel(c)).filter(|run| !run.is_empty());
    runs.map(|run| run.chars().filter(|c| strong(*c)).count().max(1)).sum()
}

fn grade(text: &str) -> f64 {
    let c = counts(text, english);
    0.39 * c.words / c.sentences + 11.8 * c.syllables / c.words - 15.59
}

fn inflesz(text: &str) -> f64 {
    let c = counts(text, spanish);
    206.835 - 62.3 * c.syllables / c.words - c.words / c.sentences
}

fn fill(text: &str, day: &str) -> String {
    let mut filled = String::new();
    for (at, part) in text.split('{').enumerate() {
        match part.split_once('}').filter(|_| at > 0) {
            Some((gap, rest)) if NUMBERS.contains(&gap) => filled += &format!("3{rest}"),
            Some((gap, rest)) if DAYS.contains(&gap) => filled += &format!("{day}{rest}"),
            Some((_, rest)) => filled += &format!("Ana{rest}"),
            None => filled += part,
        }
    }
    filled
}

/// The texts long enough to measure with what they measure, lowest first.
fn measured(all: &Texts, day: &str, measure: fn(&str) -> f64) -> Vec<(f64, String)> {
    let law = |key: &str| LAW.iter().any(|start| key.starts_with(start));
    let filled = all.iter().filter(|(key, _)| !law(key)).map(|(key, text)| (key, fill(text, day)));
    let long = filled.filter(|(_, text)| words_in(text) >= WORDS);
    let mut all: Vec<_> = long.map(|(key, text)| (measure(&text), format!("{key}: {text}"))).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all
}

fn median(measured: &[(f64, String)]) -> f64 {
    measured[measured.len() / 2].0
}

fn listed<'a>(worst: impl Iterator<Item = &'a (f64, String)>) -> String {
    worst.take(15).map(|(value, text)| format!("\n{value:5.1}  {text}")).collect()
}

#[test]
fn english_reads_at_about_grade_four() {
    let all = measured(&texts("en"), "March 9", grade);
    let worst = listed(all.iter().rev());
    println!("{} texts, median grade {:.1}{worst}", all.len(), median(&all));
    assert!(median(&all) <= 4.0, "the median grade is {:.1}; the hardest:{worst}", median(&all));
    assert!(all.last().unwrap().0 <= 9.0, "too hard to read:{worst}");
    assert!(all.len() > 400, "only {} texts were measured", all.len());
}

#[test]
fn spanish_reads_easily() {
    let all = measured(&texts("es"), "9 de marzo", inflesz);
    let worst = listed(all.iter());
    println!("{} texts, median INFLESZ {:.0}{worst}", all.len(), median(&all));
    assert!(median(&all) >= 70.0, "the median is {:.0}; the hardest:{worst}", median(&all));
    assert!(all.first().unwrap().0 >= 40.0, "too hard to read:{worst}");
    assert!(all.len() > 400, "only {} texts were measured", all.len());
}

#[test]
fn the_measures_tell_easy_from_hard() {
    assert!(grade("We can read this text with ease.") < 3.0);
    assert!(
        grade(
            "Notwithstanding administrative complications, confidentiality regulations necessitate documentation."
        ) > 20.0
    );
    assert!(inflesz("Hoy me voy a casa con mi perro.") > 90.0);
    assert!(
        inflesz("La administración determinará responsabilidades interinstitucionales complementarias.")
            < 10.0
    );
    let syllables = ["día", "registro", "ciudad", "ahora", "quien", "leer", "pingüino", "y"].map(spanish);
    assert_eq!(syllables, [2, 3, 2, 3, 1, 2, 3, 0]);
    assert_eq!(["recovery", "people", "can't"].map(english), [3, 2, 1]);
    assert_eq!(fill("{n} by {date}, {name}.", "May 1"), "3 by May 1, Ana.");
}
