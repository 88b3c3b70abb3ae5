//! The made-up person.

use chrono::{Days, NaiveDate, NaiveTime};
use trellis_api_types::app::{LockKind, Phase, Status};
use trellis_api_types::checkin::{CheckIn, Halt, Kept, Medication, Mood, Use};
use trellis_api_types::devices::{Device, PairingState};
use trellis_api_types::plan::*;
use trellis_api_types::safety::*;
use trellis_api_types::settings::{Aim, Language, LineChoices, Pathway, Settings, Theme};
use trellis_api_types::sync::{RelayChoice, SyncLine, SyncState};
use trellis_api_types::{ApiError, Id};

use super::{World, coach, people_sample, sharing, work};
use crate::fmt;

pub(super) const MINUTE: i64 = 60_000;

pub(super) fn world() -> World {
    let asked = web_sys::window().and_then(|w| w.location().hash().ok()).unwrap_or_default();
    let empty = asked.contains("empty") || asked.contains("first");
    let settings = settings(&asked);
    World {
        status: status(&asked, &settings),
        checkins: if empty { vec![] } else { checkins() },
        plan: if empty { Plan::default() } else { plan() },
        safety: if empty { SafetyPlan::default() } else { safety() },
        sync: sync(empty, asked.contains("offline")),
        relay: RelayChoice {
            address: if empty { String::new() } else { "https://relay.example.org".into() },
            ..RelayChoice::default()
        },
        devices: devices(empty),
        pairing: PairingState::None,
        shared: if empty { vec![] } else { people_sample::spaces() },
        helpers: Vec::new(),
        joining: if empty { vec![] } else { people_sample::joining() },
        phrase_pending: true,
        sharing: if empty { vec![] } else { sharing::sample() },
        desk: if empty { coach::Desk::default() } else { coach::sample() },
        work: if empty { vec![] } else { work::sample() },
        settings,
    }
}

fn status(asked: &str, settings: &Settings) -> Status {
    let phase = if asked.contains("first") {
        Phase::First
    } else if asked.contains("locked") {
        Phase::Locked { lock: settings.lock, safety_plan: true, retry_at: None }
    } else if asked.contains("folder") {
        let (code, detail) = ("folder-unusable".to_owned(), "permission denied".to_owned());
        Phase::Broken(ApiError { code, detail, retry: true, retry_at: None })
    } else if asked.contains("broken") {
        let problem = ApiError {
            code: "database-newer".into(),
            detail: "schema 9, known 4".into(),
            retry: false,
            retry_at: None,
        };
        Phase::Broken(problem)
    } else {
        Phase::Ready { name: settings.name.clone() }
    };
    let pair = asked.contains("link").then(|| "trellis:pair?v=1#4fK2mQ9sLr7TzXw0".to_owned());
    let link = pair.or_else(|| {
        asked
            .contains("invited")
            .then(|| "trellis:join#05050505050505050505050505050505@https://relay.example.org".to_owned())
    });
    let (language, theme, text_size) = (settings.language, settings.theme, settings.text_size);
    let reminder = settings.reminder;
    let country = country(asked);
    let read_only = asked.contains("readonly");
    let folder = asked.contains("folder").then(|| "/media/sam/STICK/trellis".to_owned());
    Status {
        phase,
        language,
        country,
        theme,
        text_size,
        reminder,
        keychain: true,
        tray: true,
        stays: settings.stays,
        link,
        read_only,
        folder,
    }
}

/// As `#US`, `#MX`, `#ZZ` say; else none is known.
fn country(asked: &str) -> Option<String> {
    let names = asked.split('#').filter(|part| part.len() == 2);
    names.filter(|part| part.chars().all(|c| c.is_ascii_uppercase())).map(str::to_owned).next()
}

fn lock(asked: &str) -> LockKind {
    match asked {
        asked if asked.contains("keychain") => LockKind::Keychain,
        asked if asked.contains("code") => LockKind::Code,
        _ => LockKind::Passphrase,
    }
}

fn settings(asked: &str) -> Settings {
    let empty = asked.contains("empty") || asked.contains("first");
    Settings {
        name: if empty { String::new() } else { "Maya".into() },
        recovery_start: if empty { None } else { days_ago(984) },
        aims: if asked.contains("family") { vec![Aim::Loved] } else { vec![Aim::Me] },
        pathway: Pathway::TwelveStep,
        tracks_medication: !empty,
        tags: ["Work", "Family", "Money", "Sleep", "Pain", "Good news", "AA"].map(str::to_owned).to_vec(),
        meetings: vec!["AA".to_owned()],
        language: if asked.contains("es") { Language::Es } else { Language::En },
        theme: if asked.contains("dark") { Theme::Dark } else { Theme::Light },
        text_size: 100,
        auto_lock_minutes: 5,
        hide_locks: false,
        safety_plan_on_lock: true,
        reminder: NaiveTime::from_hms_opt(19, 30, 0),
        lock: lock(asked),
        device_name: "Phone".into(),
        emergency_number: String::new(),
        lines: LineChoices::default(),
        my_phone: String::new(),
        days_on_today: true,
        stays: None,
        starts_with_system: Some(false),
    }
}

fn sync(empty: bool, offline: bool) -> SyncLine {
    let ago = chrono::Utc::now().timestamp_millis() - 4 * MINUTE;
    SyncLine {
        relay: !empty,
        only_here: 0,
        exchanged_at: (!empty).then_some(ago),
        state: match (empty, offline) {
            (true, _) => SyncState::Off,
            (false, true) => SyncState::Offline,
            (false, false) => SyncState::Idle,
        },
        other_devices: u32::from(!empty),
        other_name: (!empty).then(|| "Laptop".into()),
        set_aside: 0,
    }
}

fn devices(empty: bool) -> Vec<Device> {
    let now = chrono::Utc::now().timestamp_millis();
    let this = Device {
        id: id(1),
        name: "Phone".into(),
        this: true,
        seen_at: None,
        up_to_date: true,
        signed_out: false,
    };
    let laptop = Device {
        id: id(2),
        name: "Laptop".into(),
        this: false,
        seen_at: Some(now - 4 * MINUTE),
        up_to_date: true,
        signed_out: false,
    };
    let old = Device {
        id: id(3),
        name: "Old phone".into(),
        this: false,
        seen_at: Some(now - 90_000 * MINUTE),
        up_to_date: false,
        signed_out: true,
    };
    if empty { vec![this] } else { vec![this, laptop, old] }
}

pub(super) fn days_ago(n: u64) -> Option<NaiveDate> {
    fmt::today().checked_sub_days(Days::new(n))
}

pub(super) fn days_on(n: u64) -> Option<NaiveDate> {
    fmt::today().checked_add_days(Days::new(n))
}

pub(super) fn id(n: u32) -> Id {
    format!("00000000-0000-7000-8000-{n:012}")
}

/// Four months, without today; with gaps, one return to use, and one day with two.
fn checkins() -> Vec<CheckIn> {
    const MOODS: [Mood; 7] =
        [Mood::Good, Mood::Low, Mood::Okay, Mood::Good, Mood::Okay, Mood::Low, Mood::Great];
    (1_u32..120)
        .filter(|n| n % 7 != 4 && !(40..44).contains(n))
        .filter_map(|n| {
            let mood = *MOODS.get((n as usize * 3 + n as usize / 5) % 7)?;
            Some(checkin(n, mood, days_ago(n.into())?))
        })
        .chain(days_ago(2).map(|date| CheckIn {
            time: NaiveTime::from_hms_opt(21, 5, 0).unwrap_or_default(),
            note: "Called Ruth after work. It helped.".into(),
            ..checkin(999, Mood::Okay, date)
        }))
        .collect()
}

fn checkin(n: u32, mood: Mood, date: NaiveDate) -> CheckIn {
    let urge = u8::try_from((n * 5 + n / 3) % 8).unwrap_or(0);
    CheckIn {
        id: id(1000 + n),
        date,
        time: NaiveTime::from_hms_opt(8, n % 60, 0).unwrap_or_default(),
        mood,
        urge: (n % 6 != 0).then_some(if n == 73 { 9 } else { urge }),
        halt: if n.is_multiple_of(3) { vec![Halt::Tired] } else { vec![] },
        used: Some(if n == 73 { Use::Used } else { Use::NotUsed }),
        medication: Some(Medication::Taken),
        tags: if n.is_multiple_of(4) { vec!["Sleep".into(), "Work".into()] } else { vec![] },
        note: if n.is_multiple_of(5) {
            "Slept badly, but went for a walk by the river.".into()
        } else {
            String::new()
        },
        learned: String::new(),
        kept: Kept::default(),
        edited_at: chrono::Utc::now().timestamp_millis() - i64::from(n) * 1440 * MINUTE,
    }
}

fn step(n: u32, text: &str, detail: &str, due: Option<NaiveDate>, state: StepState) -> Step {
    Step { id: id(n), text: text.into(), detail: detail.into(), due, state }
}

fn line(n: u32, text: &str) -> Line {
    Line { id: id(n), text: text.into() }
}

fn goal(n: u32, dimension: Dimension, title: &str, reason: &str, steps: Vec<Step>) -> Goal {
    let text = GoalText { dimension, title: title.into(), reason: reason.into(), state: GoalState::Open };
    Goal {
        id: id(n),
        text,
        steps,
        helps: vec![line(n + 50, "Going with someone")],
        supporters: vec![line(n + 60, "Ruth"), line(n + 70, "Luis")],
    }
}

fn plan() -> Plan {
    let today = Some(fmt::today());
    Plan {
        own_words: "I want to be wide awake for Sunday breakfast with Noor.".into(),
        own_words_on: NaiveDate::from_ymd_opt(2026, 3, 9),
        strengths: vec![
            line(1, "I keep my word to Noor"),
            line(2, "Good with my hands"),
            line(3, "I ask early now"),
            line(4, "Funny on bad days"),
        ],
        needs: vec![
            Need {
                id: id(5),
                text: "A bed for next week".into(),
                detail: "Grove House holds one until Monday at noon.".into(),
                due: days_on(1),
                done: false,
            },
            Need {
                id: id(6),
                text: "Bus pass".into(),
                detail: "Ask at the center on Grove Street.".into(),
                due: days_on(5),
                done: false,
            },
        ],
        goals: vec![
            goal(
                100,
                Dimension::Health,
                "Sleep through most nights",
                "Tired is when it starts for me.",
                vec![
                    step(101, "Morning medication", "", today, StepState::Done),
                    step(102, "No coffee after two", "", None, StepState::Doing),
                    step(103, "Ask the clinic about sleep", "", days_on(4), StepState::ToDo),
                ],
            ),
            goal(
                200,
                Dimension::Home,
                "Ready for the visit at Grove House",
                "A door of my own that locks.",
                vec![
                    step(201, "Call Grove House", "", days_ago(6), StepState::Done),
                    step(202, "Pack the blue bag for Monday", "", today, StepState::ToDo),
                    step(203, "Ask Dana for the letter", "", days_on(2), StepState::ToDo),
                ],
            ),
            goal(
                300,
                Dimension::Community,
                "Be at the Tuesday circle every week",
                "They noticed when I was gone.",
                vec![step(
                    301,
                    "Noon meeting with Luis",
                    "Maple Street hall, 12:00. You said you would walk there.",
                    today,
                    StepState::ToDo,
                )],
            ),
        ],
    }
}

fn entry(n: u32, part: SafetyPart, kind: SafetyKind, text: &str, detail: &str, phone: &str) -> SafetyEntry {
    let (text, detail, phone) = (text.into(), detail.into(), phone.to_owned());
    SafetyEntry { id: id(n), part, kind, text, detail, texts: phone == "988", phone }
}

fn safety() -> SafetyPlan {
    use SafetyKind::{Line, Person, Place, Text};
    use SafetyPart::{Alone, Distract, People, Professionals, Safer, WarningSigns};
    SafetyPlan {
        entries: vec![
            entry(601, WarningSigns, Text, "I stop answering texts", "", ""),
            entry(602, WarningSigns, Text, "I skip meals", "", ""),
            entry(603, WarningSigns, Text, "I tell myself one time will not matter", "", ""),
            entry(604, Alone, Text, "Cold water on my face and hands", "", ""),
            entry(605, Alone, Text, "Walk to the river and back", "", ""),
            entry(606, Alone, Text, "Breathe in for four, out for six, ten times", "", ""),
            entry(607, Distract, Person, "Noor", "We play cards", "555 0117"),
            entry(608, Distract, Place, "Library on Grove Street", "Open until 8 pm, warm and quiet", ""),
            entry(609, People, Person, "Ruth", "Sponsor. Any hour, she said so.", "555 0142"),
            entry(610, Professionals, Line, "988 Lifeline", "Any hour, free", "988"),
            entry(611, Safer, Text, "Naloxone is in the kitchen drawer", "Good until May 2027.", ""),
            entry(612, Safer, Text, "I take the long way home, past the park", "", ""),
        ],
        reviewed_on: days_ago(12),
        emergency_number: String::new(),
    }
}
