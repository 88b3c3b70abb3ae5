//! The fonts: how wide words are, and which letters they have.

use krilla::text::{Font, Tag};
use skrifa::instance::{Location, Size};
use skrifa::{FontRef, MetadataProvider};
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result};

/// Atkinson Hyperlegible Next, Latin letters, all weights.
const BYTES: &[u8] = include_bytes!("../../fonts/atkinson-hyperlegible-next.ttf");
/// Noto Sans for the letters that the first font does not have: all of Latin with Vietnamese, Greek, Cyrillic.
const MORE: &[u8] = include_bytes!("../../fonts/noto-sans-regular.ttf");
const MORE_BOLD: &[u8] = include_bytes!("../../fonts/noto-sans-bold.ttf");
const WEIGHT: &str = "wght";
/// From this weight on the second font is bold.
const BOLD: f32 = 600.0;

/// A font in one weight.
struct Cut {
    font: Font,
    outlines: FontRef<'static>,
    location: Location,
}

/// The fonts in one weight: of each word all letters are of one font.
pub struct Face {
    cuts: [Cut; 2],
}

/// Part of a line: where it begins, in points from the start of the line.
pub struct Run<'a> {
    /// For drawing.
    pub font: Font,
    /// What it says.
    pub text: &'a str,
    /// From the start of the line.
    pub at: f32,
}

impl Cut {
    fn new(bytes: &'static [u8], axes: &[(&str, f32)]) -> Result<Self> {
        let broken = || Error::new("font-broken", "the app's own font cannot be read");
        let tagged: Vec<_> =
            axes.iter().filter_map(|(name, value)| Some((Tag::try_from_str(name)?, *value))).collect();
        let font = Font::new_variable(bytes.into(), 0, &tagged).ok_or_else(broken)?;
        let outlines = FontRef::new(bytes).map_err(|_| broken())?;
        let location = outlines.axes().location(axes.iter().copied());
        Ok(Self { font, outlines, location })
    }

    fn has(&self, letter: char) -> bool {
        self.outlines.charmap().map(letter).is_some()
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        let letters = self.outlines.charmap();
        let metrics = self.outlines.glyph_metrics(Size::new(size), &self.location);
        text.chars().filter_map(|letter| metrics.advance_width(letters.map(letter)?)).sum()
    }
}

impl Face {
    /// The fonts in this weight, 200 to 800.
    pub fn new(weight: f32) -> Result<Self> {
        let more = if weight < BOLD { MORE } else { MORE_BOLD };
        Ok(Self { cuts: [Cut::new(BYTES, &[(WEIGHT, weight)])?, Cut::new(more, &[])?] })
    }

    /// A text as it can be shown: one line, letters put together, nothing that no font has.
    pub fn readable(&self, text: &str) -> String {
        let shown = |letter: char| match letter {
            _ if letter.is_whitespace() => Some(' '),
            _ if is_hidden(letter) => None,
            _ if self.has(letter) => Some(letter),
            _ => Some('?'),
        };
        text.nfc().filter_map(shown).collect()
    }

    /// The letters of a text that no font has, each once, in order.
    pub fn missing(&self, text: &str) -> Vec<char> {
        let mut missing: Vec<char> = Vec::new();
        for letter in text.nfc().filter(|letter| !letter.is_whitespace() && !is_hidden(*letter)) {
            if !self.has(letter) && !missing.contains(&letter) {
                missing.push(letter);
            }
        }
        missing
    }

    fn has(&self, letter: char) -> bool {
        self.cuts.iter().any(|cut| cut.has(letter))
    }

    /// The parts of a line that are drawn with one font each.
    pub fn runs<'a>(&self, line: &'a str, size: f32) -> Vec<Run<'a>> {
        let (mut runs, mut at) = (Vec::<Run<'a>>::new(), 0.0);
        for (cut, text) in self.parts(line) {
            runs.push(Run { font: cut.font.clone(), text, at });
            at += cut.width(text, size);
        }
        runs
    }

    /// Words beside each other that are of one font.
    fn parts<'a>(&self, line: &'a str) -> Vec<(&Cut, &'a str)> {
        let (mut parts, mut from, mut end) = (Vec::new(), 0, 0);
        let mut last: Option<&Cut> = None;
        for word in line.split_inclusive(' ') {
            let cut = self.cut(word);
            if last.is_some_and(|last| !std::ptr::eq(last, cut)) {
                parts.extend(last.zip(line.get(from..end)));
                from = end;
            }
            (last, end) = (Some(cut), end + word.len());
        }
        parts.extend(last.zip(line.get(from..end)));
        parts
    }

    /// The first font with every letter of a word, else the one with the most.
    fn cut(&self, word: &str) -> &Cut {
        let [first, second] = &self.cuts;
        let lacks = |cut: &Cut| word.chars().filter(|letter| !cut.has(*letter)).count();
        if lacks(first) <= lacks(second) { first } else { second }
    }

    /// Width of a text in points at a size.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        self.parts(text).into_iter().map(|(cut, text)| cut.width(text, size)).sum()
    }

    /// The text in lines of at most this width. Its own line breaks stay; a word that is too long is broken.
    pub fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.trim_end().split('\n') {
            let mut line = String::new();
            for word in self.readable(paragraph).split_whitespace() {
                self.add(&mut lines, &mut line, word, (size, width));
            }
            lines.push(line);
        }
        lines
    }

    fn add(&self, lines: &mut Vec<String>, line: &mut String, word: &str, (size, width): (f32, f32)) {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if self.width(&longer, size) <= width {
            *line = longer;
            return;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(line));
        }
        for letter in word.chars() {
            line.push(letter);
            if self.width(line, size) > width && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::replace(line, letter.to_string()));
            }
        }
    }
}

/// Joins letters, picks their form or turns the line: nothing to print.
fn is_hidden(letter: char) -> bool {
    let joins = matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    let picks =
        matches!(letter, '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}');
    joins || picks || letter == '\u{feff}' || (letter.is_control() && !letter.is_whitespace())
}
