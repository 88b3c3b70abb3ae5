//! What only this person's devices know of others. Values lie side by side under composed names rather than in a map for each
//! account: two devices that write about the same one for the first time hide nothing of each other.

use std::collections::BTreeMap;

use trellis_api_types::Id;

use super::Doc;
use super::edit::Edit;
use crate::error::Result;

const PEOPLE: &str = "people";
const SPACES: &str = "spaces";
const PHONE: &str = "phone";
const BLOCKED: &str = "blocked";
const NAME: &str = "name";
const HELPERS: &str = "helpers";
/// Stands for all spaces.
const ALL: &str = "all";

/// What is known of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Phone number; may be empty.
    pub phone: String,
    /// Silent in every space.
    pub blocked: bool,
    /// What they were called when they were blocked: a new name could be a message.
    pub name: String,
}

/// What this person knows of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleNotes {
    people: BTreeMap<Id, Known>,
    helpers: BTreeMap<Id, Vec<Id>>,
}

impl PeopleNotes {
    /// What is known of an account.
    pub fn of(&self, account: &str) -> Known {
        self.people.get(account).cloned().unwrap_or_default()
    }

    /// Who is blocked.
    pub fn blocked(&self) -> impl Iterator<Item = &Id> {
        self.people.iter().filter(|(_, known)| known.blocked).map(|(account, _)| account)
    }

    /// Returns who was asked for help last; before it was chosen for all spaces at once, in any of them. `None` if nobody was
    /// ever chosen.
    pub fn helpers(&self) -> Option<Vec<Id>> {
        let of_any = || self.helpers.values().flatten().cloned().collect();
        let of_all = self.helpers.get(ALL).cloned();
        of_all.or_else(|| (!self.helpers.is_empty()).then(of_any))
    }
}

/// Keeps the phone number of an account.
pub fn write_phone(edit: &mut Edit<'_>, account: &str, phone: &String) -> Result<()> {
    let people = edit.part(&edit.root(), PEOPLE)?;
    edit.set(&people, &name(account, PHONE), phone)
}

/// Keeps whether an account is blocked, and takes it out of the helpers. Where no block stands `false` is not written: it says
/// nothing new, and would stand beside a block set on another device at the same time.
pub fn write_blocked(edit: &mut Edit<'_>, account: &str, blocked: bool) -> Result<()> {
    let people = edit.part(&edit.root(), PEOPLE)?;
    let key = name(account, BLOCKED);
    if !blocked && !edit.at(&people).any(&key) {
        return Ok(());
    }
    edit.set(&people, &key, &blocked)?;
    drop_helper(edit, account)
}

/// Keeps what somebody is called who is about to be blocked.
pub fn write_called(edit: &mut Edit<'_>, account: &str, called: &String) -> Result<()> {
    let people = edit.part(&edit.root(), PEOPLE)?;
    let stands = edit.at(&people).any(&name(account, BLOCKED));
    if stands { Ok(()) } else { edit.set(&people, &name(account, NAME), called) }
}

/// Also at the end of a block: a list that another device kept meanwhile may name the account again.
fn drop_helper(edit: &mut Edit<'_>, account: &str) -> Result<()> {
    let spaces = edit.part(&edit.root(), SPACES)?;
    for (name, mut helpers) in edit.at(&edit.root()).values::<Vec<Id>>(SPACES) {
        if helpers.iter().any(|helper| helper == account) {
            helpers.retain(|helper| helper != account);
            edit.set(&spaces, &name, &helpers)?;
        }
    }
    Ok(())
}

/// Keeps who is asked for help.
pub fn write_helpers(edit: &mut Edit<'_>, helpers: &Vec<Id>) -> Result<()> {
    let spaces = edit.part(&edit.root(), SPACES)?;
    edit.set(&spaces, &name(ALL, HELPERS), helpers)
}

fn name(of: &str, what: &str) -> String {
    format!("{of}/{what}")
}

/// All that is known of others.
pub fn read_people(doc: &Doc) -> PeopleNotes {
    let mut notes = PeopleNotes::default();
    for (name, text) in doc.root().values::<String>(PEOPLE) {
        let Some((account, what)) = name.split_once('/') else { continue };
        let known = notes.people.entry(account.to_owned()).or_default();
        match what {
            PHONE => known.phone = text,
            NAME => known.name = text,
            _ => {}
        }
    }
    for (name, _) in doc.root().values::<bool>(PEOPLE) {
        if let Some((account, BLOCKED)) = name.split_once('/') {
            let blocked = doc.root().child(PEOPLE).is_some_and(|people| people.any(&name));
            notes.people.entry(account.to_owned()).or_default().blocked = blocked;
        }
    }
    for (name, helpers) in doc.root().values::<Vec<Id>>(SPACES) {
        if let Some((space, HELPERS)) = name.split_once('/') {
            notes.helpers.insert(space.to_owned(), helpers);
        }
    }
    notes
}
