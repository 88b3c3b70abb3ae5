//! The relay and what was exchanged.

use trellis_api_types::ApiError;
use trellis_api_types::sync::*;
use trellis_core::net::HttpTransport;
use trellis_core::sync::driver;

use super::delegate;

delegate! {
    /// The sync line.
    sync_get: SyncGet;
    /// Exchanges now.
    sync_now: SyncNow;
    /// Chosen relay.
    relay_get: RelayGet;
    /// Chooses a relay, or none.
    relay_save: RelaySave;
}

/// Tries an address without choosing it.
#[tauri::command]
pub async fn relay_test(args: RelayTest) -> Result<(), ApiError> {
    Ok(driver::test_relay(&HttpTransport::default(), &args.relay).await?)
}
