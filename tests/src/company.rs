//! People around the one at the window: devices without a screen that join them over the relay, share and write.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use chrono::{Days, Local, NaiveDate, NaiveTime};
use trellis_api_types::Command;
use trellis_api_types::checkin::{CheckIn, CheckInSave, Kept, Mood, Use};
use trellis_api_types::circle::*;
use trellis_api_types::coach::*;
use trellis_api_types::joining::*;
use trellis_api_types::people::*;
use trellis_api_types::plan::{Dimension, GoalState, GoalText, PlanEdit, PlanSave, Step, StepState};
use trellis_api_types::sharing::*;
use trellis_api_types::sync::{RelayChoice, SyncNow};
use trellis_api_types::work::{WorkEdit, WorkSave};

use crate::{Core, Page};

/// First names of the participants: as many as a coach follows at most.
const NAMES: [&str; 40] = [
    "Abel", "Aisha", "Alma", "Andre", "Beatriz", "Ben", "Carmen", "Chidi", "Dana", "Diego", "Elena", "Emeka",
    "Fatima", "Felix", "Gloria", "Hana", "Hugo", "Ines", "Ivan", "Jo", "Jorge", "Kai", "Lena", "Leon", "Luz",
    "Mara", "Marco", "Mei", "Nadia", "Omar", "Paula", "Quinn", "Rosa", "Sam", "Sofía", "Tariq", "Uma",
    "Víctor", "Wanda", "Zoe",
];
/// How many of them walk together as a group.
const GROUP: usize = 4;
/// How long the relay and the window may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two looks: the relay lets one address name only so many mailboxes a minute.
const PAUSE: Duration = Duration::from_millis(200);

/// Where the screens about people are, by the names that stand for them in [`crate::screens`].
pub type Places = Vec<(&'static str, String)>;

/// A space of the person at the window, and the link into it.
struct Open {
    space: String,
    link: String,
}

/// A coach with forty participants and a group: what the person at the window sees of them, and where.
pub async fn gather(page: &Page, relay: &str) -> Result<Places> {
    let group = open(page, SpaceKind::Group).await?;
    let mut pairs = Vec::new();
    for name in NAMES {
        pairs.push((open(page, SpaceKind::Pair).await?, Guest::new(name, relay)?));
    }
    for (pair, guest) in &pairs {
        guest.asks(page, pair).await?;
    }
    for (_, guest) in pairs.iter().take(GROUP + 1) {
        guest.asks(page, &group).await?;
    }
    for (place, (pair, guest)) in pairs.iter().enumerate() {
        let_in(page, &pair.space, &[guest.name]).await?;
        guest.shares(place, &pair.space).await?;
    }
    let walkers = || pairs.iter().take(GROUP).map(|(_, guest)| guest);
    let_in(page, &group.space, &walkers().map(|guest| guest.name).collect::<Vec<_>>()).await?;
    write_together(page, &group.space).await?;
    for guest in walkers() {
        guest.writes(&group.space).await?;
    }
    let (case, _) = pairs.first().context("nobody")?;
    work(page, &group.space, &case.space).await?;
    everything_came(page, &group.space).await?;
    let link = Guest::new("Noor", relay)?.invites().await?;
    Ok(vec![("{group}", group.space), ("{case}", case.space.clone()), ("{link}", link)])
}

/// Makes a space and an invitation into it.
async fn open(page: &Page, kind: SpaceKind) -> Result<Open> {
    let (name, mine, theirs) = match kind {
        SpaceKind::Group => ("Sunday walk", Role::Facilitator, Role::Peer),
        SpaceKind::Pair => ("", Role::Coach, Role::Participant),
    };
    let make = SpaceMake { id: id(), kind, name: name.into(), role: mine, my_name: "Maya".into() };
    let space = page.ask(&make).await?;
    let (fields, goals) = (vec![Field::Mood, Field::Urge], GoalChoice::All);
    let (single, purpose) = (kind == SpaceKind::Pair, String::new());
    let invite =
        InviteMake { id: id(), space: space.clone(), role: theirs, fields, goals, purpose, single, days: 7 };
    let link = page.ask(&invite).await?.link;
    Ok(Open { space, link })
}

/// Lets those in who are called so.
async fn let_in(page: &Page, space: &str, names: &[&str]) -> Result<()> {
    let get = SpaceGet { space: space.to_owned() };
    let all_ask = |it: &Space| names.iter().all(|name| it.asks.iter().any(|ask| ask.name == *name));
    let asks = until(page, &get, "they ask", all_ask).await?.asks;
    for ask in asks.into_iter().filter(|ask| names.contains(&ask.name.as_str())) {
        page.ask(&AskAnswer { id: ask.id, let_in: true }).await?;
    }
    Ok(())
}

/// A group's day, said by all of it.
async fn write_together(page: &Page, group: &str) -> Result<()> {
    let (space, today) = (group.to_owned(), today());
    let say = async |edit: CircleEdit| page.ask(&CircleSave { space: space.clone(), edit }).await;
    say(CircleEdit::SetAgreement("What is said here stays here. We walk in any weather.".into())).await?;
    say(CircleEdit::SignAgreement).await?;
    say(CircleEdit::AskFocus { question: "What helped you through the last hard hour?".into() }).await?;
    let (title, place) = ("Walk by the river".into(), "At the old bridge".into());
    let meeting = Meeting {
        id: id(),
        title,
        date: today + Days::new(3),
        time: noon(),
        place,
        every_days: 7,
        every_month: None,
        zone: String::new(),
        at: None,
    };
    say(CircleEdit::PutMeeting(meeting)).await?;
    let (title, detail) = ("Food pantry".into(), "Grove Street 4, Mondays and Fridays".into());
    say(CircleEdit::PutResource(Resource { id: id(), title, detail })).await?;
    let (text, state) = ("call my sister by Friday".into(), CommitmentState::NotYet);
    say(CircleEdit::Commit { id: id(), text, by: today + Days::new(2), witness: None, state }).await?;
    Ok(())
}

/// What a coach and a member keep for themselves, or share.
async fn work(page: &Page, group: &str, case: &str) -> Result<()> {
    let (at, on) = (Local::now().timestamp_millis(), today());
    let (need, next) = ("A ride to the clinic".into(), Some(on + Days::new(2)));
    let call = CallLog { id: id(), at, outcome: Outcome::Reached, need, role: ContactRole::Coach, next };
    let note = Note { id: id(), on, text: "Likes to be called after work.".into() };
    for edit in [CaseEdit::PutCall(call), CaseEdit::PutNote(note)] {
        page.ask(&CaseSave { space: case.to_owned(), edit }).await?;
    }
    let text = "How to keep calling without pushing.".into();
    let entry = Supervision { id: id(), on, kind: SupervisionKind::Supervision, minutes: 60, text };
    page.ask(&SupervisionSave { edit: SupervisionEdit::Put(entry) }).await?;
    let sheet = "demo-sheet".to_owned();
    let put = WorkEdit::PutSheet { id: sheet.clone(), title: "Step 4".into() };
    page.ask(&WorkSave { edit: put }).await?;
    let (question, text) = ("What am I afraid of?".into(), "Of being a burden.".into());
    let answer = WorkEdit::PutAnswer { sheet: sheet.clone(), id: "demo-fear".into(), question, text };
    page.ask(&WorkSave { edit: answer }).await?;
    let share = WorkEdit::Share { sheet, id: "demo-fear".into(), space: group.to_owned(), on: true };
    page.ask(&WorkSave { edit: share }).await.map(drop)
}

/// Waits until all of it can be seen at the window.
async fn everything_came(page: &Page, group: &str) -> Result<()> {
    page.ask(&SyncNow {}).await?;
    let shared = |list: &Caseload| list.rows.iter().filter(|row| row.last_checkin.is_some()).count();
    until(page, &CaseloadGet {}, "the caseload is there", |it| shared(it) == NAMES.len() - 1).await?;
    let get = CircleGet { space: group.to_owned(), limit: 50 };
    until(page, &get, "the group wrote", |it| it.entries.len() > GROUP && !it.help.is_empty()).await.map(drop)
}

/// Asks the shell again and again until its answer fits.
async fn until<C: Command>(
    page: &Page,
    command: &C,
    what: &str,
    fits: impl Fn(&C::Out) -> bool,
) -> Result<C::Out> {
    let end = Instant::now() + PATIENCE;
    loop {
        let answer = page.ask(command).await?;
        if fits(&answer) {
            return Ok(answer);
        }
        ensure!(Instant::now() < end, "not in time: {what}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Somebody with a device of their own.
struct Guest {
    name: &'static str,
    device: Core,
}

impl Guest {
    fn new(name: &'static str, relay: &str) -> Result<Self> {
        let relay = RelayChoice { address: relay.to_owned(), ..RelayChoice::default() };
        Ok(Self { name, device: Core::started(relay, Vec::new())? })
    }

    /// Asks to be let in, once the relay has the invitation.
    async fn asks(&self, page: &Page, open: &Open) -> Result<()> {
        let get = SpaceGet { space: open.space.clone() };
        let stands = |it: &Space| it.invites.iter().all(|one| one.state == InviteState::Stands);
        until(page, &get, "the invitation is out", stands).await?;
        let (id, code) = (id(), open.link.clone());
        self.device.app.borrow_mut().join_look(JoinLook { id: id.clone(), code })?;
        self.device.exchange().await?;
        self.device.app.borrow_mut().join_ask(JoinAsk { id, name: self.name.into() })?;
        self.device.exchange().await
    }

    /// Founds a group and gives the link into it.
    async fn invites(&self) -> Result<String> {
        let (name, role) = ("Evening circle".to_owned(), Role::Facilitator);
        let make = SpaceMake { id: id(), kind: SpaceKind::Group, name, role, my_name: self.name.into() };
        let space = self.device.app.borrow_mut().space_make(make)?;
        let (fields, goals) = (vec![Field::Mood, Field::Note], GoalChoice::All);
        let (role, purpose) = (Role::Peer, "So that we notice when somebody has a hard day".to_owned());
        let make = InviteMake { id: id(), space, role, fields, goals, purpose, single: false, days: 7 };
        let link = self.device.app.borrow_mut().invite_make(make)?.link;
        self.device.exchange().await?;
        Ok(link)
    }

    /// Agrees to share with the coach, and checks in as people do: each differently, the last one not at all.
    async fn shares(&self, place: usize, space: &str) -> Result<()> {
        self.enters(space).await?;
        let terms = ConsentTerms {
            fields: vec![Field::Mood, Field::Urge, Field::Use],
            goals: GoalChoice::All,
            purpose: "Support by phone each week".into(),
            recipient: Recipient::Coach,
            from: today() - Days::new(20),
            until: Until::Stopped,
            part2: None,
        };
        if place + 1 < NAMES.len() {
            let sign = ConsentSign { space: space.to_owned(), terms, backwards: true };
            self.device.app.borrow_mut().consent_sign(sign)?;
            self.checks_in(place)?;
        }
        if place == 2 {
            self.plans()?;
        }
        self.device.exchange().await
    }

    /// Exchanges until the space and its people are there.
    async fn enters(&self, space: &str) -> Result<()> {
        let end = Instant::now() + PATIENCE;
        let there = || {
            let space = self.device.app.borrow_mut().space_get(SpaceGet { space: space.to_owned() });
            space.is_ok_and(|space| !space.row.arriving)
        };
        while !there() {
            ensure!(Instant::now() < end, "{} is not let in", self.name);
            tokio::time::sleep(PAUSE).await;
            self.device.exchange().await?;
        }
        Ok(())
    }

    fn checks_in(&self, place: usize) -> Result<()> {
        let quiet = if place % 7 == 3 { 6 } else { 0 };
        for back in (quiet..14).filter(|back| back % (1 + place as u64 % 3) == 0 || *back == quiet) {
            let rising = place % 5 == 1;
            let urge = if rising { 9u64.saturating_sub(back / 2) } else { (place as u64 + back) % 5 };
            let used = (place % 11 == 4 && back == 5).then_some(Use::Used);
            let checkin = CheckIn {
                id: id(),
                date: today() - Days::new(back),
                time: noon(),
                mood: if rising { Mood::Low } else { Mood::Good },
                urge: Some(urge as u8),
                halt: Vec::new(),
                used,
                medication: None,
                tags: Vec::new(),
                note: String::new(),
                learned: String::new(),
                kept: Kept::default(),
                edited_at: 0,
            };
            self.device.app.borrow_mut().checkin_save(CheckInSave { checkin })?;
        }
        Ok(())
    }

    /// A goal with a step that is due.
    fn plans(&self) -> Result<()> {
        let (title, reason) = ("A job with a lunch break".to_owned(), String::new());
        let text = GoalText { dimension: Dimension::Purpose, title, reason, state: GoalState::Open };
        let step = Step {
            id: id(),
            text: "Send the letter".into(),
            detail: String::new(),
            due: Some(today()),
            state: StepState::ToDo,
        };
        for edit in
            [PlanEdit::PutGoal { id: "work".into(), text }, PlanEdit::PutStep { goal: "work".into(), step }]
        {
            self.device.app.borrow_mut().plan_save(PlanSave { edit })?;
        }
        Ok(())
    }

    /// Takes part in a group's day.
    async fn writes(&self, group: &str) -> Result<()> {
        self.enters(group).await?;
        let (kind, text) = match self.name {
            "Abel" => (PostKind::Setback, "I drove past the old place twice today. Then I called Jo."),
            _ => (PostKind::Victory, "Slept the whole night. First time this month."),
        };
        self.says(group, CircleEdit::Post { id: id(), kind, text: text.into() })?;
        self.says(group, CircleEdit::AnswerFocus { text: "Cold water, and counting the tiles.".into() })?;
        self.says(group, CircleEdit::SignAgreement)?;
        if self.name == NAMES[1] {
            let (text, state) = ("be at the noon meeting".to_owned(), CommitmentState::Help);
            self.says(group, CircleEdit::Commit { id: id(), text, by: today(), witness: None, state })?;
            let all =
                self.device.app.borrow_mut().space_get(SpaceGet { space: group.to_owned() })?.row.people;
            let others = all.into_iter().filter(|person| !person.me).map(|person| person.account);
            let text = "Can somebody talk for ten minutes?".into();
            self.says(group, CircleEdit::AskHelp { id: id(), to: others.collect(), text })?;
        }
        self.device.exchange().await
    }

    fn says(&self, group: &str, edit: CircleEdit) -> Result<()> {
        self.device.app.borrow_mut().circle_save(CircleSave { space: group.to_owned(), edit })?;
        Ok(())
    }
}

fn id() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn today() -> NaiveDate {
    Local::now().date_naive()
}

fn noon() -> NaiveTime {
    NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default()
}
