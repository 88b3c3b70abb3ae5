//! Spaces as the list shows them, and who asks to be let in.

use trellis_api_types::circle::{CircleEdit, CircleGet, CircleSave, Resource};
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
        let name = if blocked { "Second" } else { "Lena" };
        assert_eq!((asks[0].name.as_str(), asks[0].blocked), (name, blocked), "no new name is a message");
    }
}

#[test]
fn the_board_of_somebody_who_is_blocked_gives_way_to_what_stood_before() {
    let mut all = Together::of(&["Ana", "Ben"], "2026-03-02");
    let space = all.pair((Role::Peer, Role::Peer));
    let save = |all: &mut Together, n: usize, edit| {
        all.apps[n].circle_save(CircleSave { space: space.clone(), edit }).unwrap();
        all.exchange();
    };
    save(&mut all, 0, CircleEdit::AskFocus { question: "What helped?".into() });
    save(&mut all, 1, CircleEdit::AskFocus { question: "canary".into() });
    let resource = Resource { id: all.id(), title: "canary".into(), detail: String::new() };
    save(&mut all, 1, CircleEdit::PutResource(resource));
    let kept = Resource { id: all.id(), title: "Pantry".into(), detail: String::new() };
    save(&mut all, 0, CircleEdit::PutResource(kept.clone()));
    save(&mut all, 1, CircleEdit::RemoveResource(kept.id.clone()));
    let (account, blocked) = (all.other(0, &space), Some(true));
    all.apps[0].person_save(PersonSave { account, phone: None, blocked }).unwrap();
    let seen = all.apps[0].circle_get(CircleGet { space: space.clone(), limit: 9 }).unwrap();
    assert_eq!((seen.focus.unwrap().question.as_str(), seen.resources), ("What helped?", vec![kept.clone()]));
    save(&mut all, 0, CircleEdit::RemoveResource(kept.id));
    let seen = all.apps[0].circle_get(CircleGet { space: space.clone(), limit: 9 }).unwrap();
    assert_eq!(seen.resources, [], "whoever is hidden keeps nothing from changing");
    save(&mut all, 0, CircleEdit::AskFocus { question: "And today?".into() });
    let asked = all.apps[1].circle_get(CircleGet { space, limit: 9 }).unwrap().focus.unwrap().question;
    assert_eq!(asked, "And today?", "what Ana writes stands over what she does not see");
}
