//! Answers may overtake each other on their way from the shell: only the one to the last question is kept.

use leptos::prelude::*;

/// Counts the questions that one place asks.
#[derive(Clone, Copy)]
pub struct Turn(StoredValue<u32>);

impl Turn {
    /// Before the first question.
    pub fn new() -> Self {
        Self(StoredValue::new(0))
    }

    /// A question is asked now; the answer tells whether it is still the last one, in a place that is still there.
    pub fn next(self) -> impl Fn() -> bool {
        self.0.update_value(|n| *n += 1);
        let mine = self.0.get_value();
        move || self.0.try_get_value() == Some(mine)
    }
}
