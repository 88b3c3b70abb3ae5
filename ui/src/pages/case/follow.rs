//! How the coach follows somebody: after how many days they have gone quiet, and the weekly update.

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::coach::{CaseEdit, CaseSave};

use crate::components::{Icon, SwitchRow, icon};
use crate::i18n::t;
use crate::state::state;

/// Least and most days.
const DAYS: std::ops::RangeInclusive<u32> = 1..=60;

/// The section.
#[component]
pub fn Follow(
    space: Id,
    quiet_after: Signal<u32>,
    weekly: Signal<bool>,
    name: Signal<String>,
) -> impl IntoView {
    let state = state();
    let space = StoredValue::new(space);
    let save =
        move |edit: CaseEdit| state.send(CaseSave { space: space.get_value(), edit }, t::common::saved());
    let step = move |days: u32| {
        if DAYS.contains(&days) {
            save(CaseEdit::QuietAfter(days));
        }
    };
    let days = move || t::coach::days(usize::try_from(quiet_after.get()).unwrap_or(usize::MAX));
    view! {
        <section class="block" aria-labelledby="follow">
            <div class="head"><h2 id="follow">{move || t::coach::settings(name.get())}</h2></div>
            <div class="list">
                <div class="row days-row">
                    <span class="body"><span class="name">{t::coach::quiet_after()}</span><span class="sub">{t::coach::quiet_after_sub()}</span></span>
                    <span class="stepper">
                        <button id="fewer-days" class="icon-btn" type="button" aria-label=t::coach::fewer() on:click=move |_| step(quiet_after.get_untracked().saturating_sub(1))>{icon(Icon::MINUS_BOLD)}</button>
                        <span role="status">{days}</span>
                        <button id="more-days" class="icon-btn" type="button" aria-label=t::coach::more() on:click=move |_| step(quiet_after.get_untracked() + 1)>{icon(Icon::PLUS_BOLD)}</button>
                    </span>
                </div>
                <SwitchRow id="weekly" name=t::coach::weekly() sub=t::coach::weekly_sub() checked=weekly on_change=move |on| save(CaseEdit::Weekly(on)) />
            </div>
        </section>
    }
}
