//! What is only here, what was exchanged, when last, what failed and what to do.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::sync::{SyncLine, SyncNow, SyncState};

use crate::components::{Icon, code_words, icon};
use crate::i18n::t;
use crate::state::state;
use crate::{fmt, ipc};

/// The panel.
#[component]
pub fn Standing() -> impl IntoView {
    let sync = state().sync;
    view! {
        <section class="block" aria-labelledby="standing">
            <div class="head"><h2 id="standing">{t::relay::now()}</h2></div>
            <div class="panel exchange-now">
                <div role="status">{move || sync.get().map(|line| lines(&line))}</div>
                {move || sync.with(|line| line.as_ref().is_some_and(|line| line.relay)).then(now_button)}
            </div>
        </section>
    }
}

fn lines(line: &SyncLine) -> impl IntoView + use<> {
    let rows =
        if line.relay { with_relay(line) } else { vec![(Icon::CLOUD_SLASH, t::relay::off().to_owned())] };
    let rows = rows
        .into_iter()
        .map(|(mark, words)| view! { <li class="sync">{icon(mark)}<span>{words}</span></li> });
    view! { <ul class="facts-list">{rows.collect_view()}</ul> }
}

fn with_relay(line: &SyncLine) -> Vec<(Icon, String)> {
    let here = match line.only_here {
        0 => t::relay::only_here_none().to_owned(),
        n => t::relay::only_here(n as usize),
    };
    let last = line
        .exchanged_at
        .map_or_else(|| t::relay::exchanged_never().to_owned(), |at| t::relay::exchanged(fmt::ago(at)));
    let mut rows =
        vec![going_on(line), (Icon::DEVICE_MOBILE, here), (Icon::CLOCK, last), (Icon::DEVICES, others(line))];
    if line.set_aside > 0 {
        rows.push((Icon::ARCHIVE, t::relay::aside(line.set_aside as usize)));
    }
    rows
}

fn going_on(line: &SyncLine) -> (Icon, String) {
    match &line.state {
        SyncState::Busy => (Icon::ARROWS_CLOCKWISE, t::relay::busy().to_owned()),
        SyncState::Offline => (Icon::WIFI_SLASH, t::relay::offline().to_owned()),
        SyncState::Failed { code, retry_at } => {
            let next = t::relay::next_try(fmt::time_of(*retry_at));
            (Icon::WARNING_CIRCLE, format!("{} {next}", code_words(code, true)))
        }
        SyncState::Idle if line.only_here == 0 && line.exchanged_at.is_some() => {
            (Icon::CHECK_CIRCLE, t::relay::idle().to_owned())
        }
        SyncState::Idle | SyncState::Off => (Icon::CLOUD_CHECK, t::relay::waiting().to_owned()),
    }
}

fn others(line: &SyncLine) -> String {
    match (line.other_devices, &line.other_name) {
        (0, _) => t::relay::others_none().to_owned(),
        (_, Some(name)) => t::relay::others_named(name),
        (n, None) => t::relay::others(n as usize),
    }
}

fn now_button() -> impl IntoView {
    let state = state();
    let now = move |_| {
        spawn_local(async move {
            if let Err(problem) = ipc::call(SyncNow {}).await {
                state.fail(problem);
            }
            state.reload_sync();
        });
    };
    view! {
        <button id="sync-now" class="btn" type="button" on:click=now>
            {icon(Icon::ARROWS_CLOCKWISE)}{t::relay::sync_now()}
        </button>
    }
}
