//! Calls for help of the last day, and what came back.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use trellis_api_types::Millis;
use trellis_api_types::circle::{HelpCall, HelpWord, Helper};

use super::Clock;
use super::entries::{self, About};
use super::view::View;
use crate::crdt::PeopleNotes;
use crate::domain::help;
use crate::space::AccountId;
use crate::space::record::{Content, HelpKind, Standing};

/// Calls for help that this person made or is asked by, newest first.
pub fn calls(standing: &[&Standing], about: &About<'_>, view: &View<'_>) -> Vec<HelpCall> {
    let mut calls: Vec<HelpCall> =
        standing.iter().filter_map(|one| call(one, &entries::of(about, one), view)).collect();
    calls.sort_by_key(|call| Reverse((call.at, call.key.clone())));
    calls
}

fn call(one: &Standing, about: &[&Standing], view: &View<'_>) -> Option<HelpCall> {
    let Content::HelpRequest { to, text, .. } = &one.content else { return None };
    let mine = one.author == view.me;
    let at = asked_at(one, mine, view.clock)?;
    if !mine && !is_asked(to, &view.me) {
        return None;
    }
    let mut helpers: Vec<Helper> =
        asked(one, to, view).iter().map(|helper| self::helper(helper, about, one.only_here)).collect();
    // A number is for the one who asked, and for nobody else who was asked too.
    let others = |helper: &&mut Helper| !mine && helper.account != view.me.to_string();
    helpers.iter_mut().filter(others).for_each(|helper| helper.phone = None);
    Some(HelpCall {
        key: hex::encode(&one.key),
        account: one.author.to_string(),
        at,
        text: text.clone(),
        helpers,
        over: is_over(one, about),
        only_here: one.only_here,
    })
}

/// Who asks this person for help now, and since when; nobody who is blocked.
pub fn asking(
    calls: &[Standing],
    answers: &[Standing],
    (me, notes): (&AccountId, &PeopleNotes),
    clock: Clock,
) -> Vec<(AccountId, Millis)> {
    let answers: Vec<&Standing> = answers.iter().collect();
    let about = entries::about(&answers);
    let waits = |one: &Standing| {
        let Content::HelpRequest { to, .. } = &one.content else { return None };
        let blocked = notes.of(&one.author.to_string()).blocked;
        let for_me = one.author != *me && is_asked(to, me) && !blocked;
        let at =
            asked_at(one, false, clock).filter(|_| for_me && !is_over(one, &entries::of(&about, one)))?;
        Some((one.author, at))
    };
    calls.iter().filter_map(waits).collect()
}

/// To nobody by name is to all.
fn is_asked(to: &[AccountId], me: &AccountId) -> bool {
    to.is_empty() || to.contains(me)
}

/// When it was asked, if that is less than a day ago. This device knows when it was asked here, also if its clock was wrong
/// then.
fn asked_at(one: &Standing, mine: bool, clock: Clock) -> Option<Millis> {
    let Content::HelpRequest { at, .. } = &one.content else { return None };
    let came = one.at.saturating_add(clock.ahead);
    let asked = if mine { came } else { help::asked_at(*at, came) };
    help::is_news(asked, clock.now).then_some(asked)
}

/// The one who asked said that all is well.
fn is_over(one: &Standing, about: &[&Standing]) -> bool {
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

fn helper(account: &AccountId, about: &[&Standing], only_here: bool) -> Helper {
    let answers = about.iter().filter(|one| one.author == *account).filter_map(|one| word(one));
    let account = account.to_string();
    let silent = Helper { account: account.clone(), word: None, text: None, phone: None, only_here };
    let said = |(_, word, text, phone)| Helper { account, word: Some(word), text, phone, only_here };
    answers.max_by_key(|(at, word, ..)| (*at, *word)).map_or(silent, said)
}

fn word(one: &Standing) -> Option<(Millis, HelpWord, Option<String>, Option<String>)> {
    let Content::HelpAnswer { kind, text, phone, .. } = &one.content else { return None };
    let word = match kind {
        HelpKind::Seen => HelpWord::Seen,
        HelpKind::Coming => HelpWord::Coming,
        HelpKind::CallMe => HelpWord::CallMe,
        HelpKind::CannotNow => HelpWord::CannotNow,
        HelpKind::Okay => return None,
    };
    Some((one.at, word, text.clone(), phone.clone()))
}
