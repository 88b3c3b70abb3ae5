//! What a change of a space comes to: a record of one's own, or an edit of what its members, or one's own devices, share.

use std::mem::discriminant;

use chrono::NaiveDate;
use trellis_api_types::circle::{
    CircleEdit, CommitmentState, HelpWord, Meeting, PostKind, Reaction, Resource,
};
use trellis_api_types::{Id, Millis};

use super::super::names;
use super::view::{agreement_hash, question_key};
use crate::crdt::PeopleNotes;
use crate::error::{Error, Result};
use crate::space::consent::record_key;
use crate::space::members::{Act, SpaceKind, State};
use crate::space::record::{
    BoardValue, Content, Day, Field, HelpKind, Slots, Standing, Target, meeting_slot, resource_slot,
};
use crate::space::{AccountId, SpaceId};

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// A record of one's own.
    Put(Vec<u8>, Content),
    /// Takes a record of one's own back.
    TakeBack(Vec<u8>),
    /// Makes a value stand on the board.
    Board(BoardValue),
    /// It is so already.
    Nothing,
}

/// Finds the record of an author and key, if it stands.
pub type Find<'a> = dyn Fn(&AccountId, &[u8]) -> Result<Option<Standing>> + 'a;

/// Where it is done, and by whom.
pub struct Desk<'a> {
    /// This person.
    pub me: AccountId,
    /// The space.
    pub space: SpaceId,
    /// Who is in it.
    pub state: &'a State,
    /// What its members keep together.
    pub slots: &'a Slots<'a>,
    /// What only this person knows of them.
    pub notes: &'a PeopleNotes,
    /// Now.
    pub now: Millis,
    /// Finds a record that stands.
    pub find: &'a Find<'a>,
}

impl Desk<'_> {
    /// What the edit comes to. Errors: `not-found`, `not-entitled`, `no-helpers`, `bad-id`.
    pub fn deed(&self, edit: &CircleEdit) -> Result<Deed> {
        match edit {
            CircleEdit::Post { id, kind, text } => self.post(id, *kind, text),
            CircleEdit::React { account, key, kind, on } => self.react((account, key), *kind, *on),
            CircleEdit::Reply { id, account, key, text } => self.reply(id, (account, key), text),
            CircleEdit::Remove { key } => self.remove(key),
            CircleEdit::AskFocus { question } => {
                Ok(Deed::Board(BoardValue::Focus { question: question.clone(), at: self.now }))
            }
            CircleEdit::AnswerFocus { text } => self.answer_focus(text),
            CircleEdit::Commit { id, text, by, witness, state } => {
                let witness = witness.as_deref().map(|witness| self.other(witness)).transpose()?;
                self.commit(id, text, (*by).into(), witness, *state)
            }
            CircleEdit::PutMeeting(meeting) => self.put_meeting(meeting),
            CircleEdit::RemoveMeeting(id) => self.clear(&meeting_slot(id)),
            CircleEdit::PutResource(resource) => self.put_resource(resource),
            CircleEdit::RemoveResource(id) => self.clear(&resource_slot(id)),
            CircleEdit::SetAgreement(text) => self.set_agreement(text),
            CircleEdit::SignAgreement => self.sign_agreement(),
            CircleEdit::Call { id, with, at, kept } => {
                let content = Content::Call { at: *at, with: self.other(with)?, kept: *kept };
                self.made(id, content)
            }
            CircleEdit::Weekly { week, fields } => self.weekly(*week, fields),
            CircleEdit::AskHelp { id, to, text } => self.ask_help(id, to, text),
            CircleEdit::AnswerHelp { account, key, word, text, phone } => {
                self.answer_help((account, key), *word, (text, phone))
            }
            CircleEdit::Okay { key } => self.okay(key),
        }
    }

    /// A record under an id that a screen made. It never writes over something of another kind.
    fn made(&self, id: &str, content: Content) -> Result<Deed> {
        let key = names::made_key(id)?;
        match (self.find)(&self.me, &key)? {
            Some(kept) if kept.content == content => Ok(Deed::Nothing),
            Some(kept) if discriminant(&kept.content) != discriminant(&content) => {
                Err(Error::new("bad-id", "taken"))
            }
            _ => Ok(Deed::Put(key, content)),
        }
    }

    /// A record under a key of which there is one.
    fn only(&self, key: Vec<u8>, content: Content) -> Result<Deed> {
        let same = (self.find)(&self.me, &key)?.is_some_and(|kept| kept.content == content);
        Ok(if same { Deed::Nothing } else { Deed::Put(key, content) })
    }

    /// Now, or when it was written first if it is there already.
    fn written_at(&self, key: &[u8]) -> Result<Option<Millis>> {
        let kept = (self.find)(&self.me, key)?;
        Ok(kept.map_or(Some(self.now), |kept| kept.content.at()))
    }

    fn post(&self, id: &str, kind: PostKind, text: &str) -> Result<Deed> {
        let at = self.written_at(&names::made_key(id)?)?;
        self.made(id, Content::Post { kind: kind.into(), text: text.to_owned(), at })
    }

    fn reply(&self, id: &str, to: (&str, &str), text: &str) -> Result<Deed> {
        let (to, at) = (target(&self.standing(to)?), self.written_at(&names::made_key(id)?)?);
        self.made(id, Content::Reply { to, text: text.to_owned(), at })
    }

    fn react(&self, to: (&str, &str), kind: Reaction, on: bool) -> Result<Deed> {
        let (whose, which) = (names::account(to.0)?, hex::encode(&names::key(to.1)?));
        let number = crate::space::record::Reaction::from(kind) as u8;
        let key = self.key(&format!("reaction/{whose}/{which}/{number}"));
        match (on, (self.find)(&self.me, &key)?) {
            (true, None) => {
                let to = target(&self.standing(to)?);
                Ok(Deed::Put(key, Content::Reaction { to, kind: kind.into() }))
            }
            (false, Some(_)) => Ok(Deed::TakeBack(key)),
            _ => Ok(Deed::Nothing),
        }
    }

    /// What was written for the space is taken away here; what is shared of private records is not.
    fn remove(&self, key: &str) -> Result<Deed> {
        let key = names::key(key)?;
        let kept = (self.find)(&self.me, &key)?;
        let removable = kept.is_some_and(|kept| {
            matches!(
                kept.content,
                Content::Post { .. }
                    | Content::Reply { .. }
                    | Content::Commitment { .. }
                    | Content::Call { .. }
                    | Content::FocusAnswer { .. }
                    | Content::Weekly { .. }
            )
        });
        if removable { Ok(Deed::TakeBack(key)) } else { Err(missing()) }
    }

    fn answer_focus(&self, text: &str) -> Result<Deed> {
        let (question, asked_at) = self.slots.board().focus.ok_or_else(missing)?;
        let question = question_key(&question, asked_at);
        let key = self.key(&format!("focus/{question}"));
        let at = self.written_at(&key)?;
        self.only(key, Content::FocusAnswer { question, text: text.to_owned(), at })
    }

    fn commit(
        &self,
        id: &str,
        text: &str,
        by: Day,
        witness: Option<AccountId>,
        state: CommitmentState,
    ) -> Result<Deed> {
        self.made(id, Content::Commitment { text: text.to_owned(), by, state: state.into(), witness })
    }

    fn put_meeting(&self, meeting: &Meeting) -> Result<Deed> {
        let id = meeting.id.clone();
        let since = self.since(&meeting_slot(&id));
        Ok(Deed::Board(BoardValue::Meeting { id, since, meeting: Some(meeting.into()) }))
    }

    fn put_resource(&self, resource: &Resource) -> Result<Deed> {
        let id = resource.id.clone();
        let since = self.since(&resource_slot(&id));
        Ok(Deed::Board(BoardValue::Resource { id, since, resource: Some(resource.into()) }))
    }

    /// When a thing of the board was made: it keeps its place among the others.
    fn since(&self, slot: &str) -> Millis {
        self.slots.value(slot).map_or(self.now, BoardValue::since)
    }

    fn clear(&self, slot: &str) -> Result<Deed> {
        let value = self.slots.value(slot).ok_or_else(missing)?;
        Ok(Deed::Board(value.cleared()))
    }

    /// In a pair both may; in a group those who lead it.
    fn set_agreement(&self, text: &str) -> Result<Deed> {
        let may = self.state.kind == Some(SpaceKind::Pair) || self.state.may(&self.me, Act::Settle);
        let edit = Deed::Board(BoardValue::Agreement(text.trim().to_owned()));
        if may { Ok(edit) } else { Err(Error::new("not-entitled", "only who leads the group")) }
    }

    fn sign_agreement(&self) -> Result<Deed> {
        let agreement = self.slots.board().agreement;
        if agreement.is_empty() {
            return Err(missing());
        }
        let content = Content::Agreement { hash: agreement_hash(&agreement) };
        self.only(self.key("agreement"), content)
    }

    fn weekly(&self, week: NaiveDate, fields: &[(String, String)]) -> Result<Deed> {
        let key = self.key(&format!("weekly/{week}"));
        let field = |(label, text): &(String, String)| Field { label: label.clone(), text: text.clone() };
        let (fields, at) = (fields.iter().map(field).collect(), self.written_at(&key)?);
        self.only(key, Content::Weekly { week: week.into(), fields, at })
    }

    fn ask_help(&self, id: &str, to: &[Id], text: &str) -> Result<Deed> {
        if (self.find)(&self.me, &names::made_key(id)?)?.is_some() {
            return Ok(Deed::Nothing);
        }
        let to = self.asked(to)?;
        self.made(id, Content::HelpRequest { to, at: self.now, text: some(text) })
    }

    /// Those of the chosen who are here; nobody who is blocked.
    fn asked(&self, chosen: &[Id]) -> Result<Vec<AccountId>> {
        let fits = |account: &&AccountId| {
            let name = account.to_string();
            **account != self.me && chosen.contains(&name) && !self.notes.of(&name).blocked
        };
        let asked: Vec<AccountId> = self.state.members.keys().filter(fits).copied().collect();
        if asked.is_empty() { Err(Error::new("no-helpers", "nobody is here to be asked")) } else { Ok(asked) }
    }

    /// That it was seen says nothing more once something else was said.
    fn answer_help(&self, to: (&str, &str), word: HelpWord, (text, phone): (&str, &str)) -> Result<Deed> {
        let call = self.standing(to)?;
        let Content::HelpRequest { to: asked, .. } = &call.content else { return Err(missing()) };
        if call.author == self.me || !(asked.is_empty() || asked.contains(&self.me)) {
            return Err(missing());
        }
        let key = self.answer_key(&call);
        if word == HelpWord::Seen && (self.find)(&self.me, &key)?.is_some() {
            return Ok(Deed::Nothing);
        }
        let kind = match word {
            HelpWord::Seen => HelpKind::Seen,
            HelpWord::Coming => HelpKind::Coming,
            HelpWord::CallMe => HelpKind::CallMe,
            HelpWord::CannotNow => HelpKind::CannotNow,
        };
        let phone = some(phone).filter(|_| kind == HelpKind::CallMe);
        self.only(key, Content::HelpAnswer { to: target(&call), kind, text: some(text), phone })
    }

    fn okay(&self, key: &str) -> Result<Deed> {
        let call = (self.find)(&self.me, &names::key(key)?)?.ok_or_else(missing)?;
        if !matches!(call.content, Content::HelpRequest { .. }) {
            return Err(missing());
        }
        let answer = Content::HelpAnswer { to: target(&call), kind: HelpKind::Okay, text: None, phone: None };
        self.only(self.answer_key(&call), answer)
    }

    fn answer_key(&self, call: &Standing) -> Vec<u8> {
        self.key(&format!("help/{}/{}", call.author, hex::encode(&call.key)))
    }

    /// Key of what a person says once, the same on all their devices.
    fn key(&self, what: &str) -> Vec<u8> {
        record_key(&self.space, what)
    }

    fn standing(&self, (account, key): (&str, &str)) -> Result<Standing> {
        (self.find)(&names::account(account)?, &names::key(key)?)?.ok_or_else(missing)
    }

    /// Another member.
    fn other(&self, account: &str) -> Result<AccountId> {
        let account = names::account(account)?;
        let is_here = account != self.me && self.state.members.contains_key(&account);
        if is_here { Ok(account) } else { Err(missing()) }
    }
}

/// What was typed, if anything was.
fn some(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn target(one: &Standing) -> Target {
    Target { account: one.author, key: one.key.clone() }
}

fn missing() -> Error {
    Error::new("not-found", "no such thing here")
}
