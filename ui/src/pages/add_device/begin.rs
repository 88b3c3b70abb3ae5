//! Before the code: what will happen, and the lock again.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::ApiError;
use trellis_api_types::devices::{PairingOfferStart, PairingState};

use super::Pairing;
use crate::components::{
    Banner, FormProblem, Icon, ProofField, SaveButton, StepHeading, icon, problem_words, proof_of,
};
use crate::i18n::t;
use crate::ipc;

#[component]
pub fn Begin(pairing: Pairing) -> impl IntoView {
    let relay =
        Memo::new(move |_| pairing.state.sync.with(|line| line.as_ref().is_some_and(|line| line.relay)));
    view! {
        <StepHeading title=t::devices::add_title() lead=t::devices::add_lead() />
        {move || if relay.get() { view! { <Ready pairing /> }.into_any() } else { no_relay().into_any() }}
    }
}

fn no_relay() -> impl IntoView {
    view! {
        <Banner
            mark=Icon::CLOUD_SLASH
            title=t::devices::no_relay_title()
            text=t::devices::no_relay()
            href="/settings/relay"
            action=t::devices::no_relay_do()
        />
    }
}

#[component]
fn Ready(pairing: Pairing) -> impl IntoView {
    let proof = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<ApiError>);
    let wrong =
        move || problem.get().filter(|problem| problem.code == "wrong-passphrase").map(|p| problem_words(&p));
    let other = move || problem.get().filter(|problem| problem.code != "wrong-passphrase");
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            match ipc::call(PairingOfferStart { proof: proof_of(pairing.state, proof) }).await {
                Ok(offer) => drop(pairing.stands.try_set(Some(PairingState::Offered(offer)))),
                Err(refused) => drop(problem.try_set(Some(refused))),
            }
            busy.try_set(false);
        });
    };
    view! {
        <form class="panel asks-close" novalidate on:submit=submit>
            <p class="sync">{icon(Icon::DEVICES)}<span>{t::devices::add_need()}</span></p>
            <p class="sync">{icon(Icon::EYE_SLASH)}<span>{t::devices::warning()}</span></p>
            <ProofField value=proof error=Signal::derive(wrong) />
            <FormProblem problem=Signal::derive(other) />
            <p class="hint" role="status">{move || busy.get().then(t::devices::add_starting)}</p>
            <SaveButton id="show-code" words=t::devices::add_start() busy />
        </form>
    }
}
