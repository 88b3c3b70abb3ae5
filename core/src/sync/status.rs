//! The sync line: what is only here, what was exchanged, and what is in the way.

use trellis_api_types::sync::{SyncLine, SyncState};

use crate::error::Result;
use crate::space::Kind;
use crate::store::Tx;
use crate::sync::engine::Engine;
use crate::sync::{Ground, devices, keys, relay_choice};

/// The line as it stands.
pub fn line(tx: &Tx<'_>, engine: &Engine, host: &impl Ground) -> Result<SyncLine> {
    let relay = relay_choice::relay(tx)?.is_some();
    let exchanged_at = relay_choice::exchanged_at(tx)?;
    let others: Vec<_> = devices::devices(tx)?.into_iter().filter(|it| !it.this && !it.signed_out).collect();
    let own = keys::own_device(tx)?;
    let said = [Kind::Change, Kind::Record, Kind::Consent].map(|kind| tx.unsent_count(&own, kind.into()));
    let unsent: u32 = said.into_iter().sum::<Result<_>>()?;
    let set_aside: u32 = tx.set_aside_codes()?.iter().map(|(_, count)| count).sum();
    let too_large = tx.too_large_count()?;
    let only_here = tx.intent_count()? + unsent + too_large;
    Ok(SyncLine {
        relay,
        only_here,
        exchanged_at,
        state: state(tx, engine, host, relay)?,
        other_devices: u32::try_from(others.len()).unwrap_or(u32::MAX),
        other_name: match others.as_slice() {
            [one] => Some(one.name.clone()),
            _ => None,
        },
        set_aside: set_aside - too_large + tx.waiting_count()?,
    })
}

/// Without a relay of one's own there is only trouble to tell of: why an invitation is not found.
fn off(tx: &Tx<'_>, engine: &Engine, host: &impl Ground) -> Result<SyncState> {
    Ok(match engine.state(host) {
        trouble @ (SyncState::Offline | SyncState::Failed { .. }) if relay_choice::is_lent(tx)? => trouble,
        _ => SyncState::Off,
    })
}

fn state(tx: &Tx<'_>, engine: &Engine, host: &impl Ground, relay: bool) -> Result<SyncState> {
    if keys::signed_out(tx)? {
        return Ok(SyncState::Failed { code: "signed-out".to_owned(), retry_at: 0 });
    }
    if !relay {
        return off(tx, engine, host);
    }
    let refused = tx.refusal()?.map(|(code, at)| {
        let code = if code == "mailbox-full" || code == "storage" { "relay-storage" } else { "relay-error" };
        SyncState::Failed { code: code.to_owned(), retry_at: at }
    });
    let too_large =
        (tx.too_large_count()? > 0).then(|| SyncState::Failed { code: "too-large".to_owned(), retry_at: 0 });
    Ok(match engine.state(host) {
        SyncState::Idle => refused.or(too_large).unwrap_or(SyncState::Idle),
        other => other,
    })
}
