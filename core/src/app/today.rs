//! The first screen. It loads the plan and the safety plan, and no journal.

use chrono::{Days, Timelike};
use trellis_api_types::today::{Today, TodayGet};

use super::App;
use super::journey::marks;
use super::phrase::PAPER;
use crate::crdt::{DocId, read_plan, read_safety, read_settings, read_steps_done};
use crate::domain::{order, today};
use crate::error::Result;
use crate::platform::Host;

impl<H: Host> App<H> {
    /// What the first screen shows.
    pub fn today_get(&mut self, TodayGet {}: TodayGet) -> Result<Today> {
        let now = self.host.local();
        let date = now.date();
        let week_ago = date.checked_sub_days(Days::new(6)).unwrap_or(date);
        self.session()?.read(|tx, docs| {
            let doc = docs.get(tx, DocId::Plan)?;
            let (plan, done) = (order::plan(read_plan(doc)), read_steps_done(doc, date));
            let checked_in = tx.checkins(date, date)?;
            let safety = read_safety(docs.get(tx, DocId::Safety)?, String::new());
            Ok(Today {
                date,
                hour: now.hour().try_into().unwrap_or(0),
                name: read_settings(docs.get(tx, DocId::Settings)?).name,
                week: marks(tx, week_ago, date)?,
                checked_in: checked_in.into_iter().map(|row| (row.id, row.edited_at)).collect(),
                steps: today::steps(&plan, &done, date),
                needs: today::needs(&plan, date),
                own_words: plan
                    .own_words_on
                    .filter(|_| !plan.own_words.is_empty())
                    .map(|on| (plan.own_words, on)),
                phrase_pending: tx.setting(PAPER)?.is_some(),
                call_first: today::call_first(&safety),
            })
        })
    }
}
