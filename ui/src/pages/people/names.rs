//! What people and spaces are called on the screens.

use trellis_api_types::people::{Person, Role, SpaceKind, SpaceRow};
use trellis_api_types::sharing::Field;

use crate::components::isolated;
use crate::i18n::t;

/// A person's name as others see it.
pub fn called(person: &Person) -> String {
    if person.name.is_empty() { t::people::somebody().to_owned() } else { isolated(&person.name) }
}

/// The name of an account; this person is "You", and who left is "Somebody".
pub fn name_of(people: &[Person], account: &str) -> String {
    match people.iter().find(|person| person.account == account) {
        Some(person) if person.me => t::people::you().to_owned(),
        Some(person) => called(person),
        None => t::people::somebody().to_owned(),
    }
}

/// The other one of a pair.
pub fn other(row: &SpaceRow) -> Option<&Person> {
    row.people.iter().find(|person| !person.me).filter(|_| row.kind == SpaceKind::Pair)
}

/// What a space is called: a pair by the other's name.
pub fn space_name(row: &SpaceRow) -> String {
    match other(row) {
        Some(person) => called(person),
        None if row.name.is_empty() => t::people::unnamed().to_owned(),
        None => isolated(&row.name),
    }
}

/// A role's word.
pub fn role_words(role: Role) -> &'static str {
    match role {
        Role::Participant => t::people::role_participant(),
        Role::Peer => t::people::role_peer(),
        Role::Sponsor => t::people::role_sponsor(),
        Role::Sponsee => t::people::role_sponsee(),
        Role::Coach => t::people::role_coach(),
        Role::Facilitator => t::people::role_facilitator(),
    }
}

/// What a field of sharing is called.
pub fn field_words(field: Field) -> &'static str {
    match field {
        Field::Mood => t::invite::field_mood(),
        Field::Urge => t::invite::field_urge(),
        Field::Halt => t::invite::field_halt(),
        Field::Use => t::invite::field_use(),
        Field::Medication => t::invite::field_medication(),
        Field::Note => t::invite::field_note(),
        Field::Meetings => t::invite::field_meetings(),
        Field::Milestones => t::invite::field_milestones(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(account: &str, name: &str, me: bool) -> Person {
        Person {
            account: account.into(),
            name: name.into(),
            role: Role::Peer,
            leads: false,
            me,
            blocked: false,
            phone: String::new(),
            may_remove: false,
            may_promote: false,
            may_demote: false,
        }
    }

    #[test]
    fn a_pair_is_called_by_the_others_name_and_nobody_is_left_without_one() {
        let people = vec![person("a", "Maya", true), person("b", "Ruth", false)];
        assert_eq!(name_of(&people, "a"), t::people::you());
        assert_eq!(name_of(&people, "b"), "Ruth");
        assert_eq!(name_of(&people, "c"), t::people::somebody());
        let mut row = SpaceRow {
            id: "s".into(),
            kind: SpaceKind::Pair,
            name: String::new(),
            people,
            heard_at: None,
            asks: 0,
            help: false,
            ended: false,
            read_only: false,
            arriving: false,
        };
        assert_eq!(space_name(&row), "Ruth");
        row.people.truncate(1);
        assert_eq!(space_name(&row), t::people::unnamed());
    }
}
