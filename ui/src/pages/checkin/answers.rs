//! What the app says back: help for a strong urge; thanks, then safety, then learning after a return to use.

use leptos::prelude::*;
use trellis_api_types::checkin::Use;
use trellis_api_types::safety::{SafetyEntry, SafetyGet};
use trellis_api_types::today::TodayGet;
use trellis_lines::Place;

use super::care::CareCards;
use super::draft::Draft;
use crate::components::{Area, Dial, Icon, Lines, Show, dial_buttons, icon};
use crate::i18n::t;
use crate::pages::from_here;
use crate::pages::help::calls::call_words;
use crate::state::load;

/// From this urge on, help opens under it.
const STRONG: u8 = 7;

/// The first person of the safety plan with a number.
pub fn first_to_call() -> Signal<Option<SafetyEntry>> {
    let today = load(|| TodayGet {});
    Signal::derive(move || today.get()?.ok()?.call_first)
}

/// Help right under a strong urge. After use the lines stand further down, once.
#[component]
pub fn UrgeHelp(draft: Draft, call: Signal<Option<SafetyEntry>>) -> impl IntoView {
    let strong = Memo::new(move |_| draft.urge.get().is_some_and(|urge| urge >= STRONG));
    let plan = load(|| SafetyGet {});
    let planned =
        Memo::new(move |_| plan.with(|plan| matches!(plan, Some(Ok(plan)) if !plan.entries.is_empty())));
    let help = move || {
        view! {
            <div class="panel lit answer">
                <div>
                    <h2>{t::checkin::strong_title()}</h2>
                    <p class="second">{t::checkin::strong_text()}</p>
                </div>
                <div class="acts even">
                    <a id="open-safety-plan" class="btn lantern" href=from_here("/help")>
                        {move || if planned.get() { t::checkin::open_safety_plan() } else { t::checkin::open_help() }}
                    </a>
                    {move || call.get().map(call_button)}
                    <Show when=move || draft.used.get() != Some(Use::Used)>
                        <a id="urge-need" class="btn line" href=from_here("/need")>{t::checkin::need_someone()}</a>
                    </Show>
                </div>
                <Show when=move || draft.used.get() != Some(Use::Used)><Lines place=Place::Urge called=call /></Show>
            </div>
        }
    };
    view! { <div role="status">{move || strong.get().then(help)}</div> }
}

/// After "I used": thanks, safety first, what was learned, and whom to tell.
#[component]
pub fn ReturnHelp(draft: Draft, call: Signal<Option<SafetyEntry>>) -> impl IntoView {
    let used = Memo::new(move |_| draft.used.get() == Some(Use::Used));
    let safe = RwSignal::new(!draft.new || !draft.learned.get_untracked().is_empty());
    let help = move || {
        view! {
            <div class="panel lit answer">
                <div>
                    <h2>{t::checkin::thanks()}</h2>
                    <p class="second">{t::checkin::nothing_gone()}</p>
                </div>
                <ul class="safety">
                    <li>{icon(Icon::SHIELD_CHECK)} <span>{t::checkin::safety_less_used()}</span></li>
                    <li>{icon(Icon::USERS)} <span>{t::checkin::safety_not_alone()}</span></li>
                    <li>{icon(Icon::FIRST_AID_KIT)} <span>{t::checkin::safety_naloxone()}</span></li>
                </ul>
                <div class="acts even">
                    <a id="need-someone" class="btn lantern" href=from_here("/need")>
                        {t::checkin::need_someone()}
                    </a>
                    {move || call.get().map(call_button)}
                    <button
                        id="i-am-safe"
                        class="btn line"
                        type="button"
                        aria-pressed=move || safe.get().to_string()
                        on:click=move |_| safe.set(true)
                    >
                        {move || safe.get().then(|| icon(Icon::CHECK_BOLD))}
                        {t::checkin::i_am_safe()}
                    </button>
                </div>
                {move || safe.get().then(|| learned(draft))}
                <CareCards />
                <Lines place=Place::AfterUse called=call />
            </div>
        }
    };
    view! { <div role="status">{move || used.get().then(help)}</div> }
}

fn learned(draft: Draft) -> impl IntoView {
    view! {
        <div class="learned">
            <Area
                id="learned"
                label=t::checkin::learned()
                hint=t::checkin::learned_hint()
                value=draft.learned
                rows=3
            />
        </div>
    }
}

fn call_button(entry: SafetyEntry) -> Option<AnyView> {
    let words = call_words(&entry);
    dial_buttons(&entry.phone, Dial { id: None, class: "btn line", words }, None)
}
