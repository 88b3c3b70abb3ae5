//! The country whose lines are shown: known before anything is opened, and also where nothing can be.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::app::CountryChoose;

use super::{State, put};
use crate::{ipc, region};

/// Country of the window's language, until the shell says which one was chosen.
pub(super) fn of_window() -> Option<String> {
    let country = window().navigator().language().and_then(|name| trellis_lines::region(&name));
    region::set(country.as_deref());
    country
}

impl State {
    /// Its lines are shown at once; dates and times that are drawn from now on go by its customs.
    pub(super) fn in_country(self, country: Option<String>) {
        region::set(country.as_deref());
        put(self.country, country);
    }

    /// Chooses the country. Its lines are shown at once, also where the choice cannot be kept.
    pub fn choose_country(self, country: &str) {
        let country = country.to_owned();
        self.in_country(Some(country.clone()));
        spawn_local(async move {
            if let Err(problem) = ipc::call(CountryChoose { country }).await {
                self.fail(problem);
            }
        });
    }
}
