//! The person's own order: a number beside each thing, halved between neighbours.

use super::edit::{Edit, Thing};
use super::node::Node;
use crate::error::{Error, Result};

const ORDER: &str = "order";
/// Room left between two things: 32 insertions at the same place before anything is renumbered.
const GAP: i64 = 1 << 32;

/// Things of a collection in the person's order; ids decide where devices gave the same number.
pub fn sorted<'a>(parent: &Node<'a>, collection: &str) -> Vec<(String, Node<'a>)> {
    let mut things = parent.things(collection);
    things.sort_by_cached_key(|(id, node)| (node.or_default::<i64>(ORDER), id.clone()));
    things
}

/// Puts a fresh thing after all others.
pub fn append(edit: &mut Edit<'_>, parent: &Thing, collection: &str, thing: &Thing) -> Result<()> {
    let last: i64 = sorted(&edit.at(parent), collection).last().map_or(0, |(_, node)| node.or_default(ORDER));
    edit.set(thing, ORDER, &last.saturating_add(GAP))
}

/// Puts a thing before another one among those that `with` picks, or at their end. Error: `not-found`.
pub fn move_before(
    edit: &mut Edit<'_>,
    parent: &Thing,
    collection: &str,
    (id, before): (&str, Option<&str>),
    with: impl Fn(&Node<'_>) -> bool,
) -> Result<()> {
    let mut others: Vec<(String, i64)> = sorted(&edit.at(parent), collection)
        .into_iter()
        .filter(|(other, node)| other != id && with(node))
        .map(|(other, node)| (other, node.or_default(ORDER)))
        .collect();
    let at = match before {
        None => others.len(),
        Some(next) => others
            .iter()
            .position(|(other, _)| other == next)
            .ok_or_else(|| Error::new("not-found", "nothing to put it before"))?,
    };
    if let Some(order) = between(&others, at) {
        let thing = edit.find(parent, collection, id)?;
        return edit.set(&thing, ORDER, &order);
    }
    others.insert(at, (id.to_owned(), 0));
    renumber(edit, parent, collection, &others)
}

/// A number that sorts at place `at`, if there is room for one.
fn between(others: &[(String, i64)], at: usize) -> Option<i64> {
    let below = at.checked_sub(1).and_then(|at| others.get(at)).map(|(_, order)| *order);
    let above = others.get(at).map(|(_, order)| *order);
    match (below, above) {
        (None, None) => Some(GAP),
        (Some(below), None) => below.checked_add(GAP),
        (None, Some(above)) => above.checked_sub(GAP),
        (Some(below), Some(above)) => {
            let middle = below.midpoint(above);
            (below < middle && middle < above).then_some(middle)
        }
    }
}

fn renumber(edit: &mut Edit<'_>, parent: &Thing, collection: &str, all: &[(String, i64)]) -> Result<()> {
    for ((id, _), place) in all.iter().zip(1..) {
        let thing = edit.find(parent, collection, id)?;
        edit.set(&thing, ORDER, &(place * GAP))?;
    }
    Ok(())
}
