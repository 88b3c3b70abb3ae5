//! Every screen, and the way to each: what checks look at and what pictures are taken of.

/// One thing done on the way; elements are named by their CSS selectors, which no language changes.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Goes to a path; `{day}` stands for two days ago, `{group}` and `{case}` for spaces.
    Go(&'static str),
    /// Goes on from the current path.
    Under(&'static str),
    /// Presses.
    Press(&'static str),
    /// Puts a text or a number into a field; `{link}` stands for an invitation.
    Write(&'static str, &'static str),
    /// Waits until it is shown.
    See(&'static str),
    /// Loads the page again.
    Reload,
}

/// A screen: its name, and the way to it from the one before.
#[derive(Clone, Copy, Debug)]
pub struct Screen(pub &'static str, pub &'static [Act]);

use Act::{Go, Press, Reload, See, Under, Write};

use crate::person::PASSPHRASE;

const TWELVE: &str = "acid bird coin dawn echo fern gate hill iris jade kite lamp";

/// Before the first start.
pub const NEW: &[Screen] = &[
    Screen("start", &[]),
    Screen("start-invited", &[Press("#have-invitation")]),
    Screen("start-join", &[Press("#back"), Press("#used-before")]),
    Screen("start-join-refused", &[Write("#code", TWELVE), Press("#next")]),
    Screen("start-device", &[Write("#relay", "https://relay.example.org"), Press("#next")]),
    Screen("start-you", &[Press("#back"), Press("#back"), Press("#next")]),
    Screen("start-lock", &[Press("#next")]),
    Screen("start-lock-refused", &[Press("#open")]),
];

/// Right after the first start, with nothing stored.
pub const EMPTY: &[Screen] = &[
    Screen("phrase", &[See("#show-words")]),
    Screen("today-empty", &[Press("#later")]),
    Screen("plan-empty", &[Go("/plan")]),
    Screen("strengths-empty", &[Go("/plan/strengths")]),
    Screen("journey-empty", &[Go("/journey")]),
    Screen("journey-start", &[Press("#choose-start")]),
    Screen("help-empty", &[Go("/help")]),
    Screen("day-empty", &[Go("/day/{day}")]),
    Screen("relay-none", &[Go("/settings/relay")]),
    Screen(
        "relay-refused",
        &[
            Press("details.more summary"),
            Write("#address", "http://example.org"),
            Press("#test"),
            See("form .error"),
        ],
    ),
    Screen("add-device-no-relay", &[Go("/settings/add-device")]),
    Screen("people-empty", &[Go("/people")]),
    Screen("people-join", &[Press("#have-invite")]),
    Screen("people-join-refused", &[Press("#look")]),
];

/// With a person's weeks in it.
pub const FILLED: &[Screen] = &[
    Screen("today", &[Go("/")]),
    Screen("checkin", &[Go("/checkin")]),
    Screen("checkin-refused", &[Press(".save button")]),
    Screen("checkin-when", &[Press("#change-when"), Press("#add-word")]),
    Screen("checkin-strong-urge", &[Reload, Press("#mood-2"), Write("#urge", "8"), Press("#tired")]),
    Screen("checkin-return-to-use", &[Reload, Press("#mood-1"), Press("#use-1"), Press("#i-am-safe")]),
    Screen(
        "today-saved",
        &[Reload, Press("#mood-4"), Write("#urge", "2"), Press("#use-0"), Press(".save button")],
    ),
    Screen("checkin-edit", &[Reload, Go("/checkin/demo-2")]),
    Screen("day", &[Go("/day/{day}")]),
    Screen("plan", &[Go("/plan")]),
    Screen("plan-order", &[Press("[id^=order-]")]),
    Screen("plan-need", &[Press("#add-need")]),
    Screen("plan-need-edit", &[Go("/plan"), Press(".needs .opens")]),
    Screen("plan-goal", &[Go("/plan"), Press("#add-goal")]),
    Screen("plan-goal-refused", &[Go("/plan"), Press("#add-goal"), Press("button[type=submit]")]),
    Screen("plan-own-words", &[Go("/plan"), Press("#own-words")]),
    Screen("goal", &[Go("/plan/goal/demo-home")]),
    Screen("goal-order", &[Press("#order")]),
    Screen("goal-step", &[Go("/plan/goal/demo-health"), Press("#add-step")]),
    Screen("goal-edit", &[Go("/plan/goal/demo-community"), Press("#edit-goal")]),
    Screen("goal-gone", &[Go("/plan/goal/none")]),
    Screen("strengths", &[Go("/plan/strengths")]),
    Screen("journey", &[Go("/journey")]),
    Screen("journey-listed", &[Press("main details summary")]),
    Screen("people-new-refused", &[Go("/people/new"), Press("#make")]),
    Screen("people-new", &[Press("label:nth-child(2) input[name=kind]"), Press("input[name=role]")]),
    Screen("people-invite", &[Write("#group-name", "Tuesday circle"), Press("#make"), See("#invite")]),
    Screen("people-invite-code", &[Press("#ask-more"), Press("#invite"), See(".plate")]),
    Screen("people", &[Go("/people")]),
    Screen("people-space", &[Press("main ul.list a"), See("#invite-first")]),
    Screen("people-members", &[Press("#members"), See("#leave")]),
    Screen("people-leave", &[Press("#leave")]),
    Screen(
        "sharing",
        &[Go("/people"), Press("main ul.list a"), See("#invite-first"), Under("/sharing"), See("#sign")],
    ),
    Screen("sharing-refused", &[Press("#sign")]),
    Screen("sharing-signed", &[Press("#share-mood"), Press("#sign"), See("#stop-sharing")]),
    Screen("sharing-stop", &[Press("#stop-sharing")]),
    Screen("coach-empty", &[Go("/coach")]),
    Screen("supervision", &[Go("/coach/supervision")]),
    Screen("supervision-entry", &[Press("#add-entry")]),
    Screen("work", &[Go("/plan/work")]),
    Screen("work-new", &[Press("#add-sheet")]),
    Screen("help", &[Go("/help")]),
    Screen("help-edit", &[Go("/help/edit")]),
    Screen("help-entry", &[Press("#add-3")]),
    Screen("settings", &[Go("/settings")]),
    Screen("settings-you", &[Press("#you")]),
    Screen("settings-number", &[Go("/settings"), Press("#emergency")]),
    Screen("relay", &[Go("/settings/relay")]),
    Screen("lock-change", &[Go("/settings/lock")]),
    Screen("about", &[Go("/settings/about")]),
    Screen("missing", &[Go("/nowhere")]),
    Screen(
        "phrase-words",
        &[Go("/settings/phrase"), Write("#proof", PASSPHRASE), Press("#show-words"), See("#written")],
    ),
    Screen("phrase-check", &[Press("#written")]),
    Screen("phrase-refused", &[Press("#confirm")]),
    Screen("add-device", &[Go("/settings/add-device")]),
    Screen("add-device-code", &[Write("#proof", PASSPHRASE), Press("#show-code"), See(".plate")]),
];

/// On the first device, once the second was let in.
pub const PAIRED: &[Screen] = &[
    Screen("devices", &[Go("/settings/devices")]),
    Screen("devices-rename", &[Press("#rename")]),
    Screen("devices-sign-out", &[Go("/settings/devices"), Press("[id^=sign-out-]")]),
];

/// A coach with forty participants, who walks with a group; somebody asks to come in, somebody needs help, and there is an
/// invitation.
pub const TOGETHER: &[Screen] = &[
    Screen("people-many", &[Go("/people"), See("main ul.list")]),
    Screen("space", &[Go("/people/{group}"), See("#let-in")]),
    Screen("space-good", &[Press("#tell-good")]),
    Screen("space-commitment", &[Go("/people/{group}"), Press("#add-commitment")]),
    Screen("space-help", &[Go("/people/{group}/help"), See("#coming")]),
    Screen("space-need", &[Go("/need"), See("#send-help")]),
    Screen("space-members", &[Go("/people/{group}/members"), See("#leave")]),
    Screen("space-person", &[Press("main ul.list li:last-child button.row"), See("#save-phone")]),
    Screen("space-agreement", &[Go("/people/{group}/agreement"), See("#edit-agreement")]),
    Screen("space-invite", &[Go("/people/{group}/invite"), See("#invite, #invite-again")]),
    Screen("pair", &[Go("/people/{case}"), See("#members")]),
    Screen("pair-sharing", &[Go("/people/{case}/sharing"), See("#others")]),
    Screen("work-shared", &[Go("/plan/work/demo-sheet"), See("#share-demo-fear")]),
    Screen("work-share", &[Press("#share-demo-fear"), See(".switch")]),
    Screen("coach", &[Go("/coach"), See(".p-row")]),
    Screen("case", &[Go("/coach/{case}"), See("#log-call")]),
    Screen("case-call", &[Press("#log-call")]),
    Screen("case-note", &[Go("/coach/{case}"), Press("#add-note")]),
    Screen("supervision-kept", &[Go("/coach/supervision"), See("main ul.list")]),
    Screen("join-offered", &[Go("/people/join"), Write("#code", "{link}"), Press("#look"), See("#my-name")]),
    Screen("join-asked", &[Write("#my-name", "Maya"), Press("#ask"), See("#words")]),
];

/// Locked.
pub const LOCKED: &[Screen] = &[
    Screen("lock", &[]),
    Screen("lock-help", &[Press("#safety-plan")]),
    Screen("lock-refused", &[Press("#back"), Write("#passphrase", "wrong"), Press("#open"), See(".error")]),
];

/// Opened again after its database was damaged.
pub const DAMAGED: &[Screen] =
    &[Screen("lock-damaged", &[Write("#passphrase", PASSPHRASE), Press("#open"), See(".error")])];
