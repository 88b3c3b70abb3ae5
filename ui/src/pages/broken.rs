//! What is stored cannot be opened: why, what to do, and that nothing was touched.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::ApiError;
use trellis_api_types::app::{AppStatus, AppUnlock};
use trellis_lines::Place;

use crate::components::{DoorPage, FormProblem, Icon, Lines, Mark, SecretField, StartFresh, details, icon};
use crate::i18n::t;
use crate::ipc;
use crate::state::{State, state};

/// The page.
#[component]
pub fn Broken(
    /// Why.
    problem: ApiError,
) -> impl IntoView {
    let state = state();
    let still = RwSignal::new(false);
    let again = move |_| {
        still.set(false);
        spawn_local(async move {
            // Opening again forgets what was in the way the last time; how it goes is in the status.
            let _opened = ipc::call(AppUnlock { passphrase: None }).await;
            state.status.set(Some(ipc::call(AppStatus {}).await));
            // Only a page whose trouble is the same is still there.
            still.try_set(true);
        });
    };
    let (why, what_to_do) = words(&problem.code);
    let what_to_do = folder_words(state, &problem.code).unwrap_or_else(|| what_to_do.to_owned());
    let kept = is_kept(&problem.code).then(|| view! { <p class="second lead">{t::broken::kept()}</p> });
    let by_paper = problem.code == "signed-out";
    view! {
        <DoorPage title=t::broken::title().to_owned()>
            <section class="ob-step">
                <div class="wall ob-wall">
                    <div>
                        <Mark />
                        <h1>{t::broken::title()}</h1>
                        {kept}
                    </div>
                </div>
                <div class="ob-form">
                    <div role="alert">
                        <h2>{why}</h2>
                        <p class="second">{what_to_do}</p>
                    </div>
                    {by_paper.then(|| view! { <ByPaper /><StartFresh /> })}
                    {(!by_paper).then(|| view! {
                        <div class="ob-acts">
                            <button id="again" class="btn main large wide" type="button" on:click=again>
                                {icon(Icon::ARROWS_CLOCKWISE)}{t::common::try_again()}
                            </button>
                        </div>
                    })}
                    <p class="hint" role="status">{move || still.get().then(t::broken::still)}</p>
                    {details(&problem)}
                    <Lines place=Place::Door />
                </div>
            </section>
        </DoorPage>
    }
}

/// Opens with the words of the paper what nothing else opens any more.
#[component]
fn ByPaper() -> impl IntoView {
    let state = state();
    let words = RwSignal::new(String::new());
    let problem = RwSignal::new(None);
    let open = move |event: SubmitEvent| {
        event.prevent_default();
        spawn_local(async move {
            match ipc::call(AppUnlock { passphrase: Some(words.get_untracked()) }).await {
                Ok(()) => state.reload_status(),
                Err(refused) => problem.set(Some(refused)),
            }
        });
    };
    view! {
        <form class="asks-close" on:submit=open>
            <SecretField
                id="paper-words"
                label=t::broken::words()
                value=words
                hint=Some(t::broken::words_hint().to_owned())
            />
            <FormProblem problem />
            <div class="ob-acts">
                <button class="btn main large wide" type="submit">{t::broken::open()}</button>
            </div>
        </form>
    }
}

/// What to do about a folder that cannot be used, which has to be named.
fn folder_words(state: State, code: &str) -> Option<String> {
    let folder = state.status.with_untracked(|status| status.as_ref()?.as_ref().ok()?.folder.clone())?;
    match code {
        "folder-open" => Some(t::broken::folder_open_do(folder)),
        "folder-unusable" => Some(t::broken::folder_do(folder)),
        _ => None,
    }
}

/// Whether it is known that what was written is still there.
fn is_kept(code: &str) -> bool {
    matches!(
        code,
        "database-newer" | "database-busy" | "key-missing" | "keychain-refused" | "signed-out" | "disk-full"
    )
}

/// Why, and what to do.
fn words(code: &str) -> (&'static str, &'static str) {
    use t::broken as b;
    match code {
        "database-newer" => (b::newer(), b::newer_do()),
        "database-damaged" | "database-refused" | "database-settings" | "lock-damaged"
        | "document-damaged" => (b::damaged(), b::damaged_do()),
        "database-missing" => (b::missing(), b::missing_do()),
        "wrong-key" => (b::foreign(), b::foreign_do()),
        "database-busy" => (b::in_use(), b::in_use_do()),
        "key-missing" => (b::key_missing(), b::key_missing_do()),
        "keychain-refused" => (b::keychain(), b::keychain_do()),
        "signed-out" => (b::signed_out(), b::signed_out_do()),
        "disk-full" => (b::full(), b::full_do()),
        "folder-unusable" => (b::folder(), b::other_do()),
        "folder-open" => (b::folder_open(), b::other_do()),
        _ => (b::other(), b::other_do()),
    }
}
