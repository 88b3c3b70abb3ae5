//! Before the code: what will happen, and the lock again.

use leptos::{ev::SubmitEvent, prelude::*};
use trellis_api_types::devices::PairingOfferStart;

use super::Pairing;
use crate::components::{Banner, Icon, ProofField, SaveButton, StepHeading, icon, proof};
use crate::i18n::t;

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
    let proof = proof();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        proof.ask(
            |proof| PairingOfferStart { proof },
            // The other device may have asked already: what stands now is asked for.
            move |_| pairing.ask(),
        );
    };
    view! {
        <form class="panel asks-close" novalidate on:submit=submit>
            <p class="sync">{icon(Icon::DEVICES)}<span>{t::devices::add_need()}</span></p>
            <p class="sync">{icon(Icon::EYE_SLASH)}<span>{t::devices::warning()}</span></p>
            <ProofField proof />
            <p class="hint" role="status">{move || proof.busy.get().then(t::devices::add_starting)}</p>
            <SaveButton id="show-code" words=t::devices::add_start() busy=proof.busy />
        </form>
    }
}
