//! What the database's files tell of who wrote together: the attack on the order of pages, on the write-ahead log, and on
//! where the rows of mailboxes lie in their pages.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sync_server::store::{
    Admission, Commits, Keeping, MailboxLimits, NewEnvelope, SqliteStore, Store, Tools, Want, Work,
};
use trellis_protocol::{Cursor, EnvelopeId, MailboxId};

use crate::order::emptied;

/// People with two mailboxes each, which they always write together.
const PEOPLE: usize = 150;
const CALLS: usize = 3000;
const HOUR: Duration = Duration::from_secs(3600);

fn keeping(mixing: Duration) -> Keeping {
    let limits = MailboxLimits { envelopes: u64::MAX, bytes: u64::MAX };
    Keeping { limits, max_bytes: 0, min_free: 0, mixing, commits: Commits::default() }
}

fn mailbox(person: usize, which: u8) -> MailboxId {
    let mut id = [which; 32];
    id[..8].copy_from_slice(&(person as u64).to_be_bytes());
    MailboxId(*EnvelopeId::of(&id).0.first_chunk().unwrap())
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

fn envelope(dice: &mut Dice) -> NewEnvelope {
    let large = dice.below(10) < 3;
    let len = if large { 8_000 + dice.below(25_000) } else { 600 };
    let bytes: Vec<u8> = (0..len).map(|_| dice.below(256) as u8).collect();
    NewEnvelope { id: EnvelopeId::of(&bytes), bytes: bytes.into() }
}

/// Each of them makes two mailboxes, one after the other.
async fn join(store: &SqliteStore, people: usize) {
    for person in 0..people {
        for which in 0..2 {
            store.create(mailbox(person, which), [1; 32], Admission::Open).await.unwrap().unwrap();
        }
    }
}

/// They write, with a pause after each call.
async fn live(store: &SqliteStore, pause: Duration) {
    let mut dice = Dice(7);
    join(store, PEOPLE).await;
    for _ in 0..CALLS {
        let person = dice.below(PEOPLE);
        let one = |which, dice: &mut Dice| Work {
            mailbox: mailbox(person, which),
            cursor: Cursor::default(),
            append: vec![envelope(dice)],
            want: Want::Nothing,
        };
        let work = vec![one(0, &mut dice), one(1, &mut dice)];
        store.sync(work, 0).await.unwrap();
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
}

/// The attack itself works: where each call is sorted by itself, its pages lie together.
#[tokio::test]
async fn without_mixing_the_file_tells() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    let store = SqliteStore::open(&path, &keeping(Duration::ZERO), Arc::new(|_, _| {})).unwrap();
    live(&store, Duration::from_millis(1)).await;
    store.close().await;
    let (right, all) = guessed(&path);
    assert!(right * 5 > all, "{right} of {all} are found");
}

/// Pages that hold the rest of a large envelope, in their order in the file, each with the number of its mailbox.
fn pages(db: &rusqlite::Connection) -> Vec<i64> {
    let list = |sql: &str| -> Vec<(String, i64)> {
        let mut query = db.prepare(sql).unwrap();
        query.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    };
    let mut places = db.prepare("SELECT place FROM envelope ORDER BY place").unwrap();
    let mut places = places.query_map((), |row| row.get::<_, i64>(0)).unwrap().map(Result::unwrap);
    let mut of_cell = HashMap::new();
    for (leaf, cells) in
        list("SELECT path, ncell FROM dbstat WHERE name = 'envelope' AND pagetype = 'leaf' ORDER BY path")
    {
        for cell in 0..cells {
            of_cell.insert(format!("{leaf}{cell:03x}"), places.next().unwrap() >> 32);
        }
    }
    assert!(places.next().is_none());
    list("SELECT path, pageno FROM dbstat WHERE name = 'envelope' AND pagetype = 'overflow' ORDER BY pageno")
        .into_iter()
        .map(|(path, _)| of_cell[path.split_once('+').unwrap().0])
        .collect()
}

/// How many mailboxes the votes of neighbouring pages give the right partner, of all.
fn guessed(path: &Path) -> (usize, usize) {
    let db = rusqlite::Connection::open(path).unwrap();
    let number = |id: MailboxId| -> i64 {
        db.query_row("SELECT n FROM mailbox WHERE id = ?1", [id.0], |row| row.get(0)).unwrap()
    };
    let mut votes: HashMap<i64, HashMap<i64, usize>> = HashMap::new();
    for pair in pages(&db).windows(2).filter(|pair| pair[0] != pair[1]) {
        *votes.entry(pair[0]).or_default().entry(pair[1]).or_default() += 1;
        *votes.entry(pair[1]).or_default().entry(pair[0]).or_default() += 1;
    }
    let right = |from: i64, to: i64| {
        votes
            .get(&from)
            .and_then(|all| all.iter().max_by_key(|(_, count)| **count))
            .is_some_and(|(n, _)| *n == to)
    };
    let both = (0..PEOPLE).map(|person| (number(mailbox(person, 0)), number(mailbox(person, 1))));
    let hits = both.map(|(one, two)| usize::from(right(one, two)) + usize::from(right(two, one))).sum();
    (hits, 2 * PEOPLE)
}

/// The file alone says no better than chance which mailboxes were written together, once what came was sorted.
#[tokio::test]
async fn nobody_can_tell_from_the_file_who_wrote_together() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    let store = SqliteStore::open(&path, &keeping(HOUR), Arc::new(|_, _| {})).unwrap();
    live(&store, Duration::ZERO).await;
    store.close().await;
    let left = std::fs::metadata(folder.path().join("relay.db-wal")).map_or(0, |file| file.len());
    assert_eq!(left, 0, "the write-ahead log holds the order of coming");
    let (right, all) = guessed(&path);
    // Half of them were found when rows were put where they stay as they came; chance is one in 299.
    assert!(right * 20 < all, "{right} of {all} are found");
}

/// A backup is sorted too, taken at any moment.
#[tokio::test]
async fn a_backup_tells_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("relay.db"), folder.path().join("copy.db"));
    let store = SqliteStore::open(&path, &keeping(HOUR), Arc::new(|_, _| {})).unwrap();
    live(&store, Duration::ZERO).await;
    Tools::open(&path).unwrap().backup(&copy).unwrap();
    let journal: i64 = rusqlite::Connection::open(&copy)
        .unwrap()
        .query_row("SELECT (SELECT count(*) FROM journal_0) + (SELECT count(*) FROM journal_1)", (), |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(journal, 0);
    let (right, all) = guessed(&copy);
    assert!(right * 20 < all, "{right} of {all} are found");
    let restored = SqliteStore::open(&copy, &keeping(HOUR), Arc::new(|_, _| {})).unwrap();
    let heads = |store| async move { Store::heads(store, vec![mailbox(3, 0), mailbox(9, 1)]).await.unwrap() };
    assert_eq!(heads(&restored).await, heads(&store).await);
}

/// What the pages of mailboxes and of creation tokens are made of, and where.
const TREES: [&str; 3] = ["mailbox", "sqlite_autoindex_mailbox_2", "creation_token"];

/// The keys of all rows with the place in which each was made.
fn made(people: usize) -> HashMap<[u8; 32], usize> {
    let ids = (0..people).flat_map(|person| [mailbox(person, 0), mailbox(person, 1)]);
    let tokens = (0..people).map(|person| mailbox(person, 2).0);
    ids.map(|id| id.0).zip(0..).chain(tokens.zip(1_000_000..)).collect()
}

/// Cells of a leaf page by where they lie in it: SQLite fills a page from its end.
fn cells(page: &[u8], keys: &HashMap<[u8; 32], usize>) -> Vec<usize> {
    let two = |at: usize| usize::from(u16::from_be_bytes([page[at], page[at + 1]]));
    let mut places: Vec<usize> = (0..two(3)).map(|cell| two(8 + 2 * cell)).collect();
    places.sort_unstable();
    let first_key = |at: &usize| page[*at..].windows(32).find_map(|key| keys.get(key).copied());
    places.iter().map(|at| first_key(at).unwrap()).collect()
}

/// Of the rows that were made one after the other and lie in one page of a tree: how many lie side by side, and how many there are.
fn neighbours(path: &Path, tree: &str, keys: &HashMap<[u8; 32], usize>) -> (usize, usize) {
    let (db, file) = (rusqlite::Connection::open(path).unwrap(), std::fs::read(path).unwrap());
    let size: usize = db.pragma_query_value(None, "page_size", |row| row.get(0)).unwrap();
    let mut pages = db.prepare("SELECT pageno FROM dbstat WHERE name = ?1 AND pagetype = 'leaf'").unwrap();
    let pages = pages.query_map([tree], |row| row.get::<_, usize>(0)).unwrap().map(Result::unwrap);
    pages.fold((0, 0), |(beside, all), page| {
        let cells = cells(&file[(page - 1) * size..page * size], keys);
        let together = cells.iter().filter(|cell| cells.contains(&(**cell + 1))).count();
        (beside + cells.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) == 1).count(), all + together)
    })
}

/// So many that one page holds them: a page that is split is laid in order.
const FEW: usize = 10;

/// Mailboxes and tokens that were made in an order that nobody should find.
async fn all_made(path: &Path, mixing: Duration, people: usize) -> SqliteStore {
    let store = SqliteStore::open(path, &keeping(mixing), Arc::new(|_, _| {})).unwrap();
    // The relay looks after what it finds when it starts.
    tokio::time::sleep(Duration::from_millis(300)).await;
    join(&store, people).await;
    for person in 0..people {
        store.grant(mailbox(person, 2).0, 5).await.unwrap();
    }
    store
}

/// The attack itself works: until rows are laid in order, they lie as they were made.
#[tokio::test]
async fn the_file_tells_for_a_while_in_which_order_mailboxes_were_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    let _store = all_made(&path, HOUR, FEW).await;
    let other = rusqlite::Connection::open(&path).unwrap();
    other.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(())).unwrap();
    for tree in TREES {
        let (right, all) = neighbours(&path, tree, &made(FEW));
        assert!(right * 10 > all * 9, "{right} of {all} are found in {tree}");
    }
}

/// After that, it says no better than chance which were made one after the other.
#[tokio::test]
async fn nobody_can_tell_from_the_file_in_which_order_mailboxes_were_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    let store = all_made(&path, HOUR, FEW).await;
    store.close().await;
    check_blind(&path, FEW);
}

fn check_blind(path: &Path, people: usize) {
    for tree in TREES {
        let (right, all) = neighbours(path, tree, &made(people));
        assert!(right * 5 < all * 2 && all >= FEW - 1, "{right} of {all} are found in {tree}");
    }
}

/// The same while a relay runs on, also where there are more mailboxes than one transaction lays.
#[tokio::test]
async fn mailboxes_are_laid_in_order_while_the_relay_runs() {
    for people in [FEW, 600] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("relay.db");
        let store = all_made(&path, Duration::from_secs(1), people).await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        emptied(&folder).await;
        check_blind(&path, people);
        let heads = store.heads((0..people).map(|person| mailbox(person, 1)).collect()).await.unwrap();
        assert_eq!(heads, vec![Some(0); people]);
    }
}
