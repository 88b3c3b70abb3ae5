//! The documents around shared spaces: what merges, and what comes back as it was written.

use chrono::NaiveDate;
use trellis_api_types::coach::*;
use trellis_api_types::work::WorkEdit;

use super::*;
use crate::error::Result;
use crate::store::documents::Saved;

fn two(id: DocId) -> [Doc; 2] {
    [1, 2].map(|writer| Doc::load(id, [writer; 16], &Saved::default()).unwrap())
}

fn meet([a, b]: &mut [Doc; 2]) {
    let (from_a, from_b) = (a.changes(), b.changes());
    a.receive(&[2; 32], &from_b.into_iter().map(|(_, bytes)| bytes).collect::<Vec<_>>());
    b.receive(&[1; 32], &from_a.into_iter().map(|(_, bytes)| bytes).collect::<Vec<_>>());
}

fn edit(doc: &mut Doc, work: impl FnOnce(&mut Edit<'_>) -> Result<()>) -> LocalChange {
    doc.edit(work).unwrap().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_genesis_of_documents_around_spaces_is_frozen() {
    let heads = [DocId::People, DocId::Work, DocId::Coach, DocId::Board([7; 32])].map(|id| {
        let mut am = genesis::document(id).unwrap();
        am.get_heads()[0].to_string()
    });
    insta::assert_snapshot!(heads.join("\n"), @r"
    6e947ba4a8b5936e1d7de846a7a6dab3f7c7156186a8c55fbd016b8110a61bc6
    6ac33d8ec2a54e1f7e08b898819bee67acf2ecc600919869afdaba1c2dcaaccc
    41df0a478002926a9376f10a10a7b62051b9510014d5c830af844009d29e33b9
    b46eec86380cc82da235ad2fee740afb121ec6dc27975e208d91c975d696c6e5
    ");
}

#[test]
fn two_devices_that_learn_of_one_person_hide_nothing_of_each_other() {
    let mut docs = two(DocId::People);
    let phone = "555 0100".to_owned();
    edit(&mut docs[0], |e| write_phone(e, "ana", &phone));
    edit(&mut docs[1], |e| write_helpers(e, &vec!["ana".into()]));
    edit(&mut docs[1], |e| write_blocked(e, "ben", true));
    meet(&mut docs);
    let notes = read_people(&docs[0]);
    assert_eq!(notes, read_people(&docs[1]));
    assert_eq!((notes.of("ana").phone, notes.of("ben").blocked), (phone.clone(), true));
    assert_eq!(notes.helpers(), Some(vec!["ana".to_owned()]));
    assert!(docs[0].edit(|e| write_phone(e, "ana", &phone)).unwrap().is_none());
}

#[test]
fn a_block_stands_whatever_another_device_writes_at_the_same_time() {
    for blocker in 0..2 {
        let mut docs = two(DocId::People);
        edit(&mut docs[0], |e| write_blocked(e, "ana", true));
        meet(&mut docs);
        edit(&mut docs[blocker], |e| {
            write_blocked(e, "ana", false)?;
            write_blocked(e, "ana", true)
        });
        edit(&mut docs[1 - blocker], |e| {
            // The later of two writes wins.
            ["1", "2", "3"].iter().try_for_each(|phone| write_phone(e, "ana", &(*phone).to_owned()))?;
            write_blocked(e, "ana", false)
        });
        meet(&mut docs);
        docs.iter().for_each(|doc| assert!(read_people(doc).of("ana").blocked, "{blocker}"));
        edit(&mut docs[blocker], |e| write_blocked(e, "ana", false));
        meet(&mut docs);
        docs.iter().for_each(|doc| assert!(!read_people(doc).of("ana").blocked, "{blocker}"));
    }
}

#[test]
fn no_block_is_not_written_where_none_stands() {
    let [mut doc, _] = two(DocId::People);
    assert!(doc.edit(|e| write_blocked(e, "ana", false)).unwrap().is_none());
}

#[test]
fn who_was_blocked_is_no_helper_afterwards_even_if_another_device_kept_them() {
    let mut docs = two(DocId::People);
    let both = vec!["ana".to_owned(), "ben".to_owned()];
    edit(&mut docs[0], |e| write_helpers(e, &both));
    meet(&mut docs);
    edit(&mut docs[0], |e| write_blocked(e, "ana", true));
    assert_eq!(read_people(&docs[0]).helpers(), Some(vec!["ben".to_owned()]));
    edit(&mut docs[1], |e| write_helpers(e, &vec!["ana".to_owned()]));
    edit(&mut docs[1], |e| write_helpers(e, &both));
    meet(&mut docs);
    edit(&mut docs[0], |e| write_blocked(e, "ana", false));
    assert_eq!(read_people(&docs[0]).helpers(), Some(vec!["ben".to_owned()]));
}

fn put_answer(sheet: &str, id: &str, text: &str) -> WorkEdit {
    WorkEdit::PutAnswer { sheet: sheet.into(), id: id.into(), question: "Who?".into(), text: text.into() }
}

fn share(space: &str, on: bool) -> WorkEdit {
    WorkEdit::Share { sheet: "s".into(), id: "a".into(), space: space.into(), on }
}

#[test]
fn step_work_keeps_its_order_and_shares_made_apart() {
    let mut docs = two(DocId::Work);
    edit(&mut docs[0], |e| write_work(e, &WorkEdit::PutSheet { id: "s".into(), title: "Step 4".into() }));
    for id in ["c", "a", "b"] {
        edit(&mut docs[0], |e| write_work(e, &put_answer("s", id, "")));
    }
    meet(&mut docs);
    edit(&mut docs[0], |e| write_work(e, &share("tuesday", true)));
    edit(&mut docs[1], |e| write_work(e, &share("sponsor", true)));
    meet(&mut docs);
    let sheets = read_work(&docs[1]);
    assert_eq!(
        sheets[0].answers.iter().map(|answer| answer.id.as_str()).collect::<Vec<_>>(),
        ["c", "a", "b"]
    );
    assert_eq!(sheets[0].answers[1].shared, ["sponsor", "tuesday"]);
    edit(&mut docs[1], |e| write_work(e, &share("tuesday", false)));
    assert_eq!(read_work(&docs[1])[0].answers[1].shared, ["sponsor"]);
    assert!(docs[1].edit(|e| write_work(e, &share("nobody", false))).unwrap().is_none());
}

#[test]
fn removed_step_work_comes_back_with_its_answers_by_undo() {
    let [mut doc, _] = two(DocId::Work);
    edit(&mut doc, |e| write_work(e, &WorkEdit::PutSheet { id: "s".into(), title: "Step 4".into() }));
    edit(&mut doc, |e| write_work(e, &put_answer("s", "a", "Me")));
    let before = read_work(&doc);
    let removed = edit(&mut doc, |e| write_work(e, &WorkEdit::RemoveSheet("s".into())));
    assert_eq!(read_work(&doc), []);
    assert_eq!(doc.edit(|e| write_work(e, &put_answer("s", "a", "again"))).unwrap_err().code, "not-found");
    doc.take_back(&removed.undo).unwrap();
    assert_eq!(read_work(&doc), before);
}

fn call(id: &str, at: i64) -> CallLog {
    let (outcome, role) = (Outcome::Reached, ContactRole::Mentor);
    CallLog { id: id.into(), at, outcome, need: "A ride".into(), role, next: Some(day("2026-03-01")) }
}

fn note(id: &str, on: &str) -> Note {
    Note { id: id.into(), on: day(on), text: "Own words".into() }
}

#[test]
fn what_a_coach_keeps_belongs_to_one_space_and_merges() {
    let mut docs = two(DocId::Coach);
    assert_eq!(read_case(&docs[0], "ana").quiet_after, 7);
    edit(&mut docs[0], |e| write_case(e, "ana", &CaseEdit::QuietAfter(3)));
    edit(&mut docs[1], |e| write_case(e, "ana", &CaseEdit::Weekly(true)));
    edit(&mut docs[0], |e| write_case(e, "ana", &CaseEdit::PutCall(call("c1", 1))));
    edit(&mut docs[1], |e| write_case(e, "ana", &CaseEdit::PutCall(call("c2", 2))));
    for (id, on) in [("n1", "2026-01-02"), ("n2", "2026-01-02"), ("n3", "2026-01-01")] {
        edit(&mut docs[0], |e| write_case(e, "ana", &CaseEdit::PutNote(note(id, on))));
    }
    edit(&mut docs[0], |e| write_case(e, "ben", &CaseEdit::PutCall(call("c3", 3))));
    meet(&mut docs);
    let case = read_case(&docs[1], "ana");
    assert_eq!((case.quiet_after, case.weekly), (3, true));
    assert_eq!(case.calls, [call("c2", 2), call("c1", 1)]);
    assert_eq!(case.notes.iter().map(|note| note.id.as_str()).collect::<Vec<_>>(), ["n2", "n1", "n3"]);
    edit(&mut docs[0], |e| write_case(e, "ana", &CaseEdit::RemoveCall("c1".into())));
    assert_eq!(read_case(&docs[0], "ana").calls.len(), 1);
}

#[test]
fn supervision_is_kept_newest_first() {
    let [mut doc, _] = two(DocId::Coach);
    let entry = |id: &str, on: &str| Supervision {
        id: id.into(),
        on: day(on),
        kind: SupervisionKind::Training,
        minutes: 90,
        text: "Ethics".into(),
    };
    for (id, on) in [("1", "2026-01-01"), ("2", "2026-02-01")] {
        edit(&mut doc, |e| write_supervision(e, &SupervisionEdit::Put(entry(id, on))));
    }
    assert_eq!(read_supervision(&doc), [entry("2", "2026-02-01"), entry("1", "2026-01-01")]);
    edit(&mut doc, |e| write_supervision(e, &SupervisionEdit::Remove("2".into())));
    assert_eq!(read_supervision(&doc).len(), 1);
}
