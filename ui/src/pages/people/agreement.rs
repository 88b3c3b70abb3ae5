//! What a group agreed: to read, to sign, and to change.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::circle::{Agreement as Words, Circle, CircleEdit};
use trellis_api_types::limits::NOTE;
use trellis_api_types::people::{Person, Space, SpaceKind, SpaceRow};

use super::names::{called, name_of, space_name};
use super::place::{load_circle, load_space, my_account, people_of, save, space_id};
use crate::components::{Area, EditForm, Empty, Icon, Page, Sheet, Show, TopBar, icon, part, shown, typed};
use crate::i18n::t;
use crate::state::{focus_heading, state};

/// The page.
#[component]
pub fn Agreement() -> impl IntoView {
    let id = space_id();
    let (space, circle) = (load_space(id), load_circle(id, RwSignal::new(1)));
    view! {
        <Page title=t::agreement::title() narrow=true>
            {move || view! { <TopBar back=format!("/people/{}", id.get()) /> }}
            {shown(space, move |space| shown(circle, move |circle| whole(space, circle)))}
        </Page>
    }
}

fn whole(space: Signal<Space>, circle: Signal<Circle>) -> AnyView {
    let editing = RwSignal::new(false);
    let words = part(circle, |circle| circle.agreement.clone());
    let lead = part(space, |space| lead(&space.row));
    let none = part(words, |words| words.text.is_empty());
    let may = part(space, |space| space.may_settle && !space.row.ended && !space.row.read_only);
    view! {
        <div class="title">
            <h1>{t::agreement::title()}</h1>
            <p>{lead}</p>
        </div>
        <Show when=move || none.get() fallback=move || written(space, words)>{empty()}</Show>
        <Show when=move || may.get()>{edit_button(none, editing)}</Show>
        <Sheet open=editing title=t::agreement::title().to_owned()>{edit_form(space, words, editing)}</Sheet>
    }
    .into_any()
}

fn lead(row: &SpaceRow) -> String {
    match row.kind {
        SpaceKind::Pair => t::agreement::lead_pair(space_name(row)),
        SpaceKind::Group => t::agreement::lead(space_name(row)),
    }
}

fn empty() -> impl IntoView {
    view! { <div class="panel"><Empty title=t::agreement::empty() text=t::agreement::empty_text() /></div> }
}

fn edit_button(none: Signal<bool>, editing: RwSignal<bool>) -> impl IntoView {
    let words = move || if none.get() { t::agreement::write() } else { t::agreement::edit() };
    view! {
        <section class="block">
            <button id="edit-agreement" class="btn" type="button" aria-haspopup="dialog" on:click=move |_| editing.set(true)>{icon(Icon::PENCIL_SIMPLE)}{words}</button>
        </section>
    }
}

fn written(space: Signal<Space>, words: Signal<Words>) -> AnyView {
    let people = people_of(space);
    let me = people.with_untracked(|people| my_account(people));
    let mine = part(words, move |words| words.signed.contains(&me));
    let open = part(space, |space| !(space.row.ended || space.row.read_only));
    let done =
        || view! { <p class="sync">{icon(Icon::CHECK_CIRCLE)}<span>{t::agreement::signed_mine()}</span></p> };
    view! {
        <section class="block panel">
            <p class="agreed">{part(words, |words| words.text.clone())}</p>
            <Show when=move || mine.get() fallback=move || open.get().then(|| sign_button(space))>{done()}</Show>
        </section>
        <section class="block" aria-labelledby="who">
            <div class="head"><h2 id="who">{t::agreement::who()}</h2></div>
            {move || people.with(|people| words.with(|words| who(people, words)))}
        </section>
    }
    .into_any()
}

fn sign_button(space: Signal<Space>) -> AnyView {
    let state = state();
    let sign = move |_| {
        let id = space.with_untracked(|space| space.row.id.clone());
        spawn_local(async move {
            if save(state, id, CircleEdit::SignAgreement, t::agreement::said_signed()).await {
                focus_heading();
            }
        });
    };
    view! { <button id="sign" class="btn main large wide" type="button" on:click=sign>{t::agreement::sign()}</button> }.into_any()
}

/// Names of who signed, and of who did not yet.
fn who(people: &[Person], words: &Words) -> impl IntoView + use<> {
    let signed: Vec<_> = words.signed.iter().map(|account| name_of(people, account)).collect();
    let missing = people.iter().filter(|person| !words.signed.contains(&person.account));
    let missing: Vec<_> =
        missing.map(|person| if person.me { t::people::you().to_owned() } else { called(person) }).collect();
    let first = if signed.is_empty() { t::agreement::nobody().to_owned() } else { signed.join(", ") };
    view! {
        <p>{first}</p>
        {(!missing.is_empty()).then(|| view! { <p class="hint">{t::agreement::not_yet(missing.join(", "))}</p> })}
    }
}

fn edit_form(space: Signal<Space>, words: Signal<Words>, editing: RwSignal<bool>) -> AnyView {
    let state = state();
    let text = RwSignal::new(words.with_untracked(|words| words.text.clone()));
    let draft = space.with_untracked(|space| format!("agreement/{}", space.row.id));
    let store = move || {
        let (id, edit) =
            (space.with_untracked(|space| space.row.id.clone()), CircleEdit::SetAgreement(typed(text)));
        spawn_local(async move {
            if save(state, id, edit, t::agreement::said()).await {
                state.sheet_stored();
                editing.try_set(false);
            }
        });
    };
    view! {
        <EditForm on_save=store on_remove=|| () remove_words=None draft>
            <Area id="edit-text" label=t::agreement::words() hint=t::agreement::words_hint() value=text rows=8 max=NOTE />
        </EditForm>
    }
    .into_any()
}
