//! Every version that was signed, with its sentences and a page to print.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::Id;
use trellis_api_types::plan::Goal;
use trellis_api_types::sharing::{ConsentPdf, ConsentVersion, FileMade};
use trellis_api_types::{ApiError, Command};

use super::sentence::{Reader, day_words, drawn, sentences};
use super::stands::in_force;
use crate::components::{Icon, Show, icon, part, rows};
use crate::i18n::t;
use crate::ipc;
use crate::state::{State, state};

/// The list of one's own versions, newest first.
#[component]
pub fn Versions(
    space: Id,
    reader: Signal<Reader>,
    versions: Signal<Vec<ConsentVersion>>,
    goals: Signal<Vec<Goal>>,
) -> impl IntoView {
    let none = || view! { <p class="second ask">{t::sharing::versions_none()}</p> };
    let space = StoredValue::new(space);
    let newest = part(versions, |versions| versions.first().map(|version| version.id.clone()));
    let one = move |version: Signal<ConsentVersion>| {
        let id = version.with_untracked(|version| version.id.clone());
        let state = state();
        let letters = RwSignal::new(None);
        let save = Callback::new(move |anyway| {
            save_file(state, ConsentPdf { space: space.get_value(), id: id.clone(), anyway }, letters);
        });
        view! {
            {folded(version, newest, reader, goals)}
            <button class="btn plain" type="button" on:click=move |_| save.run(false)>{icon(Icon::PRINTER)}{t::sharing::pdf()}</button>
            {letters_missing(letters, save)}
        }
    };
    view! {
        <section class="block versions" aria-labelledby="versions">
            <div class="head"><h2 id="versions">{t::sharing::versions()}</h2></div>
            <Show when=move || !versions.with(Vec::is_empty) fallback=none>
                <ul class="list">{rows(versions, |version| version.id.clone(), move |version| view! { <li>{one(version)}</li> })}</ul>
            </Show>
        </section>
    }
}

/// When it was signed and whether it holds; opens to what it says.
pub fn folded(
    version: Signal<ConsentVersion>,
    newest: Signal<Option<Id>>,
    reader: Signal<Reader>,
    goals: Signal<Vec<Goal>>,
) -> impl IntoView {
    let when = move || t::sharing::signed(version.with(|version| day_words(version.signed)));
    let stands = part(version, in_force);
    let only_here = part(version, |version| version.only_here);
    let says = move || version.with(|version| goals.with(|goals| said(version, &reader.get(), goals)));
    view! {
        <details>
            <summary>
                <span>{when}</span>
                <span class="tag" class:leaf=stands>{move || version.with(|version| standing(version, newest.get().as_ref()))}</span>
                <Show when=only_here><span class="tag lit">{t::sharing::only_here()}</span></Show>
            </summary>
            {says}
        </details>
    }
}

fn standing(version: &ConsentVersion, newest: Option<&Id>) -> &'static str {
    match version.stands {
        true if in_force(version) => t::sharing::stands(),
        true => t::sharing::stopped(),
        false if newest == Some(&version.id) => t::sharing::over(),
        false => t::sharing::replaced(),
    }
}

/// What a version says.
pub fn said(version: &ConsentVersion, reader: &Reader, goals: &[Goal]) -> AnyView {
    let Some(terms) = &version.terms else {
        return view! { <p class="second">{t::sharing::newer()}</p> }.into_any();
    };
    let earlier =
        (terms.from < version.signed).then(|| view! { <p class="hint">{t::sharing::earlier()}</p> });
    let asks =
        if matches!(reader, Reader::Me(_)) { t::sharing::retracted_me() } else { t::sharing::retracted() };
    let retracts = version.retracts.then(|| view! { <p class="hint">{asks}</p> });
    view! {
        <p class="says">{drawn(sentences(terms, reader, goals))}</p>
        {earlier}
        {retracts}
    }
    .into_any()
}

/// Has a file made and says where it is. Letters that cannot be printed go to `letters`; nothing is saved then.
pub fn save_file<C: Command<Out = FileMade> + 'static>(
    state: State,
    command: C,
    letters: RwSignal<Option<String>>,
) {
    letters.set(None);
    spawn_local(async move {
        let made: Result<FileMade, ApiError> = ipc::call(command).await;
        match made {
            Ok(file) => state.say(&t::sharing::saved_in(file.path), None),
            Err(problem) if problem.code == "letters-missing" => drop(letters.try_set(Some(problem.detail))),
            Err(problem) => state.fail(problem),
        }
    });
}

/// Which letters cannot be printed, before the paper is saved all the same.
pub fn letters_missing(letters: RwSignal<Option<String>>, save: Callback<bool>) -> impl IntoView {
    let said = move |letters: String| {
        view! {
            <p class="error">{icon(Icon::WARNING_CIRCLE)}<span>{t::sharing::letters_missing(letters)}</span></p>
            <button class="btn" type="button" on:click=move |_| save.run(true)>{t::sharing::letters_anyway()}</button>
        }
    };
    view! { <div role="alert">{move || letters.get().map(said)}</div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_cannot_be_printed_are_named_before_saving() {
        let owner = Owner::new();
        owner.set();
        let save = Callback::new(|_| ());
        let shown = |letters: Option<&str>| {
            letters_missing(RwSignal::new(letters.map(str::to_owned)), save).into_any().to_html()
        };
        assert!(
            shown(Some("李 🌱")).contains("李 🌱")
                && shown(Some("李")).contains(t::sharing::letters_anyway())
        );
        assert!(!shown(None).contains("<button"));
    }
}
