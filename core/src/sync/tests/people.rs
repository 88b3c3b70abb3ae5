//! What people do in shared spaces, on the devices of a [`World`].

use chrono::NaiveDate;
use trellis_api_types::checkin::{CheckIn, Kept, Mood};

use super::world::{Phone, World};
use crate::crdt::{DocId, Docs, read_checkin, row_of, write_checkin};
use crate::error::Result;
use crate::space::consent::{Consent, Fields, Goals, RecipientKind};
use crate::space::join::Terms;
use crate::space::members::{Op, Role, SpaceKind};
use crate::space::record::{BoardValue, Content, Day, PostKind, Slots};
use crate::space::{AccountId, SpaceId};
use crate::store::SpaceTx;
use crate::store::records::Pick;
use crate::sync::joining::invites;
use crate::sync::shared::{NewSpace, consent, records};
use crate::sync::space_state::Known;
use crate::sync::{keys, shared};

pub const DAY: i64 = 24 * 3_600_000;

impl Phone {
    pub fn account(&mut self) -> AccountId {
        self.store().read(shared::account).unwrap()
    }

    pub fn within<T>(
        &mut self,
        space: &SpaceId,
        work: impl FnOnce(&SpaceTx<'_>, &mut Docs, &mut Known) -> Result<T>,
    ) -> Result<T> {
        let (docs, engine) = (&mut self.docs, &mut self.engine);
        let done = self.store.as_mut().unwrap().tx(|tx| {
            let here = &tx.within(space.0);
            work(here, docs, engine.known(here)?)
        });
        if done.is_err() {
            self.docs.forget_all();
            self.engine.forget(space);
        }
        self.engine.touch();
        done
    }

    /// The same, to say something: under keys that nobody has who lost their place.
    pub fn speak<T>(
        &mut self,
        space: &SpaceId,
        work: impl FnOnce(&SpaceTx<'_>, &mut Docs, &mut Known) -> Result<T>,
    ) -> Result<T> {
        let (ground, now) = (self.ground.clone(), self.ground.now.get());
        self.within(space, |tx, docs, known| {
            shared::ready(tx, &ground, known, now)?;
            known.follow(tx)?;
            work(tx, docs, known)
        })
    }

    /// Tells of a victory.
    pub fn post(&mut self, space: &SpaceId, text: &str) -> Result<()> {
        let (now, ground) = (self.engine.shared_now(&self.ground), self.ground.clone());
        let content = Content::Post { kind: PostKind::Victory, text: text.to_owned(), at: Some(now) };
        let key = crate::space::record::fresh_key(&ground);
        self.speak(space, |tx, _, known| shared::put(tx, known.members()?, key, content, now))
    }

    /// Tells of a victory under this key, in place of what was told under it before.
    pub fn say(&mut self, space: &SpaceId, key: &[u8], text: &str) {
        let now = self.ground.now.get();
        let content = Content::Post { kind: PostKind::Victory, text: text.to_owned(), at: Some(now) };
        let said =
            self.speak(space, |tx, _, known| shared::put(tx, known.members()?, key.to_vec(), content, now));
        said.unwrap();
    }

    /// Takes back what was told under this key.
    pub fn unsay(&mut self, space: &SpaceId, key: &[u8]) {
        let now = self.ground.now.get();
        let done =
            self.speak(space, |tx, _, known| shared::take_back(tx, known.members()?, key.to_vec(), now));
        done.unwrap();
    }

    /// Takes back everything that was told.
    pub fn take_back_posts(&mut self, space: &SpaceId) {
        let now = self.ground.now.get();
        let done = self.within(space, |tx, _, known| {
            let all = records::standing(tx, known.members()?, &Pick::Newest(&[4], 1000))?;
            all.into_iter().try_for_each(|it| shared::take_back(tx, known.members()?, it.key, now))
        });
        done.unwrap();
    }

    /// Whether any kept item of the space holds these words.
    pub fn files_hold(&mut self, space: &SpaceId, words: &str) -> bool {
        let items = self.within(space, |tx, _, _| tx.all_items()).unwrap();
        items.iter().any(|row| row.signed.windows(words.len()).any(|part| part == words.as_bytes()))
    }

    /// Texts of all posts that are shown, in order.
    pub fn posts(&mut self, space: &SpaceId) -> Vec<String> {
        let all = self.within(space, |tx, _, known| {
            records::standing(tx, known.members()?, &Pick::Newest(&[4], 100_000))
        });
        let text = |content| match content {
            Content::Post { text, .. } => Some(text),
            _ => None,
        };
        let mut texts: Vec<String> = all.unwrap().into_iter().filter_map(|it| text(it.content)).collect();
        texts.sort();
        texts
    }

    /// Check-ins that are shown, by their notes and moods.
    pub fn shared_checkins(&mut self, space: &SpaceId) -> Vec<crate::space::record::SharedCheckIn> {
        let all = self.within(space, |tx, _, known| {
            records::standing(tx, known.members()?, &Pick::Newest(&[1], 100_000))
        });
        let checkin = |content| match content {
            Content::CheckIn(checkin) => Some(checkin),
            _ => None,
        };
        all.unwrap().into_iter().filter_map(|it| checkin(it.content)).collect()
    }

    pub fn members(&mut self, space: &SpaceId) -> Vec<AccountId> {
        self.within(space, |_, _, known| Ok(known.members()?.state().members.into_keys().collect())).unwrap()
    }

    pub fn act(&mut self, space: &SpaceId, op: Op) -> Result<()> {
        let (ground, now) = (self.ground.clone(), self.ground.now.get());
        self.within(space, |tx, _, known| shared::act(tx, &ground, known, op, now))
    }

    /// A check-in of today with a note.
    pub fn check_in(&mut self, id: &str, note: &str, mood: Mood, urge: u8) {
        self.take_writer();
        let date = self.today();
        let checkin = CheckIn {
            id: id.to_owned(),
            date,
            time: chrono::NaiveTime::MIN,
            mood,
            urge: Some(urge),
            halt: Vec::new(),
            used: None,
            medication: None,
            tags: Vec::new(),
            note: note.to_owned(),
            learned: String::new(),
            kept: Kept::default(),
            edited_at: 0,
        };
        let (store, docs) = (self.store.as_mut().unwrap(), &mut self.docs);
        let home = DocId::journal(date);
        store
            .tx(|tx| {
                docs.edit(tx, home, |edit| write_checkin(edit, &checkin))?;
                let kept = read_checkin(docs.get(tx, home)?, id).unwrap();
                tx.index_checkin(&row_of(home, &kept))
            })
            .unwrap();
        self.engine.touch();
    }

    pub fn today(&self) -> NaiveDate {
        use crate::platform::Clock;
        self.ground.local().date()
    }

    /// Agrees to share these fields from today on.
    pub fn consent(&mut self, space: &SpaceId, fields: Fields, retract: bool) {
        self.try_consent(space, fields, retract).unwrap();
    }

    /// The same, where it may be refused.
    pub fn try_consent(&mut self, space: &SpaceId, fields: Fields, retract: bool) -> Result<()> {
        let (me, today, now) = (self.account(), Day::from(self.today()), self.ground.now.get());
        let draft =
            Consent { fields, goals: Goals::None, retract, ..Consent::new(me, RecipientKind::Group, today) };
        self.within(space, |tx, _, known| consent::sign(tx, known.members()?, draft, now))
    }

    /// Writes the agreement.
    pub fn agree_on(&mut self, space: &SpaceId, text: &str) {
        let (value, now) = (BoardValue::Agreement(text.to_owned()), self.ground.now.get());
        self.speak(space, |tx, _, known| {
            shared::board::put(tx, known.members()?, &Slots::default(), value, now)
        })
        .unwrap();
    }

    /// Whether the store holds anything of what the space keeps together.
    pub fn has_board(&mut self, space: &SpaceId) -> bool {
        let space = space.0;
        let kept = self.store().read(|tx| tx.within(space).records(&Pick::Newest(&[15], 1)));
        !kept.unwrap().is_empty()
    }

    /// Takes the space off this person's devices.
    pub fn forget(&mut self, space: &SpaceId) -> Result<()> {
        self.within(space, |tx, docs, known| shared::forget(tx, docs, known.members()?))
    }

    pub fn has_space(&mut self, space: &SpaceId) -> bool {
        self.store().read(shared::list).unwrap().contains(space)
    }
}

impl World {
    pub fn found(&mut self, phone: usize, kind: SpaceKind, name: &str, role: Role) -> SpaceId {
        let phone = &mut self.phones[phone];
        let (ground, now) = (phone.ground.clone(), phone.ground.now.get());
        let (docs, new) = (&mut phone.docs, NewSpace { made_by: name, kind, name, role, my_name: "Founder" });
        phone.store.as_mut().unwrap().tx(|tx| shared::found(tx, docs, &ground, &new, now)).unwrap()
    }

    /// Invites for a week; answers the link.
    pub fn invite(&mut self, phone: usize, space: &SpaceId, role: Role, single: bool) -> Result<String> {
        let phone = &mut self.phones[phone];
        let (ground, now, account) =
            (phone.ground.clone(), phone.engine.shared_now(&phone.ground), phone.account());
        let dated = phone.engine.heard_clock();
        let id = format!("invite {now} {}", hex::encode(crate::space::record::fresh_key(&ground)));
        phone.within(space, |tx, docs, known| {
            let state = known.members()?.state();
            let terms = Terms {
                space: *space,
                kind: state.kind.unwrap(),
                name: state.name,
                account,
                inviter: "Founder".into(),
                role,
                fields: Fields::default(),
                goals: Goals::None,
                purpose: String::new(),
                expires_ms: now + 7 * DAY,
                single,
            };
            invites::make(tx, docs, &ground, known, &id, terms, dated)?;
            let invite = invites::all(tx, docs)?.into_iter().find(|it| it.id == id).unwrap();
            Ok(invites::code_of(tx, &invite)?.to_link())
        })
    }

    /// Looks for an invitation and asks to be let in.
    pub fn ask_in(&mut self, phone: usize, link: &str, name: &str) -> Result<()> {
        let code = crate::crypto::invite::JoinCode::parse(link).unwrap();
        let now = self.phones[phone].engine.shared_now(&self.phones[phone].ground);
        self.phones[phone].store().tx(|tx| invites::look(tx, link, &code, now)).unwrap();
        self.settle(phone);
        let ground = self.phones[phone].ground.clone();
        let now = self.phones[phone].engine.shared_now(&self.phones[phone].ground);
        self.phones[phone].store().tx(|tx| invites::ask(tx, &ground, link, name, now))?;
        self.settle(phone);
        Ok(())
    }

    /// Lets everyone in who asks; answers how many.
    pub fn let_all_in(&mut self, phone: usize, space: &SpaceId) -> usize {
        self.settle(phone);
        let phone = &mut self.phones[phone];
        let (ground, now) = (phone.ground.clone(), phone.engine.shared_now(&phone.ground));
        phone
            .within(space, |tx, docs, known| {
                let asked = invites::asked(tx, docs, now)?;
                for (_, one) in &asked {
                    invites::answer(tx, docs, &ground, known, &hex::encode(one.id()), true, now)?;
                }
                Ok(asked.len())
            })
            .unwrap()
    }

    /// Somebody comes in by a single invitation.
    pub fn bring(&mut self, host: usize, guest: usize, space: &SpaceId, role: Role) {
        let link = self.invite(host, space, role, true).unwrap();
        self.settle(host);
        self.ask_in(guest, &link, "Guest").unwrap();
        assert_eq!(self.let_all_in(host, space), 1);
        self.settle(host);
        self.settle(guest);
        self.settle(guest);
        assert!(self.phones[guest].has_space(space));
    }

    /// A group as [`Self::group`] makes it, where the founder has a laptop too.
    pub fn group_and_laptop(seed: u8, people: usize) -> (Self, SpaceId, usize) {
        let (mut world, space) = Self::group(seed, people);
        let laptop = world.add_phone();
        world.pair(0, laptop);
        world.settle_all();
        (world, space, laptop)
    }

    /// A group of so many people with a device each; the first one founded it.
    pub fn group(seed: u8, people: usize) -> (Self, SpaceId) {
        let mut world = Self::new(seed);
        let space = world.found(0, SpaceKind::Group, "Circle", Role::Facilitator);
        for _ in 1..people {
            let guest = world.add_person();
            world.bring(0, guest, &space, Role::Peer);
        }
        world.settle_all();
        (world, space)
    }
}

/// The name under which a device knows itself.
pub fn device(phone: &mut Phone) -> [u8; 32] {
    phone.store().read(keys::own_device).unwrap()
}
