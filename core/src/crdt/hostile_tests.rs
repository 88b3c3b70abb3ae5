//! Changes that no app makes, by a device that may write: each is set aside, and the document goes on.

use super::tests::{bytes, doc, put_goal, save};
use super::*;
use crate::crypto::Refusal;
use crate::store::documents::Saved;

/// A chunk whose checksum fits what it holds.
fn sealed(mut chunk: Vec<u8>) -> Vec<u8> {
    let hash = chunk::hash(&chunk);
    chunk[4..8].copy_from_slice(&hash[..4]);
    chunk
}

fn unsigned(n: u64) -> Vec<u8> {
    let mut out = Vec::new();
    leb128::write::unsigned(&mut out, n).unwrap();
    out
}

fn signed(n: i64) -> Vec<u8> {
    let mut out = Vec::new();
    leb128::write::signed(&mut out, n).unwrap();
    out
}

/// A change by hand: its number, the number of its first operation, its columns.
fn change(seq: u64, start: u64, columns: &[(u64, Vec<u8>)]) -> Vec<u8> {
    change_at(0, seq, start, columns)
}

fn change_at(time: i64, seq: u64, start: u64, columns: &[(u64, Vec<u8>)]) -> Vec<u8> {
    chunk_of(&[], [9; 16], (time, seq, start), columns)
}

/// One that builds on another one.
fn change_after(dep: [u8; 32], actor: u8, start: u64, columns: &[(u64, Vec<u8>)]) -> Vec<u8> {
    chunk_of(&[dep], [actor; 16], (0, 1, start), columns)
}

fn chunk_of(
    deps: &[[u8; 32]],
    actor: [u8; 16],
    (time, seq, start): (i64, u64, u64),
    columns: &[(u64, Vec<u8>)],
) -> Vec<u8> {
    let mut body = unsigned(deps.len() as u64);
    body.extend(deps.concat());
    body.push(16);
    body.extend(actor);
    body.extend([unsigned(seq), unsigned(start), signed(time), vec![0, 0]].concat());
    body.extend(unsigned(columns.len() as u64));
    for (spec, data) in columns {
        body.extend([unsigned(*spec), unsigned(data.len() as u64)].concat());
    }
    columns.iter().for_each(|(_, data)| body.extend(data));
    let head = [&[0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1][..], &unsigned(body.len() as u64), &body].concat();
    sealed(head)
}

/// Puts a null at "x" in the root, so often.
fn puts(count: i64) -> Vec<(u64, Vec<u8>)> {
    // Automerge writes one value as a list of one.
    let run = |value: &[u8]| [&signed(if count == 1 { -1 } else { count })[..], value].concat();
    let groups = run(&[0]);
    vec![
        (0x15, run(b"\x01x")),
        (0x34, unsigned(count.unsigned_abs())),
        (0x42, run(&[1])),
        (0x56, run(&[0])),
        (0x70, groups),
    ]
}

/// What stands in the document, saved and loaded once more.
fn stands(doc: &mut Doc) -> Vec<String> {
    let saved = Saved { snapshot: Some(doc.snapshot()), ..Saved::default() };
    let again = Doc::load(DocId::Plan, [7; 16], &saved).unwrap();
    read_plan(&again).goals.into_iter().map(|goal| goal.id).collect()
}

/// The document takes a batch, and goes on.
fn survives(batch: &[Vec<u8>]) -> Received {
    let mut held = doc(DocId::Plan, 1);
    save(&mut held, &put_goal("g0", "A home"));
    let received = held.receive(&[2; 32], batch);
    save(&mut held, &put_goal("g1", "A job"));
    assert!(["g0", "g1"].iter().all(|id| stands(&mut held).contains(&(*id).to_owned())));
    received
}

#[test]
fn a_change_by_hand_is_read_as_automerge_reads_it() {
    let facts = chunk::facts(&change(1, 5, &puts(3))).unwrap();
    assert_eq!((facts.actor, facts.seq, facts.start, facts.ops), ([9; 16], 1, 5, 3));
    assert!(survives(&[change(1, 5, &puts(1))]).bad.is_empty());
}

#[test]
fn a_short_run_that_stands_for_many_operations_costs_nothing() {
    for count in [4097, 1 << 24, 1 << 40, i64::MAX] {
        let chunk = change(1, 5, &puts(count));
        assert!(chunk.len() < 120);
        assert_eq!(chunk::facts(&chunk), Err(Refusal::Oversized), "{count}");
        assert_eq!(survives(&[chunk]).bad, [(0, "change-malformed")]);
    }
    for column in 0..5 {
        let mut columns = puts(1);
        columns[column].1 =
            if column == 1 { unsigned(u64::MAX) } else { [&signed(0)[..], &unsigned(u64::MAX)].concat() };
        assert_eq!(chunk::facts(&change(1, 5, &columns)), Err(Refusal::Oversized), "column {column}");
    }
    let mut groups = puts(1);
    groups[4].1 = [signed(1), unsigned(u64::MAX)].concat();
    assert_eq!(chunk::facts(&change(1, 5, &groups)), Err(Refusal::Oversized));
}

#[test]
fn nobody_uses_up_the_numbers_of_operations() {
    for start in [u64::from(u32::MAX), u64::from(u32::MAX) - 1, u64::MAX, 1 << 31] {
        assert_eq!(survives(&[change(1, start, &puts(1))]).bad, [(0, "change-malformed")], "{start}");
    }
}

#[test]
fn nobody_stops_the_next_change_by_an_extreme_time() {
    for time in [i64::MIN, -1, i64::MAX] {
        assert_eq!(survives(&[change_at(time, 1, 5, &puts(1))]).bad, [(0, "change-malformed")], "{time}");
    }
    assert!(survives(&[change_at(1_767_225_600, 1, 5, &puts(1))]).bad.is_empty());
}

#[test]
fn a_first_change_that_says_it_is_the_second_is_set_aside() {
    let received = survives(&[change(2, 5, &puts(1))]);
    assert_eq!(received.kept.len(), 0);
    assert_eq!(received.bad.len(), 1);
}

/// A column of no meaning, which Automerge does not keep.
fn meaningless() -> Vec<(u64, Vec<u8>)> {
    let mut columns = puts(1);
    columns.push((0xb1, [signed(-1), unsigned(0)].concat()));
    columns
}

/// The batches come one after the other, from the device that made the bad changes; the honest change goes in.
fn goes_in(batches: &[&[Vec<u8>]], honest: [u8; 32], next: &[u8]) -> Received {
    let mut held = doc(DocId::Plan, 1);
    let mut all = Received::default();
    for batch in batches {
        let received = held.receive(&[2; 32], batch);
        all.kept.extend(received.kept);
        all.refused.extend(received.refused);
        all.bad.extend(received.bad);
    }
    assert!(held.has(&honest), "a bad change kept an honest one out");
    assert_eq!(held.receive(&[3; 32], &[next.to_vec()]).kept.len(), 1, "what is built on it goes in as well");
    assert_eq!(stands(&mut held), ["g0", "g1"]);
    all
}

#[test]
fn a_bad_change_that_waits_for_an_honest_one_does_not_keep_it_out() {
    let mut other = doc(DocId::Plan, 3);
    let honest = save(&mut other, &put_goal("g0", "A home"));
    let next = save(&mut other, &put_goal("g1", "A job")).bytes;
    let bad = change_after(honest.hash, 9, 500, &meaningless());
    let (first, second) = ([bad.clone()], [honest.bytes.clone()]);
    assert_eq!(goes_in(&[&first, &second], honest.hash, &next).refused, [chunk::hash(&bad)]);
    let both = [bad.clone(), honest.bytes.clone()];
    assert_eq!(goes_in(&[&both], honest.hash, &next).bad, [(0, "change-refused")]);
    let both = [honest.bytes, bad];
    assert_eq!(goes_in(&[&both], honest.hash, &next).bad, [(1, "change-refused")]);
}

#[test]
fn a_bad_change_that_waits_is_no_part_of_what_is_saved() {
    let mut other = doc(DocId::Plan, 3);
    let honest = save(&mut other, &put_goal("g0", "A home"));
    let bad = change_after(honest.hash, 9, 500, &meaningless());
    let mut held = doc(DocId::Plan, 1);
    let received = held.receive(&[2; 32], std::slice::from_ref(&bad));
    assert_eq!((received.kept.len(), received.missing), (0, 1));
    let waiting = received.waits.into_iter().map(|(_, bytes)| ([2; 32], bytes)).collect();
    let saved = Saved { snapshot: Some(held.snapshot()), changes: vec![], waiting };
    let mut again = Doc::load(DocId::Plan, [1; 16], &saved).unwrap();
    let received = again.receive(&[3; 32], &[honest.bytes]);
    assert_eq!((received.kept.len(), received.refused.as_slice()), (1, &[chunk::hash(&bad)][..]));
    assert!(!again.waits());
}

/// Trying costs as much as the document is large: a device that floods is not tried for each at once, and nothing of anybody is
/// lost by that.
#[test]
fn whoever_sends_many_bad_changes_waits_for_more_tries_and_others_do_not() {
    let mut other = doc(DocId::Plan, 3);
    let honest = save(&mut other, &put_goal("g0", "A home"));
    let last = save(&mut other, &put_goal("g1", "A job"));
    let mut held = doc(DocId::Plan, 1);
    assert_eq!(held.receive(&[3; 32], &[last.bytes]).missing, 1);
    let mut flood: Vec<_> =
        (10..100).map(|actor| change_after(honest.hash, actor, 500, &meaningless())).collect();
    flood.push(change_after(honest.hash, 200, 500, &puts(1)));
    assert_eq!(held.receive(&[2; 32], &flood).waits.len(), 91);
    let received = held.receive(&[3; 32], &[honest.bytes]);
    assert_eq!((received.kept.len(), received.joined.as_slice()), (1, &[last.hash][..]));
    assert_eq!(received.refused.len(), 16);
    let (mut turns, mut joined) = (0, Vec::new());
    while held.waits() {
        let received = held.receive(&[2; 32], &[]);
        assert!(received.refused.len() <= 16);
        joined.extend(received.joined);
        turns += 1;
    }
    assert_eq!(
        (turns, joined),
        (5, vec![chunk::hash(flood.last().unwrap())]),
        "the good one goes in as well"
    );
}

/// A document of an earlier version: what waited lies among the changes, in Automerge's own queue.
#[test]
fn what_waited_in_a_database_of_an_earlier_version_keeps_nothing_out() {
    let mut other = doc(DocId::Plan, 3);
    let [first, second, third] = ["g0", "g1", "g2"].map(|id| save(&mut other, &put_goal(id, "goal")).bytes);
    let saved = Saved { changes: vec![second], ..Saved::default() };
    let mut held = Doc::load(DocId::Plan, [1; 16], &saved).unwrap();
    assert_eq!(held.receive(&[3; 32], &[first, third]).kept.len(), 1);
    assert_eq!(held.receive(&[3; 32], &[]).joined.len(), 1, "what builds on it follows");
    assert_eq!(stands(&mut held), ["g0", "g1", "g2"]);
}

#[test]
fn a_change_that_is_saved_as_another_one_is_set_aside() {
    let columns = meaningless();
    // The same key twice, one by one instead of as a run.
    let mut apart = puts(2);
    apart[0].1 = [&signed(-2)[..], b"\x01x\x01x"].concat();
    for columns in [columns, apart] {
        assert_eq!(survives(&[change(1, 5, &columns)]).bad, [(0, "change-refused")]);
    }
}

/// A saved document, behind its length, of which some operations belong to no change.
const INCOMPLETE: &str = concat!(
    "021002020202020202020202020202020202107472656c6c69732067656e6573697331015d0cba18b27261d3b0076ebc",
    "ede333be06943de693cdda6764c3a44aac65377a0701040305130523024004430456020c0106020c156a210423143401",
    "4211561457268001068101028301027f0103007e010002017c0205072504007f0003017f0002010407000202010f0000",
    "02020205037f040508040f7b06736865657473017603322d3003322d3207616e737765727302046c69666574056f7264",
    "6572057469746c6503322d31046c696665056f72646572087175657374696f6e06736861726564047465787407616e73",
    "77657273046c696665056f72646572057469746c65020111006d027f020c750307770102057d017e0304037e01137e00",
    "01030004017f0003017d00010003017e0014030002147454660014544600260014546601010280808080105374657020",
    "3401808080801057686f3f4d6501808080802053746570203405007f010d007f007f0e",
);

#[test]
fn a_saved_document_that_automerge_cannot_take_apart_is_refused() {
    let body: Vec<u8> = hex::FromHex::from_hex(INCOMPLETE).unwrap();
    let saved = [&[0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 0][..], &unsigned(body.len() as u64), &body].concat();
    assert_eq!(changes_in(&sealed(saved)).unwrap_err().code, "document-damaged");
}

/// Every altered change has a checksum that fits, so that Automerge reads on.
#[test]
fn altered_changes_neither_stop_nor_spoil_a_document() {
    // Automerge's panics are caught; those of this test are not.
    std::panic::set_hook(Box::new(|panic| {
        if panic.location().is_some_and(|at| at.file().ends_with("hostile_tests.rs")) {
            eprintln!("{panic}");
        }
    }));
    let mut honest = doc(DocId::Plan, 2);
    for n in 0..3 {
        save(&mut honest, &put_goal(&format!("g{n}"), "goal"));
    }
    let changes = bytes(honest.changes());
    let mut noise = 1_u64;
    let mut next = move |below: usize| {
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (noise >> 33) as usize % below
    };
    let (mut kept, mut bad) = (0, 0);
    for _ in 0..2_000 {
        let mut batch = changes.clone();
        let chosen = next(batch.len());
        for _ in 0..=next(3) {
            let place = 9 + next(batch[chosen].len() - 9);
            batch[chosen][place] = next(256) as u8;
        }
        batch[chosen] = sealed(batch[chosen].clone());
        let mut held = doc(DocId::Plan, 1);
        save(&mut held, &put_goal("own", "A home"));
        let received = held.receive(&[2; 32], &batch);
        (kept, bad) = (kept + received.kept.len(), bad + received.bad.len());
        // What is taken in may say anything, as one's own device may; it can be edited, saved and loaded.
        let _ = held.edit(|edit| write_plan(edit, &put_goal("next", "A job"), Default::default()));
        stands(&mut held);
    }
    assert!(kept > 2_000 && bad > 500, "{kept} kept, {bad} set aside");
}
