//! Words from the BIP-39 list: for phrases, codes and comparing.

use bip39::{Language, Mnemonic};
use zeroize::Zeroizing;

use super::Refusal;

/// What is wrong with typed words, with help where a word was nearly right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordError {
    /// The stable code behind it.
    pub refusal: Refusal,
    /// Place of the unknown word, from 0.
    pub place: Option<usize>,
    /// Up to three words of the list that are close to what was typed.
    pub near: Vec<&'static str>,
}

impl From<Refusal> for WordError {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, place: None, near: Vec::new() }
    }
}

/// The words of 16 or 32 bytes (12 or 24 words, the last one carrying the checksum).
pub fn from_entropy(bytes: &[u8]) -> Vec<&'static str> {
    Mnemonic::from_entropy(bytes).map(|phrase| phrase.words().collect()).unwrap_or_default()
}

/// The bytes behind `count` typed words, whatever the spacing and the case.
pub fn to_entropy(text: &str, count: usize) -> Result<Zeroizing<Vec<u8>>, WordError> {
    let text = Zeroizing::new(text.to_lowercase());
    let words: Vec<&str> = text.split_whitespace().take(count + 1).collect();
    if words.len() != count {
        return Err(Refusal::WordCount.into());
    }
    if let Some(place) = words.iter().position(|word| Language::English.find_word(word).is_none()) {
        let near = words.get(place).map(|word| nearest(word)).unwrap_or_default();
        return Err(WordError { refusal: Refusal::UnknownWord, place: Some(place), near });
    }
    let joined = Zeroizing::new(words.join(" "));
    let phrase = Mnemonic::parse_in_normalized(Language::English, &joined).map_err(|_| Refusal::Checksum)?;
    Ok(Zeroizing::new(phrase.to_entropy()))
}

/// Up to three words of the list at most two edits away, closest first.
pub fn nearest(word: &str) -> Vec<&'static str> {
    let word: Vec<char> = word.chars().take(16).collect();
    let mut near: Vec<(usize, &'static str)> = Language::English
        .word_list()
        .iter()
        .map(|candidate| (distance(&word, candidate), *candidate))
        .filter(|(edits, _)| *edits <= 2)
        .collect();
    near.sort_unstable();
    near.into_iter().take(3).map(|(_, word)| word).collect()
}

/// The first `count` words of a hash, 11 bits each, most significant first.
pub fn of_hash(hash: &[u8; 32], count: usize) -> Vec<&'static str> {
    let bit = |at: usize| hash.get(at / 8).map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1));
    let index = |word: usize| (word * 11..word * 11 + 11).fold(0, |sum, at| sum << 1 | bit(at));
    let list = Language::English.word_list();
    (0..count).filter_map(|word| list.get(index(word)).copied()).collect()
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
