//! Places where a test pulls the plug: between any two steps of saving, sealing, sending and acknowledging.

use crate::error::Result;

/// Outside tests nothing happens here.
#[cfg(not(test))]
#[inline(always)]
pub fn point() -> Result<()> {
    Ok(())
}

#[cfg(test)]
thread_local! {
    static LEFT: std::cell::Cell<Option<u32>> = const { std::cell::Cell::new(None) };
    static PANICS: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Whether a point panics rather than fails.
#[cfg(test)]
pub fn panics(on: bool) {
    PANICS.with(|panics| panics.set(on));
}

/// Fails once `steps` points were passed.
#[cfg(test)]
pub fn arm(steps: Option<u32>) {
    LEFT.with(|left| left.set(steps));
}

/// Fails if the plug is to be pulled here.
#[cfg(test)]
pub fn point() -> Result<()> {
    LEFT.with(|left| match left.get() {
        Some(0) if PANICS.with(std::cell::Cell::get) => panic!("by the test"),
        Some(0) => Err(crate::error::Error::new("database-io", "by the test")),
        Some(steps) => {
            left.set(Some(steps - 1));
            Ok(())
        }
        None => Ok(()),
    })
}
