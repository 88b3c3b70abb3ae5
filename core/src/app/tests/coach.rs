//! What a coach sees of somebody who agreed to it, and what they say to each other.

use chrono::{DateTime, NaiveTime};
use trellis_api_types::checkin::{CheckIn, CheckInSave, Kept, Mood, Use};
use trellis_api_types::circle::{CircleEdit, CircleGet, CircleSave, HelpWord, What};
use trellis_api_types::coach::*;
use trellis_api_types::command::Undo;
use trellis_api_types::people::{PersonSave, PersonSpaces, Role, SpaceGet};
use trellis_api_types::plan::*;
use trellis_api_types::sharing::{ConsentPdf, ConsentStop, SharedPdf, SharingGet};
use trellis_api_types::work::{WorkEdit, WorkSave};

use super::together::{DAY, Together};
use crate::error::Result;

/// A coach, and whom they coach, who agreed to share.
fn coached() -> (Together, String) {
    let mut all = Together::of(&["Coach", "Ana"], "2026-03-02");
    let space = all.pair((Role::Coach, Role::Participant));
    (all, space)
}

fn checkin(all: &mut Together, urge: u8, used: Option<Use>) {
    let date = DateTime::from_timestamp_millis(all.now()).unwrap().date_naive();
    let checkin = CheckIn {
        id: all.id(),
        date,
        time: NaiveTime::MIN,
        mood: Mood::Okay,
        urge: Some(urge),
        halt: vec![],
        used,
        medication: None,
        tags: vec![],
        note: "Rain".into(),
        learned: String::new(),
        kept: Kept::default(),
        edited_at: 0,
    };
    all.apps[1].checkin_save(CheckInSave { checkin }).unwrap();
    all.exchange();
}

fn row(all: &mut Together) -> CaseRow {
    all.apps[0].caseload_get(CaseloadGet {}).unwrap().rows.remove(0)
}

fn case(all: &mut Together, space: &str) -> Case {
    all.apps[0].case_get(CaseGet { space: space.into() }).unwrap()
}

fn keep(all: &mut Together, space: &str, edit: CaseEdit) -> Result<Option<String>> {
    all.apps[0].case_save(CaseSave { space: space.into(), edit }).map(|saved| saved.undo)
}

fn say(all: &mut Together, n: usize, space: &str, edit: CircleEdit) {
    all.apps[n].circle_save(CircleSave { space: space.into(), edit }).unwrap();
    all.exchange();
}

#[test]
fn a_coach_sees_what_was_agreed_to_and_nothing_before() {
    let (mut all, space) = coached();
    checkin(&mut all, 3, None);
    let before = row(&mut all);
    assert_eq!((before.person.name.as_str(), before.no_consent, before.last_checkin), ("Second", true, None));
    all.consents(1, &space);
    checkin(&mut all, 8, Some(Use::Used));
    let after = row(&mut all);
    assert!(!after.no_consent && after.keep_calling && after.last_checkin.is_some());
    assert_eq!((after.reasons, after.urges[13]), (vec![Reason::UrgeRising], Some(8)));
    let case = case(&mut all, &space);
    assert_eq!(case.entries.len(), 2, "that of the day it was agreed to as well");
    assert!(matches!(&case.entries[0].what, What::CheckIn { note: Some(note), .. } if note == "Rain"));
    assert_eq!(case.consents.len(), 1);
    assert_eq!(all.apps[1].caseload_get(CaseloadGet {}).unwrap(), Caseload::default(), "she coaches nobody");
}

#[test]
fn silence_calls_and_steps_bring_somebody_up() {
    let (mut all, space) = coached();
    all.consents(1, &space);
    let goal = GoalText {
        dimension: Dimension::Home,
        title: "A home".into(),
        reason: String::new(),
        state: GoalState::Open,
    };
    let put = PlanEdit::PutGoal { id: "g".into(), text: goal };
    all.apps[1].plan_save(PlanSave { edit: put }).unwrap();
    let due = Some("2026-03-04".parse().unwrap());
    let step =
        Step { id: "s".into(), text: "Ask".into(), detail: String::new(), due, state: StepState::ToDo };
    all.apps[1].plan_save(PlanSave { edit: PlanEdit::PutStep { goal: "g".into(), step } }).unwrap();
    all.exchange();
    assert_eq!(row(&mut all).reasons, [Reason::Steady]);
    let call = CallLog {
        id: all.id(),
        at: all.now(),
        outcome: Outcome::Message,
        need: "A ride".into(),
        role: ContactRole::Coach,
        next: Some("2026-03-05".parse().unwrap()),
    };
    let undo = keep(&mut all, &space, CaseEdit::PutCall(call)).unwrap().unwrap();
    keep(&mut all, &space, CaseEdit::QuietAfter(5)).unwrap();
    keep(&mut all, &space, CaseEdit::Weekly(true)).unwrap();
    all.pass(3 * DAY);
    let due = row(&mut all);
    assert_eq!((due.reasons, due.tries, due.steps_due), (vec![Reason::CallDue, Reason::StepDue], 1, 1));
    assert_eq!(all.apps[0].caseload_get(CaseloadGet {}).unwrap().calls, std::slice::from_ref(&space));
    all.pass(6 * DAY);
    let quiet = row(&mut all);
    let reasons = [Reason::GoneQuiet, Reason::CallDue, Reason::StepDue, Reason::UpdateMissed];
    assert_eq!((quiet.reasons, quiet.quiet_days), (reasons.to_vec(), Some(9)));
    all.apps[0].undo(Undo { id: undo }).unwrap();
    assert_eq!(case(&mut all, &space).calls, []);
    let week = CircleEdit::Weekly {
        week: "2026-03-02".parse().unwrap(),
        fields: vec![("What helped?".into(), "Walks".into())],
    };
    say(&mut all, 1, &space, week);
    assert_eq!(row(&mut all).reasons, [Reason::StepDue]);
}

#[test]
fn a_call_for_help_comes_first_until_it_is_over() {
    let (mut all, space) = coached();
    let (id, to) = (all.id(), vec![all.other(1, &space)]);
    say(&mut all, 1, &space, CircleEdit::AskHelp { id, to, text: "Please call".into() });
    assert_eq!(row(&mut all).reasons, [Reason::AskedForHelp]);
    let look = CircleGet { space: space.clone(), limit: 10 };
    let call = all.apps[0].circle_get(look.clone()).unwrap().help.remove(0);
    let (account, key) = (call.account, call.key.clone());
    let answer = CircleEdit::AnswerHelp {
        account,
        key,
        word: HelpWord::CallMe,
        text: String::new(),
        phone: String::new(),
    };
    say(&mut all, 0, &space, answer);
    let seen = all.apps[1].circle_get(look.clone()).unwrap().help.remove(0);
    assert_eq!((seen.helpers[0].word, seen.only_here), (Some(HelpWord::CallMe), false));
    say(&mut all, 1, &space, CircleEdit::Okay { key: call.key });
    assert!(all.apps[0].circle_get(look).unwrap().help[0].over);
    assert_eq!(row(&mut all).reasons, [Reason::Steady]);
}

/// All that the one who is coached can read of the two of them.
fn read_by_the_other(all: &mut Together, space: &str) -> String {
    all.exchange();
    let space = space.to_owned();
    let seen = all.apps[1].space_get(SpaceGet { space: space.clone() }).unwrap();
    let said = all.apps[1].circle_get(CircleGet { space, limit: 10 }).unwrap();
    format!("{seen:?} {said:?}")
}

#[test]
fn what_a_coach_writes_for_themselves_reaches_nobody() {
    let (mut all, space) = coached();
    let before = read_by_the_other(&mut all, &space);
    let (id, on) = (all.id(), "2026-03-02".parse().unwrap());
    let note = Note { id, on, text: "Likes to be called after work".into() };
    keep(&mut all, &space, CaseEdit::PutNote(note.clone())).unwrap();
    keep(&mut all, &space, CaseEdit::QuietAfter(3)).unwrap();
    assert_eq!(read_by_the_other(&mut all, &space), before);
    assert_eq!(case(&mut all, &space).notes, [note]);
}

#[test]
fn who_is_blocked_is_not_told() {
    let (mut all, space) = coached();
    let before = read_by_the_other(&mut all, &space);
    let account = row(&mut all).person.account;
    all.apps[0].person_save(PersonSave { account, phone: None, blocked: Some(true) }).unwrap();
    assert_eq!(read_by_the_other(&mut all, &space), before);
    let seen = all.apps[0].space_get(SpaceGet { space }).unwrap();
    assert!(seen.row.people.iter().any(|person| person.blocked));
}

#[test]
fn the_log_of_supervision_takes_every_word_and_tells_the_names() {
    let (mut all, _) = coached();
    let put = |all: &mut Together, text: &str| {
        let (id, on) = (all.id(), "2026-03-01".parse().unwrap());
        let entry =
            Supervision { id, on, kind: SupervisionKind::Supervision, minutes: 60, text: text.into() };
        let edit = SupervisionEdit::Put(entry);
        all.apps[0].supervision_save(SupervisionSave { edit }).map(drop).map_err(|e| e.code)
    };
    assert_eq!(put(&mut all, "Hablamos de los límites y de la agenda."), Ok(()));
    assert_eq!(put(&mut all, "Boundaries with Second, kept on purpose"), Ok(()));
    let log = all.apps[0].supervision_get(SupervisionGet {}).unwrap();
    assert_eq!((log.entries.len(), log.names), (2, vec!["Second".to_owned()]));
}

/// Question and words of the answers that a space shows.
fn shown(all: &mut Together, n: usize, space: &str) -> Vec<String> {
    let seen = all.apps[n].circle_get(CircleGet { space: space.into(), limit: 10 }).unwrap();
    let text = |what| match what {
        What::Work { worksheet, question, text } => Some(format!("{worksheet} {question} {text}")),
        _ => None,
    };
    seen.entries.into_iter().filter_map(|entry| text(entry.what)).collect()
}

fn work(all: &mut Together, edit: WorkEdit) -> Result<Option<String>, &'static str> {
    let saved = all.apps[1].work_save(WorkSave { edit }).map(|saved| saved.undo).map_err(|e| e.code);
    all.exchange();
    saved
}

#[test]
fn one_answer_of_step_work_is_shared_follows_and_is_taken_back() {
    let (mut all, space) = coached();
    let answer = |id: &str, text: &str| WorkEdit::PutAnswer {
        sheet: "s".into(),
        id: id.into(),
        question: "Who?".into(),
        text: text.into(),
    };
    let share = |id: &str, space: &str, on| WorkEdit::Share {
        sheet: "s".into(),
        id: id.into(),
        space: space.into(),
        on,
    };
    let sheet = |title: &str| WorkEdit::PutSheet { id: "s".into(), title: title.into() };
    work(&mut all, sheet("Four")).unwrap();
    work(&mut all, answer("a", "Me")).unwrap();
    work(&mut all, answer("b", "")).unwrap();
    assert_eq!(shown(&mut all, 0, &space), Vec::<String>::new());
    assert_eq!(work(&mut all, share("b", &space, true)), Err("empty-text"));
    assert_eq!(work(&mut all, share("a", &"0".repeat(64), true)), Err("not-found"));
    let undo = work(&mut all, share("a", &space, true)).unwrap().unwrap();
    assert_eq!(shown(&mut all, 0, &space), ["Four Who? Me"]);
    work(&mut all, answer("a", "My brother")).unwrap();
    work(&mut all, sheet("Step four")).unwrap();
    assert_eq!(shown(&mut all, 0, &space), ["Step four Who? My brother"]);
    let removed = work(&mut all, WorkEdit::RemoveSheet("s".into())).unwrap().unwrap();
    assert_eq!(shown(&mut all, 0, &space), Vec::<String>::new());
    all.apps[1].undo(Undo { id: removed }).unwrap();
    all.exchange();
    assert_eq!(shown(&mut all, 0, &space), ["Step four Who? My brother"]);
    all.apps[1].undo(Undo { id: undo }).unwrap();
    all.exchange();
    assert_eq!(shown(&mut all, 0, &space), Vec::<String>::new());
    all.apps[1].space_leave(trellis_api_types::people::SpaceLeave { space: space.clone() }).unwrap();
    assert_eq!(work(&mut all, share("a", &space, true)), Err("space-ended"));
    assert!(work(&mut all, answer("a", "Still mine")).is_ok());
}

/// A sheet with one answer that is shared with the coach.
fn shared_answer(all: &mut Together, space: &str) {
    let put = |text: &str| WorkEdit::PutAnswer {
        sheet: "s".into(),
        id: "a".into(),
        question: "Who?".into(),
        text: text.into(),
    };
    work(all, WorkEdit::PutSheet { id: "s".into(), title: "Four".into() }).unwrap();
    work(all, put("Me")).unwrap();
    let share = WorkEdit::Share { sheet: "s".into(), id: "a".into(), space: space.into(), on: true };
    work(all, share).unwrap();
    assert_eq!(shown(all, 0, space), ["Four Who? Me"]);
}

#[test]
fn to_stop_sharing_stops_step_work_too_and_to_delete_takes_all_words_back() {
    for (retract, left) in [(false, vec!["Four Who? Me".to_owned()]), (true, vec![])] {
        let (mut all, space) = coached();
        all.consents(1, &space);
        shared_answer(&mut all, &space);
        let account = all.other(1, &space);
        let shares = |all: &mut Together| {
            let spaces = all.apps[1].person_spaces(PersonSpaces { account: account.clone() }).unwrap();
            spaces[0].shares
        };
        assert!(shares(&mut all));
        let week = CircleEdit::Weekly {
            week: "2026-03-02".parse().unwrap(),
            fields: vec![("How?".into(), "Fine".into())],
        };
        say(&mut all, 1, &space, week);
        all.apps[1].consent_stop(ConsentStop { space: space.clone(), retract }).unwrap();
        all.exchange();
        work(
            &mut all,
            WorkEdit::PutAnswer {
                sheet: "s".into(),
                id: "a".into(),
                question: "Who?".into(),
                text: "canary of later".into(),
            },
        )
        .unwrap();
        assert_eq!((shown(&mut all, 0, &space), shares(&mut all)), (left, false));
        let sent = all.apps[1].sharing_get(SharingGet { space: space.clone() }).unwrap().sent;
        assert_eq!(sent.is_empty(), retract, "weekly updates too");
    }
}

#[test]
fn a_consent_and_what_was_shared_by_it_are_papers() {
    let (mut all, space) = coached();
    let account = row(&mut all).person.account;
    let shared = |space: &str| SharedPdf { space: space.to_owned(), account: account.clone(), anyway: false };
    assert_eq!(all.apps[0].shared_pdf(shared(&space)).err().map(|e| e.code), Some("not-found"));
    all.consents(1, &space);
    checkin(&mut all, 3, None);
    let id = case(&mut all, &space).consents[0].id.clone();
    let consent = ConsentPdf { space: space.clone(), id, anyway: false };
    let [here, there] = [0, 1].map(|n| all.apps[n].consent_pdf(consent.clone()).unwrap());
    assert!(here == there && here.starts_with(b"%PDF"), "both have the same paper");
    let wrong = ConsentPdf { id: "0".repeat(64), ..consent };
    assert_eq!(all.apps[0].consent_pdf(wrong).err().map(|e| e.code), Some("not-found"));
    assert!(all.apps[0].shared_pdf(shared(&space)).unwrap().starts_with(b"%PDF"));
    assert_eq!(all.apps[0].shared_pdf(shared("nowhere")).err().map(|e| e.code), Some("not-found"));
}
