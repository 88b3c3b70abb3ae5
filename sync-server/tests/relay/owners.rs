//! Who owns the files that a task makes: the relay runs as somebody else than root.

use std::fs::{Permissions, metadata, set_permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

use tempfile::TempDir;

use crate::process::{Process, database, task};

#[test]
fn what_is_restored_keeps_the_mode_and_the_owner_of_what_was_there() {
    let folder = TempDir::new().unwrap();
    let (base, copy) = (database(&folder), folder.path().join("copy.db"));
    drop(Process::serve(&folder, &[]));
    let (named, copy) = (base.to_str().unwrap(), copy.to_str().unwrap());
    task(&["backup", copy, "--database", named]);
    let root = metadata(&base).unwrap().uid() == 0;
    if root {
        chown(&base, Some(1234), Some(1235)).unwrap();
    }
    set_permissions(&base, Permissions::from_mode(0o640)).unwrap();
    task(&["restore", copy, "--database", named]);
    let restored = metadata(&base).unwrap();
    assert_eq!(restored.mode() & 0o777, 0o640);
    assert!(!root || (restored.uid(), restored.gid()) == (1234, 1235));
}

#[test]
fn what_root_makes_belongs_to_the_owner_of_the_folder() {
    let folder = TempDir::new().unwrap();
    drop(Process::serve(&folder, &[]));
    let state = folder.path().join("state");
    std::fs::create_dir(&state).unwrap();
    // Nobody but root can give a file away.
    if metadata(&state).unwrap().uid() != 0 {
        return;
    }
    chown(&state, Some(1234), Some(1235)).unwrap();
    let (copy, base) = (state.join("copy.db"), state.join("relay.db"));
    task(&["backup", copy.to_str().unwrap(), "--database", database(&folder).to_str().unwrap()]);
    task(&["restore", copy.to_str().unwrap(), "--database", base.to_str().unwrap()]);
    let made: Vec<_> = std::fs::read_dir(&state).unwrap().map(|file| file.unwrap()).collect();
    assert!(made.len() >= 3, "copy, database and lock");
    assert!(made.iter().all(|file| file.metadata().unwrap().uid() == 1234), "{made:?}");
}
