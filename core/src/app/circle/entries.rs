//! Entries of a space's day, with the kind words and replies to them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};
use trellis_api_types::circle::{self as api, Entry, Reacted, Reply, What};

use crate::space::AccountId;
use crate::space::record::{Content, Day, Reaction, SharedCheckIn, SharedGoal, SharedStep, Standing};

/// What is said about each record.
pub type About<'a> = BTreeMap<(AccountId, &'a [u8]), Vec<&'a Standing>>;

/// Records by what they are about.
pub fn about<'a>(standing: &[&'a Standing]) -> About<'a> {
    let mut about = About::new();
    for one in standing {
        let to = match &one.content {
            Content::Reaction { to, .. } | Content::Reply { to, .. } | Content::HelpAnswer { to, .. } => to,
            _ => continue,
        };
        about.entry((to.account, &to.key)).or_default().push(one);
    }
    about
}

/// What is said about one record.
pub fn of<'a>(about: &About<'a>, one: &'a Standing) -> Vec<&'a Standing> {
    about.get(&(one.author, one.key.as_slice())).cloned().unwrap_or_default()
}

/// All entries, newest first.
pub fn entries<'a>(standing: &[&'a Standing], about: &About<'a>, me: &AccountId) -> Vec<Entry> {
    let mut entries: Vec<Entry> = standing.iter().filter_map(|one| entry(one, &of(about, one), me)).collect();
    entries.sort_by_key(|entry| Reverse((entry.at, entry.key.clone())));
    entries
}

/// A record as an entry; `None` for what is none.
pub fn entry(one: &Standing, about: &[&Standing], me: &AccountId) -> Option<Entry> {
    Some(Entry {
        key: hex::encode(&one.key),
        account: one.author.to_string(),
        at: one.at,
        what: what(&one.content)?,
        reactions: KINDS.map(|kind| reacted(kind, about, me)).to_vec(),
        replies: replies(about),
        only_here: one.only_here,
    })
}

const KINDS: [Reaction; 4] = [Reaction::WithYou, Reaction::WellDone, Reaction::Thanks, Reaction::SameHere];

/// However often somebody said it, they are one.
fn reacted(kind: Reaction, about: &[&Standing], me: &AccountId) -> Reacted {
    let said =
        |one: &&&Standing| matches!(&one.content, Content::Reaction { kind: other, .. } if *other == kind);
    let by: BTreeSet<AccountId> = about.iter().filter(said).map(|one| one.author).collect();
    Reacted { kind: kind.into(), count: u32::try_from(by.len()).unwrap_or(u32::MAX), mine: by.contains(me) }
}

fn replies(about: &[&Standing]) -> Vec<Reply> {
    let mut replies: Vec<Reply> = about.iter().filter_map(|one| reply(one)).collect();
    replies.sort_by_key(|reply| (reply.at, reply.key.clone()));
    replies
}

fn reply(one: &Standing) -> Option<Reply> {
    let Content::Reply { text, .. } = &one.content else { return None };
    let (key, account) = (hex::encode(&one.key), one.author.to_string());
    Some(Reply { key, account, text: text.clone(), at: one.at, only_here: one.only_here })
}

/// What an entry says; `None` for contents that are no entries.
pub fn what(content: &Content) -> Option<What> {
    match content {
        Content::CheckIn(checkin) => self::checkin(checkin),
        Content::Milestone { on, days, text, .. } => {
            Some(What::Milestone { on: on.date()?, days: *days, text: text.clone() })
        }
        Content::Goal(goal) => Some(self::goal(goal)),
        Content::Post { kind, text, .. } => Some(What::Post { kind: (*kind).into(), text: text.clone() }),
        Content::StepWork { worksheet, question, text, .. } => {
            Some(What::Work { worksheet: worksheet.clone(), question: question.clone(), text: text.clone() })
        }
        Content::Weekly { week, fields, .. } => Some(What::Weekly {
            week: week.date()?,
            fields: fields.iter().map(|field| (field.label.clone(), field.text.clone())).collect(),
        }),
        _ => None,
    }
}

fn checkin(checkin: &SharedCheckIn) -> Option<What> {
    let date: NaiveDate = checkin.day.date()?;
    let halt = checkin.halt.iter().flatten();
    Some(What::CheckIn {
        date,
        time: time(checkin.minutes)?,
        mood: checkin.mood.map(Into::into),
        urge: checkin.urge,
        halt: halt.map(|halt| (*halt).into()).collect(),
        used: checkin.used.map(Into::into),
        medication: checkin.medication.map(Into::into),
        note: checkin.note.clone(),
        meeting: checkin.meeting.clone(),
    })
}

fn time(minutes: u16) -> Option<NaiveTime> {
    NaiveTime::from_num_seconds_from_midnight_opt(u32::from(minutes) * 60, 0)
}

fn goal(goal: &SharedGoal) -> What {
    let step = |step: &SharedStep| api::SharedStep {
        text: step.text.clone(),
        state: step.state.into(),
        due: step.due.and_then(Day::date),
    };
    What::Goal {
        dimension: goal.dimension.into(),
        title: goal.title.clone(),
        reason: goal.reason.clone(),
        state: goal.state.into(),
        steps: goal.steps.iter().map(step).collect(),
    }
}
