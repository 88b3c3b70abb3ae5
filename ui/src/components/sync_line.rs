//! The small, honest line about exchange.

use leptos::prelude::*;
use trellis_api_types::sync::{SyncLine, SyncState};

use super::{Icon, icon, problem::code_words};
use crate::{fmt, i18n::t, state::state};

/// Icon and sentence, also when all is well. Leads to where it can be changed.
#[component]
pub fn SyncStatus() -> impl IntoView {
    let sync = state().sync;
    move || {
        sync.get().map(|line| {
            view! {
                <p class="sync">
                    {icon(mark(&line))}
                    <span>{sentence(&line)}</span>
                </p>
            }
        })
    }
}

fn mark(line: &SyncLine) -> Icon {
    match line.state {
        SyncState::Off if !line.relay => Icon::CHECK_CIRCLE,
        SyncState::Off | SyncState::Offline => Icon::CLOUD_SLASH,
        SyncState::Busy => Icon::ARROWS_CLOCKWISE,
        SyncState::Failed { .. } => Icon::WARNING_CIRCLE,
        SyncState::Idle => Icon::CHECK_CIRCLE,
    }
}

/// What is true now: what is only here, who has it, what failed.
pub fn sentence(line: &SyncLine) -> String {
    use t::sync as s;
    let waiting = line.only_here as usize;
    match &line.state {
        SyncState::Off => s::saved_here().to_owned(),
        SyncState::Busy => s::exchanging().to_owned(),
        SyncState::Offline if waiting == 0 => s::offline_all_sent().to_owned(),
        SyncState::Offline => s::offline_waiting(waiting),
        SyncState::Failed { code, .. } => format!("{} {}", s::saved_here(), code_words(code, true)),
        SyncState::Idle if waiting > 0 => s::waiting(waiting),
        SyncState::Idle => exchanged(line),
    }
}

fn exchanged(line: &SyncLine) -> String {
    use t::sync as s;
    match (line.exchanged_at, &line.other_name) {
        (None, _) => s::saved_here().to_owned(),
        (Some(at), Some(name)) => s::with_device(name, fmt::ago(at)),
        (Some(at), None) => s::with_relay(fmt::ago(at)),
    }
}
