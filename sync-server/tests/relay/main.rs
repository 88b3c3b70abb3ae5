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
mod garbage;
mod openapi;
mod owners;
mod packaging;
mod pressure;
mod process;
mod settings;
mod stall;
mod tasks;
