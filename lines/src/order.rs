//! Which numbers come first, place by place.

use chrono::{NaiveDate, NaiveDateTime};

use crate::table::{Country, Emergency, Line};

/// Where lines are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Help: all of them.
    Help,
    /// Two numbers, for whoever holds the locked device.
    Lock,
    /// Under a strong urge, and beside a call to one's people.
    Urge,
    /// After a return to use.
    AfterUse,
    /// Where nothing is open yet, or nothing opens.
    Door,
}

/// A number to show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Item {
    /// A number for danger.
    Emergency(&'static Emergency),
    /// A line.
    Line(&'static Line),
}

impl Item {
    /// Its id; a number for danger is its own.
    pub fn id(self) -> &'static str {
        match self {
            Self::Emergency(emergency) => &emergency.call,
            Self::Line(line) => &line.id,
        }
    }
}

/// What the person chose about lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Lines that are not shown.
    pub hidden: Vec<String>,
    /// Lines that come first, in this order.
    pub order: Vec<String>,
}

impl Country {
    /// What is shown in a place now, first things first. What the person chose is kept to; numbers for danger stay.
    pub fn shown(&'static self, place: Place, now: NaiveDateTime, choices: &Choices) -> Vec<Item> {
        let mut items = self.first(place);
        items.retain(|item| !choices.hidden.iter().any(|hidden| hidden == item.id()));
        // Who answers now comes before who is closed. Help keeps the order in which the person finds things.
        if place != Place::Help {
            items.sort_by_key(|item| matches!(item, Item::Line(line) if line.opens(now).is_some()));
        }
        let chosen = |item: &Item| choices.order.iter().position(|id| id == item.id()).unwrap_or(usize::MAX);
        items.sort_by_key(|item| match item {
            Item::Emergency(_) => (0, 0),
            Item::Line(_) => (1, chosen(item)),
        });
        items
    }

    fn first(&'static self, place: Place) -> Vec<Item> {
        let danger = || self.emergency.iter().map(Item::Emergency);
        let lines = || self.lines.iter().filter(|line| !line.is_held_back()).map(Item::Line);
        let named = |ids: &'static [String]| {
            ids.iter().filter_map(move |id| danger().chain(lines()).find(|item| item.id() == id))
        };
        match place {
            Place::Help => danger().chain(lines()).collect(),
            Place::Lock => named(&self.first_for.lock).collect(),
            Place::Urge => named(&self.first_for.urge).collect(),
            Place::AfterUse => named(&self.first_for.after_use).collect(),
            Place::Door => {
                let is_line = |item: &Item| matches!(item, Item::Line(_));
                danger().chain(named(&self.first_for.urge).filter(is_line)).collect()
            }
        }
    }

    /// Day since when all of it is checked.
    pub fn checked(&self, items: &[Item]) -> NaiveDate {
        lines(items).map(|line| line.reviewed).min().unwrap_or(self.reviewed)
    }

    /// Whether something of it should have been checked again by now.
    pub fn is_past_review(&self, items: &[Item], today: NaiveDate) -> bool {
        lines(items).map(|line| line.review_by).chain([self.review_by]).any(|by| by < today)
    }
}

fn lines(items: &[Item]) -> impl Iterator<Item = &'static Line> {
    items.iter().filter_map(|item| match item {
        Item::Line(line) => Some(*line),
        Item::Emergency(_) => None,
    })
}

#[cfg(test)]
mod tests;
