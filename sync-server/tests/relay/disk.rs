//! What a disk holds after the power went: rebuilt from what `shim.c` noted of a program's writes and syncs.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// Bytes that reach the disk together or not at all.
const SECTOR: usize = 512;
/// The number that stands for the folder itself.
const FOLDER: u64 = 1;

/// How much of what was not synced is gone.
#[derive(Clone, Copy, Debug)]
pub enum Lost {
    /// All of it.
    All,
    /// Some sectors, sizes and names of files hold what was synced, others something newer.
    Some,
}

impl Lost {
    /// How many of so many changes are on the disk.
    fn kept(self, changes: usize) -> usize {
        match self {
            Self::All => 0,
            Self::Some => (getrandom::u64().unwrap() % (changes as u64 + 1)) as usize,
        }
    }
}

enum Change {
    Write(usize, Vec<u8>),
    Cut(usize),
}

/// One file: what was synced, and what was done since.
#[derive(Default)]
struct Contents {
    synced: Vec<u8>,
    since: Vec<Change>,
}

impl Contents {
    fn sync(&mut self) {
        for change in std::mem::take(&mut self.since) {
            match change {
                Change::Write(at, bytes) => {
                    self.synced.resize(self.synced.len().max(at + bytes.len()), 0);
                    self.synced[at..at + bytes.len()].copy_from_slice(&bytes);
                }
                Change::Cut(len) => self.synced.resize(len, 0),
            }
        }
    }

    /// What is left. Sectors reach the disk in any order. A file is cut whole or not at all, and what was written after a cut
    /// never comes before it: file systems keep sizes in a journal, and SQLite counts on that.
    fn after_power_loss(&self, lost: Lost) -> Vec<u8> {
        let cuts = (0..self.since.len()).filter(|n| matches!(self.since[*n], Change::Cut(_)));
        let ends: Vec<usize> = cuts.chain([self.since.len()]).collect();
        let end = ends[lost.kept(ends.len() - 1)];
        let (changes, kept) = (&self.since[..end], || lost.kept(end));
        let mut left = self.synced.clone();
        let last_cut =
            ends[..ends.iter().position(|one| *one == end).unwrap()].last().map_or(0, |cut| cut + 1);
        let sized = last_cut + lost.kept(end - last_cut);
        left.resize(changes[..sized].iter().fold(left.len(), |len, change| change.len_after(len)), 0);
        let holds: Vec<usize> = (0..left.len().div_ceil(SECTOR)).map(|_| kept()).collect();
        for (n, change) in changes.iter().enumerate() {
            change.apply(&mut left, |sector| holds[sector] > n);
        }
        left
    }
}

impl Change {
    fn len_after(&self, len: usize) -> usize {
        match self {
            Self::Write(at, bytes) => len.max(at + bytes.len()),
            Self::Cut(len) => *len,
        }
    }

    /// Changes the sectors that hold it; a cut takes all that lies behind it.
    fn apply(&self, left: &mut [u8], holds: impl Fn(usize) -> bool) {
        let (at, bytes) = match self {
            Self::Write(at, bytes) => (*at, bytes),
            Self::Cut(len) => return left.iter_mut().skip(*len).for_each(|byte| *byte = 0),
        };
        let to = left.len().min(at + bytes.len());
        for sector in (at / SECTOR..to.div_ceil(SECTOR)).filter(|sector| holds(*sector)) {
            let (start, end) = (at.max(sector * SECTOR), to.min((sector + 1) * SECTOR));
            if start < end {
                left[start..end].copy_from_slice(&bytes[start - at..end - at]);
            }
        }
    }
}

/// A folder on a disk.
#[derive(Default)]
pub struct Disk {
    files: Vec<Contents>,
    /// Names as the program sees them, and as they were when the folder was synced last.
    names: BTreeMap<String, usize>,
    synced_names: BTreeMap<String, usize>,
    /// Which file lies behind a number of the notes.
    numbers: HashMap<u64, usize>,
}

impl Disk {
    /// Reads a folder; all of it is taken to be on the disk.
    pub fn read(folder: &Path) -> Self {
        let mut disk = Self::default();
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let synced = std::fs::read(entry.path()).unwrap();
            disk.names.insert(entry.file_name().into_string().unwrap(), disk.files.len());
            disk.files.push(Contents { synced, since: Vec::new() });
        }
        disk.synced_names = disk.names.clone();
        disk
    }

    /// Does what the notes say. The last one may be cut short: the program was killed.
    pub fn follow(mut self, mut notes: &[u8]) -> Self {
        while let Some((head, rest)) = notes.split_at_checked(25) {
            let number = |n: usize| u64::from_ne_bytes(head[n..n + 8].try_into().unwrap());
            let Some((bytes, rest)) = rest.split_at_checked(number(17) as usize) else { break };
            self.note(head[0], number(1), number(9) as usize, bytes);
            notes = rest;
        }
        self
    }

    fn note(&mut self, what: u8, number: u64, at: usize, bytes: &[u8]) {
        let name = || String::from_utf8(bytes.to_vec()).unwrap();
        match what {
            b'n' => self.make(number, name()),
            b'o' => drop(self.numbers.insert(number, self.names[&name()])),
            b'r' => drop(self.names.insert(name(), self.numbers[&number])),
            b'u' => drop(self.names.remove(&name())),
            b'w' => self.file(number).since.push(Change::Write(at, bytes.to_vec())),
            b't' => self.file(number).since.push(Change::Cut(at)),
            b's' if number == FOLDER => self.synced_names = self.names.clone(),
            b's' => self.file(number).sync(),
            // The system drops what it could not write: a later sync that works does not bring it to the disk.
            b'f' if number != FOLDER => self.file(number).since.clear(),
            _ => {}
        }
    }

    fn make(&mut self, number: u64, name: String) {
        self.names.insert(name, self.files.len());
        self.numbers.insert(number, self.files.len());
        self.files.push(Contents::default());
    }

    fn file(&mut self, number: u64) -> &mut Contents {
        &mut self.files[self.numbers[&number]]
    }

    /// Puts what is left after the power went into an empty folder.
    pub fn leave(&self, lost: Lost, folder: &Path) {
        let names: BTreeSet<_> = self.names.keys().chain(self.synced_names.keys()).collect();
        for name in names {
            let newest = lost.kept(1) == 1;
            let file = if newest { &self.names } else { &self.synced_names }.get(name);
            if let Some(file) = file {
                std::fs::write(folder.join(name), self.files[*file].after_power_loss(lost)).unwrap();
            }
        }
    }
}
