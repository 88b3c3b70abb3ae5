//! The words themselves: how they read, what they promise, and which of them stay away.

mod catalogue;
mod house;
mod level;
mod promises;
