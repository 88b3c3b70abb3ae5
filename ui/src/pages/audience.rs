//! Who sees what is being written, said where one writes it.

use leptos::prelude::*;
use trellis_api_types::audience::{About, Audience, AudienceGet, Reader};
use trellis_api_types::people::SpaceKind;
use trellis_api_types::sharing::Field;

use super::sharing::listed;
use crate::components::{Icon, icon};
use crate::state::{Load, load};
use crate::{fmt, i18n::t};

/// Asks now, and again whenever stored data changes.
pub fn audience(about: impl Fn() -> About + 'static) -> Load<Audience> {
    load(move || AudienceGet { about: about() })
}

/// "Only you can see this", or who else; nothing until that is known.
#[component]
pub fn SeenBy(
    /// What is being written.
    #[prop(into)]
    about: Signal<About>,
) -> impl IntoView {
    let audience = audience(move || about.get());
    move || audience.with(|loaded| known(loaded).map(|audience| line(&audience.sees)))
}

/// The answer, once there is one.
pub fn known<E>(loaded: &Option<Result<Audience, E>>) -> Option<&Audience> {
    loaded.as_ref()?.as_ref().ok()
}

/// The line for these readers.
pub fn line(readers: &[Reader]) -> AnyView {
    let (mark, words) = match readers {
        [] => (Icon::LOCK_KEY, t::audience::only_you().to_owned()),
        readers => (Icon::USERS, t::audience::sees(readers.len(), names(readers))),
    };
    view! { <p class="sync seen-by">{icon(mark)}<span>{words}</span></p> }.into_any()
}

/// Those who see a field of a check-in.
pub fn of_field(readers: &[Reader], field: Field) -> Vec<Reader> {
    readers.iter().filter(|reader| reader.fields.contains(&field)).cloned().collect()
}

/// "Ruth and Tuesday circle". Who may come later is named last.
pub fn names(readers: &[Reader]) -> String {
    let (later, there): (Vec<&Reader>, Vec<&Reader>) = readers.iter().partition(|reader| reader.alone);
    let mut all: Vec<String> = there.into_iter().map(name).collect();
    let later = later.first().map(|_| t::audience::later().to_owned());
    let only_later = all.is_empty();
    all.extend(later);
    if only_later { fmt::capital(&listed(all)) } else { listed(all) }
}

/// The other one of a pair, or the group, at the start of a line.
pub fn name(reader: &Reader) -> String {
    match (reader.kind, reader.name.as_str()) {
        _ if reader.alone => fmt::capital(t::audience::later()),
        (SpaceKind::Pair, "") => t::people::somebody().to_owned(),
        (SpaceKind::Group, "") => t::people::unnamed().to_owned(),
        (_, name) => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(name: &str, fields: &[Field]) -> Reader {
        let (space, kind) = ("s".into(), SpaceKind::Pair);
        Reader { space, kind, name: name.into(), alone: false, fields: fields.to_vec() }
    }

    #[test]
    fn readers_are_named_in_one_line() {
        let all = ["Ruth", "Tuesday circle", ""].map(|name| reader(name, &[]));
        assert_eq!(names(&all[..1]), "Ruth");
        assert_eq!(names(&all[..2]), "Ruth and Tuesday circle");
        assert_eq!(names(&all), format!("Ruth, Tuesday circle and {}", t::people::somebody()));
    }

    #[test]
    fn who_may_come_later_is_not_somebody_who_is_there() {
        let later = Reader { alone: true, ..reader("", &[]) };
        assert_eq!(names(std::slice::from_ref(&later)), "Whoever you let in later");
        assert_eq!(names(&[later, reader("Ruth", &[])]), "Ruth and whoever you let in later");
    }

    #[test]
    fn who_does_not_see_a_field_is_not_named_beside_it() {
        let all = [reader("Ruth", &[Field::Mood, Field::Use]), reader("Ben", &[Field::Mood])];
        assert_eq!(names(&of_field(&all, Field::Use)), "Ruth");
        assert!(of_field(&all, Field::Note).is_empty());
    }
}
