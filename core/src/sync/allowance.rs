//! What one asker may have repeated in a day: a question is small and its answer is not.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

use crate::crypto::codec;
use crate::error::Result;
use crate::store::SpaceTx;
use crate::sync::keys;

/// Bytes that are repeated for one account, and most of them on one day: a question takes an envelope, and its answer may take 30 MB.
pub const REPEATED: (&str, u64) = ("space.repeated", 8 << 20);
const DAY: i64 = 24 * 3_600_000;

/// Spent by each asker, an account or a device, on one day.
#[derive(Default, Encode, Decode)]
#[cbor(array)]
struct Spent {
    #[n(0)]
    day: i64,
    #[n(1)]
    of: Vec<(ByteArray<32>, u64)>,
}

/// Takes from what an asker may have of `name` today as many of the amounts as `most` leaves room for, and answers how many. A
/// clock that was set to another day begins a new one.
pub fn spend(
    tx: &SpaceTx<'_>,
    name: &str,
    asker: &[u8; 32],
    (amounts, most): (&[u64], u64),
    now: i64,
) -> Result<usize> {
    let (name, day) = (keys::name(tx, name), now.div_euclid(DAY));
    let kept = tx.setting(&name)?.and_then(|kept| minicbor::decode::<Spent>(&kept).ok()).unwrap_or_default();
    let mut spent = if kept.day == day { kept } else { Spent { day, of: Vec::new() } };
    let before = spent.of.iter().find(|(other, _)| **other == *asker).map_or(0, |(_, before)| *before);
    let (mut so_far, mut fitting) = (before, 0);
    for amount in amounts {
        if so_far.saturating_add(*amount) > most {
            break;
        }
        so_far += amount;
        fitting += 1;
    }
    if fitting == 0 {
        return Ok(0);
    }
    spent.of.retain(|(other, _)| **other != *asker);
    spent.of.push(((*asker).into(), so_far));
    tx.set_setting(&name, &codec::encode(&spent))?;
    Ok(fitting)
}
