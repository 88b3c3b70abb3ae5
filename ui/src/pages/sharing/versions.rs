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
        let save = move |_| save_file(state, ConsentPdf { space: space.get_value(), id: id.clone() });
        view! {
            {folded(version, newest, reader, goals)}
            <button class="btn plain" type="button" on:click=save>{icon(Icon::PRINTER)}{t::sharing::pdf()}</button>
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

/// Has a file made and says where it is.
pub fn save_file<C: Command<Out = FileMade> + 'static>(state: State, command: C) {
    spawn_local(async move {
        let made: Result<FileMade, ApiError> = ipc::call(command).await;
        match made {
            Ok(file) => state.say(&t::sharing::saved_in(file.path), None),
            Err(problem) => state.fail(problem),
        }
    });
}
