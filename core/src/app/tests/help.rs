//! Calls for help between people, and what blocking does.

use trellis_api_types::Id;
use trellis_api_types::app::Event;
use trellis_api_types::circle::{CircleEdit, CircleSave, HelpWord, PostKind};
use trellis_api_types::need::{NeedAsk, NeedGet, NeedKeep, NeedOkay, OwnCall};
use trellis_api_types::people::{PersonSave, PersonSpaces, Role};
use trellis_api_types::sharing::SharingGet;
use trellis_api_types::today::{TodayCall, TodayGet};

use super::together::Together;

/// Two people in a pair: the space, and each other's account.
fn two() -> (Together, Id, [Id; 2]) {
    let mut all = Together::of(&["Ruth", "Sam"], "2026-03-05");
    let space = all.pair((Role::Sponsor, Role::Sponsee));
    let others = [all.other(1, &space), all.other(0, &space)];
    (all, space, others)
}

fn ask(all: &mut Together, n: usize, to: &Id) -> Id {
    let id = all.id();
    let ask = NeedAsk { id: id.clone(), to: vec![to.clone()], text: "Please call".into() };
    all.apps[n].need_ask(ask.clone()).unwrap();
    all.apps[n].need_ask(ask).unwrap();
    all.exchange();
    id
}

fn calls(all: &mut Together, n: usize) -> Vec<TodayCall> {
    all.apps[n].today_get(TodayGet {}).unwrap().calls
}

fn own(all: &mut Together, n: usize) -> Option<OwnCall> {
    let call = all.apps[n].need_get(NeedGet {}).unwrap().call;
    assert_eq!(all.apps[n].today_get(TodayGet {}).unwrap().own_call, call, "Today shows it too");
    call
}

fn answer(all: &mut Together, n: usize, call: &TodayCall, word: HelpWord) {
    let TodayCall { space, key, account, .. } = call.clone();
    let phone = "555 0142".to_owned();
    let edit = CircleEdit::AnswerHelp { account, key, word, text: String::new(), phone };
    all.apps[n].circle_save(CircleSave { space, edit }).unwrap();
    all.exchange();
}

#[test]
fn that_a_call_went_out_is_news_for_the_one_who_asks() {
    let (mut all, _, [ruth, _]) = two();
    let ask = NeedAsk { id: all.id(), to: vec![ruth], text: String::new() };
    all.apps[1].need_ask(ask).unwrap();
    all.apps[1].exchange_news().unwrap();
    assert!(own(&mut all, 1).unwrap().only_here);
    all.exchange_of(1);
    assert!(all.apps[1].exchange_news().unwrap().contains(&Event::Data));
    assert!(!own(&mut all, 1).unwrap().only_here);
}

#[test]
fn a_call_stands_on_today_until_it_is_over_and_the_answers_arrive() {
    let (mut all, space, [ruth, _]) = two();
    let people = all.apps[1].need_get(NeedGet {}).unwrap().people;
    assert_eq!(
        people.iter().map(|one| (one.person.name.as_str(), one.chosen)).collect::<Vec<_>>(),
        [("First", true)]
    );
    ask(&mut all, 1, &ruth);
    let call = calls(&mut all, 0).remove(0);
    assert_eq!((call.space.as_str(), call.name.as_str(), call.word), (space.as_str(), "Second", None));
    assert_eq!(calls(&mut all, 1), [], "one's own call is no call to oneself");
    for word in [HelpWord::Seen, HelpWord::CannotNow, HelpWord::Coming, HelpWord::CallMe] {
        answer(&mut all, 0, &call, word);
        let helper = own(&mut all, 1).unwrap().helpers.remove(0);
        let phone = (word == HelpWord::CallMe).then(|| "555 0142".to_owned());
        assert_eq!((helper.word, helper.phone), (Some(word), phone));
        assert_eq!(calls(&mut all, 0)[0].word, Some(word));
    }
    let key = own(&mut all, 1).unwrap().key;
    all.apps[1].need_okay(NeedOkay { key: key.clone() }).unwrap();
    all.exchange();
    assert_eq!((calls(&mut all, 0), own(&mut all, 1)), (vec![], None));
    let again = all.apps[1].need_okay(NeedOkay { key });
    assert_eq!(again.unwrap_err().code, "not-found");
}

#[test]
fn who_was_chosen_stays_chosen_and_nobody_else_is_asked() {
    let (mut all, _, [ruth, _]) = two();
    let stranger = "0".repeat(64);
    let id = all.id();
    let to_nobody = NeedAsk { id, to: vec![stranger.clone()], text: String::new() };
    assert_eq!(all.apps[1].need_ask(to_nobody).unwrap_err().code, "no-helpers");
    all.apps[1].need_keep(NeedKeep { to: vec![stranger] }).unwrap();
    assert!(!all.apps[1].need_get(NeedGet {}).unwrap().people[0].chosen);
    ask(&mut all, 1, &ruth);
    assert!(all.apps[1].need_get(NeedGet {}).unwrap().people[0].chosen);
}

fn block(all: &mut Together, n: usize, account: &Id, blocked: bool) {
    let save = PersonSave { account: account.clone(), phone: None, blocked: Some(blocked) };
    all.apps[n].person_save(save).unwrap();
    all.exchange();
}

fn shares(all: &mut Together, n: usize, with: &Id) -> Vec<bool> {
    let spaces = all.apps[n].person_spaces(PersonSpaces { account: with.clone() }).unwrap();
    spaces.into_iter().map(|place| place.shares).collect()
}

#[test]
fn blocking_ends_sharing_in_a_pair_and_takes_them_out_of_every_list_of_helpers() {
    let (mut all, space, [ruth, sam]) = two();
    all.consents(1, &space);
    assert_eq!(shares(&mut all, 1, &ruth), [true]);
    block(&mut all, 1, &ruth, true);
    assert_eq!(shares(&mut all, 1, &ruth), [false]);
    let others = all.apps[0].sharing_get(SharingGet { space: space.clone() }).unwrap().others;
    let stands = others[0].versions.iter().find(|version| version.stands).unwrap();
    assert_eq!(stands.terms.as_ref().map(|terms| terms.fields.len()), Some(0), "the other side sees it");
    assert_eq!(all.apps[1].need_get(NeedGet {}).unwrap().people, []);
    let id = all.id();
    let ask_her = NeedAsk { id, to: vec![ruth.clone()], text: String::new() };
    assert_eq!(all.apps[1].need_ask(ask_her).unwrap_err().code, "no-helpers");
    ask(&mut all, 0, &sam);
    assert_eq!(calls(&mut all, 1), [], "no call of somebody who is blocked");
    block(&mut all, 1, &ruth, false);
    assert_eq!(shares(&mut all, 1, &ruth), [false], "sharing begins again by a new yes only");
    assert_eq!(calls(&mut all, 1).len(), 1);
}

#[test]
fn who_was_blocked_is_chosen_again_by_hand_only() {
    let (mut all, _, [ruth, _]) = two();
    all.apps[1].need_keep(NeedKeep { to: vec![ruth.clone()] }).unwrap();
    block(&mut all, 1, &ruth, true);
    // A page that was open before the block keeps its list.
    all.apps[1].need_keep(NeedKeep { to: vec![ruth.clone()] }).unwrap();
    block(&mut all, 1, &ruth, false);
    assert!(!all.apps[1].need_get(NeedGet {}).unwrap().people[0].chosen);
    all.apps[1].need_keep(NeedKeep { to: vec![ruth] }).unwrap();
    assert!(all.apps[1].need_get(NeedGet {}).unwrap().people[0].chosen);
}

#[test]
fn what_is_no_call_does_not_stand_on_today() {
    let (mut all, space, _) = two();
    let edit = CircleEdit::Post { id: all.id(), kind: PostKind::Setback, text: "A hard day".into() };
    all.apps[1].circle_save(CircleSave { space, edit }).unwrap();
    all.exchange();
    assert_eq!(calls(&mut all, 0), []);
}
