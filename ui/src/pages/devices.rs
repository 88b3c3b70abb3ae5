//! One's own devices: names, when last seen, signing out.

mod rename;
mod sign_out;

use leptos::prelude::*;
use trellis_api_types::devices::{Device, DevicesGet};

use crate::components::{Icon, Page, TopBar, icon, shown};
use crate::fmt;
use crate::i18n::t;
use crate::state::load;

/// The page.
#[component]
pub fn Devices() -> impl IntoView {
    let devices = load(|| DevicesGet {});
    view! {
        <Page title=t::devices::title().to_owned() narrow=true>
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
fn All(devices: Vec<Device>) -> impl IntoView {
    let renaming = RwSignal::new(false);
    let leaving = RwSignal::new(None::<Device>);
    let sheet = RwSignal::new(false);
    let leave = Callback::new(move |device| {
        leaving.set(Some(device));
        sheet.set(true);
    });
    let name =
        devices.iter().find(|device| device.this).map(|device| device.name.clone()).unwrap_or_default();
    let rows = devices.into_iter().map(|device| view! { <One device renaming leave /> });
    view! {
        <section class="block" aria-label=t::devices::yours()>
            <ul class="list">{rows.collect_view()}</ul>
            <p class="hint note">{t::devices::note()}</p>
        </section>
        <section class="block">
            <a id="add-device" class="btn main large wide" href="/settings/add-device">{icon(Icon::PLUS)}{t::devices::add()}</a>
        </section>
        <rename::Rename open=renaming name />
        <sign_out::SignOut leaving open=sheet />
    }
}

#[component]
fn One(device: Device, renaming: RwSignal<bool>, leave: Callback<Device>) -> impl IntoView {
    let sub = sub_line(&device);
    let hue = if device.signed_out {
        "mark lit"
    } else if device.this {
        "mark"
    } else {
        "mark dusk"
    };
    let name = device.name.clone();
    view! {
        <li class="row">
            <span class=hue>{icon(Icon::DEVICES)}</span>
            <span class="body"><span class="name">{name}</span><span class="sub">{sub}</span></span>
            <Action device renaming leave />
        </li>
    }
}

/// Rename this one, sign out another; one that is out needs nothing more.
#[component]
fn Action(device: Device, renaming: RwSignal<bool>, leave: Callback<Device>) -> impl IntoView {
    if device.this {
        let rename = move |_| renaming.set(true);
        return view! { <button id="rename" class="btn plain edge" type="button" on:click=rename>{t::devices::rename()}</button> }
            .into_any();
    }
    if device.signed_out {
        return view! { <span class="tag lit">{t::devices::signed_out()}</span> }.into_any();
    }
    let label = t::devices::sign_out_named(&device.name);
    let id = format!("sign-out-{}", device.id);
    let click = move |_| leave.run(device.clone());
    view! {
        <button class="btn plain edge" type="button" id=id aria-label=label on:click=click>
            {t::devices::sign_out()}
        </button>
    }
    .into_any()
}

fn sub_line(device: &Device) -> String {
    if device.this {
        return t::devices::this().to_owned();
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
