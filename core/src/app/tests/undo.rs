//! What was taken away in a space comes back: here, on one's other screens and at the others.

use trellis_api_types::circle::*;
use trellis_api_types::command::Undo;
use trellis_api_types::people::Role;

use super::together::Together;

/// Saves an edit of somebody; how to take it back.
fn save(all: &mut Together, n: usize, space: &str, edit: CircleEdit) -> Option<String> {
    all.apps[n].circle_save(CircleSave { space: space.into(), edit }).unwrap().undo
}

fn undo(all: &mut Together, n: usize, id: &str) {
    all.apps[n].undo(Undo { id: id.into() }).unwrap();
}

fn get(all: &mut Together, n: usize, space: &str) -> Circle {
    all.apps[n].circle_get(CircleGet { space: space.into(), limit: 9 }).unwrap()
}

/// Texts of the entries, with how many kind words and replies each has.
fn entries(all: &mut Together, n: usize, space: &str) -> Vec<(String, u32, usize)> {
    let entries = get(all, n, space).entries.into_iter();
    let one = |entry: Entry| match entry.what {
        What::Post { text, .. } => (text, entry.reactions.iter().map(|r| r.count).sum(), entry.replies.len()),
        other => panic!("{other:?}"),
    };
    entries.map(one).collect()
}

fn pair() -> (Together, String) {
    let mut all = Together::of(&["Ana", "Ben"], "2026-03-02");
    let space = all.pair((Role::Peer, Role::Peer));
    (all, space)
}

fn post(all: &mut Together, text: &str) -> CircleEdit {
    CircleEdit::Post { id: all.id(), kind: PostKind::Victory, text: text.into() }
}

#[test]
fn a_post_that_was_removed_everywhere_comes_back_everywhere() {
    let (mut all, space) = pair();
    let put = post(&mut all, "Slept well");
    save(&mut all, 0, &space, put).unwrap();
    all.exchange();
    let entry = get(&mut all, 1, &space).entries.remove(0);
    let (account, key) = (entry.account.clone(), entry.key.clone());
    let react =
        CircleEdit::React { account: account.clone(), key: key.clone(), kind: Reaction::Thanks, on: true };
    save(&mut all, 1, &space, react).unwrap();
    let reply = CircleEdit::Reply { id: all.id(), account, key: key.clone(), text: "Good".into() };
    let reply = save(&mut all, 1, &space, reply).unwrap();
    all.exchange();
    let whole = [("Slept well".to_owned(), 1, 1)];
    assert_eq!(entries(&mut all, 0, &space), whole);
    let taken = save(&mut all, 0, &space, CircleEdit::Remove { key }).unwrap();
    all.exchange();
    assert_eq!((entries(&mut all, 0, &space), entries(&mut all, 1, &space)), (vec![], vec![]));
    undo(&mut all, 0, &taken);
    assert_eq!(entries(&mut all, 0, &space), whole);
    all.exchange();
    assert_eq!(entries(&mut all, 1, &space), whole, "with what was said to it");
    assert_eq!(get(&mut all, 1, &space).entries[0].at, entry.at, "at its time");
    undo(&mut all, 0, &taken);
    all.exchange();
    assert_eq!(entries(&mut all, 1, &space), whole, "a second time does nothing");
    undo(&mut all, 1, &reply);
    all.exchange();
    assert_eq!(entries(&mut all, 0, &space), [("Slept well".to_owned(), 1, 0)]);
}

#[test]
fn an_undo_leaves_alone_what_was_said_since() {
    let (mut all, space) = pair();
    let CircleEdit::Post { id, .. } = post(&mut all, "") else { panic!("not a post") };
    let say = |text: &str| CircleEdit::Post { id: id.clone(), kind: PostKind::Setback, text: text.into() };
    let first = save(&mut all, 0, &space, say("One")).unwrap();
    let second = save(&mut all, 0, &space, say("Two")).unwrap();
    undo(&mut all, 0, &first);
    assert_eq!(entries(&mut all, 0, &space), [("Two".to_owned(), 0, 0)]);
    undo(&mut all, 0, &second);
    assert_eq!(entries(&mut all, 0, &space), [("One".to_owned(), 0, 0)]);
    undo(&mut all, 0, &first);
    all.exchange();
    assert_eq!(entries(&mut all, 1, &space), []);
}

#[test]
fn a_commitment_a_meeting_and_what_is_good_to_know_come_back() {
    let (mut all, space) = pair();
    let by = "2026-03-09".parse().unwrap();
    let commit = CircleEdit::Commit {
        id: all.id(),
        text: "Call".into(),
        by,
        witness: None,
        state: CommitmentState::NotYet,
    };
    save(&mut all, 0, &space, commit).unwrap();
    let (title, time) = ("Coffee".to_owned(), chrono::NaiveTime::MIN);
    let meeting = Meeting {
        id: all.id(),
        title,
        date: by,
        time,
        place: String::new(),
        every_days: 7,
        every_month: None,
        zone: String::new(),
        at: None,
    };
    save(&mut all, 0, &space, CircleEdit::PutMeeting(meeting.clone())).unwrap();
    let resource = Resource { id: all.id(), title: "Bus".into(), detail: "Line 4".into() };
    save(&mut all, 0, &space, CircleEdit::PutResource(resource.clone())).unwrap();
    save(&mut all, 0, &space, CircleEdit::SetAgreement("We listen.".into())).unwrap();
    all.exchange();
    let seen = get(&mut all, 1, &space);
    let key = seen.commitments[0].key.clone();
    let away = [
        CircleEdit::Remove { key },
        CircleEdit::RemoveMeeting(meeting.id),
        CircleEdit::RemoveResource(resource.id),
        CircleEdit::SetAgreement(String::new()),
    ];
    let taken = away.map(|edit| save(&mut all, 0, &space, edit).unwrap());
    all.exchange();
    let bare = get(&mut all, 1, &space);
    assert_eq!((bare.commitments.len(), bare.meetings.len(), bare.resources.len()), (0, 0, 0));
    assert_eq!(bare.agreement.text, "");
    taken.iter().for_each(|id| undo(&mut all, 0, id));
    all.exchange();
    let back = get(&mut all, 1, &space);
    assert_eq!(
        (&back.commitments[0].text, &back.meetings, &back.resources),
        (&"Call".to_owned(), &seen.meetings, &seen.resources)
    );
    assert_eq!(back.agreement.text, "We listen.");
}

#[test]
fn what_is_about_help_is_not_taken_back() {
    let (mut all, space) = pair();
    let ask = CircleEdit::AskHelp { id: all.id(), to: vec![all.other(0, &space)], text: String::new() };
    assert_eq!(save(&mut all, 0, &space, ask), None);
    let call = get(&mut all, 0, &space).help.remove(0);
    assert_eq!(save(&mut all, 0, &space, CircleEdit::Okay { key: call.key }), None);
}
