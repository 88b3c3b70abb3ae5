//! The relay and what was exchanged.

use serde::{Deserialize, Serialize};

use crate::Millis;
use crate::command::commands;

/// The small, honest line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SyncLine {
    /// Whether a relay is chosen.
    pub relay: bool,
    /// Changes that are only on this device.
    pub only_here: u32,
    /// Last time everything was exchanged.
    pub exchanged_at: Option<Millis>,
    /// What is going on.
    pub state: SyncState,
    /// Other devices of the person.
    pub other_devices: u32,
    /// The name of the other device, when there is just one.
    pub other_name: Option<String>,
    /// Changes received that could not be read, waiting for an update or a repair.
    pub set_aside: u32,
}

/// What exchange is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SyncState {
    /// No relay chosen.
    Off,
    /// Nothing to do.
    Idle,
    /// Exchanging now.
    Busy,
    /// No network.
    Offline,
    /// It failed; code (`relay-unreachable`, `relay-certificate`, `not-a-relay`, `rate-limited`, `relay-closed` (a creation token is needed), `too-large` (a change that no relay takes), `relay-storage`, `relay-error`, `clock-wrong`, `signed-out`), next try.
    Failed {
        /// Stable code.
        code: String,
        /// When the next try comes.
        retry_at: Millis,
    },
}

/// Where to exchange.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RelayChoice {
    /// `https://...`, or `http://` on loopback; empty for none.
    pub address: String,
    /// For relays that ask for one.
    pub creation_token: String,
    /// `host:port` of a SOCKS5 proxy; empty for none.
    pub socks_proxy: String,
}

commands! {
    /// The sync line.
    SyncGet {} as "sync_get" -> SyncLine;
    /// Exchanges now.
    SyncNow {} as "sync_now" -> ();
    /// Chosen relay.
    RelayGet {} as "relay_get" -> RelayChoice;
    /// Chooses a relay, or none. Errors: `bad-address`, `plain-http`, `bad-proxy`.
    RelaySave {
        /// The choice.
        relay: RelayChoice,
    } as "relay_save" -> ();
    /// Tries an address without choosing it. Errors: `relay-unreachable`, `relay-certificate`, `not-a-relay`, `plain-http`, `bad-address`.
    RelayTest {
        /// The choice.
        relay: RelayChoice,
    } as "relay_test" -> ();
}
