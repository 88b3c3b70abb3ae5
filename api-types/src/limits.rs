//! How much a field takes: the core refuses what is longer, and the screens' fields end there. Nothing else says these numbers.
//!
//! Lengths are in UTF-16 units, as a field of a web page counts them. A record counts characters, which are never more.

/// Names, tags and numbers.
pub const NAME: usize = 60;
/// One line: a title, a step, an entry.
pub const LINE: usize = 300;
/// A few sentences: a reason, a detail, own words.
pub const TEXT: usize = 2000;
/// A note.
pub const NOTE: usize = 5000;
/// Entries of any list in a record.
pub const LIST: usize = 32;
/// Most days that an invitation stands.
pub const INVITE_DAYS: u32 = 30;
/// Most minutes of an entry of the supervision log: a day.
pub const SUPERVISION_MINUTES: u32 = 24 * 60;
/// Earliest year of any date.
pub const FIRST_YEAR: i32 = 1900;
/// Last year of any date.
pub const LAST_YEAR: i32 = 9999;

/// The length of a text as limits count it.
pub fn length(text: &str) -> usize {
    text.encode_utf16().count()
}
