//! Hostile inputs for every reader of what comes from other people, relays and files.
//!
//! A target is a function of bytes that feeds a reader and checks what must hold for any input: what was read is written
//! back to the same bytes, what is refused is refused with a code that fits, nothing depends on the order of arrival. The
//! [`driver`] damages honest inputs from a seed; `fuzz/guided` lets libFuzzer look for new paths through the same targets.

pub mod driver;
pub mod mutate;
pub mod pieces;
pub mod random;
mod targets;
mod world;

use peak_alloc::PeakAlloc;

/// Counts the bytes that are in use, so that an input which asks for too many is noticed.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// A reader and the honest inputs to begin with.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// Feeds the reader; panics where something does not hold.
    pub run: fn(&[u8]),
    /// Honest inputs.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target { name: "answer", run: targets::answer::run, seeds: targets::answer::seeds },
    Target { name: "change", run: targets::change::run, seeds: targets::change::seeds },
    Target { name: "code", run: targets::code::run, seeds: targets::code::seeds },
    Target { name: "consent", run: targets::consent::run, seeds: targets::consent::seeds },
    Target { name: "device_log", run: targets::device_log::run, seeds: targets::device_log::seeds },
    Target { name: "document", run: targets::document::run, seeds: targets::document::seeds },
    Target { name: "envelope", run: targets::envelope::run, seeds: targets::envelope::seeds },
    Target { name: "item", run: targets::item::run, seeds: targets::item::seeds },
    Target { name: "open", run: targets::open::run, seeds: targets::open::seeds },
    Target { name: "record", run: targets::record::run, seeds: targets::record::seeds },
    Target { name: "repair", run: targets::repair::run, seeds: targets::repair::seeds },
    Target { name: "roster", run: targets::roster::run, seeds: targets::roster::seeds },
    Target { name: "snapshot", run: targets::snapshot::run, seeds: targets::snapshot::seeds },
    Target { name: "wire", run: targets::wire::run, seeds: targets::wire::seeds },
];

/// Returns the target of that name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
