//! Papers for a person to keep or hand on: a consent, and what somebody shared. Pure: words in, PDF out.
//!
//! Pages are of the size that is usual in the country, tagged for screen readers, and hold the fonts that they need. A letter that
//! neither font has is shown as `?`, and the person is told before.

mod consent;
mod dates;
mod face;
mod shared;
mod sheet;
mod size;
#[cfg(test)]
mod tests;
mod words;

pub use consent::{ConsentPaper, consent};
pub use shared::{SharedPaper, shared};
pub use size::PaperSize;
