//! Starting fresh on a device that another one signed out: all that it holds is erased first.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::app::AppErase;

use super::{Field, FormProblem, Sheet};
use crate::i18n::t;
use crate::{ipc, state::state};

/// A quiet button, and the sheet where a word has to be typed first.
#[component]
pub fn StartFresh() -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <button id="start-fresh" class="btn plain wide" type="button" on:click=move |_| open.set(true)>
            {t::broken::fresh()}
        </button>
        <Sheet open title=t::broken::fresh_title().to_owned()>
            <Erase />
        </Sheet>
    }
}

#[component]
fn Erase() -> impl IntoView {
    let state = state();
    let typed = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if typed.get_untracked().trim().to_lowercase() != t::broken::fresh_word() {
            return error.set(Some(t::broken::fresh_type(t::broken::fresh_word())));
        }
        spawn_local(async move {
            match ipc::call(AppErase {}).await {
                Ok(()) => state.reload_status(),
                Err(refused) => drop(problem.try_set(Some(refused))),
            }
        });
    };
    view! {
        <p>{t::broken::fresh_lead()}</p>
        <form class="asks-close" novalidate on:submit=submit>
            <p class="second">{t::broken::fresh_type(t::broken::fresh_word())}</p>
            <Field id="erase-word" label=t::broken::fresh_label() value=typed max=20 error />
            <FormProblem problem />
            <button id="erase" class="btn stop large wide" type="submit">{t::broken::fresh_do()}</button>
        </form>
    }
}
