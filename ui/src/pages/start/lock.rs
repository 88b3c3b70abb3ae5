//! Third screen: the lock.

use leptos::prelude::*;

use super::frame::{Frame, Place};
use super::{Form, Step};
use crate::components::{FormProblem, Icon, NewLockFields, icon};
use crate::i18n::t;

#[component]
pub fn LockStep(form: Form) -> impl IntoView {
    let lead = if form.lock.keychain { t::start::lock_lead() } else { t::start::lock_lead_only() };
    let words = move || if form.busy.get() { t::start::opening() } else { t::start::open() };
    view! {
        <Frame place=Place(3, 3) title=t::start::lock_title() lead on_submit=move |()| form.start()>
            <NewLockFields lock=form.lock ask=true />
            <p class="sync">{icon(Icon::INFO)}<span>{t::start::no_key()}</span></p>
            <Trouble form />
            <div class="ob-acts">
                <button id="open" class="btn main large wide" type="submit" aria-disabled=move || form.busy.get().then_some("true")>
                    {words}
                </button>
                <button id="back" class="btn plain wide" type="button" on:click=move |_| form.go(Step::You)>{t::start::back()}</button>
            </div>
        </Frame>
    }
}

/// What went wrong when starting or joining.
#[component]
pub fn Trouble(form: Form) -> impl IntoView {
    view! { <FormProblem problem=form.problem /> }
}
