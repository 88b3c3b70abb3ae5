//! Blocking somebody: silent for this person everywhere, and nobody is told.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::people::{Person, PersonSave};

use super::PersonSheet;
use crate::components::{Icon, icon};
use crate::i18n::t;
use crate::pages::people::names::called;
use crate::state::state;

/// The switch, with what it does.
#[component]
pub fn Silence(sheet: PersonSheet, person: Person) -> impl IntoView {
    let state = state();
    let name = called(&person);
    let blocked = RwSignal::new(person.blocked);
    let title = t::person::block(&name);
    let turn = move |event| {
        let on = event_target_checked(&event);
        let save = PersonSave { account: person.account.clone(), phone: person.phone.clone(), blocked: on };
        let said = if on { t::person::said_blocked(&name) } else { t::person::said_unblocked(&name) };
        spawn_local(async move {
            match state.act(save, &said).await {
                Ok(()) => sheet.close(),
                Err(_) => drop(blocked.try_set(!on)),
            }
        });
    };
    view! {
        <div class="row flush">
            <span class="mark bare">{icon(Icon::BELL_SLASH)}</span>
            <span class="body">
                <label class="name" for="block">{title}</label>
                <span class="sub" id="block-sub">{t::person::block_text()}</span>
            </span>
            <span class="switch">
                <input id="block" type="checkbox" role="switch" aria-describedby="block-sub" prop:checked=blocked on:change=turn />
                <span></span>
            </span>
        </div>
    }
}
