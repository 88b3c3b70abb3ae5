//! "I need someone now": one call for help to people in several spaces, and what came back from all of them.

use std::collections::BTreeMap;

use trellis_api_types::Id;
use trellis_api_types::circle::{CircleEdit, HelpCall, Helper};
use trellis_api_types::need::{Askable, Need, NeedAsk, NeedGet, NeedKeep, NeedOkay, OwnCall};
use trellis_api_types::people::{Person, SpaceKind, SpaceRow};

use super::help_calls;
use crate::app::{App, people};
use crate::crdt::{DocId, read_people, write_helpers};
use crate::domain::validate;
use crate::error::{Error, Result};
use crate::platform::Host;
use crate::space::SpaceId;
use crate::sync::shared;

/// A space in which people can be asked now.
struct Place {
    id: SpaceId,
    row: SpaceRow,
    /// This person's calls there that are not over.
    calls: Vec<HelpCall>,
}

impl Place {
    fn others(&self) -> impl Iterator<Item = &Person> {
        self.row.people.iter().filter(|person| !person.me && !person.blocked)
    }
}

impl<H: Host> App<H> {
    /// Who can be asked, and the call that stands.
    pub fn need_get(&mut self, NeedGet {}: NeedGet) -> Result<Need> {
        let places = self.places()?;
        let kept =
            self.session()?.read(|tx, docs| Ok(read_people(docs.get(tx, DocId::People)?).helpers()))?;
        let call = own_call(&places, kept.as_deref().unwrap_or_default());
        Ok(Need { people: askable(&places, kept.as_deref()), call })
    }

    /// Keeps who is asked, for the next time. Errors: `bad-id`, `too-long`.
    pub fn need_keep(&mut self, NeedKeep { mut to }: NeedKeep) -> Result<()> {
        validate::helpers(&to)?;
        self.session()?.tx(|tx, docs| {
            let notes = read_people(docs.get(tx, DocId::People)?);
            // The screen may have been open since before a block came.
            to.retain(|account| !notes.of(account).blocked);
            docs.edit(tx, DocId::People, |change| write_helpers(change, &to)).map(drop)
        })
    }

    /// Asks everyone of these once: in the pair with them where there is one, else in a group. What cannot go out in one
    /// space does not hold up the others. Errors: `no-helpers`, `bad-id`, `too-long`.
    pub fn need_ask(&mut self, NeedAsk { id, to, text }: NeedAsk) -> Result<()> {
        validate::help(&id, &to, &text)?;
        let places = self.places()?;
        self.need_keep(NeedKeep { to: to.clone() })?;
        let mut asked = Err(Error::new("no-helpers", "nobody is here to be asked"));
        for (space, to) in routes(&places, &to) {
            let edit = CircleEdit::AskHelp { id: id.clone(), to, text: text.clone() };
            let said = self.say(space, &edit).map(drop);
            asked = if asked.is_ok() { asked } else { said };
        }
        asked?;
        let session = self.session()?;
        session.exchange.hurry(&mut session.store)
    }

    /// Tells everyone who was asked that all is well. What cannot go out in one space does not hold up the others. Errors: `not-found`, `bad-id`.
    pub fn need_okay(&mut self, NeedOkay { key }: NeedOkay) -> Result<()> {
        let places = self.places()?;
        let asked = |place: &&Place| place.calls.iter().any(|call| call.key == key);
        let edit = CircleEdit::Okay { key: key.clone() };
        let told: Vec<Result<()>> =
            places.iter().filter(asked).map(|place| self.say(place.id, &edit).map(drop)).collect();
        if told.is_empty() {
            return Err(Error::new("not-found", "no call of that name stands"));
        }
        let session = self.session()?;
        session.exchange.hurry(&mut session.store)?;
        told.into_iter().collect()
    }

    /// This person's own call that stands, with all who were asked by it.
    pub(crate) fn own_call(&mut self) -> Result<Option<OwnCall>> {
        let places = self.places()?;
        let kept =
            self.session()?.read(|tx, docs| Ok(read_people(docs.get(tx, DocId::People)?).helpers()))?;
        Ok(own_call(&places, &kept.unwrap_or_default()))
    }

    /// The spaces that still go on.
    fn places(&mut self) -> Result<Vec<Place>> {
        let (clock, today) = (self.clock()?, self.today());
        let session = self.session()?;
        let mut places = Vec::new();
        for id in session.store.read(shared::list)? {
            let place = session.look(&id, |tx, docs, known| {
                let row = people::row(tx, docs, known, clock)?;
                let me = shared::account(tx)?.to_string();
                let mut calls = help_calls(tx, docs, known.members()?, clock, today)?;
                calls.retain(|call| call.account == me && !call.over);
                Ok(Place { id, row, calls })
            })?;
            let goes_on = !(place.row.ended || place.row.read_only || place.row.arriving);
            places.extend(goes_on.then_some(place));
        }
        // A pair comes before a group: what is said there only the other one gets.
        places.sort_by_key(|place| (place.row.kind == SpaceKind::Group, place.id));
        Ok(places)
    }
}

/// Everyone once. Before anyone was chosen it is those of the pairs.
fn askable(places: &[Place], kept: Option<&[Id]>) -> Vec<Askable> {
    let mut people: BTreeMap<&Id, Askable> = BTreeMap::new();
    for place in places {
        let pair = place.row.kind == SpaceKind::Pair;
        for person in place.others() {
            let chosen = kept.map_or(pair, |kept| kept.contains(&person.account));
            let new = Askable { person: person.clone(), chosen };
            let one = people.entry(&person.account).or_insert(new);
            if one.person.name.is_empty() {
                one.person.name.clone_from(&person.name);
            }
        }
    }
    let mut people: Vec<Askable> = people.into_values().collect();
    people.sort_by_key(|one| (one.person.name.to_lowercase(), one.person.account.clone()));
    people
}

/// Where each of them is asked.
fn routes(places: &[Place], to: &[Id]) -> BTreeMap<SpaceId, Vec<Id>> {
    let mut routes: BTreeMap<SpaceId, Vec<Id>> = BTreeMap::new();
    for account in to {
        let here = |place: &&Place| place.others().any(|person| person.account == *account);
        if let Some(place) = places.iter().find(here) {
            routes.entry(place.id).or_default().push(account.clone());
        }
    }
    routes
}

/// The newest call, with all who were asked by it, and who was chosen and could not be asked.
fn own_call(places: &[Place], chosen: &[Id]) -> Option<OwnCall> {
    let all = || places.iter().flat_map(|place| &place.calls);
    let HelpCall { key, at, text, .. } = all().max_by_key(|call| call.at)?.clone();
    let parts: Vec<&HelpCall> = all().filter(|call| call.key == key).collect();
    let only_here = parts.iter().all(|call| call.only_here);
    let mut helpers: Vec<Helper> = parts.iter().flat_map(|call| call.helpers.clone()).collect();
    for one in places.iter().flat_map(Place::others).filter(|one| chosen.contains(&one.account)) {
        if helpers.iter().all(|helper| helper.account != one.account) {
            helpers.push(Helper::unasked(one.account.clone()));
        }
    }
    Some(OwnCall { key, at, text, helpers, only_here })
}
