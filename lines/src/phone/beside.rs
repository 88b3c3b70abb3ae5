//! What is written beside a number and is none of it: hours, days, what stands in brackets.

/// Hours and days that need no word.
const ALWAYS: &[&str] = &["24/7", "24-7", "24x7", "24/24", "24/365", "7/7", "365/24"];
/// Words behind a number that make it one of hours or days.
const UNITS: &[&str] = &[
    "h", "hs", "hr", "hrs", "hour", "hours", "hora", "horas", "am", "pm", "a.m", "p.m", "a. m", "p. m",
    "day", "days", "uhr", "uur", "heures", "día", "días", "dia", "dias",
];
/// What stands between the two ends of a time.
const BETWEEN: &[&str] = &["-", "–", "to ", "a "];

/// What follows the hours or days that the text begins with; None where it begins with something else.
pub fn hours(text: &str) -> Option<&str> {
    always(text).or_else(|| {
        let (first, minutes, rest) = clock(text)?;
        if let Some(rest) = unit(rest) {
            return Some(until(rest).unwrap_or(rest));
        }
        // "8-12 34 56" is a number, and so is "08-12"; "9-5" with nothing behind it is none.
        let short = first < 10 && !text.starts_with('0');
        let fits = |(last, end): &(u16, &str)| {
            short && digits_ahead(end) == 0 || unit_before(rest, end) || first < *last && leads_on(end)
        };
        let range = range(rest).filter(fits).map(|(_, end)| end);
        range.or_else(|| minutes.then_some(rest))
    })
}

fn always(text: &str) -> Option<&str> {
    let rest = ALWAYS.iter().find_map(|times| text.strip_prefix(times))?;
    (!rest.starts_with(|next: char| next.is_ascii_digit()))
        .then(|| rest.trim_start_matches(|next: char| next == '/' || next.is_ascii_digit()))
}

/// An hour, or a number of days; whether minutes behind a colon are with it; what follows.
fn clock(text: &str) -> Option<(u16, bool, &str)> {
    let (hour, rest) = digits(text);
    let hour: u16 = hour.parse().ok().filter(|hour| *hour <= 24 || *hour == 365)?;
    let minutes = |mark| rest.strip_prefix(mark).map(digits).filter(|(minutes, _)| minutes.len() == 2);
    match (minutes(':'), minutes('.')) {
        (Some((_, rest)), _) => Some((hour, true, rest)),
        (None, Some((_, rest))) => Some((hour, false, rest)),
        (None, None) => Some((hour, false, rest)),
    }
}

/// The digits that the text begins with, and what follows them.
pub fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|next: char| !next.is_ascii_digit()).unwrap_or(text.len()))
}

/// What follows the unit that comes next.
fn unit(text: &str) -> Option<&str> {
    let text = text.trim_start_matches([' ', '\u{a0}', '\u{202f}', '-']);
    let lower = |unit: &&&str| text.get(..unit.len()).is_some_and(|begin| begin.to_lowercase() == **unit);
    let ends = |rest: &&str| !rest.starts_with(char::is_alphanumeric);
    let after = UNITS.iter().filter(lower).filter_map(|unit| text.get(unit.len()..));
    after.rev().find(ends)
}

/// What follows the other end of a time: "-5", "to 5 pm", "a 17 h".
fn until(text: &str) -> Option<&str> {
    range(text).map(|(_, rest)| rest)
}

/// The other end of a time, and what follows it.
fn range(text: &str) -> Option<(u16, &str)> {
    let text = text.trim_start_matches(['.', ' ']);
    let end = BETWEEN.iter().find_map(|between| text.strip_prefix(between))?.trim_start();
    let (hour, _, rest) = clock(end).filter(|(hour, _, _)| *hour <= 24)?;
    Some((hour, unit(rest).unwrap_or(rest)))
}

/// Whether a mark follows, or a whole number set apart: "10-18: 555 0142", "9-17 555 0142".
fn leads_on(text: &str) -> bool {
    text.trim_start().starts_with([':', ',', ';', '|'])
        || text.starts_with(' ') && digits_ahead(text) >= super::WHOLE
}

fn unit_before(text: &str, end: &str) -> bool {
    text.strip_suffix(end).is_some_and(|range| range.contains(char::is_alphabetic) && unit_ends(range))
}

fn unit_ends(range: &str) -> bool {
    let last = range.rsplit(|next: char| next.is_ascii_digit()).next().unwrap_or_default();
    unit(last).is_some()
}

/// Digits in what follows, up to something that stands in no number.
pub fn digits_ahead(text: &str) -> usize {
    let of_number = |next: &char| next.is_ascii_digit() || " \u{a0}\u{202f}-.()".contains(*next);
    text.chars().take_while(of_number).filter(char::is_ascii_digit).count()
}

/// What is in the bracket that opens here, and what follows it.
pub fn bracket(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('(')?.split_once(')')
}

#[cfg(test)]
mod tests {
    use crate::dialed;

    #[test]
    fn hours_before_a_number_are_not_dialed() {
        for (written, dial) in [
            ("Mon-Fri 10-18: 555 0142", "5550142"),
            ("10-18, 555 0142", "5550142"),
            ("09-17: 555 0142", "5550142"),
            ("09-17 | 555 0142", "5550142"),
            ("Mon-Fri 9-17 555 0142", "5550142"),
            ("Mo-Fr 08-16 030 123456", "030123456"),
            ("* 555 0142", "5550142"),
            ("# 555 0142", "5550142"),
            ("* Ruth: *77", "*77"),
            ("8-12 34 56", "8123456"),
            ("08-12 34 56", "08123456"),
            ("18-10: 555 0142", "1810"),
        ] {
            assert_eq!(dialed(written).unwrap().dial, dial, "{written}");
        }
    }

    #[test]
    fn a_slash_can_stand_within_a_number() {
        for (written, dial) in
            [("1/800-273-8255", "18002738255"), ("555/0142", "5550142"), ("988/911", "988")]
        {
            assert_eq!(dialed(written).unwrap().dial, dial, "{written}");
        }
        assert_eq!(dialed("13 HEALTH").unwrap().dial, "13432584");
        assert_eq!(dialed("13 kids").map(|number| number.dial), None);
    }
}
