//! Second screen: what to be called, a day the recovery began, the pathway. All of it can stay empty.

use leptos::prelude::*;
use trellis_api_types::limits::NAME;
use trellis_api_types::settings::Pathway;

use super::frame::{Frame, Place};
use super::{Form, Step};
use crate::components::{DayField, Field, PathwayField, Show};
use crate::i18n::t;

#[component]
pub fn YouStep(form: Form) -> impl IntoView {
    let on_submit = move |()| {
        if untrack(|| form.recovery_start()).is_ok() {
            form.go(Step::Lock);
        }
    };
    let skip = move |_| {
        form.name.set(String::new());
        form.began.clear();
        form.pathway.set(Pathway::Own);
        form.go(Step::Lock);
    };
    view! {
        <Frame place=Place(2, 3) title=t::start::name_title() lead=t::start::name_lead() on_submit>
            <Field id="name" label=t::start::name() value=form.name max=NAME />
            <Show when=move || form.counts()>
                <DayField id="began" label=t::start::began() hint=t::start::began_hint() value=form.began />
            </Show>
            <PathwayField value=form.pathway hint=t::start::pathway_hint() />
            <div class="ob-acts">
                <button id="next" class="btn main large wide" type="submit">{t::start::next()}</button>
                <div class="ob-pair">
                    <button id="back" class="btn plain" type="button" on:click=move |_| form.go(Step::Language)>{t::start::back()}</button>
                    <button id="skip" class="btn plain" type="button" on:click=skip>{t::start::skip()}</button>
                </div>
            </div>
        </Frame>
    }
}
