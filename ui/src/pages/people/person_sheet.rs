//! Somebody: to call, to write to, and what only one's own devices know of them.

mod acts;
mod silence;
mod words;

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use trellis_api_types::Id;
use trellis_api_types::limits::NAME;
use trellis_api_types::people::{Person, PersonSave};

use super::names::{called, role_words};
use crate::components::{
    Dial, DialHint, Field, SaveButton, Sheet, callable, dial_buttons, dial_icons, keepable,
};
use crate::i18n::t;
use crate::state::state;

/// Opens for somebody.
#[derive(Clone, Copy, Default)]
pub struct PersonSheet {
    open: RwSignal<bool>,
    who: RwSignal<Option<(Person, Option<Id>)>>,
}

impl PersonSheet {
    /// To call or write to them.
    pub fn show(self, person: Person) {
        self.who.set(Some((person, None)));
        self.open.set(true);
    }

    /// With all that can be done about them in a space.
    pub fn show_in(self, person: Person, space: Id) {
        self.who.set(Some((person, Some(space))));
        self.open.set(true);
    }

    fn close(self) {
        self.open.try_set(false);
    }
}

/// The sheet; once on a page.
#[component]
pub fn PersonSheetView(sheet: PersonSheet) -> impl IntoView {
    let title = Signal::derive(move || {
        sheet.who.with(|who| who.as_ref().map(|(person, _)| called(person))).unwrap_or_default()
    });
    view! {
        <Sheet open=sheet.open title>
            {move || sheet.who.get().map(|(person, space)| card(sheet, person, space))}
        </Sheet>
    }
}

fn card(sheet: PersonSheet, person: Person, space: Option<Id>) -> AnyView {
    let hello = space.is_none().then(|| view! { <p class="hint">{t::person::hello()}</p> });
    let more = space.map(|space| view! { <words::Words person=person.clone() /> <silence::Silence sheet person=person.clone() /> <acts::Acts sheet person=person.clone() space /> });
    view! {
        <p class="second">{role_words(person.role)}</p>
        {phone_buttons(&person)}
        {hello}
        <Phone sheet person />
        {more}
    }
    .into_any()
}

/// "Call" and "Text", where there is a number; what is dialed, where that is not what was written.
fn phone_buttons(person: &Person) -> Option<AnyView> {
    let dial = |words: &str| Dial { id: None, class: "btn large", words: words.to_owned() };
    let buttons = dial_buttons(&person.phone, dial(t::person::call()), Some(dial(t::person::text())))?;
    let phone = RwSignal::new(person.phone.clone());
    Some(view! { <div class="acts even">{buttons}</div><DialHint phone /> }.into_any())
}

/// The same as two round buttons at the end of a row; without a number, the way to add one.
pub fn phone_icons(person: &Person, sheet: PersonSheet) -> AnyView {
    let name = called(person);
    if !callable(&person.phone) {
        let add = person.clone();
        return view! {
            <button class="btn plain edge" type="button" aria-haspopup="dialog" aria-label=t::person::phone_add_for(name) on:click=move |_| sheet.show(add.clone())>{t::person::phone_add()}</button>
        }
        .into_any();
    }
    dial_icons(&person.phone, t::person::call_name(&name), Some(t::person::text_name(&name))).into_any()
}

#[component]
fn Phone(sheet: PersonSheet, person: Person) -> impl IntoView {
    let state = state();
    let phone = RwSignal::new(person.phone.clone());
    let error = RwSignal::new(None::<String>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let typed = phone.get_untracked().trim().to_owned();
        let odd = !keepable(&typed);
        error.set(odd.then(|| t::person::phone_bad().to_owned()));
        if odd {
            return;
        }
        let save = PersonSave { account: person.account.clone(), phone: Some(typed), blocked: None };
        spawn_local(async move {
            if state.act(save, t::person::said_phone()).await.is_ok() {
                sheet.close();
            }
        });
    };
    view! {
        <form class="asks-close" novalidate on:submit=submit>
            <Field id="phone" label=t::person::phone() hint=t::person::phone_hint() value=phone error kind="tel" max=NAME />
            <DialHint phone />
            <SaveButton id="save-phone" words=t::common::save() />
        </form>
    }
}
