//! Saved documents of other devices, read before Automerge sees them: it unpacks whatever a column says, and walks all rows of it.

use std::io::Read;

use flate2::read::DeflateDecoder;

use super::chunk::{self, Column, MAGIC, count, length, take, unsigned};
use crate::crypto::Refusal;

/// Chunk type of a document.
const DOCUMENT: u8 = 0;
/// Most bytes of all columns of a document, unpacked; a year of check-ins takes some hundred thousand.
const MAX_UNPACKED: usize = 32 << 20;
/// Most rows of a column: operations, changes, or what they build on.
const MAX_ROWS: u64 = 1 << 20;
/// Most columns of each kind; this version of the format has fourteen.
const MAX_COLUMNS: usize = 32;
/// Bit of a column's number that says that it is packed.
const PACKED: u64 = 0b1000;

/// Whether what was saved can be given to Automerge: a document, then changes that wait for others. Errors: `malformed`, `oversized`.
pub fn check(saved: &[u8]) -> Result<(), Refusal> {
    let (mut rest, mut room) = (saved, MAX_UNPACKED);
    while !rest.is_empty() {
        let start = rest;
        let head = [take(&mut rest, 4)?, take(&mut rest, 4)?, take(&mut rest, 1)?];
        let len = length(&mut rest)?;
        let body = take(&mut rest, len)?;
        match head[2] {
            _ if head[0] != MAGIC => return Err(Refusal::Malformed),
            [DOCUMENT] => document(body, &mut room)?,
            _ => {
                chunk::facts(start.get(..start.len() - rest.len()).unwrap_or_default())?;
            }
        }
    }
    Ok(())
}

/// Writers, heads (32 bytes each), numbers and lengths of the columns of changes and of operations, their bytes.
fn document(mut body: &[u8], room: &mut usize) -> Result<(), Refusal> {
    for _ in 0..length(&mut body)? {
        let len = length(&mut body)?;
        take(&mut body, len)?;
    }
    for _ in 0..length(&mut body)? {
        take(&mut body, 32)?;
    }
    let columns = [columns(&mut body)?, columns(&mut body)?];
    columns.concat().into_iter().try_for_each(|(spec, len)| column(spec, take(&mut body, len)?, room))
}

fn columns(body: &mut &[u8]) -> Result<Vec<(u64, usize)>, Refusal> {
    let many = count(body, MAX_COLUMNS)?;
    (0..many).map(|_| Ok((unsigned(body)?, length(body)?))).collect()
}

fn column(spec: u64, data: &[u8], room: &mut usize) -> Result<(), Refusal> {
    let mut unpacked = Vec::new();
    let data = if spec & PACKED == 0 {
        data
    } else {
        let most = *room as u64 + 1;
        DeflateDecoder::new(data).take(most).read_to_end(&mut unpacked).map_err(|_| Refusal::Malformed)?;
        &unpacked
    };
    *room = room.checked_sub(data.len()).ok_or(Refusal::Oversized)?;
    Column::of(spec & !PACKED)?.rows(data, MAX_ROWS).map(drop)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::DeflateEncoder;

    use super::*;

    fn number(mut n: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        loop {
            bytes.push(n as u8 & 0x7f | if n > 0x7f { 0x80 } else { 0 });
            n >>= 7;
            if n == 0 {
                return bytes;
            }
        }
    }

    /// A document of one column.
    fn saved(spec: u64, data: &[u8]) -> Vec<u8> {
        let columns = [number(1), number(spec), number(data.len() as u64)].concat();
        let body = [&[0, 0][..], &columns, &[0], data].concat();
        [&MAGIC[..], &[0; 4], &[DOCUMENT], &number(body.len() as u64), &body].concat()
    }

    #[test]
    fn what_unpacks_to_more_than_any_document_is_refused() {
        let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&vec![0; MAX_UNPACKED + 1]).unwrap();
        let bomb = saved(0x17 | PACKED, &packed.finish().unwrap());
        assert!(bomb.len() < MAX_UNPACKED / 100);
        assert_eq!(check(&bomb), Err(Refusal::Oversized));
        assert_eq!(check(&saved(0x17, &[0; 100])), Ok(()));
    }

    #[test]
    fn a_few_bytes_that_stand_for_any_number_of_rows_are_refused() {
        let run = [0xff, 0xff, 0xff, 0xff, 0xff, 0x07, 0x01];
        assert_eq!(check(&saved(0x12, &run)), Err(Refusal::Oversized));
        assert_eq!(check(&saved(0x12, &[0x05, 0x01])), Ok(()));
    }

    #[test]
    fn what_automerge_saves_passes() {
        let mut doc = automerge::AutoCommit::new();
        for n in 0..2_000 {
            automerge::transaction::Transactable::put(&mut doc, automerge::ROOT, format!("key {n}"), n)
                .unwrap();
            doc.commit();
        }
        assert_eq!(check(&doc.save()), Ok(()));
        assert_eq!(check(&[doc.save(), vec![0]].concat()), Err(Refusal::Malformed));
    }
}
