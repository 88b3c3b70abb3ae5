//! A space's day.

mod deeds;
mod entries;
mod help;
#[cfg(test)]
mod tests;
mod view;

pub use deeds::{Deed, Desk};
pub use entries::{entry, what};
pub use view::{View, circle};
