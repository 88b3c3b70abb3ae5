//! What every store must do. Each rule runs against memory and SQLite.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use sync_server::store::{
    Admission, Commits, Created, Done, Grown, Keeping, MailboxLimits, MemoryStore, NewEnvelope, SqliteStore,
    Store, Want, Work,
};
use trellis_protocol::{Cursor, EnvelopeId, ErrorCode, MailboxId};

const LIMITS: MailboxLimits = MailboxLimits { envelopes: 100, bytes: 4000 };
const BUDGET: usize = 1 << 20;
const BOX: MailboxId = MailboxId([7; 32]);
const OWNER: [u8; 32] = [9; 32];

macro_rules! contract {
    ($($rule:ident),+ $(,)?) => {
        mod memory { $(
            #[tokio::test]
            async fn $rule() {
                super::$rule(&super::MemoryStore::new(super::LIMITS, super::nobody())).await;
            }
        )+ }
        mod sqlite { $(
            #[tokio::test]
            async fn $rule() {
                let (store, _folder) = super::in_file(super::LATER);
                super::$rule(&store).await;
            }
        )+ }
        /// What came is moved to where it stays at once.
        mod sqlite_sorted { $(
            #[tokio::test]
            async fn $rule() {
                let (store, _folder) = super::in_file(std::time::Duration::ZERO);
                super::$rule(&store).await;
            }
        )+ }
    };
}

contract!(
    appends_in_order_and_returns_what_is_new,
    an_envelope_is_stored_once,
    a_cursor_stands_only_on_the_same_history,
    pages_and_says_when_more_waits,
    a_budget_bounds_an_answer,
    lists_ids_whatever_the_hash,
    a_missing_mailbox_is_named_and_the_rest_goes_on,
    a_full_mailbox_refuses_new_and_recognises_old,
    creating_is_idempotent_and_owned,
    creation_tokens_count_down,
    a_closed_relay_still_knows_its_mailboxes,
    trimming_keeps_places_and_the_kept,
    a_reader_at_the_trim_mark_goes_on_and_one_before_it_resyncs,
    trimming_makes_room,
    only_the_owner_trims_and_deletes,
    a_deleted_mailbox_starts_afresh,
    heads_name_the_newest_place,
    a_closed_store_takes_nothing,
);

const LATER: Duration = Duration::from_secs(3600);

/// How tests keep a database.
pub fn keeping() -> Keeping {
    Keeping { limits: LIMITS, max_bytes: 0, min_free: 0, mixing: LATER, commits: Commits::default() }
}

fn in_file(mixing: Duration) -> (SqliteStore, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let keeping = Keeping { mixing, ..keeping() };
    (SqliteStore::open(&folder.path().join("relay.db"), &keeping, nobody()).unwrap(), folder)
}

/// Nobody listens.
pub fn nobody() -> Grown {
    Arc::new(|_, _| {})
}

fn envelope(n: u32) -> NewEnvelope {
    let bytes = n.to_be_bytes().repeat(4);
    NewEnvelope { id: EnvelopeId::of(&bytes), bytes: bytes.into() }
}

fn id(n: u32) -> EnvelopeId {
    envelope(n).id
}

fn chain(ids: impl IntoIterator<Item = u32>) -> Cursor {
    ids.into_iter().fold(Cursor::default(), |cursor, n| cursor.then(id(n)))
}

fn work(cursor: Cursor, append: impl IntoIterator<Item = u32>, want: Want) -> Work {
    Work { mailbox: BOX, cursor, append: append.into_iter().map(envelope).collect(), want }
}

async fn sync(store: &dyn Store, work: Work) -> Done {
    store.sync(vec![work], BUDGET).await.unwrap().remove(0).unwrap()
}

async fn append(store: &dyn Store, numbers: impl IntoIterator<Item = u32>) -> Vec<Result<u64, ErrorCode>> {
    sync(store, work(Cursor::default(), numbers, Want::Nothing)).await.appended
}

async fn read(store: &dyn Store, cursor: Cursor) -> Done {
    sync(store, work(cursor, [], Want::Envelopes(1000))).await
}

async fn made(store: &dyn Store) {
    assert_eq!(store.create(BOX, OWNER, Admission::Open).await.unwrap(), Ok(Created::New));
}

fn seqs(done: &Done) -> Vec<u64> {
    done.entries.iter().map(|entry| entry.seq).collect()
}

async fn appends_in_order_and_returns_what_is_new(store: &dyn Store) {
    made(store).await;
    assert_eq!(append(store, [1, 2]).await, [Ok(1), Ok(2)]);
    let done = sync(store, work(chain([1]), [3], Want::Envelopes(10))).await;
    assert_eq!(done.appended, [Ok(3)]);
    assert!(done.stands && !done.more);
    assert_eq!(seqs(&done), [2, 3]);
    assert_eq!(done.entries[0].bytes.as_deref(), Some(&*envelope(2).bytes));
    assert_eq!((done.head, done.at), (chain([1, 2, 3]), chain([1, 2, 3])));
}

async fn an_envelope_is_stored_once(store: &dyn Store) {
    made(store).await;
    assert_eq!(append(store, [1, 1, 2, 1]).await, [Ok(1), Ok(1), Ok(2), Ok(1)]);
    assert_eq!(append(store, [2, 9]).await, [Ok(2), Ok(3)]);
    assert_eq!(append(store, [2, 3]).await, [Ok(2), Ok(4)]);
    assert_eq!(read(store, Cursor::default()).await.head, chain([1, 2, 9, 3]));
}

async fn a_cursor_stands_only_on_the_same_history(store: &dyn Store) {
    made(store).await;
    append(store, [1, 2, 3]).await;
    for good in [chain([]), chain([1]), chain([1, 2]), chain([1, 2, 3])] {
        assert!(read(store, good).await.stands);
    }
    let huge = Cursor { seq: u64::MAX, hash: [0; 32] };
    for bad in [chain([2]), chain([1, 3]), chain([1, 2, 4]), chain([1, 2, 3, 4]), huge] {
        let done = read(store, bad).await;
        assert!(!done.stands && done.entries.is_empty() && !done.more);
        assert_eq!((done.at, done.head), (bad, chain([1, 2, 3])));
        let appending = sync(store, work(bad, [1], Want::Nothing)).await;
        assert!(!appending.stands && appending.appended == [Ok(1)]);
    }
}

async fn pages_and_says_when_more_waits(store: &dyn Store) {
    made(store).await;
    append(store, 1..=5).await;
    let (mut cursor, mut seen) = (Cursor::default(), Vec::new());
    loop {
        let done = sync(store, work(cursor, [], Want::Envelopes(2))).await;
        seen.extend(seqs(&done));
        cursor = done.at;
        assert_eq!(cursor, chain(1..=seen.len() as u32));
        if !done.more {
            break;
        }
    }
    assert_eq!(seen, [1, 2, 3, 4, 5]);
}

async fn a_budget_bounds_an_answer(store: &dyn Store) {
    made(store).await;
    append(store, 1..=50).await;
    let both =
        vec![work(Cursor::default(), [], Want::Envelopes(100)), work(chain([1]), [], Want::Envelopes(100))];
    let done = store.sync(both, 1000).await.unwrap();
    let (first, second) = (done[0].clone().unwrap(), done[1].clone().unwrap());
    assert!(first.more && second.more);
    assert!((1..50).contains(&first.entries.len()) && second.entries.is_empty());
    assert_eq!(second.at, chain([1]));
}

async fn lists_ids_whatever_the_hash(store: &dyn Store) {
    made(store).await;
    append(store, [1, 2, 3]).await;
    let strange = Cursor { seq: 1, hash: [1; 32] };
    let done = sync(store, work(strange, [], Want::Ids(1))).await;
    assert!(!done.stands && done.more);
    assert_eq!((done.entries[0].id, done.entries[0].seq), (id(2), 2));
    assert_eq!(done.entries[0].bytes, None);
    assert_eq!(done.at, chain([1, 2]));
}

async fn a_missing_mailbox_is_named_and_the_rest_goes_on(store: &dyn Store) {
    made(store).await;
    let stranger = Work { mailbox: MailboxId([8; 32]), ..work(Cursor::default(), [1], Want::Envelopes(5)) };
    let mine = work(Cursor::default(), [1], Want::Envelopes(5));
    let done = store.sync(vec![stranger.clone(), mine, stranger], BUDGET).await.unwrap();
    assert!(done[0].is_none() && done[2].is_none());
    assert_eq!(done[1].as_ref().map(|done| done.appended.clone()), Some(vec![Ok(1)]));
}

async fn a_full_mailbox_refuses_new_and_recognises_old(store: &dyn Store) {
    made(store).await;
    let verdicts = append(store, 1..=101).await;
    assert_eq!(verdicts[99], Ok(100));
    assert_eq!(verdicts[100], Err(ErrorCode::MailboxFull));
    assert_eq!(append(store, [50, 200]).await, [Ok(50), Err(ErrorCode::MailboxFull)]);
    assert_eq!(read(store, Cursor::default()).await.head, chain(1..=100));
    let other = MailboxId([8; 32]);
    store.create(other, OWNER, Admission::Open).await.unwrap().unwrap();
    let fat = |n: u8| NewEnvelope { id: EnvelopeId([n; 32]), bytes: vec![n; 2000].into() };
    let big = Work {
        mailbox: other,
        append: [1, 2, 3].map(fat).into(),
        ..work(Cursor::default(), [], Want::Nothing)
    };
    let done = store.sync(vec![big], BUDGET).await.unwrap().remove(0).unwrap();
    assert_eq!(done.appended, [Ok(1), Ok(2), Err(ErrorCode::MailboxFull)]);
}

async fn creating_is_idempotent_and_owned(store: &dyn Store) {
    made(store).await;
    append(store, [1]).await;
    assert_eq!(store.create(BOX, OWNER, Admission::Open).await.unwrap(), Ok(Created::Already));
    assert_eq!(store.create(BOX, [1; 32], Admission::Open).await.unwrap(), Err(ErrorCode::Conflict));
    assert_eq!(read(store, Cursor::default()).await.head, chain([1]));
}

async fn creation_tokens_count_down(store: &dyn Store) {
    let token = [5; 32];
    let create = |n: u8| store.create(MailboxId([n; 32]), OWNER, Admission::Token(token));
    assert_eq!(create(1).await.unwrap(), Err(ErrorCode::CreationClosed));
    store.grant(token, 1).await.unwrap();
    store.grant(token, 1).await.unwrap();
    assert_eq!(create(1).await.unwrap(), Ok(Created::New));
    assert_eq!(create(1).await.unwrap(), Ok(Created::Already));
    assert_eq!(create(2).await.unwrap(), Ok(Created::New));
    assert_eq!(create(3).await.unwrap(), Err(ErrorCode::CreationClosed));
}

async fn a_closed_relay_still_knows_its_mailboxes(store: &dyn Store) {
    assert_eq!(store.create(BOX, OWNER, Admission::Closed).await.unwrap(), Err(ErrorCode::CreationClosed));
    made(store).await;
    assert_eq!(store.create(BOX, OWNER, Admission::Closed).await.unwrap(), Ok(Created::Already));
}

async fn trimming_keeps_places_and_the_kept(store: &dyn Store) {
    made(store).await;
    append(store, 1..=6).await;
    store.trim(BOX, OWNER, 4, vec![id(2), id(99)]).await.unwrap().unwrap();
    let done = read(store, Cursor::default()).await;
    assert!(done.stands);
    assert_eq!(seqs(&done), [2, 5, 6]);
    assert_eq!(append(store, [7]).await, [Ok(7)]);
    let first = sync(store, work(Cursor::default(), [], Want::Envelopes(1))).await;
    assert_eq!((first.at, first.more), (chain([1, 2]), true));
    assert_eq!(seqs(&read(store, first.at).await), [5, 6, 7]);
    store.trim(BOX, OWNER, u64::MAX, vec![]).await.unwrap().unwrap();
    let empty = read(store, Cursor::default()).await;
    assert!(empty.entries.is_empty() && empty.stands && !empty.more);
    assert_eq!(empty.at, chain(1..=7));
    assert_eq!(append(store, [8]).await, [Ok(8)]);
}

async fn a_reader_at_the_trim_mark_goes_on_and_one_before_it_resyncs(store: &dyn Store) {
    made(store).await;
    append(store, 1..=6).await;
    store.trim(BOX, OWNER, 4, vec![]).await.unwrap().unwrap();
    store.trim(BOX, OWNER, 2, vec![]).await.unwrap().unwrap();
    assert_eq!(seqs(&read(store, chain(1..=4)).await), [5, 6]);
    assert_eq!(seqs(&read(store, chain(1..=5)).await), [6]);
    assert!(!read(store, chain(1..=3)).await.stands);
    assert!(!read(store, Cursor { seq: 4, hash: [0; 32] }).await.stands);
}

async fn trimming_makes_room(store: &dyn Store) {
    made(store).await;
    append(store, 1..=100).await;
    store.trim(BOX, OWNER, 99, vec![id(1)]).await.unwrap().unwrap();
    let verdicts = append(store, 200..=298).await;
    assert_eq!(verdicts[97], Ok(198));
    assert_eq!(verdicts[98], Err(ErrorCode::MailboxFull));
}

async fn only_the_owner_trims_and_deletes(store: &dyn Store) {
    made(store).await;
    append(store, [1]).await;
    assert_eq!(store.trim(BOX, [1; 32], 1, vec![]).await.unwrap(), Err(ErrorCode::Forbidden));
    assert_eq!(store.delete(BOX, [1; 32]).await.unwrap(), Err(ErrorCode::Forbidden));
    let nowhere = MailboxId([8; 32]);
    assert_eq!(store.trim(nowhere, OWNER, 1, vec![]).await.unwrap(), Err(ErrorCode::NotFound));
    assert_eq!(store.delete(nowhere, OWNER).await.unwrap(), Err(ErrorCode::NotFound));
    assert_eq!(seqs(&read(store, Cursor::default()).await), [1]);
}

async fn a_deleted_mailbox_starts_afresh(store: &dyn Store) {
    made(store).await;
    append(store, [1, 2]).await;
    store.delete(BOX, OWNER).await.unwrap().unwrap();
    assert_eq!(store.sync(vec![work(chain([1]), [], Want::Nothing)], BUDGET).await.unwrap(), [None]);
    made(store).await;
    assert!(!read(store, chain([1])).await.stands);
    assert_eq!(append(store, [2]).await, [Ok(1)]);
}

async fn heads_name_the_newest_place(store: &dyn Store) {
    made(store).await;
    append(store, [1, 2]).await;
    assert_eq!(store.heads(vec![MailboxId([8; 32]), BOX]).await.unwrap(), [None, Some(2)]);
}

async fn a_closed_store_takes_nothing(store: &dyn Store) {
    made(store).await;
    store.ready().await.unwrap();
    store.close().await;
    assert!(store.sync(vec![work(Cursor::default(), [1], Want::Nothing)], BUDGET).await.is_err());
    assert!(store.ready().await.is_err());
}

/// Whoever listens hears of what is durable, and of nothing twice.
#[tokio::test]
async fn what_grew_is_told_once_it_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hears = || -> Grown {
        let heard = heard.clone();
        Arc::new(move |mailbox, seq| heard.lock().unwrap().push((mailbox, seq)))
    };
    let file = SqliteStore::open(&folder.path().join("relay.db"), &keeping(), hears()).unwrap();
    let memory = MemoryStore::new(LIMITS, hears());
    for store in [&file as &dyn Store, &memory] {
        made(store).await;
        append(store, [1, 2]).await;
        append(store, [2]).await;
        append(store, [3]).await;
        assert_eq!(std::mem::take(&mut *heard.lock().unwrap()), [(BOX, 2), (BOX, 3)]);
    }
}
