//! The font: how wide words are, and which letters it has.

use krilla::text::{Font, Tag};
use skrifa::instance::{Location, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result};

/// Atkinson Hyperlegible Next, Latin letters, all weights.
const BYTES: &[u8] = include_bytes!("../../fonts/atkinson-hyperlegible-next.ttf");
const WEIGHT: &str = "wght";

/// The font in one weight.
pub struct Face {
    /// For drawing.
    pub font: Font,
    outlines: FontRef<'static>,
    location: Location,
}

impl Face {
    /// The font in this weight, 200 to 800.
    pub fn new(weight: f32) -> Result<Self> {
        let broken = || Error::new("font-broken", "the app's own font cannot be read");
        let axis = Tag::try_from_str(WEIGHT).ok_or_else(broken)?;
        let font = Font::new_variable(BYTES.into(), 0, &[(axis, weight)]).ok_or_else(broken)?;
        let outlines = FontRef::new(BYTES).map_err(|_| broken())?;
        let location = outlines.axes().location([(WEIGHT, weight)]);
        Ok(Self { font, outlines, location })
    }

    /// A text as this font can show it: one line, letters put together, nothing it does not have.
    pub fn readable(&self, text: &str) -> String {
        let letters = self.outlines.charmap();
        let shown = |letter: char| match letter {
            _ if letter.is_whitespace() => Some(' '),
            _ if letters.map(letter).is_some() => Some(letter),
            _ if is_joiner(letter) || letter.is_control() => None,
            _ => Some('?'),
        };
        text.nfc().filter_map(shown).collect()
    }

    /// Width of a text in points at a size.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        let (letters, metrics) = (self.outlines.charmap(), self.metrics(size));
        let advance = |letter| metrics.advance_width(letters.map(letter)?);
        text.chars().filter_map(advance).sum()
    }

    fn metrics(&self, size: f32) -> GlyphMetrics<'_> {
        self.outlines.glyph_metrics(Size::new(size), &self.location)
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

/// Joins or picks the form of what is not shown anyway.
fn is_joiner(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{300}'..='\u{36f}')
        || matches!(letter, '\u{1f3fb}'..='\u{1f3ff}')
}
