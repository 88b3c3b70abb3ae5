//! What people type, paste and copy: words in their language, links inside messages, names.

use trellis_api_types::devices::{PhraseCheck, PhraseConfirm, PhraseShow};
use trellis_api_types::joining::{InviteMake, JoinAsk, JoinDrop, JoinGet, JoinLook, JoinState};
use trellis_api_types::people::{People, PeopleGet, Role, SafetyWords, SpaceGet, SpaceKind, SpaceMake};
use trellis_api_types::settings::{SettingsEdit, SettingsGet, SettingsSave};
use trellis_api_types::sharing::GoalChoice;
use trellis_api_types::sync::{RelayChoice, RelaySave, SyncNow};

use super::together::Together;
use super::*;
use crate::sync::relay_choice;

fn speak<H: Host>(app: &mut App<H>, language: Language) {
    app.settings_save(SettingsSave { edit: SettingsEdit::Language(language) }).unwrap();
}

/// A pair of the first person, and the invitation into it: link and words.
fn invited(all: &mut Together) -> (String, String, Vec<String>) {
    let (id, kind, my_name) = (all.id(), SpaceKind::Pair, "Ana".to_owned());
    let make = SpaceMake { id, kind, name: String::new(), role: Role::Peer, my_name };
    let space = all.apps[0].space_make(make).unwrap();
    all.exchange();
    let (id, goals, purpose) = (all.id(), GoalChoice::None, String::new());
    let (role, fields) = (Role::Peer, vec![]);
    let args = InviteMake { id, space: space.clone(), role, fields, goals, purpose, single: true, days: 7 };
    let invite = all.apps[0].invite_make(args).unwrap();
    all.exchange();
    (space, invite.link, invite.words)
}

fn look(all: &mut Together, code: &str) -> Result<String, &'static str> {
    let id = all.id();
    let looked = all.apps[1].join_look(JoinLook { id: id.clone(), code: code.into() });
    looked.map(|()| id).map_err(|e| e.code)
}

fn finds(all: &mut Together, code: &str) {
    let id = look(all, code).unwrap_or_else(|e| panic!("{e}: {code}"));
    all.exchange();
    assert_eq!(all.apps[1].join_get(JoinGet { id }).unwrap().state, JoinState::Offered, "{code}");
}

#[test]
fn the_24_words_are_in_the_persons_language_and_typed_in_any() {
    let (_folder, mut app) = started();
    let english = app.phrase_show(PhraseShow { proof: None }).unwrap();
    speak(&mut app, Language::Es);
    let spanish = app.phrase_show(PhraseShow { proof: None }).unwrap();
    assert_eq!((english.len(), spanish.len()), (24, 24));
    assert!(english.iter().zip(&spanish).all(|(one, other)| one != other));
    let asked = app.phrase_check(PhraseCheck {}).unwrap();
    let typed = |words: &[String], write: fn(u8, &str) -> String| {
        asked.iter().map(|at| (*at, write(*at, &words[usize::from(*at) - 1]))).collect()
    };
    let wrong = app.phrase_confirm(PhraseConfirm { words: typed(&spanish, |_, word| format!("{word}x")) });
    assert_eq!(wrong.map_err(|e| e.code), Err("phrase-mismatch"));
    let one = typed(&english[..], |at, word| format!(" {at}. {},", word.to_uppercase()));
    app.phrase_confirm(PhraseConfirm { words: one }).unwrap();
}

#[test]
fn an_invitation_is_found_in_what_a_messenger_makes_of_it() {
    let mut all = Together::of(&["Ana", "Ben"], "2026-03-02");
    speak(&mut all.apps[0], Language::Es);
    let (_, link, words) = invited(&mut all);
    let numbered: Vec<String> = words.iter().zip(1..).map(|(word, n)| format!("{n} {word}")).collect();
    for code in [
        format!("{link})"),
        format!("Hola Ben, mira: <{link}>. ¡Nos vemos!"),
        format!("*{link}*\u{200b}"),
        numbered.join("\n"),
        words.join(", ").to_uppercase() + ".",
    ] {
        finds(&mut all, &code);
    }
    assert_eq!(look(&mut all, "trellis:join#12").err(), Some("bad-code"));
    assert_eq!(look(&mut all, "https://example.org/").err(), Some("bad-code"));
}

#[test]
fn the_relay_of_a_link_is_kept_once_it_has_answered() {
    let mut all = Together::of(&["Ana", "Ben"], "2026-03-02");
    let (_, link, _) = invited(&mut all);
    let address = |all: &mut Together| {
        all.apps[1].session().unwrap().read(|tx, _| relay_choice::choice(tx)).unwrap().address
    };
    all.apps[1].relay_save(RelaySave { relay: RelayChoice::default() }).unwrap();
    let wrong = link.replace("relay.example", "relay.exmaple");
    let id = look(&mut all, &wrong).unwrap();
    assert_eq!(address(&mut all), "https://relay.exmaple/");
    // It has not answered: dropping the invitation drops it, and another link takes its place.
    all.apps[1].join_drop(JoinDrop { id }).unwrap();
    assert_eq!(address(&mut all), "");
    look(&mut all, &wrong).unwrap();
    finds(&mut all, &format!("{link})"));
    assert_eq!(address(&mut all), "https://relay.example/");
    assert_eq!(look(&mut all, &wrong).err(), Some("other-relay"));
}

#[test]
fn a_relay_that_only_refuses_has_not_answered() {
    let mut all = Together::of(&["Ana", "Ben"], "2026-03-02");
    let (_, link, _) = invited(&mut all);
    let address = |all: &mut Together| {
        all.apps[1].session().unwrap().read(|tx, _| relay_choice::choice(tx)).unwrap().address
    };
    all.apps[1].relay_save(RelaySave { relay: RelayChoice::default() }).unwrap();
    let id = look(&mut all, &format!("Hola: {link}gracias")).unwrap();
    all.exchange();
    assert_eq!(address(&mut all), "https://relay.example/gracias/");
    all.apps[1].join_drop(JoinDrop { id }).unwrap();
    assert_eq!(address(&mut all), "");
    look(&mut all, &format!("{link}gracias")).unwrap();
    all.exchange();
    finds(&mut all, &link);
    assert_eq!(address(&mut all), "https://relay.example/");
}

#[test]
fn the_real_link_is_found_among_others() {
    let mut all = Together::of(&["Ana", "Ben"], "2026-03-02");
    let (_, link, _) = invited(&mut all);
    let other = format!("trellis:join#{}@https://relay.example/", "0".repeat(32));
    let broken =
        link.get(..30).zip(link.get(30..)).map(|(one, rest)| format!("> {one}\r\n> {rest}")).unwrap();
    for code in [format!("It begins with \"trellis:join#\": {link}"), format!("{link}{other}"), broken] {
        finds(&mut all, &code);
    }
}

#[test]
fn two_languages_compare_the_same_numbers() {
    let mut all = Together::of(&["Ana", "Ben"], "2026-03-02");
    speak(&mut all.apps[1], Language::Es);
    let (space, link, _) = invited(&mut all);
    let id = look(&mut all, &link).unwrap();
    all.exchange();
    all.apps[1].join_ask(JoinAsk { id: id.clone(), name: "\u{202e}Ben\u{200b}".into() }).unwrap();
    all.exchange();
    let JoinState::Asked { words: there } = all.apps[1].join_get(JoinGet { id }).unwrap().state else {
        panic!("not asked")
    };
    let ask = all.apps[0].space_get(SpaceGet { space }).unwrap().asks.remove(0);
    assert_eq!((ask.name.as_str(), &ask.words.numbers, there.words.len()), ("Ben", &there.numbers, 8));
    assert_ne!(ask.words.words, there.words);
    let account = "07".repeat(32);
    let safety = all.apps[1].safety_words(SafetyWords { account }).unwrap();
    assert_eq!((safety.words.len(), safety.numbers.len()), (8, 8));
}

#[test]
fn a_name_that_shows_nothing_is_refused_and_nothing_turns_the_line() {
    let mut all = Together::of(&["Ana", "Ben"], "2026-03-02");
    let make = |all: &mut Together, name: &str| {
        let (id, kind) = (all.id(), SpaceKind::Group);
        let make = SpaceMake { id, kind, name: name.into(), role: Role::Peer, my_name: "Ana\u{202e}".into() };
        all.apps[0].space_make(make).map(drop).map_err(|e| e.code)
    };
    for nothing in ["\u{200b}\u{200d}", "\u{202e}", "\u{3164}"] {
        assert_eq!(make(&mut all, nothing), Err("empty-text"));
    }
    make(&mut all, "\u{202e}Tuesday\u{202c} group").unwrap();
    all.apps[0].sync_now(SyncNow {}).unwrap();
    let People { spaces, .. } = all.apps[0].people_get(PeopleGet {}).unwrap();
    assert_eq!((spaces[0].name.as_str(), spaces[0].people[0].name.as_str()), ("Tuesday group", "Ana"));
    let name = |all: &mut Together| all.apps[0].settings_get(SettingsGet {}).unwrap().name;
    all.apps[0].settings_save(SettingsSave { edit: SettingsEdit::Name("\u{2066}Ana\n".into()) }).unwrap();
    assert_eq!(name(&mut all), "Ana");
}
