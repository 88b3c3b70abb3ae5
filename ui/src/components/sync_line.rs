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

#[cfg(test)]
mod tests {
    use trellis_api_types::sync::{SyncLine, SyncState};

    use super::sentence;

    fn line(state: SyncState, only_here: u32) -> SyncLine {
        SyncLine {
            relay: true,
            only_here,
            exchanged_at: None,
            state,
            other_devices: 0,
            other_name: None,
            set_aside: 0,
        }
    }

    #[test]
    fn what_is_only_here_is_said() {
        assert!(sentence(&line(SyncState::Idle, 1)).contains("1 change is only"));
        assert!(sentence(&line(SyncState::Offline, 3)).contains("3 changes wait"));
        assert_eq!(sentence(&line(SyncState::Offline, 0)), "Saved. No network right now.");
    }

    #[test]
    fn a_failure_says_that_things_are_kept_and_why() {
        let failed = SyncState::Failed { code: "relay-certificate".into(), retry_at: 0 };
        let words = sentence(&line(failed, 2));
        assert!(words.starts_with("Saved on this device.") && words.contains("prove who it is"), "{words}");
    }
}
