//! The spaces that a person shares with others, and who is in them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use trellis_api_types::Id;
use trellis_api_types::devices::MatchWords;
use trellis_api_types::people::{
    MemberAct, MemberChange, People, PeopleGet, Person, PersonSave, PersonSpaces, Role, SafetyWords, Space,
    SpaceForget, SpaceGet, SpaceKind, SpaceLeave, SpaceMake, SpaceRow, SpaceSettle, Together,
};
use trellis_api_types::sharing::ConsentStop;
use trellis_api_types::typed;

use super::circle::{self, Clock};
use super::undo::UndoLog;
use super::{App, joining, names, sharing};
use crate::crdt::{
    DocId, Docs, Edit, PeopleNotes, read_people, read_settings, read_spaces, write_blocked, write_called,
    write_phone,
};
use crate::crypto::pairing::safety_words;
use crate::domain::validate;
use crate::error::{Error, Result};
use crate::platform::Host;
use crate::space::members::{self, Act, Op, Policy, State};
use crate::space::{AccountId, SpaceId};
use crate::store::{SpaceTx, Tx};
use crate::sync::joining::invites;
use crate::sync::shared::{NewSpace, records};
use crate::sync::space_state::Known;
use crate::sync::{relay_choice, shared};

impl<H: Host> App<H> {
    /// The list of spaces.
    pub fn people_get(&mut self, PeopleGet {}: PeopleGet) -> Result<People> {
        let (clock, language) = (self.clock()?, self.language());
        let session = self.session()?;
        let mut spaces = Vec::new();
        for space in session.store.read(shared::list)? {
            spaces.push(session.look(&space, |tx, docs, known| row(tx, docs, known, clock))?);
        }
        spaces.sort_by_key(|row| std::cmp::Reverse((row.help, row.asks > 0, row.heard_at)));
        let coach = |row: &SpaceRow| row.people.iter().any(|person| person.me && person.role == Role::Coach);
        session.read(|tx, docs| {
            Ok(People {
                coaches: spaces.iter().any(coach),
                joining: joining::all(tx, (language, clock.now))?,
                relay: relay_choice::relay(tx)?.is_some(),
                my_name: read_settings(docs.get(tx, DocId::Settings)?).name,
                spaces,
            })
        })
    }

    /// Makes a space; repeating it answers the same one. Errors: `bad-id`, `empty-text`, `too-long`.
    pub fn space_make(&mut self, SpaceMake { id, kind, name, role, my_name }: SpaceMake) -> Result<String> {
        let (name, my_name) = (typed::name(&name), typed::name(&my_name));
        validate::space(&id, kind, &name, &my_name)?;
        let (session, host) = self.parts()?;
        let now = host.now_ms();
        session.tx(|tx, docs| {
            let made =
                read_spaces(docs.get(tx, DocId::Spaces)?).into_iter().find(|space| space.made_by == id);
            if let Some(made) = made {
                return Ok(made.id);
            }
            let new = NewSpace {
                made_by: &id,
                kind: kind.into(),
                name: &name,
                role: role.into(),
                my_name: &my_name,
            };
            Ok(shared::found(tx, docs, host, &new, now)?.to_string())
        })
    }

    /// One space. Error: `not-found`.
    pub fn space_get(&mut self, SpaceGet { space }: SpaceGet) -> Result<Space> {
        let (clock, language) = (self.clock()?, self.language());
        let session = self.session()?;
        let id = session.space(&space)?;
        session.look(&id, |tx, docs, known| {
            let (state, me) = (known.members()?.state(), shared::account(tx)?);
            Ok(Space {
                row: row(tx, docs, known, clock)?,
                members_invite: state.policy.has(Policy::MEMBERS_INVITE),
                closed: state.policy.has(Policy::CLOSED),
                may_invite: state.may(&me, Act::Add),
                may_settle: state.may(&me, Act::Settle),
                invites: joining::invites(tx, docs, (language, clock.now))?,
                asks: joining::asks(tx, docs, known, (language, clock.now))?,
            })
        })
    }

    /// Acts on a member. Errors: `not-entitled`, `not-found`.
    pub fn member_change(&mut self, MemberChange { space, account, act }: MemberChange) -> Result<()> {
        let account = names::account(&account)?;
        let op = match act {
            MemberAct::Remove => Op::Remove { account },
            MemberAct::Promote => Op::Promote { account },
            MemberAct::Demote => Op::Demote { account },
        };
        self.in_roster(&space, |_| op)
    }

    /// Sets what a group allows. Error: `not-entitled`.
    pub fn space_settle(&mut self, SpaceSettle { space, members_invite, closed }: SpaceSettle) -> Result<()> {
        let bit = |on: bool, bit: Policy| if on { bit.0 } else { 0 };
        let set = bit(members_invite, Policy::MEMBERS_INVITE) | bit(closed, Policy::CLOSED);
        let ours = Policy::MEMBERS_INVITE.0 | Policy::CLOSED.0;
        self.in_roster(&space, |state| Op::Settle { policy: Policy(state.policy.0 & !ours | set) })
    }

    /// Leaves a space; a pair is over then. Leaving what was left is done already.
    pub fn space_leave(&mut self, SpaceLeave { space }: SpaceLeave) -> Result<()> {
        let session = self.session()?;
        let id = session.space(&space)?;
        let gone = session.look(&id, |tx, _, known| {
            Ok(!known.members()?.state().members.contains_key(&shared::account(tx)?))
        })?;
        if gone { Ok(()) } else { self.in_roster(&space, |_| Op::Leave) }
    }

    /// Takes a space that is over or was left off one's own devices. Errors: `still-member`, `leave-not-sent`.
    pub fn space_forget(&mut self, SpaceForget { space }: SpaceForget) -> Result<()> {
        let session = self.session()?;
        let id = session.space(&space)?;
        session.within(&id, |tx, docs, known| shared::forget(tx, docs, known.members()?))?;
        session.exchange.forget(&id);
        Ok(())
    }

    /// Keeps what only one's own devices know of somebody. Whoever is blocked gets nothing more in a pair; what is shared in a
    /// group goes on until this person stops it. Errors: `not-found`, `too-long`.
    pub fn person_save(&mut self, PersonSave { account, phone, blocked }: PersonSave) -> Result<()> {
        let id = names::account(&account)?;
        validate::person(&account, phone.as_deref().unwrap_or_default())?;
        self.session()?.tx(|tx, docs| {
            let called = if blocked == Some(true) { Some(called(tx, &id)?) } else { None };
            let note = |edit: &mut Edit<'_>| {
                phone.iter().try_for_each(|phone| write_phone(edit, &account, phone))?;
                called.iter().try_for_each(|called| write_called(edit, &account, called))?;
                blocked.into_iter().try_for_each(|blocked| write_blocked(edit, &account, blocked))
            };
            docs.edit(tx, DocId::People, note).map(drop)
        })?;
        if blocked == Some(true) { self.stop_with(account) } else { Ok(()) }
    }

    /// Ends all sharing in pairs with somebody. What a kill leaves undone here follows with the next exchange.
    fn stop_with(&mut self, account: Id) -> Result<()> {
        // Taking something back could say again what somebody who is blocked is not to hear.
        self.session()?.undo = UndoLog::default();
        let together = self.person_spaces(PersonSpaces { account })?;
        let pairs = together.into_iter().filter(|place| place.kind == SpaceKind::Pair);
        pairs.map(|pair| self.stop_in(pair)).collect::<Vec<_>>().into_iter().collect()
    }

    /// Ends all sharing into a pair.
    fn stop_in(&mut self, Together { space, shares, .. }: Together) -> Result<()> {
        self.session()?.tx(|tx, docs| shared::step_work::leave(tx, docs, &space, false))?;
        if shares { self.consent_stop(ConsentStop { space, retract: false }) } else { Ok(()) }
    }

    /// Where this person is together with somebody. Error: `not-found`.
    pub fn person_spaces(&mut self, PersonSpaces { account }: PersonSpaces) -> Result<Vec<Together>> {
        let (account, today) = (names::account(&account)?, self.today());
        let session = self.session()?;
        let mut all = Vec::new();
        for space in session.store.read(shared::list)? {
            all.extend(session.look(&space, |tx, docs, known| together(tx, docs, known, &account, today))?);
        }
        Ok(all)
    }

    /// Eight words that both see if nobody sits between. Error: `not-found`.
    pub fn safety_words(&mut self, SafetyWords { account }: SafetyWords) -> Result<MatchWords> {
        let other = names::account(&account)?;
        let me = self.session()?.store.read(shared::account)?;
        Ok(safety_words(&me.0, &other.0).to_compare(self.language()))
    }

    /// Signs an entry of a space's roster.
    fn in_roster(&mut self, space: &str, op: impl FnOnce(&State) -> Op) -> Result<()> {
        let (session, host) = self.parts()?;
        let (id, now) = (session.space(space)?, host.now_ms());
        session.within(&id, |tx, _, known| {
            let op = op(&known.members()?.state());
            shared::act(tx, host, known, op, now)
        })
    }
}

impl super::Session {
    /// The space of that name, if this device has its keys. Error: `not-found`.
    pub(super) fn space(&mut self, name: &str) -> Result<SpaceId> {
        let id = shared::space_id(name)?;
        let known = self.store.read(shared::list)?;
        if known.contains(&id) { Ok(id) } else { Err(Error::new("not-found", "no such space")) }
    }
}

/// The space, if both this person and that one are in it.
fn together(
    tx: &SpaceTx<'_>,
    docs: &mut Docs,
    known: &Known,
    other: &AccountId,
    today: NaiveDate,
) -> Result<Option<Together>> {
    let (members, me) = (known.members()?, shared::account(tx)?);
    let state = members.state();
    if state.ended || ![&me, other].iter().all(|account| state.members.contains_key(account)) {
        return Ok(None);
    }
    Ok(Some(Together {
        space: SpaceId(tx.space).to_string(),
        kind: kind_of(&state),
        shares: sharing::shares(tx, docs, members, today)?,
        name: state.name,
    }))
}

/// What somebody is called in the first of one's spaces that knows them.
fn called(tx: &Tx<'_>, account: &AccountId) -> Result<String> {
    for space in shared::list(tx)? {
        if let Some(name) = records::names(&tx.within(space.0))?.remove(account) {
            return Ok(name);
        }
    }
    Ok(String::new())
}

fn kind_of(state: &State) -> SpaceKind {
    if state.kind == Some(members::SpaceKind::Group) { SpaceKind::Group } else { SpaceKind::Pair }
}

/// A space as the list shows it.
pub(super) fn row(tx: &SpaceTx<'_>, docs: &mut Docs, known: &Known, clock: Clock) -> Result<SpaceRow> {
    let (state, me) = (known.members()?.state(), shared::account(tx)?);
    let asks = invites::asked(tx, docs, clock.now)?.len();
    let notes = read_people(docs.get(tx, DocId::People)?);
    // Of much that there is to read, who let this person in may come late.
    let came = known.members()?.entries().any(|entry| entry.added() == Some(me));
    Ok(SpaceRow {
        id: SpaceId(tx.space).to_string(),
        kind: kind_of(&state),
        people: people(tx, docs, &state)?,
        heard_at: shared::heard_at(tx)?,
        asks: u32::try_from(asks).unwrap_or(u32::MAX),
        help: !circle::asking(tx, known.members()?, &notes, clock)?.is_empty(),
        ended: came && (state.ended || !state.members.contains_key(&me)),
        read_only: state.read_only,
        arriving: !came,
        name: typed::name(&state.name),
    })
}

/// Everyone in a space, this person first, then as they came to be called.
pub(super) fn people(tx: &SpaceTx<'_>, docs: &mut Docs, state: &State) -> Result<Vec<Person>> {
    let (me, named) = (shared::account(tx)?, records::names(tx)?);
    let notes = read_people(docs.get(tx, DocId::People)?);
    let mut people: Vec<Person> =
        state.members.keys().map(|account| person(account, &me, state, &named, &notes)).collect();
    people.sort_by_key(|person| (!person.me, person.name.to_lowercase(), person.account.clone()));
    Ok(people)
}

fn person(
    account: &AccountId,
    me: &AccountId,
    state: &State,
    named: &BTreeMap<AccountId, String>,
    notes: &PeopleNotes,
) -> Person {
    let member = state.members.get(account);
    let notes = notes.of(&account.to_string());
    let leads = member.is_some_and(|member| member.rank.is_facilitator())
        && state.kind == Some(members::SpaceKind::Group);
    Person {
        account: account.to_string(),
        name: if notes.blocked { notes.name } else { named.get(account).cloned().unwrap_or_default() },
        // A role is what its holder says; who leads is what the group decided.
        role: member
            .map(|member| member.role.into())
            .filter(|role| leads || *role != Role::Facilitator)
            .unwrap_or(Role::Peer),
        leads,
        me: account == me,
        blocked: notes.blocked,
        phone: notes.phone,
        may_remove: state.may(me, Act::Remove(*account)),
        may_promote: state.may(me, Act::Promote(*account)),
        may_demote: state.may(me, Act::Demote(*account)),
    }
}

macro_rules! same {
    ($ours:ty = $theirs:ty { $($name:ident)+ }) => {
        impl From<$theirs> for $ours {
            fn from(value: $theirs) -> Self {
                match value { $(<$theirs>::$name => Self::$name,)+ }
            }
        }
        impl From<$ours> for $theirs {
            fn from(value: $ours) -> Self {
                match value { $(<$ours>::$name => Self::$name,)+ }
            }
        }
    };
}

same!(members::Role = Role { Participant Peer Sponsor Sponsee Coach Facilitator });
same!(members::SpaceKind = SpaceKind { Pair Group });
