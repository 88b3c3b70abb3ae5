//! Numbers to call in each country, shipped with the app: no network, no store and no unlocking stands before them.
//!
//! `lines.json` is the one place for them. What a number needs before a release is in `docs/lines.md`.

mod hours;
mod order;
mod phone;
mod region;
mod table;

pub use hours::Span;
pub use order::{Choices, Item, Place};
pub use phone::{Number, dialed};
pub use region::region;
pub use table::*;
