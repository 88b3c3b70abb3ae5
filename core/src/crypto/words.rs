//! Words from the BIP-39 lists: for phrases, codes and comparing.
//!
//! What counts is a word's place in its list, which is the same number in each language: a secret does not depend on the
//! language of its words, and typed words are read in any of them.

use std::collections::HashMap;
use std::sync::LazyLock;

use bip39::Mnemonic;
use minicbor::{Decode, Encode};
use trellis_api_types::devices::MatchWords;
use trellis_api_types::settings::Language;
use trellis_api_types::typed;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use zeroize::Zeroizing;

use super::Refusal;

/// The languages with a list.
const LISTS: [bip39::Language; 2] = [bip39::Language::English, bip39::Language::Spanish];

/// Place of each word in its list; accents do not count.
static PLACES: LazyLock<[HashMap<String, u16>; 2]> =
    LazyLock::new(|| LISTS.map(|list| list.word_list().iter().map(|word| plain(word)).zip(0..).collect()));

/// Words, whatever their language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Words(#[n(0)] Vec<u16>);

/// What is wrong with typed words, with help where a word was nearly right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordError {
    /// The stable code behind it.
    pub refusal: Refusal,
    /// Place of the unknown word, from 0.
    pub place: Option<usize>,
    /// Up to three words of the list that are close to what was typed.
    pub near: Vec<String>,
}

impl From<Refusal> for WordError {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, place: None, near: Vec::new() }
    }
}

impl Words {
    /// In a language.
    pub fn say(&self, language: Language) -> Vec<String> {
        let list = list(language).word_list();
        self.0
            .iter()
            .filter_map(|place| list.get(usize::from(*place)))
            .map(|word| word.nfc().collect())
            .collect()
    }

    /// In a language, with the numbers to compare where another screen says them in another one.
    pub fn to_compare(&self, language: Language) -> MatchWords {
        MatchWords { words: self.say(language), numbers: self.0.iter().map(|place| place + 1).collect() }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// None at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the word at this place, from 0, was typed, in any language.
    pub fn is_at(&self, at: usize, typed: &str) -> bool {
        let typed = typed::words(typed);
        let [word] = typed.as_slice() else { return false };
        self.0.get(at).is_some_and(|place| PLACES.iter().any(|list| list.get(&plain(word)) == Some(place)))
    }
}

/// The words of 16 or 32 bytes (12 or 24 words, the last one carrying the checksum).
pub fn from_entropy(bytes: &[u8]) -> Words {
    let places =
        |phrase: Mnemonic| phrase.word_indices().filter_map(|place| u16::try_from(place).ok()).collect();
    Words(Mnemonic::from_entropy(bytes).map(places).unwrap_or_default())
}

/// Stands before the last of several words, in a sentence; no list has any of these.
const BEFORE_LAST: [&str; 3] = ["and", "y", "e"];

/// The bytes behind `count` typed words of one list, however they were written or copied, alone or inside a message.
pub fn to_entropy(text: &str, count: usize) -> Result<Zeroizing<Vec<u8>>, WordError> {
    let mut whole = typed::words(text);
    if whole.len() == count + 1 {
        whole.retain(|word| !BEFORE_LAST.contains(&word.as_str()));
    }
    if whole.len() == count {
        return read(&whole).map_err(|error| with_help(error, &whole));
    }
    let inside = parts(text, count).chain(runs(&whole, count)).find_map(|words| read(&words).ok());
    inside.ok_or(Refusal::WordCount.into())
}

/// `count` words of one list with other words around them. Where the words around are in that list too, nobody can say which
/// ones are meant.
fn runs(words: &[String], count: usize) -> impl Iterator<Item = Vec<String>> {
    let words: Vec<String> =
        words.iter().filter(|word| !BEFORE_LAST.contains(&word.as_str())).cloned().collect();
    PLACES.iter().flat_map(move |list| {
        let runs = words.split(|word| !list.contains_key(&plain(word)));
        runs.filter(|run| run.len() == count).map(<[String]>::to_vec).collect::<Vec<_>>()
    })
}

/// Neighbouring lines, or parts of a line behind a colon, that have `count` words together.
fn parts(text: &str, count: usize) -> impl Iterator<Item = Vec<String>> {
    let parts = text.split(['\n', ':', '：']).map(typed::words);
    let parts: Vec<Vec<String>> = parts.filter(|words| !words.is_empty()).collect();
    (0..parts.len()).filter_map(move |from| {
        let mut words = Vec::new();
        for part in parts.iter().skip(from).take_while(|part| part.len() <= count) {
            words.extend(part.iter().cloned());
            if words.len() >= count {
                break;
            }
        }
        (words.len() == count).then_some(words)
    })
}

/// In the list that fits; if none does, what is wrong in the one that knows most of the words.
fn read(words: &[String]) -> Result<Zeroizing<Vec<u8>>, WordError> {
    let words: Vec<String> = words.iter().map(|word| plain(word)).collect();
    let mut tries = likely(&words).into_iter().map(|(_, places)| read_in(places, &words));
    let first = tries.next().unwrap_or(Err(Refusal::UnknownWord.into()));
    first.or_else(|error| tries.find_map(Result::ok).ok_or(error))
}

/// The lists, the one that knows most of the words first.
fn likely(words: &[String]) -> Vec<(bip39::Language, &'static HashMap<String, u16>)> {
    let known =
        |places: &HashMap<String, u16>| words.iter().filter(|word| places.contains_key(*word)).count();
    let mut lists: Vec<_> = LISTS.into_iter().zip(PLACES.iter()).collect();
    lists.sort_by_key(|(_, places)| std::cmp::Reverse(known(places)));
    lists
}

/// Names the words that are close to the unknown one. It takes a while: a long message is tried word by word without.
fn with_help(error: WordError, words: &[String]) -> WordError {
    let words: Vec<String> = words.iter().map(|word| plain(word)).collect();
    let unknown = error.place.and_then(|place| words.get(place));
    let list = likely(&words).first().map(|(list, _)| *list);
    let near = unknown.zip(list).map(|(word, list)| nearest(word, list)).unwrap_or_default();
    WordError { near, ..error }
}

fn read_in(places: &HashMap<String, u16>, words: &[String]) -> Result<Zeroizing<Vec<u8>>, WordError> {
    if let Some(place) = words.iter().position(|word| !places.contains_key(word)) {
        return Err(WordError { refusal: Refusal::UnknownWord, place: Some(place), near: Vec::new() });
    }
    let english = bip39::Language::English.word_list();
    let same = |word: &String| english.get(usize::from(*places.get(word)?)).copied();
    let joined = Zeroizing::new(words.iter().filter_map(same).collect::<Vec<_>>().join(" "));
    let phrase = Mnemonic::parse_in_normalized(bip39::Language::English, &joined);
    Ok(Zeroizing::new(phrase.map_err(|_| Refusal::Checksum)?.to_entropy()))
}

/// Up to three words of the list at most two edits away, closest first.
pub fn nearest(word: &str, list: bip39::Language) -> Vec<String> {
    let word: Vec<char> = word.chars().take(16).collect();
    let mut near: Vec<(usize, &'static str)> = list
        .word_list()
        .iter()
        .map(|candidate| (distance(&word, &plain(candidate)), *candidate))
        .filter(|(edits, _)| *edits <= 2)
        .collect();
    near.sort_unstable();
    near.into_iter().take(3).map(|(_, word)| word.nfc().collect()).collect()
}

/// The first `count` words of a hash, 11 bits each, most significant first.
pub fn of_hash(hash: &[u8; 32], count: usize) -> Words {
    let bit = |at: usize| hash.get(at / 8).map_or(0, |byte| u16::from(byte >> (7 - at % 8) & 1));
    let place = |word: usize| (word * 11..word * 11 + 11).fold(0, |sum, at| sum << 1 | bit(at));
    Words((0..count).map(place).collect())
}

fn list(language: Language) -> bip39::Language {
    match language {
        Language::En => bip39::Language::English,
        Language::Es => bip39::Language::Spanish,
    }
}

/// A word as people may type it: without accents, as the lists allow.
fn plain(word: &str) -> String {
    word.nfd().filter(|letter| !is_combining_mark(*letter)).collect()
}

/// Levenshtein's distance, one row at a time.
fn distance(word: &[char], candidate: &str) -> usize {
    let mut row: Vec<usize> = (0..=word.len()).collect();
    for (line, letter) in candidate.chars().enumerate() {
        let mut before = line;
        let mut left = line + 1;
        for (cell, typed) in row.iter_mut().skip(1).zip(word) {
            let here = (before + usize::from(*typed != letter)).min(left + 1).min(*cell + 1);
            before = std::mem::replace(cell, here);
            left = here;
        }
        if let Some(first) = row.first_mut() {
            *first = line + 1;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_list_has_every_word_once_without_its_accents() {
        assert!(PLACES.iter().all(|places| places.len() == 2048));
    }

    #[test]
    fn a_secret_does_not_depend_on_the_language_of_its_words() {
        for (bytes, count) in [(vec![7; 32], 24), (vec![5; 16], 12)] {
            let words = from_entropy(&bytes);
            let [english, spanish] = [Language::En, Language::Es].map(|language| words.say(language));
            assert!(english.iter().zip(&spanish).all(|(one, other)| one != other));
            for typed in [&english, &spanish] {
                assert_eq!(
                    to_entropy(&typed.join(" "), count).ok().map(|read| read.to_vec()),
                    Some(bytes.clone())
                );
            }
            let mixed = [&english[..1], &spanish[1..]].concat().join(" ");
            assert_eq!(to_entropy(&mixed, count).err().map(|e| e.refusal), Some(Refusal::UnknownWord));
        }
    }

    fn wide(letter: char) -> char {
        let wide = letter.is_ascii_lowercase().then(|| u32::from(letter) + 0xfee0);
        wide.and_then(char::from_u32).unwrap_or(letter)
    }

    #[test]
    fn no_list_has_what_stands_before_the_last_word() {
        assert!(PLACES.iter().all(|list| BEFORE_LAST.iter().all(|word| !list.contains_key(*word))));
    }

    #[test]
    fn words_are_read_as_people_copy_them() {
        let words = from_entropy(&[0; 16]);
        for language in [Language::En, Language::Es] {
            let words = words.say(language);
            let numbered: Vec<String> =
                words.iter().zip(1..).map(|(word, n)| format!("{n} {word}")).collect();
            for text in [
                numbered.join(" "),
                numbered.join("\n"),
                words.join(", ") + ".",
                words.join(" ").to_uppercase(),
                words.iter().map(|word| plain(word)).collect::<Vec<_>>().join(" "),
                words.iter().map(|word| word.nfd().collect::<String>()).collect::<Vec<_>>().join(" "),
                format!("Hi! Here is my code: {}\nSee you soon", words.join(" ")),
                format!("Here is my code\n{}\n\nCall me", numbered.join("\n")),
                format!("{}, {} and {}", words[..10].join(", "), words[10], words[11]),
                format!("{} y {}.", words[..11].join(", "), words[11]),
                format!("The words are {} and {}, thanks", words[..11].join(", "), words[11]),
                format!("Mis palabras son {}, gracias", words.join(" ")),
                words.join(" ").chars().map(wide).collect(),
            ] {
                assert_eq!(to_entropy(&text, 12).ok().map(|read| read.to_vec()), Some(vec![0; 16]), "{text}");
            }
        }
        let text = format!("code {}", words.say(Language::En).join(" "));
        assert_eq!(to_entropy(&text, 12).err().map(|e| e.refusal), Some(Refusal::WordCount));
    }

    #[test]
    fn help_with_a_mistyped_word_is_in_its_own_language() {
        let mut words = from_entropy(&[7; 16]).say(Language::Es);
        words[2] = "abandn".into();
        words[3] = "abogao".into();
        let refused = to_entropy(&words.join(" "), 12).err().unwrap();
        assert_eq!((refused.refusal, refused.place), (Refusal::UnknownWord, Some(2)));
        words[2] = words[4].clone();
        assert_eq!(to_entropy(&words.join(" "), 12).err().unwrap().near[0], "abogado");
    }

    #[test]
    fn a_long_message_is_read_at_once() {
        let text = "one:".repeat(20_000);
        assert_eq!(
            to_entropy(&text, 12).err().map(|e| (e.refusal, e.near)),
            Some((Refusal::WordCount, vec![]))
        );
    }

    #[test]
    fn two_languages_compare_the_same_numbers() {
        let words = of_hash(&[0xff; 32], 8);
        let [english, spanish] = [Language::En, Language::Es].map(|language| words.to_compare(language));
        assert_eq!((english.numbers.clone(), english.numbers.len()), (spanish.numbers, 8));
        assert_eq!(
            (english.words[0].as_str(), spanish.words[0].as_str(), english.numbers[0]),
            ("zoo", "zurdo", 2048)
        );
        let other = of_hash(&[0xfe; 32], 8).to_compare(Language::Es);
        assert_ne!(other.numbers, english.numbers);
    }

    #[test]
    fn one_word_is_checked_in_any_language() {
        let words = from_entropy(&[0; 32]);
        for typed in ["art", " 24. ART,", "abandon"] {
            assert_eq!(words.is_at(23, typed), typed != "abandon", "{typed}");
        }
        assert!(words.is_at(0, "ábaco") && words.is_at(0, "abaco") && words.is_at(0, "Abandon"));
        assert!(!words.is_at(24, "art") && !words.is_at(0, "") && !words.is_at(0, "abandon abandon"));
    }
}
