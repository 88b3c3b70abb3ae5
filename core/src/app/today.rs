//! The first screen. It loads the plan and the safety plan, and no journal.

use std::cmp::Reverse;

use chrono::{Days, Timelike};
use trellis_api_types::circle::{HelpCall, HelpWord};
use trellis_api_types::today::{Today, TodayCall, TodayGet};

use super::App;
use super::circle;
use super::journey::marks;
use super::phrase::PAPER;
use crate::crdt::{DocId, read_plan, read_safety, read_settings, read_steps_done};
use crate::domain::{journey, order, today};
use crate::error::Result;
use crate::platform::Host;
use crate::space::SpaceId;
use crate::sync::shared;
use crate::sync::shared::records;

impl<H: Host> App<H> {
    /// What the first screen shows.
    pub fn today_get(&mut self, TodayGet {}: TodayGet) -> Result<Today> {
        let now = self.host.local();
        let date = now.date();
        let week_ago = date.checked_sub_days(Days::new(6)).unwrap_or(date);
        let (calls, asked) = self.calls_for_help()?;
        let own_call = if asked { self.own_call()? } else { None };
        self.session()?.read(|tx, docs| {
            let settings = read_settings(docs.get(tx, DocId::Settings)?);
            let start = settings.counted_from().filter(|_| !settings.days_hidden);
            let doc = docs.get(tx, DocId::Plan)?;
            let (plan, done) = (order::plan(read_plan(doc)), read_steps_done(doc, date));
            let checked_in = tx.checkins(date, date)?;
            let safety = read_safety(docs.get(tx, DocId::Safety)?, String::new());
            Ok(Today {
                own_call,
                calls,
                date,
                hour: now.hour().try_into().unwrap_or(0),
                name: settings.name,
                week: marks(tx, week_ago, date)?,
                checked_in: checked_in.into_iter().map(|row| (row.id, row.time)).collect(),
                steps: today::steps(&plan, &done, date),
                needs: today::needs(&plan, date),
                has_plan: today::has_plan(&plan),
                days: match start {
                    Some(start) => Some(journey::figures(start, &tx.returns()?, date).total_days),
                    None => None,
                },
                own_words: plan
                    .own_words_on
                    .filter(|_| !plan.own_words.is_empty())
                    .map(|on| (plan.own_words, on)),
                phrase_pending: tx.setting(PAPER)?.is_some(),
                call_first: today::call_first(&safety),
            })
        })
    }

    /// Who needs this person now, in all spaces: those without an answer first, then the newest; and whether a call of
    /// their own stands.
    fn calls_for_help(&mut self) -> Result<(Vec<TodayCall>, bool)> {
        let (clock, today) = (self.clock()?, self.today());
        let session = self.session()?;
        let (mut calls, mut asked) = (Vec::new(), false);
        for space in session.store.read(shared::list)? {
            calls.extend(session.look(&space, |tx, docs, known| {
                let (me, names) = (shared::account(tx)?.to_string(), records::names(tx)?);
                let calls = circle::help_calls(tx, docs, known.members()?, clock, today)?;
                let (own, standing): (Vec<_>, Vec<_>) =
                    calls.into_iter().filter(|call| !call.over).partition(|call| call.account == me);
                asked |= !own.is_empty();
                let named = |account: &str| {
                    names.iter().find(|(id, _)| id.to_string() == account).map(|(_, name)| name.clone())
                };
                let shown = |call: HelpCall| today_call(space, &me, named(&call.account), call);
                Ok(standing.into_iter().map(shown).collect::<Vec<_>>())
            })?);
        }
        calls.sort_by_key(|call| (call.word.is_some_and(|word| word != HelpWord::Seen), Reverse(call.at)));
        Ok((calls, asked))
    }
}

fn today_call(space: SpaceId, me: &str, name: Option<String>, call: HelpCall) -> TodayCall {
    let word = call.helpers.into_iter().find(|helper| helper.account == me).and_then(|helper| helper.word);
    let HelpCall { key, account, at, .. } = call;
    TodayCall { space: space.to_string(), key, account, name: name.unwrap_or_default(), at, word }
}
