//! The country whose lines are shown: known before anything is opened, and also where nothing can be.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::app::CountryChoose;

use super::{State, put};
use crate::ipc;

/// Country of the window's language, until the shell says which one was chosen.
pub(super) fn of_window() -> Option<String> {
    window().navigator().language().and_then(|name| trellis_lines::region(&name))
}

impl State {
    /// Chooses the country. Its lines are shown at once, also where the choice cannot be kept.
    pub fn choose_country(self, country: &str) {
        let country = country.to_owned();
        put(self.country, Some(country.clone()));
        spawn_local(async move {
            if let Err(problem) = ipc::call(CountryChoose { country }).await {
                self.fail(problem);
            }
        });
    }
}
