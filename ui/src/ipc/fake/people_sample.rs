//! The people round the made-up person.

use chrono::{Datelike, NaiveDate, NaiveTime};
use trellis_api_types::checkin::Mood;
use trellis_api_types::circle::*;
use trellis_api_types::devices::MatchWords;
use trellis_api_types::joining::*;
use trellis_api_types::people::*;
use trellis_api_types::sharing::{Field, GoalChoice};
use trellis_api_types::{Id, Millis};

use super::device::compare;
use super::people::Shared;
use super::sample::{MINUTE, days_ago, days_on, id};
use crate::fmt;

pub(super) const ME: &str = "maya";

pub(super) fn spaces() -> Vec<Shared> {
    vec![group(), sponsor(), coach(), ended()]
}

pub(super) fn joining() -> Vec<Joining> {
    let words = compare("harbor lemon stone quiet maple river cedar north");
    vec![Joining { id: id(900), terms: Some(terms()), state: JoinState::Asked { words }, server: None }]
}

pub(super) fn terms() -> Terms {
    Terms {
        kind: SpaceKind::Group,
        name: "Thursday walkers".into(),
        inviter: "Kim".into(),
        role: Role::Peer,
        fields: vec![Field::Mood, Field::Milestones],
        goals: GoalChoice::None,
        purpose: "So that we notice when one of us has a hard week.".into(),
        expires_at: now() + 6 * 24 * 60 * MINUTE,
    }
}

pub(super) fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

pub(super) fn now() -> Millis {
    chrono::Utc::now().timestamp_millis()
}

fn hours_ago(hours: i64) -> Millis {
    now() - hours * 60 * MINUTE
}

pub(super) fn person(account: &str, name: &str, role: Role) -> Person {
    Person {
        account: account.into(),
        name: name.into(),
        role,
        leads: false,
        me: account == ME,
        blocked: false,
        phone: String::new(),
        may_remove: false,
        may_promote: false,
        may_demote: false,
    }
}

pub(super) fn space(n: u32, kind: SpaceKind, name: &str, people: Vec<Person>) -> Space {
    let row = SpaceRow {
        id: id(n),
        kind,
        name: name.into(),
        people,
        heard_at: Some(hours_ago(i64::from(n % 10))),
        asks: 0,
        help: false,
        ended: false,
        read_only: false,
        arriving: false,
    };
    Space {
        row,
        members_invite: true,
        closed: false,
        may_invite: true,
        may_settle: true,
        invites: vec![],
        asks: vec![],
    }
}

fn group() -> Shared {
    let member = |account, name, phone: &str| Person {
        phone: phone.into(),
        may_remove: true,
        may_promote: true,
        ..person(account, name, Role::Peer)
    };
    let people = vec![
        Person { leads: true, ..person(ME, "Maya", Role::Peer) },
        Person {
            leads: true,
            may_demote: true,
            phone: "555 0151".into(),
            ..person("bea", "Bea", Role::Facilitator)
        },
        member("luis", "Luis", ""),
        member("owen", "Owen", "555 0133"),
        member("priya", "Priya", ""),
        member("theo", "Theo", ""),
        member("dele", "Dele", ""),
    ];
    let mut space = space(801, SpaceKind::Group, "Tuesday circle", people);
    space.asks = vec![Ask {
        id: id(950),
        invite: id(951),
        name: "Sam".into(),
        role: Role::Peer,
        words: compare("anchor violet field lemon north ember table kitten"),
        back: false,
        blocked: false,
    }];
    space.row.asks = 1;
    space.row.help = true;
    Shared { space, circle: circle() }
}

fn sponsor() -> Shared {
    let ruth = Person { phone: "555 0142".into(), ..person("ruth", "Ruth", Role::Sponsor) };
    let space = space(804, SpaceKind::Pair, "", vec![person(ME, "Maya", Role::Sponsee), ruth]);
    let mine = checkin(1, ME, 5, Mood::Okay, Some(4), "Long day. I called before it got loud.");
    let calls =
        vec![call(60, "ruth", now() + 20 * 60 * MINUTE, None), call(61, "ruth", hours_ago(50), Some(true))];
    Shared { space, circle: Circle { entries: vec![mine], calls, ..Circle::default() } }
}

fn coach() -> Shared {
    let dana = person("dana", "Dana", Role::Coach);
    let space = space(807, SpaceKind::Pair, "", vec![person(ME, "Maya", Role::Participant), dana]);
    let said = Entry {
        what: What::Post { kind: PostKind::Victory, text: "I wrote the letter to Grove House.".into() },
        ..checkin(70, ME, 30, Mood::Good, None, "")
    };
    Shared { space, circle: Circle { entries: vec![Entry { only_here: true, ..said }], ..Circle::default() } }
}

fn ended() -> Shared {
    let mut space = space(
        809,
        SpaceKind::Pair,
        "",
        vec![person(ME, "Maya", Role::Peer), person("noor", "Noor", Role::Peer)],
    );
    space.row.ended = true;
    space.row.heard_at = Some(hours_ago(900));
    (space.may_invite, space.may_settle) = (false, false);
    let circle = Circle {
        entries: vec![checkin(80, "noor", 900, Mood::Good, None, "Moving on Friday!")],
        ..Circle::default()
    };
    Shared { space, circle }
}

fn checkin(n: u32, account: &str, hours: i64, mood: Mood, urge: Option<u8>, note: &str) -> Entry {
    let date = days_ago(u64::try_from(hours / 24).unwrap_or(0)).unwrap_or_default();
    Entry {
        key: id(3000 + n),
        account: account.into(),
        at: hours_ago(hours),
        what: What::CheckIn {
            date,
            time: NaiveTime::from_hms_opt(9, 5, 0).unwrap_or_default(),
            mood: Some(mood),
            urge,
            halt: vec![],
            used: None,
            medication: None,
            note: Some(note.to_owned()).filter(|note| !note.is_empty()),
            meeting: None,
        },
        reactions: reactions([0, 0, 0, 0], None),
        replies: vec![],
        only_here: false,
    }
}

fn reactions(counts: [u32; 4], mine: Option<Reaction>) -> Vec<Reacted> {
    let one = |(kind, count)| Reacted { kind, count, mine: mine == Some(kind) };
    Reaction::ALL.into_iter().zip(counts).map(one).collect()
}

fn reply(n: u32, account: &str, text: &str) -> Reply {
    Reply {
        key: id(3500 + n),
        account: account.into(),
        text: text.into(),
        at: hours_ago(1),
        only_here: false,
    }
}

fn call(n: u32, with: &str, at: Millis, kept: Option<bool>) -> AgreedCall {
    AgreedCall { key: id(3700 + n), account: ME.into(), with: with.into(), at, kept }
}

fn commitment(
    n: u32,
    account: &str,
    text: &str,
    by: Option<NaiveDate>,
    witness: &str,
    state: CommitmentState,
) -> Commitment {
    Commitment {
        key: id(3600 + n),
        account: account.into(),
        text: text.into(),
        by: by.unwrap_or_default(),
        witness: Some(witness.into()),
        state,
        only_here: false,
    }
}

fn entries() -> Vec<Entry> {
    let low = "I had a return to use on Friday. I called my sponsor and slept at my sister’s. I am safe and I am back.";
    vec![
        Entry {
            reactions: reactions([3, 0, 1, 0], Some(Reaction::WithYou)),
            ..checkin(10, "priya", 2, Mood::Good, Some(2), "First Sunday off in a month. Made pancakes.")
        },
        Entry {
            reactions: reactions([5, 4, 0, 2], Some(Reaction::WithYou)),
            replies: vec![
                reply(1, "bea", "Thank you for telling us. I am glad you are safe."),
                reply(2, ME, "Same for me. Breakfast tomorrow?"),
            ],
            ..checkin(11, "luis", 12, Mood::Low, Some(8), low)
        },
        Entry {
            what: What::Post {
                kind: PostKind::Victory,
                text: "I said no at my cousin’s wedding and danced anyway.".into(),
            },
            ..checkin(12, ME, 20, Mood::Good, None, "")
        },
        Entry {
            what: What::Milestone { on: days_ago(1).unwrap_or_default(), days: 90, text: None },
            reactions: reactions([2, 6, 0, 0], None),
            ..checkin(13, "owen", 26, Mood::Okay, None, "")
        },
        checkin(14, "owen", 30, Mood::Okay, Some(4), ""),
    ]
}

fn help() -> Vec<HelpCall> {
    let helper = |account: &str, word, text: Option<&str>| Helper {
        account: account.into(),
        word,
        text: text.map(str::to_owned),
        phone: None,
        only_here: false,
    };
    vec![HelpCall {
        key: id(990),
        account: "luis".into(),
        at: now() - 6 * MINUTE,
        text: Some("It is bad tonight. Can somebody talk?".into()),
        helpers: vec![
            helper("bea", Some(HelpWord::Coming), Some("On my way to the phone.")),
            helper(ME, None, None),
            helper("owen", Some(HelpWord::Seen), None),
        ],
        over: false,
        only_here: false,
    }]
}

fn circle() -> Circle {
    let tuesday =
        (0..7).filter_map(days_on).find(|day| day.weekday() == chrono::Weekday::Tue).unwrap_or_default();
    Circle {
        help: help(),
        entries: entries(),
        more: true,
        quiet: vec![
            Quiet { account: "theo".into(), since: Some(hours_ago(8 * 24)) },
            Quiet { account: "dele".into(), since: None },
        ],
        focus: Some(Focus {
            question: "What helped you slow down?".into(),
            answers: [
                ("bea", "Gardening, badly."),
                ("luis", "Calling before, not after."),
                ("priya", "Turning the phone face down."),
            ]
            .map(|(who, words)| (who.to_owned(), words.to_owned()))
            .to_vec(),
        }),
        commitments: vec![
            commitment(
                1,
                ME,
                "walk to the noon meeting",
                Some(fmt::today()),
                "luis",
                CommitmentState::NotYet,
            ),
            commitment(2, "luis", "call his sponsor every night", days_on(5), "bea", CommitmentState::NotYet),
            commitment(3, "owen", "see the dentist", days_ago(2), "priya", CommitmentState::Done),
        ],
        meetings: vec![Meeting {
            id: id(960),
            title: "Tuesday circle".into(),
            date: tuesday,
            time: NaiveTime::from_hms_opt(19, 0, 0).unwrap_or_default(),
            place: "Maple Street hall, side door. Bea opens.".into(),
            every_days: 7,
            every_month: None,
            zone: String::new(),
            at: None,
        }],
        resources: vec![
            Resource {
                id: id(961),
                title: "Food pantry on Grove Street".into(),
                detail: "Mondays and Thursdays, 10 am to noon. Bring a bag.".into(),
            },
            Resource {
                id: id(962),
                title: "Ride to meetings".into(),
                detail: "555 0170, ask for Pat".into(),
            },
        ],
        agreement: Agreement {
            text: "What is said here stays here.\nWe speak for ourselves.\nWe call before we vanish.".into(),
            signed: ["bea", "luis", "owen", "priya", "theo", "dele"].map(str::to_owned).to_vec(),
        },
        calls: vec![],
    }
}

pub(super) fn safety_words(account: &Id) -> MatchWords {
    match account.as_str() {
        "ruth" => compare("paper quiet river silver table under violet window"),
        _ => compare("maple north ocean anchor bread cedar dawn ember"),
    }
}
