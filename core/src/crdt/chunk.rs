//! Changes, read from the chunk itself before Automerge sees them.
//!
//! Automerge walks all operations of a change when it reads it, and a run of a few bytes can stand for any number of them. So
//! every column is counted here first, with work that the chunk's own length bounds.

use crate::crypto::{Refusal, kdf};

pub(super) const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Chunk type of an uncompressed change. A compressed one could unpack to any size.
const CHANGE: u8 = 1;
/// Most operations in one change, and rows of any of its columns; a change of the app has fewer than a hundred.
const MAX_OPS: u64 = 4096;
/// Most changes that one builds on, and devices that it names.
const MAX_NAMES: usize = 1024;
/// Highest number of an operation. A document has room for as many again.
const MAX_NUMBER: u64 = 1 << 31;
/// Latest time of a change. The app writes 0; Automerge keeps times as differences, which extreme ones would overflow.
const MAX_TIME: i64 = 1 << 40;
/// Longest message, bytes; the app writes none.
const MAX_MESSAGE: usize = 256;
/// Most columns; this version of the format has eleven.
const MAX_COLUMNS: usize = 32;

/// What a change says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Writer id of the device that made it.
    pub actor: [u8; 16],
    /// Its number among that writer's changes of this document, from 1.
    pub seq: u64,
    /// Number of its first operation.
    pub start: u64,
    /// How many operations it holds.
    pub ops: u64,
}

/// Reads a whole chunk: magic, checksum (4), type, length, dependencies (32 each), actor, seq, first operation, time, message,
/// other actors, columns.
pub fn facts(chunk: &[u8]) -> Result<Facts, Refusal> {
    let mut rest = chunk;
    let head = [take(&mut rest, 4)?, take(&mut rest, 4)?, take(&mut rest, 1)?];
    if head[0] != MAGIC || head[2] != [CHANGE] || length(&mut rest)? != rest.len() {
        return Err(Refusal::Malformed);
    }
    for _ in 0..count(&mut rest, MAX_NAMES)? {
        take(&mut rest, 32)?;
    }
    let actor = name(&mut rest)?.try_into().map_err(|_| Refusal::Malformed)?;
    let (seq, start) = (unsigned(&mut rest)?, unsigned(&mut rest)?);
    if !(0..=MAX_TIME).contains(&signed(&mut rest)?) {
        return Err(Refusal::Malformed);
    }
    let message = count(&mut rest, MAX_MESSAGE)?;
    take(&mut rest, message)?;
    for _ in 0..count(&mut rest, MAX_NAMES)? {
        name(&mut rest)?;
    }
    let ops = operations(rest)?;
    if seq == 0 || start == 0 || start.saturating_add(ops) > MAX_NUMBER {
        return Err(Refusal::Malformed);
    }
    Ok(Facts { actor, seq, start, ops })
}

/// The hash of a raw change chunk, as Automerge names changes: SHA-256 over all but magic and checksum.
pub fn hash(chunk: &[u8]) -> [u8; 32] {
    kdf::hash(&[chunk.get(8..).unwrap_or_default()])
}

/// How many operations the columns hold; each of them is as long as that, or as all groups of theirs together.
fn operations(mut rest: &[u8]) -> Result<u64, Refusal> {
    let mut columns = Vec::new();
    for _ in 0..count(&mut rest, MAX_COLUMNS)? {
        columns.push((unsigned(&mut rest)?, length(&mut rest)?));
    }
    let mut ops = 0;
    for (spec, len) in columns {
        let kind = Column::of(spec)?;
        ops = ops.max(kind.rows(take(&mut rest, len)?, MAX_OPS)?);
    }
    if rest.is_empty() { Ok(ops) } else { Err(Refusal::Malformed) }
}

/// How a column is encoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// Runs of sizes of groups.
    Groups,
    /// Runs of unsigned numbers.
    Unsigned,
    /// Runs of differences.
    Signed,
    /// Lengths of runs, false and true in turn.
    Flags,
    /// Runs of texts.
    Texts,
    /// Bytes of values.
    Raw,
}

impl Column {
    /// The last three bits of a column's number; the one before them says that it is compressed.
    pub(super) fn of(spec: u64) -> Result<Self, Refusal> {
        match spec & 0b1111 {
            0 => Ok(Self::Groups),
            1 | 2 | 6 => Ok(Self::Unsigned),
            3 => Ok(Self::Signed),
            4 => Ok(Self::Flags),
            5 => Ok(Self::Texts),
            7 => Ok(Self::Raw),
            _ => Err(Refusal::Malformed),
        }
    }

    /// How many rows the column has, if it has no more than `most`; nor may groups hold more.
    pub(super) fn rows(self, mut data: &[u8], most: u64) -> Result<u64, Refusal> {
        let (mut rows, mut held) = (0_u64, 0_u64);
        while !data.is_empty() && self != Self::Raw {
            let (run, value) = self.run(&mut data, most)?;
            rows = rows.checked_add(run).filter(|rows| *rows <= most).ok_or(Refusal::Oversized)?;
            held = held.saturating_add(value);
        }
        if self == Self::Groups && held > most { Err(Refusal::Oversized) } else { Ok(rows) }
    }

    /// One run: how many rows it stands for, and the sum of the groups in it.
    fn run(self, data: &mut &[u8], most: u64) -> Result<(u64, u64), Refusal> {
        if self == Self::Flags {
            return Ok((unsigned(data)?, 0));
        }
        match signed(data)? {
            0 => Ok((unsigned(data)?, 0)),
            repeated @ 1.. => {
                let run = repeated.unsigned_abs();
                Ok((run, self.value(data)?.saturating_mul(run)))
            }
            apart => self.values(data, apart.unsigned_abs(), most),
        }
    }

    fn values(self, data: &mut &[u8], count: u64, most: u64) -> Result<(u64, u64), Refusal> {
        if count > most {
            return Err(Refusal::Oversized);
        }
        let mut held = 0_u64;
        for _ in 0..count {
            held = held.saturating_add(self.value(data)?);
        }
        Ok((count, held))
    }

    /// Reads one value; gives the size of a group.
    fn value(self, data: &mut &[u8]) -> Result<u64, Refusal> {
        match self {
            Self::Groups => unsigned(data),
            Self::Signed => signed(data).map(|_| 0),
            Self::Texts => name(data).map(|_| 0),
            _ => unsigned(data).map(|_| 0),
        }
    }
}

pub(super) fn take<'a>(rest: &mut &'a [u8], count: usize) -> Result<&'a [u8], Refusal> {
    let (taken, after) = rest.split_at_checked(count).ok_or(Refusal::Malformed)?;
    *rest = after;
    Ok(taken)
}

/// Bytes behind their length.
fn name<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], Refusal> {
    let len = length(rest)?;
    take(rest, len)
}

pub(super) fn length(rest: &mut &[u8]) -> Result<usize, Refusal> {
    usize::try_from(unsigned(rest)?).map_err(|_| Refusal::Malformed)
}

pub(super) fn count(rest: &mut &[u8], most: usize) -> Result<usize, Refusal> {
    Some(length(rest)?).filter(|count| *count <= most).ok_or(Refusal::Oversized)
}

pub(super) fn unsigned(rest: &mut &[u8]) -> Result<u64, Refusal> {
    leb128::read::unsigned(rest).map_err(|_| Refusal::Malformed)
}

fn signed(rest: &mut &[u8]) -> Result<i64, Refusal> {
    leb128::read::signed(rest).map_err(|_| Refusal::Malformed)
}
