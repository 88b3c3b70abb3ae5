//! One person of the caseload, as far as they agreed: what they shared, calls, and what only the coach keeps.

mod agreed;
mod calls;
mod follow;
mod notes;
mod shared;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use trellis_api_types::Id;
use trellis_api_types::coach::{Case as Stored, CaseGet, Reason};
use trellis_api_types::people::Person;

use super::coach::{Pen, PenSheet, asks_help, reach, strip, why};
use super::sharing::called;
use crate::components::{Icon, Name, Page, Show, TopBar, avatar, icon, icon_class, part, shown};
use crate::i18n::t;
use crate::state::load;
use agreed::Agreed;
use calls::Calls;
use follow::Follow;
use notes::Notes;
use shared::Shared;

/// `/coach/{space}`.
#[component]
pub fn Case() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("space").unwrap_or_default()));
    let case = load(move || CaseGet { space: id.get() });
    let pen = Pen::default();
    view! {
        <Page title=t::coach::page().to_owned() class="case">
            <TopBar back="/coach" />
            {shown(case, move |case| whole(case, pen))}
            <PenSheet pen />
        </Page>
    }
}

fn whole(case: Signal<Stored>, pen: Pen) -> impl IntoView {
    let space = case.with_untracked(|case| case.row.space.clone());
    let name = part(case, |case| called(&case.row.person));
    view! {
        {heading(case, name)}
        {asks_help(part(case, |case| case.row.clone()))}
        {move || case.with(|case| reach(&case.row.person.phone))}
        {told(case, name)}
        <div class="cols">
            <div>
                <Calls space=space.clone() calls=part(case, |case| case.calls.clone()) pen />
                <Shared entries=part(case, |case| case.entries.clone()) name />
            </div>
            <div>
                <section class="block">
                    <div class="list">
                        <Agreed consents=part(case, |case| case.consents.clone()) name />
                        {to_space(&space, name)}
                    </div>
                </section>
                <Notes space=space.clone() notes=part(case, |case| case.notes.clone()) name pen />
                <Follow space quiet_after=part(case, |case| case.quiet_after) weekly=part(case, |case| case.weekly) name />
            </div>
        </div>
    }
}

fn heading(case: Signal<Stored>, name: Signal<String>) -> impl IntoView {
    let person = part::<_, Person>(case, |case| case.row.person.clone());
    let reasons = move || case.with(|case| why(&case.row));
    view! {
        <div class="title who">
            {move || person.with(|person| avatar(&person.account, &called(person)))}
            <div>
                <h1><Name of=name /></h1>
                <p>{reasons}</p>
            </div>
            {move || case.with(|case| strip(&case.row))}
        </div>
    }
}

fn to_space(space: &Id, name: Signal<String>) -> impl IntoView + use<> {
    view! {
        <a id="to-space" class="row" href=format!("/people/{space}")>
            <span class="mark bare">{icon(Icon::USERS)}</span>
            <span class="body"><span class="name light">{move || t::coach::space(name.get())}</span><span class="sub">{t::coach::space_sub()}</span></span>
            {icon_class(Icon::CARET_RIGHT_BOLD, "icon go")}
        </a>
    }
}

/// What is told of the person as a whole, at most three quiet boxes.
fn told(case: Signal<Stored>, name: Signal<String>) -> impl IntoView {
    let keep = part(case, |case| case.row.keep_calling);
    let missed = part(case, |case| case.row.reasons.contains(&Reason::UpdateMissed));
    let nothing = part(case, |case| case.row.no_consent);
    view! {
        <Show when=keep>{note(Icon::PHONE_CALL, Signal::derive(|| t::coach::keep_title().to_owned()), Signal::derive(move || t::coach::keep_text(name.get())))}</Show>
        <Show when=missed>{note(Icon::LIST_CHECKS, Signal::derive(|| t::coach::missed_title().to_owned()), Signal::derive(|| t::coach::missed_text().to_owned()))}</Show>
        <Show when=nothing>{note(Icon::EYE_SLASH, Signal::derive(move || t::coach::nothing_title(name.get())), Signal::derive(|| t::coach::nothing_text().to_owned()))}</Show>
    }
}

fn note(mark: Icon, title: Signal<String>, text: Signal<String>) -> AnyView {
    view! { <div class="banner told">{icon(mark)}<div class="body"><p><strong>{title}</strong></p><p>{text}</p></div></div> }.into_any()
}
