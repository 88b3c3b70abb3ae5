//! What stands between two parts of one number, and what between two numbers.

use super::WHOLE;
use super::beside::{digits, hours};

/// Codes that are a whole number anywhere.
const CODES: &[&str] = &["112", "911", "988", "999"];
/// Area codes of Mexico with two digits; eight digits follow.
const MEXICO: &[&str] = &["33", "55", "56", "81"];

/// Whether it is a code that is called as it is: those above, and 211 to 911.
pub fn is_code(dial: &str) -> bool {
    CODES.contains(&dial) || dial.len() == 3 && dial.ends_with("11") && !dial.starts_with(['0', '1'])
}

/// Behind a slash, with or without spaces: the number of an area code, rather than a second number.
pub fn goes_on_behind_slash(dial: &str, after: &str) -> bool {
    let text = after.trim_start();
    let (group, ahead) = (digits(text).0.len(), own_digits(text));
    if group == 0 || hours(text).is_some() {
        return false;
    }
    let long = group >= 4 || ahead >= 5 || group == 2 && ahead >= 4;
    let count = digits(dial.trim_start_matches('+')).0.len();
    // Codes of Spain and Mexico begin with 0 as area codes do; nine digits and more behind those are a whole number.
    let local = !text.starts_with('0') && ahead <= 8;
    match (count, dial.get(..1)) {
        (1..=3, Some("+")) => group >= 2,
        (4..=WHOLE, Some("+")) => long,
        (4..=9, _) if dial.starts_with("00") => long,
        (2, Some("0")) => local && ahead >= 5,
        (3, Some("0")) => local && long,
        (4..WHOLE, Some("0")) => long,
        _ => is_area(dial, ahead),
    }
}

/// An area code that begins with no 0: of the Americas or of Spain.
fn is_area(dial: &str, ahead: usize) -> bool {
    match (dial.len(), ahead) {
        (1, 10) => dial == "1",
        (2, 7) => dial.starts_with('9'),
        (2, 8) => MEXICO.contains(&dial),
        (3, 4 | 7) => !dial.starts_with(['0', '1', '+']) && !is_code(dial),
        _ => false,
    }
}

/// Digits of the one number that the text begins with.
fn own_digits(text: &str) -> usize {
    let (group, behind) = digits(text);
    let next = behind.strip_prefix([' ', '\u{a0}', '\u{202f}', '.', '-']);
    match next.filter(|next| !group.is_empty() && hours(next).is_none()) {
        Some(next) => group.len() + own_digits(next),
        None => group.len(),
    }
}

/// A second number begins where it comes next, however it is set apart: a code behind a code, as in "988-911"; anything
/// behind a number of 116, which has six digits; or the first digits of an area once more.
pub fn begins_again(dial: &str, after: &str) -> bool {
    let text = after.trim_start();
    let (group, behind) = digits(text);
    let codes = CODES.contains(&dial) || dial.len() == 3 && dial.starts_with('0') && CODES.contains(&group);
    let slash = behind.trim_start().starts_with('/');
    let area = dial.starts_with('0') && dial.len() >= WHOLE && group.len() >= 2 && dial.starts_with(group);
    codes && group.len() == 3 && own_digits(text) == 3
        || dial.len() == 6 && dial.starts_with("116") && !group.is_empty()
        || area && (slash || group.len() >= 3 && own_digits(text) >= WHOLE)
}

/// A line of Australia by its letters, "13 YARN": four behind 13, in capitals or with no space; and "13 HEALTH". Gives what
/// follows too.
pub fn spelled(text: &str) -> Option<(&str, &str)> {
    let behind = text.strip_prefix("13")?;
    let word = behind.trim_start_matches([' ', '\u{a0}', '-']);
    let end = word.find(|next: char| !next.is_alphanumeric()).unwrap_or(word.len());
    let (word, after) = word.split_at(end);
    let capitals = word.chars().all(|letter| letter.is_ascii_uppercase());
    let letters =
        word.len() == 4 && word.chars().all(|letter| letter.is_ascii_alphabetic()) || word == "HEALTH";
    (letters && (capitals || behind.starts_with(word))).then_some((word, after))
}
