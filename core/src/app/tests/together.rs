//! Several people, each with an app of their own, who meet at one relay. Their clocks go together.

use chrono::DateTime;
use trellis_api_types::Id;
use trellis_api_types::app::{AppStart, Lock};
use trellis_api_types::joining::*;
use trellis_api_types::people::*;
use trellis_api_types::sharing::{ConsentSign, ConsentTerms, Field, GoalChoice, Recipient, Until};
use trellis_api_types::sync::{RelayChoice, RelaySave, SyncNow};

use super::common::{Machine, TestApp, Time, start};
use crate::sync::tests::relay::SimRelay;
use crate::sync::{Next, Sent};
use crate::transport::{NetError, Reply};
use trellis_protocol::ErrorCode;
use trellis_protocol::ids::{EnvelopeId, MailboxId};

pub const DAY: i64 = 24 * 3_600_000;

/// People by their place, a relay, and the time.
pub struct Together {
    pub apps: Vec<TestApp>,
    machines: Vec<Machine>,
    relay: SimRelay,
    time: Time,
    clock: Option<u64>,
    ids: u8,
}

impl Together {
    /// So many people at noon of that day, each with the relay chosen.
    pub fn of(names: &[&str], day: &str) -> Self {
        let (relay, time) = (SimRelay::new(), Time::at(day));
        let mut all = Self { apps: vec![], machines: vec![], relay, time, clock: None, ids: 0 };
        names.iter().for_each(|name| all.comes(name));
        all
    }

    fn comes(&mut self, name: &str) {
        self.starts(name);
        let relay = RelayChoice { address: "https://relay.example".into(), ..RelayChoice::default() };
        self.apps.last_mut().unwrap().relay_save(RelaySave { relay }).unwrap();
    }

    /// Somebody more, without a relay.
    pub fn starts(&mut self, name: &str) {
        let machine = Machine { time: self.time.clone(), ..Machine::new("2026-01-01") };
        let mut app = machine.app();
        app.app_start(AppStart { name: name.into(), ..start(Lock::Keychain) }).unwrap();
        self.apps.push(app);
        self.machines.push(machine);
    }

    pub fn now(&self) -> i64 {
        self.time.now()
    }

    pub fn pass(&mut self, ms: i64) {
        self.time.pass(ms);
    }

    /// Somebody sets the clock.
    pub fn jump(&mut self, ms: i64) {
        self.time.jump(ms);
    }

    /// An id as a screen makes it.
    pub fn id(&mut self) -> Id {
        self.ids += 1;
        format!("00000000-0000-7000-8000-0000000000{:02x}", self.ids)
    }

    /// From now on the relay gives one envelope at a time.
    pub fn drop_by_drop(&mut self) {
        self.relay.page = 1;
    }

    /// From now on the relay's clock says this, seconds.
    pub fn clock_of_relay(&mut self, says: u64) {
        self.clock = Some(says);
    }

    /// What the relay holds and was sent.
    pub fn relay(&self) -> &SimRelay {
        &self.relay
    }

    /// Puts an envelope into a mailbox, as often as it is asked.
    pub fn plant(&mut self, mailbox: MailboxId, envelope: Vec<u8>) {
        self.relay.lose(mailbox, EnvelopeId::of(&envelope));
        self.relay.plant(mailbox, envelope);
    }

    /// What the relay answers to a call; on any other path it has nothing.
    pub fn answer(&mut self, sent: &Sent) -> Result<Reply, NetError> {
        if sent.relay.address != "https://relay.example/" {
            return Err(NetError::Refused(ErrorCode::NotFound));
        }
        self.relay.now = self.clock.unwrap_or(u64::try_from(self.now() / 1000).unwrap());
        self.relay.answer(&sent.call)
    }

    /// One call of somebody. False if there was nothing to say.
    pub fn step(&mut self, n: usize) -> bool {
        let Next::Call(sent) = self.apps[n].exchange_next().unwrap() else { return false };
        let outcome = self.answer(&sent);
        self.apps[n].exchange_done(*sent, outcome).unwrap();
        true
    }

    /// Everyone exchanges until nobody has anything to say.
    pub fn exchange(&mut self) {
        for _ in 0..4 {
            for n in 0..self.apps.len() {
                match self.apps[n].is_open() {
                    true => self.apps[n].sync_now(SyncNow {}).unwrap(),
                    false => self.apps[n].exchange_woken(Ok(())).unwrap(),
                }
                while self.step(n) {}
            }
            self.time.pass(1000);
        }
    }

    /// One of them exchanges alone.
    pub fn exchange_of(&mut self, n: usize) {
        self.apps[n].sync_now(SyncNow {}).unwrap();
        while self.step(n) {}
    }

    /// The account of the other one in a pair.
    pub fn other(&mut self, n: usize, space: &str) -> Id {
        let people = self.apps[n].space_get(SpaceGet { space: space.to_owned() }).unwrap().row.people;
        people.into_iter().find(|person| !person.me).unwrap().account
    }

    /// The first person makes a pair, and the second one comes.
    pub fn pair(&mut self, roles: (Role, Role)) -> Id {
        let (space, id) = self.asked(roles);
        self.exchange();
        let joined = self.apps[1].join_get(JoinGet { id }).unwrap();
        assert_eq!(joined.state, JoinState::Joined { space: space.clone() });
        space
    }

    /// The first person makes a pair and says yes to the second one, who does not know it yet. Space, and what was asked.
    pub fn asked(&mut self, roles: (Role, Role)) -> (Id, Id) {
        let space = self.fresh(SpaceKind::Pair, roles.0);
        let code = self.invite(0, &space, roles.1);
        self.exchange();
        let id = self.id();
        self.apps[1].join_look(JoinLook { id: id.clone(), code }).unwrap();
        self.exchange();
        self.apps[1].join_ask(JoinAsk { id: id.clone(), name: "Second".into() }).unwrap();
        self.exchange();
        let asks = self.apps[0].space_get(SpaceGet { space: space.clone() }).unwrap().asks;
        self.apps[0].ask_answer(AskAnswer { id: asks[0].id.clone(), let_in: true }).unwrap();
        (space, id)
    }

    /// The first person makes a space, with nobody in it yet.
    pub fn fresh(&mut self, kind: SpaceKind, role: Role) -> Id {
        let (id, name, my_name) = (self.id(), "Ours".to_owned(), "First".to_owned());
        let space = self.apps[0].space_make(SpaceMake { id, kind, name, role, my_name }).unwrap();
        self.exchange();
        space
    }

    /// Somebody invites one more person; the link.
    pub fn invite(&mut self, n: usize, space: &str, role: Role) -> String {
        let invite = InviteMake {
            id: self.id(),
            space: space.to_owned(),
            role,
            fields: vec![Field::Mood],
            goals: GoalChoice::None,
            purpose: String::new(),
            single: true,
            days: 7,
        };
        self.apps[n].invite_make(invite).unwrap().link
    }

    /// Somebody agrees to share all of their check-ins and goals from today on.
    pub fn consents(&mut self, n: usize, space: &str) {
        let terms = ConsentTerms {
            fields: Field::ALL.to_vec(),
            goals: GoalChoice::All,
            purpose: "To be called".into(),
            recipient: Recipient::Coach,
            from: DateTime::from_timestamp_millis(self.now()).unwrap().date_naive(),
            until: Until::Stopped,
            part2: None,
        };
        let sign = ConsentSign { space: space.to_owned(), terms, backwards: false };
        self.apps[n].consent_sign(sign).unwrap();
        self.exchange();
    }
}
