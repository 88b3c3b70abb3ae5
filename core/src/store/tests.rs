use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::native::{MemoryKeychain, Native};
use crate::platform::Host;

const KEY: DatabaseKey = DatabaseKey([7; 32]);

fn open(folder: &Path, key: &DatabaseKey, expect: Expect) -> Result<Store> {
    let host = Native::new(folder, MemoryKeychain::default())?;
    Store::open(host.open_database("store")?, key, expect)
}

fn filled() -> TempDir {
    let folder = TempDir::new().unwrap();
    let mut store = open(folder.path(), &KEY, Expect::New).unwrap();
    store
        .tx(|tx| {
            (0..200u8).try_for_each(|n| tx.set_setting(&format!("name {n}"), &[n; 500]))?;
            tx.add_change("plan", &[1; 32], b"change one")?;
            tx.add_intent("plan", &[1; 32])
        })
        .unwrap();
    folder
}

fn code<T>(result: Result<T>) -> &'static str {
    result.err().map_or("ok", |e| e.code)
}

/// Opening fails with `expected`, and the file is byte for byte what it was.
fn refused(folder: &Path, key: &DatabaseKey, expected: &str) {
    let before = fs::read(folder.join("store")).unwrap();
    assert_eq!(code(open(folder, key, Expect::Existing)), expected);
    assert!(fs::read(folder.join("store")).unwrap() == before, "{expected}: the file changed");
}

#[test]
fn what_was_written_is_there_after_reopening() {
    let folder = filled();
    let mut store = open(folder.path(), &KEY, Expect::Existing).unwrap();
    store
        .read(|tx| {
            assert_eq!(tx.setting("name 9")?, Some(vec![9; 500]));
            assert_eq!(tx.intents(10)?[0].bytes, b"change one");
            Ok::<_, Error>(())
        })
        .unwrap();
}

#[test]
fn a_failed_transaction_leaves_nothing() {
    let folder = filled();
    let mut store = open(folder.path(), &KEY, Expect::Existing).unwrap();
    let failed = store.tx(|tx| {
        tx.set_setting("half", b"done")?;
        Err::<(), _>(Error::new("stop", ""))
    });
    assert_eq!(code(failed), "stop");
    assert_eq!(store.read(|tx| tx.setting("half")).unwrap(), None);
}

#[test]
fn a_second_opening_is_refused_while_the_first_is_open() {
    let folder = filled();
    let _first = open(folder.path(), &KEY, Expect::Existing).unwrap();
    assert_eq!(code(open(folder.path(), &KEY, Expect::Existing)), "database-busy");
}

#[test]
fn wrong_key_and_foreign_files_are_refused_untouched() {
    let folder = filled();
    refused(folder.path(), &DatabaseKey([8; 32]), "database-damaged");
    fs::write(folder.path().join("store"), b"A shopping list, not a database. ".repeat(300)).unwrap();
    refused(folder.path(), &KEY, "database-damaged");
    fs::remove_file(folder.path().join("store")).unwrap();
    Connection::open(folder.path().join("store")).unwrap().execute_batch("CREATE TABLE plain (x)").unwrap();
    refused(folder.path(), &KEY, "database-damaged");
}

#[test]
fn truncated_files_are_refused_untouched() {
    let folder = filled();
    let whole = fs::read(folder.path().join("store")).unwrap();
    for length in [0, 1, 16, 100, 4095, 4096, 8192, whole.len() / 2, whole.len() - 4096, whole.len() - 1] {
        fs::write(folder.path().join("store"), &whole[..length]).unwrap();
        refused(folder.path(), &KEY, "database-damaged");
    }
}

#[test]
fn a_flipped_bit_anywhere_in_use_is_refused_untouched() {
    let folder = filled();
    let whole = fs::read(folder.path().join("store")).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 60) {
        let mut bent = whole.clone();
        bent[at] ^= 1;
        fs::write(folder.path().join("store"), &bent).unwrap();
        refused(folder.path(), &KEY, "database-damaged");
    }
}

#[test]
fn a_newer_schema_is_refused_untouched() {
    let folder = filled();
    let store = open(folder.path(), &KEY, Expect::Existing).unwrap();
    store.conn.pragma_update(None, "user_version", migrations::LATEST + 1).unwrap();
    drop(store);
    refused(folder.path(), &KEY, "database-newer");
}

#[test]
fn every_older_version_is_brought_up_with_its_rows() {
    for version in 1..=migrations::LATEST {
        let folder = TempDir::new().unwrap();
        let host = Native::new(folder.path(), MemoryKeychain::default()).unwrap();
        let mut conn = host.open_database("store").unwrap();
        unlock(&conn, &KEY).unwrap();
        migrations::run_to(&mut conn, 0, version).unwrap();
        conn.execute("INSERT INTO setting VALUES ('kept', x'01')", ()).unwrap();
        drop(conn);
        let mut store = open(folder.path(), &KEY, Expect::Existing).unwrap();
        assert_eq!(store.read(|tx| tx.setting("kept")).unwrap(), Some(vec![1]), "from version {version}");
    }
}

#[test]
fn a_full_disk_changes_nothing() {
    let folder = filled();
    let mut store = open(folder.path(), &KEY, Expect::Existing).unwrap();
    let pages: i64 = store.conn.query_row("PRAGMA page_count", (), |row| row.get(0)).unwrap();
    store.conn.pragma_update(None, "max_page_count", pages).unwrap();
    let full = store.tx(|tx| {
        tx.set_setting("name 0", b"replaced")?;
        tx.set_setting("big", &vec![1; 100_000])
    });
    assert_eq!(code(full), "disk-full");
    assert_eq!(store.read(|tx| tx.setting("name 0")).unwrap(), Some(vec![0; 500]));
    store.tx(|tx| tx.set_setting("name 0", b"small")).unwrap();
}

#[test]
fn a_folded_change_stays_until_it_is_exchanged() {
    let folder = filled();
    let mut store = open(folder.path(), &KEY, Expect::Existing).unwrap();
    store.tx(|tx| tx.add_change("plan", &[2; 32], b"from elsewhere")).unwrap();
    store.tx(|tx| tx.fold("plan", b"snapshot")).unwrap();
    let saved = store.read(|tx| tx.document("plan")).unwrap();
    let snapshot = Some(b"snapshot".to_vec());
    assert_eq!(saved, documents::Saved { snapshot, ..documents::Saved::default() });
    let waiting = store.read(|tx| tx.intents(10)).unwrap();
    assert_eq!((waiting.len(), waiting[0].bytes.as_slice()), (1, b"change one".as_slice()));
    store.tx(|tx| tx.intent_done(waiting[0].seq)).unwrap();
    let left: i64 = store.conn.query_row("SELECT count(*) FROM change", (), |row| row.get(0)).unwrap();
    assert_eq!((left, store.read(|tx| tx.intent_count()).unwrap()), (0, 0));
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = filled();
    let _open = open(folder.path(), &KEY, Expect::Existing).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder.path()), 0o700);
    for entry in fs::read_dir(folder.path()).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
}

/// Before there were several spaces, what belonged to the one had no name on it.
#[test]
fn what_belonged_to_the_only_space_still_does() {
    let folder = TempDir::new().unwrap();
    let host = Native::new(folder.path(), MemoryKeychain::default()).unwrap();
    let mut conn = host.open_database("store").unwrap();
    unlock(&conn, &KEY).unwrap();
    migrations::run_to(&mut conn, 0, 3).unwrap();
    let (space, epoch, writer) = ([0xab; 32], [1; 16], [2; 16]);
    conn.execute("INSERT INTO epoch (id, space, secret, known_at) VALUES (?1, ?2, ?2, 0)", (epoch, space))
        .unwrap();
    let sql = "INSERT INTO item (id, epoch, envelope, device, writer, seq, lamport, kind, key, signed, state, came_at)
               VALUES (?2, ?1, ?2, ?2, ?3, 4, 4, 1, x'', x'', 1, 0)";
    conn.execute(sql, (epoch, [3; 32], writer)).unwrap();
    conn.execute("INSERT INTO covered (writer, seq) VALUES (?1, 3)", [writer]).unwrap();
    conn.execute("INSERT INTO setting (name, value) VALUES ('space.write', ?1)", [epoch]).unwrap();
    drop(conn);

    let mut store = open(folder.path(), &KEY, Expect::Existing).unwrap();
    let (here, elsewhere) = store
        .read(|tx| {
            assert_eq!(tx.setting(&format!("space.write.{}", "ab".repeat(32)))?, Some(epoch.to_vec()));
            let count = |space| {
                Ok::<_, Error>((tx.within(space).all_items()?.len(), tx.within(space).covered(&writer)?))
            };
            Ok::<_, Error>((count(space)?, count([0; 32])?))
        })
        .unwrap();
    assert_eq!((here, elsewhere), ((1, 3), (0, 0)));
}
