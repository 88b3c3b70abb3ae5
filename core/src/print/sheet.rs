//! A paper: headings and paragraphs that flow over pages, with a line at the foot of each.

use std::num::NonZeroU16;

use krilla::Document;
use krilla::SerializeSettings;
use krilla::configure::{Accessibility, Configuration, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, Tag, TagGroup, TagKind, TagTree,
};
use krilla::text::TextDirection;

use super::face::Face;
use super::size::PaperSize;
use crate::error::{Error, Result};

/// Round what is written, in points.
const MARGIN: f32 = 64.0;
/// Between the last line and the foot.
const ABOVE_FOOT: f32 = 28.0;
const SMALL: f32 = 9.0;
/// Of the size of its letters.
const LINE: f32 = 1.38;
/// How far the baseline is below the top of a line, of the size of its letters.
const BASE: f32 = 1.0;

/// So many letters that cannot be printed are named.
const LETTERS_NAMED: usize = 12;

/// How a block looks, and what it is to a screen reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// The title.
    Title,
    /// A heading.
    Heading,
    /// What the next paragraph is.
    Label,
    /// A paragraph.
    Text,
}

impl Style {
    fn size(self) -> f32 {
        match self {
            Self::Title => 20.0,
            Self::Heading => 14.0,
            Self::Label | Self::Text => 11.0,
        }
    }

    fn is_bold(self) -> bool {
        self != Self::Text
    }

    /// Room above it.
    fn above(self) -> f32 {
        match self {
            Self::Title => 0.0,
            Self::Heading => 20.0,
            Self::Label => 9.0,
            Self::Text => 2.0,
        }
    }

    fn tag(self, text: &str) -> TagKind {
        let level = match self {
            Self::Title => NonZeroU16::MIN,
            Self::Heading => NonZeroU16::MIN.saturating_add(1),
            Self::Label | Self::Text => return Tag::P.into(),
        };
        Tag::Hn(level, Some(text.to_owned())).into()
    }
}

/// What a paper says.
pub struct Sheet {
    title: String,
    language: &'static str,
    foot: String,
    blocks: Vec<(Style, String)>,
    size: PaperSize,
}

/// One line at its place.
struct Placed {
    page: usize,
    y: f32,
    block: usize,
    text: String,
}

impl Sheet {
    /// An empty paper. `foot` stands at the foot of each page, with `{page}` and `{pages}` filled in.
    pub fn new(title: &str, language: &'static str, foot: &str, size: PaperSize) -> Self {
        let blocks = vec![(Style::Title, title.to_owned())];
        Self { title: title.to_owned(), language, foot: foot.to_owned(), blocks, size }
    }

    /// Of a line.
    fn width(&self) -> f32 {
        self.size.points().0 - 2.0 * MARGIN
    }

    /// Where the line at the foot is.
    fn foot_line(&self) -> f32 {
        self.size.points().1 - MARGIN + 4.0
    }

    /// Lines end above this.
    fn bottom(&self) -> f32 {
        self.foot_line() - ABOVE_FOOT
    }

    /// Adds a block; an empty one is left out.
    pub fn add(&mut self, style: Style, text: impl Into<String>) {
        let text = text.into();
        if !text.trim().is_empty() {
            self.blocks.push((style, text));
        }
    }

    /// Adds a paragraph under what it is.
    pub fn field(&mut self, label: &str, text: impl Into<String>) {
        let text = text.into();
        if !text.trim().is_empty() {
            self.add(Style::Label, label);
            self.add(Style::Text, text);
        }
    }

    /// The PDF. Errors: `paper-refused`, `font-broken`, and unless `anyway` `letters-missing` with the letters that would
    /// be printed as `?`.
    pub fn finish(self, anyway: bool) -> Result<Vec<u8>> {
        let faces = Faces { plain: Face::new(400.0)?, bold: Face::new(650.0)? };
        let text: String = self.blocks.iter().map(|(_, text)| text.as_str()).collect();
        let missing = faces.plain.missing(&text);
        if !missing.is_empty() && !anyway {
            let shown: Vec<String> = missing.into_iter().take(LETTERS_NAMED).map(String::from).collect();
            return Err(Error::new("letters-missing", shown.join(" ")));
        }
        let lines = self.lay_out(&faces);
        let settings = SerializeSettings { configuration: accessible()?, ..SerializeSettings::default() };
        let mut document = Document::new_with(settings);
        let title = faces.bold.readable(&self.title);
        document.set_metadata(Metadata::new().title(title).language(self.language.to_owned()));
        let marks = self.draw(&mut document, &faces, &lines)?;
        document.set_outline(self.outline(&lines));
        document.set_tag_tree(self.tags(marks));
        document.finish().map_err(|_| refused())
    }

    fn lay_out(&self, faces: &Faces) -> Vec<Placed> {
        let (mut lines, mut page, mut y) = (Vec::new(), 0, MARGIN);
        for (block, (style, text)) in self.blocks.iter().enumerate() {
            let height = style.size() * LINE;
            y += if y > MARGIN { style.above() } else { 0.0 };
            // What leads to something stays with it.
            let needed =
                if *style == Style::Text { height } else { height + Style::Text.size() * LINE * 2.0 };
            let mut room = needed;
            for text in faces.of(*style).lines(text, style.size(), self.width()) {
                if y + room > self.bottom() {
                    (page, y) = (page + 1, MARGIN);
                }
                lines.push(Placed { page, y: y + style.size() * BASE, block, text });
                (y, room) = (y + height, height);
            }
        }
        lines
    }

    /// Draws all pages. Answers each block's marks, for the screen reader.
    fn draw(&self, document: &mut Document, faces: &Faces, lines: &[Placed]) -> Result<Vec<Vec<Identifier>>> {
        let mut marks = vec![Vec::new(); self.blocks.len()];
        let pages = lines.last().map_or(0, |line| line.page) + 1;
        for number in 0..pages {
            let (width, height) = self.size.points();
            let settings = PageSettings::from_wh(width, height).ok_or_else(refused)?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for line in lines.iter().filter(|line| line.page == number) {
                let Some((style, _)) = self.blocks.get(line.block) else { continue };
                let mark = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                write(&mut surface, faces.of(*style), (line.y, style.size()), &line.text);
                surface.end_tagged();
                marks.get_mut(line.block).into_iter().for_each(|marks| marks.push(mark));
            }
            self.draw_foot(&mut surface, faces, (number + 1, pages));
        }
        Ok(marks)
    }

    fn draw_foot(&self, surface: &mut Surface<'_>, faces: &Faces, (page, pages): (usize, usize)) {
        let foot = self.foot.replace("{page}", &page.to_string()).replace("{pages}", &pages.to_string());
        let foot = faces.plain.lines(&foot, SMALL, self.width()).into_iter().next().unwrap_or_default();
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)));
        write(surface, &faces.plain, (self.foot_line(), SMALL), &foot);
        surface.end_tagged();
    }

    fn tags(&self, marks: Vec<Vec<Identifier>>) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(self.language.to_owned()));
        for ((style, text), marks) in self.blocks.iter().zip(marks) {
            let mut group = TagGroup::new(style.tag(text));
            marks.into_iter().for_each(|mark| group.push(mark));
            tree.push(group);
        }
        tree
    }

    fn outline(&self, lines: &[Placed]) -> Outline {
        let mut outline = Outline::new();
        for (block, (style, text)) in self.blocks.iter().enumerate() {
            let first = lines.iter().find(|line| line.block == block);
            if let (Style::Title | Style::Heading, Some(line)) = (style, first) {
                let place = XyzDestination::new(line.page, Point::from_xy(0.0, line.y - style.size()));
                outline.push_child(OutlineNode::new(text.clone(), place));
            }
        }
        outline
    }
}

/// The font as it is used here.
struct Faces {
    plain: Face,
    bold: Face,
}

impl Faces {
    fn of(&self, style: Style) -> &Face {
        if style.is_bold() { &self.bold } else { &self.plain }
    }
}

fn write(surface: &mut Surface<'_>, face: &Face, (y, size): (f32, f32), line: &str) {
    for run in face.runs(line, size) {
        let start = Point::from_xy(MARGIN + run.at, y);
        surface.draw_text(start, run.font, size, run.text, false, TextDirection::LeftToRight);
    }
}

fn accessible() -> Result<Configuration> {
    let builder = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1);
    builder.finish().map_err(|_| refused())
}

fn refused() -> Error {
    Error::new("paper-refused", "the PDF could not be made")
}
