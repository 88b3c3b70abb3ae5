//! From a phone number as people write it to the one that is dialed.

mod apart;
mod beside;

use apart::{begins_again, goes_on_behind_slash, is_code, spelled};
use beside::{bracket, digits_ahead, hours};

/// Digits of a number that somebody can be called at; fewer are a short code, or what is pressed after the call.
const WHOLE: usize = 7;
/// Digits of the longest number in the world.
const LONGEST: usize = 15;
/// What comes before letters that stand for digits, as in 1-800-FLOWERS; elsewhere letters are words.
const WITH_LETTERS: &[&str] = &[
    "800", "888", "877", "866", "855", "844", "833", "900", "0800", "0808", "0300", "0500", "0508", "1300",
    "1800",
];

/// One number to dial.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Number {
    /// What is dialed: digits, `+` at the start, `*` and `#` of a code.
    pub dial: String,
    /// What is pressed once somebody answers: an extension.
    pub then: String,
}

impl Number {
    /// Whether it has to be typed by hand: phones do not take `*` and `#` from a link.
    pub fn by_hand(&self) -> bool {
        self.dial.contains(['*', '#'])
    }

    /// Link that calls, where one can.
    pub fn tel(&self) -> Option<String> {
        (!self.by_hand()).then(|| format!("tel:{}", self.dial))
    }

    /// Link that writes a text, where one can.
    pub fn sms(&self) -> Option<String> {
        (!self.by_hand()).then(|| format!("sms:{}", self.dial))
    }

    fn count(&self) -> usize {
        self.dial.chars().filter(char::is_ascii_digit).count()
    }

    /// Fewer than three digits are a number only where nothing else is written; a code also with words beside it.
    fn is_dialed(&self, after: &str, words: bool) -> bool {
        let last = !has_digit(after);
        match self.count() {
            0 => false,
            1 | 2 if self.by_hand() => last || self.dial.starts_with('*'),
            1 | 2 => last && !words,
            _ => true,
        }
    }

    /// A year, as in "Since 2019: 555 0142".
    fn is_year(&self, after: &str) -> bool {
        let years = self.dial.starts_with("19") || self.dial.starts_with("20");
        years && self.dial.len() == 4 && after.trim_start().starts_with(':')
    }

    /// As it is read: in groups, where that is how such a number is written.
    pub fn shown(&self) -> String {
        let groups: &[usize] = match (self.dial.len(), self.dial.starts_with("18")) {
            _ if self.dial.contains(['+', '*', '#']) => return self.dial.clone(),
            (11, true) => {
                return format!("1-{}", grouped(self.dial.get(1..).unwrap_or_default(), &[3, 3, 4], '-'));
            }
            (8, _) => &[4, 4],
            (9, _) => &[3, 3, 3],
            (10, true) => &[4, 3, 3],
            (10, false) if self.dial.starts_with('0') => &[4, 3, 3],
            (10, false) => &[3, 3, 4],
            (11, false) => &[4, 3, 4],
            _ => return self.dial.clone(),
        };
        grouped(&self.dial, groups, ' ')
    }
}

fn grouped(digits: &str, groups: &[usize], between: char) -> String {
    let ends = groups.iter().scan(0, |end, len| {
        *end += len;
        Some(*end)
    });
    let ends = ends.collect::<Vec<_>>();
    let split = |(at, digit)| if ends.contains(&at) { vec![between, digit] } else { vec![digit] };
    digits.chars().enumerate().flat_map(split).collect()
}

/// The number that is dialed for what was written: the first, where several are; None where there is none.
pub fn dialed(written: &str) -> Option<Number> {
    let (mut rest, mut year) = (written, None);
    let words = written.contains(char::is_alphabetic);
    while let Some((number, after)) = next(rest) {
        rest = after;
        if !number.is_dialed(after, words) {
            continue;
        }
        match year {
            None if number.is_year(after) => year = Some(number),
            Some(_) if number.count() <= 4 && !is_code(&number.dial) => {}
            _ => return Some(number),
        }
    }
    year
}

/// The next number, or what looks like one; hours are passed over.
fn next(written: &str) -> Option<(Number, &str)> {
    let mut rest = written;
    loop {
        let start = rest.find(|c: char| c.is_ascii_digit() || "+*#(".contains(c))?;
        let here = rest.get(start..)?;
        // A bullet, not the first key of a code.
        if let Some(behind) = here.strip_prefix(['*', '#']).filter(|behind| behind.starts_with(' ')) {
            rest = behind;
            continue;
        }
        match hours(here.trim_start_matches('(')) {
            Some(after) => rest = after,
            None => return Some(read(here)),
        }
    }
}

fn has_digit(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

/// Reads a number from the start of the text; gives what follows it too.
fn read(text: &str) -> (Number, &str) {
    if let Some((word, after)) = spelled(text) {
        let dial = "13".chars().chain(word.chars().filter_map(key)).collect();
        return (Number { dial, then: String::new() }, after);
    }
    let mut reading = Reading { code: text.starts_with(['*', '#']), ..Reading::default() };
    let mut rest = text;
    while let Some(next) = reading.step(rest) {
        rest = next;
    }
    let (then, rest) =
        if reading.count() >= WHOLE && !reading.code { extension(rest) } else { (String::new(), rest) };
    let used = text.len() - rest.len();
    // Something is always used, so that the search goes on.
    let rest = if used == 0 { text.get(1..).unwrap_or_default() } else { rest };
    (Number { dial: reading.dial, then }, rest)
}

#[derive(Default)]
struct Reading {
    dial: String,
    /// A code such as `*77#`.
    code: bool,
    /// Digits since the last space.
    group: usize,
    /// Letters stood for some of the digits.
    letters: bool,
}

impl Reading {
    fn count(&self) -> usize {
        self.dial.chars().filter(char::is_ascii_digit).count()
    }

    /// Takes what is next; None where the number ends.
    fn step<'a>(&mut self, rest: &'a str) -> Option<&'a str> {
        let next = rest.chars().next()?;
        let after = rest.get(next.len_utf8()..)?;
        match next {
            '(' if self.is_abroad() && rest.starts_with("(0)") => return rest.get(3..),
            '(' if !self.dial.is_empty() && !self.takes_bracket(rest) => return None,
            '0'..='9' if self.takes_digit() => self.push(next),
            '*' | '#' if self.code => self.push(next),
            '+' if self.dial.is_empty() => self.push(next),
            '/' if goes_on_behind_slash(&self.dial, after) => self.group = 0,
            '-' | '.' | '\u{2010}'..='\u{2013}' if self.another_stands_apart(after) => return None,
            ' ' | '\u{a0}' | '\u{202f}' if !self.another_follows(after) => self.group = 0,
            '-' | '.' | '(' | ')' | '\u{2010}'..='\u{2013}' | '\u{2060}' | '\u{200b}'..='\u{200f}' => {}
            letter if letter.is_ascii_alphabetic() && self.takes_letter(rest) => {
                self.letters = true;
                self.push(key(letter)?);
            }
            _ => return None,
        }
        Some(after)
    }

    fn push(&mut self, next: char) {
        self.dial.push(next);
        self.group += 1;
    }

    /// Digits behind letters that made the number whole say the letters once more.
    fn takes_digit(&self) -> bool {
        self.count() < if self.letters { self.long() } else { LONGEST }
    }

    /// A bracket holds a part of the number only where more of it follows; else it says something about the number.
    fn takes_bracket(&self, rest: &str) -> bool {
        let Some((inside, after)) = bracket(rest) else { return false };
        let digits = inside.chars().all(|next| next.is_ascii_digit() || " -".contains(next));
        let letters = inside.chars().all(|next| next.is_ascii_alphabetic());
        let after = after.trim_start_matches([' ', '-', '.']);
        let after = if self.is_abroad() { after.trim_start_matches([' ', '/']) } else { after };
        let more = after.starts_with(|next: char| next.is_ascii_digit()) && hours(after).is_none();
        (self.count() < WHOLE && digits && (more || WITH_LETTERS.contains(&inside)))
            || (letters && self.takes_letters() && inside.len() == self.long().saturating_sub(self.count()))
    }

    /// Behind a space: hours, or a second whole number, rather than more of this one.
    fn another_follows(&self, after: &str) -> bool {
        let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
        let text = after.trim_start();
        let next = digits(text);
        self.group >= WHOLE && next >= WHOLE
            || self.count() >= WHOLE && self.count() + next > LONGEST
            || self.count() >= WHOLE && self.same_again(text)
            || self.count() > 0 && hours(text).is_some()
            || begins_again(&self.dial, text)
    }

    /// As many digits as there are already come once more, or several times.
    fn same_again(&self, after: &str) -> bool {
        let (count, ahead) = (self.count(), digits_ahead(after));
        ahead > 0 && ahead % count.max(1) == 0 && (!self.is_abroad() || count + ahead > LONGEST)
    }

    /// It begins with a country's number.
    fn is_abroad(&self) -> bool {
        self.dial.starts_with('+') || self.dial.starts_with("00")
    }

    /// Behind a dash or a dot with a space, or a dash between whole numbers: a second number.
    fn another_stands_apart(&self, after: &str) -> bool {
        let (text, count) = (after.trim_start(), self.count());
        let group = text.chars().take_while(char::is_ascii_digit).count();
        if begins_again(&self.dial, text) {
            return true;
        }
        if text.len() == after.len() {
            return self.group >= WHOLE && group >= WHOLE;
        }
        // 116 is how the lines of Europe begin; any other three digits may be a whole short code.
        let short = count == 3 && digits_ahead(text) == 3 && self.dial != "116";
        short || count >= WHOLE && (self.same_again(text) || count + digits_ahead(text) > LONGEST)
    }

    /// Without the country's `+1` or `1`.
    fn national(&self) -> &str {
        self.dial.trim_start_matches('+')
    }

    /// Digits of a number that is written with letters.
    fn long(&self) -> usize {
        if self.national().starts_with('1') { 11 } else { 10 }
    }

    /// Letters stand for digits only behind a prefix that is written so.
    fn takes_letters(&self) -> bool {
        let national = self.national();
        let short = national.strip_prefix('1').unwrap_or(national);
        let begins = |prefix: &&str| national.starts_with(*prefix) || short.starts_with(*prefix);
        self.count() < self.long() && national.len() >= 3 && WITH_LETTERS.iter().any(begins)
    }

    /// Behind such a prefix, a word is read as digits where it looks like a part of the number: in capitals, right behind
    /// the prefix, or as long as what is missing. "0800 1111 free" is a number and a word, and so is "888-0142 Ana".
    fn takes_letter(&self, rest: &str) -> bool {
        if self.letters || !self.takes_letters() {
            return self.takes_letters();
        }
        let word = rest.split(|next: char| !next.is_ascii_alphabetic()).next().unwrap_or_default();
        let capitals = word.chars().all(|letter| letter.is_ascii_uppercase());
        let prefix = WITH_LETTERS.contains(&self.national().trim_start_matches('1'))
            || WITH_LETTERS.contains(&self.national());
        let enough = if self.long() == 11 { 10 } else { WHOLE };
        let fits = word.len() >= 3 && word.len() == self.long().saturating_sub(self.count());
        prefix || self.count() < enough && (fits || capitals) || capitals && self.group > 0
    }
}

/// The digit on a letter's key.
fn key(letter: char) -> Option<char> {
    Some(match letter.to_ascii_lowercase() {
        'a'..='c' => '2',
        'd'..='f' => '3',
        'g'..='i' => '4',
        'j'..='l' => '5',
        'm'..='o' => '6',
        'p'..='s' => '7',
        't'..='v' => '8',
        'w'..='z' => '9',
        _ => return None,
    })
}

/// What is pressed after the call: behind "ext. 12", "#12", ";12" or pauses such as ",,12".
fn extension(rest: &str) -> (String, &str) {
    let text = rest.trim_start_matches(|next: char| next.is_whitespace() || next == '(');
    let lower = text.to_ascii_lowercase();
    let words = ["extension", "ext", "anexo", "interno", "int", "x", "#", "*", ",", ";", "p", "w"];
    let Some(word) = lower
        .starts_with("extensión")
        .then_some("extensión")
        .or_else(|| words.into_iter().find(|word| lower.starts_with(word)))
    else {
        return (String::new(), rest);
    };
    let behind = text.get(word.len()..).unwrap_or_default();
    let behind = behind.trim_start_matches([' ', '.', ':', ',', ';', 'p', 'w']);
    let digits: String = behind.chars().take_while(char::is_ascii_digit).collect();
    // As many digits as a number has are another number; an hour is nothing to press.
    if digits.is_empty()
        || hours(behind).is_some()
        || digits.len() >= WHOLE - 1
        || has_digit(behind.get(digits.len()..).unwrap_or_default())
    {
        return (String::new(), rest);
    }
    let after = behind.get(digits.len()..).unwrap_or_default();
    (digits, after)
}

#[cfg(test)]
mod tests;
