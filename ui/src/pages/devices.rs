//! One's own devices: names, when last seen, signing out.

mod rename;
mod sign_out;

use leptos::prelude::*;
use trellis_api_types::devices::{Device, DevicesGet};

use crate::components::{Icon, Page, StartFresh, TopBar, icon, part, rows, shown};
use crate::fmt;
use crate::i18n::t;
use crate::state::load;

/// The page.
#[component]
pub fn Devices() -> impl IntoView {
    let devices = load(|| DevicesGet {});
    view! {
        <Page title=t::devices::title().to_owned()>
            <TopBar back="/settings" bare=true />
            <div class="title">
                <h1>{t::devices::title()}</h1>
                <p>{t::devices::lead()}</p>
            </div>
            {shown(devices, |devices| view! { <All devices /> })}
        </Page>
    }
}

#[component]
fn All(devices: Signal<Vec<Device>>) -> impl IntoView {
    let renaming = RwSignal::new(false);
    let leaving = RwSignal::new(None::<Device>);
    let sheet = RwSignal::new(false);
    let leave = Callback::new(move |device| {
        leaving.set(Some(device));
        sheet.set(true);
    });
    let own =
        |devices: &Vec<Device>| devices.iter().find(|device| device.this).map(|device| device.name.clone());
    let name = part(devices, move |devices| own(devices).unwrap_or_default());
    let one = move |device| row(device, renaming, leave);
    let out = part(devices, |devices| devices.iter().any(|device| device.this && device.signed_out));
    view! {
        <div class="cols">
            <section class="block" aria-label=t::devices::yours()>
                <ul class="list">{rows(devices, |device| device.id.clone(), one)}</ul>
            </section>
            <section class="block">
                {move || if out.get() { view! { <StartFresh /> }.into_any() } else { add_link().into_any() }}
                <p class="hint note">{t::devices::note()}</p>
            </section>
        </div>
        <rename::Rename open=renaming name />
        <sign_out::SignOut leaving open=sheet />
    }
}

fn add_link() -> impl IntoView {
    view! { <a id="add-device" class="btn main large wide" href="/settings/add-device">{icon(Icon::PLUS)}{t::devices::add()}</a> }
}

fn row(device: Signal<Device>, renaming: RwSignal<bool>, leave: Callback<Device>) -> impl IntoView {
    view! {
        <li class="row">
            <span class=move || device.with(hue)>{icon(Icon::DEVICES)}</span>
            <span class="body"><span class="name">{part(device, |device| device.name.clone())}</span><span class="sub">{move || device.with(sub_line)}</span></span>
            {action(device, renaming, leave)}
        </li>
    }
}

fn hue(device: &Device) -> &'static str {
    match (device.signed_out, device.this) {
        (true, _) => "mark lit",
        (false, true) => "mark",
        (false, false) => "mark dusk",
    }
}

/// Rename this one, sign out another; one that is out needs nothing more.
fn action(device: Signal<Device>, renaming: RwSignal<bool>, leave: Callback<Device>) -> impl IntoView {
    let stands = part(device, |device| (device.this, device.signed_out));
    move || {
        match stands.get() {
        (true, _) => view! {
            <button id="rename" class="btn plain edge" type="button" on:click=move |_| renaming.set(true)>{t::devices::rename()}</button>
        }
        .into_any(),
        (false, true) => view! { <span class="tag lit">{t::devices::signed_out()}</span> }.into_any(),
        (false, false) => sign_out_button(device, leave).into_any(),
    }
    }
}

fn sign_out_button(device: Signal<Device>, leave: Callback<Device>) -> impl IntoView {
    let id = device.with_untracked(|device| format!("sign-out-{}", device.id));
    let label = move || device.with(|device| t::devices::sign_out_named(&device.name));
    view! {
        <button class="btn plain edge" type="button" id=id aria-label=label on:click=move |_| leave.run(device.get_untracked())>
            {t::devices::sign_out()}
        </button>
    }
}

fn sub_line(device: &Device) -> String {
    if device.this {
        return if device.signed_out { t::devices::this_out() } else { t::devices::this() }.to_owned();
    }
    let seen = device
        .seen_at
        .map_or_else(|| t::devices::seen_never().to_owned(), |at| t::devices::seen(fmt::ago(at)));
    let what = match (device.signed_out, device.up_to_date) {
        (true, _) => return seen,
        (false, true) => t::devices::has_all(),
        (false, false) => t::devices::lags(),
    };
    format!("{seen} {what}")
}
