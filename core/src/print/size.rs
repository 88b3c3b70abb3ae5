//! Size of a paper, by the custom of a country.

/// Where paper is of letter size, after CLDR.
const LETTER: [&str; 14] =
    ["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"];

/// Size of the pages of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperSize {
    /// As in North America.
    Letter,
    /// As in most of the world.
    A4,
}

impl PaperSize {
    /// The usual size in a country (two capital letters of ISO 3166); letter while none is known.
    pub fn of(country: Option<&str>) -> Self {
        if country.is_none_or(|country| LETTER.contains(&country)) { Self::Letter } else { Self::A4 }
    }

    /// Width and height, in points.
    pub(super) fn points(self) -> (f32, f32) {
        match self {
            Self::Letter => (612.0, 792.0),
            Self::A4 => (595.0, 842.0),
        }
    }
}
