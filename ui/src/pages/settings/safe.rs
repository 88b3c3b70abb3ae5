//! The spare key, one's devices, and the relay they meet at.

use leptos::prelude::*;
use trellis_api_types::devices::DevicesGet;
use trellis_api_types::sync::{RelayGet, SyncLine, SyncState};
use trellis_api_types::today::TodayGet;

use crate::components::{Icon, RowWords, link_row};
use crate::fmt;
use crate::i18n::t;
use crate::state::{load, state};

/// 24 words and devices.
#[component]
pub fn Safe() -> impl IntoView {
    let today = load(|| TodayGet {});
    let devices = load(|| DevicesGet {});
    let pending =
        move || today.with(|today| today.as_ref().and_then(|t| t.as_ref().ok().map(|t| t.phrase_pending)));
    let count = move || {
        devices.with(|devices| match devices {
            Some(Ok(all)) => all.iter().filter(|device| !device.signed_out).count(),
            _ => 0,
        })
    };
    let phrase = move || {
        let value = match pending() {
            Some(true) => t::settings::phrase_pending(),
            Some(false) => t::settings::phrase_done(),
            None => "",
        };
        RowWords::new(Icon::KEY, t::settings::phrase()).sub(t::settings::phrase_sub()).value(value)
    };
    let value = move || match count() {
        0 => String::new(),
        1 => t::settings::device_one().to_owned(),
        n => n.to_string(),
    };
    view! {
        <section class="block">
            <div class="head"><h2>{t::settings::safe()}</h2></div>
            <div class="list">
                {move || link_row("phrase", "/settings/phrase", phrase())}
                {move || link_row("devices", "/settings/devices", RowWords::new(Icon::DEVICES, t::settings::devices()).value(value()))}
            </div>
        </section>
    }
}

/// The relay and how it stands.
#[component]
pub fn Exchange() -> impl IntoView {
    let sync = state().sync;
    let relay = load(|| RelayGet {});
    let host = move || {
        relay.with(|relay| match relay {
            Some(Ok(relay)) => host(&relay.address),
            _ => String::new(),
        })
    };
    let words = move || {
        let line = sync.get();
        let (mark, value) = line.as_ref().map_or((Icon::CLOUD_SLASH, ""), standing);
        let chosen = line.as_ref().is_some_and(|line| line.relay);
        let sub =
            if chosen { with_time(host(), line.as_ref()) } else { t::settings::relay_none().to_owned() };
        RowWords::new(mark, t::settings::relay()).sub(sub).value(value)
    };
    view! {
        <section class="block">
            <div class="head"><h2>{t::settings::exchange()}</h2></div>
            <div class="list">{move || link_row("relay", "/settings/relay", words())}</div>
        </section>
    }
}

fn with_time(host: String, line: Option<&SyncLine>) -> String {
    match line.and_then(|line| line.exchanged_at) {
        Some(at) => format!("{host}, {}", fmt::ago(at)),
        None => host,
    }
}

fn standing(line: &SyncLine) -> (Icon, &'static str) {
    match line.state {
        SyncState::Off => (Icon::CLOUD_SLASH, t::settings::state_off()),
        SyncState::Idle => (Icon::CLOUD_CHECK, t::settings::state_idle()),
        SyncState::Busy => (Icon::ARROWS_CLOCKWISE, t::settings::state_busy()),
        SyncState::Offline => (Icon::WIFI_SLASH, t::settings::state_offline()),
        SyncState::Failed { .. } => (Icon::WARNING_CIRCLE, t::settings::state_failed()),
    }
}

/// The address without its scheme.
fn host(address: &str) -> String {
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    address.trim_end_matches('/').to_owned()
}
