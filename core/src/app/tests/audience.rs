//! Who sees what is being written, what a person keeps to themselves, and milestones that stay.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta};
use trellis_api_types::audience::*;
use trellis_api_types::checkin::{CheckIn, CheckInDelete, CheckInSave, Kept, Mood, Use};
use trellis_api_types::circle::{CircleGet, What};
use trellis_api_types::journey::{Journey, JourneyGet};
use trellis_api_types::people::{Role, SpaceKind, SpaceMake};
use trellis_api_types::plan::Dimension;
use trellis_api_types::settings::{SettingsEdit, SettingsSave};
use trellis_api_types::sharing::*;
use trellis_api_types::work::{WorkEdit, WorkSave};

use super::together::{DAY, Together};

/// Ruth is a sponsor, Ana tells.
fn pair() -> (Together, String) {
    let mut all = Together::of(&["Ruth", "Ana"], "2026-03-02");
    let space = all.pair((Role::Sponsor, Role::Sponsee));
    (all, space)
}

fn today(all: &Together) -> NaiveDate {
    DateTime::from_timestamp_millis(all.now()).unwrap().date_naive()
}

fn sign(all: &mut Together, space: &str, fields: &[Field], goals: GoalChoice, until: Until) {
    let terms = ConsentTerms {
        fields: fields.to_vec(),
        goals,
        purpose: String::new(),
        recipient: Recipient::Person,
        from: today(all),
        until,
        part2: None,
    };
    all.apps[1].consent_sign(ConsentSign { space: space.into(), terms, backwards: false }).unwrap();
    all.exchange();
}

fn ask(all: &mut Together, about: About) -> Audience {
    all.apps[1].audience_get(AudienceGet { about }).unwrap()
}

fn of_checkin(all: &mut Together, id: &str, date: NaiveDate) -> Audience {
    ask(all, About::CheckIn { id: id.into(), date })
}

fn names(readers: &[Reader]) -> Vec<&str> {
    readers.iter().map(|reader| reader.name.as_str()).collect()
}

fn checkin(date: NaiveDate) -> CheckIn {
    CheckIn {
        id: "c".into(),
        date,
        time: NaiveTime::MIN,
        mood: Mood::Low,
        urge: None,
        halt: vec![],
        used: Some(Use::Used),
        medication: None,
        tags: vec!["meeting with my boss".into(), "AA".into()],
        note: "Rain".into(),
        learned: String::new(),
        kept: Kept::default(),
        edited_at: 0,
    }
}

fn save(all: &mut Together, checkin: CheckIn) {
    all.apps[1].checkin_save(CheckInSave { checkin }).unwrap();
    all.exchange();
}

/// What Ruth has: note, use, meeting of each check-in.
fn has(all: &mut Together, space: &str) -> Vec<(Option<String>, Option<Use>, Option<String>)> {
    let circle = all.apps[0].circle_get(CircleGet { space: space.into(), limit: 50 }).unwrap();
    let told = circle.entries.into_iter().filter_map(|entry| match entry.what {
        What::CheckIn { note, used, meeting, .. } => Some((note, used, meeting)),
        _ => None,
    });
    told.collect()
}

#[test]
fn who_sees_a_check_in_goes_by_the_consents_and_by_its_day() {
    let (mut all, space) = pair();
    let day = today(&all);
    assert_eq!(of_checkin(&mut all, "c", day), Audience::default(), "nothing was agreed to");
    let until = Until::Date(day + Days::new(3));
    sign(&mut all, &space, &[Field::Use, Field::Note], GoalChoice::None, until);
    let seen = of_checkin(&mut all, "c", day);
    assert_eq!(names(&seen.sees), ["First"]);
    assert_eq!(
        (&seen.sees[0].fields[..], seen.sees[0].kind),
        (&[Field::Use, Field::Note][..], SpaceKind::Pair)
    );
    assert!(seen.has.is_empty());
    assert!(of_checkin(&mut all, "c", day - Days::new(1)).sees.is_empty(), "a day before the consent");
    save(&mut all, checkin(day));
    assert_eq!(of_checkin(&mut all, "c", day).has[0].fields, [Field::Use, Field::Note]);
    all.pass(4 * DAY);
    let later = of_checkin(&mut all, "d", day);
    assert!(later.sees.is_empty(), "the consent is over");
}

#[test]
fn who_sees_goals_milestones_answers_and_posts() {
    let (mut all, space) = pair();
    let goal = |dimension| About::Goal { id: "g".into(), dimension };
    let some = GoalChoice::Some { dimensions: vec![Dimension::Home], goals: vec![] };
    sign(&mut all, &space, &[Field::Milestones], some, Until::Stopped);
    assert_eq!(names(&ask(&mut all, goal(Dimension::Home)).sees), ["First"]);
    assert!(ask(&mut all, goal(Dimension::Health)).sees.is_empty());
    assert_eq!(names(&ask(&mut all, About::Milestones).sees), ["First"]);
    let day = today(&all);
    assert!(of_checkin(&mut all, "c", day).sees.is_empty());
    let circle = SpaceMake {
        id: all.id(),
        kind: SpaceKind::Group,
        name: "Tuesday circle".into(),
        role: Role::Peer,
        my_name: "Ana".into(),
    };
    let group = all.apps[1].space_make(circle).unwrap();
    assert_eq!(names(&ask(&mut all, About::Post { space: group }).sees), ["Tuesday circle"]);
    let (sheet, id) = ("s".to_owned(), "a".to_owned());
    let edits = [
        WorkEdit::PutSheet { id: sheet.clone(), title: "Step 4".into() },
        WorkEdit::PutAnswer { sheet: sheet.clone(), id: id.clone(), question: "Q".into(), text: "A".into() },
    ];
    for edit in edits {
        all.apps[1].work_save(WorkSave { edit }).unwrap();
    }
    let about = About::Answer { sheet: sheet.clone(), id: id.clone() };
    assert!(ask(&mut all, about.clone()).sees.is_empty());
    all.apps[1].work_save(WorkSave { edit: WorkEdit::Share { sheet, id, space, on: true } }).unwrap();
    assert_eq!(names(&ask(&mut all, about).sees), ["First"]);
}

#[test]
fn what_is_kept_never_comes_and_what_came_is_taken_back() {
    let (mut all, space) = pair();
    sign(&mut all, &space, &Field::ALL, GoalChoice::None, Until::Stopped);
    let day = today(&all);
    let whole = Kept { all: true, ..Kept::default() };
    let part = Kept { used: true, note: true, all: false };
    save(&mut all, CheckIn { kept: whole, ..checkin(day) });
    assert!(has(&mut all, &space).is_empty() && of_checkin(&mut all, "c", day).has.is_empty());
    save(&mut all, CheckIn { kept: part, ..checkin(day) });
    assert_eq!(has(&mut all, &space), [(None, None, None)]);
    save(&mut all, checkin(day));
    assert_eq!(has(&mut all, &space), [(Some("Rain".into()), Some(Use::Used), None)]);
    save(&mut all, CheckIn { kept: part, ..checkin(day) });
    assert_eq!(has(&mut all, &space), [(None, None, None)], "taken back by a version without it");
    save(&mut all, CheckIn { kept: whole, ..checkin(day) });
    assert!(has(&mut all, &space).is_empty() && of_checkin(&mut all, "c", day).has.is_empty());
}

#[test]
fn what_is_kept_is_taken_back_also_where_nothing_is_shared_any_more() {
    let (mut all, space) = pair();
    sign(&mut all, &space, &[Field::Mood, Field::Note], GoalChoice::None, Until::Stopped);
    let day = today(&all);
    save(&mut all, checkin(day));
    sign(&mut all, &space, &[], GoalChoice::None, Until::Stopped);
    assert_eq!(has(&mut all, &space).len(), 1, "what was sent stays");
    save(&mut all, CheckIn { mood: Mood::Good, ..checkin(day) });
    assert_eq!(has(&mut all, &space).len(), 1);
    save(&mut all, CheckIn { kept: Kept { note: true, ..Kept::default() }, ..checkin(day) });
    assert!(has(&mut all, &space).is_empty());
}

#[test]
fn a_word_is_a_meeting_once_the_person_marks_it() {
    let (mut all, space) = pair();
    sign(&mut all, &space, &[Field::Meetings], GoalChoice::None, Until::Stopped);
    let day = today(&all);
    save(&mut all, checkin(day));
    assert!(has(&mut all, &space).is_empty(), "a word that begins so is no meeting");
    let edit = SettingsEdit::Meetings(vec!["AA".into()]);
    all.apps[1].settings_save(SettingsSave { edit }).unwrap();
    all.exchange();
    assert_eq!(has(&mut all, &space), [(None, None, Some("AA".into()))]);
}

fn journey(all: &mut Together) -> Journey {
    let today = today(all);
    all.apps[1].journey_get(JourneyGet { from: today, to: today }).unwrap()
}

fn reached(journey: &Journey) -> Vec<(u32, NaiveDate)> {
    journey.milestones.iter().filter(|one| one.reached).map(|one| (one.days, one.date)).collect()
}

#[test]
fn a_milestone_stays_with_its_day_when_a_return_is_logged_for_a_day_before() {
    let mut all = Together::of(&["Ruth", "Ana"], "2026-03-02");
    let day = today(&all);
    let edit = SettingsEdit::RecoveryStart(Some(day - Days::new(30)));
    all.apps[1].settings_save(SettingsSave { edit }).unwrap();
    let before = journey(&mut all);
    assert_eq!(reached(&before).last(), Some(&(30, day)));
    save(&mut all, CheckIn { id: "b".into(), ..checkin(day - Days::new(20)) });
    let after = journey(&mut all);
    assert_eq!(reached(&after), reached(&before));
    assert_eq!(after.figures.unwrap().total_days, 29);
    all.apps[1].checkin_delete(CheckInDelete { id: "b".into() }).unwrap();
    assert_eq!(journey(&mut all), before);
    let edit = SettingsEdit::RecoveryStart(Some(day - Days::new(20)));
    all.apps[1].settings_save(SettingsSave { edit }).unwrap();
    assert_eq!(
        reached(&journey(&mut all)).last(),
        Some(&(14, day - Days::new(6))),
        "another start, other days"
    );
}

/// Ana starts, shares these fields, uses on a day so many days from then, and goes on for three weeks. Returns the milestones
/// that Ruth has.
fn shared_milestones(fields: &[Field], used: i64, kept: bool) -> Vec<u32> {
    let (mut all, space) = pair();
    let day = today(&all);
    let start = day - Days::new(5);
    all.apps[1].settings_save(SettingsSave { edit: SettingsEdit::RecoveryStart(Some(start)) }).unwrap();
    let kept = Kept { used: kept, ..Kept::default() };
    let checkin = CheckIn { kept, ..checkin(day + TimeDelta::days(used)) };
    if used < 0 {
        save(&mut all, checkin.clone());
    }
    sign(&mut all, &space, fields, GoalChoice::None, Until::Stopped);
    for passed in 0..21 {
        all.pass(DAY);
        if passed + 1 == used {
            save(&mut all, checkin.clone());
        }
        all.exchange();
    }
    let circle = all.apps[0].circle_get(CircleGet { space, limit: 50 }).unwrap();
    let told = circle.entries.iter().filter_map(|entry| match entry.what {
        What::Milestone { days, .. } => Some(days),
        _ => None,
    });
    let mut told: Vec<u32> = told.collect();
    told.sort_unstable();
    told
}

#[test]
fn milestones_do_not_tell_of_a_use_that_is_kept() {
    let (some, all) = (&[Field::Milestones][..], &[Field::Milestones, Field::Use][..]);
    assert_eq!(
        shared_milestones(some, 4, false),
        [7],
        "use is not shared: the days between 7 and 14 would tell of it"
    );
    assert_eq!(shared_milestones(all, 4, true), [7], "this one is kept");
    assert_eq!(shared_milestones(all, 4, false), [7, 14], "they may know of it");
    assert_eq!(shared_milestones(some, -3, false), [7, 14], "it lies before all that they see");
}

/// Ana shares milestones, and after a week sets another start; then weeks go by. Returns the milestones that Ruth has, with
/// their days from the first start.
fn milestones_after(moved: i64, told: bool) -> Vec<(i64, u32)> {
    let (mut all, space) = pair();
    let start = today(&all);
    let set = |all: &mut Together, start| {
        let edit = SettingsEdit::RecoveryStart(Some(start));
        all.apps[1].settings_save(SettingsSave { edit }).unwrap();
    };
    set(&mut all, start);
    let fields = if told { &[Field::Milestones, Field::Use][..] } else { &[Field::Milestones][..] };
    sign(&mut all, &space, fields, GoalChoice::None, Until::Stopped);
    for passed in 1..=44 {
        all.pass(DAY);
        if passed == 9 && moved > 0 {
            save(&mut all, checkin(start + TimeDelta::days(moved - 1)));
        }
        if passed == 10 {
            set(&mut all, start + TimeDelta::days(moved));
        }
        all.exchange();
    }
    let circle = all.apps[0].circle_get(CircleGet { space, limit: 50 }).unwrap();
    let told = circle.entries.iter().filter_map(|entry| match entry.what {
        What::Milestone { days, on, .. } => Some(((on - start).num_days(), days)),
        _ => None,
    });
    let mut told: Vec<_> = told.collect();
    told.sort_unstable();
    told
}

#[test]
fn a_start_that_is_moved_does_not_tell_of_a_use_that_is_kept() {
    let all = milestones_after(9, false);
    assert_eq!(all, [(1, 1), (7, 7)], "30 days on day 39 would tell of the day before the new start");
    assert_eq!(milestones_after(9, true), [(1, 1), (7, 7), (23, 14), (39, 30)], "they may know of it");
    assert_eq!(milestones_after(-5, false), [(1, 1), (7, 7), (9, 14), (25, 30)], "it began earlier");
}

#[test]
fn a_relay_that_is_ahead_makes_no_milestone_come_early() {
    let (mut all, space) = pair();
    let day = today(&all);
    let edit = SettingsEdit::RecoveryStart(Some(day - Days::new(20)));
    all.apps[1].settings_save(SettingsSave { edit }).unwrap();
    sign(&mut all, &space, &[Field::Milestones], GoalChoice::None, Until::Stopped);
    let year = u64::try_from((all.now() + 365 * DAY) / 1000).unwrap();
    all.clock_of_relay(year);
    for app in &mut all.apps {
        app.app_lock(trellis_api_types::app::AppLock {}).unwrap();
        app.app_unlock(trellis_api_types::app::AppUnlock { passphrase: None }).unwrap();
    }
    all.exchange();
    let circle = all.apps[0].circle_get(CircleGet { space, limit: 50 }).unwrap();
    assert!(
        circle.entries.iter().all(|entry| !matches!(entry.what, What::Milestone { days, .. } if days > 14))
    );
}

#[test]
fn a_check_in_of_a_day_that_has_not_begun_here_may_be_edited_and_not_moved_on() {
    let mut all = Together::of(&["Ruth", "Ana"], "2026-03-02");
    let day = today(&all);
    save(&mut all, checkin(day));
    all.pass(-DAY);
    save(&mut all, CheckIn { note: "Sun".into(), ..checkin(day) });
    let mut refused = |checkin| all.apps[1].checkin_save(CheckInSave { checkin }).unwrap_err().code;
    assert_eq!(refused(checkin(day + Days::new(1))), "bad-date");
    assert_eq!(refused(CheckIn { id: "new".into(), ..checkin(day) }), "bad-date");
}
