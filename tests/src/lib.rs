//! What journeys are made of: a real relay, the real window, and hands that press what a person would press.

pub mod axe;
pub mod bytes;
pub mod checks;
mod company;
pub mod core;
pub mod desktop;
pub mod display;
mod door;
pub mod drip;
mod filled;
pub mod front;
pub mod keychain;
pub mod killed;
pub mod page;
pub mod people;
pub mod person;
pub mod process;
pub mod proxy;
pub mod relay;
pub mod screens;
pub mod socks;
pub mod tour;
pub mod window;
pub mod words;

pub use core::Core;
pub use desktop::Desktop;
pub use page::Page;
pub use relay::Relay;
pub use window::{Device, Look};
pub use words::Words;
