//! Tests of the relay from outside: its stores, its calls, its process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod api;
mod blind;
mod common;
mod contract;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(target_os = "linux")]
mod durable;
mod garbage;
mod known;
mod openapi;
mod order;
mod owners;
mod packaging;
mod pressure;
mod process;
mod settings;
mod spoilt;
mod stall;
mod tasks;
