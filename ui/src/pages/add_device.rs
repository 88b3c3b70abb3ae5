//! Adding a device: a code, then the six words that the other device shows, then it is in.

mod asked;
mod begin;
mod ended;
mod offered;

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::ApiError;
use trellis_api_types::devices::{PairingCancel, PairingGet, PairingState};

use crate::components::{Page, TopBar};
use crate::i18n::t;
use crate::ipc;
use crate::state::{State, Turn, state};

/// Where the pairing stands; absent until the shell answered.
#[derive(Clone, Copy)]
struct Pairing {
    state: State,
    stands: RwSignal<Option<PairingState>>,
    turn: Turn,
}

impl Pairing {
    fn ask(self) {
        let last = self.turn.next();
        spawn_local(async move {
            let stands = ipc::call(PairingGet {}).await;
            if let Ok(stands) = stands
                && last()
            {
                self.stands.set(Some(stands));
            }
        });
    }

    /// Stops what goes on and forgets how the last one ended, so that one can begin again.
    fn begin_anew(self) {
        spawn_local(async move {
            match clear().await {
                Ok(()) => drop(self.stands.try_set(Some(PairingState::None))),
                Err(problem) => self.state.fail(problem),
            }
        });
    }

    /// Follows the pairing; one that ended before this page came is old news.
    async fn look(self) {
        match ipc::call(PairingGet {}).await {
            Ok(PairingState::Done | PairingState::Failed(_)) => self.begin_anew(),
            Ok(stands) => drop(self.stands.try_set(Some(stands))),
            Err(problem) => self.state.fail(problem),
        }
    }
}

/// The first cancelling stops it, the next one forgets how it ended.
async fn clear() -> Result<(), ApiError> {
    ipc::call(PairingCancel {}).await?;
    match ipc::call(PairingGet {}).await? {
        PairingState::None => Ok(()),
        _ => ipc::call(PairingCancel {}).await,
    }
}

/// The page.
#[component]
pub fn AddDevice() -> impl IntoView {
    let state = state();
    let pairing = Pairing { state, stands: RwSignal::new(None), turn: Turn::new() };
    Effect::new(move |came: Option<()>| {
        state.pairing.track();
        if came.is_some() { pairing.ask() } else { spawn_local(pairing.look()) }
    });
    let stands = Memo::new(move |_| pairing.stands.get());
    view! {
        <Page title=t::devices::add_title().to_owned() narrow=true>
            <TopBar back="/settings/devices" bare=true />
            {move || stands.get().map(|stands| step(pairing, stands))}
        </Page>
    }
}

fn step(pairing: Pairing, stands: PairingState) -> AnyView {
    match stands {
        PairingState::None => view! { <begin::Begin pairing /> }.into_any(),
        PairingState::Offered(offer) => view! { <offered::Offered pairing offer /> }.into_any(),
        PairingState::Asked { device_name, choices } => {
            view! { <asked::Asked pairing name=device_name choices /> }.into_any()
        }
        PairingState::Fetching { .. } => view! { <ended::Sending /> }.into_any(),
        PairingState::Done => view! { <ended::Done pairing /> }.into_any(),
        PairingState::Failed(code) => view! { <ended::Failed pairing code /> }.into_any(),
        // Joining belongs to the other device; here it cannot come.
        PairingState::Joining { .. } => ().into_any(),
    }
}
