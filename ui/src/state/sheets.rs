//! Which sheets are open, so that Escape closes the top one before it hides the screen.

use leptos::prelude::*;

/// Open sheets, the top one last.
#[derive(Clone, Copy, Default)]
pub struct Sheets(RwSignal<Vec<RwSignal<bool>>>);

impl Sheets {
    /// A sheet opened.
    pub fn push(self, open: RwSignal<bool>) {
        self.0.update(|sheets| sheets.push(open));
    }

    /// A sheet closed or its screen was left.
    pub fn remove(self, open: RwSignal<bool>) {
        self.0.try_update(|sheets| sheets.retain(|sheet| *sheet != open));
    }

    /// Closes the top sheet; false if none is open.
    pub fn close_top(self) -> bool {
        match self.0.with_untracked(|sheets| sheets.last().copied()) {
            Some(open) => {
                open.set(false);
                true
            }
            None => false,
        }
    }
}
