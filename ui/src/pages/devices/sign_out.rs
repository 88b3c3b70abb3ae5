//! Signing another device out: what it does, then the lock again.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::ApiError;
use trellis_api_types::devices::{Device, DeviceSignOut};

use crate::components::{FormProblem, ProofField, Sheet, problem_words, proof_of};
use crate::i18n::t;
use crate::ipc;
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
    let proof = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<ApiError>);
    let wrong =
        move || problem.get().filter(|problem| problem.code == "wrong-passphrase").map(|p| problem_words(&p));
    let other = move || problem.get().filter(|problem| problem.code != "wrong-passphrase");
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (id, name) = (device.id.clone(), device.name.clone());
        spawn_local(async move {
            match ipc::call(DeviceSignOut { id, proof: proof_of(state, proof) }).await {
                Ok(()) => {
                    open.try_set(false);
                    state.data_changed();
                    state.say(&t::devices::out_done(name), None);
                }
                Err(refused) => drop(problem.try_set(Some(refused))),
            }
        });
    };
    use t::devices as d;
    let effects = [d::sign_out_1(), d::sign_out_2(), d::sign_out_3(), d::sign_out_4()];
    view! {
        <ul class="dots">{effects.map(|words| view! { <li>{words}</li> }).into_iter().collect_view()}</ul>
        <form class="asks-close" novalidate on:submit=submit>
            <ProofField value=proof error=Signal::derive(wrong) />
            <FormProblem problem=Signal::derive(other) />
            <div class="acts even">
                <button id="sign-out" class="btn stop" type="submit">{t::devices::sign_out()}</button>
                <button class="btn" type="button" on:click=move |_| open.set(false)>{t::common::cancel()}</button>
            </div>
        </form>
    }
}
