//! What a shared space has to know of this account's devices.

use crate::crypto::DeviceId;
use crate::error::Result;
use crate::platform::Entropy;
use crate::space::device_log::DeviceLog;
use crate::space::members::{Members, Op};
use crate::store::SpaceTx;
use crate::sync::keys;
use crate::sync::shared::{publish, publish_device, turn_over};
use crate::sync::space_state::Known;

/// Publishes what the account's device log says and the space does not know yet; each device speaks once for itself, and
/// for what rests on a device before that is signed out. True if anything was written.
pub fn keep_up(
    tx: &SpaceTx<'_>,
    entropy: &dyn Entropy,
    known: &mut Known,
    own: &DeviceLog,
    now: i64,
) -> Result<bool> {
    let (me, device) = (own.account(), keys::device(tx)?);
    let members = known.members()?;
    let state = members.state();
    if state.ended || !state.members.contains_key(&me) {
        return Ok(false);
    }
    let heard = members.log(&me);
    let news: Vec<Vec<u8>> = own
        .entries()
        .filter(|entry| !heard.is_some_and(|log| log.knows(&entry.id())))
        .map(|entry| entry.bytes().to_vec())
        .collect();
    let lost = own.state().gone.iter().any(|gone| members.rests_on(gone) && is_active(members, &me, gone));
    if lost && is_active(members, &me, &device.id()) {
        affirm_or_warn(tx, known, &device.sign_key(), now)?;
    }
    for entry in &news {
        publish_device(tx, me, entry, now)?;
        known.members_mut()?.insert_device(me, entry)?;
    }
    let silent = !known.members()?.has_spoken(&device.id());
    if silent && is_active(known.members()?, &me, &device.id()) {
        affirm_or_warn(tx, known, &device.sign_key(), now)?;
    }
    if !news.is_empty() {
        turn_over(tx, entropy, known, now)?;
    }
    Ok(lost || silent || !news.is_empty())
}

fn is_active(members: &Members, account: &crate::space::AccountId, device: &DeviceId) -> bool {
    members.log(account).is_some_and(|log| log.state().active.contains_key(device))
}

/// What the account's devices said before may fall where this fails; that a device was signed out is said all the same.
fn affirm_or_warn(tx: &SpaceTx<'_>, known: &mut Known, key: &crate::crypto::SignKey, now: i64) -> Result<()> {
    match affirm(tx, known, key, now) {
        Err(error) if !error.is_unwritable() => {
            tracing::warn!(code = error.code, "could not affirm");
            Ok(())
        }
        done => done,
    }
}

fn affirm(tx: &SpaceTx<'_>, known: &mut Known, key: &crate::crypto::SignKey, now: i64) -> Result<()> {
    let entry = known.members_mut()?.author(Op::Affirm, keys::account(tx)?, key)?;
    publish(tx, &entry, now)
}
