//! The chosen relay, and the small, honest line.

use trellis_api_types::Millis;
use trellis_api_types::sync::{RelayChoice, SyncLine, SyncState};

use crate::error::{Error, Result};
use crate::space::Kind;
use crate::store::Tx;
use crate::sync::engine::Engine;
use crate::sync::{Ground, devices, keys};

const RELAY: &str = "relay";
const EXCHANGED: &str = "exchanged-at";
/// There while the relay comes from a link and has not answered yet.
const UNHEARD: &str = "relay.unheard";
/// The person's own choice, while the relay of a link stands in its place.
const LENT: &str = "relay.lent";

/// The relay that this person chose, if any. One that is only lent is not theirs.
pub fn relay(tx: &Tx<'_>) -> Result<Option<RelayChoice>> {
    if is_lent(tx)? { Ok(None) } else { place(tx) }
}

/// The relay that is called, chosen or lent; none if its address is empty.
pub fn place(tx: &Tx<'_>) -> Result<Option<RelayChoice>> {
    Ok(Some(choice(tx)?).filter(|relay| !relay.address.is_empty()))
}

/// The choice that holds: as it was made, or as a link lends it.
pub fn choice(tx: &Tx<'_>) -> Result<RelayChoice> {
    Ok(kept(tx, RELAY)?.unwrap_or_default())
}

/// The person's own choice, also while a link lends another relay.
pub fn own_choice(tx: &Tx<'_>) -> Result<RelayChoice> {
    kept(tx, LENT)?.map_or_else(|| choice(tx), Ok)
}

/// Keeps how this person calls relays while one is lent, without choosing one: the lent one is called that way too.
pub fn set_own_way(tx: &Tx<'_>, own: &RelayChoice) -> Result<()> {
    let lent = RelayChoice { socks_proxy: own.socks_proxy.clone(), ..choice(tx)? };
    keep(tx, LENT, own)?;
    keep(tx, RELAY, &lent)
}

fn kept(tx: &Tx<'_>, name: &str) -> Result<Option<RelayChoice>> {
    Ok(tx.setting(name)?.and_then(|json| serde_json::from_slice(&json).ok()))
}

fn keep(tx: &Tx<'_>, name: &str, relay: &RelayChoice) -> Result<()> {
    let json = serde_json::to_vec(relay).map_err(|e| Error::new("bad-address", e.classify() as u8))?;
    tx.set_setting(name, &json)
}

/// Keeps a checked choice; true if it is another relay than before. Of that one nothing is known yet: everything is offered
/// to it.
pub fn set_choice(tx: &Tx<'_>, relay: &RelayChoice) -> Result<bool> {
    let moved = choice(tx)?.address != relay.address;
    if moved {
        tx.forget_relay()?;
        tx.remove_setting(EXCHANGED)?;
    }
    accept(tx)?;
    keep(tx, RELAY, relay)?;
    Ok(moved)
}

/// Lends the relay of a link: it is only asked for the invitation, until this person asks to join. Another link replaces it as
/// long as it has not answered. True if it is another relay than before.
pub fn lend(tx: &Tx<'_>, relay: &RelayChoice) -> Result<bool> {
    let own = own_choice(tx)?;
    let moved = set_choice(tx, relay)?;
    keep(tx, LENT, &own)?;
    tx.set_setting(UNHEARD, &[])?;
    Ok(moved)
}

/// Whether the relay is only lent.
pub fn is_lent(tx: &Tx<'_>) -> Result<bool> {
    Ok(tx.setting(LENT)?.is_some())
}

/// What is lent is this person's own from here on.
pub fn accept(tx: &Tx<'_>) -> Result<()> {
    tx.remove_setting(LENT)?;
    tx.remove_setting(UNHEARD)
}

/// Nobody needs what is lent: the person's own choice holds again. True if it is another relay than before.
pub fn take_back(tx: &Tx<'_>) -> Result<bool> {
    if !is_lent(tx)? {
        return Ok(false);
    }
    set_choice(tx, &kept(tx, LENT)?.unwrap_or_default())
}

/// Whether the relay comes from a link and has not answered.
pub fn is_unheard(tx: &Tx<'_>) -> Result<bool> {
    Ok(tx.setting(UNHEARD)?.is_some())
}

/// It has answered.
pub fn heard(tx: &Tx<'_>) -> Result<()> {
    tx.remove_setting(UNHEARD)
}

/// Everything was exchanged.
pub(super) fn exchanged(tx: &Tx<'_>, now: Millis) -> Result<()> {
    if tx.is_outgoing_left()? {
        return Ok(());
    }
    tx.set_setting(EXCHANGED, &now.to_le_bytes())
}

/// The line as it stands.
pub fn line(tx: &Tx<'_>, engine: &Engine, host: &impl Ground) -> Result<SyncLine> {
    let relay = relay(tx)?.is_some();
    let exchanged_at =
        tx.setting(EXCHANGED)?.and_then(|kept| kept.try_into().ok()).map(Millis::from_le_bytes);
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
        trouble @ (SyncState::Offline | SyncState::Failed { .. }) if is_lent(tx)? => trouble,
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
