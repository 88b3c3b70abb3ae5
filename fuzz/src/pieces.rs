//! Inputs of several pieces: each one is its length (LEB128) and its bytes. Any bytes at all are some pieces.

/// Most pieces of one input; what follows is left aside.
pub const MAX_PIECES: usize = 128;

/// Returns the pieces of an input.
pub fn split(input: &[u8]) -> Vec<&[u8]> {
    let (mut rest, mut pieces) = (input, Vec::new());
    while !rest.is_empty() && pieces.len() < MAX_PIECES {
        let len = leb128::read::unsigned(&mut rest).unwrap_or(0);
        let len = usize::try_from(len).unwrap_or(usize::MAX).min(rest.len());
        let (piece, after) = rest.split_at(len);
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// Returns the input of some pieces.
pub fn join<T: AsRef<[u8]>>(pieces: &[T]) -> Vec<u8> {
    let mut out = Vec::new();
    for piece in pieces {
        let piece = piece.as_ref();
        // Writing into memory cannot fail.
        let _ = leb128::write::unsigned(&mut out, piece.len() as u64);
        out.extend_from_slice(piece);
    }
    out
}

/// Returns what the first byte of an input chooses, and the pieces behind it.
pub fn choice(input: &[u8]) -> (u8, Vec<&[u8]>) {
    input.split_first().map_or((0, Vec::new()), |(choice, rest)| (*choice, split(rest)))
}

/// Returns an input of a choice and pieces.
pub fn chosen<T: AsRef<[u8]>>(choice: u8, pieces: &[T]) -> Vec<u8> {
    [&[choice][..], &join(pieces)].concat()
}
