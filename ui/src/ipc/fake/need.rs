//! "I need someone now", and who needs this person.

use std::collections::BTreeMap;

use trellis_api_types::circle::{CircleEdit, HelpCall};
use trellis_api_types::need::*;
use trellis_api_types::people::{PersonSpaces, SpaceKind, Together};
use trellis_api_types::today::TodayCall;
use trellis_api_types::{ApiError, Command};
use wasm_bindgen::JsValue;

use super::people_sample::ME;
use super::{Answer, World, circle, on, read, refuse};

pub(super) fn answer(name: &str, args: &JsValue) -> Option<Answer> {
    Some(match name {
        NeedGet::NAME => read(need),
        NeedKeep::NAME => on::<NeedKeep>(args, |w, keep| {
            w.helpers = keep.to;
            Ok(())
        }),
        NeedAsk::NAME => on::<NeedAsk>(args, ask),
        NeedOkay::NAME => on::<NeedOkay>(args, |w, okay| {
            for shared in &mut w.shared {
                circle::save(shared, CircleEdit::Okay { key: okay.key.clone() })?;
            }
            Ok(())
        }),
        PersonSpaces::NAME => on::<PersonSpaces>(args, |w, person| Ok(together(w, &person.account))),
        _ => return None,
    })
}

pub(super) fn need(w: &World) -> Need {
    let mut people: BTreeMap<String, Askable> = BTreeMap::new();
    for row in w.shared.iter().map(|shared| &shared.space.row).filter(|row| !row.ended) {
        for person in row.people.iter().filter(|person| !person.me && !person.blocked) {
            let pair = row.kind == SpaceKind::Pair;
            let chosen = if w.helpers.is_empty() { pair } else { w.helpers.contains(&person.account) };
            let one = Askable { person: person.clone(), chosen };
            people.entry(person.account.clone()).or_insert(one);
        }
    }
    let calls = || w.shared.iter().flat_map(|shared| &shared.circle.help);
    let mine = calls().find(|call| call.account == ME && !call.over);
    let parts = |key: &str| calls().filter(|call| call.key == key).flat_map(|call| call.helpers.clone());
    let call = mine.map(|HelpCall { key, at, text, only_here, .. }| OwnCall {
        key: key.clone(),
        at: *at,
        text: text.clone(),
        helpers: parts(key).collect(),
        only_here: *only_here,
    });
    Need { people: people.into_values().collect(), call }
}

fn ask(w: &mut World, ask: NeedAsk) -> Result<(), ApiError> {
    let mut left = ask.to.clone();
    w.helpers = ask.to;
    for shared in w.shared.iter_mut().filter(|shared| !shared.space.row.ended) {
        let here = |account: &String| shared.space.row.people.iter().any(|one| one.account == *account);
        let (to, rest): (Vec<String>, Vec<String>) = left.into_iter().partition(here);
        left = rest;
        if !to.is_empty() {
            circle::save(shared, CircleEdit::AskHelp { id: ask.id.clone(), to, text: ask.text.clone() })?;
        }
    }
    if left.len() == w.helpers.len() { Err(refuse("no-helpers")) } else { Ok(()) }
}

fn together(w: &World, account: &str) -> Vec<Together> {
    let rows = w.shared.iter().map(|shared| &shared.space.row).filter(|row| !row.ended);
    rows.filter(|row| row.people.iter().any(|person| person.account == account))
        .map(|row| Together { space: row.id.clone(), kind: row.kind, name: row.name.clone(), shares: true })
        .collect()
}

/// Who needs this person now.
pub(super) fn calls(w: &World) -> Vec<TodayCall> {
    let mut all = Vec::new();
    for shared in &w.shared {
        for call in shared.circle.help.iter().filter(|call| call.account != ME && !call.over) {
            let row = &shared.space.row;
            let name = row.people.iter().find(|one| one.account == call.account).map(|one| one.name.clone());
            all.push(TodayCall {
                space: row.id.clone(),
                key: call.key.clone(),
                account: call.account.clone(),
                name: name.unwrap_or_default(),
                at: call.at,
                word: call.helpers.iter().find(|one| one.account == ME).and_then(|one| one.word),
            });
        }
    }
    all
}
