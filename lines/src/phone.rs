//! From a phone number as people write it to the one that is dialed.

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
    let mut rest = written;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || "+*#(".contains(c)) {
        let (number, after) = read(rest.get(start..)?);
        let digits = number.dial.chars().filter(char::is_ascii_digit).count();
        if digits >= 3 || (number.by_hand() && digits > 0) || (digits > 0 && !has_digit(after)) {
            return Some(number);
        }
        rest = after;
    }
    None
}

fn has_digit(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

/// Reads a number from the start of the text; gives what follows it too.
fn read(text: &str) -> (Number, &str) {
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
            '(' if self.dial.starts_with('+') && rest.starts_with("(0)") => return rest.get(3..),
            '0'..='9' if self.count() < LONGEST => self.push(next),
            '*' | '#' if self.code => self.push(next),
            '+' if self.dial.is_empty() => self.push(next),
            '/' if (3..WHOLE).contains(&self.count()) && after.starts_with(|c: char| c.is_ascii_digit()) => {
                self.group = 0
            }
            ' ' | '\u{a0}' | '\u{202f}' if !self.another_follows(after) => self.group = 0,
            '-' | '.' | '(' | ')' | '\u{2010}'..='\u{2013}' | '\u{2060}' | '\u{200b}'..='\u{200f}' => {}
            letter if letter.is_ascii_alphabetic() && self.takes_letters() => self.push(key(letter)?),
            _ => return None,
        }
        Some(after)
    }

    fn push(&mut self, next: char) {
        self.dial.push(next);
        self.group += 1;
    }

    /// Behind a space: a second whole number, rather than more of this one.
    fn another_follows(&self, after: &str) -> bool {
        let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
        let next = digits(after.trim_start());
        self.group >= WHOLE && next >= WHOLE || self.count() >= WHOLE && self.count() + next > LONGEST
    }

    /// Letters stand for digits only behind a prefix that is written so.
    fn takes_letters(&self) -> bool {
        let national = self.dial.trim_start_matches('+');
        let short = national.strip_prefix('1').unwrap_or(national);
        let long = if national.starts_with('1') { 11 } else { 10 };
        let begins = |prefix: &&str| national.starts_with(*prefix) || short.starts_with(*prefix);
        self.count() < long && national.len() >= 3 && WITH_LETTERS.iter().any(begins)
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
    let text = rest.trim_start();
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
    // As many digits as a number has are another number.
    if digits.is_empty()
        || digits.len() >= WHOLE - 1
        || has_digit(behind.get(digits.len()..).unwrap_or_default())
    {
        return (String::new(), rest);
    }
    let after = behind.get(digits.len()..).unwrap_or_default();
    (digits, after)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn number(dial: &str, then: &str) -> Option<Number> {
        Some(Number { dial: dial.into(), then: then.into() })
    }

    #[test]
    fn one_number_is_dialed_however_it_is_written() {
        for (written, dial) in [
            ("+1 (555) 01-42", "+15550142"),
            ("555.0142", "5550142"),
            ("911", "911"),
            ("+44 (0)20 7946 0018", "+442079460018"),
            ("030/123456", "030123456"),
            ("555\u{a0}0142", "5550142"),
            ("Cell: 555 0142", "5550142"),
            ("24/7: 555 0142", "5550142"),
            ("Room 12, 555 0142", "5550142"),
            ("(555) 010-0142 home", "5550100142"),
            ("55 1234 5678", "5512345678"),
            ("12", "12"),
        ] {
            assert_eq!(dialed(written), number(dial, ""), "{written}");
        }
    }

    #[test]
    fn of_two_numbers_the_first_is_dialed() {
        for written in [
            "555 0142 / 555 0143",
            "555 0142/555 0143",
            "555 0142 or 555 0143",
            "555 0142 o 555 0143",
            "555 0142, 555 0143",
            "555 0142; 5550143",
            "555-0142\n555-0143",
            "5550142 5550143",
            "5550142 +15550143",
        ] {
            assert_eq!(dialed(written), number("5550142", ""), "{written}");
        }
        assert_eq!(dialed("5551230142 5551230143"), number("5551230142", ""));
    }

    #[test]
    fn an_extension_and_what_stands_behind_a_pause_are_pressed_after_the_call() {
        for written in [
            "555 0142 ext. 12",
            "555 0142 Ext 12",
            "555 0142 x12",
            "555 0142 extensión 12",
            "555 0142 extension: 12",
            "555 0142 interno 12",
            "555 0142 #12",
            "5550142,12",
            "5550142,,12",
            "5550142;12",
            "5550142p12",
            "5550142w12",
        ] {
            assert_eq!(dialed(written), number("5550142", "12"), "{written}");
        }
    }

    #[test]
    fn letters_are_digits_only_behind_a_prefix_that_is_written_so() {
        for (written, dial) in [
            ("1-800-FLOWERS", "18003569377"),
            ("1 800 flowers", "18003569377"),
            ("1-844-POISON-X", "18447647669"),
            ("800-IAFA-800", "8004232800"),
            ("0800 SMOKEY", "0800766539"),
            ("911 POLICE", "911"),
            ("988 Lifeline", "988"),
            ("112 SOS", "112"),
            ("555 0142 HOME", "5550142"),
        ] {
            assert_eq!(dialed(written), number(dial, ""), "{written}");
        }
    }

    #[test]
    fn codes_keep_their_marks_and_are_dialed_by_hand() {
        for code in ["*77#", "*4141", "*0767", "*120*7867#", "#31#5550142"] {
            let dialed = dialed(code).unwrap();
            assert_eq!((dialed.dial.as_str(), dialed.by_hand()), (code, true));
            assert_eq!((dialed.tel(), dialed.sms()), (None, None), "no link takes {code}");
        }
        let plain = dialed("+1 (555) 01-42").unwrap();
        assert_eq!((plain.tel(), plain.sms()), (Some("tel:+15550142".into()), Some("sms:+15550142".into())));
    }

    #[test]
    fn where_there_is_no_number_none_is_dialed() {
        for nothing in ["", " ", "ask Ruth", "+", "()", "*", "FLOWERS", "¿?"] {
            assert_eq!(dialed(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_number_is_read_in_groups() {
        for (number, shown) in [
            ("18006624357", "1-800-662-4357"),
            ("8009112000", "800 911 2000"),
            ("0800787797", "0800 787 797"),
            ("1800250015", "1800 250 015"),
            ("08082000247", "0808 200 0247"),
            ("08000767", "0800 0767"),
            ("717003717", "717 003 717"),
            ("988", "988"),
            ("116123", "116123"),
            ("*4141", "*4141"),
            ("+15550142", "+15550142"),
        ] {
            assert_eq!(Number { dial: number.into(), then: String::new() }.shown(), shown);
        }
    }
}
