//! Calls for help of the last day, and what came back.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use trellis_api_types::Millis;
use trellis_api_types::circle::{HelpCall, HelpWord, Helper};

use super::super::names::hex;
use super::entries::{self, About};
use super::view::View;
use crate::space::AccountId;
use crate::space::record::{Content, HelpKind, Standing};

/// How long a call for help is shown.
const DAY: Millis = 24 * 60 * 60 * 1000;
/// No clock that is right shows an earlier time: 2026-01-01.
const EARLIEST: Millis = 1_767_225_600_000;

/// Calls for help that this person made or is asked by, newest first.
pub fn calls(standing: &[&Standing], about: &About<'_>, view: &View<'_>) -> Vec<HelpCall> {
    let mut calls: Vec<HelpCall> =
        standing.iter().filter_map(|one| call(one, &entries::of(about, one), view)).collect();
    calls.sort_by_key(|call| Reverse((call.at, call.key.clone())));
    calls
}

fn call(one: &Standing, about: &[&Standing], view: &View<'_>) -> Option<HelpCall> {
    let Content::HelpRequest { to, text, .. } = &one.content else { return None };
    let at = asked_at(one)?;
    let concerns_me = one.author == view.me || to.is_empty() || to.contains(&view.me);
    if !concerns_me || view.now - at >= DAY {
        return None;
    }
    Some(HelpCall {
        key: hex(&one.key),
        account: one.author.to_string(),
        at,
        text: text.clone(),
        helpers: asked(one, to, view).iter().map(|helper| self::helper(helper, about)).collect(),
        over: is_over(one, about),
        only_here: one.only_here,
    })
}

/// When it was asked: by the asker's clock, unless that is plainly wrong; then when it came.
pub fn asked_at(one: &Standing) -> Option<Millis> {
    match &one.content {
        Content::HelpRequest { at, .. } if *at >= EARLIEST => Some((*at).min(one.at)),
        Content::HelpRequest { .. } => Some(one.at),
        _ => None,
    }
}

/// The one who asked said that all is well.
pub fn is_over(one: &Standing, about: &[&Standing]) -> bool {
    let okay = |answer: &&Standing| {
        let okay = matches!(&answer.content, Content::HelpAnswer { kind: HelpKind::Okay, .. });
        okay && answer.author == one.author
    };
    about.iter().any(okay)
}

/// Whom a call goes to: everyone else, unless it names them.
fn asked(one: &Standing, to: &[AccountId], view: &View<'_>) -> BTreeSet<AccountId> {
    let all = || view.state.members.keys().copied().collect();
    let mut asked: BTreeSet<AccountId> = if to.is_empty() { all() } else { to.iter().copied().collect() };
    asked.retain(|account| *account != one.author && !view.is_blocked(account));
    asked
}

fn helper(account: &AccountId, about: &[&Standing]) -> Helper {
    let answers = about.iter().filter(|one| one.author == *account).filter_map(|one| word(one));
    let newest = answers.max_by_key(|(at, word, _)| (*at, *word));
    let (word, text) = newest.map(|(_, word, text)| (word, text)).unzip();
    Helper { account: account.to_string(), word, text: text.flatten() }
}

fn word(one: &Standing) -> Option<(Millis, HelpWord, Option<String>)> {
    let Content::HelpAnswer { kind, text, .. } = &one.content else { return None };
    let word = match kind {
        HelpKind::Seen => HelpWord::Seen,
        HelpKind::Coming => HelpWord::Coming,
        HelpKind::CallMe => HelpWord::CallMe,
        HelpKind::Okay => return None,
    };
    Some((one.at, word, text.clone()))
}
