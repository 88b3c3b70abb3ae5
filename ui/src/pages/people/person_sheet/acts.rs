//! What a facilitator does with a member, each confirmed in plain words.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::Id;
use trellis_api_types::people::{MemberAct, MemberChange, Person};

use super::PersonSheet;
use crate::i18n::t;
use crate::pages::people::names::called;
use crate::state::state;

/// The buttons that this person may use, and then the question.
#[component]
pub fn Acts(sheet: PersonSheet, person: Person, space: Id) -> impl IntoView {
    let asking = RwSignal::new(None::<MemberAct>);
    let person = StoredValue::new(person);
    let space = StoredValue::new(space);
    move || match asking.get() {
        None => buttons(person, asking),
        Some(act) => confirm(sheet, person, space, asking, act),
    }
}

fn buttons(person: StoredValue<Person>, asking: RwSignal<Option<MemberAct>>) -> AnyView {
    let person = person.get_value();
    let name = called(&person);
    let one = move |may: bool, act: MemberAct, id: &'static str, words: String| {
        may.then(|| view! { <button id=id class="btn line" type="button" on:click=move |_| asking.set(Some(act))>{words}</button> })
    };
    view! {
        <div class="form-acts">
            {one(person.may_promote && !person.leads, MemberAct::Promote, "promote", t::person::promote().to_owned())}
            {one(person.may_demote && person.leads, MemberAct::Demote, "demote", t::person::demote().to_owned())}
            {one(person.may_remove, MemberAct::Remove, "remove", t::person::remove(name))}
        </div>
    }
    .into_any()
}

fn confirm(
    sheet: PersonSheet,
    person: StoredValue<Person>,
    space: StoredValue<Id>,
    asking: RwSignal<Option<MemberAct>>,
    act: MemberAct,
) -> AnyView {
    let state = state();
    let Person { account, .. } = person.get_value();
    let (question, yes) = words(&called(&person.get_value()), act);
    let change = move |_| {
        let change = MemberChange { space: space.get_value(), account: account.clone(), act };
        spawn_local(async move {
            if state.act(change, t::person::said_change()).await.is_ok() {
                sheet.close();
            }
        });
    };
    let class = if act == MemberAct::Remove { "btn stop" } else { "btn main" };
    view! {
        <p role="alert">{question}</p>
        <div class="acts even">
            <button id="yes" class=class type="button" on:click=change>{yes}</button>
            <button id="no" class="btn" type="button" on:click=move |_| asking.set(None)>{t::common::cancel()}</button>
        </div>
    }
    .into_any()
}

fn words(name: &str, act: MemberAct) -> (String, &'static str) {
    match act {
        MemberAct::Promote => (t::person::promote_ask(name), t::person::yes_promote()),
        MemberAct::Demote => (t::person::demote_ask(name), t::person::yes_demote()),
        MemberAct::Remove => (t::person::remove_ask(name), t::person::yes_remove()),
    }
}
