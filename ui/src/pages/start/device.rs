//! Joining: this device's name and lock.

use leptos::prelude::*;
use trellis_api_types::limits::NAME;

use super::frame::{Frame, Place};
use super::lock::Trouble;
use super::{Form, Step};
use crate::components::{Field, NewLockFields};
use crate::i18n::t;

#[component]
pub fn DeviceStep(form: Form) -> impl IntoView {
    let words = move || if form.busy.get() { t::start::joining() } else { t::start::join() };
    view! {
        <Frame place=Place(2, 3) title=t::start::device_title() lead=t::start::device_lead() on_submit=move |()| form.join()>
            <Field id="device-name" label=t::start::device() hint=t::start::device_hint() value=form.device max=NAME />
            <NewLockFields lock=form.lock ask=true />
            <Trouble form />
            <div class="ob-acts">
                <button id="join" class="btn main large wide" type="submit" aria-disabled=move || form.busy.get().then_some("true")>
                    {words}
                </button>
                <button id="back" class="btn plain wide" type="button" on:click=move |_| form.go(Step::Code)>{t::start::back()}</button>
            </div>
        </Frame>
    }
}
