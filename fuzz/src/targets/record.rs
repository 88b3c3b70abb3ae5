//! What members say, and the board they keep together.

use chrono::NaiveDate;
use trellis_core::crypto::{Refusal, codec, kdf};
use trellis_core::domain::{help, meetings};
use trellis_core::space::members::SpaceKind;
use trellis_core::space::record::{
    BoardValue, Content, MAX_LIST, MAX_NOTE, Record, SharedCheckIn, SharedGoal, Slots, Standing, newest,
};
use trellis_core::space::{AccountId, ItemId, Kind};

use crate::pieces;
use crate::world::{LOG, items, members, other_log, refused, vectors};

const CODES: &[Refusal] = &[Refusal::Malformed, Refusal::NotCanonical, Refusal::Oversized];
/// Most changes that one change of the board names.
const MAX_OVER: usize = 64;

/// Bodies of records.
pub fn run(input: &[u8]) {
    let (choice, pieces) = pieces::choice(input);
    let read: Vec<Standing> = pieces.iter().zip(1..).filter_map(|(body, at)| check(body, at)).collect();
    board(&read, choice);
    if choice % 8 == 7 {
        stands(&pieces);
    }
}

pub fn seeds() -> Vec<Vec<u8>> {
    let all = vectors("record.");
    let board = vectors("record.board.");
    let own: Vec<Vec<u8>> = all.iter().map(|body| by(LOG.account(), body)).collect();
    let others = own.iter().map(|body| by(other_log().account(), body));
    let said: Vec<Vec<u8>> = own.iter().take(8).cloned().chain(others.take(8)).chain([Vec::new()]).collect();
    let mut seeds: Vec<Vec<u8>> = all.iter().map(|body| pieces::chosen(0, &[body])).collect();
    seeds.extend([pieces::chosen(1, &board), pieces::chosen(7, &said)]);
    seeds
}

/// The same in another account's name: the account stands behind three bytes of heads.
fn by(account: AccountId, body: &[u8]) -> Vec<u8> {
    let rest = body.get(35..).unwrap_or_default();
    [body.get(..3).unwrap_or_default(), account.as_bytes(), rest].concat()
}

fn check(body: &[u8], lamport: u64) -> Option<Standing> {
    match Record::read(body) {
        Ok(record) => {
            assert_eq!(codec::encode(&record), body);
            assert_eq!(record.draft(vec![1; 16]).map(|draft| draft.body).as_deref(), Ok(body));
            let content = record.content.known()?.clone();
            within(&content);
            // Two people at most, so that changes of one slot meet.
            let author = AccountId([record.author.0.first().copied().unwrap_or_default() % 2; 32]);
            let (key, at, item) = (vec![1; 16], 1_000, ItemId(kdf::hash(&[body])));
            Some(Standing { author, key, content, at, only_here: false, item, lamport })
        }
        Err(refusal) => {
            refused(refusal, CODES);
            None
        }
    }
}

/// Lists and texts are within their limits, and what a screen works out of them is worked out.
fn within(content: &Content) {
    let long = |text: &str| text.chars().count() > MAX_NOTE;
    match content {
        Content::Goal(SharedGoal { steps, .. }) => assert!(steps.len() <= MAX_LIST),
        Content::Weekly { fields, .. } => assert!(fields.len() <= MAX_LIST),
        Content::CheckIn(SharedCheckIn { day, minutes, note, .. }) => {
            assert!(*minutes < 24 * 60 && !note.as_deref().is_some_and(long));
            let _ = day.date();
        }
        Content::Post { text, .. } | Content::Reply { text, .. } => assert!(!long(text)),
        Content::HelpRequest { to, at, .. } => {
            assert!(to.len() <= MAX_LIST);
            let _ = [i64::MIN, 0, i64::MAX].map(|now| help::is_news(help::asked_at(*at, now), now));
        }
        Content::Board { over, .. } => assert!(over.len() <= MAX_OVER),
        _ => {}
    }
    assert!(content.basis().is_none_or(|basis| basis.consents.len() <= MAX_LIST));
}

/// The board is the same in any order, and whoever saw a slot can write over it.
fn board(read: &[Standing], choice: u8) {
    let (slots, backwards) = (Slots::of(read), Slots::of(read.iter().rev()));
    let board = slots.board();
    assert_eq!(board, backwards.board());
    let today = NaiveDate::from_yo_opt(2026, 1 + u32::from(choice)).unwrap_or_default();
    for day in [today, NaiveDate::MIN, NaiveDate::MAX] {
        assert!(meetings::to_come(board.meetings.clone(), day, 1_767_225_600_000).len() <= read.len());
    }
    for standing in read {
        if let Content::Board { value, .. } = &standing.content {
            over(&slots, read, value);
        }
    }
}

/// A change that saw all there is stands; nobody could name it before.
fn over(slots: &Slots<'_>, read: &[Standing], value: &BoardValue) {
    let content = slots.change(value.cleared());
    assert!(Record::read(&codec::encode(&Record::new(AccountId([9; 32]), content.clone()))).is_ok());
    let (author, item) = (AccountId([9; 32]), ItemId(kdf::hash(&[b"next", &codec::encode(&content)])));
    let change = Standing { author, key: vec![2; 16], content, at: 0, only_here: true, item, lamport: 0 };
    let all: Vec<Standing> = read.iter().cloned().chain([change]).collect();
    assert!(Slots::of(&all).stands(&value.cleared()), "a change that saw everything does not stand");
}

/// What stands of signed records does not depend on their order.
fn stands(pieces: &[&[u8]]) {
    let members = members(SpaceKind::Group);
    let items = items(Kind::Record, b"key", pieces);
    let standing = newest(&items, &members);
    assert_eq!(standing, newest(items.iter().rev(), &members));
    assert!(standing.keys().all(|(author, _)| *author == LOG.account()), "in another's name");
}
