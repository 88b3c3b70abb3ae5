//! Damage: what a sender who knows the layout would try, and what chance does.

use crate::pieces;
use crate::random::Random;

/// Longest input, bytes: a little more than the largest envelope.
pub const MAX_INPUT: usize = 68 * 1024;
/// Numbers at the edges of what lengths, counts and times are kept in.
const EDGES: [u64; 24] = [
    0,
    1,
    23,
    24,
    31,
    32,
    33,
    127,
    128,
    255,
    256,
    512,
    1024,
    4096,
    4097,
    0x7fff,
    0xffff,
    0x0001_0000,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    u64::MAX,
];

/// Damages an input, once or several times; `other` is another honest one to take parts from.
pub fn damage(input: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    for _ in 0..=random.below(4) {
        match random.below(8) {
            0 => bytes(input, other, random),
            1 | 2 => arrange(input, other, random),
            _ => inside(input, other, random),
        }
    }
    input.truncate(MAX_INPUT);
}

/// Damages one piece and leaves the lengths around it right.
fn inside(input: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let (choice, pieces) = pieces::choice(input);
    let mut pieces: Vec<Vec<u8>> = pieces.into_iter().map(<[u8]>::to_vec).collect();
    let (_, others) = pieces::choice(other);
    let other = random.pick(&others).copied().unwrap_or_default();
    let at = random.below(pieces.len());
    match pieces.get_mut(at) {
        Some(piece) => bytes(piece, other, random),
        None => return bytes(input, other, random),
    }
    *input = pieces::chosen(choice, &pieces);
}

/// Repeats, drops, swaps and borrows whole pieces.
fn arrange(input: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let (choice, pieces) = pieces::choice(input);
    let mut pieces: Vec<&[u8]> = pieces;
    let (_, others) = pieces::choice(other);
    let (at, to) = (random.below(pieces.len()), random.below(pieces.len()));
    match random.below(5) {
        0 if pieces.len() > 1 => drop(pieces.remove(at)),
        1 if !pieces.is_empty() => pieces.swap(at, to),
        2 => pieces.insert(to, random.pick(&others).copied().unwrap_or_default()),
        3 => pieces.extend(others),
        _ => {
            let again = pieces.get(at).copied().unwrap_or_default();
            pieces.insert(to, again);
        }
    }
    let choice = if random.below(4) == 0 { random.number() as u8 } else { choice };
    *input = pieces::chosen(choice, &pieces);
}

/// Damages bytes whatever they mean.
fn bytes(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let at = random.below(bytes.len());
    match random.below(12) {
        0 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << random.below(8)),
        1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = random.number() as u8),
        2 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = byte.wrapping_add(1)),
        3 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = byte.wrapping_sub(1)),
        4 => bytes.truncate(at),
        5 => drop(bytes.drain(random.range(bytes.len()))),
        6 => repeat(bytes, random),
        7 => put(bytes, at, other.get(random.range(other.len())).unwrap_or_default(), random),
        8 => head(bytes, at, random),
        9 => varint(bytes, at, random),
        10 => put(bytes, at, &edge(random).to_be_bytes(), random),
        _ => item(bytes, other, random),
    }
}

/// Writes over what stands at a place, or pushes it on.
fn put(bytes: &mut Vec<u8>, at: usize, new: &[u8], random: &mut Random) {
    let width = if random.below(2) == 0 { new.len() } else { 1 << random.below(4) };
    let new = new.get(new.len().saturating_sub(width)..).unwrap_or_default();
    let over = if random.below(2) == 0 { new.len() } else { 0 };
    bytes.splice(at..(at + over).min(bytes.len()), new.iter().copied());
}

/// Says a part again, up to 256 times.
fn repeat(bytes: &mut Vec<u8>, random: &mut Random) {
    let range = random.range(bytes.len());
    let part = bytes.get(range.clone()).unwrap_or_default().to_vec();
    let times = (1 << random.below(9)).min(MAX_INPUT / part.len().max(1));
    bytes.splice(range.end..range.end, part.repeat(times));
}

/// A CBOR head of the same kind with another number, which may be written longer than need be.
fn head(bytes: &mut Vec<u8>, at: usize, random: &mut Random) {
    let Some(first) = bytes.get(at).copied() else { return };
    let kind = if random.below(4) == 0 { (random.number() as u8) << 5 } else { first & 0xe0 };
    let number = edge(random).to_be_bytes();
    let (mark, width) =
        [(24, 1), (25, 2), (26, 4), (27, 8), (31, 0)].get(random.below(5)).copied().unwrap_or((24, 1));
    let tail = number.get(8 - width..).unwrap_or_default();
    let short = random.below(3) == 0;
    let new =
        if short { vec![kind | (random.number() as u8 & 0x1f)] } else { [&[kind | mark][..], tail].concat() };
    bytes.splice(at..at + 1, new);
}

/// A LEB128 number in place of the one at a place.
fn varint(bytes: &mut Vec<u8>, at: usize, random: &mut Random) {
    let len = bytes.iter().skip(at).take_while(|byte| **byte & 0x80 != 0).count() + 1;
    let mut new = Vec::new();
    let number = edge(random);
    let _ = match random.below(2) {
        0 => leb128::write::unsigned(&mut new, number),
        _ => leb128::write::signed(&mut new, number.cast_signed()),
    };
    bytes.splice(at..(at + len).min(bytes.len()), new);
}

/// A whole CBOR value is dropped, repeated or replaced by another one.
fn item(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let (Some(here), there) = (value(bytes, random), value(other, random)) else { return };
    let part = bytes.get(here.clone()).unwrap_or_default().to_vec();
    let new = match random.below(3) {
        0 => Vec::new(),
        1 => part.repeat(2),
        _ => there.and_then(|there| other.get(there)).unwrap_or_default().to_vec(),
    };
    bytes.splice(here, new);
}

/// Where some CBOR value stands.
fn value(bytes: &[u8], random: &mut Random) -> Option<std::ops::Range<usize>> {
    let at = random.below(bytes.len());
    let mut decoder = minicbor::Decoder::new(bytes.get(at..)?);
    decoder.skip().ok()?;
    Some(at..at + decoder.position())
}

fn edge(random: &mut Random) -> u64 {
    let edge = random.pick(&EDGES).copied().unwrap_or_default();
    edge.wrapping_add(random.below(3) as u64).wrapping_sub(1)
}
