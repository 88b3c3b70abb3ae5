//! Signing another device out: what it does, then the lock again.

use leptos::{ev::SubmitEvent, prelude::*};
use trellis_api_types::devices::{Device, DeviceSignOut};

use crate::components::{ProofField, Sheet, proof};
use crate::i18n::t;
use crate::state::state;

/// The sheet for the device in `leaving`.
#[component]
pub fn SignOut(leaving: RwSignal<Option<Device>>, open: RwSignal<bool>) -> impl IntoView {
    let title = Signal::derive(move || {
        leaving.with(|device| {
            device.as_ref().map(|device| t::devices::sign_out_title(&device.name)).unwrap_or_default()
        })
    });
    view! {
        <Sheet open title>
            {move || leaving.get().map(|device| view! { <Form device open /> })}
        </Sheet>
    }
}

#[component]
fn Form(device: Device, open: RwSignal<bool>) -> impl IntoView {
    let state = state();
    let proof = proof();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (id, name) = (device.id.clone(), device.name.clone());
        let out = move |()| {
            open.try_set(false);
            state.data_changed();
            state.say(&t::devices::out_done(name), None);
        };
        proof.ask(|proof| DeviceSignOut { id, proof }, out);
    };
    use t::devices as d;
    let effects = [d::sign_out_1(), d::sign_out_2(), d::sign_out_3(), d::sign_out_4()];
    view! {
        <ul class="dots">{effects.map(|words| view! { <li>{words}</li> }).into_iter().collect_view()}</ul>
        <form class="asks-close" novalidate on:submit=submit>
            <ProofField proof />
            <div class="acts even">
                <button id="sign-out" class="btn stop" type="submit">{t::devices::sign_out()}</button>
                <button class="btn" type="button" on:click=move |_| open.set(false)>{t::common::cancel()}</button>
            </div>
        </form>
    }
}
