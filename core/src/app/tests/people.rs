//! Spaces as the list shows them.

use trellis_api_types::people::{Role, SpaceGet};
use trellis_api_types::sync::SyncNow;

use super::together::Together;

#[test]
fn a_space_that_is_still_coming_is_not_shown_as_over() {
    let mut all = Together::of(&["Ana", "Ben"], "2026-03-02");
    let (space, _) = all.asked((Role::Peer, Role::Peer));
    while all.step(0) {}
    all.drop_by_drop();
    all.apps[1].sync_now(SyncNow {}).unwrap();
    let mut arriving = 0;
    while all.step(1) {
        let Ok(shown) = all.apps[1].space_get(SpaceGet { space: space.clone() }) else { continue };
        arriving += u32::from(shown.row.arriving);
        assert!(!shown.row.ended, "it says that it is over");
    }
    assert!(arriving > 0, "it came all at once");
    all.exchange();
    let row = all.apps[1].space_get(SpaceGet { space }).unwrap().row;
    assert!(!row.arriving && !row.ended && row.people.len() == 2);
}
