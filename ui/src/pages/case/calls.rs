//! Calls and tries of calls. Kept on the coach's devices only.

use leptos::prelude::*;
use trellis_api_types::Id;
use trellis_api_types::coach::{CallLog, Outcome};

use crate::components::{Icon, Show, icon, icon_class, part, rows};
use crate::pages::coach::{Paper, Pen, outcome_words, role_words};
use crate::{fmt, i18n::t};

/// The section.
#[component]
pub fn Calls(space: Id, calls: Signal<Vec<CallLog>>, pen: Pen) -> impl IntoView {
    let space = StoredValue::new(space);
    let none = || view! { <p class="second ask">{t::coach::call_none()}</p> };
    let one = move |call| row(space, call, pen);
    view! {
        <section class="block" aria-labelledby="calls">
            <div class="head"><h2 id="calls">{t::coach::call_log()}</h2></div>
            <Show when=move || !calls.with(Vec::is_empty) fallback=none>
                <ul class="list">{rows(calls, |call| call.id.clone(), one)}</ul>
            </Show>
            <button id="log-call" class="btn add" type="button" aria-haspopup="dialog" on:click=move |_| pen.call(space.get_value())>
                {icon(Icon::PLUS_BOLD)}
                {t::coach::log_call()}
            </button>
            <p class="hint note">{t::coach::only_yours()}</p>
        </section>
    }
}

fn row(space: StoredValue<Id>, call: Signal<CallLog>, pen: Pen) -> impl IntoView {
    let edit = move |_| pen.write(space.get_value(), Paper::Call { call: call.get_untracked(), new: false });
    let mark = part(call, |call| {
        if call.outcome == Outcome::Reached { ("mark", Icon::PHONE_CALL) } else { ("mark dusk", Icon::PHONE) }
    });
    let marked = move || {
        let (class, mark) = mark.get();
        view! { <span class=class>{icon(mark)}</span> }
    };
    view! {
        <li>
            <button class="row topped" type="button" aria-haspopup="dialog" on:click=edit>
                {marked}
                <span class="body">
                    <span class="name">{move || call.with(|call| format!("{}, {}", fmt::date_of(call.at), outcome_words(call.outcome).to_lowercase()))}</span>
                    {move || call.with(more)}
                </span>
                {icon_class(Icon::PENCIL_SIMPLE, "icon pencil")}
            </button>
        </li>
    }
}

fn more(call: &CallLog) -> impl IntoView + use<> {
    let need = (!call.need.is_empty()).then(|| t::coach::need_is(&call.need));
    let next = call.next.map(|day| t::coach::next_is(fmt::date(day)));
    let role = std::iter::once(role_words(call.role).to_owned());
    let lines = need.into_iter().chain(role).chain(next);
    lines.map(|line| view! { <span class="sub">{line}</span> }).collect_view()
}
