//! With an invitation: it waits until there is a name and a lock, then it opens.

use leptos::prelude::*;

use super::frame::{Frame, Place};
use super::{Form, Step};
use crate::components::Area;
use crate::i18n::t;

#[component]
pub fn InvitedStep(form: Form) -> impl IntoView {
    let tried = RwSignal::new(false);
    let empty = move || form.invitation.with(|typed| typed.trim().is_empty());
    let error = Memo::new(move |_| (tried.get() && empty()).then(|| t::start::invite_missing().to_owned()));
    let on_submit = move |()| {
        tried.set(true);
        if !untrack(empty) {
            form.go(Step::You);
        }
    };
    let without = move |_| {
        form.invitation.set(String::new());
        form.go(Step::Language);
    };
    view! {
        <Frame place=Place(1, 3) title=t::start::invite_title() lead=t::start::invite_lead() on_submit>
            <Area id="invitation" label=t::start::code() hint=t::start::code_hint() value=form.invitation rows=3 error />
            <div class="ob-acts">
                <button id="next" class="btn main large wide" type="submit">{t::start::next()}</button>
                <button id="back" class="btn plain wide" type="button" on:click=without>{t::start::back()}</button>
            </div>
        </Frame>
    }
}
