//! What stands on a board is the same for everybody, whatever came first.

use chrono::NaiveTime;
use trellis_api_types::{Millis, circle};

use super::super::SharedResource;
use super::*;

/// Who writes, and what they know of.
struct Member {
    account: AccountId,
    knows: Vec<Standing>,
}

impl Member {
    fn new(n: u8) -> Self {
        Self { account: AccountId([n; 32]), knows: Vec::new() }
    }

    /// Writes what comes to be said; the id says who wrote it, and when.
    fn keeps(&mut self, value: BoardValue) {
        let lamport = self.knows.iter().map(|one| one.lamport).max().unwrap_or(0) + 1;
        let slots = Slots::of(&self.knows);
        if !slots.stands(&value) {
            let content = slots.change(value.clone());
            let record = self.record(&value, content, lamport);
            self.learns(&[record]);
        }
    }

    fn record(&self, value: &BoardValue, content: Content, lamport: u64) -> Standing {
        let mut item = [self.account.0[0]; 32];
        item[..8].copy_from_slice(&lamport.to_be_bytes());
        let key = value.slot().into_bytes();
        Standing { author: self.account, key, content, at: 0, only_here: false, item: ItemId(item), lamport }
    }

    /// Of an author's records under one key the newest stands.
    fn learns(&mut self, records: &[Standing]) {
        for record in records {
            let same = |held: &Standing| (held.author, &held.key) == (record.author, &record.key);
            if self.knows.iter().any(|held| same(held) && held.lamport >= record.lamport) {
                continue;
            }
            self.knows.retain(|held| !same(held));
            self.knows.push(record.clone());
        }
    }

    fn board(&self) -> Board {
        Slots::of(&self.knows).board()
    }
}

/// Everybody hears of everything.
fn meet(members: &mut [Member]) {
    let all: Vec<Standing> = members.iter().flat_map(|member| member.knows.clone()).collect();
    for (n, member) in members.iter_mut().enumerate() {
        let mut heard = all.clone();
        heard.rotate_left(n * 7 % all.len().max(1));
        member.learns(&heard);
    }
}

fn agreement(text: &str) -> BoardValue {
    BoardValue::Agreement(text.to_owned())
}

fn meeting(title: &str) -> BoardValue {
    let meeting = circle::Meeting {
        id: "m".into(),
        title: title.to_owned(),
        date: "2026-03-03".parse().unwrap(),
        time: NaiveTime::from_hms_opt(19, 30, 0).unwrap(),
        place: "Library".into(),
        every_days: 0,
        every_month: Some(circle::MonthWeek::First),
        zone: "America/Denver".into(),
        at: None,
    };
    BoardValue::Meeting { id: "m".into(), since: 5, meeting: Some((&meeting).into()) }
}

fn resource(id: &str, since: Millis) -> BoardValue {
    let resource = Some(SharedResource { title: id.to_owned(), detail: String::new() });
    BoardValue::Resource { id: id.to_owned(), since, resource }
}

#[test]
fn members_keep_a_board_together() {
    let mut members = [1, 2, 3].map(Member::new);
    members[0].keeps(agreement("We listen."));
    members[1].keeps(meeting("Tuesday"));
    members[2].keeps(resource("second", 2));
    members[0].keeps(resource("first", 1));
    members[1].keeps(BoardValue::Focus { question: "What helped?".into(), at: 5 });
    meet(&mut members);
    let board = members[0].board();
    assert!(members.iter().all(|member| member.board() == board));
    assert_eq!((board.agreement.as_str(), board.focus), ("We listen.", Some(("What helped?".into(), 5))));
    assert_eq!((board.meetings.len(), board.meetings[0].time.to_string()), (1, "19:30:00".into()));
    assert_eq!(board.resources.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["first", "second"]);
    members[2].keeps(BoardValue::Focus { question: String::new(), at: 6 });
    assert_eq!(members[2].board().focus, None);
}

#[test]
fn what_was_seen_is_stood_over_whatever_number_it_has() {
    let mut members = [1, 2].map(Member::new);
    let loud = Content::Board { value: agreement("We shout."), over: vec![] };
    let loud = members[1].record(&agreement(""), loud, u64::MAX - 5);
    members[0].learns(&[loud]);
    let text = |member: &Member| member.board().agreement;
    assert_eq!(text(&members[0]), "We shout.");
    members[0].keeps(agreement("We listen."));
    meet(&mut members);
    assert_eq!(members.each_ref().map(text), ["We listen.", "We listen."]);
    for words in ["We listen well.", "We listen.", "We are quiet."] {
        members[0].keeps(agreement(words));
        meet(&mut members);
        assert_eq!(members.each_ref().map(text), [words, words], "nothing comes back");
    }
}

#[test]
fn an_edit_keeps_what_somebody_took_away_without_having_seen_it() {
    let mut members = [1, 2].map(Member::new);
    members[0].keeps(meeting("Tuesday"));
    meet(&mut members);
    members[0].keeps(meeting("Late Tuesday"));
    members[1].keeps(agreement("later in logical time"));
    members[1].keeps(meeting("").cleared());
    meet(&mut members);
    assert!(members.iter().all(|member| member.board().meetings[0].title == "Late Tuesday"));
    members[0].keeps(meeting("").cleared());
    meet(&mut members);
    assert!(members.iter().all(|member| member.board().meetings.is_empty()));
}

#[test]
fn who_writes_to_a_slot_at_the_same_time_sees_one_of_both() {
    let mut members = [1, 2, 3].map(Member::new);
    for round in 0..20 {
        for (n, member) in members.iter_mut().enumerate().filter(|(n, _)| (round >> n) & 1 == 0) {
            member.keeps(agreement(&format!("{round} by {n}")));
        }
        meet(&mut members);
        let text = members[0].board().agreement;
        assert!(members.iter().all(|member| member.board().agreement == text));
        assert!(text.starts_with(&format!("{round} ")) || round == 7 || round == 15, "{text} after {round}");
    }
}

#[test]
fn what_stands_already_is_not_said_again() {
    let mut member = Member::new(1);
    member.keeps(agreement("We listen."));
    let slots = Slots::of(&member.knows);
    assert!(slots.stands(&agreement("We listen.")) && !slots.stands(&agreement("We shout.")));
    assert!(!slots.stands(&resource("new", 1)));
}
