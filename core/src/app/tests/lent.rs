//! Whoever only looks at an invitation leaves nothing at its server.

use trellis_api_types::app::{AppLock, AppUnlock};
use trellis_api_types::devices::PairingOfferStart;
use trellis_api_types::joining::{AskAnswer, JoinAsk, JoinDrop, JoinGet, JoinLook, JoinState};
use trellis_api_types::people::{Role, SpaceGet, SpaceKind, SpaceMake};
use trellis_api_types::settings::Language;
use trellis_api_types::sync::{RelayChoice, RelayGet, RelaySave, SyncGet, SyncState};
use trellis_protocol::wire::SyncRequest;

use super::together::Together;
use crate::crypto::Secret;
use crate::crypto::invite::JoinCode;
use crate::sync::relay_choice;
use crate::sync::{Next, Pause};

/// Ana, who has invited so often into one group, and Ben, who has a proxy and no relay.
fn invited(times: usize) -> (Together, String, Vec<String>) {
    let mut all = Together::of(&["Ana"], "2026-03-02");
    let space = all.fresh(SpaceKind::Group, Role::Peer);
    let links = (0..times).map(|_| all.invite(0, &space, Role::Peer)).collect();
    all.exchange();
    all.starts("Ben");
    all.apps[1].relay_save(RelaySave { relay: before() }).unwrap();
    (all, space, links)
}

/// What Ben has chosen.
fn before() -> RelayChoice {
    RelayChoice {
        address: String::new(),
        creation_token: "mine".into(),
        socks_proxy: "127.0.0.1:9050".into(),
    }
}

fn choice(all: &mut Together) -> RelayChoice {
    all.apps[1].relay_get(RelayGet {}).unwrap()
}

/// The server that is called.
fn called(all: &mut Together) -> RelayChoice {
    all.apps[1].session().unwrap().read(|tx, _| relay_choice::choice(tx)).unwrap()
}

fn look(all: &mut Together, link: &str) -> String {
    let id = all.id();
    all.apps[1].join_look(JoinLook { id: id.clone(), code: link.to_owned() }).unwrap();
    id
}

fn state(all: &mut Together, id: &str) -> JoinState {
    all.apps[1].join_get(JoinGet { id: id.to_owned() }).unwrap().state
}

fn leave(all: &mut Together, id: &str) {
    all.apps[1].join_drop(JoinDrop { id: id.to_owned() }).unwrap();
}

/// Ben exchanges. The relay hears of no mailbox but that of the link, and gets nothing.
fn only_looks(all: &mut Together, link: &str) {
    let (boxes, heard) = (all.relay().boxes.len(), all.relay().heard.len());
    let mailbox = JoinCode::parse(link).unwrap().mailbox();
    all.exchange_of(1);
    for body in &all.relay().heard[heard..] {
        let asked: SyncRequest = minicbor::decode(body).unwrap();
        assert!(asked.mailboxes.iter().all(|it| it.token.mailbox() == mailbox && it.append.is_empty()));
    }
    assert_eq!(all.relay().boxes.len(), boxes);
    assert!(is_quiet(all), "no line is open");
}

fn is_quiet(all: &mut Together) -> bool {
    matches!(all.apps[1].exchange_next().unwrap(), Next::Idle(Pause { listen: None, .. }))
}

#[test]
fn looking_at_an_invitation_leaves_nothing_at_its_server() {
    let (mut all, _, links) = invited(1);
    let id = look(&mut all, &links[0]);
    only_looks(&mut all, &links[0]);
    assert_eq!(state(&mut all, &id), JoinState::Offered);
    let line = all.apps[1].sync_get(SyncGet {}).unwrap();
    assert_eq!((line.relay, line.state, line.exchanged_at), (false, SyncState::Off, None));
    let lent =
        RelayChoice { address: "https://relay.example/".into(), creation_token: String::new(), ..before() };
    assert_eq!((called(&mut all), choice(&mut all)), (lent, before()), "what is lent is not chosen");
    all.apps[1].app_lock(AppLock {}).unwrap();
    assert!(is_quiet(&mut all));
    all.apps[1].app_unlock(AppUnlock { passphrase: None }).unwrap();
    only_looks(&mut all, &links[0]);
    leave(&mut all, &id);
    assert_eq!([called(&mut all), choice(&mut all)], [before(), before()]);
    only_looks(&mut all, &links[0]);
}

#[test]
fn an_invitation_that_was_found_is_not_looked_for_again() {
    let (mut all, _, links) = invited(1);
    let id = look(&mut all, &links[0]);
    all.exchange_of(1);
    let heard = all.relay().heard.len();
    for _ in 0..3 {
        all.pass(24 * 3_600_000);
        all.apps[1].app_lock(AppLock {}).unwrap();
        all.apps[1].app_unlock(AppUnlock { passphrase: None }).unwrap();
        all.exchange_of(1);
    }
    assert_eq!(all.relay().heard.len(), heard, "its server hears no more of where Ben is");
    all.apps[1].join_ask(JoinAsk { id, name: "Ben".into() }).unwrap();
    all.exchange_of(1);
    assert!(all.relay().heard.len() > heard);
}

#[test]
fn a_way_to_servers_is_chosen_without_taking_the_one_that_is_lent() {
    let (mut all, _, links) = invited(1);
    let id = look(&mut all, &links[0]);
    let other = RelayChoice { socks_proxy: "127.0.0.1:9150".into(), ..before() };
    all.apps[1].relay_save(RelaySave { relay: other.clone() }).unwrap();
    assert_eq!(choice(&mut all), other);
    assert_eq!(
        (called(&mut all).address.as_str(), called(&mut all).socks_proxy),
        ("https://relay.example/", other.socks_proxy.clone())
    );
    only_looks(&mut all, &links[0]);
    leave(&mut all, &id);
    assert_eq!(called(&mut all), other);
}

#[test]
fn where_nothing_is_looked_for_any_more_another_link_lends_its_own() {
    let (mut all, _, links) = invited(1);
    let id = look(&mut all, &links[0]);
    all.exchange_of(1);
    let code = JoinCode::parse(&links[0]).unwrap();
    let elsewhere = JoinCode::new(Secret::new([5; 16]), Some("https://other.example".into())).to_link();
    let again = all.id();
    let looked = all.apps[1].join_look(JoinLook { id: again.clone(), code: elsewhere.clone() });
    assert_eq!(looked.map_err(|e| e.code), Err("other-relay"), "one that stands is not left");
    all.apps[1]
        .session()
        .unwrap()
        .tx(|tx, _| {
            let mut row = tx.rendezvous(&id)?.unwrap();
            assert_eq!(row.mailbox, code.mailbox());
            (row.over, row.failed) = (true, Some("expired".into()));
            tx.put_rendezvous(&row)
        })
        .unwrap();
    all.apps[1].join_look(JoinLook { id: again, code: elsewhere }).unwrap();
    assert_eq!(called(&mut all).address, "https://other.example/");
}

#[test]
fn whoever_asks_to_join_takes_the_server_of_the_invitation() {
    let (mut all, space, links) = invited(2);
    let [one, other] = [0, 1].map(|n| look(&mut all, &links[n]));
    all.exchange_of(1);
    leave(&mut all, &one);
    assert_eq!(called(&mut all).address, "https://relay.example/", "the other one is looked for");
    let boxes = all.relay().boxes.len();
    all.apps[1].join_ask(JoinAsk { id: other.clone(), name: "Ben".into() }).unwrap();
    all.exchange();
    assert!(all.relay().boxes.len() > boxes && all.apps[1].sync_get(SyncGet {}).unwrap().relay);
    let ask = all.apps[0].space_get(SpaceGet { space: space.clone() }).unwrap().asks.remove(0);
    all.apps[0].ask_answer(AskAnswer { id: ask.id, let_in: true }).unwrap();
    all.exchange();
    assert_eq!(state(&mut all, &other), JoinState::Joined { space });
    leave(&mut all, &other);
    let kept = choice(&mut all);
    assert_eq!((kept.address.as_str(), kept.socks_proxy), ("https://relay.example/", before().socks_proxy));
}

#[test]
fn a_server_that_is_lent_serves_nothing_else() {
    let (mut all, _, links) = invited(1);
    let relay = RelayChoice { address: "https://relay.example".into(), ..before() };
    all.apps[1].relay_save(RelaySave { relay }).unwrap();
    let (id, kind, my_name) = (all.id(), SpaceKind::Pair, "Ben".to_owned());
    let make = SpaceMake { id, kind, name: String::new(), role: Role::Peer, my_name };
    let space = all.apps[1].space_make(make).unwrap();
    let own = all.invite(1, &space, Role::Peer);
    all.apps[1].pairing_offer(PairingOfferStart { proof: None }).unwrap();
    all.apps[1].relay_save(RelaySave { relay: before() }).unwrap();
    look(&mut all, &links[0]);
    only_looks(&mut all, &links[0]);
    let offered = all.apps[1].pairing_offer(PairingOfferStart { proof: None });
    assert_eq!(offered.map_err(|e| e.code).err(), Some("no-relay"));
    let words = JoinCode::parse(&own).unwrap().to_words().say(Language::En);
    let id = all.id();
    let looked = all.apps[1].join_look(JoinLook { id, code: words.join(" ") });
    assert_eq!(looked.map_err(|e| e.code), Err("no-relay"));
}
