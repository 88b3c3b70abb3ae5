//! What is seen and said in a space, without storage.

use std::collections::BTreeMap;

use trellis_api_types::Millis;
use trellis_api_types::circle::*;

use super::circle;
use super::deeds::{Deed, Desk};
use super::view::{View, agreement_hash, question_key};
use super::{Clock, help};
use crate::crdt::{Doc, DocId, PeopleNotes, read_people, write_blocked};
use crate::error::Result;
use crate::space::members::{Member, Rank, Role, SpaceKind, State};
use crate::space::record::{self, BoardValue, Content, Day, HelpKind, Slots, Standing, Target};
use crate::space::{AccountId, EntryId, ItemId, SpaceId};
use crate::store::documents::Saved;

const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
/// 2026-03-05, noon.
const NOW: Millis = 1_772_712_000_000;
const ME: AccountId = AccountId([1; 32]);
const ANA: AccountId = AccountId([2; 32]);
const BEN: AccountId = AccountId([3; 32]);

/// A space of three, which I lead, and what stands in it.
struct Space {
    state: State,
    notes: PeopleNotes,
    heard: BTreeMap<AccountId, Millis>,
    standing: Vec<Standing>,
}

impl Space {
    fn new() -> Self {
        let since = EntryId([0; 32]);
        let member = |id, rank| (id, Member { role: Role::Peer, rank, since });
        let members =
            [member(ME, Rank::Facilitator(0, since)), member(ANA, Rank::Member), member(BEN, Rank::Member)];
        let state = State { kind: Some(SpaceKind::Group), members: members.into(), ..State::default() };
        let (notes, heard) = Default::default();
        Self { state, notes, heard, standing: Vec::new() }
    }

    fn says(&mut self, author: AccountId, key: u8, at: Millis, content: Content) {
        self.put(author, vec![key; 16], at, content);
    }

    fn put(&mut self, author: AccountId, key: Vec<u8>, at: Millis, content: Content) {
        let lamport = self.standing.iter().map(|one| one.lamport + 1).max().unwrap_or(1);
        self.standing.retain(|one| one.author != author || one.key != key);
        self.standing.push(standing(author, key, at, content, lamport));
    }

    fn keeps(&mut self, value: BoardValue) {
        let content = Slots::of(&self.standing).change(value.clone());
        self.put(ME, value.slot().into_bytes(), NOW, content);
    }

    fn sees(&self, me: AccountId, limit: usize) -> Circle {
        let view = View {
            me,
            state: &self.state,
            board: &Slots::of(&self.standing).board(),
            notes: &self.notes,
            heard: &self.heard,
            clock: Clock { now: NOW, ahead: 0 },
            today: "2026-03-05".parse().unwrap(),
        };
        circle(&self.standing, &view, limit)
    }

    fn deed(&self, me: AccountId, edit: CircleEdit) -> Result<Deed> {
        let find = |author: &AccountId, key: &[u8]| {
            Ok(self.standing.iter().find(|one| one.author == *author && one.key == key).cloned())
        };
        let space = SpaceId([9; 32]);
        let desk = Desk {
            me,
            space,
            state: &self.state,
            slots: &Slots::of(&self.standing),
            notes: &self.notes,
            now: NOW,
            find: &find,
        };
        desk.deed(&edit)
    }

    /// Does what the edit comes to.
    fn does(&mut self, me: AccountId, edit: CircleEdit) {
        match self.deed(me, edit).unwrap() {
            Deed::Put(key, content) => {
                let at = content.at().unwrap_or(NOW);
                self.put(me, key, at, content);
                self.standing.last_mut().unwrap().only_here = true;
            }
            Deed::TakeBack(key) => self.standing.retain(|one| one.author != me || one.key != key),
            Deed::Board(value) => self.keeps(value),
            Deed::Nothing => panic!("nothing is to be done"),
        }
    }

    fn code(&self, me: AccountId, edit: CircleEdit) -> &'static str {
        self.deed(me, edit).err().map_or("ok", |e| e.code)
    }
}

fn standing(author: AccountId, key: Vec<u8>, at: Millis, content: Content, lamport: u64) -> Standing {
    let mut item = [author.0[0]; 32];
    item[..8].copy_from_slice(&lamport.to_be_bytes());
    Standing { author, key, content, at, only_here: false, item: ItemId(item), lamport }
}

fn notes(work: impl FnOnce(&mut crate::crdt::Edit<'_>) -> Result<()>) -> PeopleNotes {
    let mut doc = Doc::load(DocId::People, [1; 16], &Saved::default()).unwrap();
    doc.edit(work).unwrap();
    read_people(&doc)
}

fn blocks(account: AccountId) -> PeopleNotes {
    notes(|edit| write_blocked(edit, &account.to_string(), true))
}

fn post(text: &str) -> Content {
    Content::Post { kind: record::PostKind::Victory, text: text.into(), at: None }
}

fn about(author: AccountId, key: u8) -> Target {
    Target { account: author, key: vec![key; 16] }
}

fn id(n: u8) -> String {
    format!("00000000-0000-7000-8000-0000000000{n:02x}")
}

fn name(account: AccountId) -> String {
    account.to_string()
}

fn put_post(n: u8, text: &str) -> CircleEdit {
    CircleEdit::Post { id: id(n), kind: PostKind::Setback, text: text.into() }
}

fn react(account: AccountId, key: u8, on: bool) -> CircleEdit {
    CircleEdit::React { account: name(account), key: hex::encode([key; 16]), kind: Reaction::Thanks, on }
}

#[test]
fn entries_are_the_newest_with_what_was_said_to_them() {
    let mut space = Space::new();
    for (key, hours) in [(1, 3), (2, 1), (3, 2)] {
        space.says(ANA, key, NOW - hours * HOUR, post("Well"));
    }
    space.says(BEN, 4, NOW, Content::Reaction { to: about(ANA, 2), kind: record::Reaction::Thanks });
    space.says(BEN, 5, NOW, Content::Reaction { to: about(ANA, 2), kind: record::Reaction::Thanks });
    space.says(ME, 6, NOW, Content::Reaction { to: about(ANA, 2), kind: record::Reaction::Thanks });
    space.says(BEN, 7, NOW, Content::Reply { to: about(ANA, 2), text: "later".into(), at: None });
    space.says(BEN, 8, NOW - 1, Content::Reply { to: about(ANA, 2), text: "first".into(), at: None });
    let seen = space.sees(ME, 2);
    assert_eq!(seen.entries.iter().map(|e| e.at).collect::<Vec<_>>(), [NOW - HOUR, NOW - 2 * HOUR]);
    assert!(seen.more && !space.sees(ME, 3).more);
    let entry = &seen.entries[0];
    assert_eq!((entry.key.clone(), entry.account.clone()), (hex::encode([2; 16]), name(ANA)));
    assert_eq!(entry.reactions[2], Reacted { kind: Reaction::Thanks, count: 2, mine: true });
    assert_eq!((entry.reactions.len(), entry.reactions[0].count), (4, 0));
    assert_eq!(entry.replies.iter().map(|r| r.text.as_str()).collect::<Vec<_>>(), ["first", "later"]);
}

#[test]
fn nothing_of_somebody_who_is_blocked_is_shown() {
    let mut space = Space::new();
    space.keeps(BoardValue::Agreement("We listen.".into()));
    space.says(BEN, 1, NOW, post("Mine"));
    space.says(ME, 2, NOW, post("Hello"));
    space.says(BEN, 3, NOW, Content::Reply { to: about(ME, 2), text: "words".into(), at: None });
    space.says(BEN, 4, NOW, Content::Reaction { to: about(ME, 2), kind: record::Reaction::WithYou });
    space.says(BEN, 5, NOW, Content::HelpRequest { to: vec![], at: NOW, text: None });
    space.says(BEN, 6, NOW, Content::Agreement { hash: agreement_hash("We listen.") });
    let open = space.sees(ME, 9);
    assert_eq!((open.entries.len(), open.help.len(), open.agreement.signed.len()), (2, 1, 1));
    space.notes = blocks(BEN);
    let seen = space.sees(ME, 9);
    assert_eq!((seen.entries.len(), seen.help.len(), seen.quiet.len()), (1, 0, 0));
    assert_eq!((seen.entries[0].replies.len(), seen.entries[0].reactions[0].count), (0, 0));
    assert_eq!(seen.agreement.signed, Vec::<String>::new());
}

#[test]
fn who_has_not_written_for_a_week_is_quiet() {
    let mut space = Space::new();
    space.says(ANA, 1, NOW - 30 * DAY, Content::Profile { name: "Ana".into() });
    space.says(BEN, 1, NOW - 6 * DAY, Content::Profile { name: "Ben".into() });
    assert_eq!(space.sees(ME, 1).quiet, [Quiet { account: name(ANA), since: None }]);
    space.heard = [(ANA, NOW - 7 * DAY + 1), (BEN, NOW - 7 * DAY), (ME, 0)].into();
    assert_eq!(space.sees(ME, 1).quiet, [Quiet { account: name(BEN), since: Some(NOW - 7 * DAY) }]);
}

#[test]
fn an_answer_is_to_one_question_only() {
    let mut space = Space::new();
    assert_eq!(space.code(ANA, CircleEdit::AnswerFocus { text: "Walks".into() }), "not-found");
    space.does(ME, CircleEdit::AskFocus { question: "What helped?".into() });
    space.does(ANA, CircleEdit::AnswerFocus { text: "Walks".into() });
    space.does(ANA, CircleEdit::AnswerFocus { text: "Long walks".into() });
    let focus = Focus { question: "What helped?".into(), answers: vec![(name(ANA), "Long walks".into())] };
    assert_eq!(space.sees(ME, 1).focus, Some(focus));
    space.keeps(BoardValue::Focus { question: "What helped?".into(), at: NOW + 1 });
    assert_eq!(space.sees(ME, 1).focus.unwrap().answers, []);
    assert_ne!(question_key("What helped?", NOW), question_key("What helped?", NOW + 1));
}

fn commit(n: u8, by: &str, state: CommitmentState) -> CircleEdit {
    let witness = Some(name(ANA));
    CircleEdit::Commit { id: id(n), text: "call my sister".into(), by: by.parse().unwrap(), witness, state }
}

#[test]
fn open_commitments_come_by_day_and_done_ones_go_after_a_week() {
    let mut space = Space::new();
    space.does(ME, commit(1, "2026-03-09", CommitmentState::NotYet));
    space.does(ME, commit(2, "2026-03-01", CommitmentState::Help));
    space.does(ME, commit(3, "2026-02-01", CommitmentState::Done));
    let by = |space: &Space| {
        let all = space.sees(ANA, 1).commitments;
        all.iter().map(|one| one.by.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(by(&space), ["2026-03-01", "2026-03-09", "2026-02-01"]);
    space.standing.iter_mut().for_each(|one| one.at = NOW - 7 * DAY);
    assert_eq!(by(&space), ["2026-03-01", "2026-03-09"]);
    assert_eq!(space.deed(ME, commit(1, "2026-03-09", CommitmentState::NotYet)), Ok(Deed::Nothing));
    assert_eq!(space.code(ANA, commit(4, "2026-03-09", CommitmentState::Done)), "not-found", "own witness");
}

#[test]
fn a_signature_is_for_the_words_that_were_there() {
    let mut space = Space::new();
    assert_eq!(space.code(ANA, CircleEdit::SignAgreement), "not-found");
    assert_eq!(space.code(ANA, CircleEdit::SetAgreement("Mine".into())), "not-entitled");
    space.does(ME, CircleEdit::SetAgreement("We listen. ".into()));
    space.does(ANA, CircleEdit::SignAgreement);
    assert_eq!(space.sees(ME, 1).agreement, Agreement { text: "We listen.".into(), signed: vec![name(ANA)] });
    space.does(ME, CircleEdit::SetAgreement("We listen more.".into()));
    assert_eq!(space.sees(ME, 1).agreement.signed, Vec::<String>::new());
    space.state.members.remove(&ANA);
    space.does(ME, CircleEdit::SetAgreement("We listen.".into()));
    assert_eq!(space.sees(ME, 1).agreement.signed, Vec::<String>::new(), "who has gone signed nothing");
}

#[test]
fn a_call_for_help_is_answered_and_ends() {
    let mut space = Space::new();
    let to = vec![name(ME), name(ANA)];
    space.does(BEN, CircleEdit::AskHelp { id: id(1), to: to.clone(), text: " ".into() });
    let call = space.sees(ME, 1).help.remove(0);
    assert_eq!((call.text.clone(), call.only_here, call.over), (None, true, false));
    // The call is only on the device of the one who asks.
    let mut asked = [name(ME), name(ANA)].map(Helper::unasked);
    assert_eq!(call.helpers, asked);
    let answer = |word, text: &str| {
        let (account, key) = (call.account.clone(), call.key.clone());
        CircleEdit::AnswerHelp { account, key, word, text: text.into(), phone: "555 0142".into() }
    };
    space.does(ANA, answer(HelpWord::Seen, ""));
    space.does(ANA, answer(HelpWord::Coming, "Ten minutes"));
    assert_eq!(space.deed(ANA, answer(HelpWord::Seen, "")), Ok(Deed::Nothing));
    assert_eq!(space.code(BEN, answer(HelpWord::Seen, "")), "not-found", "one's own call");
    asked[1].word = Some(HelpWord::Coming);
    asked[1].text = Some("Ten minutes".into());
    assert_eq!(space.sees(ME, 1).help[0].helpers, asked, "a number goes out with \"call me\" only");
    space.does(ANA, answer(HelpWord::CannotNow, ""));
    asked[1] = Helper { word: Some(HelpWord::CannotNow), ..Helper::unasked(name(ANA)) };
    assert_eq!(space.sees(BEN, 1).help[0].helpers, asked);
    space.does(ANA, answer(HelpWord::CallMe, ""));
    asked[1].word = Some(HelpWord::CallMe);
    asked[1].phone = Some("555 0142".into());
    assert_eq!(space.sees(BEN, 1).help[0].helpers, asked);
    asked[1].phone = None;
    assert_eq!(space.sees(ME, 1).help[0].helpers, asked, "a number is for the one who asked");
    assert_eq!(space.sees(ANA, 1).help[0].helpers[1].phone.as_deref(), Some("555 0142"), "and its owner");
    assert_eq!(space.code(ANA, CircleEdit::Okay { key: call.key.clone() }), "not-found");
    space.does(BEN, CircleEdit::Okay { key: call.key.clone() });
    assert!(space.sees(ANA, 1).help[0].over);
    assert_eq!(
        space.deed(BEN, CircleEdit::AskHelp { id: id(1), to, text: "again".into() }),
        Ok(Deed::Nothing)
    );
}

fn asks(to: Vec<AccountId>, at: Millis) -> Content {
    Content::HelpRequest { to, at, text: None }
}

#[test]
fn a_call_for_help_is_shown_for_a_day_whatever_the_clocks_say() {
    let mut space = Space::new();
    let shown = |space: &mut Space, at: Millis, came: Millis| {
        space.says(BEN, 1, came, asks(vec![], at));
        space.sees(ME, 1).help.first().map(|call| call.at)
    };
    assert_eq!(shown(&mut space, NOW - DAY + 1, NOW), Some(NOW - DAY + 1));
    assert_eq!(shown(&mut space, NOW - DAY, NOW), None);
    assert_eq!(shown(&mut space, NOW + 90 * DAY, NOW - HOUR), Some(NOW - HOUR), "a clock that is ahead");
    assert_eq!(shown(&mut space, 1000, NOW - HOUR), Some(NOW - HOUR), "a clock that was lost");
    space.says(BEN, 1, NOW, asks(vec![ANA], NOW));
    assert_eq!((space.sees(ME, 1).help.len(), space.sees(ANA, 1).help.len()), (0, 1), "asked somebody else");
    let forged = Content::HelpAnswer { to: about(BEN, 1), kind: HelpKind::Okay, text: None, phone: None };
    space.says(ANA, 2, NOW, forged);
    assert!(!space.sees(ANA, 1).help[0].over, "only who asked can say that");
}

#[test]
fn help_goes_to_those_who_were_chosen() {
    let mut space = Space::new();
    let asked = |space: &Space, chosen: &[AccountId]| {
        let to = chosen.iter().copied().map(name).collect();
        match space.deed(ME, CircleEdit::AskHelp { id: id(1), to, text: "Please call".into() }) {
            Ok(Deed::Put(_, Content::HelpRequest { to, .. })) => Ok(to),
            other => Err(other.err().map(|e| e.code)),
        }
    };
    assert_eq!(asked(&space, &[BEN, ANA, BEN, ME]), Ok(vec![ANA, BEN]));
    assert_eq!(asked(&space, &[]), Err(Some("no-helpers")));
    space.notes = blocks(BEN);
    assert_eq!(asked(&space, &[BEN, ANA]), Ok(vec![ANA]), "nobody who is blocked");
    assert_eq!(asked(&space, &[BEN]), Err(Some("no-helpers")));
    space.state.members.remove(&ANA);
    assert_eq!(asked(&space, &[ANA]), Err(Some("no-helpers")));
}

#[test]
fn what_was_told_can_be_changed_and_keeps_its_time() {
    let mut space = Space::new();
    space.does(ME, put_post(1, "Hard day"));
    space.standing[0].content =
        Content::Post { kind: record::PostKind::Setback, text: "Hard day".into(), at: Some(NOW - DAY) };
    assert_eq!(space.deed(ME, put_post(1, "Hard day")), Ok(Deed::Nothing));
    let key = hex::encode(&space.standing[0].key);
    let again = CircleEdit::Post { id: key.clone(), kind: PostKind::Victory, text: "Better now".into() };
    let Ok(Deed::Put(_, Content::Post { at, .. })) = space.deed(ME, again) else { panic!("not a post") };
    assert_eq!(at, Some(NOW - DAY));
    assert_eq!(space.code(ME, commit(1, "2026-03-09", CommitmentState::Done)), "bad-id", "taken by a post");
    space.does(ME, CircleEdit::Remove { key: key.clone() });
    assert_eq!(space.code(ME, CircleEdit::Remove { key }), "not-found");
}

#[test]
fn a_kind_word_is_said_once_and_taken_back() {
    let mut space = Space::new();
    assert_eq!(space.code(ME, react(ANA, 1, true)), "not-found");
    space.says(ANA, 1, NOW, post("Well"));
    space.does(ME, react(ANA, 1, true));
    assert_eq!(space.deed(ME, react(ANA, 1, true)), Ok(Deed::Nothing));
    assert_eq!(space.deed(BEN, react(ANA, 1, false)), Ok(Deed::Nothing));
    space.does(ME, react(ANA, 1, false));
    assert_eq!(space.sees(ME, 1).entries[0].reactions[2].count, 0);
}

#[test]
fn what_is_shared_of_private_records_is_not_removed_here() {
    let mut space = Space::new();
    let basis = record::Basis { consents: vec![], source: [0; 32], version: 1 };
    space.says(ME, 1, NOW, Content::Milestone { on: Day(20_000), days: 30, basis, text: None });
    assert_eq!(space.code(ME, CircleEdit::Remove { key: hex::encode([1; 16]) }), "not-found");
    assert_eq!(space.sees(ME, 1).entries.len(), 1);
}

#[test]
fn calls_agreed_on_come_next_one_first() {
    let mut space = Space::new();
    for (n, at) in
        [(1, NOW + 2 * DAY), (2, NOW + DAY), (3, NOW - 2 * DAY), (4, NOW - DAY), (5, NOW - 28 * DAY)]
    {
        space.does(ME, CircleEdit::Call { id: id(n), with: name(ANA), at, kept: None });
    }
    let days: Vec<_> = space.sees(ANA, 1).calls.iter().map(|call| (call.at - NOW) / DAY).collect();
    assert_eq!(days, [1, 2, -1, -2]);
    let own = CircleEdit::Call { id: id(9), with: name(ME), at: NOW, kept: None };
    assert_eq!(space.code(ME, own), "not-found");
}

#[test]
fn who_asks_for_help_now_is_known_by_the_clock_that_all_go_by() {
    let asking = |to: Vec<AccountId>, at, notes: &PeopleNotes, answers: &[Standing]| {
        let call = standing(BEN, vec![1; 16], NOW, asks(to, at), 1);
        // This device's clock is two days ahead.
        let clock = Clock { now: NOW - 2 * DAY, ahead: -2 * DAY };
        help::asking(&[call], answers, (&ME, notes), clock).pop()
    };
    let notes = PeopleNotes::default();
    let at = NOW - 2 * DAY;
    assert_eq!(asking(vec![], at, &notes, &[]), Some((BEN, at)));
    assert_eq!(asking(vec![ME], 5, &notes, &[]), Some((BEN, at)));
    assert_eq!(asking(vec![ANA], at, &notes, &[]), None);
    assert_eq!(asking(vec![], at - DAY, &notes, &[]), None);
    assert_eq!(asking(vec![], at, &blocks(BEN), &[]), None);
    let content = Content::HelpAnswer { to: about(BEN, 1), kind: HelpKind::Okay, text: None, phone: None };
    let okay = standing(BEN, vec![2; 16], NOW, content, 2);
    assert_eq!(asking(vec![], at, &notes, &[okay]), None);
}
