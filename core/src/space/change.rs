//! Author and name of Automerge changes, read from the chunk itself before Automerge sees it.

use super::{Kind, Refusal, VerifiedItem, WriterId};
use crate::crypto::kdf;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Chunk type of an uncompressed change. A compressed one could unpack to any size.
const CHANGE: u8 = 1;

/// Refuses a change whose actor is not the item's writer, and anything that is not one raw change chunk.
pub fn check_author(item: &VerifiedItem) -> Result<(), Refusal> {
    match item.item().kind {
        Kind::Change if actor(&item.item().body)? == item.item().writer => Ok(()),
        Kind::Change => Err(Refusal::ForeignWriter),
        _ => Ok(()),
    }
}

/// The actor of a raw change chunk: magic, checksum (4), type, length, dependencies (32 each), actor.
pub fn actor(chunk: &[u8]) -> Result<WriterId, Refusal> {
    let mut rest = chunk;
    if take(&mut rest, 4)? != MAGIC {
        return Err(Refusal::Malformed);
    }
    take(&mut rest, 4)?;
    if take(&mut rest, 1)? != [CHANGE] {
        return Err(Refusal::Malformed);
    }
    if leb128(&mut rest)? != rest.len() {
        return Err(Refusal::Malformed);
    }
    let dependencies = leb128(&mut rest)?;
    take(&mut rest, dependencies.checked_mul(32).ok_or(Refusal::Malformed)?)?;
    let length = leb128(&mut rest)?;
    WriterId::from_slice(take(&mut rest, length)?)
}

/// The hash of a raw change chunk, as Automerge names changes: SHA-256 over all but magic and checksum.
pub fn hash(chunk: &[u8]) -> [u8; 32] {
    kdf::hash(&[chunk.get(8..).unwrap_or_default()])
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Result<&'a [u8], Refusal> {
    let (taken, after) = rest.split_at_checked(count).ok_or(Refusal::Malformed)?;
    *rest = after;
    Ok(taken)
}

/// An unsigned LEB128 number of at most 32 bits: nothing in an envelope is longer.
fn leb128(rest: &mut &[u8]) -> Result<usize, Refusal> {
    let mut number: u64 = 0;
    for shift in (0..35).step_by(7) {
        let byte = take(rest, 1)?.first().copied().unwrap_or_default();
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return usize::try_from(number).map_err(|_| Refusal::Malformed);
        }
    }
    Err(Refusal::Malformed)
}
