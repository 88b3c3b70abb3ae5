//! On a laptop: the person beside the list, in short.

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::coach::{CallLog, Case, CaseGet, CaseRow, Reason};

use super::contact::{Pen, outcome_words};
use super::reasons::{next_words, why};
use crate::components::{Dial, Icon, Name, Show, avatar, dial_buttons, dialed_words, icon, latest, part};
use crate::pages::sharing::{Reader, called, said};
use crate::state::{Load, load_when};
use crate::{fmt, i18n::t};

/// The panel; it follows the list.
#[component]
pub fn Beside(rows: Signal<Vec<CaseRow>>, shown: Memo<Option<Id>>, pen: Pen) -> impl IntoView {
    let case = load_when(move || shown.get().map(|space| CaseGet { space }));
    let find =
        move || rows.with(|rows| rows.iter().find(|row| Some(&row.space) == shown.get().as_ref()).cloned());
    let one = move || {
        let _made_anew_for = shown.get();
        untrack(find).map(|first| panel(latest(first, find), case, pen).into_any())
    };
    view! { <aside class="panel beside" aria-label=t::coach::beside()>{one}</aside> }
}

fn panel(row: Signal<CaseRow>, case: Load<Case>, pen: Pen) -> impl IntoView {
    let space = StoredValue::new(row.with_untracked(|row| row.space.clone()));
    let name = part(row, |row| called(&row.person));
    let account = row.with_untracked(|row| row.person.account.clone());
    view! {
        <div class="d-head" aria-live="polite">
            {move || avatar(&account, &name.get())}
            <div><h2><Name of=name /></h2><p class="second">{move || row.with(why)}</p></div>
        </div>
        {asks_help(row)}
        {move || row.with(|row| reach(&row.person.phone))}
        {facts(row, case)}
        <div class="acts even">
            <button id="log-call" class="btn" type="button" aria-haspopup="dialog" on:click=move |_| pen.call(space.get_value())>{t::coach::log_call()}</button>
            <button id="add-note" class="btn line" type="button" aria-haspopup="dialog" on:click=move |_| pen.note(space.get_value())>{t::coach::note_new()}</button>
        </div>
        {move || agreed(case, space, name.get())}
        <p><a id="open-case" href=format!("/coach/{}", space.get_value())>{move || t::coach::open(name.get())}</a></p>
    }
}

/// Somebody asks for help: the way to what they wrote, and to an answer.
pub fn asks_help(row: Signal<CaseRow>) -> impl IntoView {
    let asks = part(row, |row| row.reasons.contains(&Reason::AskedForHelp));
    let title = move || row.with(|row| t::coach::asked_title(called(&row.person)));
    let place = row.with_untracked(|row| format!("/people/{}/help", row.space));
    view! {
        <Show when=asks>
            <div class="banner lit told">
                {icon(Icon::HAND_HEART)}
                <div class="body">
                    <p><strong>{title}</strong></p>
                    <a class="btn" href=place.clone()>{t::coach::asked_open()}</a>
                </div>
            </div>
        </Show>
    }
}

/// Call and text, where there is a number; it stands there to be read too, as a laptop cannot call.
pub fn reach(phone: &str) -> Option<AnyView> {
    let dial = |class, words: &str| Dial { id: None, class, words: words.to_owned() };
    let (call, text) = (dial("btn main", t::coach::call()), dial("btn", t::coach::text_them()));
    let buttons = dial_buttons(phone, call, Some(text))?;
    Some(view! { <div class="acts even reach">{buttons}<p class="second tnum">{dialed_words(phone)}</p></div> }.into_any())
}

fn facts(row: Signal<CaseRow>, case: Load<Case>) -> impl IntoView {
    let fact =
        |name: &'static str, words: Signal<String>| view! { <div><dt>{name}</dt><dd>{words}</dd></div> };
    let checkin =
        part(row, |row| row.last_checkin.map_or_else(|| t::coach::none_yet().to_owned(), fmt::date));
    let urge =
        part(row, |row| row.urges.iter().rev().flatten().next().map_or_else(String::new, t::coach::of_ten));
    let next = part(row, |row| row.next_call.map_or_else(|| t::coach::next_none().to_owned(), next_words));
    let mine =
        move || case.get().and_then(Result::ok).filter(|case| row.with(|row| row.space == case.row.space));
    let last = Signal::derive(move || mine().map_or_else(String::new, |case| last_call(&case.calls)));
    view! {
        <dl class="facts">
            {fact(t::coach::last_checkin(), checkin)}
            {move || urge.with(|urge| !urge.is_empty()).then(|| fact(t::coach::last_urge(), urge))}
            {fact(t::coach::last_call(), last)}
            {fact(t::coach::next_call(), next)}
        </dl>
    }
}

fn last_call(calls: &[CallLog]) -> String {
    let Some(call) = calls.first() else { return t::coach::none_yet().to_owned() };
    let need = (!call.need.is_empty()).then(|| t::coach::need_is(&call.need));
    let went = format!("{}: {}.", fmt::date_of(call.at), outcome_words(call.outcome).to_lowercase());
    std::iter::once(went).chain(need).collect::<Vec<_>>().join(" ")
}

/// What they agreed to, as it stands.
fn agreed(case: Load<Case>, space: StoredValue<Id>, name: String) -> Option<AnyView> {
    let case = case.get()?.ok().filter(|case| space.with_value(|space| *space == case.row.space))?;
    let stands = case.consents.iter().find(|version| version.stands);
    Some(match stands {
        Some(version) => {
            view! { <div class="agreed">{said(version, &Reader::Me(name), &[])}</div> }.into_any()
        }
        None => view! { <p class="hint">{t::coach::consent_none()}</p> }.into_any(),
    })
}
