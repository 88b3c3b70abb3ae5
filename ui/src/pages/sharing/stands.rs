//! What holds now, seen from what is chosen in the form.

use leptos::prelude::*;
use trellis_api_types::plan::Goal;
use trellis_api_types::sharing::{ConsentTerms, ConsentVersion, Sharing};

use super::form::{Form, nothing};
use super::sentence::{Reader, day_words, drawn, sentences};
use crate::i18n::t;

/// How the form and what was signed stand to each other.
#[derive(Clone, Debug, PartialEq)]
pub enum Stands {
    /// Nothing was signed, and nothing is chosen.
    Nothing,
    /// This version is in force, and nothing that differs from it is chosen.
    Holds(ConsentVersion),
    /// Sharing was stopped by this version, and nothing is chosen.
    Stopped(ConsentVersion),
    /// Something that is not signed is chosen.
    Chosen,
    /// Two devices signed without knowing of each other: only what all allow is shared.
    Several,
}

impl Stands {
    /// As it is now.
    pub fn of(sharing: &Sharing, form: Form) -> Self {
        let standing: Vec<_> = sharing.versions.iter().filter(|version| version.stands).collect();
        match standing.as_slice() {
            [] if nothing(&form.terms()) => Self::Nothing,
            [] => Self::Chosen,
            [one] => Self::of_one(one, form),
            _ => Self::Several,
        }
    }

    fn of_one(version: &ConsentVersion, form: Form) -> Self {
        match &version.terms {
            Some(terms) if form.changes(terms) => Self::Chosen,
            Some(terms) if nothing(terms) => Self::Stopped(version.clone()),
            Some(_) => Self::Holds(version.clone()),
            None => Self::Chosen,
        }
    }

    /// Whether there is something to sign.
    pub fn to_sign(&self) -> bool {
        !matches!(self, Self::Holds(_) | Self::Stopped(_))
    }

    fn words(&self) -> String {
        match self {
            Self::Nothing => t::sharing::nothing_yet().to_owned(),
            Self::Holds(version) => t::sharing::in_force(day_words(version.signed)),
            Self::Stopped(version) => t::sharing::stopped_on(day_words(version.signed)),
            Self::Chosen => t::sharing::not_signed().to_owned(),
            Self::Several => t::sharing::several().to_owned(),
        }
    }

    fn terms(self, form: Form) -> ConsentTerms {
        match self {
            Self::Holds(ConsentVersion { terms: Some(terms), .. }) => terms,
            _ => form.terms(),
        }
    }
}

/// Whether a version lets anything be seen now; one that cannot be read here may.
pub fn in_force(version: &ConsentVersion) -> bool {
    version.stands && !version.terms.as_ref().is_some_and(nothing)
}

/// What holds, or what would be signed: first and large, and which of the two it is.
#[component]
pub fn PlainSentence(
    /// What is chosen.
    form: Form,
    /// What holds.
    stands: Memo<Stands>,
    /// Whom it is about.
    reader: Signal<Reader>,
    /// One's own goals, for their names.
    goals: Signal<Vec<Goal>>,
) -> impl IntoView {
    let says = move || goals.with(|goals| drawn(sentences(&stands.get().terms(form), &reader.get(), goals)));
    view! {
        <div class="plain-sentence" aria-live="polite">
            <p class="own plainly">{says}</p>
            <p class="hint">{move || stands.with(Stands::words)}</p>
        </div>
    }
}
