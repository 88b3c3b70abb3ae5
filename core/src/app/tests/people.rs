//! Spaces as the list shows them, and who asks to be let in.

use trellis_api_types::joining::{JoinAsk, JoinLook};
use trellis_api_types::people::{PersonSave, Role, SpaceGet, SpaceKind};
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

#[test]
fn who_is_blocked_is_known_though_they_ask_under_another_name() {
    let mut all = Together::of(&["Ana", "Ben"], "2026-03-02");
    let pair = all.pair((Role::Peer, Role::Peer));
    let account = all.other(0, &pair);
    let group = all.fresh(SpaceKind::Group, Role::Facilitator);
    let code = all.invite(0, &group, Role::Peer);
    all.exchange();
    let id = all.id();
    all.apps[1].join_look(JoinLook { id: id.clone(), code }).unwrap();
    all.exchange();
    all.apps[1].join_ask(JoinAsk { id, name: "Lena".into() }).unwrap();
    all.exchange();
    for blocked in [false, true] {
        let save = PersonSave { account: account.clone(), phone: None, blocked: Some(blocked) };
        all.apps[0].person_save(save).unwrap();
        let asks = all.apps[0].space_get(SpaceGet { space: group.clone() }).unwrap().asks;
        assert_eq!((asks[0].name.as_str(), asks[0].blocked), ("Lena", blocked));
    }
}
