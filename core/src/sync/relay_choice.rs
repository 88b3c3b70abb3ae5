//! The chosen relay: the person's own, or one that a link lends.

use trellis_api_types::Millis;
use trellis_api_types::sync::RelayChoice;

use crate::error::{Error, Result};
use crate::store::Tx;

const RELAY: &str = "relay";
/// When everything was last exchanged with it.
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

/// Notes the time if everything was exchanged.
pub(super) fn exchanged(tx: &Tx<'_>, now: Millis) -> Result<()> {
    if tx.is_outgoing_left()? {
        return Ok(());
    }
    tx.set_setting(EXCHANGED, &now.to_le_bytes())
}

/// Returns when everything was last exchanged.
pub(super) fn exchanged_at(tx: &Tx<'_>) -> Result<Option<Millis>> {
    Ok(tx.setting(EXCHANGED)?.and_then(|kept| kept.try_into().ok()).map(Millis::from_le_bytes))
}
