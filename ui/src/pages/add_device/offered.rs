//! The code in three forms: picture, link, words. It works for ten minutes, one time.

use leptos::prelude::*;
use trellis_api_types::devices::PairingOffer;

use super::Pairing;
use crate::components::{CopyLink, Icon, Show, StepHeading, WordList, icon, minutes_seconds, seconds_left};
use crate::i18n::t;

#[component]
pub fn Offered(pairing: Pairing, offer: PairingOffer) -> impl IntoView {
    let expires_at = offer.expires_at;
    let left = seconds_left(Signal::derive(move || Some(expires_at)));
    let works = Memo::new(move |_| left.get() > 0);
    let offer = StoredValue::new(offer);
    view! {
        <StepHeading title=t::devices::add_title() lead=t::devices::add_scan() />
        <Show when=move || works.get() fallback=move || view! { <Expired pairing /> }>
            <Code pairing offer left />
        </Show>
        <p class="sync note">{icon(Icon::EYE_SLASH)}<span>{t::devices::warning()}</span></p>
    }
}

#[component]
fn Expired(pairing: Pairing) -> impl IntoView {
    view! {
        <div class="panel" role="alert">
            <p>{t::devices::expired()}</p>
            <button id="new-code" class="btn main" type="button" on:click=move |_| pairing.begin_anew()>{t::devices::new_code()}</button>
        </div>
    }
}

#[component]
fn Code(pairing: Pairing, offer: StoredValue<PairingOffer>, left: Signal<u32>) -> impl IntoView {
    let offer = offer.get_value();
    view! {
        <div class="panel pair">
            <div class="plate" role="img" aria-label=t::devices::qr() inner_html=offer.qr_svg></div>
            <div class="pw">
                <p class="left">
                    {icon(Icon::CLOCK_COUNTDOWN)}
                    <span>
                        {t::devices::left_before()}" "
                        <strong class="tnum">{move || minutes_seconds(left.get())}</strong>
                        {t::devices::left_after()}
                    </span>
                </p>
                <h2 class="h-s">{t::devices::or_words()}</h2>
                <WordList label=t::devices::or_words() words=offer.words />
                <p class="relay-line"><span class="hint">{t::devices::relay()}</span><span class="address" translate="no">{offer.relay}</span></p>
                <div class="acts">
                    <CopyLink link=offer.link copied=t::devices::copied() />
                    <button id="new-code" class="btn plain" type="button" on:click=move |_| pairing.begin_anew()>{t::devices::new_code()}</button>
                </div>
            </div>
        </div>
    }
}
