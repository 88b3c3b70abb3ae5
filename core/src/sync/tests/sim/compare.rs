//! Whether the devices come out as the model says.

use std::collections::BTreeMap;

use super::acts::{CHOICE, Sim};
use crate::space::AccountId;
use crate::space::consent::{Fields, record_key};
use crate::space::members::{Rank, SpaceKind};
use crate::space::record::{Content, SharedCheckIn};
use crate::store::records::Pick;
use crate::sync::shared;
use crate::sync::shared::records;

impl Sim {
    pub fn compare(&mut self) {
        self.compare_in_place();
        self.compare_outsiders();
    }

    /// The same among those who are in the space.
    pub fn compare_in_place(&mut self) {
        let first = self.devices_in_place();
        for device in &first {
            let device = *device;
            self.compare_members(first[0], device);
            self.compare_posts(&first, device);
            self.compare_board(&first, device);
        }
        self.compare_checkins(&first);
        self.compare_calls(&first);
    }

    /// Devices of those who are members by what the founder's side holds.
    pub fn devices_in_place(&mut self) -> Vec<usize> {
        let all: Vec<usize> = self.cast.concat();
        let inside = |sim: &mut Self, device: usize| {
            let account = sim.world.phones[device].account();
            sim.world.phones[device].members(&sim.space).contains(&account)
        };
        all.into_iter().filter(|device| inside(self, *device)).collect()
    }

    fn compare_members(&mut self, one: usize, other: usize) {
        let state = |sim: &mut Self, device: usize| {
            sim.world.phones[device].within(&sim.space, |_, _, known| Ok(known.members()?.state())).unwrap()
        };
        let (one, other) = (state(self, one), state(self, other));
        assert_eq!(one, other, "members differ");
        let leads = one.members.values().any(|member| matches!(member.rank, Rank::Facilitator(..)));
        assert!(leads || one.kind == Some(SpaceKind::Pair), "nobody leads");
    }

    pub fn account_of(&self, device: usize) -> AccountId {
        let person = self.cast.iter().position(|devices| devices.contains(&device));
        self.accounts[person.expect("a device of the cast")]
    }

    /// Texts of posts that a device shows, by author and key.
    pub fn shown(&mut self, device: usize) -> Vec<((AccountId, Vec<u8>), String)> {
        let standing = self.world.phones[device].within(&self.space, |tx, _, known| {
            records::standing(tx, known.members()?, &Pick::Newest(&[4], 10_000))
        });
        let text = |content| match content {
            Content::Post { text, .. } => Some(text),
            _ => None,
        };
        let mut all: Vec<_> = standing
            .unwrap()
            .into_iter()
            .filter_map(|it| Some(((it.author, it.key), text(it.content)?)))
            .collect();
        all.sort();
        all
    }

    /// Of devices in place every last word stands; of the others all hold the same.
    fn compare_posts(&mut self, inside: &[usize], device: usize) {
        let (shown, first) = (self.shown(device), self.shown(inside[0]));
        assert_eq!(shown, first, "posts differ between {} and {device}", inside[0]);
        for (key, post) in &self.model.posts {
            let name = (self.account_of(post.device), key.clone());
            let here = shown.iter().find(|(shown, _)| *shown == name).map(|(_, text)| text.clone());
            if inside.contains(&post.device) {
                let name = String::from_utf8_lossy(key);
                assert!(post.may_be(&here), "{name} is {here:?} at {device}, said were {:?}", post.texts);
            } else if let Some(text) = here {
                assert!(post.texts.contains(&Some(text)), "nobody wrote this");
            }
        }
    }

    fn compare_board(&mut self, inside: &[usize], device: usize) {
        let board = |sim: &mut Self, device: usize| {
            let read = sim.world.phones[device]
                .within(&sim.space, |tx, _, known| shared::board::read(tx, known.members()?));
            read.unwrap()
        };
        let (here, first) = (board(self, device), board(self, inside[0]));
        assert_eq!(here, first, "boards differ");
        for (id, thing) in self.model.resources.iter().filter(|(_, thing)| inside.contains(&thing.device)) {
            assert!(
                here.resources.iter().any(|it| it.id == *id),
                "resource {id} of {} is lost at {device}",
                thing.device
            );
        }
    }

    /// Check-ins that a device shows, by author and key.
    fn seen(&mut self, device: usize) -> BTreeMap<(AccountId, Vec<u8>), SharedCheckIn> {
        let standing = self.world.phones[device].within(&self.space, |tx, _, known| {
            records::standing(tx, known.members()?, &Pick::Newest(&[1], 10_000))
        });
        let checkin = |content| match content {
            Content::CheckIn(checkin) => Some(checkin),
            _ => None,
        };
        let all = standing.unwrap().into_iter();
        all.filter_map(|it| Some(((it.author, it.key), checkin(it.content)?))).collect()
    }

    /// Nobody sees a field that no consent let out; what the last consent lets out is there.
    fn compare_checkins(&mut self, inside: &[usize]) {
        let Some(first) = inside.first() else { return };
        let ended =
            self.world.phones[*first].within(&self.space, |_, _, known| Ok(known.members()?.state().ended));
        let ended = ended.unwrap();
        for device in inside {
            let seen = self.seen(*device);
            for ((person, id), checkin) in &self.model.checkins {
                let last = self.model.last_agreed(*person);
                let of_it = seen.get(&(self.accounts[*person], record_key(&self.space, id)));
                if let Some(shown) = of_it {
                    let out = fields(shown);
                    assert!(checkin.may.has(out), "{id} shows {out:?}, agreed were {:?}", checkin.may);
                    if let Some(note) = &shown.note {
                        let fresh =
                            *note == checkin.note || checkin.loose || !inside.contains(&checkin.device);
                        assert!(fresh, "{id} is not the last word: {note}");
                    }
                }
                if checkin.loose || self.model.parted.contains(person) {
                    continue;
                }
                let wanted = last
                    .filter(|last| last.fields != Fields::default() && checkin.day >= last.from && !ended);
                if let (Some(last), true) = (wanted, inside.contains(&checkin.device)) {
                    let shown = of_it.map(fields).unwrap_or_default();
                    // What was published under another choice stays as last sent, unless it is taken back.
                    let kept = !last.fields.has(shown) && !last.retract;
                    assert!(
                        shown.has(last.fields) || kept,
                        "{id} at {device} lacks {:?}: {shown:?}",
                        last.fields
                    );
                    assert!(
                        !last.retract || shown == last.fields,
                        "{id} was to be taken back to {:?}",
                        last.fields
                    );
                }
            }
        }
    }

    /// What was said by devices that knew somebody to be out has never come to them.
    fn compare_outsiders(&mut self) {
        for person in 0..self.cast.len() {
            for device in self.cast[person].clone() {
                let account = self.accounts[person];
                if self.world.phones[device].members(&self.space).contains(&account) {
                    continue;
                }
                let shown = self.shown(device);
                for post in self.model.posts.values().filter(|post| !self.cast[person].contains(&post.device))
                {
                    let hidden =
                        post.texts.iter().zip(&post.kept_from).filter(|(_, out)| out.contains(&account));
                    for text in hidden.filter_map(|(text, _)| text.as_ref()) {
                        assert!(
                            !shown.iter().any(|(_, shown)| shown == text),
                            "{device} is out and read: {text}"
                        );
                    }
                }
            }
        }
    }
}

fn fields(shown: &SharedCheckIn) -> Fields {
    let held = [
        (shown.mood.is_some(), CHOICE[0]),
        (shown.urge.is_some(), CHOICE[1]),
        (shown.note.is_some(), CHOICE[2]),
    ];
    held.iter().filter(|(held, _)| *held).fold(Fields::default(), |all, (_, field)| all.with(*field))
}
